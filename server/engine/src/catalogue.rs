//! What authors wrote, compiled: modules with their quizzes, agreements, programmes, facts and contacts. It lives in
//! memory, holds the answer keys, and never leaves the server whole.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::{Months, NaiveDate, TimeDelta};
use model::{AgreementSlug, FactId, ModuleSlug, PageSlug, ProgrammeSlug, QuestionId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    Language, TwinName,
    media::{MediaName, MediaPlace},
};

/// Everything under `content/`, compiled.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The provider: its name, sites and named roles.
    pub organisation: Organisation,
    /// The source register.
    pub facts: BTreeMap<FactId, Fact>,
    /// The help services among them, in the order of the register.
    pub helplines: Vec<Helpline>,
    /// The modules by slug.
    pub modules: BTreeMap<ModuleSlug, Arc<Module>>,
    /// The agreements by slug.
    pub agreements: BTreeMap<AgreementSlug, Arc<Agreement>>,
    /// The programmes in the order of their slugs.
    pub programmes: Vec<Programme>,
    /// Where the bytes are of all that pages play, until they are published.
    pub media: BTreeMap<Sha256Digest, MediaPlace>,
}

/// For whom something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// People on a course or an apprenticeship.
    Learner,
    /// Everybody who works for the provider.
    Staff,
}

/// A SHA-256 digest; shown and stored as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Digest(pub [u8; 32]);

impl Sha256Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).ok()?;
        Some(Self(digest))
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The very bytes that a version is known by: canonical JSON (RFC 8785) of everything its text depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The canonical JSON.
    pub json: String,
    /// The SHA-256 of those bytes.
    pub sha256: Sha256Digest,
}

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
    pub pages: Vec<Page>,
    /// The quiz.
    pub quiz: Quiz,
    /// The same in other languages and in Easy Read.
    pub twins: BTreeMap<TwinName, Twin>,
    /// The files that its pages and those of its twins play, captions among them, in the order of their names.
    pub media: Vec<Media>,
    /// What this version is known by.
    pub canonical: Canonical,
}

/// The words of a module in another language or in Easy Read. Everything else is the module's: what counts, what is right
/// and how it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// "You will be able to…".
    pub outcomes: Vec<String>,
    /// The module's pages, in the same order.
    pub pages: Vec<Page>,
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
}

/// Running text as HTML of our own making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// HTML with places in it where the reader's contacts are drawn.
    pub blocks: Vec<Block>,
    /// The facts that it cites, one for each source; the note numbered 1 is the first.
    pub facts: Vec<Fact>,
    /// The line of its file on which each block begins, counted from 1. Only drafts have it; there each paragraph, list
    /// and so on is a block of its own.
    pub lines: Vec<u32>,
}

/// A stretch of prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Ready HTML.
    Html(String),
    /// The contacts of the reader's site (`> [!HELP]`).
    Help,
}

/// A quiz with its key. Only [`crate::Engine`] hands parts of it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiz {
    /// The share of the marks that passes, in per cent.
    pub pass: u32,
    /// How many questions an attempt asks, those from pools included.
    pub draw: u32,
    /// How many of them come from each pool; the rest come from all questions that are left.
    pub pools: BTreeMap<String, u32>,
    /// How many attempts a person has before their tutor is asked to step in.
    pub attempts: u32,
    /// How long to wait after an attempt that did not pass.
    pub cooldown: TimeDelta,
    /// All its questions, in the author's order.
    pub questions: Vec<Question>,
}

/// A question with its key and feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name within the module, for ever.
    pub id: QuestionId,
    /// The page that teaches it.
    pub page: PageSlug,
    /// Its share of the marks.
    pub weight: u32,
    /// The pool that it is drawn from.
    pub pool: Option<String>,
    /// Whether an answer that is right in part earns a part of the marks.
    pub partial: bool,
    /// Whether the options keep the author's order.
    pub fixed_order: bool,
    /// The ways in which it is asked: as it stands first, then its variants, all of one form. Never empty.
    pub wordings: Vec<Wording>,
}

/// One way of asking a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The heading, as inline HTML.
    pub stem: String,
    /// What stands between the heading and the options, as HTML; often empty.
    pub body: String,
    /// How it is answered, and what is right.
    pub form: Form,
    /// Feedback for everybody, as HTML that begins with `Why:`; empty when there is none.
    pub why: String,
}

/// How a question is answered, and what is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One right answer among options.
    One(Vec<Choice>),
    /// Any number of right answers.
    Several(Vec<Choice>),
    /// "True" and "False", never shuffled.
    TrueFalse(Vec<Choice>),
    /// Items in the right order, as inline HTML.
    Order(Vec<String>),
    /// Pairs, each side as inline HTML.
    Match(Vec<Pair>),
    /// The texts that are right, as the author wrote them; compared without case, accents and outer spaces.
    Text(Vec<String>),
}

/// What belongs together in a question that asks to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What is given.
    pub left: String,
    /// What is to be found for it; no two pairs of a question have the same.
    pub right: String,
}

/// One option with its key and feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its text as inline HTML.
    pub html: String,
    /// Whether it is (one of) the right one(s).
    pub right: bool,
    /// What someone who chose it is told, as HTML; empty when there is none.
    pub feedback: String,
    /// The mistaken idea that it stands for.
    pub misconception: Option<String>,
}

/// An agreement, compiled from its file.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Its name and address.
    pub slug: AgreementSlug,
    /// Its title.
    pub title: String,
    /// What it is, in about three lines.
    pub summary: Vec<String>,
    /// For whom it is.
    pub audience: Vec<Audience>,
    /// The modules in which it needs a current pass.
    pub requires: Vec<ModuleSlug>,
    /// How long a signature counts.
    pub recurs: Option<Months>,
    /// The named role that gets the receipt.
    pub submit_to: Option<String>,
    /// What the signer declares.
    pub statement: String,
    /// The text to sign.
    pub text: Prose,
    /// Its versions, newest last; never empty.
    pub versions: Vec<AgreementVersion>,
    /// What the newest version is known by.
    pub canonical: Canonical,
}

impl Agreement {
    /// The version that people sign today.
    #[must_use]
    pub fn current(&self) -> &AgreementVersion {
        &self.versions[self.versions.len() - 1]
    }
}

/// A row in an agreement's table of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementVersion {
    /// Its label, such as "1.0".
    pub version: String,
    /// When it was made.
    pub date: NaiveDate,
    /// What changed.
    pub change: String,
    /// Who led the change.
    pub lead: String,
    /// When it was reviewed.
    pub reviewed: NaiveDate,
    /// When it must be reviewed again.
    pub next_review: NaiveDate,
}

/// Modules and agreements in the order in which people do them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Its name.
    pub slug: ProgrammeSlug,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// For whom it is.
    pub audience: Vec<Audience>,
    /// When it is due.
    pub schedule: Schedule,
    /// Its modules, in order.
    pub modules: Vec<ModuleSlug>,
    /// Its agreements, in order.
    pub agreements: Vec<AgreementSlug>,
}

/// When a programme is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Once.
    Once {
        /// Days from a person's start date until it is due.
        days: u32,
    },
    /// Anew in every company year.
    CompanyYear(CompanyYear),
}

/// A year that begins on a day of the provider's choice, and what is due in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompanyYear {
    /// Its first day, in any year; never 29 February.
    pub first_day: NaiveDate,
    /// How many days before it begins what is done counts for it already.
    pub window: u32,
    /// Days from its first day, or from a later start date, until its parts are due.
    pub due_days: u32,
}

/// A law, figure or help service, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name.
    pub id: FactId,
    /// What stands in the sentence.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// Edition or date of the source.
    pub edition: String,
    /// When somebody last held it against the source; none when it must be checked before release.
    pub checked: Option<NaiveDate>,
    /// When it must be checked again.
    pub review_by: NaiveDate,
    /// How to reach it, when it is a help service.
    pub helpline: Option<Helpline>,
}

/// A help service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helpline {
    /// Its name.
    pub name: String,
    /// Its phone number, as people write it.
    #[serde(default)]
    pub phone: Option<String>,
    /// Its address on the web.
    #[serde(default)]
    pub url: Option<String>,
    /// Whom it is for, in words.
    #[serde(rename = "for")]
    pub for_whom: String,
    /// Under which heading it stands.
    pub audience: HelplineAudience,
    /// What it does.
    pub about: String,
    /// When it can be reached.
    #[serde(default)]
    pub hours: Option<String>,
}

/// Under which heading a help service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HelplineAudience {
    /// "If you are under 18".
    Young,
    /// "If you are 18 or over".
    Adult,
    /// "Everyone".
    Everyone,
}

/// The provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its sites with whom to talk to there.
    pub sites: Vec<Site>,
    /// Named roles that get receipts.
    pub roles: Vec<NamedRole>,
}

/// A place where the provider works.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Site {
    /// Its name; a group of the same name makes it the site of that group's people.
    pub name: String,
    /// Whom to talk to there, the designated safeguarding lead first.
    #[serde(rename = "contact", default)]
    pub contacts: Vec<Contact>,
}

/// Somebody to talk to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: String,
    /// Their phone number, as people write it.
    pub phone: String,
    /// Their e-mail address.
    pub email: String,
    /// When they can be reached.
    pub hours: String,
}

/// A role that things are sent to, and who holds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NamedRole {
    /// How agreements name it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is reached.
    pub email: String,
}

impl Module {
    /// The page of that name, and its place counted from 0.
    #[must_use]
    pub fn page(&self, slug: &PageSlug) -> Option<(usize, &Page)> {
        self.pages.iter().enumerate().find(|(_, page)| page.slug == *slug)
    }

    /// The module in the words of a twin; none when it has no such twin. It keeps what it is known by.
    #[must_use]
    pub fn in_words_of(&self, name: TwinName) -> Option<Self> {
        let twin = self.twins.get(&name)?;
        let mut module = self.clone();
        module.title.clone_from(&twin.title);
        module.summary.clone_from(&twin.summary);
        module.outcomes.clone_from(&twin.outcomes);
        module.pages.clone_from(&twin.pages);
        module.language = name.language(self.language);
        module.quiz.questions.retain_mut(|question| match twin.wordings.get(&question.id) {
            Some(wordings) => {
                question.wordings.clone_from(wordings);
                true
            }
            // Only a draft lacks wordings.
            None => false,
        });
        Some(module)
    }
}

impl Quiz {
    /// The question of that name.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == *id)
    }
}

impl Form {
    /// The options of a question that asks to choose, in the author's order; none for the other forms.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::One(choices) | Self::Several(choices) | Self::TrueFalse(choices) => choices,
            Self::Order(_) | Self::Match(_) | Self::Text(_) => &[],
        }
    }

    /// The same, to be changed while they are compiled.
    pub(crate) fn choices_mut(&mut self) -> &mut [Choice] {
        match self {
            Self::One(choices) | Self::Several(choices) | Self::TrueFalse(choices) => choices,
            Self::Order(_) | Self::Match(_) | Self::Text(_) => &mut [],
        }
    }
}
