use super::list_submissions::{Submission, SubmissionState, far_away, list};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::SignatureId,
    people::Person,
};

impl Engine {
    /// What came in for a named role, to be taken away: all that [`Engine::submissions`] would show on its pages, as `written` writes it. That it was taken out
    /// is an entry of the signed log, with the digest of what was given and about how many people.
    ///
    /// # Errors
    /// As [`Engine::submissions`]; [`Refused::Internal`] also when the log takes nothing: then nothing is given.
    pub async fn export_submissions(
        &self,
        reader: &Person,
        role: Option<&str>,
        state: Option<SubmissionState>,
        written: impl FnOnce(&[Submission]) -> Vec<u8> + Send,
    ) -> Looked<Vec<u8>> {
        let mut conn = self.store.read().await?;
        let asked = self.asked_for(&mut conn, reader, role).await?;
        let role = asked.role.as_ref().ok_or(Refused::NotFound)?;
        let after = (far_away(), SignatureId(uuid::Uuid::max()));
        let found = list(&mut conn, &asked, role, state, after, usize::MAX).await?;
        drop(conn);
        let bytes = written(&found);
        self.note_export(reader, &bytes, found.iter().map(|one| one.person)).await?;
        Ok(bytes)
    }
}
