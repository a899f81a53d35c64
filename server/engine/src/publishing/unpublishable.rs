use super::{
    publish::{PublishError, check_edition, check_label},
    read_shelf::read_shelf,
    versions::find_labels,
};
use crate::{
    catalogue::Catalogue,
    content::{Code, Problem, Report, Sources},
    engine::Engine,
    store::StoreError,
};

impl Engine {
    /// What [`Engine::publish`] would refuse, all of it, as problems with their places in `sources`, which `folder` was
    /// compiled from. It only reads.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn unpublishable(&self, folder: &Catalogue, sources: &Sources) -> Result<Vec<Problem>, StoreError> {
        let mut conn = self.store.read().await?;
        let shelf = read_shelf(&mut conn, &self.shelf(), Some(folder)).await?;
        let mut refusals = Vec::new();
        for module in folder.modules.values() {
            let versions = shelf.modules.get(&module.slug).map_or(&[][..], |history| &history.versions);
            refusals.extend(check_edition(module, versions).err());
        }
        for agreement in folder.agreements.values() {
            refusals.extend(check_label(agreement, &find_labels(&mut conn, &agreement.slug).await?).err());
        }
        let mut problems = Vec::new();
        for refusal in refusals {
            problems.extend(problem(refusal, sources)?);
        }
        problems.sort();
        Ok(problems)
    }
}

/// Where the key stands in the last line that begins with it, before the text of an agreement begins.
fn last_line_with(text: &str, key: &str) -> usize {
    let settings = text.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n")).map_or(text.len(), |end| end + 4);
    let mut found = 0;
    let mut at = 0;
    for line in text[..settings].split_inclusive('\n') {
        let start = line.len() - line.trim_start_matches([' ', '-']).len();
        if line[start..].starts_with(key) {
            found = at + start;
        }
        at += line.len();
    }
    found
}

fn problem(refusal: PublishError, sources: &Sources) -> Result<Vec<Problem>, StoreError> {
    let (path, line_with, code, message, help) = match refusal {
        PublishError::Internal(error) => return Err(error),
        // What is played is read when it is published, and only then.
        PublishError::Media { .. } => return Ok(Vec::new()),
        // So is what has been withdrawn.
        PublishError::RequiresWithdrawn { .. } => return Ok(Vec::new()),
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
    report.error(last_line_with(text, line_with), code, message, help);
    Ok(report.into_problems())
}
