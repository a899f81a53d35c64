//! What a picture says besides what it shows: where, when and with what it was taken, who is on it, a smaller copy of it. Who sends a photo as proof
//! of a course tells nobody where they live. The way up is kept, for without it many photos would lie on their side.

use crate::record::FileKind;

/// A file without what its picture says besides what it shows; other files as they are. `None`: it is no picture that can be read from end to end.
pub(super) fn clear_picture(bytes: Vec<u8>, kind: FileKind) -> Option<Vec<u8>> {
    match kind {
        FileKind::Jpeg => clear_jpeg(&bytes),
        FileKind::Png => clear_png(&bytes),
        FileKind::Pdf => Some(bytes),
    }
}

const EXIF: &[u8] = b"Exif\0\0";

/// JPEG (ITU-T T.81, annex B): of what programs add (APP0 to APP15) what says how it is drawn stays, and no comment; behind its end nothing does.
fn clear_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    const START: u8 = 0xd8;
    const END: u8 = 0xd9;
    const SCAN: u8 = 0xda;
    const COMMENT: u8 = 0xfe;
    let mut kept = vec![0xff, START];
    let mut rest = bytes.strip_prefix(&[0xff, START])?;
    let mut saw_exif = false;
    loop {
        // Any number of fill bytes may stand before a marker.
        rest = rest.strip_prefix(&[0xff])?;
        let fill = rest.iter().position(|byte| *byte != 0xff)?;
        let marker = rest[fill];
        rest = &rest[fill + 1..];
        if marker == END {
            kept.extend([0xff, END]);
            return Some(kept);
        }
        let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
        let (segment, after) = (rest.get(..length)?, rest.get(length..)?);
        let says = segment.get(2..)?;
        rest = after;
        match marker {
            // Of several the first counts.
            0xe1 if says.starts_with(EXIF) && !saw_exif => {
                saw_exif = true;
                let way_up = way_up(&says[EXIF.len()..]).filter(|way| *way != 1);
                if let Some(way) = way_up {
                    let exif = [EXIF, &only_way_up(way)].concat();
                    // 34 bytes at most, so that the length fits.
                    let length = u16::try_from(exif.len() + 2).ok()?;
                    kept.extend([0xff, 0xe1]);
                    kept.extend(length.to_be_bytes());
                    kept.extend(exif);
                }
                continue;
            }
            // Without its smaller copy, and what may stand behind that.
            0xe0 if says.starts_with(b"JFIF\0") && says.len() >= 14 => {
                kept.extend([0xff, 0xe0, 0, 16]);
                kept.extend(&says[..12]);
                kept.extend([0, 0]);
                continue;
            }
            0xe2 if says.starts_with(b"ICC_PROFILE\0") => {}
            0xee if says.starts_with(b"Adobe") => {}
            0xe0..=0xef | COMMENT => continue,
            _ => {}
        }
        kept.extend([0xff, marker]);
        kept.extend(segment);
        if marker == SCAN {
            let end = end_of_scan(rest)?;
            kept.extend(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// Where the picture itself stops and the next marker stands: within it, `FF` is followed by `00` or counts a restart.
fn end_of_scan(rest: &[u8]) -> Option<usize> {
    rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff))
}

/// PNG: what must be understood to draw it stays, and what says how its colours and its moving pictures are; no words, no time, and nothing else.
fn clear_png(bytes: &[u8]) -> Option<Vec<u8>> {
    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
    /// What cannot be left out (11.2).
    const DRAWN: [&[u8]; 4] = [b"IHDR", b"PLTE", b"IDAT", b"IEND"];
    const KEPT: [&[u8]; 13] = [
        b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs", b"hIST", b"acTL", b"fcTL",
        b"fdAT",
    ];
    let mut kept = SIGNATURE.to_vec();
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    loop {
        let length = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let whole = length.checked_add(12)?;
        let (chunk, after) = (rest.get(..whole)?, &rest[whole..]);
        let (kind, says) = (&chunk[4..8], &chunk[8..8 + length]);
        rest = after;
        if kind == b"eXIf" {
            if let Some(way) = way_up(says).filter(|way| *way != 1) {
                kept.extend(png_chunk(*b"eXIf", &only_way_up(way)));
            }
        } else if DRAWN.contains(&kind) || KEPT.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
    }
}

fn png_chunk(kind: [u8; 4], says: &[u8]) -> Vec<u8> {
    let of = [kind.as_slice(), says].concat();
    let length = u32::try_from(says.len()).unwrap_or_default();
    [length.to_be_bytes().as_slice(), of.as_slice(), crc(&of).to_be_bytes().as_slice()].concat()
}

/// The check of a PNG chunk (ISO/IEC 15948, annex D), bit by bit: it is taken of some thirty bytes.
fn crc(bytes: &[u8]) -> u32 {
    let mut rest = u32::MAX;
    for byte in bytes {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            rest = if rest & 1 == 1 { 0xedb8_8320 ^ (rest >> 1) } else { rest >> 1 };
        }
    }
    !rest
}

/// The tag of the way up (Exif 2.32, table 4): 1 as it lies, up to 8. `None`: it is not said, or in no way that can be read.
fn way_up(tiff: &[u8]) -> Option<u8> {
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
    let first = usize::try_from(first).ok()?;
    let entries = usize::from(short(first)?);
    // No further than the bytes go, whatever number of entries is claimed.
    let places = (0..entries).map(|place| first.saturating_add(2 + 12 * place));
    let (entry, _) = places.map_while(|at| Some((at, short(at)?))).find(|(_, tag)| *tag == 0x0112)?;
    let way = u8::try_from(short(entry.checked_add(8)?)?).ok()?;
    (1..=8).contains(&way).then_some(way)
}

/// A TIFF that says the way up, and nothing else.
fn only_way_up(way: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = way;
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &[u8] = b"GPS 51.5 N, 0.1 W";

    /// An Exif block as a camera writes it: the way up as its second entry, and a place further on.
    fn exif(is_little: bool, way: u8) -> Vec<u8> {
        let short = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let long = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let mut tiff = if is_little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        tiff.extend(long(8));
        tiff.extend(short(2));
        for (tag, value) in [(0x0100_u16, 7_u8), (0x0112, way)] {
            tiff.extend(short(tag));
            tiff.extend(short(3));
            tiff.extend(long(1));
            tiff.extend(short(u16::from(value)));
            tiff.extend([0, 0]);
        }
        tiff.extend(long(0));
        [tiff.as_slice(), PLACE].concat()
    }

    fn segment(marker: u8, says: &[u8]) -> Vec<u8> {
        let length = u16::try_from(says.len() + 2).unwrap();
        [[0xff, marker].as_slice(), length.to_be_bytes().as_slice(), says].concat()
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_photo_keeps_its_picture_and_its_way_up_and_tells_no_place() {
        let picture = [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56];
        for (is_little, way) in [(true, 6), (false, 8), (true, 1)] {
            let photo = [
                vec![0xff, 0xd8],
                segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
                segment(0xe1, &[EXIF, &exif(is_little, way)].concat()),
                segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS 51.5 N, 0.1 W"),
                segment(0xe2, b"ICC_PROFILE\0\x01\x01profile"),
                segment(0xe2, b"MPF\0GPS 51.5 N, 0.1 W"),
                segment(0xed, b"Photoshop 3.0\0GPS 51.5 N, 0.1 W"),
                segment(0xfe, PLACE),
                vec![0xff],
                segment(0xdb, &[0; 65]),
                segment(0xda, &[1, 1, 0, 0, 63, 0]),
                picture.to_vec(),
                segment(0xc4, &[0; 20]),
                segment(0xda, &[1, 1, 0, 0, 63, 0]),
                picture.to_vec(),
                vec![0xff, 0xd9],
                PLACE.to_vec(),
            ];
            let cleared = clear_picture(photo.concat(), FileKind::Jpeg).unwrap();
            assert!(!holds(&cleared, b"GPS") && !holds(&cleared, b"xmp"), "{cleared:?}");
            assert!(holds(&cleared, b"ICC_PROFILE\0\x01\x01profile") && holds(&cleared, b"JFIF\0"));
            assert_eq!(cleared.windows(picture.len()).filter(|window| *window == picture).count(), 2);
            assert!(cleared.ends_with(&[0xff, 0xd9]) && FileKind::of(&cleared) == Some(FileKind::Jpeg));
            let place = cleared.windows(EXIF.len()).position(|window| window == EXIF);
            assert_eq!(
                place.and_then(|place| way_up(&cleared[place + EXIF.len()..])),
                Some(way).filter(|way| *way != 1)
            );
            // What is cleared has nothing more to clear.
            assert_eq!(clear_picture(cleared.clone(), FileKind::Jpeg), Some(cleared));
        }
    }

    #[test]
    fn a_drawing_keeps_what_draws_it_and_its_way_up() {
        let chunk = |kind: &[u8; 4], says: &[u8]| png_chunk(*kind, says);
        let png = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
            chunk(b"tEXt", b"Comment\0GPS 51.5 N, 0.1 W"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0GPS 51.5 N, 0.1 W"),
            chunk(b"tIME", &[7, 234, 11, 23, 9, 0, 0]),
            chunk(b"eXIf", &exif(false, 3)),
            chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]),
            chunk(b"prVt", PLACE),
            chunk(b"IDAT", b"picture"),
            chunk(b"IEND", b""),
            PLACE.to_vec(),
        ];
        let cleared = clear_picture(png.concat(), FileKind::Png).unwrap();
        assert!(!holds(&cleared, b"GPS") && !holds(&cleared, b"tIME"));
        assert!(holds(&cleared, b"IDATpicture") && holds(&cleared, b"gAMA") && holds(&cleared, b"IHDR"));
        assert!(holds(&cleared, &[b"eXIf".as_slice(), only_way_up(3).as_slice()].concat()));
        // As the end of every PNG has it.
        assert!(cleared.ends_with(b"\0\0\0\0IEND\xaeB`\x82"));
    }

    #[test]
    fn what_cannot_be_read_to_its_end_is_no_picture() {
        for broken in [&[0xff, 0xd8, 0xff, 0xe1, 0, 1][..], &[0xff, 0xd8, 0xff, 0xda, 0, 2, 7], &[0xff, 0xd8, 7]] {
            assert_eq!(clear_picture(broken.to_vec(), FileKind::Jpeg), None, "{broken:?}");
        }
        let png = b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR";
        assert_eq!(clear_picture(png.to_vec(), FileKind::Png), None);
        assert_eq!(clear_picture(b"%PDF-".to_vec(), FileKind::Pdf), Some(b"%PDF-".to_vec()));
    }
}
