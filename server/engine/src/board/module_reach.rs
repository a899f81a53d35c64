use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::assignments::in_background;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::GroupId,
    people::Person,
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
        in_background(move || {
            let known = DateTime::<Utc>::MAX_UTC;
            let issued = Issued::at(&shelf, now);
            let mut reach = ModuleReach::default();
            for kept in everybody.people().flatten().filter(|kept| reached.sees(&kept.facts, false)) {
                let Some(person) = Person::at(&kept.facts, now) else { continue };
                if group.is_some_and(|group| person.groups.iter().all(|(theirs, _)| *theirs != group)) {
                    continue;
                }
                let situation =
                    Situation::new(Arc::clone(kept), Arc::clone(&shelf), Some(&issued), now, known, Look::Now);
                reach.people += 1;
                reach.may_open += usize::from(situation.is_theirs(&person, &*module));
                reach.wanted += usize::from(situation.module_cell(&module.slug).wanted.is_some());
            }
            Ok(reach)
        })
        .await
    }
}
