//! Block quotes: call-outs, the place of contacts, and plain quotations.

use pulldown_cmark::{BlockQuoteKind, Event, Tag};

use super::{
    markdown::{Element, Node},
    nearest::did_you_mean,
    prose::{Spot, Writer},
};

impl Writer<'_, '_> {
    /// Writes a block quote: a call-out when it begins like one.
    pub(super) fn quote<'a>(&mut self, element: &Element<'a>, inner: Spot, out: &mut Vec<Event<'a>>) {
        let Element { tag, at, children } = element;
        let (class, title) = match tag {
            Tag::BlockQuote(Some(BlockQuoteKind::Note)) => ("note", "Note"),
            Tag::BlockQuote(Some(BlockQuoteKind::Tip)) => ("tip", "Tip"),
            Tag::BlockQuote(Some(BlockQuoteKind::Important)) => ("important", "Important"),
            Tag::BlockQuote(Some(BlockQuoteKind::Warning)) => ("warning", "Take care"),
            Tag::BlockQuote(Some(BlockQuoteKind::Caution)) => return self.refuse_call_out(*at, "CAUTION"),
            _ => {
                match call_out(element) {
                    Some("HELP") => {
                        let help = "Move it to a page or an agreement, outside lists and quotations.";
                        self.report.error(*at, "help-not-here", "`[!HELP]` cannot stand here.", help);
                    }
                    Some(word) => self.refuse_call_out(*at, word),
                    None => {
                        out.push(Event::Start(Tag::BlockQuote(None)));
                        self.nodes(children, inner, out);
                        out.push(Event::End(Tag::BlockQuote(None).to_end()));
                    }
                }
                return;
            }
        };
        // A note rather than a landmark, of which a page would have too many.
        let open = format!(
            "<aside class=\"callout callout-{class}\" role=\"note\">\n<p class=\"callout-title\">{title}</p>\n"
        );
        out.push(Event::Html(open.into()));
        self.nodes(children, inner, out);
        out.push(Event::Html("</aside>\n".into()));
    }

    fn refuse_call_out(&mut self, at: usize, word: &str) {
        const KNOWN: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "HELP"];
        if KNOWN.contains(&word) {
            let help = format!("Put the text below `> [!{word}]`, on lines that begin with `> `.");
            self.report.error(at, "bad-call-out", format!("`[!{word}]` must be alone on its line."), help);
        } else {
            let otherwise = "Use one of `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` and `[!HELP]`.";
            let help = did_you_mean(word, KNOWN, otherwise);
            self.report.error(at, "bad-call-out", format!("`[!{word}]` is not a call-out."), help);
        }
    }

    pub(super) fn check_help_is_alone(&mut self, quote: &Element<'_>) {
        let alone = match quote.children.as_slice() {
            [Node::Element(Element { tag: Tag::Paragraph, children, .. })] => {
                matches!(children.as_slice(), [Node::Text(run)] if run.text().trim() == "[!HELP]")
            }
            _ => false,
        };
        if !alone {
            let help = "Move the other lines out of the quotation.";
            self.report.error(quote.at, "help-not-alone", "`[!HELP]` must be alone in its quotation.", help);
        }
    }
}

/// The word between `[!` and `]` at the beginning of a block quote.
pub(super) fn call_out<'t>(quote: &'t Element<'_>) -> Option<&'t str> {
    if !matches!(quote.tag, Tag::BlockQuote(None)) {
        return None;
    }
    let Some(Node::Element(Element { tag: Tag::Paragraph, children, .. })) = quote.children.first() else {
        return None;
    };
    let Some(Node::Text(run)) = children.first() else { return None };
    let word = run.text().strip_prefix("[!")?.split_once(']')?.0;
    (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(word)
}
