use std::io::{Cursor, Write as _};

use audit::Files;
use zip::{ZipWriter, result::ZipError, write::SimpleFileOptions};

/// What stands in a pack for who opens it.
const READ_ME: &str = "This is an inspection pack of a signed log that Induct keeps.\n\n\
    pack.json        who was drawn, by which word and at which head of the log\n\
    population.json  among whom they were drawn, by group, without names\n\
    people/          all that the log says of each who was drawn, with proofs, and the agreements that they signed\n\
    exported.json    that this very pack was noted in the log when it was made\n\
    FORMAT.md        how all of it is written, so that another program can check it, and draw again\n\n\
    To check it, on any computer and without the server that it came from:\n\n\
    \tinduct audit verify THIS-FILE.zip --key KEY_FILE --known-head HEAD_FILE\n\n\
    or open the page /audit/verify of any site that runs Induct, which checks it in your browser and sends nothing.\n\n\
    KEY_FILE holds the public key of the log, HEAD_FILE the head that you noted before you gave the word. That nobody is missing from\n\
    population.json, only the whole log can show (induct audit export).\n";

/// What stands beside a whole log for who opens it.
const OF_THE_LOG: &str = "This is the whole signed log that Induct keeps, or was when it was exported.\n\n\
    manifest.json    which log it is, by which key, and which kinds of parts do not stand among what opens the entries\n\
    leaves           every entry, as digits that say nothing by themselves\n\
    openings         what the entries say, about people by pseudonym alone\n\
    names            who these are, and what else names people. It may be missing: take it out before you hand this on to\n\
    \u{20}                somebody who need not know. What is left is whole, and is checked like this\n\
    erased.json      what was let go of since the log began; missing where nothing was\n\
    texts/           what was published and signed, with the answers of quizzes\n\
    checkpoints/     heads that were signed\n\
    FORMAT.md        how all of it is written, so that another program can check it\n\n\
    To check it, on any computer and without the server that it came from:\n\n\
    \tinduct audit verify THIS-FOLDER --key KEY_FILE --known-head HEAD_FILE\n\n\
    or open the page /audit/verify of any site that runs Induct, which checks an archive (ZIP) of it in your browser and sends nothing.\n\n\
    KEY_FILE holds the public key of the log, HEAD_FILE a head of it that you have from elsewhere.\n";

/// How everything is written.
const FORMAT: &str = include_str!("../../engine/audit/FORMAT.md");

/// What is put into every inspection pack for who opens it.
pub(crate) fn pack_readings() -> Files {
    [("README.txt", READ_ME), ("FORMAT.md", FORMAT)].map(|(name, text)| (name.to_owned(), text.into())).into()
}

/// What is put beside every whole log for who opens it.
pub(crate) fn bundle_readings() -> Files {
    [("README.txt", OF_THE_LOG), ("FORMAT.md", FORMAT)].map(|(name, text)| (name.to_owned(), text.into())).into()
}

/// Files as one archive.
///
/// # Errors
/// [`ZipError`] when it would be too large for one.
pub(crate) fn zipped(files: &Files) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The quickest that makes texts small: best compression would take seconds.
    let options = SimpleFileOptions::default().compression_level(Some(6));
    for (name, bytes) in files {
        archive.start_file(name, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
