// Makes passkeys and signs in with them, where a browser can. Without this script the pages offer the password, and lists of passkeys work.
//
// What the browser says goes into the form's hidden fields, which is then sent as any other form.
(() => {
  const able = window.PublicKeyCredential && navigator.credentials;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const show = async (asked) => {
    const found = await navigator.credentials.get({
      publicKey: { challenge: bytes(asked.challenge), rpId: asked.site, userVerification: "required", allowCredentials: [] },
    });
    const said = found.response;
    return {
      credential: text(found.rawId),
      client_data: text(said.clientDataJSON),
      authenticator: text(said.authenticatorData),
      signature: text(said.signature),
      user: said.userHandle ? text(said.userHandle) : "",
    };
  };
  const make = async (asked) => {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: { id: asked.site, name: asked.organisation },
        user: { id: bytes(asked.user), name: asked.account, displayName: asked.name },
        pubKeyCredParams: asked.kinds.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        excludeCredentials: asked.known.map((id) => ({ type: "public-key", id: bytes(id) })),
        attestation: "none",
      },
    });
    const said = made.response;
    return { client_data: text(said.clientDataJSON), authenticator: text(said.getAuthenticatorData()) };
  };
  // What went wrong, in words of the page.
  const words = (form, error) => {
    const { again, there, broken } = form.dataset;
    if (error && error.name === "InvalidStateError") return there;
    return error && (error.name === "NotAllowedError" || error.name === "AbortError") ? again : broken;
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const around = form.closest("[data-passkey-around]");
    if (!able) continue;
    around.hidden = false;
    for (const without of document.querySelectorAll("[data-passkey-without]")) without.hidden = true;
    const status = form.querySelector("[role=status]");
    let done = false;
    form.addEventListener("submit", async (event) => {
      // What is missing the page says, before the browser makes anything.
      if (done || !form.checkValidity()) return;
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      status.textContent = "";
      try {
        const reply = await fetch(form.dataset.asks, { method: "POST", headers: { accept: "application/json" } });
        if (!reply.ok) throw new Error("it was not asked");
        const asked = await reply.json();
        const said = await (form.dataset.passkey === "make" ? make(asked) : show(asked));
        for (const [name, value] of Object.entries({ ...said, asked: asked.asked })) form.elements[name].value = value;
        done = true;
        button.disabled = false;
        form.requestSubmit();
      } catch (error) {
        button.disabled = false;
        status.textContent = words(form, error);
      }
    });
  }
})();
