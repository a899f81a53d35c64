use std::time::Duration;

use app::pages::{Faults, ImportView, LinesWanted, UploadView, import_file, import_people};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Actor, Engine, Field, LARGEST_FILE, Person, SaidOfFile, Stage, Upload, UploadError};
use serde::Deserialize;
use uuid::Uuid;

use super::people::sentence;
use crate::door::{Fail, Form, Path, Query, Visit, posted_file};

/// After how many seconds a browser looks again how far it is.
const LOOK_AGAIN: &str = "3";

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    done: String,
}

/// `GET /people/import`: where a file is handed over.
pub(crate) async fn show(visit: Visit, Query(done): Query<Done>) -> Result<Response, Fail> {
    let said = (done.done == "undo").then(|| "It is being undone. What is left of it stands below.".to_owned());
    let view = ImportView { said, ..ImportView::default() };
    form(&visit, StatusCode::OK, view).await
}

async fn form(visit: &Visit, status: StatusCode, view: ImportView) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let last = engine.last_import(&visit.reader()?.person).await?;
    let under_way = last.as_ref().is_some_and(|last| last.left > 0);
    let view = ImportView { last, at_work: visit.state.is_importing(), ..view };
    let mut response = visit.html_with(status, import_people(&visit.frame(), &view));
    if under_way && view.at_work {
        look_again(&mut response);
    }
    Ok(response)
}

fn look_again(response: &mut Response) {
    response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(LOOK_AGAIN));
}

/// `POST /people/import`: keeps a file, and shows what it would do.
pub(crate) async fn take(visit: Visit, request: Request) -> Result<Response, Fail> {
    let posted = match posted_file(request, LARGEST_FILE).await {
        Err(Fail::NotAForm) => Ok(None),
        posted => posted,
    };
    let mut faults = Faults::default();
    match posted? {
        Some((name, bytes)) if !bytes.is_empty() => {
            match visit.state.engine.upload_people(&visit.reader()?.person, &name, bytes).await {
                Ok(id) => return Ok(Redirect::to(&format!("/people/import/{id}")).into_response()),
                Err(UploadError::Internal(error)) => return Err(error.into()),
                Err(UploadError::NotTheirs) => return Err(Fail::NotForYou),
                Err(error) => faults.add("file", sentence(&error.to_string())),
            }
        }
        Some((name, _)) if !name.is_empty() => faults.add("file", "This file is empty. Choose another"),
        _ => faults.add("file", "Choose a file"),
    }
    form(&visit, StatusCode::UNPROCESSABLE_ENTITY, ImportView { faults, ..ImportView::default() }).await
}

/// Which lines of the report are wanted, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    lines: String,
    page: String,
}

/// `GET /people/import/ID`: what a file would change, or how far it is.
pub(crate) async fn look(visit: Visit, Path(id): Path<Uuid>, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    file(&visit, StatusCode::OK, id, &wanted, Faults::default()).await
}

async fn file(visit: &Visit, status: StatusCode, id: Uuid, wanted: &Wanted, faults: Faults) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let upload = engine.upload(reader, id).await?;
    let draft = match upload.stage {
        Stage::Waits | Stage::Failed(_) => Some(engine.draft_of(reader, &upload).await?),
        Stage::UnderWay(_) | Stage::Done(_) => None,
    };
    let under_way = matches!(upload.stage, Stage::UnderWay(_));
    let page = wanted.page.parse::<usize>().unwrap_or(1).saturating_sub(1);
    let lines = LinesWanted::parse(&wanted.lines);
    let view = UploadView { upload, draft, lines, page, faults, now: engine.now() };
    let mut response = visit.html_with(status, import_file(&visit.frame(), &view));
    if under_way {
        look_again(&mut response);
    }
    Ok(response)
}

/// What is said of a file, or that it is to be carried out, as the forms send it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct GoOn {
    r#do: String,
    #[serde(rename = "column-external_id")]
    external_id: String,
    #[serde(rename = "column-name")]
    name: String,
    #[serde(rename = "column-name-2")]
    last_name: String,
    #[serde(rename = "column-email")]
    email: String,
    #[serde(rename = "column-group")]
    group: String,
    #[serde(rename = "column-role")]
    role: String,
    #[serde(rename = "column-start_date")]
    start_date: String,
    days: String,
}

impl GoOn {
    fn said(&self) -> SaidOfFile {
        let columns = Field::ALL.map(|field| {
            let names = match field {
                Field::ExternalId => vec![&self.external_id],
                Field::Name => vec![&self.name, &self.last_name],
                Field::Email => vec![&self.email],
                Field::Group => vec![&self.group],
                Field::Role => vec![&self.role],
                Field::StartDate => vec![&self.start_date],
            };
            let names = names.into_iter().filter(|name| !name.is_empty()).cloned().collect();
            (field.code().to_owned(), names)
        });
        let day_first = match self.days.as_str() {
            "day" => Some(true),
            "month" => Some(false),
            _ => None,
        };
        SaidOfFile { columns: columns.into(), day_first }
    }
}

/// `POST /people/import/ID`: keeps which column is what, or has the file carried out.
pub(crate) async fn go_on(visit: Visit, Path(id): Path<Uuid>, Form(form): Form<GoOn>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    match form.r#do.as_str() {
        "columns" => engine.say_of_upload(reader, id, &form.said()).await?,
        "apply" => {
            let upload = engine.upload(reader, id).await?;
            if engine.start_upload(reader, id).await? {
                carry_out(&visit, upload, reader.clone());
            }
        }
        _ => {
            let mut faults = Faults::default();
            faults.add("main", "Choose one of the forms below");
            return file(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, &Wanted::default(), faults).await;
        }
    }
    Ok(Redirect::to(&format!("/people/import/{id}")).into_response())
}

/// Carries a file out beside the requests: it may take longer than one of them may.
fn carry_out(visit: &Visit, upload: Upload, reader: Person) {
    let state = visit.state.clone();
    tokio::spawn(async move {
        let _busy = state.import_begins();
        if let Err(error) = state.engine.carry_out_upload(&reader, upload.id).await {
            tracing::error!(%error, import = %upload.id, "a file of people could not be carried out");
        }
    });
}

/// What is to be done about the last import, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Undo {
    r#do: String,
}

/// For how long a request waits for an undoing: most are done by then.
const SHORT: Duration = Duration::from_secs(5);

/// `POST /people/import/undo`: undoes the last import, or finishes what was stopped.
pub(crate) async fn undo(visit: Visit, Form(form): Form<Undo>) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    if !matches!(form.r#do.as_str(), "undo" | "finish") {
        let mut faults = Faults::default();
        faults.add("main", "Choose one of the forms below");
        return self::form(&visit, StatusCode::UNPROCESSABLE_ENTITY, ImportView { faults, ..ImportView::default() })
            .await;
    }
    // Whoever may not see what was imported last has no say in it.
    visit.state.engine.last_import(reader).await?;
    let (state, by, undoes) = (visit.state.clone(), Actor::Person(reader.id), form.r#do == "undo");
    let work = tokio::spawn(async move {
        let _busy = state.import_begins();
        undo_or_finish(&state.engine, by, undoes).await
    });
    match tokio::time::timeout(SHORT, work).await {
        Ok(Ok(Some(words))) => {
            let mut faults = Faults::default();
            faults.add("main", sentence(&words));
            self::form(&visit, StatusCode::UNPROCESSABLE_ENTITY, ImportView { faults, ..ImportView::default() }).await
        }
        _ => Ok(Redirect::to("/people/import?done=undo").into_response()),
    }
}

/// What was refused, in words. `None`: it is done.
async fn undo_or_finish(engine: &Engine, by: Actor, undoes: bool) -> Option<String> {
    let refused = if undoes {
        engine.undo_import(by, |_| ()).await.err().map(|error| error.to_string())
    } else {
        engine.finish_import(by, |_| ()).await.err().map(|error| error.to_string())
    };
    if let Some(error) = &refused {
        tracing::warn!(error, "an import could not be undone or finished");
    }
    refused
}
