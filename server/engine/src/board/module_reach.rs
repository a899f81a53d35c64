use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use model::ModuleSlug;

use crate::{
    catalogue::Shelf,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, aside, local_date, name_key},
    people::{ListedPerson, Person, Reached},
    record::{Everybody, Kept},
    standing::{Issued, Look, Situation},
};

/// How a module meets people, before it is worked through with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModuleReach {
    /// How many people there are.
    pub people: usize,
    /// Of how many of them it is theirs to open.
    pub may_open: usize,
    /// Of how many of them it is wanted, or may be renewed.
    pub wanted: usize,
}

impl Engine {
    /// How a module meets those of a group and of those below it, or everybody, as far as the reader may give them programmes.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when no such module is published; [`Refused::NotForYou`] when they may not give anything to anybody.
    pub async fn module_reach(
        &self,
        reader: &Person,
        module: &ModuleSlug,
        group: Option<GroupId>,
    ) -> Looked<ModuleReach> {
        let (everybody, reached) = self.seen_by_giver(reader).await?;
        let (shelf, now) = (self.shelf(), self.clock.now());
        let module = shelf.current.modules.get(module).cloned().ok_or(Refused::NotFound)?;
        aside(move || {
            let mut reach = ModuleReach::default();
            let group = group.map(|group| (group, local_date(now)));
            look_at_each(&everybody, &reached, &shelf, (group, now), |person, situation| {
                reach.people += 1;
                reach.may_open += usize::from(situation.is_theirs(person, &*module));
                reach.wanted += usize::from(situation.module_cell(&module.slug).wanted.is_some());
            });
            Ok(reach)
        })
        .await
    }

    /// Those of a group and of those below it on a day, or of everybody, but not the reader, to whom a module is open and whom the reader may give programmes to: first those of whom it
    /// is wanted, each by name.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when no such module is published; [`Refused::NotForYou`] when they may not give anything to anybody.
    pub(crate) async fn who_may_come(
        &self,
        reader: &Person,
        module: &ModuleSlug,
        group: Option<(GroupId, NaiveDate)>,
    ) -> Looked<Vec<ListedPerson>> {
        let (everybody, reached) = self.seen_by_giver(reader).await?;
        let (shelf, now, oneself) = (self.shelf(), self.clock.now(), reader.id);
        let module = shelf.current.modules.get(module).cloned().ok_or(Refused::NotFound)?;
        aside(move || {
            let mut people = Vec::new();
            look_at_each(&everybody, &reached, &shelf, (group, now), |person, situation| {
                if person.id != oneself && situation.is_theirs(person, &*module) {
                    let is_wanted = situation.module_cell(&module.slug).wanted.is_some();
                    people.push((!is_wanted, ListedPerson { id: person.id, name: person.name.clone() }));
                }
            });
            people.sort_by_cached_key(|(later, person)| (*later, name_key(&person.name), person.id));
            Ok(people.into_iter().map(|(_, person)| person).collect())
        })
        .await
    }
}

/// Looks at each of a group and of those below it on a day, or of everybody, who is reached, as they stand at a moment.
fn look_at_each(
    everybody: &Everybody,
    reached: &Reached,
    shelf: &Arc<Shelf>,
    (group, now): (Option<(GroupId, NaiveDate)>, DateTime<Utc>),
    mut look: impl FnMut(&Person, &Situation<Kept>),
) {
    let issued = Issued::at(shelf, now);
    for kept in everybody.people().flatten().filter(|kept| reached.sees(&kept.facts, false)) {
        let Some(person) = Person::at(&kept.facts, now) else { continue };
        if group.is_some_and(|(group, day)| !kept.facts.belongs_to(group, day)) {
            continue;
        }
        let known = DateTime::<Utc>::MAX_UTC;
        look(&person, &Situation::new(Arc::clone(kept), Arc::clone(shelf), Some(&issued), now, known, Look::Now));
    }
}
