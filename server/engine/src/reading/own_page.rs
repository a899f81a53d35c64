use std::{cmp::Reverse, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug, Status};

use super::cpd_record::{YearMinutes, minutes_of_year, target_of};
use crate::{
    catalogue::{Language, Module, Programme},
    engine::{Engine, Looked},
    ground::{CompletionId, SignatureId},
    people::{Person, Right, Scope},
    quiz::StuckLearner,
    record::{Decline, NeutralName, Thing},
    signing::{GateItem, Hold, agreement_gate, module_gate},
    standing::{Cell, Missed, Situation, Wanted, Why, parts},
    workshops::{LedWorkshop, ListedDiscussion},
};

/// What somebody has to do and has done.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// What is wanted. First what can be done now: what may be signed, then overdue, then by due date, then in the programmes' order,
    /// an agreement after what it still requires. Last what waits for a pause or for a tutor.
    pub due: Vec<Due>,
    /// What is done and counts, newest first.
    pub done: Vec<DoneThing>,
    /// How far they are with each programme that is theirs.
    pub programmes: Vec<ProgrammeStanding>,
    /// What they did not do in company years that are over, in the order of the programmes.
    pub missed: Vec<MissedThing>,
    /// Learners in their groups who have used up their attempts.
    pub stuck: Vec<StuckLearner>,
    /// The workshops that they led and of which they are still to say who was there, the latest first.
    pub to_confirm: Vec<LedWorkshop>,
    /// The discussions that they marked as held and that the other denied, the newest first.
    pub denied: Vec<ListedDiscussion>,
    /// How far they are towards the year's minutes of CPD. `None`: the provider names no target.
    pub minutes: Option<YearMinutes>,
}

/// Something that was not done in company years that are over. It stays so, whatever is done later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedThing {
    /// Its title; the one that it had last, if it has been withdrawn.
    pub title: String,
    /// The language of that title; English if the module has been withdrawn.
    pub language: Language,
    /// The years and by when it was due in each, oldest first.
    pub years: Vec<Missed>,
}

/// How far somebody is with a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeStanding {
    /// Its name.
    pub slug: ProgrammeSlug,
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
    /// What letters to them call it.
    pub called: NeutralName,
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
    /// Until when that counts. `None`: nothing does, or it counts for ever.
    pub until: Option<DateTime<Utc>>,
    /// What keeps them from doing it now.
    pub hold: Hold,
    /// How long what is left of it takes, in minutes: of a module, its pages that have not been read and its quiz.
    pub minutes_left: u32,
    /// The modules that an agreement requires, in its order, and how each stands. Empty for a module.
    pub requires: Vec<GateItem>,
    /// What they declined to sign of it, where they have not signed since.
    pub declined: Option<Decline>,
    /// How many more attempts their tutor has given them, if they have made none since.
    pub given: Option<u32>,
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
        /// What letters to them call it.
        called: NeutralName,
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
        let leads = Scope::of(person, Right::Assign, self.clock.now()).is_some();
        let to_confirm = if leads { self.workshops_to_confirm(person).await? } else { Vec::new() };
        let denied = if leads { self.discussions_denied(person).await? } else { Vec::new() };
        let situation = self.situation_of(person).await?;
        let mut things = situation.things();
        let theirs = situation.catalogue().modules.values().filter(|module| situation.is_theirs(person, &***module));
        things.extend(theirs.map(|module| Thing::Module(module.slug.clone())));
        let mut due = Vec::new();
        let mut done = Vec::new();
        let mut missed = Vec::new();
        for (place, thing) in things.iter().enumerate() {
            if things[..place].contains(thing) {
                continue;
            }
            let cell = situation.cell(thing);
            done.extend(done_thing(&situation, thing, &cell));
            due.extend(due_thing(&situation, thing, &cell));
            missed.extend(missed_thing(&situation, thing, &cell));
        }
        let due = in_order(due);
        done.sort_by_key(|item| Reverse(item.at()));
        let minutes = match target_of(&situation) {
            Some(target) => Some(minutes_of_year(&mut self.store.read().await?, &situation, target).await?),
            None => None,
        };
        let programmes = programme_standings(&situation);
        Ok(OwnPage { due, done, programmes, missed, stuck, to_confirm, denied, minutes })
    }
}

/// What can be done before what waits; an agreement that may be signed first, and one that may not after what it still requires.
fn in_order(mut due: Vec<Due>) -> Vec<Due> {
    due.sort_by_key(|item| {
        let may_be_signed = matches!(item.thing, DueThing::Agreement(..)) && item.hold == Hold::Nothing && !item.renews;
        let rank = if item.hold.waits() { 2 } else { u8::from(!may_be_signed) };
        (rank, item.status != Status::Overdue, item.wanted.by)
    });
    let (gated, mut due): (Vec<_>, Vec<_>) = due.into_iter().partition(|item| item.hold == Hold::Gate);
    for agreement in gated {
        let is_required = |item: &Due| match &item.thing {
            DueThing::Module(slug, _) => {
                !item.hold.waits()
                    && agreement.requires.iter().any(|required| required.module == *slug && required.pass.is_err())
            }
            DueThing::Agreement(..) => false,
        };
        let waiting = due.iter().position(|item| item.hold.waits()).unwrap_or(due.len());
        let place = due.iter().rposition(is_required).map_or(waiting, |last| last + 1);
        due.insert(place, agreement);
    }
    due
}

fn programme_standings(situation: &Situation) -> Vec<ProgrammeStanding> {
    situation.programmes().map(|(programme, from)| programme_standing(situation, programme, from)).collect()
}

/// How far somebody is with a programme that has been theirs since a day.
pub(super) fn programme_standing(situation: &Situation, programme: &Programme, from: NaiveDate) -> ProgrammeStanding {
    let in_force = parts(programme).filter(|thing| situation.is_in_force(thing));
    let cells: Vec<Arc<Cell>> = in_force.map(|thing| situation.cell_in(&programme.slug, &thing)).collect();
    ProgrammeStanding {
        slug: programme.slug.clone(),
        title: programme.title.clone(),
        done: cells.iter().filter(|cell| is_done(cell)).count(),
        of: cells.len(),
        by: finish_by(&cells, situation.today).or_else(|| programme.schedule.next_due(from, situation.today)),
    }
}

/// By when the first part of a programme was wanted that is late; otherwise by when the last is wanted that is not done, or, where all of them are,
/// that is wanted again.
fn finish_by(cells: &[Arc<Cell>], today: NaiveDate) -> Option<NaiveDate> {
    let wanted = |done: bool| {
        let wanted = cells.iter().filter(move |cell| is_done(cell) == done).filter_map(|cell| cell.wanted.as_ref());
        wanted.map(|wanted| wanted.by)
    };
    let late = wanted(false).min().filter(|by| *by < today);
    late.or_else(|| wanted(false).max()).or_else(|| wanted(true).max())
}

/// Whether a part of a programme is done for now: what only runs out is done until it has.
fn is_done(cell: &Cell) -> bool {
    match &cell.wanted {
        None => cell.counts.is_some() || cell.status == Status::Exempt,
        Some(wanted) => wanted.why == Why::RunsOut,
    }
}

fn due_thing(situation: &Situation, thing: &Thing, cell: &Cell) -> Option<Due> {
    let wanted = cell.wanted.clone()?;
    let (renews, called) = (cell.renews(), called(situation, thing));
    let until = cell.counts.and_then(|done| done.until);
    let requires;
    let (mut minutes_left, mut given, mut declined) = (0, None, None);
    let (thing, title, summary, language, hold) = match thing {
        Thing::Module(slug) => {
            let module = situation.catalogue().modules.get(slug)?;
            minutes_left = module_minutes_left(situation, module);
            given = attempts_given(situation, module);
            let thing = DueThing::Module(slug.clone(), module.minutes);
            let (hold, first) = module_gate(situation, module);
            requires = first;
            (thing, &module.title, module.summary.clone(), module.language, hold)
        }
        Thing::Agreement(slug) => {
            let agreement = situation.catalogue().agreements.get(slug)?;
            let (hold, gate) = agreement_gate(situation, agreement);
            let missing = gate.missing();
            let summary = agreement.summary.first().cloned().unwrap_or_default();
            declined = situation.declined(slug).cloned();
            requires = gate.items;
            (DueThing::Agreement(slug.clone(), missing), &agreement.title, summary, Language::ENGLISH, hold)
        }
    };
    let programmes = &situation.catalogue().programmes;
    let programme = programmes.iter().find(|programme| Some(&programme.slug) == wanted.programme.as_ref());
    let programme = programme.map(|programme| programme.title.clone());
    let title = title.clone();
    Some(Due {
        thing,
        title,
        called,
        language,
        summary,
        programme,
        wanted,
        status: cell.status,
        renews,
        until,
        hold,
        minutes_left,
        requires,
        declined,
        given,
    })
}

/// What letters call something that is asked of somebody.
fn called(situation: &Situation, thing: &Thing) -> NeutralName {
    NeutralName::among(situation.programmes().map(|(programme, _)| programme), thing)
}

/// How long the pages take that have not been read, and the quiz, for which as much is reckoned as for a page.
fn module_minutes_left(situation: &Situation, module: &Module) -> u32 {
    let read = situation.dossier.read.get(&(module.slug.clone(), module.edition));
    let unread = module.pages.iter().filter(|page| !read.is_some_and(|read| read.contains(&page.slug))).count();
    let parts = u32::try_from(module.pages.len() + 1).unwrap_or(u32::MAX);
    let left = u32::try_from(unread + 1).unwrap_or(u32::MAX);
    (module.minutes * left).div_ceil(parts)
}

/// How many more attempts the tutor gave because of the last attempt.
fn attempts_given(situation: &Situation, module: &Module) -> Option<u32> {
    let mut attempts = situation.attempts(&module.slug).filter(|attempt| attempt.edition == module.edition);
    attempts.next_back()?.task?.1
}

fn missed_thing(situation: &Situation, thing: &Thing, cell: &Cell) -> Option<MissedThing> {
    if cell.missed.is_empty() {
        return None;
    }
    let (title, language) = match thing {
        Thing::Module(module) => (&situation.shelf.modules.get(module)?.title, language_of(situation, module)),
        Thing::Agreement(agreement) => (&situation.shelf.agreements.get(agreement)?.title, Language::ENGLISH),
    };
    Some(MissedThing { title: title.clone(), language, years: cell.missed.clone() })
}

/// The language of a module's title; English if it has been withdrawn, since then nothing says it any more.
fn language_of(situation: &Situation, module: &ModuleSlug) -> Language {
    situation.catalogue().modules.get(module).map_or(Language::ENGLISH, |module| module.language)
}

fn done_thing(situation: &Situation, thing: &Thing, cell: &Cell) -> Option<DoneThing> {
    let counts = cell.counts?;
    match thing {
        Thing::Module(module) => {
            let history = situation.shelf.modules.get(module)?;
            let pass = situation.completion(counts);
            Some(DoneThing::Module {
                module: module.clone(),
                called: called(situation, thing),
                title: history.title.clone(),
                language: language_of(situation, module),
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
