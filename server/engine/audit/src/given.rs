//! Whatever somebody wants to have checked, from its bytes to words: a folder or an archive with a whole log, a receipt, an inspection pack.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::{
    bundle::{Bundle, Files, NotABundle, beside},
    extract::{Extract, NotAnExtract},
    pack::{PACK_MANIFEST, verify_pack},
    report::Verdict,
    say::Said,
    verify::{Trusted, verify_extract, verify_telling},
};

/// What an archive begins with.
const ARCHIVE: &[u8] = b"PK";

/// The most that comes out of an archive, in bytes: a whole log of a million entries has somewhat more than one gigabyte.
const LARGEST: u64 = 3 << 30;

/// Checks one file: a receipt, or an archive (ZIP) with a pack or a whole log. Tells now and then how much of it is done, in thousandths.
#[must_use]
pub fn check_file(bytes: Vec<u8>, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> Said {
    open_file(bytes, trusted, tell).0
}

/// The same of the files of a folder, by their names within it.
#[must_use]
pub fn check_files(files: Files, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> Said {
    open_files(files, trusted, tell).0
}

/// As [`check_file`], and gives the log itself where it is a whole one that is valid, be it only in itself.
#[must_use]
pub fn open_file(bytes: Vec<u8>, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> (Said, Option<Bundle>) {
    if bytes.starts_with(ARCHIVE) {
        return match unpacked(bytes) {
            Some(files) => open_files(files, trusted, tell),
            None => (Said::unread(Verdict::Invalid, "it is an archive in which something is broken"), None),
        };
    }
    let said = match Extract::parse(&bytes) {
        Ok(extract) => Said::of_extract(&verify_extract(&extract, trusted), &extract.origin, trusted),
        Err(error @ NotAnExtract::UnknownFormat(_)) => Said::unread(Verdict::NotUnderstood, &error.to_string()),
        Err(error) => Said::unread(Verdict::Invalid, &error.to_string()),
    };
    (said, None)
}

/// As [`check_files`], and gives the log itself where it is a whole one that is valid, be it only in itself.
#[must_use]
pub fn open_files(files: Files, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> (Said, Option<Bundle>) {
    let files = without_folder(files);
    if files.contains_key(PACK_MANIFEST) {
        return (Said::of_pack(&verify_pack(&files, trusted, tell), trusted), None);
    }
    let read = Bundle::read_telling(&files, &mut |done| tell(done * 3 / 10));
    let beside: Vec<String> = beside(&files).map(|name| name.escape_debug().to_string()).collect();
    // There may be a gigabyte of them.
    drop(files);
    match read {
        Ok(bundle) => {
            let report = verify_telling(&bundle, trusted, &mut |done| tell(300 + done * 7 / 10));
            let said = Said::of_log(&report, &bundle.manifest.origin, trusted).beside(&beside);
            (said, matches!(report.verdict, Verdict::Valid | Verdict::NotAnchored).then_some(bundle))
        }
        Err(error @ NotABundle::UnknownFormat(_)) => (Said::unread(Verdict::NotUnderstood, &error.to_string()), None),
        Err(error) => (Said::unread(Verdict::Invalid, &error.to_string()), None),
    }
}

/// The files without the folder in which all of them stand, if there is one, as archives often have it.
fn without_folder(files: Files) -> Files {
    let folder = files.keys().next().and_then(|name| name.split_once('/')).map(|(folder, _)| format!("{folder}/"));
    match folder {
        Some(folder) if files.keys().all(|name| name.starts_with(&folder)) => {
            files.into_iter().map(|(name, bytes)| (name[folder.len()..].to_owned(), bytes)).collect()
        }
        _ => files,
    }
}

/// The files of an archive. `None`: it is none, or something in it cannot be read or is too large.
fn unpacked(bytes: Vec<u8>) -> Option<Files> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let (mut files, mut left) = (Files::new(), LARGEST);
    for place in 0..archive.len() {
        let packed = archive.by_index(place).ok()?;
        if packed.is_dir() {
            continue;
        }
        let name = packed.name().ok()?.into_owned();
        let mut bytes = Vec::new();
        packed.take(left + 1).read_to_end(&mut bytes).ok()?;
        left = left.checked_sub(bytes.len() as u64)?;
        files.insert(name, bytes);
    }
    Some(files)
}
