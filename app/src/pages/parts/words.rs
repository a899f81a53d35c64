use engine::{SignedIn, catalogue::Language, content::printed};

/// "1 question", "2 questions".
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// By what somebody was signed in, as a signature has it.
pub fn signed_in_by(method: &str) -> String {
    match method {
        SignedIn::WITH_CODE => "Email, password and a code".to_owned(),
        other => format!("Email and {other}"),
    }
}

/// A title within a sentence.
pub fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// A line of the engine's own language as it is printed, with curly marks for those that every keyboard has.
pub fn in_print(line: &str) -> String {
    printed(line, Language::ENGLISH)
}
