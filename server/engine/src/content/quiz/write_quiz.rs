//! A quiz that was made elsewhere, written as an author would write it.

use std::collections::BTreeMap;

use model::{PageSlug, QuestionId};

use crate::content::text::{begins_like_box, seen, without_blanks};

/// A quiz to be written. Its texts are Markdown within one line; [`escaped_markdown`] makes that of plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewQuiz {
    /// The share of the marks that passes, in per cent.
    pub pass: u32,
    /// How many questions an attempt asks.
    pub draw: u32,
    /// How many of them come from each pool.
    pub pools: BTreeMap<String, u32>,
    /// How many attempts a person has.
    pub attempts: u32,
    /// How many minutes to wait after an attempt that did not pass.
    pub cooldown_minutes: u32,
    /// Its questions, in their order.
    pub questions: Vec<NewQuestion>,
}

/// A question to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewQuestion {
    /// What authors say to each other before it; readers don't see it.
    pub notes: Vec<String>,
    /// Its name within the module.
    pub id: QuestionId,
    /// The page that teaches it; none while its author has yet to name it, which `induct check` asks for.
    pub page: Option<PageSlug>,
    /// Its share of the marks.
    pub weight: u32,
    /// The pool that it is drawn from.
    pub pool: Option<String>,
    /// Whether an answer that is right in part earns a part of the marks.
    pub partial: bool,
    /// Whether the options keep their order.
    pub fixed_order: bool,
    /// How it is asked.
    pub wording: NewWording,
    /// Other ways of asking it.
    pub variants: Vec<NewWording>,
}

/// One way of asking a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWording {
    /// The question.
    pub stem: String,
    /// Paragraphs between the question and what is answered.
    pub body: Vec<String>,
    /// What is answered.
    pub form: NewForm,
    /// The reason, for everybody; often none.
    pub why: Option<String>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewForm {
    /// Options, one of them right; "True" and "False" make a question of true or false.
    One(Vec<NewChoice>),
    /// Options, any number of them right.
    Several(Vec<NewChoice>),
    /// Items in the right order.
    Order(Vec<String>),
    /// Pairs: what is given, and what is to be found for it.
    Match(Vec<(String, String)>),
    /// The texts that are right.
    Text(Vec<String>),
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChoice {
    /// Its text.
    pub text: String,
    /// Whether it is (one of) the right one(s).
    pub right: bool,
    /// Paragraphs for someone who chose it.
    pub feedback: Vec<String>,
    /// The mistaken idea that it stands for.
    pub misconception: Option<String>,
}

impl NewQuiz {
    /// The text of a `quiz.md`.
    #[must_use]
    pub fn markdown(&self) -> String {
        let Self { pass, draw, pools, attempts, cooldown_minutes, questions } = self;
        let mut text = format!("---\npass: {pass}%\ndraw: {draw}\n");
        if !pools.is_empty() {
            text.push_str("pools:\n");
            // A name made of digits alone would be a number without the quotation marks.
            text.extend(pools.iter().map(|(name, wanted)| format!("  \"{name}\": {wanted}\n")));
        }
        text.push_str(&format!("attempts: {attempts}\ncooldown: {cooldown_minutes}m\n---\n"));
        text.extend(questions.iter().map(NewQuestion::markdown));
        text
    }
}

impl NewQuestion {
    fn markdown(&self) -> String {
        let mut text: String =
            self.notes.iter().map(|note| format!("\n<!-- note: {} -->\n", uncommented(note))).collect();
        let mut about = format!("id: {}", self.id);
        if let Some(page) = &self.page {
            about.push_str(&format!("; page: {page}"));
        }
        if self.weight != 1 {
            about.push_str(&format!("; weight: {}", self.weight));
        }
        if let Some(pool) = &self.pool {
            about.push_str(&format!("; pool: {pool}"));
        }
        if self.partial {
            about.push_str("; marking: partial");
        }
        if self.fixed_order {
            about.push_str("; order: fixed");
        }
        text.push_str(&format!("\n## {}\n<!-- {about} -->\n", unclosed(&self.wording.stem)));
        text.push_str(&self.wording.markdown());
        for variant in &self.variants {
            text.push_str(&format!("\n### Variant\n\n{}\n{}", variant.stem, variant.markdown()));
        }
        text
    }
}

impl NewWording {
    /// What stands below the stem.
    fn markdown(&self) -> String {
        let mut text: String = self.body.iter().map(|paragraph| format!("\n{paragraph}\n")).collect();
        text.push('\n');
        match &self.form {
            NewForm::One(choices) => {
                text.extend((1..).zip(choices).map(|(number, choice)| choice.markdown(&format!("{number}. "))));
            }
            NewForm::Several(choices) => text.extend(choices.iter().map(|choice| choice.markdown("- "))),
            NewForm::Order(items) => {
                text.extend((1..).zip(items).map(|(number, item)| format!("{number}. {}\n", without_box(item))));
            }
            NewForm::Match(pairs) => {
                text.push_str("| This | belongs to this |\n| --- | --- |\n");
                text.extend(pairs.iter().map(|(left, right)| format!("| {} | {} |\n", cell(left), cell(right))));
            }
            NewForm::Text(texts) => text.push_str(&format!("**Answer:** {}\n", texts.join(" / "))),
        }
        if let Some(why) = &self.why {
            text.push_str(&format!("\n> **Why:** {why}\n"));
        }
        text
    }
}

impl NewChoice {
    fn markdown(&self, marker: &str) -> String {
        let indent = " ".repeat(marker.len());
        let tick = if self.right { 'x' } else { ' ' };
        let mut text = format!("{marker}[{tick}] {}\n", self.text);
        let mut feedback = self.feedback.join(&format!("\n{indent}>\n{indent}> "));
        if let Some(misconception) = &self.misconception {
            feedback.push_str(&format!(" <!-- misconception: {misconception} -->"));
        }
        if !feedback.is_empty() {
            text.push_str(&format!("{indent}> {}\n", feedback.trim_start()));
        }
        text
    }
}

/// Plain text as Markdown within one line, with a backslash wherever a sign would mean something. Two opening braces would
/// mean a fact, which no backslash prevents; they are set apart.
#[must_use]
pub fn escaped_markdown(text: &str) -> String {
    let words: Vec<&str> = text.split(['\n', '\r']).map(without_blanks).filter(|line| !line.is_empty()).collect();
    let line = words.join(" ").replace("{{", "{ {").replace("{{", "{ {");
    let mut escaped = String::new();
    for (at, char) in line.char_indices() {
        let before = seen(&line[..at]);
        let after = &line[at + char.len_utf8()..];
        let means_something = match char {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => true,
            '&' => after.starts_with(|next: char| next == '#' || next.is_ascii_alphabetic()),
            '#' | '>' | '+' | '-' | '=' | '|' => before.is_empty(),
            // Marks of other programs, which are refused where they are not escaped.
            '{' => after.starts_with(['#', '.', ':']),
            ':' => before.is_empty() && after.starts_with("::"),
            '!' | '?' => before.is_empty() && after.starts_with(&char.to_string().repeat(2)),
            '.' | ')' => !before.is_empty() && before.chars().all(|char| char.is_ascii_digit()),
            _ => false,
        };
        if means_something {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// Markdown of an item that is not taken for one that begins with a box.
fn without_box(item: &str) -> String {
    let lead = &item[..item.len() - seen(item).len()];
    let rest = seen(item);
    let Some(sign) = rest.trim_start_matches('\\').chars().next().filter(|_| begins_like_box(rest)) else {
        return item.to_owned();
    };
    let behind = &rest[rest.find(sign).unwrap_or_default() + sign.len_utf8()..];
    format!("{lead}&#{};{behind}", u32::from(sign))
}

/// A heading whose last `#` are not taken for its end.
fn unclosed(heading: &str) -> String {
    let text = heading.trim_end_matches('#');
    if text.len() == heading.len() || text.ends_with('\\') {
        return heading.to_owned();
    }
    format!("{text}\\{}", &heading[text.len()..])
}

/// Markdown for a cell of a table, in which a `|` ends the cell even within code.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    let mut escaped = false;
    for char in text.chars() {
        if char == '|' && !escaped {
            cell.push('\\');
        }
        escaped = char == '\\' && !escaped;
        cell.push(char);
    }
    cell
}

/// Text that does not end the comment in which it stands.
fn uncommented(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("--", "- -").replace("--", "- -").trim_end_matches(['-', '>', '!']).to_owned()
}
