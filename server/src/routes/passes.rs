use app::pages::{self, WithdrawForm, text_words};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{
    Actor, Certificate, CertificateStands, CompletionId, LONGEST_CORRECTION_REASON, WithdrawPassError, WrongBecause,
    typed_line,
};
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Visit};

/// What is wanted of the reason.
const HOW_WANTED: &str = "Say in a line how it came about";

/// Why a pass is withdrawn, as the form sends it.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Withdrawing {
    code: String,
    reason: String,
}

/// `GET /passes/ID/withdraw`: where an administrator says that a pass was recorded wrongly.
pub(crate) async fn ask(visit: Visit, Path(pass): Path<CompletionId>) -> Result<Response, Fail> {
    let found = find(&visit, pass).await?;
    Ok(visit.html(pages::withdraw_pass(&visit.frame(), &found, &WithdrawForm::default())))
}

/// `POST /passes/ID/withdraw`: withdraws it, or shows the form again with what was typed.
pub(crate) async fn withdraw(
    visit: Visit,
    Path(pass): Path<CompletionId>,
    Form(sent): Form<Withdrawing>,
) -> Result<Response, Fail> {
    let found = find(&visit, pass).await?;
    let mut form = WithdrawForm { code: sent.code, reason: sent.reason, ..WithdrawForm::default() };
    let Some(why) = WrongBecause::parse(&form.code) else {
        form.faults.add("code", "Choose what was wrong");
        if let Err(fault) = typed_line(&form.reason, LONGEST_CORRECTION_REASON) {
            form.faults.add("reason", text_words(fault, HOW_WANTED));
        }
        return Ok(drawn(&visit, &found, &form));
    };
    let by = Actor::Person(visit.reader()?.person.id);
    match visit.state.engine.withdraw_pass(pass, why, &form.reason, by).await {
        Ok(person) => Ok(Redirect::to(&format!("/people/{person}")).into_response()),
        Err(WithdrawPassError::Reason(fault)) => {
            form.faults.add("reason", text_words(fault, HOW_WANTED));
            Ok(drawn(&visit, &found, &form))
        }
        Err(WithdrawPassError::Withdrawn) => {
            form.faults.add("main", "Somebody has withdrawn it already");
            Ok(drawn(&visit, &found, &form))
        }
        Err(WithdrawPassError::Oneself) => Err(Fail::NotForYou),
        Err(WithdrawPassError::NoSuchPass) => Err(Fail::NotFound),
        Err(WithdrawPassError::Internal(error)) => Err(error.into()),
    }
}

/// The pass, as its certificate has it. One that was withdrawn is none any more.
async fn find(visit: &Visit, pass: CompletionId) -> Result<Certificate, Fail> {
    let found = visit.state.engine.certificate(&visit.reader()?.person, pass).await?;
    if found.stands == CertificateStands::Wrong { Err(Fail::NotFound) } else { Ok(found) }
}

fn drawn(visit: &Visit, found: &Certificate, form: &WithdrawForm) -> Response {
    visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, pages::withdraw_pass(&visit.frame(), found, form))
}
