use engine::{
    AgreementPage, FormKey, Gate, GateItem, Missing, Receipt, Signing,
    catalogue::{Agreement, NamedRole},
};
use leptos::prelude::*;
use model::Status;

use super::{
    dates::{count, day, day_of, moment},
    frame::{Frame, Rendered},
    parts::{Mark, error_summary, lower_first, mark, prose, row, sources, status},
};

/// What is wrong with a signing form that was sent, and what it held.
#[derive(Clone, Debug, Default)]
pub struct SignFaults {
    /// The box was not ticked.
    pub agreement: bool,
    /// The name is empty or too long.
    pub name: bool,
    /// The password is wrong, with what to say about it.
    pub password: Option<String>,
    /// The text changed since it was shown.
    pub text_changed: bool,
    /// The form had been used before.
    pub form_used: bool,
    /// The name as it was typed.
    pub typed_name: String,
}

/// An agreement: what it is, what is still missing, the text in full, and the form to sign it. `ask_password` when the
/// session is too old for a signature.
pub fn agreement(
    frame: &Frame,
    page: &AgreementPage,
    submitted_to: Option<&NamedRole>,
    ask_password: bool,
    faults: &SignFaults,
) -> Rendered {
    let agreement = &page.agreement;
    let has_faults = !fault_list(faults).is_empty();
    let title = if has_faults { format!("Error: {}", agreement.title) } else { agreement.title.clone() };
    frame.page(&title, || {
        let summary = agreement.summary.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        let top = match &page.signing {
            Signing::Signed(signature) => Some(
                view! {
                    <section class="outcome passed">
                        {mark(Mark::Status(Status::Passed))}
                        <div>
                            <h2>"You have signed this"</h2>
                            <p>{format!("On {}.", moment(signature.signed_at))}</p>
                            <p><a class="standalone" href=format!("/receipts/{}", signature.id)>"See your receipt"</a></p>
                        </div>
                    </section>
                }
                .into_any(),
            ),
            Signing::Closed => Some(gate(&page.gate).into_any()),
            Signing::Open(_) => None,
        };
        let form = match &page.signing {
            Signing::Open(key) => Some(sign_form(frame, agreement, *key, ask_password, faults)),
            _ => None,
        };
        view! {
            <div class="with-side">
                <div>
                    {error_summary(fault_list(faults))}
                    <p class="crumb"><a href="/">"Your page"</a></p>
                    <h1>{agreement.title.clone()}</h1>
                    <ul>{summary}</ul>
                    {top}
                    {versions(agreement)}
                    <article class="prose" aria-label="The text of the agreement">{prose(&agreement.text, &frame.sites)}</article>
                    {form}
                    {sources(&agreement.text)}
                </div>
                <div class="side">
                    <h2>"This agreement"</h2>
                    {about(agreement, submitted_to)}
                </div>
            </div>
        }
    })
}

fn fault_list(faults: &SignFaults) -> Vec<(&'static str, String)> {
    let mut list = Vec::new();
    if faults.text_changed {
        list.push((
            "sign",
            "The text has changed since you opened it. Please read it again before you sign".to_owned(),
        ));
    }
    if faults.form_used {
        list.push((
            "sign",
            "That form had been used before, so nothing was signed. Please use this new one".to_owned(),
        ));
    }
    if faults.agreement {
        list.push(("agree", "Tick the box to say that you agree".to_owned()));
    }
    if faults.name {
        list.push(("typed-name", "Type your full name".to_owned()));
    }
    if let Some(password) = &faults.password {
        list.push(("password", password.clone()));
    }
    list
}

fn gate(gate: &Gate) -> impl IntoView + use<> {
    let first_missing = gate.items.iter().position(|item| item.pass.is_err());
    let rows = gate
        .items
        .iter()
        .enumerate()
        .map(|(place, item)| gate_row(place, item, Some(place) == first_missing))
        .collect_view();
    let start = first_missing.map(|place| {
        let item = &gate.items[place];
        view! { <a class="button" href=format!("/modules/{}", item.module)>"Go to " {item.title.clone()}</a> }
    });
    view! {
        <section class="card" aria-labelledby="gate">
            <h2 id="gate">"Before you can sign"</h2>
            <p>
                {format!(
                    "You need a current pass in each of these. {} still missing. You can read the agreement now.",
                    match gate.missing() {
                        1 => "1 is".to_owned(),
                        many => format!("{many} are"),
                    },
                )}
            </p>
            <ol class="steps" role="list">{rows}</ol>
            <p>{start}</p>
        </section>
    }
}

fn gate_row(place: usize, item: &GateItem, here: bool) -> impl IntoView + use<> {
    let done = item.pass.is_ok();
    let sign = if done { mark(Mark::Status(Status::Passed)).into_any() } else { (place + 1).to_string().into_any() };
    let (state, note) = match &item.pass {
        Ok(pass) => (
            status(Status::Passed, None),
            format!("{}, counts until {}", day_of(pass.completed_at), day_of(pass.expires_at)),
        ),
        Err(Missing::NotPassed) => {
            (status(Status::NotStarted, Some("Not passed yet")), format!("{} minutes", item.minutes))
        }
        Err(Missing::Expired) => {
            (status(Status::Expired, None), "Your pass has run out. Please take the quiz again.".to_owned())
        }
        Err(Missing::Superseded) => (
            status(Status::Expired, Some("New edition")),
            "The module has changed since you passed. Please take the new one.".to_owned(),
        ),
    };
    view! {
        <li class:done=done class:here=here>
            <span class="step-mark">{sign}</span>
            " "
            <a href=format!("/modules/{}", item.module)>{item.title.clone()}</a>
            " "
            {state}
            <p class="note">{note}</p>
        </li>
    }
}

fn versions(agreement: &Agreement) -> impl IntoView + use<> {
    let rows = agreement
        .versions
        .iter()
        .rev()
        .map(|version| {
            view! {
                <tr>
                    <td>{version.version.clone()}</td>
                    <td>{day(version.date)}</td>
                    <td>{version.change.clone()}</td>
                    <td>{version.lead.clone()}</td>
                    <td>{day(version.reviewed)}</td>
                    <td>{day(version.next_review)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>"Versions and review dates"</summary>
            <div class="table" tabindex="0" role="group" aria-label="Table of versions">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Version"</th>
                            <th scope="col">"Date"</th>
                            <th scope="col">"Change"</th>
                            <th scope="col">"Lead"</th>
                            <th scope="col">"Reviewed"</th>
                            <th scope="col">"Next review"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn about(agreement: &Agreement, submitted_to: Option<&NamedRole>) -> impl IntoView + use<> {
    let current = agreement.current();
    let again = match agreement.recurs {
        Some(months) => {
            format!("Every {}, or when it changes", count(months.as_u32() as usize, "month", "months"))
        }
        None => "When it changes".to_owned(),
    };
    let submitted_to = submitted_to.map(|role| row("Kept for", role.title.clone()));
    view! {
        <dl class="facts">
            {row("Version", format!("{}, from {}", current.version, day(current.date)))}
            {row("Signed again", again)}
            {row("Versions", view! { <a href=format!("/agreements/{}/versions", agreement.slug)>"All versions"</a> })}
            {submitted_to}
        </dl>
    }
}

fn sign_form(
    frame: &Frame,
    agreement: &Agreement,
    key: FormKey,
    ask_password: bool,
    faults: &SignFaults,
) -> impl IntoView + use<> {
    let field_fault =
        |id: &'static str, shown: bool, text: String| shown.then(|| view! { <p class="field-error" id=id>{text}</p> });
    let known_as = frame.reader.clone().unwrap_or_default();
    let password = ask_password.then(|| {
        let wrong = faults.password.is_some();
        let described = if wrong { "password-hint password-error" } else { "password-hint" };
        view! {
            <div class="field">
                <label for="password">"Your password"</label>
                <p class="hint" id="password-hint">
                    "You signed in more than 10 minutes ago, so we check that it is still you."
                </p>
                {field_fault("password-error", wrong, faults.password.clone().unwrap_or_default())}
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                />
            </div>
        }
    });
    view! {
        <section class="intent" aria-labelledby="sign">
            <h2 id="sign">"Sign"</h2>
            <form method="post" action=format!("/agreements/{}/sign", agreement.slug)>
                <input type="hidden" name="version" value=agreement.canonical.sha256.to_string()/>
                <input type="hidden" name="key" value=key.to_string()/>
                <div class="field">
                    {field_fault("agree-error", faults.agreement, "Tick the box to say that you agree".to_owned())}
                    <div class="option">
                        <input
                            type="checkbox"
                            id="agree"
                            name="agree"
                            value="yes"
                            required
                            aria-invalid=faults.agreement.then_some("true")
                            aria-describedby=faults.agreement.then_some("agree-error")
                        />
                        <label for="agree">{agreement.statement.clone()}</label>
                    </div>
                </div>
                <div class="field">
                    <label for="typed-name">"Your full name"</label>
                    <p class="hint" id="name-hint">
                        {format!("Typing it here is your signature. We know you as {known_as}.")}
                    </p>
                    {field_fault("name-error", faults.name, "Type your full name".to_owned())}
                    <input
                        id="typed-name"
                        name="typed_name"
                        type="text"
                        autocomplete="name"
                        maxlength="200"
                        required
                        value=faults.typed_name.clone()
                        aria-describedby=if faults.name { "name-hint name-error" } else { "name-hint" }
                        aria-invalid=faults.name.then_some("true")
                    />
                </div>
                {password}
                <div class="actions">
                    <button>{format!("Sign the {}", lower_first(&agreement.title))}</button>
                </div>
                <p class="hint">
                    "You get a receipt at once. Not ready? Nothing is lost if you come back later, and you can "
                    <a href="/help">"talk to someone"</a> " first."
                </p>
            </form>
        </section>
    }
}

/// The exact text of a signature, as it stood when it was signed.
pub fn signed_text(frame: &Frame, receipt: &Receipt) -> Rendered {
    let agreement = &receipt.agreement;
    frame.page(&format!("{}, as signed", agreement.title), || {
        let signed = format!(
            "Version {}, as {} signed it on {}.",
            agreement.current().version,
            receipt.signature.person_name,
            moment(receipt.signature.signed_at),
        );
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/receipts/{}", receipt.signature.id)>"Receipt"</a></p>
                <h1>{agreement.title.clone()}</h1>
                <p class="lead">{signed}</p>
                <article class="prose" aria-label="The text of the agreement">{prose(&agreement.text, &frame.sites)}</article>
                <blockquote><p>{receipt.signature.statement.clone()}</p></blockquote>
                {sources(&agreement.text)}
            </div>
        }
    })
}
