//! MP3: frames one after the other (ISO/IEC 11172-3 and 13818-3), perhaps with an ID3 tag before them. The first frame may be
//! an empty one that says how many there are.

use std::io::{self, Read, Seek};

use super::probe::{Probe, Source};

pub(super) fn probe(file: &mut Source<'_, impl Read + Seek>) -> io::Result<Probe> {
    const BAD: Probe = Probe::Bad("it does not begin like an MP3 file");
    if file.bytes < 4 {
        return Ok(BAD);
    }
    let start = if file.at::<3>(0)? == *b"ID3" { after_tag(file)? } else { 0 };
    let Some(frame) = Frame::read(file.at(start)?) else { return Ok(BAD) };
    let frames = match frame.count(file, start) {
        Ok(frames) => frames,
        // A single frame is shorter than what may stand in it.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
        Err(error) => return Err(error),
    };
    let millis = match frames {
        Some(frames) => frames.saturating_mul(frame.samples * 1000) / frame.rate,
        None => (file.bytes - start).saturating_mul(8) / frame.kilobits,
    };
    Ok(Probe::Good(Some(millis).filter(|millis| *millis > 0)))
}

/// Where the frames begin when there is an ID3v2 tag.
fn after_tag(file: &mut Source<'_, impl Read + Seek>) -> io::Result<u64> {
    let [flags, a, b, c, d] = file.at(5)?;
    let size = [a, b, c, d].into_iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7F));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    let mut at = 10 + size + footer;
    const MOST_PADDING: u64 = 4096;
    let limit = at + MOST_PADDING;
    while at < limit && file.at::<1>(at)? == [0] {
        at += 1;
    }
    Ok(at)
}

/// What the header of a frame of layer III says.
struct Frame {
    kilobits: u64,
    /// Samples in a second.
    rate: u64,
    /// Samples in a frame.
    samples: u64,
    /// How far the header is from what an empty first frame says of the rest.
    gap: u64,
}

impl Frame {
    fn read([a, b, c, d]: [u8; 4]) -> Option<Self> {
        const FIRST: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const SECOND: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        const RATES: [u64; 3] = [44_100, 48_000, 32_000];
        if a != 0xFF || b & 0xE0 != 0xE0 || b >> 1 & 3 != 1 {
            return None;
        }
        let (is_first, divisor) = match b >> 3 & 3 {
            0 => (false, 4),
            2 => (false, 2),
            3 => (true, 1),
            _ => return None,
        };
        let kilobits = if is_first { FIRST } else { SECOND };
        let is_mono = d >> 6 == 3;
        Some(Self {
            kilobits: *kilobits.get(usize::from(c >> 4).checked_sub(1)?)?,
            rate: RATES.get(usize::from(c >> 2 & 3))? / divisor,
            samples: if is_first { 1152 } else { 576 },
            gap: match (is_first, is_mono) {
                (true, false) => 36,
                (true, true) | (false, false) => 21,
                (false, true) => 13,
            },
        })
    }

    /// How many frames follow, if the first one says so.
    fn count(&self, file: &mut Source<'_, impl Read + Seek>, start: u64) -> io::Result<Option<u64>> {
        let at = start + self.gap;
        if matches!(&file.at::<4>(at)?, b"Xing" | b"Info") && file.number(at + 4, 4)? & 1 == 1 {
            return file.number(at + 8, 4).map(Some);
        }
        let at = start + 36;
        if file.at::<4>(at)? == *b"VBRI" {
            return file.number(at + 14, 4).map(Some);
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::media::{MediaFormat, probe};

    /// 32 kbit/s, 32 kHz, one channel: 144 bytes and 36 ms in each frame.
    const FRAME: [u8; 4] = [0xFF, 0xFB, 0x18, 0xC0];

    fn sound(frames: usize) -> Vec<u8> {
        [&FRAME[..], &[0; 140]].concat().repeat(frames)
    }

    fn found(file: Vec<u8>) -> Probe {
        let bytes = file.len() as u64;
        probe(MediaFormat::Mp3, &mut Cursor::new(file), bytes).unwrap_or(Probe::Bad("unreadable"))
    }

    #[test]
    fn its_length_is_counted_in_frames() {
        assert_eq!(found(sound(100)), Probe::Good(Some(3600)));
        let mut counted = sound(2);
        counted[21..25].copy_from_slice(b"Xing");
        counted[25..33].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 250]);
        assert_eq!(found(counted), Probe::Good(Some(9000)));
        assert_eq!(found(sound(1)), Probe::Good(Some(36)));
    }

    #[test]
    fn a_tag_may_stand_before_it() {
        let tag = [b"ID3\x04\0\0\0\0\x01\x02".as_slice(), &[7; 130]].concat();
        assert_eq!(found([tag.clone(), sound(100)].concat()), Probe::Good(Some(3600)));
        assert_eq!(found([tag.clone(), vec![0; 9], sound(100)].concat()), Probe::Good(Some(3600)));
        assert!(matches!(found(tag), Probe::Bad(_)));
    }

    #[test]
    fn something_else_is_bad() {
        for other in [&b"RIFF and so on"[..], b"", b"\xFF\xFF\xFF\xFF", b"\xFF\xFB\x00\x00", b"ID3"] {
            assert!(matches!(found(other.to_vec()), Probe::Bad(_)), "{other:?}");
        }
    }
}
