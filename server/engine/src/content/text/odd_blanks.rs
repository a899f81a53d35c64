//! Blanks that Markdown does not take for blanks, and signs that nobody sees.

/// A text without the blanks around it that nobody would take for a part of it, odd ones included.
pub(crate) fn without_blanks(text: &str) -> &str {
    text.trim_matches(|sign: char| sign.is_whitespace() || is_odd_space(sign))
}

/// A text from its first sign that somebody sees.
pub(crate) fn seen(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

/// The name of an odd blank.
pub(crate) fn name_of_blank(sign: char) -> &'static str {
    match sign {
        '\u{b}' => "vertical tab",
        '\u{c}' => "form feed",
        '\u{85}' => "next-line sign",
        '\u{a0}' => "no-break space",
        '\u{ad}' => "soft hyphen",
        '\u{2007}' => "figure space",
        '\u{2009}' => "thin space",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202f}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{2800}' => "blank Braille pattern",
        '\u{3000}' => "ideographic space",
        '\u{3164}' => "Hangul filler",
        '\u{feff}' => "byte order mark",
        sign if is_unseen(sign) => "sign that nobody sees",
        _ => "space of another width",
    }
}

/// What looks like a blank and is none for Markdown, or is not seen at all.
pub(super) fn is_odd(sign: char) -> bool {
    is_unseen(sign) || is_odd_space(sign)
}

pub(super) fn is_odd_space(sign: char) -> bool {
    matches!(
        sign,
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{2800}' | '\u{3000}' | '\u{3164}'
    )
}

pub(super) fn is_unseen(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

pub(super) fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | '\t') || is_odd(sign)
}

/// How many bytes of blanks, plain and odd, a text begins with.
pub(super) fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}
