use crate::{
    Engine, PublishError, StoreError,
    content::{Code, Problem, Report, Sources},
};

impl Engine {
    /// What [`Engine::publish`] would refuse, all of it, as problems with their places in `sources`, which the engine's catalogue was
    /// compiled from. It changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn unpublishable(&self, sources: &Sources) -> Result<Vec<Problem>, StoreError> {
        let catalogue = self.catalogue();
        // Never committed.
        let mut tx = self.store.write().await?;
        tx.lock_publishing().await?;
        let mut refusals = Vec::new();
        for module in catalogue.modules.values() {
            refusals.extend(self.publish_module(&mut tx, module).await.err());
        }
        for agreement in catalogue.agreements.values() {
            refusals.extend(self.publish_agreement(&mut tx, agreement).await.err());
        }
        let mut problems = Vec::new();
        for refusal in refusals {
            problems.extend(problem(refusal, sources)?);
        }
        problems.sort();
        Ok(problems)
    }
}

fn problem(refusal: PublishError, sources: &Sources) -> Result<Vec<Problem>, StoreError> {
    let (path, line_with, code, message, help) = match refusal {
        PublishError::Internal(error) => return Err(error),
        PublishError::TextChanged { agreement, version } => (
            format!("agreements/{agreement}.md"),
            "version:",
            Code::PublishedTextChanged,
            format!("This is not the text that was published as version {version}."),
            "Add a row with a new version to the table, or restore the published text to the last comma.".to_owned(),
        ),
        PublishError::OlderVersion { agreement, found, published } => (
            format!("agreements/{agreement}.md"),
            "version:",
            Code::PublishedVersionNewer,
            format!("The last version here is {found}, but {published} is published already."),
            format!("Restore version {published}, or put a new one after it."),
        ),
        PublishError::OlderEdition { module, found, published } => (
            format!("modules/{module}/module.toml"),
            "edition",
            Code::PublishedEditionNewer,
            format!("This is edition {found}, but edition {published} is published already."),
            format!("Write `edition = {published}`, or more when everybody must take the module again."),
        ),
    };
    let text = sources.file(&path).unwrap_or_default();
    let mut report = Report::new(path, text);
    report.error(text.rfind(line_with).unwrap_or_default(), code, message, help);
    Ok(report.into_problems())
}
