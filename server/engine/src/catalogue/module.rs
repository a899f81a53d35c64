use std::{collections::BTreeMap, sync::Arc};

use chrono::{Months, NaiveDate};
use model::{ModuleSlug, PageSlug, QuestionId};

use super::{Audience, Canonical, Language, Prose, Quiz, TwinName, Wording};
use crate::media::MediaName;

/// A module, compiled from its folder.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name and address.
    pub slug: ModuleSlug,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// For whom it is.
    pub audience: Vec<Audience>,
    /// How long it takes, quiz included; credited as CPD.
    pub minutes: u32,
    /// Raised by the author when people must take it again; a pass of an earlier edition is superseded.
    pub edition: u32,
    /// How long a pass counts.
    pub valid_for: Months,
    /// The modules to pass before its quiz begins, which it builds on.
    pub requires: Vec<ModuleSlug>,
    /// Whether having been at a workshop about it counts as a pass.
    pub workshop: ByWorkshop,
    /// Whether whoever renews a pass may do so by a refresher: what changed, and what they got wrong.
    pub refresher: bool,
    /// What a tutor and somebody talk over who work it through side by side. Empty: it is not worked through so.
    pub side_by_side: Vec<String>,
    /// "You will be able to…".
    pub outcomes: Vec<String>,
    /// What it rests on, for its overview.
    pub sources: Vec<String>,
    /// Subjects; `sensitive` asks for a signpost to help.
    pub tags: Vec<String>,
    /// Who looks after it.
    pub owner: String,
    /// When it was last reviewed.
    pub reviewed: NaiveDate,
    /// When it must be reviewed again.
    pub review_by: NaiveDate,
    /// What it is written in.
    pub language: Language,
    /// The pages in reading order; never empty.
    pub pages: Arc<[Page]>,
    /// The quiz.
    pub quiz: Arc<Quiz>,
    /// The same in other languages and in Easy Read.
    pub twins: BTreeMap<TwinName, Twin>,
    /// The files that its pages and those of its twins play, captions among them, in the order of their names.
    pub media: Vec<Media>,
    /// What this version is known by.
    pub canonical: Canonical,
    /// Its number among the published versions, counted from 1; 0 while it is not published.
    pub number: u32,
}

/// Whether having been at a workshop about a module counts as a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ByWorkshop {
    /// It does not: its quiz is to be passed.
    #[default]
    Never,
    /// It does, and so does its quiz.
    AsWell,
    /// It does, and nothing else: the module has no quiz.
    Only,
}

/// Whether readers may need help because of what a module with these tags is about.
pub(crate) fn is_sensitive(tags: &[String]) -> bool {
    tags.iter().any(|tag| tag == "sensitive")
}

impl Module {
    /// Whether a workshop counts for it.
    #[must_use]
    pub fn has_workshops(&self) -> bool {
        self.workshop != ByWorkshop::Never
    }

    /// Whether it has a quiz.
    #[must_use]
    pub fn has_quiz(&self) -> bool {
        self.workshop != ByWorkshop::Only
    }

    /// Whether readers may need help because of what it is about.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        is_sensitive(&self.tags)
    }

    /// The page of that name, and its place counted from 0.
    #[must_use]
    pub fn page(&self, slug: &PageSlug) -> Option<(usize, &Page)> {
        self.pages.iter().enumerate().find(|(_, page)| page.slug == *slug)
    }

    /// The module in the words of a twin. `None` when it has no such twin. It keeps what it is known by.
    #[must_use]
    pub fn in_words_of(&self, name: TwinName) -> Option<Self> {
        let twin = self.twins.get(&name)?;
        let mut module = self.clone();
        module.title.clone_from(&twin.title);
        module.summary.clone_from(&twin.summary);
        module.outcomes.clone_from(&twin.outcomes);
        module.pages.clone_from(&twin.pages);
        module.language = name.language(self.language);
        let quiz = Arc::make_mut(&mut module.quiz);
        for questions in [&mut quiz.questions, &mut quiz.on_pages] {
            questions.retain_mut(|question| match twin.wordings.get(&question.id) {
                Some(wordings) => {
                    question.wordings.clone_from(wordings);
                    true
                }
                // Only a draft lacks wordings.
                None => false,
            });
        }
        Some(module)
    }
}

/// The words of a module in another language or in Easy Read. Everything else is the module's: what counts, what is right
/// and how it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// When somebody who speaks the language last held it against the module, or, of Easy Read, when readers tried it. `None`: nobody has
    /// yet, and readers are shown it only where the provider says so.
    pub reviewed: Option<NaiveDate>,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// "You will be able to…".
    pub outcomes: Vec<String>,
    /// The module's pages, in the same order.
    pub pages: Arc<[Page]>,
    /// How each question of the module is asked: in as many ways as there, each of the same form with the same in the same
    /// places, so that an answer counts the same in either.
    pub wordings: BTreeMap<QuestionId, Vec<Wording>>,
}

/// A file that pages play, or captions. Its bytes are in the database once its module is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// How its author calls it, within the folder of the module.
    pub file: String,
    /// What it is known by.
    pub name: MediaName,
    /// How long it is.
    pub bytes: u64,
    /// How long it plays, if that is known.
    pub seconds: Option<u32>,
}

/// One page of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its name within the module.
    pub slug: PageSlug,
    /// Its title: the level-1 heading.
    pub title: String,
    /// What stands below the title.
    pub prose: Prose,
    /// How many words there are to read below the title; those in drawings count.
    pub words: usize,
    /// Whether it is about the people who can help: whether it was opened is nobody's business.
    pub is_help: bool,
}
