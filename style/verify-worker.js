// Checks what the page gives it, apart from the page, so that the page stays alive meanwhile. It fetches the verifier and sends nothing.
addEventListener("message", async ({ data: { files, single, key, head, witness, script, wasm } }) => {
  try {
    const { default: load, Given } = await import(script);
    await load({ module_or_path: wasm });
    const given = new Given();
    for (const { name, file } of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (single) given.single(bytes);
      else given.file(name, bytes);
    }
    postMessage({ said: JSON.parse(given.check(key, head, witness, (done) => postMessage({ done }))) });
  } catch (error) {
    postMessage({ failed: typeof error === "string" ? `${error}.` : "" });
  }
});
