use std::borrow::Cow;

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::FileFault;

/// A text with the name of how it was written.
#[derive(Debug)]
pub(super) struct Decoded {
    pub text: String,
    pub encoding: String,
}

/// How many bytes are looked at where a file does not say that it is UTF-16.
const LOOKED_AT: usize = 4096;

/// Reads a text in whichever encoding it is: what it says itself, else UTF-8, else UTF-16 if it looks like it, else what British
/// offices wrote before. `named`: somebody said which.
pub(super) fn decode(bytes: Vec<u8>, named: Option<&'static Encoding>) -> Result<Decoded, FileFault> {
    let decoded = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        utf_8(rest).map(|text| Decoded { text: text.to_owned(), encoding: "UTF-8 with a byte order mark".to_owned() })
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        utf_16(rest, u16::from_le_bytes).map(|text| Decoded { text, encoding: "UTF-16, little endian".to_owned() })
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        utf_16(rest, u16::from_be_bytes).map(|text| Decoded { text, encoding: "UTF-16, big endian".to_owned() })
    } else {
        match named.or_else(|| looks_like_utf_16(&bytes)) {
            Some(encoding) if encoding == UTF_16LE => utf_16(&bytes, u16::from_le_bytes)
                .map(|text| Decoded { text, encoding: "UTF-16, little endian".to_owned() }),
            Some(encoding) if encoding == UTF_16BE => utf_16(&bytes, u16::from_be_bytes)
                .map(|text| Decoded { text, encoding: "UTF-16, big endian".to_owned() }),
            Some(encoding) if encoding == UTF_8 => {
                utf_8(&bytes).map(|text| Decoded { text: text.to_owned(), encoding: "UTF-8".to_owned() })
            }
            Some(encoding) => legacy(&bytes, encoding),
            None => unnamed(bytes),
        }
    }?;
    match decoded.text.find('\0') {
        Some(place) => Err(FileFault::Nul { line: line_at(decoded.text.as_bytes(), place) }),
        None => Ok(decoded),
    }
}

/// UTF-8, or what was written before it.
fn unnamed(bytes: Vec<u8>) -> Result<Decoded, FileFault> {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(Decoded { text, encoding: "UTF-8".to_owned() }),
        Err(error) => error.into_bytes(),
    };
    if let Some(place) = bytes.iter().position(|byte| *byte == 0) {
        return Err(FileFault::Nul { line: line_at(&bytes, place) });
    }
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // Letters of UTF-8 hardly ever come about by chance; so a file that has them is UTF-8, and what is broken in it is broken.
    if whole > 0 && whole * 4 >= broken {
        return utf_8(&bytes).map(|text| Decoded { text: text.to_owned(), encoding: "UTF-8".to_owned() });
    }
    let mut detector = EncodingDetector::new();
    detector.feed(&bytes, true);
    let guessed = detector.guess(Some(b"uk"), false);
    legacy(&bytes, if guessed.is_single_byte() { guessed } else { WINDOWS_1252 })
}

fn utf_8(bytes: &[u8]) -> Result<&str, FileFault> {
    std::str::from_utf8(bytes).map_err(|error| broken(bytes, error.valid_up_to(), "UTF-8"))
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, FileFault> {
    let units = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let broken =
        |text: &str| FileFault::Broken { line: line_at(text.as_bytes(), text.len()), encoding: "UTF-16".to_owned() };
    for character in char::decode_utf16(units.0.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(broken(&text)),
        }
    }
    if units.1.is_empty() { Ok(text) } else { Err(broken(&text)) }
}

fn legacy(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, FileFault> {
    let name = if encoding == WINDOWS_1252 { "Windows-1252" } else { encoding.name() };
    // Nothing is written with these bytes; browsers read them as control characters.
    let unused = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
    if encoding == WINDOWS_1252
        && let Some(place) = bytes.iter().position(unused)
    {
        return Err(broken(bytes, place, name));
    }
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded { text: Cow::into_owned(text), encoding: name.to_owned() }),
        None => {
            let is_broken = |line: &&[u8]| encoding.decode_without_bom_handling_and_without_replacement(line).is_none();
            let whole = bytes.split(|byte| *byte == b'\n').take_while(|line| !is_broken(line));
            let place = whole.map(|line| line.len() + 1).sum();
            Err(broken(bytes, place, name))
        }
    }
}

/// Latin letters in UTF-16 have a zero in every other place.
fn looks_like_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(LOOKED_AT)].as_chunks::<2>();
    let zeros = |place: usize| pairs.iter().filter(|pair| pair[place] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    if second * 2 > pairs.len() && first * 20 < second {
        Some(UTF_16LE)
    } else if first * 2 > pairs.len() && second * 20 < first {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn broken(bytes: &[u8], place: usize, encoding: &str) -> FileFault {
    FileFault::Broken { line: line_at(bytes, place), encoding: encoding.to_owned() }
}

/// The line of a place, counted from 1.
pub(super) fn line_at(bytes: &[u8], place: usize) -> u32 {
    count_lines(&bytes[..place.min(bytes.len())]) + 1
}

/// How many lines end within these bytes: with a line feed, a carriage return, or both.
pub(super) fn count_lines(bytes: &[u8]) -> u32 {
    let ends = bytes
        .iter()
        .enumerate()
        .filter(|(place, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(place + 1) != Some(&b'\n')));
    u32::try_from(ends.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, String) {
        let decoded = decode(bytes.to_vec(), None).unwrap();
        (decoded.text, decoded.encoding)
    }

    fn utf_16_bytes(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn each_encoding_is_recognised_and_said() {
        let text = "name,email\nZoë Łuczak,zoe@x.example\n";
        let with_mark = ["\u{feff}", text].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (with_mark.as_bytes().to_vec(), "UTF-8 with a byte order mark"),
            (utf_16_bytes(&with_mark, u16::to_le_bytes), "UTF-16, little endian"),
            (utf_16_bytes(&with_mark, u16::to_be_bytes), "UTF-16, big endian"),
            (utf_16_bytes(text, u16::to_le_bytes), "UTF-16, little endian"),
            (utf_16_bytes(text, u16::to_be_bytes), "UTF-16, big endian"),
        ] {
            assert_eq!(read(&bytes), (text.to_owned(), encoding.to_owned()));
        }
        let (text, encoding) = read(b"name,email\nSi\xE2n O\x92Neill,sian@x.example\nZo\xEB,z@x.example\n");
        assert_eq!((text.lines().nth(1), encoding.as_str()), (Some("Siân O’Neill,sian@x.example"), "Windows-1252"));
        assert_eq!(read(b"plain\n").1, "UTF-8");
    }

    #[test]
    fn what_is_broken_is_refused_with_its_line() {
        let broken = |bytes: &[u8]| decode(bytes.to_vec(), None).unwrap_err();
        let of = |line, encoding: &str| FileFault::Broken { line, encoding: encoding.to_owned() };
        assert_eq!(broken("a\nSiân\nZo\u{0}".as_bytes()), FileFault::Nul { line: 3 });
        assert_eq!(broken(b"a\nSi\xC3\xA2n\r\nZo\xEB\n"), of(3, "UTF-8"));
        assert_eq!(broken(b"\xEF\xBB\xBFa\rb\rZo\xEB\n"), of(3, "UTF-8"));
        assert_eq!(broken(b"a\nSi\xE2n\nx\x81\n"), of(3, "Windows-1252"));
        assert_eq!(broken(b"\xFF\xFEa\0\n\0\x00\xD8b\0"), of(2, "UTF-16"));
        assert_eq!(broken(b"\xFF\xFEa\0\n\0b"), of(2, "UTF-16"));
        assert_eq!(broken(b"\xFF\xFEa\0\n\0\0\0"), FileFault::Nul { line: 2 });
        assert_eq!(broken(b"a\n\xFF\0b"), FileFault::Nul { line: 2 });
    }

    #[test]
    fn an_encoding_that_is_named_is_taken() {
        let polish = encoding_rs::WINDOWS_1250.encode("name\nŁucja Żak\n").0.into_owned();
        assert_eq!(decode(polish, Some(encoding_rs::WINDOWS_1250)).unwrap().text, "name\nŁucja Żak\n");
    }
}
