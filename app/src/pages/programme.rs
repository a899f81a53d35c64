//! Programmes: the list of them, and one with its parts and its versions.

use chrono::{DateTime, Utc};
use engine::{
    Hold, OwnWorkshops, ProgrammeChange, ProgrammePage, ProgrammePart, ProgrammeSummary, ProgrammeVersion, Thing,
    local_date,
};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, Of, Stands, at_which, count, day, day_of, done_words, due_words, finish_words, heading, listed, mark,
        module_mark, schedule_words, signing_mark, upper_first, words_in,
    },
};

/// The programmes that are somebody's, and those of others that they may read about.
pub fn programmes(frame: &Frame, programmes: &[ProgrammeSummary]) -> Rendered {
    frame.page("Programmes", || {
        let (theirs, others): (Vec<_>, Vec<_>) = programmes.iter().partition(|summary| summary.theirs_from.is_some());
        let list = if theirs.is_empty() {
            view! { <p>"No programme is yours yet. When you are given one, it appears here and on your own page."</p> }
                .into_any()
        } else {
            view! { <ul class="rows" role="list">{theirs.into_iter().map(|summary| row(summary, false)).collect_view()}</ul> }
                .into_any()
        };
        let others = (!others.is_empty()).then(|| {
            view! {
                <section aria-labelledby="others">
                    <h2 id="others">"For others"</h2>
                    <ul class="rows" role="list">{others.into_iter().map(|summary| row(summary, true)).collect_view()}</ul>
                </section>
            }
        });
        view! {
            <div class="column">
                <h1>"Programmes"</h1>
                <p class="lead">"What is asked together: modules and agreements in their order, and by when."</p>
                {list}
                {others}
            </div>
        }
    })
}

fn row(summary: &ProgrammeSummary, under: bool) -> impl IntoView + use<> {
    let programme = &summary.programme;
    let title = view! { <a href=format!("/programmes/{}", programme.slug)>{programme.title.clone()}</a> };
    let from = summary.theirs_from.map(|from| format!("Yours since {}. ", day(from)));
    let asks = asks(programme.modules.len(), programme.agreements.len());
    view! {
        <li>
            <div>
                {heading(under, title)}
                <p>{programme.summary.clone()}</p>
                <p class="meta">{from} {format!("{asks}. ")} {schedule_words(programme.schedule)}</p>
            </div>
        </li>
    }
}

fn asks(modules: usize, agreements: usize) -> String {
    let modules = (modules > 0).then(|| count(modules, "module", "modules"));
    let agreements = (agreements > 0).then(|| count(agreements, "agreement", "agreements"));
    listed(&modules.into_iter().chain(agreements).collect::<Vec<_>>())
}

/// A programme: what it asks, when, and what it asked before. `workshops` are the reader's.
pub fn programme(frame: &Frame, page: &ProgrammePage, workshops: &OwnWorkshops, now: DateTime<Utc>) -> Rendered {
    let programme = &page.programme;
    frame.page(&programme.title, || {
        let withdrawn = page.is_withdrawn.then(|| {
            view! {
                <div class="callout callout-note" role="note">
                    <p class="callout-word">{mark(Mark::Help)} " Withdrawn"</p>
                    <p>"It has been withdrawn, and is asked of nobody. What was done for it stays on record."</p>
                </div>
            }
        });
        let theirs = page.theirs_from.filter(|_| !page.is_withdrawn);
        let far = page.standing.as_ref().map(|standing| {
            let by = finish_words(standing, local_date(now)).map(|by| format!(", {by}")).unwrap_or_default();
            format!(" {}{by}.", upper_first(&done_words(standing)))
        });
        let theirs = theirs.map(|from| view! { <p>{format!("It has been yours since {}.", day(from))} {far}</p> });
        let given = if programme.by_hand { "To whom somebody gives it" } else { "To all whom it is written for, and whom else somebody gives it to" };
        let steps = page.parts.iter().map(|part| step(part, workshops, now)).collect_view();
        let versions = page.versions.iter().map(version).collect_view();
        view! {
            <div class="with-side">
                <div>
                    <p class="crumb"><a href="/programmes">"Programmes"</a></p>
                    <h1>{programme.title.clone()}</h1>
                    <p class="lead">{programme.summary.clone()}</p>
                    {withdrawn}
                    {theirs}
                    <section aria-labelledby="asks">
                        <h2 id="asks">"What it asks, in this order"</h2>
                        <ol class="rows marked" role="list">{steps}</ol>
                    </section>
                </div>
                <div class="side">
                    <h2>"This programme"</h2>
                    <dl class="facts">
                        <div><dt>"When"</dt> <dd>{schedule_words(programme.schedule)}</dd></div>
                        <div><dt>"Written for"</dt> <dd>{listed(&page.written_for)}</dd></div>
                        <div><dt>"Given"</dt> <dd>{given}</dd></div>
                    </dl>
                    <h2 id="versions">"Versions"</h2>
                    <p>"Nothing that was ever published goes away. A new version asks from its day on; what was done stays on record."</p>
                    <ul class="rows" role="list" aria-labelledby="versions">{versions}</ul>
                </div>
            </div>
        }
    })
}

fn step(part: &ProgrammePart, workshops: &OwnWorkshops, now: DateTime<Utc>) -> impl IntoView + use<> {
    let (address, medallion) = match &part.thing {
        Thing::Module(slug) => (format!("/modules/{slug}"), module_mark(slug.as_str()).into_any()),
        Thing::Agreement(slug) => (format!("/agreements/{slug}"), signing_mark().into_any()),
    };
    let title = words_in(part.language, &part.title);
    let title = if part.may_open { view! { <a href=address>{title}</a> }.into_any() } else { title };
    let meta = match (&part.thing, part.minutes) {
        _ if part.is_withdrawn => "Withdrawn, and asked of nobody".to_owned(),
        (Thing::Agreement(_), _) => "To sign".to_owned(),
        (Thing::Module(_), Some(minutes)) => count(minutes as usize, "minute", "minutes"),
        (Thing::Module(_), None) => String::new(),
    };
    let state = part.stands.as_ref().map(|stands| {
        let of = stands.missing.map_or(Of::Module, |(missing, of)| Of::Agreement { missing, of });
        Stands::of_cell(of, &stands.cell, stands.hold).state(now).pill()
    });
    let waits =
        part.stands.as_ref().is_some_and(|stands| stands.hold == Hold::Workshop && stands.cell.wanted.is_some());
    let which = match &part.thing {
        Thing::Module(slug) if waits => Some(view! { <p>{at_which(workshops.of(slug))}</p> }),
        Thing::Module(_) | Thing::Agreement(_) => None,
    };
    let due = part.stands.as_ref().and_then(|stands| {
        let by = stands.wanted_by?;
        let sooner = stands.cell.wanted.as_ref().is_some_and(|here| by < here.by);
        let because = if sooner { ", because another programme asks for it sooner" } else { "" };
        Some(view! { <p class="meta">{due_words(by, local_date(now))} {because}</p> })
    });
    view! {
        <li>
            <span class="medallion">{medallion}</span>
            <div>
                {heading(true, title)}
                <p class="meta">{meta}</p>
                {which}
                {due}
            </div>
            {state}
        </li>
    }
}

fn version(version: &ProgrammeVersion) -> impl IntoView + use<> {
    let changes = version.changes.iter().map(|change| view! { <li>{change_words(change)}</li> }).collect_view();
    let changes = if version.number == 1 {
        None
    } else if version.changes.is_empty() {
        Some(view! { <p>"It is as the version before."</p> }.into_any())
    } else {
        Some(view! { <ul>{changes}</ul> }.into_any())
    };
    let withdrawn = version.withdrawn_at.map(|at| format!(", withdrawn on {}", day_of(at)));
    view! {
        <li>
            <div>
                <h3>{format!("Version {}", version.number)}</h3>
                <p class="meta">{format!("Put online here on {}", day_of(version.published_at))} {withdrawn}</p>
                {changes}
                <details class="digests">
                    <summary>"For auditors: its digest"</summary>
                    <p class="meta"><span>"SHA-256: " <code>{version.sha256.to_string()}</code></span></p>
                </details>
            </div>
        </li>
    }
}

fn change_words(change: &ProgrammeChange) -> String {
    let quoted = |titles: &[String]| {
        let titles: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
        listed(&titles)
    };
    match change {
        ProgrammeChange::Added(titles) => format!("It asks for {} as well.", quoted(titles)),
        ProgrammeChange::TakenOut(titles) => format!("It no longer asks for {}.", quoted(titles)),
        ProgrammeChange::Order => "Its parts come in another order.".to_owned(),
        ProgrammeChange::Schedule(before, since) => {
            format!("When it is due. Before: “{}” Now: “{}”", schedule_words(*before), schedule_words(*since))
        }
        ProgrammeChange::Audience(before, since) => {
            format!("It is written for {}; before, for {}.", listed(since), listed(before))
        }
        ProgrammeChange::ByHand(true) => {
            "It is no longer given to everybody whom it is written for, but by hand.".to_owned()
        }
        ProgrammeChange::ByHand(false) => "It is given to everybody whom it is written for.".to_owned(),
        ProgrammeChange::Words => "Its title or its description is worded anew.".to_owned(),
    }
}
