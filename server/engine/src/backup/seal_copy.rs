use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use sha2::{Digest as _, Sha256};

/// What begins the line behind a copy of SQLite. SQLite reads no further than its pages go, so the file is a database with it and without it.
const BEGINS: &str = "induct-backup/1 sha256 ";

/// How long that line is: with the digest in hexadecimal digits and a line feed.
const LENGTH: u64 = BEGINS.len() as u64 + 64 + 1;

/// What the digest at the end of a copy says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CopySeal {
    /// It is what was written; so many bytes of it are the database.
    Fits { database: u64 },
    /// It has none: a copy that was made by other means, or by an Induct that wrote none.
    Missing,
    /// Something in it is not what was written.
    Broken,
}

/// Writes behind a copy the digest of all of its bytes, so that a change is found also where no entry of the log speaks of it.
pub(super) fn seal_copy(file: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).open(file)?;
    let length = file.metadata()?.len();
    let digest = digest_of(&mut file, length)?;
    file.write_all(format!("{BEGINS}{digest}\n").as_bytes())?;
    file.sync_all()
}

/// Looks whether a copy is what was written.
pub(super) fn seal_of(file: &Path) -> io::Result<CopySeal> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    if let Some(database) = length.checked_sub(LENGTH) {
        let mut line = Vec::new();
        file.seek(SeekFrom::Start(database))?;
        Read::by_ref(&mut file).take(LENGTH).read_to_end(&mut line)?;
        if line.starts_with(BEGINS.as_bytes()) {
            let expected = format!("{BEGINS}{}\n", digest_of(&mut file, database)?);
            let fits = line == expected.as_bytes();
            return Ok(if fits { CopySeal::Fits { database } } else { CopySeal::Broken });
        }
    }
    // Without that line there is nothing behind the pages.
    let page = page_size(&mut file)?;
    Ok(if page > 0 && length % page == 0 { CopySeal::Missing } else { CopySeal::Broken })
}

/// The digest of so many bytes from the beginning, in hexadecimal digits.
fn digest_of(file: &mut File, length: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let (mut digest, mut piece, mut left) = (Sha256::new(), vec![0; 1 << 16], length);
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        file.read_exact(&mut piece[..wanted])?;
        digest.update(&piece[..wanted]);
        left -= wanted as u64;
    }
    Ok(hex::encode(digest.finalize()))
}

/// How large the pages of a database of SQLite are, by its header; 0 where it has none.
fn page_size(file: &mut File) -> io::Result<u64> {
    let mut header = Vec::new();
    file.seek(SeekFrom::Start(16))?;
    Read::by_ref(file).take(2).read_to_end(&mut header)?;
    Ok(match header[..] {
        [0, 1] => 65_536,
        [high, low] => u64::from(u16::from_be_bytes([high, low])),
        _ => 0,
    })
}
