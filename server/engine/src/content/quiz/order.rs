//! What is to be put in order: a numbered list without boxes, in the right order.

use std::collections::BTreeSet;

use crate::catalogue::QuestionForm;
use crate::content::{
    problems::Code,
    prose::{Element, Writer, items},
};

/// Reads the items. `None` when there is an error, and then the report says which.
pub(super) fn read_order(list: &Element<'_>, writer: &mut Writer<'_, '_>) -> Option<QuestionForm> {
    const FEWEST: usize = 3;
    const MOST: usize = 10;
    let errors = writer.report.error_count();
    let items = items(list);
    if items.len() < FEWEST {
        let help = format!("Write at least {FEWEST} items; for options, begin each with a box: `1. [ ] …`.");
        writer.report.error(list.at, Code::TooFewItems, "There is too little to be put in order.", help);
    }
    if items.len() > MOST {
        let help = format!("Keep at most {MOST} items.");
        writer.report.error(list.at, Code::TooManyItems, "There is too much to be put in order.", help);
    }
    let mut texts = BTreeSet::new();
    let mut htmls = Vec::new();
    for item in &items {
        let text = writer.plain(item.line).to_lowercase();
        if text.is_empty() {
            let help = "Write something after its number, or take it out.";
            writer.report.error(item.at, Code::ItemWithoutText, "This item says nothing.", help);
        } else if !texts.insert(text) {
            let help = "Take one of the two out, or say something else: nobody could tell which comes first.";
            writer.report.error(item.at, Code::DuplicateItem, "Another item says the same.", help);
        }
        if let Some(surplus) = item.rest.first() {
            let help = "Keep its line only, and say the rest below the list, after `> **Why:** `; options begin with a \
                        box: `1. [ ] …`.";
            writer.report.error(surplus.at(), Code::ItemShape, "An item to be put in order has one line.", help);
        }
        htmls.push(writer.inline(item.line));
    }
    (writer.report.error_count() == errors).then_some(QuestionForm::Order(htmls))
}
