/// A digest in groups of sixteen, so that it can be read aloud and wraps.
pub(super) fn grouped(digest: &str) -> String {
    let mut grouped = String::with_capacity(digest.len() + 4);
    for (place, digit) in digest.chars().enumerate() {
        if place > 0 && place % 16 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}
