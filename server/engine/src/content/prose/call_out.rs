//! Block quotes: call-outs, the place of contacts, and plain quotations.

use pulldown_cmark::{BlockQuoteKind, Event, Tag};

use super::{
    markdown::{Element, Node},
    own_words::{OwnWords, lang_attribute},
    writer::{Spot, Writer},
};
use crate::content::{problems::Code, text::did_you_mean};

const NOTE: &str = r#"<circle cx="10" cy="10" r="7.8"/><path d="M10 9.4v4.4m0-7.4v.1"/>"#;
const TIP: &str = r#"<path d="M7 14.4a5.6 5.6 0 1 1 6 0V16H7z"/><path d="M8 18.4h4"/>"#;
const IMPORTANT: &str = r#"<path d="M4 18V2.6h11.6l-2.8 4 2.8 4H4"/>"#;
const WARNING: &str = r#"<path d="M10 2.6 18.2 17H1.8z"/><path d="M10 8v3.6m0 2.6v.1"/>"#;

impl Writer<'_, '_> {
    /// Writes a block quote: a call-out when it begins like one.
    pub(super) fn quote<'a>(&mut self, element: &Element<'a>, inner: Spot, out: &mut Vec<Event<'a>>) {
        let Element { tag, at, children } = element;
        let (words, lang) = OwnWords::of(self.folder.language());
        let lang = lang_attribute(lang);
        let (class, word, drawing) = match tag {
            Tag::BlockQuote(Some(BlockQuoteKind::Note)) => ("note", words.note, NOTE),
            Tag::BlockQuote(Some(BlockQuoteKind::Tip)) => ("tip", words.tip, TIP),
            Tag::BlockQuote(Some(BlockQuoteKind::Important)) => ("important", words.important, IMPORTANT),
            Tag::BlockQuote(Some(BlockQuoteKind::Warning)) => ("warning", words.warning, WARNING),
            Tag::BlockQuote(Some(BlockQuoteKind::Caution)) => return self.refuse_call_out(*at, "CAUTION"),
            _ => {
                match call_out(element) {
                    Some("HELP") => {
                        let help = "Move it to a page or an agreement, outside lists and quotations.";
                        self.report.error(*at, Code::HelpNotHere, "`[!HELP]` cannot stand here.", help);
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
            "<div class=\"callout callout-{class}\" role=\"note\">\n<p class=\"callout-word\"{lang}><svg class=\"mark\" \
             viewBox=\"0 0 20 20\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.2\" stroke-linecap=\"round\" \
             stroke-linejoin=\"round\" aria-hidden=\"true\">{drawing}</svg> {word}</p>\n"
        );
        out.push(Event::Html(open.into()));
        self.nodes(children, inner, out);
        out.push(Event::Html("</div>\n".into()));
    }

    fn refuse_call_out(&mut self, at: usize, word: &str) {
        const KNOWN: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "HELP"];
        if KNOWN.contains(&word) {
            let help = format!("Put the text below `> [!{word}]`, on lines that begin with `> `.");
            self.report.error(at, Code::BadCallOut, format!("`[!{word}]` must be alone on its line."), help);
        } else {
            let otherwise = "Use one of `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` and `[!HELP]`.";
            let help = did_you_mean(word, KNOWN, otherwise);
            self.report.error(at, Code::BadCallOut, format!("`[!{word}]` is not a call-out."), help);
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
            self.report.error(quote.at, Code::HelpNotAlone, "`[!HELP]` must be alone in its quotation.", help);
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
