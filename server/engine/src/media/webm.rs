//! WebM: elements within elements, each with its length before it (RFC 8794, RFC 9559).

use std::io::{self, Read, Seek};

use super::probe::{Probe, Source};

const HEADER: u64 = 0x1A45_DFA3;
const DOC_TYPE: u64 = 0x4282;
const SEGMENT: u64 = 0x1853_8067;
const CLUSTER: u64 = 0x1F43_B675;
const INFO: u64 = 0x1549_A966;
const TIMESTAMP_SCALE: u64 = 0x002A_D7B1;
const DURATION: u64 = 0x4489;

pub(super) fn probe(file: &mut Source<'_, impl Read + Seek>) -> io::Result<Probe> {
    const BAD: Probe = Probe::Bad("it does not begin like a WebM file");
    if file.bytes < 4 || file.number(0, 4)? != HEADER {
        return Ok(BAD);
    }
    let end = file.bytes;
    let Some(header) = element(file, 0, end)? else { return Ok(BAD) };
    match find(file, &header, DOC_TYPE)? {
        Some(kind) if file.number(kind.start, kind.end - kind.start)? == u64::from(u32::from_be_bytes(*b"webm")) => {}
        _ => return Ok(Probe::Bad("it is another kind of Matroska file")),
    }
    let Some(segment) = element(file, header.end, end)?.filter(|element| element.id == SEGMENT) else {
        return Ok(Probe::Bad("there is nothing in it"));
    };
    let Some(info) = find(file, &segment, INFO)? else {
        return Ok(Probe::Bad("the part is missing that says what is in it"));
    };
    let scale = match find(file, &info, TIMESTAMP_SCALE)? {
        Some(scale) => file.number(scale.start, scale.end - scale.start)?,
        None => 1_000_000,
    };
    let length = match find(file, &info, DURATION)? {
        Some(Element { start, end, .. }) if end - start == 4 => f64::from(f32::from_be_bytes(file.at(start)?)),
        Some(Element { start, end, .. }) if end - start == 8 => f64::from_be_bytes(file.at(start)?),
        _ => return Ok(Probe::Good(None)),
    };
    // A cast keeps within the bounds of its type, and is exact to a millisecond.
    let millis = (length * scale as f64 / 1e6) as u64;
    Ok(Probe::Good(Some(millis).filter(|millis| *millis > 0)))
}

struct Element {
    id: u64,
    start: u64,
    end: u64,
}

/// The element that begins at a place.
fn element(file: &mut Source<'_, impl Read + Seek>, at: u64, end: u64) -> io::Result<Option<Element>> {
    if at >= end {
        return Ok(None);
    }
    let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let width = |first: u8| u64::from(first.leading_zeros()) + 1;
    let [first] = file.at(at)?;
    let id_width = width(first);
    if id_width > 4 {
        return Err(cut_off());
    }
    let id = file.number(at, id_width)?;
    let [first] = file.at(at + id_width)?;
    let size_width = width(first);
    if size_width > 8 {
        return Err(cut_off());
    }
    let all = (1 << (7 * size_width)) - 1;
    let size = file.number(at + id_width, size_width)? & all;
    let start = at + id_width + size_width;
    // A recording that was never finished goes on to the end.
    let next = if size == all { end } else { start.saturating_add(size) };
    if next > end { Err(cut_off()) } else { Ok(Some(Element { id, start, end: next })) }
}

/// The first element of that id within another. What a film is made of comes after all that is looked for.
fn find(file: &mut Source<'_, impl Read + Seek>, within: &Element, id: u64) -> io::Result<Option<Element>> {
    const MOST: usize = 1000;
    let mut at = within.start;
    for _ in 0..MOST {
        match element(file, at, within.end)? {
            Some(element) if element.id == id => return Ok(Some(element)),
            Some(element) if element.id != CLUSTER => at = element.end,
            _ => return Ok(None),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::media::{MediaFormat, probe};

    fn element(id: &[u8], inner: &[u8]) -> Vec<u8> {
        let size = 0x4000 | u16::try_from(inner.len()).unwrap_or_default();
        [id, &size.to_be_bytes(), inner].concat()
    }

    fn film(kind: &[u8], info: &[u8]) -> Vec<u8> {
        let header = element(&[0x1A, 0x45, 0xDF, 0xA3], &element(&[0x42, 0x82], kind));
        let info = element(&[0x15, 0x49, 0xA9, 0x66], info);
        let cluster = element(&[0x1F, 0x43, 0xB6, 0x75], &[0; 20]);
        [header, element(&[0x18, 0x53, 0x80, 0x67], &[info, cluster].concat())].concat()
    }

    fn found(file: Vec<u8>) -> Probe {
        let bytes = file.len() as u64;
        probe(MediaFormat::Webm, &mut Cursor::new(file), bytes).unwrap_or(Probe::Bad("unreadable"))
    }

    #[test]
    fn its_length_stands_in_its_info() {
        let scale = element(&[0x2A, 0xD7, 0xB1], &500_000_u32.to_be_bytes());
        let length = element(&[0x44, 0x89], &3000_f64.to_be_bytes());
        assert_eq!(found(film(b"webm", &[scale, length].concat())), Probe::Good(Some(1500)));
        let length = element(&[0x44, 0x89], &2000_f32.to_be_bytes());
        assert_eq!(found(film(b"webm", &length)), Probe::Good(Some(2000)));
        assert_eq!(found(film(b"webm", &[])), Probe::Good(None));
    }

    #[test]
    fn a_length_that_is_no_number_is_none() {
        for length in [f64::NAN, f64::INFINITY, -1.0] {
            let film = film(b"webm", &element(&[0x44, 0x89], &length.to_be_bytes()));
            assert!(matches!(found(film), Probe::Good(_)), "{length}");
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_bad() {
        let whole = film(b"webm", &element(&[0x44, 0x89], &3000_f64.to_be_bytes()));
        for end in 0..whole.len() {
            assert!(matches!(found(whole[..end].to_vec()), Probe::Bad(_)), "{end}");
        }
        assert!(matches!(found(film(b"matroska", &[])), Probe::Bad(_)));
        assert!(matches!(found(b"ID3 and so on".to_vec()), Probe::Bad(_)));
    }
}
