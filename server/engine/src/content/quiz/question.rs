//! One question of a quiz: its heading, its comment, and the ways in which it is asked.

use std::iter;

use pulldown_cmark::Tag;

use super::{
    about_question::{About, QuizSoFar, read_about},
    asks::Asks,
    give_away::refuse_own_answer,
    refuse_leaning::refuse_leaning_options,
    sections::Sections,
    short_text::is_answer,
    unnamed_help::warn_of_unnamed_help,
    wording::{Parts, read_parts},
};
use crate::catalogue::{Question, QuestionForm, Wording};
use crate::content::{
    problems::Code,
    prose::{Element, Node, Writer},
};

/// A question, and for what it is.
pub(super) struct ReadQuestion {
    pub(super) question: Question,
    /// Whether it stands on its page, and not in attempts.
    pub(super) on_page: bool,
}

/// Reads a question from its heading and what follows, up to the next one. `None` when it has an error, and then the
/// report says which.
pub(super) fn read_question(
    heading: &Element<'_>,
    rest: &[Node<'_>],
    asked: &mut QuizSoFar<'_>,
    writer: &mut Writer<'_, '_>,
) -> Option<ReadQuestion> {
    let sections = Sections::of(rest, writer);
    let comment = sections.comment(writer.report);
    let about = read_about(heading.at, comment, asked, writer.report);
    let wordings = read_wordings(heading, &sections, writer);
    warn_of_unnamed_help(heading, &sections, writer);
    if about.fixed_order.is_none() && about.on_page.is_none() {
        refuse_leaning_options(&sections, writer);
    }
    if let Some(Wording { form, .. }) = wordings.as_ref().and_then(|wordings| wordings.first()) {
        check_settings(&about, form, writer);
        check_on_page(&about, form, &sections, writer);
    }
    let wordings = wordings?;
    let question = Question {
        id: about.id?,
        page: about.page?,
        weight: about.weight.unwrap_or(1),
        pool: about.pool,
        partial: about.partial.is_some(),
        fixed_order: about.fixed_order.is_some(),
        wordings,
    };
    Some(ReadQuestion { question, on_page: about.on_page.is_some() })
}

/// Reports what cannot be answered by opening an option on a page.
fn check_on_page(about: &About, form: &QuestionForm, sections: &Sections<'_, '_>, writer: &mut Writer<'_, '_>) {
    let Some(at) = about.on_page else { return };
    if form.choices().is_empty() {
        let message = format!(
            "On a page an option is pressed and opens, and a question that asks for {} has none.",
            Asks::of(form).words()
        );
        let help = "Ask with options, or take `use` out and leave it to the quiz.";
        writer.report.error(at, Code::PageQuestion, message, help);
    }
    if let Some([variant, ..]) = sections.variants.first() {
        let help = "Take the variant out, or make a question of its own from it.";
        let message = "A question on a page is asked in one way, since nobody retakes it.";
        writer.report.error(variant.at(), Code::PageQuestion, message, help);
    }
}

/// Reads the ways in which a question is asked. `None` when the first of them has an error, and then the report says which.
pub(crate) fn read_wordings(
    heading: &Element<'_>,
    sections: &Sections<'_, '_>,
    writer: &mut Writer<'_, '_>,
) -> Option<Vec<Wording>> {
    if writer.plain(&heading.children).is_empty() {
        let help = "Write the question after the `## `.";
        writer.report.error(heading.at, Code::QuestionWithoutStem, "This question asks nothing.", help);
    }
    let stem = writer.inline(&heading.children);
    let Parts { body, form, why } = read_parts(heading.at, sections.own, writer);
    let first = form.map(|form| Wording { stem, body, form, why });
    if let Some(first) = &first {
        refuse_own_answer(heading.at, first, writer.report);
    }
    let variants = read_variants(first.as_ref(), &sections.variants, writer);
    Some(iter::once(first?).chain(variants.into_iter().flatten()).collect())
}

/// Reports settings that a question of this form has no use for.
fn check_settings(about: &About, form: &QuestionForm, writer: &mut Writer<'_, '_>) {
    if let Some(at) = about.partial
        && !matches!(form, QuestionForm::Several(_) | QuestionForm::Order(_) | QuestionForm::Match(_))
    {
        let message = format!("A question that asks for {} has no parts to be marked.", Asks::of(form).words());
        let help = "Take `marking` out; it is for several right answers, putting in order and matching.";
        writer.report.error(at, Code::MarkingNotHere, message, help);
    }
    if let Some(at) = about.fixed_order
        && !matches!(form, QuestionForm::One(_) | QuestionForm::Several(_) | QuestionForm::TrueFalse(_))
    {
        let message = format!("A question that asks for {} has no options to keep in order.", Asks::of(form).words());
        writer.report.error(at, Code::OrderNotHere, message, "Take `order` out.");
    }
}

/// The variants of a question. `first` is how the question itself is asked. `None` when that has an error.
fn read_variants(
    first: Option<&Wording>,
    sections: &[&[Node<'_>]],
    writer: &mut Writer<'_, '_>,
) -> Vec<Option<Wording>> {
    const MOST: usize = 3;
    if let Some([surplus, ..]) = sections.get(MOST) {
        let help = format!("Keep at most {MOST}, and make a question of its own from what is left.");
        writer.report.error(surplus.at(), Code::TooManyVariants, "This question has too many variants.", help);
    }
    sections.iter().map(|section| read_variant(first, section, writer)).collect()
}

/// Reads a variant: another stem, then another body, form and reason. The stem with the body, and the reason, are the
/// question's where the variant has none of its own.
fn read_variant(first: Option<&Wording>, section: &[Node<'_>], writer: &mut Writer<'_, '_>) -> Option<Wording> {
    let (heading, rest) = section.split_first()?;
    let (stem, rest) = match rest.split_first() {
        Some((Node::Element(paragraph), rest))
            if paragraph.tag == Tag::Paragraph && !is_answer(&paragraph.children, writer) =>
        {
            (Some(writer.inline(&paragraph.children)), rest)
        }
        _ => (None, rest),
    };
    let Parts { body, form, why } = read_parts(heading.at(), rest, writer);
    let (first, form) = (first?, form?);
    if Asks::of(&form) != Asks::of(&first.form) {
        let message = format!(
            "This asks for {}, but its question for {}.",
            Asks::of(&form).words(),
            Asks::of(&first.form).words()
        );
        let help = "Ask for the same in both, or make it a question of its own.";
        writer.report.error(heading.at(), Code::VariantOfAnotherForm, message, help);
        return None;
    }
    let (stem, body) = match stem {
        Some(stem) => (stem, body),
        None if body.is_empty() => (first.stem.clone(), first.body.clone()),
        None => (first.stem.clone(), body),
    };
    let why = if why.is_empty() { first.why.clone() } else { why };
    let wording = Wording { stem, body, form, why };
    refuse_own_answer(heading.at(), &wording, writer.report);
    Some(wording)
}
