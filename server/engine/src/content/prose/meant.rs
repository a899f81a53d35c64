//! A file as it was meant, with what is wrong with how it was typed.

use super::known::Known;
use crate::content::{
    problems::{Code, Report},
    text::{Kind, Layout, Run, mended, name_of_blank, slips},
};

/// The text as it was meant, so that one slip makes one problem. What was published is taken as it is: it means what it meant.
pub(crate) fn as_meant(text: &str, layout: Layout, known: Known<'_>, report: &mut Report<'_>) -> Run {
    if known.names.is_none() {
        return Run::of(text, 0);
    }
    let slips = slips(text, layout);
    for slip in &slips {
        match &slip.kind {
            Kind::Blank(sign, count) => {
                let name = format!("{} (U+{:04X})", name_of_blank(*sign), u32::from(*sign));
                let wanted = if slip.with.is_empty() { "nothing" } else { "a plain space" };
                let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
                let times = if *count == 1 { String::new() } else { format!(" here, {count} times,") };
                let message = format!("{article} {name} stands{times} where {wanted} belongs.");
                let help = if slip.with.is_empty() {
                    "Take it away, or let `induct check --fix` do it."
                } else {
                    "Type a plain space in its place, or let `induct check --fix` do it. Markdown takes no other for one."
                };
                report.error(slip.at, Code::OddBlank, message, help);
            }
            Kind::Box(written) => {
                let help = "Write `[x]` before a right option and `[ ]` before any other, each with a space behind it.";
                let message = match written.as_str() {
                    "[x]" | "[X]" | "[ ]" => "There is no space behind this box.".to_owned(),
                    written => format!("`{written}` is not a box that is read here."),
                };
                report.error(slip.at, Code::ForeignBox, message, help);
            }
            Kind::Indent { told: false } => {}
            Kind::Indent { told: true } => {
                let spaces = slip.with.len();
                let message = "This quotation does not stand below the text of what it belongs to.";
                let help = format!("Put {spaces} spaces before the `>`, or let `induct check --fix` do it.");
                report.error(slip.at, Code::FeedbackIndent, message, help);
            }
        }
    }
    mended(text, &slips)
}
