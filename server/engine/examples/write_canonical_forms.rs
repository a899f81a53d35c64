//! Writes the canonical forms of all modules and agreements of a content folder into a new folder, with their digests.
//!
//! A release adds its forms to those that every later compiler must rebuild (`tests/canonical/`), once:
//! `cargo run -p engine --example write_canonical_forms -- CONTENT server/engine/tests/canonical/VERSION [NAME…]`

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use engine::content::{Sources, compile};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(content), Some(folder)) = (arguments.next(), arguments.next().map(PathBuf::from)) else {
        return Err("name a content folder, and the folder to be written".into());
    };
    let wanted: Vec<String> = arguments.collect();
    let (sources, _) = Sources::read(Path::new(&content))?;
    let compiled = compile(&sources, NaiveDate::MIN);
    if compiled.has_errors() {
        return Err(format!("{content} has errors").into());
    }
    let catalogue = compiled.catalogue;
    let modules = catalogue
        .modules
        .iter()
        .map(|(slug, module)| (slug.to_string(), format!("module-{slug}.json"), &module.canonical));
    let agreements = catalogue
        .agreements
        .iter()
        .map(|(slug, agreement)| (slug.to_string(), format!("agreement-{slug}.json"), &agreement.canonical));
    fs::create_dir_all(&folder)?;
    let sums = folder.join("SHA256SUMS");
    let mut digests = fs::read_to_string(&sums).unwrap_or_default();
    for (_, name, canonical) in
        modules.chain(agreements).filter(|(slug, ..)| wanted.is_empty() || wanted.contains(slug))
    {
        // What was released is never written again.
        if fs::exists(folder.join(&name))? {
            return Err(format!("{} is there already", folder.join(&name).display()).into());
        }
        fs::write(folder.join(&name), &canonical.json)?;
        digests.push_str(&format!("{}  {name}\n", canonical.sha256));
    }
    Ok(fs::write(sums, digests)?)
}
