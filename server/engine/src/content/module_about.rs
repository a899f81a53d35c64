//! What the `module.toml` of a module says.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use model::ModuleSlug;

use super::{
    fields::{FromField, Placed, Table, Value, filled, perhaps_filled, wrong_kind},
    problems::Report,
    prose::Known,
    references::{audience, known_modules},
    twin::{Languages, read_languages},
};
use crate::catalogue::{Audience, ByWorkshop, TwinName, is_sensitive};

/// What `module.toml` says.
pub(super) struct ModuleAbout {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) audience: Vec<Audience>,
    pub(super) minutes: u32,
    pub(super) edition: u32,
    pub(super) valid_for: Months,
    pub(super) requires: Vec<ModuleSlug>,
    pub(super) workshop: ByWorkshop,
    pub(super) refresher: bool,
    pub(super) side_by_side: Vec<String>,
    pub(super) languages: Languages,
    pub(super) outcomes: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) tags_at: usize,
    pub(super) owner: String,
    pub(super) reviewed: NaiveDate,
    pub(super) review_by: NaiveDate,
}

impl ModuleAbout {
    /// Whether readers may need help because of what the module is about.
    pub(super) fn is_sensitive(&self) -> bool {
        is_sensitive(&self.tags)
    }

    /// What a preview shows in place of a `module.toml` that cannot be read.
    pub(super) fn unreadable(slug: &ModuleSlug, today: Option<NaiveDate>) -> Self {
        let today = today.unwrap_or_default();
        Self {
            title: slug.to_string(),
            summary: String::new(),
            audience: Vec::new(),
            minutes: 0,
            edition: 1,
            valid_for: Months::new(12),
            requires: Vec::new(),
            workshop: ByWorkshop::Never,
            refresher: false,
            side_by_side: Vec::new(),
            languages: Languages::english(),
            outcomes: Vec::new(),
            sources: Vec::new(),
            tags: Vec::new(),
            tags_at: 0,
            owner: String::new(),
            reviewed: today,
            review_by: today,
        }
    }
}

impl FromField for ByWorkshop {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        match &value.value {
            Value::Truth(true) => Some(Self::AsWell),
            Value::Truth(false) => Some(Self::Never),
            Value::Text(text) if text.trim() == "only" => Some(Self::Only),
            _ => {
                let help = "Write `true` if a workshop counts as well as the quiz, `\"only\"` if nothing else does and there is no quiz.";
                wrong_kind(&value, "one of `true`, `false` and `\"only\"`", help, report)
            }
        }
    }
}

/// Reads the file. `twins` names the folders of twins that there are. `None` when it has an error, and then the report says
/// which.
pub(super) fn read_module_about(
    mut table: Table,
    twins: &BTreeSet<TwinName>,
    known: Known<'_>,
    report: &mut Report<'_>,
) -> Option<ModuleAbout> {
    let title = table.required("title", report);
    let summary = table.required("summary", report);
    let audience = audience(&mut table, known, report);
    let minutes = table.within("minutes", 1..=600, report);
    let edition = table.within("edition", 1..=10_000, report);
    let valid_for = table.required("valid_for", report);
    let requires = table.optional::<Vec<Placed<ModuleSlug>>>("requires", report).unwrap_or_default();
    let requires = known_modules(requires, known, report);
    let workshop = table.optional("workshop", report).unwrap_or_default();
    let refresher = table.optional("refresher", report).unwrap_or_default();
    let side_by_side = perhaps_filled(&mut table, "side_by_side", report);
    let languages = read_languages(&mut table, report);
    if let Some(languages) = &languages {
        languages.check(twins, report);
    }
    let owner = table.required("owner", report);
    let reviewed = table.required("reviewed", report);
    let review_by = table.required("review_by", report);
    let tags = table.optional::<Placed<Vec<String>>>("tags", report);
    let outcomes = filled(&mut table, "outcomes", report);
    let sources = table.optional("sources", report).unwrap_or_default();
    table.close(report);
    let (tags_at, tags) = tags.map_or((0, Vec::new()), |tags| (tags.at, tags.value));
    Some(ModuleAbout {
        title: title?,
        summary: summary?,
        audience: audience?,
        minutes: minutes?,
        edition: edition?,
        valid_for: valid_for?,
        requires: requires?,
        workshop,
        refresher,
        side_by_side: side_by_side?,
        languages: languages?,
        outcomes: outcomes?,
        sources,
        tags,
        tags_at,
        owner: owner?,
        reviewed: reviewed?,
        review_by: review_by?,
    })
}
