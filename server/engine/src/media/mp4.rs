//! MP4 and M4A: boxes within boxes (ISO/IEC 14496-12).

use std::io::{self, Read, Seek};

use super::probe::{Probe, Source};

pub(super) fn probe(file: &mut Source<'_, impl Read + Seek>) -> io::Result<Probe> {
    if file.bytes < 8 || file.at::<4>(4)? != *b"ftyp" {
        return Ok(Probe::Bad("it does not begin like an MP4 file"));
    }
    if file.bytes >= 12 && file.at::<4>(8)? == *b"qt  " {
        return Ok(Probe::Bad("it is a QuickTime file"));
    }
    let end = file.bytes;
    // No box has this name: every one of them must be whole, whether it is looked into or not.
    find(file, 0, end, *b"----")?;
    let Some(about) = find(file, 0, end, *b"moov")? else {
        return Ok(Probe::Bad("the part is missing that says what is in it"));
    };
    let Some(header) = find(file, about.start, about.end, *b"mvhd")? else {
        return Ok(Probe::Bad("the part is missing that says how long it is"));
    };
    let [version] = file.at(header.start)?;
    let (scale, mut length) = if version == 1 {
        (file.number(header.start + 20, 4)?, file.number(header.start + 24, 8)?)
    } else {
        (file.number(header.start + 12, 4)?, file.number(header.start + 16, 4)?)
    };
    // One that was recorded in pieces says it elsewhere.
    if length == 0
        && let Some(pieces) = find(file, about.start, about.end, *b"mvex")?
        && let Some(header) = find(file, pieces.start, pieces.end, *b"mehd")?
    {
        let [version] = file.at(header.start)?;
        length = file.number(header.start + 4, if version == 1 { 8 } else { 4 })?;
    }
    let millis = length.checked_mul(1000).and_then(|length| length.checked_div(scale));
    Ok(Probe::Good(millis.filter(|millis| *millis > 0)))
}

/// What stands within a box.
struct Inner {
    start: u64,
    end: u64,
}

/// The first box of that name.
fn find(file: &mut Source<'_, impl Read + Seek>, start: u64, end: u64, name: [u8; 4]) -> io::Result<Option<Inner>> {
    // More than any file of ours has, so that no file can keep us busy.
    const MOST: usize = 10_000;
    let mut at = start;
    for _ in 0..MOST {
        if at.saturating_add(8) > end {
            return Ok(None);
        }
        let (size, head) = match file.number(at, 4)? {
            0 => (end - at, 8),
            1 => (file.number(at + 8, 8)?, 16),
            size => (size, 8),
        };
        let next = at.saturating_add(size);
        if size < head || next > end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if file.at::<4>(at + 4)? == name {
            return Ok(Some(Inner { start: at + head, end: next }));
        }
        at = next;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::media::{MediaFormat, probe};

    fn boxed(name: &str, inner: &[u8]) -> Vec<u8> {
        let size = u32::try_from(inner.len() + 8).unwrap_or_default().to_be_bytes();
        [&size, name.as_bytes(), inner].concat()
    }

    fn header(scale: u32, length: u32) -> Vec<u8> {
        boxed("mvhd", &[&[0; 12][..], &scale.to_be_bytes(), &length.to_be_bytes(), &[0; 80]].concat())
    }

    fn film(about: &[u8]) -> Vec<u8> {
        [boxed("ftyp", b"isom\0\0\0\0"), boxed("mdat", &[0; 50]), boxed("moov", about)].concat()
    }

    fn found(file: Vec<u8>) -> Probe {
        let bytes = file.len() as u64;
        probe(MediaFormat::Mp4, &mut Cursor::new(file), bytes).unwrap_or(Probe::Bad("unreadable"))
    }

    #[test]
    fn its_length_stands_in_its_header_wherever_that_is() {
        assert_eq!(found(film(&header(600, 900))), Probe::Good(Some(1500)));
        let pieces = boxed("mvex", &boxed("mehd", &[&[0; 4][..], &1200_u32.to_be_bytes()].concat()));
        assert_eq!(found(film(&[header(600, 0), pieces].concat())), Probe::Good(Some(2000)));
        assert_eq!(found(film(&header(0, 5))), Probe::Good(None));
    }

    #[test]
    fn no_byte_panics() {
        let film = film(&[header(600, 900), boxed("mvex", &boxed("mehd", &[1; 12]))].concat());
        for at in 0..film.len() {
            for byte in [0, 1, 2, 0x7F, 0x80, 0xFF] {
                let mut film = film.clone();
                film[at] = byte;
                found(film);
            }
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_bad() {
        let film = film(&header(600, 900));
        for end in 0..film.len() {
            assert!(matches!(found(film[..end].to_vec()), Probe::Bad(_)), "{end}");
        }
        assert!(matches!(found(b"<html>a page of the web</html>".to_vec()), Probe::Bad(_)));
        assert!(matches!(found(boxed("ftyp", &[0; 8])), Probe::Bad(_)));
        let quicktime = [boxed("ftyp", b"qt  \0\0\0\0"), boxed("moov", &header(600, 900))].concat();
        assert_eq!(found(quicktime), Probe::Bad("it is a QuickTime file"));
    }
}
