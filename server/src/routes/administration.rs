use app::pages::{self, Acts, SettingsView};
use axum::{http::StatusCode, response::Response};
use engine::{
    KindOfAct, WhichActs,
    content::{ReadError, Sources},
};
use serde::{Deserialize, Serialize};

use super::audit::{read_days, status_of};
use crate::door::{Fail, Form, Query, Visit, query_of};

/// `GET /admin`: all parts of this installation, with what needs somebody, for administrators.
pub(crate) async fn front(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let seen = engine.administration(reader).await?;
    let folder = if seen.everywhere { read_folder(&visit).await } else { None };
    let folder = match folder {
        Some(sources) => Some(engine.folder_stands(reader, sources).await?),
        None => None,
    };
    Ok(visit.html(pages::administration(&visit.frame(), &seen, folder.as_ref())))
}

/// The folder with the content. `None`: it cannot be read, and the log says why.
async fn read_folder(visit: &Visit) -> Option<Sources> {
    let folder = visit.state.settings.content.clone();
    let read = tokio::task::spawn_blocking(move || Sources::read(&folder));
    match read.await {
        Ok(Ok((sources, _))) => Some(sources),
        Ok(Err(error)) => {
            let ReadError { path, source } = error;
            tracing::warn!(path = %path.display(), error = %source, "the folder with the content cannot be read");
            None
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// `GET /admin/contacts`: whom people find at each site, who holds each named role and who stands in.
pub(crate) async fn contacts(visit: Visit) -> Result<Response, Fail> {
    let seen = visit.state.engine.contacts_and_cover(&visit.reader()?.person).await?;
    Ok(visit.html(pages::contacts_and_cover(&visit.frame(), &seen)))
}

/// `GET /admin/settings`: what the provider's settings are, and since when.
pub(crate) async fn settings(visit: Visit) -> Result<Response, Fail> {
    let shown = visit.state.engine.settings_shown(&visit.reader()?.person).await?;
    let view = SettingsView { shown, ..SettingsView::default() };
    Ok(visit.html(pages::settings(&visit.frame(), &view)))
}

/// A changed `organisation.toml`, as its form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Changed {
    file: String,
}

/// `POST /admin/settings`: what would be wrong with a change of the settings, and what it would change. Nothing is kept.
pub(crate) async fn try_settings(visit: Visit, Form(changed): Form<Changed>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let shown = engine.settings_shown(reader).await?;
    let mut view = SettingsView { shown, ..SettingsView::default() };
    if changed.file.trim().is_empty() {
        view.faults.add("file", "Put the whole of your changed organisation.toml here");
    } else {
        match read_folder(&visit).await {
            Some(sources) => view.check = Some(engine.check_settings(reader, sources, &changed.file).await?),
            None => view.faults.add(
                "file",
                "This server cannot read the folder with its content now, so nothing can be said of a change. Whoever runs the server finds why with induct doctor",
            ),
        }
    }
    view.typed = changed.file;
    let is_refused = view.check.as_ref().is_none_or(|check| check.is_refused());
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.html_with(status, pages::settings(&visit.frame(), &view)))
}

/// Which acts are wanted, as addresses say it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Sought {
    by: String,
    what: String,
    from: String,
    to: String,
    after: String,
}

/// `GET /admin/log`: who did what for others, for those who check or look after everybody.
pub(crate) async fn log(visit: Visit, Query(mut sought): Query<Sought>) -> Result<Response, Fail> {
    let ((from, to), no_day) = read_days(&mut sought.from, &mut sought.to);
    let which = WhichActs {
        by: sought.by.clone(),
        kind: KindOfAct::parse(&sought.what),
        from,
        to,
        after: sought.after.clone(),
    };
    let mut found = visit.state.engine.acts(&visit.reader()?.person, &which).await?;
    if no_day != (false, false) {
        found.acts.clear();
        found.next = None;
    }
    let next = found.next.take().map(|after| query_of(&Sought { after, ..sought.clone() }));
    let days = (sought.from, sought.to);
    let seen = Acts { is_first: which.after.is_empty(), which, days, no_day, found, next };
    Ok(visit.html_with(status_of(no_day), pages::acts(&visit.frame(), &seen)))
}
