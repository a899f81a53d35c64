use app::pages::{ElsewhereForm, Faults, add_elsewhere, end_elsewhere, text_words, typed_day};
use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{
    AddEvidenceError, EvidenceFault, EvidenceId, FormKey, HowLearned, NewEvidence, NotTaken, OwnEvidence, local_date,
};
use serde::Deserialize;

use crate::door::{Fail, Path, Visit, attachment, posted_with_file};

/// Something else than the file was wrong.
pub(super) const FILE_AGAIN: &str = "Choose the file once more: your browser does not keep it";

/// Which day is wanted.
const DAY_WANTED: &str = "Choose a day in the last ten years, today at the latest";

/// What somebody learned elsewhere, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Added {
    key: String,
    title: String,
    provider: String,
    day: String,
    minutes: String,
    how: String,
}

/// `GET /cpd/elsewhere`: where somebody adds what they learned elsewhere.
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    let form = ElsewhereForm::empty(visit.state.engine.once_key());
    Ok(drawn(&visit, StatusCode::OK, &form))
}

fn drawn(visit: &Visit, status: StatusCode, form: &ElsewhereForm) -> Response {
    let today = local_date(visit.state.engine.now());
    visit.html_with(status, add_elsewhere(&visit.frame(), form, today))
}

/// `POST /cpd/elsewhere`: adds it, once for each form and what is said in it.
pub(crate) async fn add(visit: Visit, request: Request) -> Result<Response, Fail> {
    let (sent, file): (Added, _) = posted_with_file(request, NewEvidence::LARGEST_FILE).await?;
    let engine = &visit.state.engine;
    let mut key = FormKey::parse(&sent.key).unwrap_or_else(|| engine.once_key());
    let had_file = file.is_some();
    let day = typed_day(&sent.day, "Day", DAY_WANTED);
    let new = NewEvidence {
        form: key,
        title: sent.title.clone(),
        provider: sent.provider.clone(),
        done_on: day.as_ref().ok().copied(),
        minutes: sent.minutes.trim().parse().ok(),
        how: HowLearned::parse(&sent.how),
        file,
    };
    let mut faults = Faults::default();
    match engine.add_evidence(&visit.reader()?.person, new).await {
        Ok(_) => return Ok(Redirect::to("/cpd?done=added").into_response()),
        Err(AddEvidenceError::Faults(found)) => {
            for fault in &found {
                let (place, words) = fault_words(*fault);
                // What is no day at all is said as that.
                let no_day = day.as_ref().err().filter(|_| *fault == EvidenceFault::Day);
                faults.add(place, no_day.cloned().unwrap_or(words));
            }
            if had_file && !found.iter().any(|fault| matches!(fault, EvidenceFault::File(_))) {
                faults.add("file", FILE_AGAIN);
            }
        }
        Err(AddEvidenceError::TakenBack) => {
            key = engine.once_key();
            faults.add("main", "You added this, and took it back. Send it once more to add it anew");
        }
        Err(error @ (AddEvidenceError::TooMany | AddEvidenceError::NoRoom)) => faults.add("main", limit_words(&error)),
        Err(AddEvidenceError::NoSuchPerson) => return Err(Fail::NotForYou),
        Err(AddEvidenceError::Internal(error)) => return Err(error.into()),
    }
    let Added { title, provider, day, minutes, how, .. } = sent;
    let form = ElsewhereForm { key, title, provider, day, minutes, how, faults };
    Ok(drawn(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

fn limit_words(error: &AddEvidenceError) -> String {
    match error {
        AddEvidenceError::NoRoom => {
            "Your files have no room left: take one back that you need no more, or add this without a file".to_owned()
        }
        _ => "You have added as many as your record holds: take one back that you need no more".to_owned(),
    }
}

/// Why a file was not taken, and what to do.
pub(super) fn file_words(fault: NotTaken) -> &'static str {
    match fault {
        NotTaken::Kind => "Choose a PDF, or a picture as PNG or JPEG: this file is something else",
        NotTaken::TooLarge => "Choose a smaller file: 5 MB at most",
    }
}

/// What is wrong, with the id of the field.
fn fault_words(fault: EvidenceFault) -> (&'static str, String) {
    match fault {
        EvidenceFault::Title(fault) => ("title", text_words(fault, "Say what it was")),
        EvidenceFault::Provider(fault) => ("provider", text_words(fault, "Say who offered it")),
        EvidenceFault::Day => ("day", DAY_WANTED.to_owned()),
        EvidenceFault::Minutes => {
            ("minutes", format!("Type how many minutes it took, from 1 to {}", NewEvidence::MOST_MINUTES))
        }
        EvidenceFault::How => ("how", "Choose how you did it".to_owned()),
        EvidenceFault::File(fault) => ("file", file_words(fault).to_owned()),
    }
}

/// Something of their own that stands.
async fn find(visit: &Visit, id: EvidenceId) -> Result<OwnEvidence, Fail> {
    let record = visit.state.engine.cpd_record(visit.reader()?.person.id).await?;
    let mut all = record.years.into_iter().flat_map(|year| year.elsewhere);
    all.find(|added| added.id == id).ok_or(Fail::NotFound)
}

/// `GET /cpd/elsewhere/ID/end`: asks whether it is to be taken back.
pub(crate) async fn ask_to_end(visit: Visit, Path(id): Path<EvidenceId>) -> Result<Response, Fail> {
    let added = find(&visit, id).await?;
    Ok(visit.html(end_elsewhere(&visit.frame(), &added)))
}

/// `POST /cpd/elsewhere/ID/end`: takes it back.
pub(crate) async fn end(visit: Visit, Path(id): Path<EvidenceId>) -> Result<Response, Fail> {
    visit.state.engine.end_evidence(&visit.reader()?.person, id).await?;
    Ok(Redirect::to("/cpd?done=taken-back").into_response())
}

/// `GET /cpd/elsewhere/ID/file`: its file, to be kept and never shown within the site.
pub(crate) async fn file(visit: Visit, Path(id): Path<EvidenceId>) -> Result<Response, Fail> {
    let file = visit.state.engine.evidence_file(&visit.reader()?.person, id).await?;
    let name = format!("evidence.{}", file.kind.code());
    Ok(attachment(file.kind.media_type(), &name, file.bytes))
}
