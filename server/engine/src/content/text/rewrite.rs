//! Texts as they are written for HTML, for messages, and alike on every machine.

/// Text for within HTML and within quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// At most the first few words, for messages.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The same text for every editor and every checkout, so that a version's digest depends on neither.
pub(crate) fn normalised(text: impl Into<String>) -> String {
    let mut text = text.into();
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    // Hardly any file has one, and a folder has thousands of files.
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}
