use super::list_signatures::{RegisteredSignature, WhichSignatures};
use crate::{
    engine::{Engine, Looked, Refused},
    people::{Person, Right, Scope},
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
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).filter(|scope| !scope.is_oneself());
        let found = self.every_signature(&scope.ok_or(Refused::NotForYou)?, which).await?;
        let bytes = written(&found);
        self.note_export(reader, &bytes, found.iter().map(|signature| signature.person)).await?;
        Ok(bytes)
    }
}
