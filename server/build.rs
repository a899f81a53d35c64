//! Carries the browser's files inside the binary: named after the hash of their content, and compressed once, here.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

/// What the stylesheet is made of, in order: later rules stand above earlier ones.
const STYLESHEET: [&str; 6] = ["tokens", "elements", "shell", "components", "sheets", "print"];

struct Asset {
    name: String,
    content_type: &'static str,
    bytes: Vec<u8>,
}

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let style = root.join("style");
    let browser = root.join("target/browser");
    for watched in [&style, &browser] {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);

    let mut assets = Vec::new();
    let mut constants = Vec::new();

    // One request: the browser gets them as one file.
    let mut css = String::new();
    for part in STYLESHEET {
        css.push_str(&fs::read_to_string(style.join(part).with_extension("css"))?);
    }
    let mut fonts: Vec<PathBuf> =
        fs::read_dir(style.join("fonts"))?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    fonts.sort();
    for font in fonts.iter().filter(|font| font.extension().is_some_and(|ending| ending == "woff2")) {
        let (stem, bytes) = (stem(font), fs::read(font)?);
        let name = hashed(&stem, &bytes, "woff2");
        css = css.replace(&format!("fonts/{stem}.woff2"), &name);
        if stem.ends_with("latin") {
            constants.push(("FONT", name.clone()));
        }
        assets.push(Asset { name, content_type: "font/woff2", bytes });
    }
    for (constant, stem, ending, content_type, bytes) in [
        ("STYLESHEET", "induct", "css", "text/css; charset=utf-8", css.into_bytes()),
        ("TABLES", "tables", "css", "text/css; charset=utf-8", fs::read(style.join("tables.css"))?),
        ("QUICK_EXIT", "quick-exit", "js", "text/javascript; charset=utf-8", fs::read(style.join("quick-exit.js"))?),
        ("PASSKEYS", "passkeys", "js", "text/javascript; charset=utf-8", fs::read(style.join("passkeys.js"))?),
        ("MATRIX", "matrix", "js", "text/javascript; charset=utf-8", fs::read(style.join("matrix.js"))?),
        ("TIME_SPENT", "time-spent", "js", "text/javascript; charset=utf-8", fs::read(style.join("time-spent.js"))?),
        ("VERIFY", "verify", "js", "text/javascript; charset=utf-8", fs::read(style.join("verify.js"))?),
        (
            "VERIFY_WORKER",
            "verify-worker",
            "js",
            "text/javascript; charset=utf-8",
            fs::read(style.join("verify-worker.js"))?,
        ),
        ("PREVIEW", "preview", "js", "text/javascript; charset=utf-8", fs::read(style.join("preview.js"))?),
        ("ICON", "icon", "svg", "image/svg+xml", fs::read(style.join("icon.svg"))?),
    ] {
        let name = hashed(stem, &bytes, ending);
        constants.push((constant, name.clone()));
        assets.push(Asset { name, content_type, bytes });
    }

    let islands = built(&browser, "induct", "islands", &mut assets)?;
    let verifier = built(&browser, "verifier", "verifier", &mut assets)?;
    if islands.is_none() || verifier.is_none() {
        println!(
            "cargo::warning=the browser's part is not built: quizzes work as plain forms, and logs are checked by command (make builds it)"
        );
    }

    let mut code = fs::File::create(out.join("assets.rs"))?;
    for (constant, name) in constants {
        writeln!(code, "pub(super) const {constant}: &str = \"/assets/{name}\";")?;
    }
    writeln!(code, "pub(super) const ISLANDS: Option<&str> = {islands:?};")?;
    let addresses = verifier.map(|name| (format!("/assets/{name}.js"), format!("/assets/{name}_bg.wasm")));
    writeln!(code, "pub(super) const VERIFIER: Option<(&str, &str)> = {addresses:?};")?;
    writeln!(code, "pub(super) static ALL: &[Asset] = &[")?;
    for asset in &assets {
        let plain = out.join(&asset.name);
        fs::write(&plain, &asset.bytes)?;
        let brotli = out.join(format!("{}.br", asset.name));
        // A WOFF2 holds brotli already.
        let compressed = if asset.content_type == "font/woff2" { None } else { Some(compress(&asset.bytes)?) };
        if let Some(compressed) = &compressed {
            fs::write(&brotli, compressed)?;
        }
        let brotli = compressed.map(|_| format!("Some(include_bytes!({brotli:?}))")).unwrap_or("None".to_owned());
        writeln!(
            code,
            "    Asset {{ name: {:?}, content_type: {:?}, plain: include_bytes!({plain:?}), brotli: {brotli} }},",
            asset.name, asset.content_type
        )?;
    }
    writeln!(code, "];")
}

/// Takes a part that was built for the browser, its script and its WebAssembly, under a name with the digest of both. `None`: it was not built.
fn built(browser: &Path, part: &str, called: &str, assets: &mut Vec<Asset>) -> io::Result<Option<String>> {
    let (script, wasm) = (browser.join(format!("{part}.js")), browser.join(format!("{part}_bg.wasm")));
    if !script.exists() || !wasm.exists() {
        return Ok(None);
    }
    let (script, wasm) = (fs::read(script)?, fs::read(wasm)?);
    let both: Vec<u8> = script.iter().chain(&wasm).copied().collect();
    let name = format!("{called}-{}", digest(&both));
    assets.push(Asset { name: format!("{name}.js"), content_type: "text/javascript; charset=utf-8", bytes: script });
    assets.push(Asset { name: format!("{name}_bg.wasm"), content_type: "application/wasm", bytes: wasm });
    Ok(Some(name))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

fn hashed(stem: &str, bytes: &[u8], ending: &str) -> String {
    format!("{stem}-{}.{ending}", digest(bytes))
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut compressed, &params)?;
    Ok(compressed)
}
