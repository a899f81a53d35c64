//! The tree to HTML: facts put in place, links resolved, call-outs, tables and headings dressed.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use model::FactId;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd, html};

use super::{
    call_out::call_out,
    citation::{Piece, pieces},
    clip::clip_alone,
    curly::curly,
    fact_book::{Lookup, is_rule},
    known::Known,
    link::{Folder, Target, resolve},
    markdown::{Element, Node},
    own_words::OwnWords,
    reach::{Stretch, is_number, link, stretches},
};
use crate::catalogue::{Block, Fact, Language, Media, Prose};
use crate::content::{
    problems::{Code, Problem, Report},
    text::{Run, did_you_mean, escaped, shortened},
};

/// What the files of one module or agreement refer to.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// The facts that are put in place.
    pub(crate) facts: BTreeMap<FactId, Fact>,
    /// Whether something is used whose own file has an error, so that the whole cannot be made.
    pub(crate) incomplete: bool,
    /// Whether there is a `[!HELP]` or a link to `/help`.
    pub(crate) signpost: bool,
    /// The file names of the drawings that pages show.
    pub(crate) drawings: BTreeSet<String>,
    /// The file names of the video and sound that pages play.
    pub(crate) clips: BTreeSet<String>,
    /// What is needed to play them, by file names.
    pub(crate) media: BTreeMap<String, Media>,
    /// Problems in other files than the one that is being written.
    pub(crate) elsewhere: Vec<Problem>,
}

/// What kind of text is written; not everything may stand everywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Page,
    Agreement,
    Quiz,
}

/// Makes the HTML of one file.
pub(crate) struct Writer<'w, 'r> {
    pub(crate) known: Known<'w>,
    pub(crate) folder: Folder<'w>,
    pub(crate) kind: Kind,
    pub(crate) gathered: &'w mut Gathered,
    pub(crate) report: &'w mut Report<'r>,
    pub(super) page: OnPage,
}

/// What must be counted over a whole page.
#[derive(Default)]
pub(super) struct OnPage {
    /// The facts in the order of their notes.
    cited: Vec<Fact>,
    /// The places of sources and their editions among them.
    sources: BTreeMap<(String, String), usize>,
    pub(super) heading_ids: BTreeSet<String>,
    /// By what headings say: the last number that was given to one of their ids.
    pub(super) heading_counts: BTreeMap<String, u32>,
    /// How often each label of a region has been given.
    labels: BTreeMap<String, u32>,
    scenarios: u32,
    /// How many drawings, videos and sounds it shows.
    images: u32,
}

/// Where something is written.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    /// Not within a list, a quotation and the like.
    pub(crate) top: bool,
    /// Whether facts are followed by the number of their note.
    pub(crate) notes: bool,
    /// Whether the numbers and services that facts name can be pressed: not within what is pressed itself.
    pub(crate) links: bool,
}

impl<'w, 'r> Writer<'w, 'r> {
    pub(crate) fn new(
        kind: Kind,
        known: Known<'w>,
        folder: Folder<'w>,
        gathered: &'w mut Gathered,
        report: &'w mut Report<'r>,
    ) -> Self {
        Self { known, folder, kind, gathered, report, page: OnPage::default() }
    }

    /// Writes the whole of a page or an agreement, below its title.
    pub(crate) fn prose<'a>(mut self, nodes: impl IntoIterator<Item = &'a Node<'a>>) -> Prose {
        let mut blocks = Vec::new();
        let mut lines = Vec::new();
        let mut events = Vec::new();
        for node in nodes {
            if let Node::Element(quote) = node
                && call_out(quote) == Some("HELP")
            {
                self.gathered.signpost = true;
                self.check_help_is_alone(quote);
                flush(&mut events, &mut blocks);
                blocks.push(Block::Help);
            } else {
                self.node(node, Spot { top: true, notes: true, links: true }, &mut events);
            }
            if self.known.draft {
                flush(&mut events, &mut blocks);
                lines.resize(blocks.len(), self.report.line_of(node.at()));
            }
        }
        flush(&mut events, &mut blocks);
        Prose { blocks, facts: self.page.cited, lines }
    }

    /// The language of what is written.
    pub(crate) fn language(&self) -> Language {
        self.folder.language()
    }

    /// Writes blocks that stand within something else.
    pub(crate) fn blocks(&mut self, nodes: &[Node<'_>]) -> String {
        let notes = self.kind != Kind::Quiz;
        let mut events = Vec::new();
        self.nodes(nodes, Spot { top: false, notes, links: true }, &mut events);
        to_html(events)
    }

    /// Writes what stands in one line, without notes. It may be a label or a button, and so nothing of a fact in it can be pressed.
    pub(crate) fn inline(&mut self, nodes: &[Node<'_>]) -> String {
        self.line(nodes, false)
    }

    /// Writes a line of running text, without notes.
    pub(crate) fn running_line(&mut self, nodes: &[Node<'_>]) -> String {
        self.line(nodes, true)
    }

    fn line(&mut self, nodes: &[Node<'_>], links: bool) -> String {
        let mut events = Vec::new();
        self.nodes(nodes, Spot { top: false, notes: false, links }, &mut events);
        to_html(events).trim().to_owned()
    }

    /// The text alone, with facts put in place; reports nothing.
    pub(crate) fn plain(&self, nodes: &[Node<'_>]) -> String {
        let mut text = String::new();
        self.add_plain(nodes, &mut text);
        text.trim().to_owned()
    }

    /// The next number of a scenario on this page, from 1.
    pub(super) fn next_scenario(&mut self) -> u32 {
        self.page.scenarios += 1;
        self.page.scenarios
    }

    /// Counts a drawing, a video or a sound, each of which is sent with its page as often as it is shown. Whether there is room for
    /// it; the first for which there is none is reported. What was published has the room that it had.
    pub(super) fn has_room_for_image(&mut self, at: usize) -> bool {
        const MOST: u32 = 50;
        self.page.images += 1;
        if self.page.images == MOST + 1 && self.known.names.is_some() {
            let help = format!("Keep at most {MOST}, or make two pages of it.");
            self.report.error(at, Code::TooManyImages, "This page shows too many drawings, videos and sounds.", help);
        }
        self.page.images <= MOST || self.known.names.is_none()
    }

    /// A label that no other region of the page has.
    pub(super) fn label(&mut self, label: String) -> String {
        let count = self.page.labels.entry(label.clone()).or_default();
        *count += 1;
        if *count == 1 { label } else { format!("{label} ({count})") }
    }

    fn add_plain(&self, nodes: &[Node<'_>], text: &mut String) {
        for node in nodes {
            match node {
                Node::Text(run) => {
                    for piece in pieces(run.text()) {
                        match piece {
                            Piece::Plain(plain) | Piece::Bad(plain, _) => text.push_str(plain),
                            Piece::Fact(id, _) => text.push_str(match self.known.facts.look_up(&id) {
                                Lookup::Found(fact) => self.said(fact),
                                Lookup::Broken | Lookup::Unknown => id.as_str(),
                            }),
                        }
                    }
                }
                Node::Leaf(Event::Code(code), _) => text.push_str(code),
                Node::Leaf(Event::SoftBreak | Event::HardBreak, _) => text.push(' '),
                Node::Html(_) | Node::Leaf(..) => {}
                Node::Element(element) => self.add_plain(&element.children, text),
            }
        }
    }

    pub(super) fn nodes<'a>(&mut self, nodes: &[Node<'a>], spot: Spot, out: &mut Vec<Event<'a>>) {
        for node in nodes {
            self.node(node, spot, out);
        }
    }

    fn node<'a>(&mut self, node: &Node<'a>, spot: Spot, out: &mut Vec<Event<'a>>) {
        match node {
            Node::Text(run) => self.text(run, spot, out),
            Node::Html(run) => self.refuse_html(run),
            Node::Leaf(Event::Code(code), at) => {
                if code.contains("{{") {
                    let help = "Take the backticks away.";
                    self.report.error(*at, Code::FactNotHere, "A fact cannot be put in place within code.", help);
                }
                out.push(Event::Code(code.clone()));
            }
            Node::Leaf(Event::TaskListMarker(ticked), _) => {
                // A sign rather than a form's box, which nobody could tick and which would have no label.
                out.push(Event::Text(if *ticked { "☑ " } else { "☐ " }.into()));
            }
            Node::Leaf(event, _) => out.push(event.clone()),
            Node::Element(element) => self.element(element, spot, out),
        }
    }

    fn element<'a>(&mut self, element: &Element<'a>, spot: Spot, out: &mut Vec<Event<'a>>) {
        let Element { tag, at, children } = element;
        let inner = Spot { top: false, ..spot };
        match tag {
            Tag::Heading { level, .. } => self.heading(element, *level, spot, out),
            Tag::Paragraph
                if spot.top
                    && let Some(image) = clip_alone(children) =>
            {
                self.clip(image, out)
            }
            Tag::BlockQuote(_) => self.quote(element, inner, out),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) if info.trim() == "scenario" => {
                if spot.top && self.kind == Kind::Page {
                    out.push(Event::Html(self.scenario(element).into()));
                } else {
                    let help = "Move it to a page, outside lists and quotations.";
                    self.report.error(*at, Code::ScenarioNotHere, "A scenario cannot stand here.", help);
                }
            }
            Tag::CodeBlock(_) => {
                let code = children.iter().filter_map(|node| match node {
                    Node::Text(run) => Some(Event::Text(run.text().to_owned().into())),
                    _ => None,
                });
                out.push(Event::Start(tag.clone()));
                out.extend(code);
                out.push(Event::End(tag.to_end()));
            }
            Tag::Table(_) => self.table(element, inner, out),
            Tag::Link { .. } => self.link(element, inner, out),
            Tag::Image { .. } => self.image(element, out),
            _ => {
                out.push(Event::Start(tag.clone()));
                self.nodes(children, inner, out);
                out.push(Event::End(tag.to_end()));
            }
        }
    }

    /// Text as it is printed, behind what stands before it.
    fn printed(&self, text: &str, out: &mut Vec<Event<'_>>) {
        let before = out.iter().rev().find_map(|event| match event {
            Event::Text(text) => Some(text.chars().next_back()),
            Event::SoftBreak | Event::HardBreak => Some(Some(' ')),
            Event::InlineHtml(html) if html.starts_with("<td") || html.starts_with("<th") => Some(None),
            // A link, or the number of a source.
            Event::Code(_) | Event::InlineHtml(_) => Some(Some('1')),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => None,
            _ => Some(None),
        });
        out.push(Event::Text(curly(text, before.flatten(), self.folder.language()).into()));
    }

    fn text(&mut self, run: &Run, spot: Spot, out: &mut Vec<Event<'_>>) {
        self.refuse_foreign(run, out.last());
        self.name_helplines(run);
        self.name_numbers(run.text(), |at| run.in_file(at));
        self.name_rules(run);
        let begins = match out.last() {
            None | Some(Event::Start(Tag::Paragraph | Tag::Item | Tag::Heading { .. })) => true,
            Some(Event::InlineHtml(html)) => html.starts_with("<td") || html.starts_with("<th"),
            _ => false,
        };
        for piece in pieces(run.text()) {
            match piece {
                Piece::Plain(plain) => self.printed(plain, out),
                Piece::Fact(id, at) => {
                    let Some(fact) = self.fact(&id, run.in_file(at)) else { continue };
                    self.name_numbers(&fact.text, |_| run.in_file(at));
                    let foreign = self.is_foreign(&fact);
                    if foreign {
                        self.warn_of_foreign(&id, run.in_file(at));
                        out.push(Event::InlineHtml("<span lang=\"en-GB\">".into()));
                    }
                    let fact = Fact { text: self.said(&fact).to_owned(), ..fact };
                    let text = if begins && at == 0 { upper_first(&fact.text) } else { fact.text.clone() };
                    self.warn_of_lower_case(&id, &text, run, at, out);
                    for stretch in stretches(&text, &fact) {
                        match stretch {
                            Stretch::Link { text, address } if spot.links => {
                                let text = curly(text, None, self.folder.language());
                                out.push(Event::InlineHtml(link(&text, &address).into()));
                            }
                            Stretch::Link { text, .. } | Stretch::Plain(text) => self.printed(text, out),
                        }
                    }
                    if foreign {
                        out.push(Event::InlineHtml("</span>".into()));
                    }
                    let number = self.note(&fact);
                    // A small number beside a number to dial would be read as a part of it; its source stands below with the others.
                    if spot.notes && !is_number(&fact) {
                        let source = OwnWords::of(self.folder.language()).0.source;
                        let note = format!(
                            r##"<sup class="fact-note"><a href="#fact-{number}" aria-label="{source} {number}">[{number}]</a></sup>"##
                        );
                        out.push(Event::InlineHtml(note.into()));
                    }
                }
                Piece::Bad(written, at) => {
                    let help = "Write it like this, without spaces: `{{fact:upskirting-max-sentence}}`.";
                    let message = format!("`{}` does not name a fact.", shortened(written));
                    self.report.error(run.in_file(at), Code::BadFactReference, message, help);
                }
            }
        }
    }

    /// A fact that is put in place.
    fn fact(&mut self, id: &FactId, at: usize) -> Option<Fact> {
        let fact = match self.known.facts.look_up(id) {
            Lookup::Found(fact) => fact,
            Lookup::Broken => {
                self.gathered.incomplete = true;
                return None;
            }
            Lookup::Unknown if is_rule(id) => {
                let message = format!("`organisation.toml` has no rule `{id}`.");
                let otherwise = "Say there how it is here: a `[[rule]]` with this `id`, a `text` and `review_by`.";
                let rules = self.known.facts.ids().filter(|id| FactId::new(*id).is_ok_and(|id| is_rule(&id)));
                let help = did_you_mean(id.as_str(), rules, otherwise);
                self.report.error(at, Code::UnknownRule, message, help);
                return None;
            }
            Lookup::Unknown => {
                let otherwise = "Add it to `facts.toml`, with its source.";
                let help = did_you_mean(id.as_str(), self.known.facts.ids(), otherwise);
                self.report.error(at, Code::UnknownFact, format!("There is no fact `{id}`."), help);
                return None;
            }
        };
        // A version keeps what it says itself, so that a new translation is no new version of what is not translated.
        let twin = self.folder.twin();
        let also = twin.and_then(|twin| Some((twin, fact.also.get(&twin)?.clone())));
        let kept = Fact { also: also.into_iter().collect(), ..fact.clone() };
        self.gathered.facts.entry(id.clone()).or_insert_with(|| kept.clone()).also.extend(kept.also.clone());
        Some(kept)
    }

    /// What a fact says in the words of this text.
    fn said<'f>(&self, fact: &'f Fact) -> &'f str {
        self.folder.twin().and_then(|twin| fact.also.get(&twin)).unwrap_or(&fact.text)
    }

    /// Whether a fact says something in English within a text in another language. A number is no word.
    fn is_foreign(&self, fact: &Fact) -> bool {
        self.folder.language() != Language::ENGLISH
            && self.folder.twin().is_some_and(|twin| !fact.also.contains_key(&twin))
            && fact.text.chars().any(char::is_alphabetic)
    }

    fn warn_of_foreign(&mut self, id: &FactId, at: usize) {
        let Some(twin) = self.folder.twin().filter(|_| self.known.names.is_some()) else { return };
        let message = format!("The fact `{id}` says this in English.");
        let help = format!("Give the fact a table `also` with `{twin} = \"…\"`, beside its `text`.");
        self.report.warn(at, Code::FactNotTranslated, message, help);
    }

    /// Warns of a fact that begins a sentence in lower case. Where a paragraph begins with one, it is written with a capital.
    fn warn_of_lower_case(&mut self, id: &FactId, text: &str, run: &Run, at: usize, out: &[Event<'_>]) {
        if self.known.names.is_none() || !text.starts_with(char::is_lowercase) || is_address(text) {
            return;
        }
        let before = if run.text()[..at].trim().is_empty() {
            let before = out.iter().rev().find(|event| {
                !matches!(event, Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Emphasis | Tag::Strong))
            });
            match before {
                Some(Event::Text(before)) => &**before,
                _ => "",
            }
        } else {
            &run.text()[..at]
        };
        if ends_sentence(before) {
            let message = format!("The fact `{id}` begins a sentence here, in lower case.");
            let help = "Put a word before it, such as \"Call\" or \"There is\".";
            self.report.warn(run.in_file(at), Code::FactBeginsSentence, message, help);
        }
    }

    /// The number of a fact's note.
    fn note(&mut self, fact: &Fact) -> usize {
        let cited = &mut self.page.cited;
        // By source and not by fact: one source gets one number, and the list at the end names it once.
        let index = *self.page.sources.entry((fact.source.clone(), fact.edition.clone())).or_insert(cited.len());
        if index == cited.len() {
            cited.push(fact.clone());
        }
        // Nothing counts before an unchecked fact, so that a source is never said to be checked further than it was.
        cited[index].checked = cited[index].checked.min(fact.checked);
        index + 1
    }

    fn refuse_html(&mut self, run: &Run) {
        let (message, help) = if run.text().trim_start().starts_with("<!--") {
            ("A comment cannot stand here.", "Take it out; comments have a place only in quizzes.")
        } else {
            ("Raw HTML cannot be used.", "Say it in Markdown, or put a backslash before the `<`.")
        };
        self.report.error(run.in_file(0), Code::RawHtml, message, help);
    }

    fn link<'a>(&mut self, element: &Element<'a>, inner: Spot, out: &mut Vec<Event<'a>>) {
        let Element { tag, at, children } = element;
        let Tag::Link { link_type, dest_url, title, .. } = tag else { return };
        let written = match link_type {
            LinkType::Email => CowStr::from(format!("mailto:{dest_url}")),
            _ => dest_url.clone(),
        };
        if self.is_footnote(element) {
            return self.refuse_footnote(*at);
        }
        if self.plain(children).is_empty() {
            let help = "Write between the square brackets where it leads.";
            self.report.error(*at, Code::EmptyLink, "This link has no text.", help);
        }
        let (address, outside) = match resolve(&written, self.folder, self.known) {
            Ok(Target::Help) => {
                self.gathered.signpost = true;
                ("/help".to_owned(), false)
            }
            Ok(Target::Inside(address) | Target::Contact(address)) => (address, false),
            Ok(Target::Outside(address)) => (address, true),
            Err(bad) => return self.report.error(*at, bad.code, bad.message, bad.help),
        };
        let mut open = format!("<a href=\"{}\"", escaped(&address));
        if !title.is_empty() {
            open.push_str(&format!(" title=\"{}\"", escaped(title)));
        }
        open.push_str(if outside { " rel=\"noreferrer\">" } else { ">" });
        out.push(Event::InlineHtml(open.into()));
        self.nodes(children, Spot { notes: false, links: false, ..inner }, out);
        out.push(Event::InlineHtml("</a>".into()));
    }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Whether a sentence ends here. What is asked or cried in quotation marks may go on: "Stop!" she says.
fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end();
    let bare = text.trim_end_matches(['"', '”', '’', '\'', ')']);
    !text.ends_with("e.g.") && !text.ends_with("i.e.") && (text.ends_with(['.', '?', '!']) || bare.ends_with('.'))
}

/// Whether the first word is an address, which has no capital anywhere.
fn is_address(text: &str) -> bool {
    text.split(' ').next().is_some_and(|word| word.trim_end_matches(['.', ',']).contains(['.', '@', '/']))
}

fn flush(events: &mut Vec<Event<'_>>, blocks: &mut Vec<Block>) {
    if !events.is_empty() {
        blocks.push(Block::Html(to_html(mem::take(events))));
    }
}

fn to_html(events: Vec<Event<'_>>) -> String {
    let mut html = String::new();
    html::push_html(&mut html, events.into_iter());
    html
}
