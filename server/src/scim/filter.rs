use super::fault::ScimFault;

/// What must hold of what is looked for: each attribute with its value, all of them. Names are in lower case, and what stands in brackets is left
/// out, so that `emails[type eq "work"].value` is `emails`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter(pub(crate) Vec<(String, String)>);

/// Reads a filter of RFC 7644, section 3.4.2.2: comparisons with `eq`, joined by `and`, which is what directories send.
///
/// # Errors
/// `invalidFilter`, with what is understood.
pub(crate) fn read_filter(text: &str) -> Result<Filter, ScimFault> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (attribute, after) = read_attribute(rest).ok_or_else(not_understood)?;
        let after = strip_word(after, "eq").ok_or_else(not_understood)?;
        let (value, after) = read_value(after).ok_or_else(not_understood)?;
        found.push((attribute, value));
        rest = if after.is_empty() { after } else { strip_word(after, "and").ok_or_else(not_understood)? };
    }
    if found.is_empty() { Err(not_understood()) } else { Ok(Filter(found)) }
}

fn not_understood() -> ScimFault {
    let detail = "Only comparisons with eq are understood, joined by and: userName eq \"amy@northfield.example\".";
    ScimFault::bad("invalidFilter", detail)
}

/// The name at the beginning, in lower case and without a URN, brackets and `.value`, and what follows.
fn read_attribute(text: &str) -> Option<(String, &str)> {
    let mut depth = 0;
    let is_end = |letter: char| {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        letter.is_whitespace() && depth == 0
    };
    let end = text.find(is_end)?;
    let (name, rest) = text.split_at(end);
    let plain = match (name.find('['), name.rfind(']')) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &name[..from], &name[to + 1..]),
        (None, None) => name.to_owned(),
        _ => return None,
    };
    let plain = without_urn(&plain).to_lowercase();
    let plain = plain.strip_suffix(".value").unwrap_or(&plain).to_owned();
    (!plain.is_empty()).then_some((plain, rest.trim_start()))
}

/// A name without the URN of the schema that it belongs to.
pub(super) fn without_urn(name: &str) -> &str {
    match name.rfind(':') {
        Some(colon) if name.get(..4).is_some_and(|urn| urn.eq_ignore_ascii_case("urn:")) => &name[colon + 1..],
        _ => name,
    }
}

fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (first, rest) = text.split_once(char::is_whitespace)?;
    first.eq_ignore_ascii_case(word).then(|| rest.trim_start())
}

/// A value as JSON has it, and what follows. Numbers and words stand for themselves.
fn read_value(text: &str) -> Option<(String, &str)> {
    if !text.starts_with('"') {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), text[end..].trim_start()));
    }
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find_map(|(place, letter)| {
        let ends = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends.then_some(place + 1)
    })?;
    let value: String = serde_json::from_str(&text[..end]).ok()?;
    // Nothing that is kept holds one, and PostgreSQL fails over it.
    let value = Some(value).filter(|value| !value.contains('\0'))?;
    Some((value, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        read_filter(text).ok().map(|filter| filter.0)
    }

    fn is(attribute: &str, value: &str) -> (String, String) {
        (attribute.to_owned(), value.to_owned())
    }

    #[test]
    fn what_directories_send_is_understood() {
        for (text, wanted) in [
            ("userName eq \"amy@northfield.example\"", vec![is("username", "amy@northfield.example")]),
            ("USERNAME EQ \"a \\\"b\\\" c\"", vec![is("username", "a \"b\" c")]),
            ("emails[type eq \"work\"].value eq \"a@b.example\"", vec![is("emails", "a@b.example")]),
            ("urn:ietf:params:scim:schemas:core:2.0:User:externalId eq \"7\"", vec![is("externalid", "7")]),
            ("id eq \"1\" and members eq \"2\"", vec![is("id", "1"), is("members", "2")]),
            ("active eq true", vec![is("active", "true")]),
            ("  displayName   eq  \"Żaneta's ☂\"  ", vec![is("displayname", "Żaneta's ☂")]),
        ] {
            assert_eq!(read(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "",
            " ",
            "userName",
            "userName eq",
            "userName sw \"a\"",
            "userName eq \"a",
            "userName eq \"a\" or id eq \"b\"",
            "not (userName eq \"a\")",
            "userName eq \"a\" and",
            "[ eq \"a\"",
            "a] eq \"b\"",
            "\"",
            "é eq",
            "userName eq \"\\x\"",
            "externalId eq \"\\u0000\"",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
