use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::{AgreementSlug, ModuleSlug, PageSlug, ProgrammeSlug};

use super::cell::{Asked, Cell, Demand, Done, Edition, standing};
use crate::{
    catalogue::{Audience, Catalogue, History, Issue, Module, Programme, Shelf},
    engine::{Engine, Looked, Refused},
    ground::{Dated, PersonId, local_date},
    people::Person,
    record::{
        AssignedTo, Assignment, AttemptFact, Completion, Decline, Dossier, Exemption, GroupPlace, PersonFacts,
        Revisions, Signature, Thing, find_dossier, find_revisions,
    },
    store::{Linked, StoreError},
};

/// A clock that is behind the record by more than this is worth a word.
const CLOCK_STEP: TimeDelta = TimeDelta::seconds(5);

/// Everything that decides where somebody stands at a moment, read once. It asks the database nothing more.
pub(crate) struct Situation<R = Dossier> {
    pub dossier: Arc<R>,
    pub shelf: Arc<Shelf>,
    pub now: DateTime<Utc>,
    /// What the clock says: before `now` when the clock has gone back.
    pub clock: DateTime<Utc>,
    pub today: NaiveDate,
    /// What is recorded later is left out.
    known: DateTime<Utc>,
    look: Look,
    demands: Vec<(Arc<Programme>, Arc<[Joined]>, NaiveDate)>,
    /// The cells that have been asked for: a page asks for the same one as a part of a programme, as a requirement, and by itself.
    cells: Mutex<BTreeMap<Thing, Arc<Cell>>>,
}

/// Whether somebody is looked at now, or as at another moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Now,
    AsAt,
}

/// A part of a programme, and since when it has been one.
#[derive(Debug)]
pub(crate) struct Joined {
    pub thing: Thing,
    on: NaiveDate,
}

/// What is recorded about one person, so far as it decides where they stand.
pub(crate) trait Recorded {
    fn facts(&self) -> &PersonFacts;

    /// What was done of a thing, oldest first, each with its place in the record; without what had been withdrawn by what was known.
    fn done(&self, thing: &Thing, known: DateTime<Utc>) -> Vec<Done>;

    /// Whether they have begun a module, and whether an attempt at it is open.
    fn begun(&self, module: &ModuleSlug) -> (bool, bool);

    fn exemptions(&self) -> &[Dated<Exemption>];

    /// What they declined to sign, oldest first.
    fn declines(&self) -> &[Decline];

    /// Whatever may be theirs: to them, to any group and to any audience.
    fn assignments(&self) -> impl Iterator<Item = &Dated<Assignment>>;
}

impl Recorded for Dossier {
    fn facts(&self) -> &PersonFacts {
        &self.facts
    }

    fn done(&self, thing: &Thing, known: DateTime<Utc>) -> Vec<Done> {
        match thing {
            Thing::Module(module) => {
                let completions = self.completions.iter().enumerate();
                let of_module = completions.filter(|(_, completion)| {
                    completion.module == *module && completion.withdrawn.is_none_or(|withdrawn| withdrawn.at > known)
                });
                let done = of_module.map(|(place, completion)| Done {
                    place,
                    at: completion.completed_at,
                    until: Some(completion.expires_at),
                    edition: completion.edition,
                });
                done.collect()
            }
            Thing::Agreement(agreement) => {
                let signatures = self.signatures.iter().enumerate();
                let of_agreement = signatures.filter(|(_, signature)| signature.agreement == *agreement);
                let done = of_agreement.map(|(place, signature)| Done {
                    place,
                    at: signature.signed_at,
                    until: signature.expires_at,
                    edition: signature.version,
                });
                done.collect()
            }
        }
    }

    fn begun(&self, module: &ModuleSlug) -> (bool, bool) {
        let mut attempts = self.attempts.iter().filter(|attempt| attempt.module == *module).peekable();
        let attempted = attempts.peek().is_some();
        let read = || self.read.keys().any(|(of, _)| of == module);
        (attempted || read(), attempts.any(|attempt| attempt.outcome.is_none()))
    }

    fn exemptions(&self) -> &[Dated<Exemption>] {
        &self.exemptions
    }

    fn declines(&self) -> &[Decline] {
        &self.declines
    }

    fn assignments(&self) -> impl Iterator<Item = &Dated<Assignment>> {
        self.assignments.iter()
    }
}

/// The programmes that were in force at a moment, each with its parts: what is the same for everybody.
#[derive(Debug)]
pub(crate) struct Issued(BTreeMap<ProgrammeSlug, (Arc<Programme>, Arc<[Joined]>)>);

impl Issued {
    /// All of those that were in force at a moment.
    pub(crate) fn at(shelf: &Shelf, moment: DateTime<Utc>) -> Self {
        let in_force = shelf.programmes.keys().filter_map(|slug| Some((slug.clone(), in_force(shelf, slug, moment)?)));
        Self(in_force.collect())
    }

    /// In the order of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<Programme>, &[Joined])> {
        self.0.values().map(|(programme, parts)| (programme, &**parts))
    }
}

/// What a programme was at a moment, with its parts, each since it has been one. `None`: it was not in force.
fn in_force(shelf: &Shelf, slug: &ProgrammeSlug, moment: DateTime<Utc>) -> Option<(Arc<Programme>, Arc<[Joined]>)> {
    let history = shelf.programmes.get(slug)?;
    let programme = Arc::clone(&history.at(moment)?.what);
    let joined = parts(&programme).filter_map(|thing| {
        let since = history.since(moment, |other, _| parts(other).any(|part| part == thing))?;
        Some(Joined { on: local_date(since), thing })
    });
    let joined = joined.collect();
    Some((programme, joined))
}

impl Engine {
    /// The situation of somebody now.
    pub(crate) async fn situation(&self, person: PersonId) -> Looked<Situation> {
        self.situation_on(&mut self.store.read().await?, person).await
    }

    /// The same, on a connection or a transaction that is there already: inside a transaction that has locked the person, it stays true
    /// until the transaction ends.
    pub(crate) async fn situation_on(&self, on_what: &mut impl Linked, person: PersonId) -> Looked<Situation> {
        let revisions = find_revisions(on_what, person).await?.ok_or(Refused::NotFound)?;
        self.catch_up(on_what, revisions.published).await?;
        let dossier = find_dossier(on_what, &self.dossiers, person, revisions).await?;
        Ok(self.situation_now(dossier))
    }

    /// The situation of somebody who only looks. What held when their session was found, in the same request, still does for them: it asks
    /// the database for nothing unless something has changed since this server last looked.
    pub(crate) async fn situation_of(&self, person: &Person) -> Looked<Situation> {
        let found = person.found_in.as_ref().map(|found| found.revisions);
        let found = found.filter(|revisions| revisions.published <= self.shelf().revision);
        match found.and_then(|revisions| self.dossiers.get(&person.id, &(revisions.person, revisions.organised))) {
            Some(dossier) => Ok(self.situation_now(dossier)),
            None => self.situation(person.id).await,
        }
    }

    fn situation_now(&self, dossier: Arc<Dossier>) -> Situation {
        let clock = self.clock.now();
        // Times in the record never go back, whatever the machine's clock does: what is written next is not dated before what it rests on.
        let now = dossier.last_recorded().map_or(clock, |last| last.max(clock));
        if now > clock + CLOCK_STEP {
            tracing::warn!(behind_ms = (now - clock).num_milliseconds(), "the clock is behind what has been recorded");
        }
        let mut situation = Situation::new(dossier, self.shelf(), None, now, DateTime::<Utc>::MAX_UTC, Look::Now);
        situation.clock = clock;
        situation
    }

    /// Where somebody stood with everything that was asked of them at a moment, or that they had done, by what was recorded until
    /// `known`: the same as `moment` for what was known then, now for what is known today.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person.
    pub async fn standing_at(
        &self,
        person: PersonId,
        moment: DateTime<Utc>,
        known: DateTime<Utc>,
    ) -> Looked<Vec<(Thing, Cell)>> {
        let mut conn = self.store.read().await?;
        let revisions = find_revisions(&mut conn, person).await?.ok_or(Refused::NotFound)?;
        let situation = self.situation_at(&mut conn, person, revisions, moment, known).await?;
        let cells =
            situation.things().into_iter().map(|thing| (thing.clone(), situation.cell(&thing).as_ref().clone()));
        Ok(cells.collect())
    }

    /// The situation of somebody at a moment, by what was recorded until `known`.
    pub(crate) async fn situation_at(
        &self,
        on_what: &mut impl Linked,
        person: PersonId,
        revisions: Revisions,
        now: DateTime<Utc>,
        known: DateTime<Utc>,
    ) -> Result<Situation, StoreError> {
        self.catch_up(on_what, revisions.published).await?;
        let dossier = find_dossier(on_what, &self.dossiers, person, revisions).await?;
        Ok(Situation::new(dossier, self.shelf(), None, now, known, Look::AsAt))
    }
}

impl<R: Recorded> Situation<R> {
    /// `issued`: what was in force by then, where it has been looked up for many.
    pub(crate) fn new(
        dossier: Arc<R>,
        shelf: Arc<Shelf>,
        issued: Option<&Issued>,
        now: DateTime<Utc>,
        known: DateTime<Utc>,
        look: Look,
    ) -> Self {
        let today = local_date(now);
        let mut situation =
            Self { dossier, shelf, now, clock: now, today, known, look, demands: Vec::new(), cells: Mutex::default() };
        situation.demands = situation.find_demands(issued);
        situation
    }

    /// What people get now.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.shelf.current
    }

    /// Whether they are looked at now, and not as at another moment.
    pub(crate) fn is_now(&self) -> bool {
        self.look == Look::Now
    }

    /// What a thing is called; its name when nothing of it was ever published.
    pub(crate) fn title(&self, thing: &Thing) -> String {
        let title = match thing {
            Thing::Module(module) => self.shelf.modules.get(module).map(|history| &history.title),
            Thing::Agreement(agreement) => self.shelf.agreements.get(agreement).map(|history| &history.title),
        };
        title.map_or_else(|| thing.slug().to_owned(), String::clone)
    }

    /// Until when what was published counts: until the moment, and no longer than it was known.
    fn by_then(&self) -> DateTime<Utc> {
        self.now.min(self.known)
    }

    /// The programmes that are theirs at the moment, in the order of their names, with the day from which each counts.
    pub(crate) fn programmes(&self) -> impl Iterator<Item = (&Programme, NaiveDate)> {
        self.demands.iter().map(|(programme, _, from)| (&**programme, *from))
    }

    /// The day on which they are looked at: the moment's, or their first for whoever is to begin later.
    pub(crate) fn day(&self) -> NaiveDate {
        match self.look {
            Look::Now => self.dossier.facts().first_day(self.today, self.known).unwrap_or(self.today),
            Look::AsAt => self.today,
        }
    }

    fn find_demands(&self, issued: Option<&Issued>) -> Vec<(Arc<Programme>, Arc<[Joined]>, NaiveDate)> {
        let facts = self.dossier.facts();
        let day = self.day();
        let Some(start) = facts.start_date(day, self.known) else { return Vec::new() };
        let mut from: BTreeMap<&ProgrammeSlug, NaiveDate> = BTreeMap::new();
        let belongs = Belongs::of(facts, day, self.known);
        let given = self.dossier.assignments().filter(|assignment| assignment.holds(day, self.known));
        for assignment in given {
            let Assignment { programme, to } = &assignment.what;
            if let Some(since) = belongs.since(to, assignment.begins_on) {
                let earliest = from.entry(programme).or_insert(since);
                *earliest = since.min(*earliest);
            }
        }
        let demands = from.into_iter().filter_map(|(slug, since)| {
            let (programme, joined) = match issued {
                Some(issued) => issued.0.get(slug).cloned()?,
                None => in_force(&self.shelf, slug, self.by_then())?,
            };
            Some((programme, joined, start.max(since)))
        });
        demands.collect()
    }

    /// Where they stand with a thing.
    pub(crate) fn cell(&self, thing: &Thing) -> Arc<Cell> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = cells.get(thing) {
            return Arc::clone(cell);
        }
        let cell = Arc::new(self.decide(thing));
        cells.insert(thing.clone(), Arc::clone(&cell));
        cell
    }

    /// The same, decided anew.
    pub(crate) fn decide(&self, thing: &Thing) -> Cell {
        self.stands(thing, &self.asked(thing))
    }

    fn stands(&self, thing: &Thing, asked: &Asked) -> Cell {
        let mut done = self.dossier.done(thing, self.known);
        done.retain(|done| done.at <= self.known);
        standing(asked, &done, self.now)
    }

    /// The same, as if no other programme than this asked for it.
    pub(crate) fn cell_in(&self, programme: &ProgrammeSlug, thing: &Thing) -> Arc<Cell> {
        let mut others = self.demands.iter().filter(|(other, ..)| other.slug != *programme);
        // Mostly none does.
        if !others.any(|(_, parts, _)| parts.iter().any(|part| part.thing == *thing)) {
            return self.cell(thing);
        }
        let mut asked = self.asked(thing);
        asked.demands.retain(|demand| demand.programme == *programme);
        Arc::new(self.stands(thing, &asked))
    }

    /// By when each part of a programme would be wanted of them, were it given to `to` from `begins_on` on and nothing else asked for it; and whether
    /// they would be late with it at once, who are not already by having the programme in another way. Empty: it would not reach them, is not in
    /// force, or nothing of it would be wanted.
    pub(crate) fn wanted_if_given(
        &self,
        issued: &Issued,
        programme: &ProgrammeSlug,
        to: &AssignedTo,
        begins_on: NaiveDate,
    ) -> Vec<(NaiveDate, bool)> {
        let (facts, day) = (self.dossier.facts(), self.day());
        let since = Belongs::of(facts, day, self.known).since(to, begins_on);
        let start = facts.start_date(day, self.known);
        let Some(((start, since), (programme, parts))) = start.zip(since).zip(issued.0.get(programme)) else {
            return Vec::new();
        };
        let parts = parts.iter().filter(|part| self.is_in_force(&part.thing));
        let wanted = parts.filter_map(|part| {
            let mut asked = self.asked(&part.thing);
            asked.demands = vec![demand(programme, part, start.max(since))];
            // What only runs out is wanted by no programme.
            let wanted = self.stands(&part.thing, &asked).wanted.filter(|wanted| wanted.programme.is_some())?;
            let is_late =
                || self.cell_in(&programme.slug, &part.thing).wanted.as_ref().is_some_and(|wanted| wanted.late);
            Some((wanted.by, wanted.late && !is_late()))
        });
        wanted.collect()
    }

    /// The first day on which they are no longer excused from a thing. `None`: they are not excused, or for good.
    pub(crate) fn exempt_before(&self, thing: &Thing) -> Option<NaiveDate> {
        self.exemptions(thing)
            .map(|exemption| exemption.given_before)
            .max_by_key(|end| end.unwrap_or(NaiveDate::MAX))?
    }

    /// What they declined to sign of the version that is in force, where it is asked of them and they have not signed since. It decides nothing:
    /// it can be signed at any time.
    pub(crate) fn declined(&self, agreement: &AgreementSlug) -> Option<&Decline> {
        let version = self.shelf.agreements.get(agreement)?.at(self.by_then())?.number;
        let thing = Thing::Agreement(agreement.clone());
        let signed =
            self.dossier.done(&thing, self.known).iter().map(|done| done.at).filter(|at| *at <= self.by_then()).max();
        let declined = Decline::standing(self.dossier.declines(), agreement, version, signed, self.by_then())?;
        self.cell(&thing).wanted.is_some().then_some(declined)
    }

    fn exemptions(&self, thing: &Thing) -> impl Iterator<Item = &Exemption> {
        let excused = self.dossier.exemptions().iter().filter(|exemption| exemption.holds(self.today, self.known));
        let excused = excused.map(|exemption| &exemption.what).filter(move |exemption| exemption.thing == *thing);
        excused.filter(|exemption| exemption.given_before.is_none_or(|end| self.today < end))
    }

    /// Where they stand with a module.
    pub(crate) fn module_cell(&self, module: &ModuleSlug) -> Arc<Cell> {
        self.cell(&Thing::Module(module.clone()))
    }

    /// Until when a pass of a module counts that is earned now. Renewed in the window, it counts on from where the earlier one ends, so that
    /// nobody loses by renewing early.
    pub(crate) fn pass_until(&self, module: &Module) -> DateTime<Utc> {
        let counts = self.module_cell(&module.slug).counts;
        let from = counts.and_then(|done| done.renewed_at(self.now)).unwrap_or(self.now);
        from.checked_add_months(module.valid_for).unwrap_or(from)
    }

    /// Where they stand with an agreement.
    pub(crate) fn agreement_cell(&self, agreement: &AgreementSlug) -> Arc<Cell> {
        self.cell(&Thing::Agreement(agreement.clone()))
    }

    /// The edition of a module that is in force; 0 when none is.
    pub(crate) fn edition(&self, module: &ModuleSlug) -> u32 {
        let history = self.shelf.modules.get(module);
        history.and_then(|history| history.at(self.by_then())).map_or(0, |issue| issue.what)
    }

    fn asked(&self, thing: &Thing) -> Asked {
        let by_then = self.by_then();
        let editions = match thing {
            Thing::Module(module) => {
                self.shelf.modules.get(module).and_then(|history| editions(history, by_then, |issue| issue.what))
            }
            Thing::Agreement(agreement) => {
                let history = self.shelf.agreements.get(agreement);
                history.and_then(|history| editions(history, by_then, |issue| issue.number))
            }
        };
        // Of what is withdrawn, or was not yet published, whatever was done counts.
        let (edition, replaced) = editions.unwrap_or((Edition { number: 0, since: self.now }, Vec::new()));
        let (begun, open) = match thing {
            // What is under way is no fact: of a past day nobody can say it.
            Thing::Module(module) if self.look == Look::Now => self.dossier.begun(module),
            Thing::Module(_) | Thing::Agreement(_) => (false, false),
        };
        Asked {
            demands: self.demands_of(thing).collect(),
            exempt: self.exemptions(thing).next().is_some(),
            edition,
            replaced,
            begun,
            open,
        }
    }

    /// Whether a programme that is theirs asks it, be it that they are excused.
    pub(crate) fn is_asked(&self, thing: &Thing) -> bool {
        self.demands_of(thing).next().is_some()
    }

    /// Whether a version of it was published by the moment, and it had not been withdrawn.
    pub(crate) fn is_in_force(&self, thing: &Thing) -> bool {
        match thing {
            Thing::Module(module) => self.shelf.modules.get(module).is_some_and(|it| it.at(self.by_then()).is_some()),
            Thing::Agreement(agreement) => {
                self.shelf.agreements.get(agreement).is_some_and(|it| it.at(self.by_then()).is_some())
            }
        }
    }

    fn demands_of(&self, thing: &Thing) -> impl Iterator<Item = Demand> {
        self.demands.iter().filter_map(move |(programme, parts, from)| {
            let joined = parts.iter().find(|part| part.thing == *thing)?;
            self.is_in_force(thing).then(|| demand(programme, joined, *from))
        })
    }
}

impl Situation {
    /// The person as they are now. The same, inside a transaction that has locked them, as what is written for them.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when they have left.
    pub(crate) fn person(&self) -> Looked<Person> {
        Person::at(&self.dossier.facts, self.now).ok_or(Refused::NotFound)
    }

    /// Everything that is asked of them at the moment or that they have done, each once: in the order of the programmes, then by name.
    pub(crate) fn things(&self) -> Vec<Thing> {
        let asked = self.demands.iter().flat_map(|(_, parts, _)| parts.iter().map(|part| part.thing.clone()));
        let by_then = self.by_then();
        let completions = self.dossier.completions.iter().filter(|completion| completion.completed_at <= by_then);
        let signatures = self.dossier.signatures.iter().filter(|signature| signature.signed_at <= by_then);
        let passed = completions.map(|completion| Thing::Module(completion.module.clone()));
        let signed = signatures.map(|signature| Thing::Agreement(signature.agreement.clone()));
        let mut seen = BTreeSet::new();
        asked.chain(passed).chain(signed).filter(|thing| seen.insert(thing.clone())).collect()
    }

    /// Whether they have ever passed a module, in any edition, be it that the pass no longer counts.
    pub(crate) fn has_passed(&self, module: &ModuleSlug) -> bool {
        let by_then = self.by_then();
        let passes = self.dossier.completions.iter().filter(|pass| pass.module == *module && pass.withdrawn.is_none());
        passes.into_iter().any(|pass| pass.completed_at <= by_then)
    }

    /// The completion that a cell of a module speaks of.
    pub(crate) fn completion(&self, done: Done) -> &Completion {
        &self.dossier.completions[done.place]
    }

    /// The signature that a cell of an agreement speaks of.
    pub(crate) fn signature(&self, done: Done) -> &Signature {
        &self.dossier.signatures[done.place]
    }

    /// The attempts at a module, oldest first.
    pub(crate) fn attempts(&self, module: &ModuleSlug) -> impl DoubleEndedIterator<Item = &AttemptFact> {
        self.dossier.attempts.iter().filter(move |attempt| attempt.module == *module)
    }

    /// Whether they have opened a page of a module, since they last passed it.
    pub(crate) fn has_opened(&self, module: &Module, page: &PageSlug) -> bool {
        let opened = self.dossier.read.get(&(module.slug.clone(), module.edition));
        opened.is_some_and(|opened| opened.contains(page))
    }
}

/// The groups and audiences that somebody belongs to on a day.
struct Belongs<'f> {
    person: PersonId,
    audiences: Vec<&'f Dated<Audience>>,
    groups: Vec<(&'f GroupPlace, NaiveDate)>,
}

impl<'f> Belongs<'f> {
    fn of(facts: &'f PersonFacts, day: NaiveDate, known: DateTime<Utc>) -> Self {
        let audiences = facts.audiences_on(day, known).collect();
        Self { person: facts.id, audiences, groups: facts.groups_on(day, known) }
    }

    /// Since when something is theirs that is given to `to` from `begins_on` on. `None`: that does not reach them.
    fn since(&self, to: &AssignedTo, begins_on: NaiveDate) -> Option<NaiveDate> {
        let theirs_since = match to {
            AssignedTo::Audience(audience) => {
                self.audiences.iter().filter(|fact| fact.what == *audience).map(|fact| fact.begins_on).min()
            }
            AssignedTo::Group(group) => {
                self.groups.iter().find(|(place, _)| place.group == *group).map(|(_, since)| *since)
            }
            AssignedTo::Person(person) => (*person == self.person).then_some(begins_on),
        };
        theirs_since.map(|since| since.max(begins_on))
    }
}

/// What counted of a thing at a moment, and what it had replaced by then, oldest first. `None`: nothing of it was in force.
fn editions<T>(
    history: &History<T>,
    moment: DateTime<Utc>,
    number: impl Fn(&Issue<T>) -> u32,
) -> Option<(Edition, Vec<Edition>)> {
    history.at(moment)?;
    let mut issues = history.versions.iter().take_while(|issue| issue.published_at <= moment);
    let first = issues.next()?;
    let (mut edition, mut replaced) = (Edition { number: number(first), since: first.published_at }, Vec::new());
    let mut before = first;
    for issue in issues {
        let next = Edition { number: number(issue), since: issue.published_at };
        if next.number != edition.number {
            replaced.push(std::mem::replace(&mut edition, next));
        } else if before.withdrawn_at.is_some() {
            edition.since = next.since;
        }
        before = issue;
    }
    Some((edition, replaced))
}

/// What a programme asks that counts from a day for somebody.
fn demand(programme: &Programme, part: &Joined, from: NaiveDate) -> Demand {
    Demand { programme: programme.slug.clone(), schedule: programme.schedule, from: part.on.max(from), began: from }
}

/// The parts of a programme, in its order: its modules, then its agreements.
pub(crate) fn parts(programme: &Programme) -> impl Iterator<Item = Thing> {
    let modules = programme.modules.iter().cloned().map(Thing::Module);
    modules.chain(programme.agreements.iter().cloned().map(Thing::Agreement))
}
