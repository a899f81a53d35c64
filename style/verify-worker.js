// Checks what the page gives it, apart from the page, so that the page stays alive meanwhile. It fetches the verifier and sends nothing. What it was
// given it keeps, so that the page can ask for tables of a whole log.
let given = null;

addEventListener("message", ({ data }) => {
  if (data.files) check(data);
  else makeTable(data);
});

async function check({ files, single, key, head, witness, script, wasm }) {
  try {
    const { default: load, Given } = await import(script);
    await load({ module_or_path: wasm });
    given = new Given();
    for (const { name, file } of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (single) given.single(bytes);
      else given.file(name, bytes);
    }
    const said = JSON.parse(given.check(key, head, witness, (done) => postMessage({ done })));
    postMessage({ said, isLog: given.is_log() });
  } catch (error) {
    postMessage({ failed: typeof error === "string" ? `${error}.` : "" });
  }
}

function makeTable({ day, entry }) {
  try {
    postMessage({ table: new Blob([given.matrix(day, entry)], { type: "text/csv" }), day });
  } catch (error) {
    postMessage({ wrong: typeof error === "string" ? JSON.parse(error) : { at: "", why: "It may be too large for this browser: use the command." } });
  }
}
