use app::pages::{Versioned, difference, old_agreement, old_module, versions};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::{AgreementSlug, ModuleSlug};
use serde::Deserialize;

use crate::{
    door::{Fail, Path, Query, Visit, attachment},
    export::agreement_versions_table,
};

/// Which two versions to compare. `None` for the list.
#[derive(Default, Deserialize)]
pub(crate) struct Compare {
    from: Option<u32>,
    to: Option<u32>,
}

/// `GET /modules/SLUG/versions`, and `?from=1&to=2` for what changed between the two.
pub(crate) async fn of_module(
    visit: Visit,
    Path(slug): Path<ModuleSlug>,
    Query(compare): Query<Compare>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let person = &visit.reader()?.person;
    let of = Versioned::module(&slug);
    if let (Some(from), Some(to)) = (compare.from, compare.to) {
        let changed = engine.module_difference(person, &slug, from, to).await?;
        return Ok(visit.html(difference(&visit.frame(), &of, &changed)));
    }
    let list = engine.module_versions(person, &slug).await?;
    Ok(visit.html(versions(&visit.frame(), &of, &list)))
}

/// `GET /modules/SLUG/versions/NUMBER`
pub(crate) async fn module(visit: Visit, Path((slug, number)): Path<(ModuleSlug, u32)>) -> Result<Response, Fail> {
    let (version, module) = visit.state.engine.published_module(&visit.reader()?.person, &slug, number).await?;
    Ok(visit.html(old_module(&visit.frame(), &version, &module)))
}

/// `GET /agreements/SLUG/versions`, and `?from=1&to=2` for what changed between the two.
pub(crate) async fn of_agreement(
    visit: Visit,
    Path(slug): Path<AgreementSlug>,
    Query(compare): Query<Compare>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let person = &visit.reader()?.person;
    let of = Versioned::agreement(&slug);
    if let (Some(from), Some(to)) = (compare.from, compare.to) {
        let changed = engine.agreement_difference(person, &slug, from, to).await?;
        return Ok(visit.html(difference(&visit.frame(), &of, &changed)));
    }
    let list = engine.agreement_versions(person, &slug).await?;
    Ok(visit.html(versions(&visit.frame(), &of, &list)))
}

/// `GET /agreements/SLUG/versions/csv`: the table of versions that stands below its text, as the newest has it.
pub(crate) async fn agreement_table(visit: Visit, Path(slug): Path<AgreementSlug>) -> Result<Response, Fail> {
    let (engine, person) = (&visit.state.engine, &visit.reader()?.person);
    let newest = engine.agreement_versions(person, &slug).await?.first().ok_or(Fail::NotFound)?.number;
    let (_, agreement) = engine.published_agreement(person, &slug, newest).await?;
    let table = agreement_versions_table(&agreement).map_err(|error| Fail::Internal(error.to_string()))?;
    Ok(attachment("text/csv; charset=utf-8", &format!("{slug}-versions.csv"), table))
}

/// `GET /agreements/SLUG/versions/NUMBER`. People know versions by their label, such as 1.1, which leads to the number.
pub(crate) async fn agreement(
    visit: Visit,
    Path((slug, called)): Path<(AgreementSlug, String)>,
) -> Result<Response, Fail> {
    let Ok(number) = called.parse::<u32>() else {
        let versions = visit.state.engine.agreement_versions(&visit.reader()?.person, &slug).await?;
        let meant = versions.iter().find(|version| version.label == called).ok_or(Fail::NotFound)?;
        return Ok(Redirect::to(&format!("/agreements/{slug}/versions/{}", meant.number)).into_response());
    };
    let (version, agreement) = visit.state.engine.published_agreement(&visit.reader()?.person, &slug, number).await?;
    Ok(visit.html(old_agreement(&visit.frame(), &version, &agreement)))
}
