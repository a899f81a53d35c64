//! One state of the content, and which problem belongs where.

use std::{collections::BTreeSet, path::Path};

use app::pages::preview::{Contents, Elsewhere, Entry, Note, PreviewQuestion, ProgrammeEntry, Tally};
use engine::{
    Clock as _, SystemClock, TwinName,
    catalogue::{Audience, Catalogue, ListedAudience},
    content::{Problem, ReadError, Sources, draft},
    local_date,
};
use model::{AgreementSlug, ModuleSlug, PageSlug};

use super::reading::Reading;

/// The content as it was at one moment.
pub(super) struct Draft {
    /// Which state it is: every change raises it.
    pub(super) number: u64,
    pub(super) catalogue: Catalogue,
    /// As whom it can be looked at: the provider's list, or whoever is named when there is none that can be read.
    pub(super) audiences: Vec<ListedAudience>,
    sources: Sources,
    problems: Vec<Problem>,
}

impl Draft {
    /// Reads and compiles a folder.
    pub(super) fn read(dir: &Path) -> Result<Self, ReadError> {
        Ok(Self::of(Sources::read(dir)?, 1))
    }

    /// Reads and compiles the folder again.
    pub(super) fn read_again(&self, dir: &Path) -> Result<Self, ReadError> {
        Ok(Self::of(self.sources.read_again(dir)?, self.number + 1))
    }

    fn of((sources, mut problems): (Sources, Vec<Problem>), number: u64) -> Self {
        let compiled = draft(&sources, local_date(SystemClock.now()));
        problems.extend(compiled.problems);
        problems.sort();
        Self { number, audiences: audiences(&compiled.catalogue), catalogue: compiled.catalogue, sources, problems }
    }

    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        self.sources == other.sources && self.problems == other.problems
    }

    /// The text of a file; empty when there is none.
    pub(super) fn text(&self, path: &str) -> &str {
        self.sources.files().find(|(file, _)| *file == path).map_or("", |(_, text)| text)
    }

    /// The problems of the files that are wanted.
    pub(super) fn notes(&self, wanted: impl Fn(&str) -> bool) -> Vec<Note> {
        self.problems.iter().filter(|problem| wanted(&problem.path)).map(|problem| self.note(problem)).collect()
    }

    fn note(&self, problem: &Problem) -> Note {
        let before = usize::try_from(problem.line).unwrap_or(usize::MAX).saturating_sub(1);
        let line = self.text(&problem.path).lines().nth(before).map(str::to_owned);
        Note { problem: problem.clone(), line }
    }

    fn tally(&self, wanted: impl Fn(&str) -> bool) -> Tally {
        Tally::of(self.problems.iter().filter(|problem| wanted(&problem.path)))
    }

    /// The paths of files and of problems: a file that is missing has problems and no text.
    fn paths(&self) -> impl Iterator<Item = &str> {
        self.sources.files().map(|(path, _)| path).chain(self.problems.iter().map(|problem| problem.path.as_str()))
    }

    /// Whether there is anything of that name.
    pub(super) fn has_module(&self, slug: &ModuleSlug) -> bool {
        self.paths().any(|path| Thing::of(path) == Some(Thing::Module(slug.as_str())))
    }

    pub(super) fn has_agreement(&self, slug: &AgreementSlug) -> bool {
        self.paths().any(|path| path == agreement_file(slug, None))
    }

    /// The files of a page: one, unless two have the same name and different numbers.
    pub(super) fn page_files(&self, reading: &Reading, page: &PageSlug) -> BTreeSet<String> {
        let of_page = |path: &&str| {
            let file = in_words_of(path, &reading.module.slug, reading.twin);
            file.filter(|file| !file.contains('/')).and_then(page_of) == Some(page.as_str())
        };
        self.paths().filter(of_page).map(str::to_owned).collect()
    }

    /// The problems of a module, or of its twin, that none of its pages and not its quiz shows, and the pages that show the
    /// others, with the other languages.
    pub(super) fn of_module(&self, reading: &Reading) -> (Vec<Note>, Vec<Elsewhere>) {
        let slug = &reading.module.slug;
        let mut elsewhere = Vec::new();
        let mut shown = BTreeSet::from([reading.file(QUIZ)]);
        // The pages of the original, since a twin may lack some.
        for page in reading.original.pages.iter() {
            let files = self.page_files(reading, &page.slug);
            let tally = self.tally(|path| files.contains(path));
            let title = reading.module.page(&page.slug).map_or(&page.title, |(_, page)| &page.title).clone();
            elsewhere.push(Elsewhere { title, address: format!("/modules/{slug}/{}", page.slug), tally });
            shown.extend(files);
        }
        let tally = self.tally(|path| path == reading.file(QUIZ));
        elsewhere.push(Elsewhere { title: "Quiz".to_owned(), address: format!("/modules/{slug}/quiz"), tally });
        let own = TwinName::In(reading.original.language);
        let twins = reading.original.twins.keys().map(|name| (*name, Some(*name)));
        for (name, twin) in [(own, None)].into_iter().chain(twins).filter(|(_, twin)| *twin != reading.twin) {
            let tally = self.tally(|path| in_words_of(path, slug, twin).is_some());
            let address = format!("/modules/{slug}?in={name}");
            elsewhere.push(Elsewhere { title: name.name().to_owned(), address, tally });
        }
        elsewhere.retain(|page| !page.tally.is_empty());
        let notes = self.notes(|path| in_words_of(path, slug, reading.twin).is_some() && !shown.contains(path));
        (notes, elsewhere)
    }

    /// The questions of a quiz in the order of the file, each with its problems, and the problems that stand before all of
    /// them. What has errors that leave no question is there as text.
    pub(super) fn asked(&self, reading: &Reading) -> (Vec<PreviewQuestion>, Vec<Note>) {
        let path = reading.file(QUIZ);
        let sections = sections(self.text(&path));
        let mut before = self.notes(|other| other == path);
        let mut asked = Vec::new();
        for (place, (line, text)) in sections.iter().enumerate() {
            let next = sections.get(place + 1).map_or(u32::MAX, |(line, _)| *line);
            let here = |note: &mut Note| (*line..next).contains(&note.problem.line);
            let notes = before.extract_if(.., here).collect();
            let quiz = &reading.module.quiz;
            let mut questions = quiz.questions.iter().chain(&quiz.on_pages);
            let question = questions.find(|question| names(text, question.id.as_str()));
            asked.push(PreviewQuestion { question: question.cloned().ok_or_else(|| text.clone()), notes });
        }
        (asked, before)
    }

    /// Everything that there is.
    pub(super) fn contents(&self) -> Contents {
        let things: BTreeSet<Thing<'_>> = self.paths().filter_map(Thing::of).collect();
        let mut contents = Contents {
            modules: Vec::new(),
            agreements: Vec::new(),
            programmes: Vec::new(),
            others: self.notes(|path| Thing::of(path).is_none()),
            tally: Tally::of(&self.problems),
        };
        for thing in things {
            match thing {
                Thing::Module(name) => contents.modules.push(self.module_entry(name)),
                Thing::Agreement(name) => contents.agreements.push(self.agreement_entry(name)),
                Thing::Programme(name) => contents.programmes.push(self.programme_entry(name)),
            }
        }
        contents
    }

    fn module_entry(&self, name: &str) -> Entry {
        let module = self.catalogue.modules.values().find(|module| module.slug.as_str() == name);
        Entry {
            title: module.map_or_else(|| name.to_owned(), |module| module.title.clone()),
            address: format!("/modules/{name}"),
            summary: module.map(|module| module.summary.clone()).unwrap_or_default(),
            audience: module.map(|module| module.audience.clone()).unwrap_or_default(),
            tally: self.tally(|path| Thing::of(path) == Some(Thing::Module(name))),
        }
    }

    fn agreement_entry(&self, name: &str) -> Entry {
        let agreement = self.catalogue.agreements.values().find(|agreement| agreement.slug.as_str() == name);
        Entry {
            title: agreement.map_or_else(|| name.to_owned(), |agreement| agreement.title.clone()),
            address: format!("/agreements/{name}"),
            summary: agreement.and_then(|agreement| agreement.summary.first().cloned()).unwrap_or_default(),
            audience: agreement.map(|agreement| agreement.audience.clone()).unwrap_or_default(),
            tally: self.tally(|path| Thing::of(path) == Some(Thing::Agreement(name))),
        }
    }

    fn programme_entry(&self, name: &str) -> ProgrammeEntry {
        ProgrammeEntry {
            slug: name.to_owned(),
            programme: self.catalogue.programmes.iter().find(|programme| programme.slug.as_str() == name).cloned(),
            notes: self.notes(|path| Thing::of(path) == Some(Thing::Programme(name))),
        }
    }
}

fn audiences(catalogue: &Catalogue) -> Vec<ListedAudience> {
    let listed = &catalogue.organisation.audiences;
    if !listed.is_empty() {
        return listed.clone();
    }
    let modules = catalogue.modules.values().flat_map(|module| &module.audience);
    let agreements = catalogue.agreements.values().flat_map(|agreement| &agreement.audience);
    let named: BTreeSet<&Audience> = modules.chain(agreements).collect();
    let unlisted = |id: &Audience| ListedAudience {
        id: id.clone(),
        one: id.to_string(),
        many: id.to_string(),
        reading_age: None,
        helplines: Vec::new(),
    };
    named.into_iter().map(unlisted).collect()
}

/// What a file belongs to, by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing<'p> {
    Module(&'p str),
    Agreement(&'p str),
    Programme(&'p str),
}

impl<'p> Thing<'p> {
    /// `None` for files that belong to everything or to nothing.
    fn of(path: &'p str) -> Option<Self> {
        let (folder, rest) = path.split_once('/')?;
        let (name, thing) = match folder {
            "modules" => rest.split_once('/').map(|(name, _)| (name, Self::Module(name)))?,
            "agreements" => rest.strip_suffix(".md").map(|name| (name, Self::Agreement(name)))?,
            "programmes" => rest.strip_suffix(".toml").map(|name| (name, Self::Programme(name)))?,
            _ => return None,
        };
        // What names look like is the same for all of them.
        ModuleSlug::new(name).is_ok().then_some(thing)
    }
}

pub(super) const ABOUT: &str = "module.toml";
pub(super) const QUIZ: &str = "quiz.md";

/// The path of a file of a module, or of its twin.
pub(super) fn file_of(module: &ModuleSlug, twin: Option<TwinName>, name: &str) -> String {
    match twin {
        Some(twin) => format!("modules/{module}/{twin}/{name}"),
        None => format!("modules/{module}/{name}"),
    }
}

pub(super) fn agreement_file(agreement: &AgreementSlug, twin: Option<TwinName>) -> String {
    match twin {
        None => format!("agreements/{agreement}.md"),
        Some(twin) => format!("agreements/{agreement}.{twin}.md"),
    }
}

/// The path within the folder of a module without those of its twins, or within the folder of a twin.
fn in_words_of<'p>(path: &'p str, module: &ModuleSlug, twin: Option<TwinName>) -> Option<&'p str> {
    let within = path.strip_prefix("modules/")?.strip_prefix(module.as_str())?.strip_prefix('/')?;
    let in_twin = within.split_once('/').and_then(|(folder, file)| Some((TwinName::new(folder)?, file)));
    match (in_twin, twin) {
        (None, None) => Some(within),
        (Some((name, file)), Some(twin)) => (name == twin).then_some(file),
        _ => None,
    }
}

/// The name of the page that a file of a module holds: what stands between its number and `.md`.
fn page_of(file: &str) -> Option<&str> {
    Some(file.strip_suffix(".md")?.split_once('-')?.1)
}

/// The parts of a quiz that begin with a heading of level 2, each with the line on which it begins.
fn sections(text: &str) -> Vec<(u32, String)> {
    let mut sections: Vec<(u32, String)> = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && line.starts_with("## ") {
            sections.push((number, String::new()));
        }
        if let Some((_, section)) = sections.last_mut() {
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

/// Whether a comment in the text of a question gives it this id.
fn names(text: &str, id: &str) -> bool {
    text.match_indices("id:").any(|(at, key)| {
        let value = text[at + key.len()..].trim_start_matches(' ');
        value.strip_prefix(id).is_some_and(|rest| {
            rest.starts_with("-->") || !rest.starts_with(|char: char| char.is_ascii_alphanumeric() || char == '-')
        })
    })
}
