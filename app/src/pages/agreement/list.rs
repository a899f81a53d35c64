use chrono::{DateTime, Utc};
use engine::{AgreementSummary, Agreements};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Of, Stands, day_of, heading, signing_mark},
};

/// The agreements that are for somebody or that they may read, and what they have signed.
/// `sees_submitted`: they may see what came in for a named role.
pub fn agreements(frame: &Frame, found: &Agreements, sees_submitted: bool, now: DateTime<Utc>) -> Rendered {
    frame.page("Agreements", || {
        let (theirs, others): (Vec<_>, Vec<_>) = found.agreements.iter().partition(|summary| summary.counts);
        let none = theirs.is_empty().then(|| view! { <p>"There is no agreement for you to sign."</p> });
        let signed = found
            .signed
            .iter()
            .map(|signed| {
                let said = match (signed.counts, signed.until) {
                    (true, Some(until)) => format!("It counts until {}.", day_of(until)),
                    (true, None) => "It counts.".to_owned(),
                    (false, _) => "It no longer counts, and is kept.".to_owned(),
                };
                view! {
                    <li>
                        <div>
                            <h3><a href=format!("/receipts/{}", signed.id)>{format!("{}, {}", signed.title, day_of(signed.at))}</a></h3>
                            <p class="meta">{said}</p>
                        </div>
                    </li>
                }
            })
            .collect_view();
        let receipts = (!found.signed.is_empty()).then(|| {
            view! {
                <section class="side" aria-labelledby="receipts">
                    <h2 id="receipts">"Your receipts"</h2>
                    <ul class="rows" role="list">{signed}</ul>
                </section>
            }
        });
        let others = (!others.is_empty()).then(|| {
            let rows = others.into_iter().map(|summary| row(summary, now, true)).collect_view();
            view! {
                <section aria-labelledby="others">
                    <h2 id="others">"For others"</h2>
                    <p>"Other people sign these. You may read them."</p>
                    <ul class="rows marked" role="list">{rows}</ul>
                </section>
            }
        });
        let submitted = sees_submitted.then(|| {
            view! { <p class="no-print"><a class="standalone" href="/submitted">"What others signed, as it came in"</a></p> }
        });
        view! {
            <div class="with-side">
                <div>
                    <h1>"Agreements"</h1>
                    {none}
                    <ul class="rows marked" role="list">{theirs.into_iter().map(|summary| row(summary, now, false)).collect_view()}</ul>
                    {others}
                    {submitted}
                </div>
                {receipts}
            </div>
        }
    })
}

fn row(summary: &AgreementSummary, now: DateTime<Utc>, under: bool) -> impl IntoView + use<> {
    let agreement = &summary.agreement;
    let of = Of::Agreement { missing: summary.missing, of: agreement.requires.len() };
    let state = summary.counts.then(|| Stands::of_cell(of, &summary.cell, summary.hold).state(now).pill());
    let about = agreement.summary.first().cloned().unwrap_or_default();
    view! {
        <li>
            <span class="medallion">{signing_mark()}</span>
            <div>
                {heading(under, view! { <a href=format!("/agreements/{}", agreement.slug)>{agreement.title.clone()}</a> })}
                <p>{about}</p>
            </div>
            {state}
        </li>
    }
}
