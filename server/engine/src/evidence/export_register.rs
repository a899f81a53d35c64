use std::collections::BTreeSet;

use audit::{Fact, digest_of_text};

use super::list_signatures::WhichSignatures;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{Csv, local},
    log::{Row, Said},
    people::{Person, Right, Scope},
    record::Actor,
};

const HEADINGS: [&str; 8] =
    ["Name", "Agreement", "Version", "Signed", "Time", "Counts until", "Entry in the log", "Receipt"];

impl Engine {
    /// The register of signatures as a table for spreadsheets: all that are wanted of those whose evidence somebody may see. That it was
    /// taken out is an entry of the signed log, with the digest of what was given and about how many people.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may see nobody's but their own; [`Refused::Internal`] also when the log takes nothing: then nothing is
    /// given.
    pub async fn export_register(&self, reader: &Person, which: &WhichSignatures) -> Looked<Vec<u8>> {
        let now = self.clock.now();
        let scope = Scope::of(reader, Right::SeeEvidence, now).filter(|scope| !scope.is_oneself());
        let found = self.every_signature(&scope.ok_or(Refused::NotForYou)?, which).await?;
        let mut csv = Csv::new(&HEADINGS);
        for signature in &found {
            let signed = local(signature.signed_at);
            let until = signature.expires_at.map(|until| local(until).format("%Y-%m-%d").to_string());
            let entry = signature.entry.map(|entry| entry.to_string());
            csv.row([
                signature.name.as_deref().unwrap_or("(name erased)"),
                &signature.title,
                &signature.version,
                &signed.format("%Y-%m-%d").to_string(),
                &signed.format("%H:%M:%S").to_string(),
                until.as_deref().unwrap_or_default(),
                entry.as_deref().unwrap_or_default(),
                &signature.id.to_string(),
            ]);
        }
        let bytes = csv.into_bytes();
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
