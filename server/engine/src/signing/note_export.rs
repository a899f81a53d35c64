use std::collections::BTreeSet;

use audit::{Fact, digest_of_text};

use crate::{
    engine::Engine,
    ground::PersonId,
    log::{Row, Said},
    people::Person,
    record::Actor,
    store::StoreError,
};

impl Engine {
    /// Seals that somebody takes something out about several people, with the digest of what they are given. Nothing is given that could not be noted.
    pub(crate) async fn note_export(
        &self,
        reader: &Person,
        given: &[u8],
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let people: BTreeSet<PersonId> = people.into_iter().collect();
        let people = u64::try_from(people.len()).unwrap_or(u64::MAX);
        let fact = Fact::Exported { sha256: digest_of_text(given), people };
        let act = self.act_of_all(now, Actor::Person(reader.id));
        let act = act.saying(Said::Plain(fact), Row::of("export", self.new_id(now)));
        let tx = self.store.write().await?;
        self.seal(tx, [act]).await
    }
}
