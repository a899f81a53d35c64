//! A page of a module.

use std::mem;

use model::PageSlug;
use pulldown_cmark::{HeadingLevel, Tag};

use super::{files::Files, reader::FolderReader};
use crate::catalogue::{Block, Page, Prose};
use crate::content::{
    problems::{Code, Report},
    prose::{
        Element, Folder, Gathered, Kind, Known, Node, Writer, as_meant, page_name, parse, printed, reading_age,
        words_in_blocks, words_to_read,
    },
    text::Layout,
};

/// Reads a page. `None` when it has an error, and then the report says which; a draft is kept all the same.
pub(crate) fn read_page(
    slug: PageSlug,
    text: &str,
    known: Known<'_>,
    folder: Folder<'_>,
    gathered: &mut Gathered,
    report: &mut Report<'_>,
) -> Option<Page> {
    let markdown = as_meant(text, Layout::Page, known, report);
    let nodes = parse(&markdown, report);
    let mut writer = Writer::new(Kind::Page, known, folder, gathered, report);
    let title = read_title(&nodes, &mut writer).map(|title| printed(&title, folder.language()));
    let prose = writer.prose(nodes.iter().filter(|node| title_of(node).is_none()));
    let (words, is_help) = (words_to_read(&prose), is_help(&prose));
    if known.draft {
        return Some(Page { title: title.unwrap_or_else(|| slug.to_string()), slug, prose, words, is_help });
    }
    let title = title?;
    (!report.has_errors()).then_some(Page { slug, title, prose, words, is_help })
}

/// How many words stand at most before the people who can help on a page that is about them. A page that teaches names them at its foot.
const WORDS_BEFORE_HELP: usize = 80;

fn is_help(prose: &Prose) -> bool {
    let help = prose.blocks.iter().position(|block| *block == Block::Help);
    help.is_some_and(|place| words_in_blocks(&prose.blocks[..place]) <= WORDS_BEFORE_HELP)
}

fn read_title(nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> Option<String> {
    const HELP: &str = "Begin the file with one line `# Title`, and the headings below it with `## `.";
    let mut titles = nodes.iter().enumerate().filter_map(|(index, node)| Some((index, title_of(node)?)));
    let Some((index, heading)) = titles.next() else {
        writer.report.error(0, Code::NoTitle, "This page has no title.", HELP);
        return None;
    };
    if index > 0 {
        writer.report.error(heading.at, Code::TitleNotFirst, "The title is not at the beginning of the page.", HELP);
    }
    if let Some((_, second)) = titles.next() {
        writer.report.error(second.at, Code::TwoTitles, "This page has a second title.", HELP);
    }
    // Written for its problems and facts; what is shown is the text alone.
    writer.inline(&heading.children);
    let title = writer.plain(&heading.children);
    if title.is_empty() {
        writer.report.error(heading.at, Code::NoTitle, "The title is empty.", HELP);
        return None;
    }
    Some(title)
}

fn title_of<'t, 'a>(node: &'t Node<'a>) -> Option<&'t Element<'a>> {
    match node {
        Node::Element(element) if matches!(element.tag, Tag::Heading { level: HeadingLevel::H1, .. }) => Some(element),
        _ => None,
    }
}

impl FolderReader<'_> {
    /// Reads a page from its file. `None` when it has an error; a draft is kept all the same.
    pub(crate) fn page(&mut self, slug: PageSlug, file: &str, text: &str, folder: Folder<'_>) -> Option<Page> {
        let mut report = self.report(file, text);
        let read = read_page(slug, text, self.known, folder, &mut self.gathered, &mut report);
        self.close(report);
        let elsewhere = mem::take(&mut self.gathered.elsewhere);
        self.take(elsewhere);
        read
    }

    /// Warns of pages that need more than a reading age, and says who should need no more.
    pub(crate) fn warn_of_reading_age(
        &mut self,
        pages: &[Page],
        files: &Files<'_>,
        readers: &str,
        oldest: f64,
        help: &str,
    ) {
        for page in pages {
            let Some(age) = reading_age(&page.prose).filter(|age| *age > oldest) else { continue };
            let file = files.iter().find(|(file, _)| page_name(file).is_some_and(|(_, slug)| slug == page.slug));
            let Some((file, text)) = file else { continue };
            let mut report = self.report(file, text);
            let message =
                format!("The reading age of this page is {age:.1}, and {readers} should need no more than {oldest}.");
            report.warn(0, Code::HardToRead, message, help);
            self.close(report);
        }
    }
}
