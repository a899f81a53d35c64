use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use model::ProgrammeSlug;

use super::{keep_board::Board, tree::Tree};
use crate::{
    catalogue::{Audience, Catalogue, Organisation, Programme, Schedule},
    engine::{Engine, Looked, Refused},
    ground::{AssignmentId, GroupId, PersonId, aside, from_local},
    people::{Person, Reached, Right, Scope, assigned_to},
    record::{Actor, AssignedTo, Everybody, Kept, Thing},
    standing::{Issued, Look, Situation, parts},
    store::{Linked as _, StoreError, on},
};

/// What is given to whom, as somebody sees it who may give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignments {
    /// Those that have not ended, those that were given last first.
    pub open: Vec<ListedAssignment>,
    /// Those that have, those that ended last first.
    pub ended: Vec<ListedAssignment>,
    /// Whom the reader may give something to.
    pub may_give: MayGive,
}

/// Whom somebody may give a programme to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MayGive {
    /// The programmes that are published, with their titles.
    pub programmes: Vec<(ProgrammeSlug, String)>,
    /// Whole audiences, with what those in them are called together. Empty for who is not over everybody.
    pub audiences: Vec<(Audience, String)>,
    /// Groups with their names after those above them, in that order.
    pub groups: Vec<(GroupId, Vec<String>)>,
}

/// A programme that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAssignment {
    /// Its id.
    pub id: AssignmentId,
    /// Which programme.
    pub programme: ProgrammeSlug,
    /// Its title; its name when it was never published here.
    pub title: String,
    /// To whom.
    pub to: AssignedTo,
    /// What these are called.
    pub to_name: String,
    /// From which day on.
    pub begins_on: NaiveDate,
    /// The first day on which it asks for nothing more. `None`: no end was recorded.
    pub ends_before: Option<NaiveDate>,
    /// When it was given.
    pub recorded_at: DateTime<Utc>,
    /// Who gave it. `None`: nobody who is signed in: publishing, or the command line.
    pub by: Option<String>,
    /// How many people it reaches now, of those whom the reader sees.
    pub people: usize,
    /// Whether it is given further up than the reader gives anything: to a whole audience, or to a group above one of theirs.
    pub further_up: bool,
    /// Whether the reader may end it: not what is asked of themselves as one of a group, unless they look after everybody.
    pub may_end: bool,
}

/// Whom a programme would reach, before it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentReach {
    /// Which programme.
    pub programme: ProgrammeSlug,
    /// Its title.
    pub title: String,
    /// What it asks.
    pub asks: Vec<String>,
    /// When it is due, of whomever it is asked.
    pub schedule: Schedule,
    /// By when the first and the last of it would be wanted of those whom it would reach now, had they no other programme. `None`: nothing would
    /// be, be it that all of them have done it.
    pub due: Option<(NaiveDate, NaiveDate)>,
    /// Those of them who would be late as soon as it is given, because days are counted from a day that is over. `None`: nobody would.
    pub late: Option<LateAtOnce>,
    /// Whom it is written for, and what the others are.
    pub written: WrittenFor,
    /// To whom it would be given.
    pub to: AssignedTo,
    /// What these are called.
    pub to_name: String,
    /// From which day on.
    pub begins_on: NaiveDate,
    /// Everybody whom it would reach if it began today, by name.
    pub people: Vec<ReachedPerson>,
    /// Since when the very same has been given already. `None`: it has not.
    pub given_since: Option<NaiveDate>,
}

impl AssignmentReach {
    /// How many of them have the programme already, by another way.
    #[must_use]
    pub fn already(&self) -> usize {
        self.people.iter().filter(|person| person.has_it).count()
    }

    /// How many of them it is not written for.
    #[must_use]
    pub fn not_meant(&self) -> usize {
        self.people.iter().filter(|person| !person.is_meant).count()
    }
}

/// Those who would be late with a programme as soon as it is given to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateAtOnce {
    /// How many they are.
    pub people: usize,
    /// By when the first and the last of what they would be late with was due.
    pub due: (NaiveDate, NaiveDate),
}

/// Somebody whom a programme would reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachedPerson {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Whether they have the programme already, by another way.
    pub has_it: bool,
    /// Whether the programme is written for them. If not, it is asked of them all the same, and what it asks is theirs to open.
    pub is_meant: bool,
}

/// Whom a programme is written for, and what those are to whom it would be given although they are others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenFor {
    /// What those are called together whom it is written for.
    pub whom: Vec<String>,
    /// What the others are, most of them first. Empty: it is written for everybody who would be given it.
    pub others: Vec<OtherPeople>,
}

/// People who are in the same audiences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPeople {
    /// What one of them is, by each of these audiences. Empty: they are in none.
    pub one: Vec<String>,
    /// What several are called together, likewise.
    pub many: Vec<String>,
    /// How many they are.
    pub people: usize,
}

impl WrittenFor {
    /// Those to whom a programme would be given, each by what may be given to them.
    fn of<'k>(
        programme: &Programme,
        organisation: &Organisation,
        given: impl Iterator<Item = &'k BTreeSet<AssignedTo>>,
    ) -> Self {
        let mut others: BTreeMap<Vec<&Audience>, usize> = BTreeMap::new();
        for theirs in given.filter(|theirs| !is_meant(programme, theirs)) {
            let audiences = theirs.iter().filter_map(|to| match to {
                AssignedTo::Audience(audience) => Some(audience),
                AssignedTo::Group(_) | AssignedTo::Person(_) => None,
            });
            *others.entry(audiences.collect()).or_default() += 1;
        }
        let one =
            |id: &&Audience| organisation.audience(id).map_or_else(|| id.to_string(), |listed| listed.one.clone());
        let mut others: Vec<OtherPeople> = others
            .into_iter()
            .map(|(audiences, people)| OtherPeople {
                one: audiences.iter().map(one).collect(),
                many: audiences.iter().map(|id| organisation.many(id).to_owned()).collect(),
                people,
            })
            .collect();
        others.sort_by_key(|others| Reverse(others.people));
        Self { whom: organisation.all_many(&programme.audience), others }
    }
}

/// Whether a programme is written for somebody to whom may be given by these ways.
fn is_meant(programme: &Programme, theirs: &BTreeSet<AssignedTo>) -> bool {
    let mut audiences = programme.audience.iter().cloned().map(AssignedTo::Audience);
    audiences.any(|audience| theirs.contains(&audience))
}

const EVERY_ASSIGNMENT: &str = "SELECT id, programme, audience, group_id, person_id, begins_on, recorded_at, recorded_by, ends_before \
     FROM assignment ORDER BY recorded_at DESC, id DESC";

#[derive(sqlx::FromRow)]
struct AssignmentRow {
    id: AssignmentId,
    programme: String,
    audience: Option<String>,
    group_id: Option<GroupId>,
    person_id: Option<PersonId>,
    begins_on: NaiveDate,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
    ends_before: Option<NaiveDate>,
}

/// So many of those that have ended are shown.
const MOST_ENDED: usize = 50;

/// Everything is recorded that is known.
const KNOWN: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

impl Engine {
    /// What is given to whom: to groups and people whom the reader may give something to, to groups above these, and to whole audiences.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may not give anything to anybody.
    pub async fn assignments(&self, reader: &Person) -> Looked<Assignments> {
        let (everybody, reached) = self.seen_by_giver(reader).await?;
        let rows: Vec<AssignmentRow> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_as(EVERY_ASSIGNMENT).fetch_all(conn).await)?
        };
        let (shelf, giver) = (self.shelf(), reader.id);
        let own: BTreeSet<GroupId> = reader.groups.iter().map(|(group, _)| *group).collect();
        aside(move || {
            let view = View::of(&everybody, &reached, &shelf.current, giver);
            let counts = view.count();
            let (mut open, mut ended) = (Vec::new(), Vec::new());
            for row in rows {
                let to = assigned_to(row.audience, row.group_id, row.person_id);
                let to = to.ok_or_else(|| StoreError::unreadable("assignment"))?;
                if !view.shows(&to) {
                    continue;
                }
                let programme = ProgrammeSlug::new(row.programme).map_err(|_| StoreError::unreadable("assignment"))?;
                let title = shelf.programmes.get(&programme).map(|history| history.title.clone());
                let is_over = row.ends_before.is_some_and(|end| end <= view.today);
                let listed = ListedAssignment {
                    id: row.id,
                    title: title.unwrap_or_else(|| programme.to_string()),
                    programme,
                    to_name: view.called(&to),
                    begins_on: row.begins_on,
                    ends_before: row.ends_before,
                    recorded_at: row.recorded_at,
                    by: Actor::parse(&row.recorded_by).and_then(Actor::person).and_then(|by| view.name_of(by)),
                    people: counts.get(&to).copied().unwrap_or_default(),
                    further_up: view.is_further_up(&to),
                    may_end: row.ends_before.is_none() && view.may_end(&to, &own),
                    to,
                };
                // What is given further up and reaches nobody of theirs is nothing to them.
                if listed.people == 0 && !is_over && !view.may_give(&listed.to) {
                    continue;
                }
                if is_over { &mut ended } else { &mut open }.push(listed);
            }
            ended.sort_by_key(|listed: &ListedAssignment| Reverse(listed.ends_before));
            ended.truncate(MOST_ENDED);
            Ok(Assignments { open, ended, may_give: view.all_to_give() })
        })
        .await
    }

    /// Whom a programme would reach, of those whom whoever gives it sees. It is what holds now; whoever comes to be in the group or the audience
    /// later is reached as well.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such programme, or whom it is for is not theirs to give anything to.
    pub async fn assignment_reach(
        &self,
        giver: &Person,
        programme: &ProgrammeSlug,
        to: AssignedTo,
        begins_on: NaiveDate,
    ) -> Looked<AssignmentReach> {
        let (everybody, reached) = self.seen_by_giver(giver).await?;
        let (shelf, giver, programme) = (self.shelf(), giver.id, programme.clone());
        // It is looked at as on the day on which it begins.
        let moment = self.clock.now().max(from_local(begins_on.and_time(NaiveTime::MIN)));
        aside(move || {
            let view = View::of(&everybody, &reached, &shelf.current, giver);
            let published =
                find_programme(&shelf.current, &programme).filter(|_| view.may_give(&to)).ok_or(Refused::NotFound)?;
            let issued = Issued::at(&shelf, moment);
            let asks = parts(published).map(|thing| match &thing {
                Thing::Module(slug) => shelf.modules.get(slug).map(|history| history.title.clone()),
                Thing::Agreement(slug) => shelf.agreements.get(slug).map(|history| history.title.clone()),
            });
            let asks = asks.flatten().collect();
            let of_programme = |given: &&AssignedTo| **given != to;
            let given: Vec<_> = view.given(&programme);
            let given_since = given.iter().find(|(known, _)| *known == to).map(|(_, since)| *since);
            let others: BTreeSet<AssignedTo> = given.into_iter().map(|(known, _)| known).collect();
            let others: Vec<&AssignedTo> = others.iter().filter(of_programme).collect();
            let mut people: Vec<(&str, ReachedPerson)> = Vec::new();
            let (mut ways, mut by) = (Vec::new(), WantedBy::default());
            for kept in view.seen() {
                let theirs = view.theirs(kept);
                if theirs.contains(&to) {
                    let situation =
                        Situation::new(Arc::clone(kept), Arc::clone(&shelf), Some(&issued), moment, KNOWN, Look::Now);
                    by.add(&situation.wanted_if_given(&issued, &programme, &to, begins_on));
                    let has_it = others.iter().any(|other| theirs.contains(*other));
                    let (id, name, is_meant) = (kept.facts.id, kept.facts.name.clone(), is_meant(published, &theirs));
                    people.push((&kept.name_key, ReachedPerson { id, name, has_it, is_meant }));
                    ways.push(theirs);
                }
            }
            people.sort_by(|(one, first), (other, second)| one.cmp(other).then(first.id.cmp(&second.id)));
            Ok(AssignmentReach {
                title: published.title.clone(),
                written: WrittenFor::of(published, &shelf.current.organisation, ways.iter()),
                schedule: published.schedule,
                due: by.all,
                late: by.late(),
                programme,
                asks,
                to_name: view.called(&to),
                to,
                begins_on,
                people: people.into_iter().map(|(_, person)| person).collect(),
                given_since,
            })
        })
        .await
    }

    /// What whoever gives a programme to each of several people is told first: whom it is written for, and what those of them are whom it is not
    /// written for; and how many would be late at once. Whom whoever gives it may not give anything to is left out.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such programme; [`Refused::NotForYou`] when they may not give anything to anybody.
    pub async fn before_giving(
        &self,
        giver: &Person,
        programme: &ProgrammeSlug,
        people: &[PersonId],
        begins_on: NaiveDate,
    ) -> Looked<(WrittenFor, Option<LateAtOnce>)> {
        let (everybody, reached) = self.seen_by_giver(giver).await?;
        let (shelf, giver, programme) = (self.shelf(), giver.id, programme.clone());
        let people: BTreeSet<PersonId> = people.iter().copied().collect();
        let moment = self.clock.now().max(from_local(begins_on.and_time(NaiveTime::MIN)));
        aside(move || {
            let view = View::of(&everybody, &reached, &shelf.current, giver);
            let published = find_programme(&shelf.current, &programme).ok_or(Refused::NotFound)?;
            let issued = Issued::at(&shelf, moment);
            let (mut ways, mut by) = (Vec::new(), WantedBy::default());
            for kept in view.seen().filter(|kept| people.contains(&kept.facts.id) && kept.facts.id != giver) {
                let situation =
                    Situation::new(Arc::clone(kept), Arc::clone(&shelf), Some(&issued), moment, KNOWN, Look::Now);
                let to = AssignedTo::Person(kept.facts.id);
                by.add(&situation.wanted_if_given(&issued, &programme, &to, begins_on));
                ways.push(view.theirs(kept));
            }
            Ok((WrittenFor::of(published, &shelf.current.organisation, ways.iter()), by.late()))
        })
        .await
    }

    /// Everybody, and whom of them somebody may give something to at this moment.
    pub(super) async fn seen_by_giver(&self, giver: &Person) -> Looked<(Arc<Everybody>, Reached)> {
        let scope = Scope::of(giver, Right::Assign, self.clock.now()).ok_or(Refused::NotForYou)?;
        let everybody = self.everybody(&self.keeps.of::<Board>()).await?;
        // Duties are looked at last, so that one that was ended meanwhile gives nothing.
        let reached = scope.reached(&mut self.store.read().await?).await?;
        Ok((everybody, reached))
    }
}

/// By when a programme would be wanted of those whom it would reach.
#[derive(Default)]
struct WantedBy {
    /// The first and the last of these days.
    all: Option<(NaiveDate, NaiveDate)>,
    /// Likewise of what would be late at once.
    late: Option<(NaiveDate, NaiveDate)>,
    /// How many would be late at once.
    people: usize,
}

impl WantedBy {
    /// Adds somebody, by what [`Situation::wanted_if_given`] says of them.
    fn add(&mut self, theirs: &[(NaiveDate, bool)]) {
        let late = || theirs.iter().filter(|(_, late)| *late);
        self.all = theirs.iter().map(|(by, _)| *by).fold(self.all, widened);
        self.late = late().map(|(by, _)| *by).fold(self.late, widened);
        self.people += usize::from(late().next().is_some());
    }

    fn late(&self) -> Option<LateAtOnce> {
        self.late.map(|due| LateAtOnce { people: self.people, due })
    }
}

/// From the first to the last of several days, with one more.
fn widened(days: Option<(NaiveDate, NaiveDate)>, one: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    Some(days.map_or((one, one), |(first, last)| (first.min(one), last.max(one))))
}

fn find_programme<'c>(catalogue: &'c Catalogue, slug: &ProgrammeSlug) -> Option<&'c Programme> {
    catalogue.programmes.iter().find(|published| published.slug == *slug)
}

/// Everybody, as whoever gives something sees them.
struct View<'v> {
    everybody: &'v Everybody,
    reached: &'v Reached,
    catalogue: &'v Catalogue,
    giver: PersonId,
    today: NaiveDate,
    tree: Tree,
    names: BTreeMap<PersonId, &'v Arc<Kept>>,
}

impl<'v> View<'v> {
    fn of(everybody: &'v Everybody, reached: &'v Reached, catalogue: &'v Catalogue, giver: PersonId) -> Self {
        let today = reached.day();
        let tree = Tree::of(everybody.places(), reached, today, KNOWN);
        let names = everybody.people().flatten().map(|kept| (kept.facts.id, kept)).collect();
        Self { everybody, reached, catalogue, giver, today, tree, names }
    }

    fn seen(&self) -> impl Iterator<Item = &'v Arc<Kept>> {
        self.everybody.people().flatten().filter(|kept| self.reached.sees(&kept.facts, false))
    }

    /// By which ways something may be given to somebody: to them, their audiences, their groups and those above.
    fn theirs(&self, kept: &Kept) -> BTreeSet<AssignedTo> {
        let facts = &kept.facts;
        // Whoever is to begin is looked at as on their first day.
        let day = facts.first_day(self.today, KNOWN).unwrap_or(self.today);
        let audiences = facts.audiences_on(day, KNOWN).map(|fact| AssignedTo::Audience(fact.what.clone()));
        let groups = facts.groups_on(day, KNOWN).into_iter().map(|(place, _)| AssignedTo::Group(place.group));
        audiences.chain(groups).chain([AssignedTo::Person(facts.id)]).collect()
    }

    /// How many of those who are seen each way reaches.
    fn count(&self) -> BTreeMap<AssignedTo, usize> {
        let mut counts = BTreeMap::new();
        for kept in self.seen() {
            for to in self.theirs(kept) {
                *counts.entry(to).or_default() += 1;
            }
        }
        counts
    }

    /// What a programme has been given to and is not over, and since when.
    fn given(&self, programme: &ProgrammeSlug) -> Vec<(AssignedTo, NaiveDate)> {
        let shared = self.everybody.shared_facts();
        let all = shared.assignments.iter().chain(shared.own.values().flatten());
        let of_it = all.filter(|given| given.what.programme == *programme && given.is_not_over(self.today, KNOWN));
        of_it.map(|given| (given.what.to.clone(), given.begins_on)).collect()
    }

    /// Whether it is shown: what is given to audiences may reach anybody, and what is given to a group reaches those below it.
    fn shows(&self, to: &AssignedTo) -> bool {
        self.may_see(to) || self.is_further_up(to)
    }

    /// Whether it is given to more than they are over, and to some of these.
    fn is_further_up(&self, to: &AssignedTo) -> bool {
        match to {
            AssignedTo::Audience(_) => !self.reached.is_everywhere(),
            AssignedTo::Group(group) => self.tree.above.contains(group),
            AssignedTo::Person(_) => false,
        }
    }

    /// What is asked of themselves, as one of a group, nobody ends who does not look after everybody.
    fn may_end(&self, to: &AssignedTo, own: &BTreeSet<GroupId>) -> bool {
        let is_own = matches!(to, AssignedTo::Group(group) if own.contains(group));
        self.may_give(to) && (self.reached.is_everywhere() || !is_own)
    }

    fn may_see(&self, to: &AssignedTo) -> bool {
        match to {
            AssignedTo::Audience(_) => self.reached.is_everywhere(),
            AssignedTo::Group(group) => self.reached.has(*group),
            AssignedTo::Person(person) => {
                self.names.get(person).is_some_and(|kept| self.reached.sees(&kept.facts, self.reached.is_everywhere()))
            }
        }
    }

    /// Whether something may be given to them, or taken back.
    fn may_give(&self, to: &AssignedTo) -> bool {
        let is_there = match to {
            AssignedTo::Audience(_) => true,
            AssignedTo::Group(group) => self.tree.paths.contains_key(group),
            AssignedTo::Person(person) => {
                *person != self.giver
                    && self.names.get(person).is_some_and(|kept| self.reached.sees(&kept.facts, false))
            }
        };
        is_there && self.may_see(to)
    }

    fn name_of(&self, person: PersonId) -> Option<String> {
        self.names.get(&person).map(|kept| kept.facts.name.clone()).filter(|name| !name.is_empty())
    }

    fn called(&self, to: &AssignedTo) -> String {
        match to {
            AssignedTo::Audience(audience) => format!("all {}", self.catalogue.organisation.many(audience)),
            // What a group is called that is not theirs to see, they are not told.
            AssignedTo::Group(group) if self.tree.above.contains(group) => "a group above yours".to_owned(),
            AssignedTo::Group(group) => {
                self.tree.paths.get(group).map_or_else(|| "a group that has ended".to_owned(), |path| path.join(" / "))
            }
            AssignedTo::Person(person) => {
                self.name_of(*person).unwrap_or_else(|| "somebody whose name was erased".to_owned())
            }
        }
    }

    fn all_to_give(&self) -> MayGive {
        let programmes = self.catalogue.programmes.iter();
        let listed = self.catalogue.organisation.audiences.iter().filter(|_| self.reached.is_everywhere());
        MayGive {
            programmes: programmes.map(|programme| (programme.slug.clone(), programme.title.clone())).collect(),
            audiences: listed.map(|audience| (audience.id.clone(), audience.many.clone())).collect(),
            groups: self.tree.by_name(),
        }
    }
}
