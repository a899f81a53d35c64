use super::list_signatures::{RegisteredSignature, WhichSignatures};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::aside,
    people::{Person, Right, Scope},
};

impl Engine {
    /// The register of signatures to be taken away: all that are wanted of those whose evidence somebody may see, the newest first, as
    /// `written` writes them, beside what else is asked for. That it was taken out is an entry of the signed log, with the digest of what was given
    /// and about how many people. What could not be written is given back as `written` says it, and nothing is noted.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may see nobody's but their own; [`Refused::Internal`] also when the log takes nothing: then nothing is
    /// given.
    pub async fn export_register<E: Send + 'static>(
        &self,
        reader: &Person,
        which: &WhichSignatures,
        written: impl FnOnce(&[RegisteredSignature]) -> Result<Vec<u8>, E> + Send + 'static,
    ) -> Looked<Result<Vec<u8>, E>> {
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).filter(|scope| !scope.is_oneself());
        let found = self.every_signature(&scope.ok_or(Refused::NotForYou)?, which).await?;
        let people: Vec<_> = found.iter().map(|signature| signature.person).collect();
        let bytes = match aside(move || written(&found)).await {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error)),
        };
        self.note_export(reader, &bytes, people).await?;
        Ok(Ok(bytes))
    }
}
