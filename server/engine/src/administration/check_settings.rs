use std::{iter::once, sync::Arc};

use super::{
    list_settings::said_in,
    settings::{Setting, SettingsOf, differing, settings_of},
};
use crate::{
    catalogue::Catalogue,
    content::{Compiled, Level, Problem, Sources, compile},
    engine::{Engine, Looked, Refused},
    ground::{aside_holding, local_date},
    people::Person,
    publishing::{LostAudience, find_provider_versions},
    store::StoreError,
};

/// The file with the provider's settings, relative to `content/`.
const ORGANISATION: &str = "organisation.toml";

/// What a change would make of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// Of which set it is.
    pub of: SettingsOf,
    /// Where it stands in the file.
    pub key: String,
    /// What it decides, in plain words.
    pub what: String,
    /// What people get now. `None`: it is new.
    pub from: Option<String>,
    /// What they would get. `None`: it would be gone.
    pub to: Option<String>,
    /// What would come of it, in a sentence. `None`: no more than that it says something else.
    pub consequence: Option<String>,
}

/// What would come of another `organisation.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsCheck {
    /// What is wrong with it, and what would be wrong elsewhere because of it, by places. What is wrong elsewhere already is not told.
    pub problems: Vec<Problem>,
    /// What would change, set by set. `None`: it has errors, and would not be published.
    pub changes: Option<Vec<SettingChange>>,
    /// The audiences that would be used and no longer listed.
    pub lost: Vec<LostAudience>,
}

impl SettingsCheck {
    /// Whether nothing would be published with it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.changes.is_none()
    }
}

/// Held by whoever checks settings, to the end also where they have gone away: compiling takes all cores, and one at a time is enough.
#[derive(Default)]
struct Checking(Arc<tokio::sync::Mutex<()>>);

impl Engine {
    /// What would be wrong with another `organisation.toml`, and what it would change, beside the rest of a folder and by what is published. Nothing
    /// of it is kept or published.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn check_settings(&self, reader: &Person, folder: Sources, changed: &str) -> Looked<SettingsCheck> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        let today = local_date(self.clock.now());
        let checking = self.keeps.of::<Checking>();
        let turn = Arc::clone(&checking.0).lock_owned().await;
        let text = changed.to_owned();
        let compiled = aside_holding(turn, move || {
            let others = folder.files().filter(|(path, _)| *path != ORGANISATION);
            let others = others.map(|(path, text)| (path.to_owned(), text.to_owned()));
            let with = folder.with_texts(others.chain(once((ORGANISATION.to_owned(), text))));
            (compile(&folder, today), compile(&with, today))
        });
        let ((now, then), turn) = compiled.await;
        drop(turn);
        let problems = new_problems(&now, &then);
        if problems.iter().any(|problem| problem.level == Level::Error) {
            return Ok(SettingsCheck { problems, changes: None, lost: Vec::new() });
        }
        let lost = self.audiences_lost_by(&then.catalogue).await?;
        // As it was published: what a demonstration has besides is no setting.
        let newest = find_provider_versions(&mut self.store.read().await?, 1).await?;
        let was = newest.first().map(said_in).unwrap_or_default();
        let is = settings_of(&then.catalogue.organisation, then.catalogue.facts.values());
        let mut changes = Vec::new();
        for (was, is) in differing(&was, &is) {
            let Some(setting) = is.or(was) else { continue };
            let (from, to) = (was.map(|was| was.value.clone()), is.map(|is| is.value.clone()));
            let consequence = self.consequence(&setting.key, &then.catalogue).await?;
            let Setting { of, key, what, .. } = setting.clone();
            changes.push(SettingChange { of, key, what, from, to, consequence });
        }
        Ok(SettingsCheck { problems, changes: Some(changes), lost })
    }

    /// What comes of a setting that says something else.
    async fn consequence(&self, key: &str, then: &Catalogue) -> Result<Option<String>, StoreError> {
        let organisation = &then.organisation;
        let said = match key {
            "[cpd] target_minutes" | "[cpd] target_for" => match organisation.cpd.target_minutes {
                Some(minutes) => format!(
                    "At once, records and the overview hold this year’s minutes against {minutes}. Years that have ended are held against it, too."
                ),
                None => "At once, no record names a target any more.".to_owned(),
            },
            "[cpd] year_begins" => "At once, minutes are counted by other years, also those of years that have ended.".to_owned(),
            "[cpd] time_spent" if organisation.cpd.time_spent => {
                "From then on it is counted how long people have a module open. Each module and the page about privacy say so.".to_owned()
            }
            "[cpd] time_spent" => "Nothing is counted any more. What was being counted is let go of within a day.".to_owned(),
            "[retention] answers_of_leavers_days" | "[retention] names_of_leavers_years" => {
                "The job that runs once a day lets go of what is older. What went does not come back, whatever the file says later.".to_owned()
            }
            "[reminders] on" if organisation.reminders.on => {
                let people = if self.sends_letters() { "" } else { " There is no mail server, so nobody is written to until there is one." };
                format!("Letters begin at the next hour that is set, also about what has been late for long.{people}")
            }
            "[reminders] on" => "Nobody is reminded by letter any more.".to_owned(),
            "[second_factor] required_from" => match organisation.second_factors.required_from {
                Some(_) => {
                    let count = self.count_second_factors().await?;
                    let without = count.people.saturating_sub(count.with_factor);
                    format!(
                        "{without} of {} people who see others’ records and sign in with a password have no code yet. From that day on they set one up before anything else.",
                        count.people
                    )
                }
                None => "Nobody is led to set up a code any more. Who has one goes on with it.".to_owned(),
            },
            "quiz_after" => "It holds for every quiz that is begun from then on.".to_owned(),
            "unreviewed_twins" if organisation.unreviewed_twins => {
                "Readers are offered words that nobody has reviewed. Each such page says so.".to_owned()
            }
            "roles_are" => "It holds for whoever is given a duty from then on. Nobody’s audience changes.".to_owned(),
            _ if key.starts_with("[[rule]]") || key == "name" => {
                "Texts that say it change with it. No edition changes, so what people passed still counts.".to_owned()
            }
            _ if key.starts_with("[[role") => {
                "Receipts and letters for that role go by it from then on. What was handed in before stands in the list of whoever holds it.".to_owned()
            }
            _ if key.starts_with("[[site") => "Every page and the help panel show it at once.".to_owned(),
            _ => return Ok(None),
        };
        Ok(Some(said))
    }
}

/// All that is to be said of the file itself, and elsewhere what was not so before.
fn new_problems(now: &Compiled, then: &Compiled) -> Vec<Problem> {
    let is_new = |problem: &&Problem| problem.path == ORGANISATION || !now.problems.contains(problem);
    then.problems.iter().filter(is_new).cloned().collect()
}
