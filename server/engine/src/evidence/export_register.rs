use std::collections::BTreeSet;

use audit::{Fact, digest_of_text};

use super::list_signatures::{RegisteredSignature, WhichSignatures};
use crate::{
    engine::{Engine, Looked, Refused},
    log::{Row, Said},
    people::{Person, Right, Scope},
    record::Actor,
};

impl Engine {
    /// The register of signatures to be taken away: all that are wanted of those whose evidence somebody may see, the newest first, as
    /// `written` writes them. That it was taken out is an entry of the signed log, with the digest of what was given and about how many
    /// people.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may see nobody's but their own; [`Refused::Internal`] also when the log takes nothing: then nothing is
    /// given.
    pub async fn export_register(
        &self,
        reader: &Person,
        which: &WhichSignatures,
        written: impl FnOnce(&[RegisteredSignature]) -> Vec<u8> + Send,
    ) -> Looked<Vec<u8>> {
        let now = self.clock.now();
        let scope = Scope::of(reader, Right::SeeEvidence, now).filter(|scope| !scope.is_oneself());
        let found = self.every_signature(&scope.ok_or(Refused::NotForYou)?, which).await?;
        let bytes = written(&found);
        let people: BTreeSet<_> = found.iter().map(|signature| signature.person).collect();
        let people = u64::try_from(people.len()).unwrap_or(u64::MAX);
        let fact = Fact::Exported { sha256: digest_of_text(&bytes), people };
        let act = self.act_of_all(now, Actor::Person(reader.id));
        let act = act.saying(Said::Plain(fact), Row::of("export", self.new_id(now)));
        let tx = self.store.write().await?;
        self.seal(tx, [act]).await?;
        Ok(bytes)
    }
}
