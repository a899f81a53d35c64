//! The comment below a question's heading: its id, its page, and how it is drawn and marked.

use std::collections::BTreeSet;

use model::{PageSlug, QuestionId};

use crate::content::{
    fields::{NAME_HELP, Placed, is_name, refuse_key},
    problems::{Code, Report},
    text::did_you_mean,
};

/// What the questions of a quiz have said so far, and what they may refer to.
pub(super) struct QuizSoFar<'p> {
    pub(crate) pages: &'p [PageSlug],
    pub(crate) ids: BTreeSet<QuestionId>,
    /// The pool of each question that is in one.
    pub(crate) pools: Vec<Placed<String>>,
    /// How many of them stand on their page, and not in attempts.
    pub(crate) on_pages: u32,
}

/// What the comment says.
#[derive(Default)]
pub(crate) struct About {
    pub(crate) id: Option<QuestionId>,
    pub(crate) page: Option<PageSlug>,
    pub(crate) weight: Option<u32>,
    pub(crate) pool: Option<String>,
    /// Where it says `marking: partial`.
    pub(crate) partial: Option<usize>,
    /// Where it says `order: fixed`.
    pub(crate) fixed_order: Option<usize>,
    /// Where it says `use: page`.
    pub(crate) on_page: Option<usize>,
}

/// What a comment may look like.
pub(crate) const COMMENT_HELP: &str = "Write below the heading: `<!-- id: kebab-id; page: page-slug -->`.";

/// Reads the comment of the question whose heading stands at `heading_at`.
pub(crate) fn read_about(
    heading_at: usize,
    comment: Option<Vec<(Placed<String>, Placed<String>)>>,
    asked: &mut QuizSoFar<'_>,
    report: &mut Report<'_>,
) -> About {
    const KEYS: [&str; 7] = ["id", "page", "use", "weight", "order", "pool", "marking"];
    let mut about = About::default();
    let mut seen = BTreeSet::new();
    let mut drawn = None;
    for (key, value) in comment.unwrap_or_default() {
        if ["weight", "pool", "marking"].contains(&key.value.as_str()) {
            drawn.get_or_insert_with(|| key.clone());
        }
        if !seen.insert(key.value.clone()) {
            let help = "Keep one of the two.";
            report.error(key.at, Code::DuplicateKey, format!("`{}` is here twice.", key.value), help);
            continue;
        }
        match key.value.as_str() {
            "id" => about.id = read_id(&value, &mut asked.ids, report),
            "page" => about.page = read_page(&value, asked.pages, report),
            "use" => about.on_page = read_use(&value, report),
            "weight" => about.weight = read_weight(&value, report),
            "order" => about.fixed_order = read_order(&value, report),
            "pool" => {
                about.pool = read_pool(&value, report);
                asked.pools.extend(about.pool.clone().map(|pool| Placed { at: value.at, value: pool }));
            }
            "marking" => about.partial = read_marking(&value, report),
            _ => refuse_key(&key, &KEYS, report),
        }
    }
    if about.on_page.is_some() {
        asked.on_pages += 1;
        if let Some(key) = drawn {
            let message = format!("`{}` says nothing of a question on a page, which nobody marks.", key.value);
            report.error(key.at, Code::PageQuestion, message, format!("Take `{}` out.", key.value));
        }
    }
    if !seen.contains("id") {
        report.error(heading_at, Code::MissingQuestionId, "This question has no id.", COMMENT_HELP);
    }
    if !seen.contains("page") {
        let message = "This question does not name the page that teaches it.";
        report.error(heading_at, Code::MissingQuestionPage, message, COMMENT_HELP);
    }
    about
}

fn read_id(value: &Placed<String>, ids: &mut BTreeSet<QuestionId>, report: &mut Report<'_>) -> Option<QuestionId> {
    let Ok(id) = QuestionId::new(value.value.as_str()) else {
        report.error(value.at, Code::BadQuestionId, format!("`{}` cannot be an id.", value.value), NAME_HELP);
        return None;
    };
    if !ids.insert(id.clone()) {
        let help = "Give each question of the module an id of its own.";
        report.error(value.at, Code::DuplicateQuestionId, format!("Another question has the id `{id}` already."), help);
        return None;
    }
    Some(id)
}

fn read_page(value: &Placed<String>, pages: &[PageSlug], report: &mut Report<'_>) -> Option<PageSlug> {
    let page = pages.iter().find(|page| page.as_str() == value.value);
    if page.is_none() {
        let otherwise = "Write the page's file name without its number and `.md`.";
        let help = did_you_mean(&value.value, pages.iter().map(PageSlug::as_str), otherwise);
        report.error(value.at, Code::UnknownPage, format!("There is no page `{}` in this module.", value.value), help);
    }
    page.cloned()
}

fn read_weight(value: &Placed<String>, report: &mut Report<'_>) -> Option<u32> {
    let weight = value.value.parse().ok().filter(|weight| (1..=10).contains(weight));
    if weight.is_none() {
        let message = format!("`{}` cannot be a weight.", value.value);
        report.error(value.at, Code::OutOfRange, message, "Write a whole number from 1 to 10.");
    }
    weight
}

fn read_use(value: &Placed<String>, report: &mut Report<'_>) -> Option<usize> {
    if value.value == "page" {
        return Some(value.at);
    }
    let help = "Write `use: page`, and the question stands at the end of its page and in no attempt; or leave it out.";
    report.error(value.at, Code::UnknownUse, format!("`{}` is not a use.", value.value), help);
    None
}

fn read_order(value: &Placed<String>, report: &mut Report<'_>) -> Option<usize> {
    if value.value == "fixed" {
        return Some(value.at);
    }
    let help = "Write `order: fixed`, or leave it out and the options are shuffled.";
    report.error(value.at, Code::UnknownOrder, format!("`{}` is not an order.", value.value), help);
    None
}

fn read_marking(value: &Placed<String>, report: &mut Report<'_>) -> Option<usize> {
    if value.value == "partial" {
        return Some(value.at);
    }
    let help = "Write `marking: partial`, or leave it out and an answer is right as a whole or not at all.";
    report.error(value.at, Code::UnknownMarking, format!("`{}` is not a way of marking.", value.value), help);
    None
}

fn read_pool(value: &Placed<String>, report: &mut Report<'_>) -> Option<String> {
    let good = is_name(&value.value);
    if !good {
        report.error(value.at, Code::BadName, format!("`{}` cannot be a name.", value.value), NAME_HELP);
    }
    good.then(|| value.value.clone())
}
