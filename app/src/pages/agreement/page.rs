use chrono::{DateTime, Utc};
use engine::{
    AgreementPage, Gate, GateItem, Hold, Missing, SignedBefore, Signing,
    catalogue::{Agreement, NamedRole},
};
use leptos::prelude::*;
use model::Status;

use super::{
    decline::{declined_before, way_to_decline},
    sign_form::{SignFaults, sign_form},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, Stands, changes, clock, count, day, day_of, dir, how_much, lang, mark, moment, prose, row, signing_mark,
        sources, switch, unreviewed, words_in,
    },
};

/// What somebody does to show again who they are, when their session is too old for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowAgain {
    /// Nothing: it is not.
    Nothing,
    /// They type their password.
    Password,
    /// They sign in with their organisation once more.
    SignOn,
}

/// An agreement: what it is, what is still missing, the text in full, and the form to sign it.
pub fn agreement(
    frame: &Frame,
    page: &AgreementPage,
    submitted_to: Option<&NamedRole>,
    again: ShowAgain,
    faults: &SignFaults,
    now: DateTime<Utc>,
) -> Rendered {
    let agreement = &page.agreement;
    let words = faults.words();
    frame.page(&words.title(&agreement.title), || {
        let (language, dir) = (lang(agreement.language), dir(agreement.language));
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
            Signing::Closed => Some(gate(&page.gate, now).into_any()),
            Signing::Open(_) => None,
            Signing::ForOthers => Some(
                view! {
                    <div class="callout callout-note" role="note">
                        <p class="callout-word">{mark(Mark::Help)} " Others sign this, not you"</p>
                        <p>"You may read it, because you help, check or run what it is for."</p>
                    </div>
                }
                .into_any(),
            ),
        };
        let to_sign = matches!(page.signing, Signing::Open(_)).then(|| {
            view! { <p><a class="standalone" href="#sign">"Go to the end of the text, to sign"</a></p> }
        });
        let form = match &page.signing {
            Signing::Open(key) => {
                Some(sign_form(frame, agreement, page.words.shown, *key, again, faults, &words))
            }
            _ => None,
        };
        view! {
            <div class="with-side">
                <div>
                    {words.list()}
                    <p class="crumb"><a href="/agreements">"Agreements"</a></p>
                    {switch(&page.words, format!("/agreements/{}", agreement.slug))}
                    <div class="titled">{signing_mark()} <h1 lang=language.clone() dir=dir>{agreement.title.clone()}</h1></div>
                    {unreviewed(&page.words)}
                    {declined_before(page)}
                    {page.before.as_deref().map(|before| signed_before(before, agreement))}
                    <ul lang=language.clone() dir=dir>{summary}</ul>
                    {top}
                    {to_sign}
                    {versions(agreement)}
                    <article class="prose" aria-label="The text of the agreement" lang=language dir=dir>{prose(&agreement.text, agreement.language, &frame.around.sites)}</article>
                    {form}
                    {way_to_decline(page)}
                    {sources(&agreement.text, frame.is_preview())}
                </div>
                <div class="side">
                    <h2>"This agreement"</h2>
                    {about(agreement, submitted_to)}
                </div>
            </div>
        }
    })
}

/// What they signed before and what is different now, first of all.
fn signed_before(before: &SignedBefore, agreement: &Agreement) -> impl IntoView + use<> {
    let signature = &before.signature;
    let on = day_of(signature.signed_at);
    let current = &agreement.current().version;
    let (heading, said, differs) = match &before.difference {
        Some(difference) => (
            "Changed – sign again",
            format!("You signed version {} on {on}. {} in version {current}.", before.label, how_much(difference)),
            Some(view! {
                <details open=difference.parts.len() <= 4>
                    <summary>"See what has changed"</summary>
                    {changes(difference)}
                </details>
            }),
        ),
        None => {
            ("Sign again", format!("You signed version {} on {on}, and it has not changed since.", before.label), None)
        }
    };
    view! {
        <section class="card changed-card" aria-labelledby="changed">
            <h2 id="changed">{mark(Mark::Again)} " " {heading}</h2>
            <p>{said} " " <a href=format!("/receipts/{}", signature.id)>"Your receipt of then"</a></p>
            {differs}
        </section>
    }
}

fn gate(gate: &Gate, now: DateTime<Utc>) -> impl IntoView + use<> {
    let to_do = gate.items.iter().position(|item| item.pass.is_err() && !item.hold.waits());
    let rows = gate
        .items
        .iter()
        .enumerate()
        .map(|(place, item)| gate_row(place, item, Some(place) == to_do, now))
        .collect_view();
    let waits = match gate.hold() {
        Hold::Tutor { since } => Some(format!(
            "Your tutor or manager was asked to help you on {}. You need not do anything until they have.",
            day_of(since)
        )),
        Hold::Pause { until } => Some(format!("You can go on at {}.", clock(until, now))),
        Hold::Workshop => Some("What is missing is passed at a workshop.".to_owned()),
        Hold::Nothing | Hold::Gate | Hold::Declined { .. } => None,
    };
    let waits = waits.map(|said| view! { <p>{mark(Mark::Waiting)} " " {said}</p> });
    let start = to_do.map(|place| {
        let item = &gate.items[place];
        view! {
            <a class="button" href=format!("/modules/{}", item.module)>
                "Go to what is missing" <span class="hidden">": " {words_in(item.language, &item.title)}</span>
            </a>
        }
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
            {waits}
            {start.map(|start| view! { <div class="actions">{start}</div> })}
        </section>
    }
}

fn gate_row(place: usize, item: &GateItem, here: bool, now: DateTime<Utc>) -> impl IntoView + use<> {
    let done = item.pass.is_ok();
    let state = Stands::in_gate(item).state(now).pill();
    let sign = if done { mark(Mark::Status(Status::Passed)).into_any() } else { (place + 1).to_string().into_any() };
    let note = match &item.pass {
        Ok(pass) => format!("{}, counts until {}", day_of(pass.completed_at), day_of(pass.expires_at)),
        Err(Missing::NotPassed) => format!("{} minutes", item.minutes),
        Err(Missing::Expired) => "Your pass has run out. Please take the quiz again.".to_owned(),
        Err(Missing::Superseded) => "The module has changed since you passed it.".to_owned(),
    };
    view! {
        <li class:done=done class:here=here>
            <span class="step-mark">{sign}</span>
            " "
            <a href=format!("/modules/{}", item.module)>{words_in(item.language, &item.title)}</a>
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
            <p><a href=format!("/agreements/{}/versions/csv", agreement.slug) download="">"Download as a table (CSV)"</a></p>
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
    let submitted_to = submitted_to.map(|role| row("Copy goes to", role.title.clone()));
    view! {
        <dl class="facts">
            {row("Version", format!("{}, from {}", current.version, day(current.date)))}
            {row("Signed again", again)}
            {row("Versions", view! { <a href=format!("/agreements/{}/versions", agreement.slug)>"All versions"</a> })}
            {submitted_to}
        </dl>
    }
}
