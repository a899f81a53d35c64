use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use model::ProgrammeSlug;

use super::own_page::{ProgrammeStanding, programme_standing};
use crate::{
    catalogue::{Audience, History, Language, Programme, Schedule},
    engine::{Engine, Looked, Refused},
    ground::Sha256Digest,
    people::{Person, may_read},
    record::Thing,
    signing::{Hold, agreement_gate, module_hold},
    standing::{Cell, Situation, parts},
};

/// A programme in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeSummary {
    /// The programme, as it is in force.
    pub programme: Arc<Programme>,
    /// Since when it has been asked of the reader. `None`: it is not theirs.
    pub theirs_from: Option<NaiveDate>,
}

/// A programme as it is, and as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammePage {
    /// Its newest version.
    pub programme: Arc<Programme>,
    /// Whether it has been withdrawn.
    pub is_withdrawn: bool,
    /// What the people whom it is written for are called together.
    pub written_for: Vec<String>,
    /// Since when it has been asked of the reader. `None`: it is not theirs.
    pub theirs_from: Option<NaiveDate>,
    /// How far the reader is with it, as their own page says it. `None`: it is not theirs.
    pub standing: Option<ProgrammeStanding>,
    /// What it asks, in its order.
    pub parts: Vec<ProgrammePart>,
    /// Every version ever published, newest first; never empty.
    pub versions: Vec<ProgrammeVersion>,
}

/// A part of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammePart {
    /// What it is.
    pub thing: Thing,
    /// Its title; the one that it had last, if it has been withdrawn.
    pub title: String,
    /// The language of that title.
    pub language: Language,
    /// How long it takes. `None`: an agreement, or withdrawn.
    pub minutes: Option<u32>,
    /// Whether it has been withdrawn, and so is asked of nobody.
    pub is_withdrawn: bool,
    /// Whether the reader may open it.
    pub may_open: bool,
    /// Where the reader stands with it by this programme. `None`: the programme is not theirs.
    pub stands: Option<PartStands>,
}

/// Where somebody stands with a part of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartStands {
    /// By this programme alone.
    pub cell: Cell,
    /// By when it is wanted of them at all, as their own page says it: by this programme or by another that asks for it sooner. `None`: by this
    /// programme it is not wanted.
    pub wanted_by: Option<NaiveDate>,
    /// What keeps them from it now.
    pub hold: Hold,
    /// Of an agreement, how many modules it requires and how many of them are missing.
    pub missing: Option<(usize, usize)>,
}

/// A version of a programme, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeVersion {
    /// Counted from 1.
    pub number: u32,
    /// From when on it was the newest.
    pub published_at: DateTime<Utc>,
    /// When it was withdrawn, before a newer one was published. `None`: it was not.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The digest of its canonical form.
    pub sha256: Sha256Digest,
    /// What it changed of the one before. Empty of the first.
    pub changes: Vec<ProgrammeChange>,
}

/// Something that a version of a programme changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgrammeChange {
    /// It asks for these as well: their titles.
    Added(Vec<String>),
    /// It no longer asks for these: their titles.
    TakenOut(Vec<String>),
    /// It asks for the same in another order.
    Order,
    /// When it is due: before, and since.
    Schedule(Schedule, Schedule),
    /// Whether nobody has it any more but whom somebody gives it to, or everybody whom it is written for.
    ByHand(bool),
    /// For whom it is written: what these are called, before and since.
    Audience(Vec<String>, Vec<String>),
    /// What it is called, or how it is described.
    Words,
}

impl Engine {
    /// The programmes in force that somebody may read about, by title: those that are theirs first.
    ///
    /// # Errors
    /// [`Refused::Internal`] when the database fails.
    pub async fn programmes(&self, person: &Person) -> Looked<Vec<ProgrammeSummary>> {
        let situation = self.situation_of(person).await?;
        let in_force = situation.shelf.programmes.values().filter(|history| !history.is_withdrawn());
        let readable = in_force.filter_map(History::newest).filter_map(|newest| {
            let theirs_from = readable_from(&situation, person, &newest.what)?;
            Some(ProgrammeSummary { programme: Arc::clone(&newest.what), theirs_from })
        });
        let mut readable: Vec<ProgrammeSummary> = readable.collect();
        readable.sort_by(|one, other| {
            let by_title = || one.programme.title.cmp(&other.programme.title);
            one.theirs_from.is_none().cmp(&other.theirs_from.is_none()).then_with(by_title)
        });
        Ok(readable)
    }

    /// A programme with its parts and its versions, also one that has been withdrawn: for whoever it is asked of or written for, and for those
    /// who help, check or run what it is for.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when nothing of that name was ever published, [`Refused::NotForYou`].
    pub async fn programme(&self, person: &Person, slug: &ProgrammeSlug) -> Looked<ProgrammePage> {
        let situation = self.situation_of(person).await?;
        let history = situation.shelf.programmes.get(slug).ok_or(Refused::NotFound)?;
        let newest = history.newest().ok_or(Refused::NotFound)?;
        let programme = Arc::clone(&newest.what);
        let theirs_from = readable_from(&situation, person, &programme).ok_or(Refused::NotForYou)?;
        let parts = parts(&programme).map(|thing| part(&situation, person, &programme, thing, theirs_from.is_some()));
        let earlier = std::iter::once(None).chain(history.versions.iter().map(Some));
        let versions = history.versions.iter().zip(earlier).map(|(issue, before)| ProgrammeVersion {
            number: issue.number,
            published_at: issue.published_at,
            withdrawn_at: issue.withdrawn_at,
            sha256: issue.sha256,
            changes: before.map(|before| changes(&situation, &before.what, &issue.what)).unwrap_or_default(),
        });
        let mut versions: Vec<ProgrammeVersion> = versions.collect();
        versions.reverse();
        Ok(ProgrammePage {
            is_withdrawn: history.is_withdrawn(),
            written_for: situation.catalogue().organisation.all_many(&programme.audience),
            standing: theirs_from.map(|from| programme_standing(&situation, &programme, from)),
            theirs_from,
            parts: parts.collect(),
            versions,
            programme,
        })
    }
}

/// Since when a programme has been somebody's, if it is, where they may read about it. `None`: they may not.
fn readable_from(situation: &Situation, person: &Person, programme: &Programme) -> Option<Option<NaiveDate>> {
    let theirs = situation.programmes().find(|(theirs, _)| theirs.slug == programme.slug).map(|(_, from)| from);
    let may = theirs.is_some() || may_read(&programme.audience, person, &situation.catalogue().organisation);
    may.then_some(theirs)
}

fn part(situation: &Situation, person: &Person, programme: &Programme, thing: Thing, theirs: bool) -> ProgrammePart {
    let catalogue = situation.catalogue();
    let stands = |hold, missing| {
        let cell = situation.cell_in(&programme.slug, &thing);
        let all = situation.cell(&thing);
        // What this programme wants, all of them together want no later.
        let wanted_by = cell.wanted.as_ref().map(|here| all.wanted.as_ref().map_or(here.by, |any| any.by.min(here.by)));
        PartStands { cell: Cell::clone(&cell), wanted_by, hold, missing }
    };
    let mut found = ProgrammePart {
        title: situation.title(&thing),
        language: Language::ENGLISH,
        minutes: None,
        is_withdrawn: !situation.is_in_force(&thing),
        may_open: false,
        stands: None,
        thing: thing.clone(),
    };
    match &thing {
        Thing::Module(slug) => {
            if let Some(module) = catalogue.modules.get(slug) {
                found.language = module.language;
                found.minutes = Some(module.minutes);
                found.may_open = situation.may_read(person, &**module);
                found.stands = theirs.then(|| stands(module_hold(situation, module), None));
            }
        }
        Thing::Agreement(slug) => {
            if let Some(agreement) = catalogue.agreements.get(slug) {
                found.may_open = situation.may_read(person, &**agreement);
                found.stands = theirs.then(|| {
                    let (hold, gate) = agreement_gate(situation, agreement);
                    stands(hold, Some((gate.missing(), gate.items.len())))
                });
            }
        }
    }
    found
}

/// What came with a version, in the order in which people care.
fn changes(situation: &Situation, before: &Programme, since: &Programme) -> Vec<ProgrammeChange> {
    let (had, has): (Vec<Thing>, Vec<Thing>) = (parts(before).collect(), parts(since).collect());
    let titles = |of: &[Thing], not_in: &[Thing]| -> Vec<String> {
        of.iter().filter(|thing| !not_in.contains(thing)).map(|thing| situation.title(thing)).collect()
    };
    let (added, taken_out) = (titles(&has, &had), titles(&had, &has));
    let called = |audiences: &[Audience]| situation.catalogue().organisation.all_many(audiences);
    let stayed = |of: &[Thing], other: &[Thing]| -> Vec<Thing> {
        of.iter().filter(|thing| other.contains(thing)).cloned().collect()
    };
    let reordered = stayed(&had, &has) != stayed(&has, &had);
    let worded = (&before.title, &before.summary) != (&since.title, &since.summary);
    let changes = [
        (!added.is_empty()).then_some(ProgrammeChange::Added(added)),
        (!taken_out.is_empty()).then_some(ProgrammeChange::TakenOut(taken_out)),
        reordered.then_some(ProgrammeChange::Order),
        (before.schedule != since.schedule).then_some(ProgrammeChange::Schedule(before.schedule, since.schedule)),
        (before.audience != since.audience)
            .then(|| ProgrammeChange::Audience(called(&before.audience), called(&since.audience))),
        (before.by_hand != since.by_hand).then_some(ProgrammeChange::ByHand(since.by_hand)),
        worded.then_some(ProgrammeChange::Words),
    ];
    changes.into_iter().flatten().collect()
}
