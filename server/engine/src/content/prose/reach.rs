//! How what a fact names can be reached: its numbers to call or to text, and the service's own pages.

use std::ops::Range;

use super::curly::printed;
use crate::catalogue::{Fact, Helpline, Language};
use crate::content::text::escaped;

/// A stretch of a fact's text: as it is, or as a link.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stretch<'t> {
    Plain(&'t str),
    Link { text: &'t str, address: String },
}

/// Numbers that are called as they stand, anywhere in the United Kingdom: emergencies, the relay, the police, the bank, the NHS.
const SHORT: [&str; 6] = ["999", "18001 101", "101", "159", "111", "116 123"];

/// Whether a fact says nothing but a number to call or to text, or ends in one that is called in danger.
pub(super) fn is_number(fact: &Fact) -> bool {
    let text = fact.text.trim();
    if text.ends_with(" 999") || text.ends_with(" 101") {
        return true;
    }
    matches!(numbers(text, fact.helpline.as_ref()).as_slice(), [only] if only.0 == (0..text.len()))
}

/// Cuts a fact's text, as it stands in the sentence, into what is read and what is pressed.
pub(super) fn stretches<'t>(text: &'t str, fact: &Fact) -> Vec<Stretch<'t>> {
    let helpline = fact.helpline.as_ref();
    let mut links = numbers(text, helpline);
    links.extend(mailboxes(text));
    if let Some((place, url)) = helpline.and_then(|helpline| pages(text, helpline, links.is_empty()))
        && links.iter().all(|(taken, _)| place.end <= taken.start || taken.end <= place.start)
    {
        links.push((place, url));
    }
    cut(text, links)
}

/// A line that stands by itself, such as what a help service does, as HTML: as it is printed, with its numbers to be pressed.
pub fn printed_with_numbers(line: &str, language: Language) -> String {
    let line = printed(line, language);
    let stretches = cut(&line, numbers(&line, None)).into_iter().map(|stretch| match stretch {
        Stretch::Plain(text) => escaped(text),
        Stretch::Link { text, address } => link(text, &address),
    });
    stretches.collect()
}

fn cut(text: &str, mut links: Vec<(Range<usize>, String)>) -> Vec<Stretch<'_>> {
    links.sort_by_key(|(place, _)| place.start);
    let mut stretches = Vec::new();
    let mut done = 0;
    for (place, address) in links {
        if done < place.start {
            stretches.push(Stretch::Plain(&text[done..place.start]));
        }
        done = place.end;
        stretches.push(Stretch::Link { text: &text[place], address });
    }
    if done < text.len() {
        stretches.push(Stretch::Plain(&text[done..]));
    }
    stretches
}

/// A stretch as HTML. A number runs from left to right, whatever the language around it.
pub(super) fn link(text: &str, address: &str) -> String {
    let attributes = if address.starts_with("https:") || address.starts_with("http:") {
        " rel=\"noreferrer\""
    } else {
        " dir=\"ltr\""
    };
    format!("<a href=\"{}\"{attributes}>{}</a>", escaped(address), escaped(text))
}

/// The numbers in a text, each with the address that calls or texts it.
fn numbers(text: &str, helpline: Option<&Helpline>) -> Vec<(Range<usize>, String)> {
    let own = helpline.and_then(|helpline| helpline.phone.as_deref()).and_then(|phone| find(text, phone));
    let others = runs_of_digits(text)
        .into_iter()
        .filter(|place| own.as_ref().is_none_or(|own| place.end <= own.start || own.end <= place.start));
    let places: Vec<_> = own.iter().cloned().chain(others).collect();
    let speaks_of_text = text.to_lowercase().contains("text");
    let numbers = places.into_iter().filter_map(|place| {
        let written = &text[place.clone()];
        let dialled = digits(written);
        let before = text[..place.start].trim_end().to_lowercase();
        let texted =
            before.ends_with("text") || before.ends_with("texting") || speaks_of_text && before.ends_with("to");
        let called = own.as_ref() == Some(&place)
            || (dialled.starts_with('0') && (8..=11).contains(&dialled.len()))
            || SHORT.contains(&written);
        match is_short_code(&dialled) && (texted || written == text.trim()) || texted && called {
            true => Some((place, format!("sms:{dialled}"))),
            false => called.then(|| (place, format!("tel:{dialled}"))),
        }
    });
    numbers.collect()
}

/// Short codes take texts, have four to seven digits and begin with 6, 7 or 8; so no year is one.
fn is_short_code(digits: &str) -> bool {
    (4..=7).contains(&digits.len()) && digits.starts_with(['6', '7', '8'])
}

fn digits(written: &str) -> String {
    written.chars().filter(char::is_ascii_digit).collect()
}

/// Runs of digits with single spaces between them, which are no part of a word, a date, an amount or a share.
fn runs_of_digits(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len()
            && (bytes[at].is_ascii_digit() || (bytes[at] == b' ' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)))
        {
            at += 1;
        }
        let before = text[..start].chars().next_back();
        let after = text[at..].chars().next();
        let alone = |char: char| !char.is_alphanumeric() && !matches!(char, '£' | '%' | '/' | '-');
        if before.is_none_or(alone) && after.is_none_or(alone) {
            runs.push(start..at);
        }
    }
    runs
}

/// The mailboxes in a text.
fn mailboxes(text: &str) -> Vec<(Range<usize>, String)> {
    let words = text.split(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word.trim_end_matches(['.', ',', ')', ';'])))
    });
    let mailboxes = words.filter(|(_, word)| {
        word.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        })
    });
    mailboxes.map(|(start, word)| (start..start + word.len(), format!("mailto:{word}"))).collect()
}

/// Where in a text the service's own pages are named, and their address: the address itself where it is written, else the
/// service's name, else, when nothing in the text can be pressed so far, all of it if it speaks of the service.
fn pages(text: &str, helpline: &Helpline, whole: bool) -> Option<(Range<usize>, String)> {
    let url = helpline.url.as_ref()?;
    let bare = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let place = find(text, bare.trim_end_matches('/'))
        .or_else(|| find(text, &helpline.name))
        .or_else(|| find(text, helpline.name.split(' ').next()?).filter(|place| place.start == 0))
        .or_else(|| (whole && speaks_of(text, &helpline.name)).then_some(0..text.len()))?;
    Some((place, url.clone()))
}

/// Where words stand in a text, whatever their case.
fn find(text: &str, words: &str) -> Option<Range<usize>> {
    let (text, words) = (text.as_bytes(), words.as_bytes());
    if words.is_empty() {
        return None;
    }
    let ends = |at: usize| text.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let start = text.windows(words.len()).enumerate().find(|(at, window)| {
        window.eq_ignore_ascii_case(words) && ends(at + words.len()) && (*at == 0 || ends(at - 1))
    });
    start.map(|(start, _)| start..start + words.len())
}

/// Whether a text has a longer word of a name.
fn speaks_of(text: &str, name: &str) -> bool {
    let text = text.to_lowercase();
    name.to_lowercase().split(|char: char| !char.is_alphanumeric()).any(|word| word.len() > 5 && text.contains(word))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::FactId;

    use super::*;
    use crate::catalogue::HelplineAudience;

    fn shown(text: &str, service: Option<(&str, Option<&str>, Option<&str>)>) -> String {
        let helpline = service.map(|(name, phone, url)| Helpline {
            name: name.to_owned(),
            phone: phone.map(str::to_owned),
            text: None,
            url: url.map(str::to_owned),
            for_whom: "everyone".to_owned(),
            audience: HelplineAudience::Everyone,
            also_under: Vec::new(),
            about: String::new(),
            hours: None,
            cost: None,
            cannot: None,
            on_card: false,
        });
        let fact = Fact {
            also: Default::default(),
            id: FactId::new("it").unwrap(),
            text: text.to_owned(),
            source: String::new(),
            edition: String::new(),
            checked: None,
            review_by: NaiveDate::default(),
            why: None,
            helpline,
        };
        let stretches = stretches(text, &fact).into_iter().map(|stretch| match stretch {
            Stretch::Plain(text) => text.to_owned(),
            Stretch::Link { text, address } => format!("[{text}]({address})"),
        });
        stretches.collect()
    }

    #[test]
    fn numbers_to_call_and_to_text_are_pressed_and_other_figures_are_not() {
        let told = [
            "999",
            "text 999, once you have registered",
            "18001 101",
            "NHS 111",
            "61016",
            "Shout, by texting SHOUT to 85258",
            "the whistleblowing line on 0800 028 0285",
            "the Department for Education on 020 7340 7264, Monday to Friday, 11am to 3pm",
            "report@phishing.gov.uk",
            "the Byron Review of 2008",
            "about 1 in 6, or 1,200 of 7000",
            "£85000 or 116 people",
            "24 months from 31 December 2023",
        ];
        insta::assert_snapshot!(told.map(|text| shown(text, None)).join("\n"), @r"
        [999](tel:999)
        text [999](sms:999), once you have registered
        [18001 101](tel:18001101)
        NHS [111](tel:111)
        [61016](sms:61016)
        Shout, by texting SHOUT to [85258](sms:85258)
        the whistleblowing line on [0800 028 0285](tel:08000280285)
        the Department for Education on [020 7340 7264](tel:02073407264), Monday to Friday, 11am to 3pm
        [report@phishing.gov.uk](mailto:report@phishing.gov.uk)
        the Byron Review of 2008
        about 1 in 6, or 1,200 of 7000
        £85000 or 116 people
        24 months from 31 December 2023
        ");
    }

    #[test]
    fn a_line_on_a_page_of_the_engine_has_its_numbers_to_press() {
        let told = [
            "Text SHOUT to 85258 if you'd rather not speak.",
            "Text 61016 when nobody is in danger now. In danger, call 999.",
            "Text 999. Register first: text the word register to 999.",
            "Ring <us> & ask.",
        ];
        let told = told.map(|line| printed_with_numbers(line, Language::ENGLISH));
        insta::assert_snapshot!(told.join("\n"), @r#"
        Text SHOUT to <a href="sms:85258" dir="ltr">85258</a> if you’d rather not speak.
        Text <a href="sms:61016" dir="ltr">61016</a> when nobody is in danger now. In danger, call <a href="tel:999" dir="ltr">999</a>.
        Text <a href="sms:999" dir="ltr">999</a>. Register first: text the word register to <a href="sms:999" dir="ltr">999</a>.
        Ring &lt;us&gt; &amp; ask.
        "#);
    }

    #[test]
    fn a_service_leads_to_its_number_and_to_its_pages() {
        let told = [
            ("Samaritans on 116 123", ("Samaritans", Some("116 123"), Some("https://www.samaritans.org"))),
            (
                "Papyrus on 0800 068 4141",
                ("Papyrus HOPELINE247", Some("0800 068 4141"), Some("https://www.papyrus-uk.org")),
            ),
            ("Report Remove", ("Report Remove", None, Some("https://www.childline.org.uk"))),
            (
                "the Men's Advice Line (mensadviceline.org.uk)",
                ("Men's Advice Line", None, Some("https://mensadviceline.org.uk")),
            ),
            (
                "the police on 0800 789 321 or at gov.uk/ACT",
                ("Police", Some("0800 789 321"), Some("https://www.gov.uk/ACT")),
            ),
            (
                "a sexual assault referral centre (SARC)",
                ("Sexual assault referral centres", None, Some("https://www.nhs.uk")),
            ),
            ("until your 19th birthday", ("Childline", Some("0800 1111"), Some("https://www.childline.org.uk"))),
            ("NHS 111 (choose an option)", ("NHS 111", Some("111"), Some("https://111.nhs.uk"))),
        ];
        insta::assert_snapshot!(told.map(|(text, service)| shown(text, Some(service))).join("\n"), @r"
        [Samaritans](https://www.samaritans.org) on [116 123](tel:116123)
        [Papyrus](https://www.papyrus-uk.org) on [0800 068 4141](tel:08000684141)
        [Report Remove](https://www.childline.org.uk)
        the Men's Advice Line ([mensadviceline.org.uk](https://mensadviceline.org.uk))
        the police on [0800 789 321](tel:0800789321) or at [gov.uk/ACT](https://www.gov.uk/ACT)
        [a sexual assault referral centre (SARC)](https://www.nhs.uk)
        until your 19th birthday
        NHS [111](tel:111) (choose an option)
        ");
    }
}
