use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};
use model::{AgreementSlug, ModuleSlug, Status};

use crate::{
    catalogue::{Language, Programme},
    engine::{Engine, Looked},
    ground::{CompletionId, SignatureId},
    people::{Person, is_for},
    quiz::StuckLearner,
    record::Thing,
    standing::{Cell, Situation, Wanted, Why, parts},
};

/// What somebody has to do and has done.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// What is wanted: overdue first, then by due date, then in the programmes' order.
    pub due: Vec<Due>,
    /// What is done and counts, newest first.
    pub done: Vec<DoneThing>,
    /// How far they are with each programme that is theirs.
    pub programmes: Vec<ProgrammeStanding>,
    /// Learners in their groups who have used up their attempts.
    pub stuck: Vec<StuckLearner>,
}

/// How far somebody is with a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeStanding {
    /// Its title.
    pub title: String,
    /// How many of its modules and agreements count now and are not wanted anew. What has been withdrawn is no part of it.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// By when the last of what is wanted is due, or all of it the next time. `None`: it is done for good.
    pub by: Option<NaiveDate>,
}

/// Something that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What it is.
    pub thing: DueThing,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
    /// The language of title and summary.
    pub language: Language,
    /// The title of the programme that wants it. `None`: none does, but what was done runs out.
    pub programme: Option<String>,
    /// By when, and why.
    pub wanted: Wanted,
    /// Where the person stands.
    pub status: Status,
    /// Whether what they did before still counts.
    pub renews: bool,
}

/// What it is that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueThing {
    /// A module, and how long it takes in minutes.
    Module(ModuleSlug, u32),
    /// An agreement, and how many of the modules that it requires are still to be passed.
    Agreement(AgreementSlug, usize),
}

/// Something done that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoneThing {
    /// A module was passed.
    Module {
        /// Which.
        module: ModuleSlug,
        /// Its title; the one that it had last, if it has been withdrawn.
        title: String,
        /// The language of that title; English if the module has been withdrawn, since then nothing says it any more.
        language: Language,
        /// Whether it has been withdrawn since.
        withdrawn: bool,
        /// The completion.
        completion: CompletionId,
        /// When.
        at: DateTime<Utc>,
        /// Until when it counts.
        until: DateTime<Utc>,
    },
    /// An agreement was signed.
    Agreement {
        /// Its title; the one that it had last, if it has been withdrawn.
        title: String,
        /// Whether it has been withdrawn since.
        withdrawn: bool,
        /// The signature.
        signature: SignatureId,
        /// When.
        at: DateTime<Utc>,
        /// Until when it counts. `None`: for ever.
        until: Option<DateTime<Utc>>,
    },
}

impl DoneThing {
    /// When it was done.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Module { at, .. } | Self::Agreement { at, .. } => *at,
        }
    }
}

impl Engine {
    /// What somebody has to do and has done.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn own_page(&self, person: &Person) -> Looked<OwnPage> {
        let stuck = self.stuck_learners(person).await?;
        let situation = self.situation(person.id).await?;
        let mut things = situation.things();
        let theirs = situation.catalogue().modules.values().filter(|module| is_for(&module.audience, person));
        things.extend(theirs.map(|module| Thing::Module(module.slug.clone())));
        let mut due = Vec::new();
        let mut done = Vec::new();
        for (place, thing) in things.iter().enumerate() {
            if things[..place].contains(thing) {
                continue;
            }
            let cell = situation.cell(thing);
            done.extend(done_thing(&situation, thing, &cell));
            due.extend(due_thing(&situation, thing, cell));
        }
        due.sort_by_key(|item| (item.status != Status::Overdue, item.wanted.by));
        done.sort_by_key(|item| Reverse(item.at()));
        Ok(OwnPage { due, done, programmes: programme_standings(&situation), stuck })
    }
}

fn programme_standings(situation: &Situation) -> Vec<ProgrammeStanding> {
    let standings = situation.programmes().map(|(programme, from)| {
        let in_force = parts(programme).filter(|thing| situation.is_in_force(thing));
        let cells: Vec<Cell> = in_force.map(|thing| situation.cell(&thing)).collect();
        let next = || programme.schedule.next_due(from, situation.today);
        ProgrammeStanding {
            title: programme.title.clone(),
            done: cells.iter().filter(|cell| is_done(cell, programme)).count(),
            of: cells.len(),
            by: cells.iter().filter_map(|cell| wanted_for(cell, programme)).map(|wanted| wanted.by).max().or_else(next),
        }
    });
    standings.collect()
}

/// What is wanted of a part, unless it counts and another programme wants it anew.
fn wanted_for<'c>(cell: &'c Cell, programme: &Programme) -> Option<&'c Wanted> {
    let wanted = cell.wanted.as_ref()?;
    (cell.counts.is_none() || wanted.programme.as_ref() == Some(&programme.slug)).then_some(wanted)
}

/// Whether a part of a programme is done for now: what only runs out is done until it has.
fn is_done(cell: &Cell, programme: &Programme) -> bool {
    match wanted_for(cell, programme) {
        None => cell.counts.is_some() || cell.status == Status::Exempt,
        Some(wanted) => wanted.why == Why::RunsOut,
    }
}

fn due_thing(situation: &Situation, thing: &Thing, cell: Cell) -> Option<Due> {
    let renews = cell.renews();
    let Cell { status, wanted, .. } = cell;
    let wanted = wanted?;
    let (thing, title, summary, language) = match thing {
        Thing::Module(slug) => {
            let module = situation.catalogue().modules.get(slug)?;
            (DueThing::Module(slug.clone(), module.minutes), &module.title, module.summary.clone(), module.language)
        }
        Thing::Agreement(slug) => {
            let agreement = situation.catalogue().agreements.get(slug)?;
            let missing = agreement.requires.iter().filter(|slug| situation.module_cell(slug).counts.is_none());
            let summary = agreement.summary.first().cloned().unwrap_or_default();
            (DueThing::Agreement(slug.clone(), missing.count()), &agreement.title, summary, Language::ENGLISH)
        }
    };
    let programmes = &situation.catalogue().programmes;
    let programme = programmes.iter().find(|programme| Some(&programme.slug) == wanted.programme.as_ref());
    let programme = programme.map(|programme| programme.title.clone());
    Some(Due { thing, title: title.clone(), summary, language, programme, wanted, status, renews })
}

fn done_thing(situation: &Situation, thing: &Thing, cell: &Cell) -> Option<DoneThing> {
    let counts = cell.counts?;
    match thing {
        Thing::Module(module) => {
            let history = situation.shelf.modules.get(module)?;
            let pass = situation.completion(counts);
            Some(DoneThing::Module {
                module: module.clone(),
                title: history.title.clone(),
                language: situation.catalogue().modules.get(module).map_or(Language::ENGLISH, |module| module.language),
                withdrawn: history.is_withdrawn(),
                completion: pass.id,
                at: pass.completed_at,
                until: pass.expires_at,
            })
        }
        Thing::Agreement(agreement) => {
            let history = situation.shelf.agreements.get(agreement)?;
            let signature = situation.signature(counts);
            Some(DoneThing::Agreement {
                title: history.title.clone(),
                withdrawn: history.is_withdrawn(),
                signature: signature.id,
                at: signature.signed_at,
                until: signature.expires_at,
            })
        }
    }
}
