use chrono::{DateTime, NaiveDate, Utc};
use engine::{
    DoneThing, Due, DueThing, GateItem, Hold, NeutralName, OwnPage, OwnWorkshops, Why, catalogue::Language, local_date,
};
use leptos::prelude::*;
use model::Status;

use super::{
    lead::stands,
    tallies::{pips, tallies},
};
use crate::pages::parts::{
    Mark, at_which, away, certificate_link, clock, day, day_of, dir, due_words, duration, lang, mark, missed_years,
    module_mark, signing_mark, words_in,
};

/// Everything as a path: what is done is behind, what is next is marked, what is closed says what opens it, and what waits is last.
pub(super) fn path(page: &OwnPage, workshops: &OwnWorkshops, now: DateTime<Utc>) -> impl IntoView + use<> {
    let today = local_date(now);
    let mut groups: Vec<(String, Vec<AnyView>)> = Vec::new();
    for (place, due) in page.due.iter().enumerate() {
        let heading = if due.hold.waits() { "Waiting".to_owned() } else { by(due.wanted.by, today) };
        let station = station(due, place == 0 && !due.hold.waits(), workshops, now).into_any();
        match groups.last_mut() {
            // An agreement stands after what it requires, whatever its date.
            Some((last, stations)) if *last == heading || due.hold == Hold::Gate => stations.push(station),
            _ => groups.push((heading, vec![station])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(heading, stations)| view! { <h3>{heading}</h3> <ol class="path" role="list">{stations}</ol> })
        .collect_view();
    let tallies = tallies(page, today);
    let parts = page.due.iter().any(|due| matches!(due.called, NeutralName::Part(_)));
    let anything = tallies.is_some() || !page.due.is_empty() || !page.done.is_empty() || !page.missed.is_empty();
    anything.then(|| {
        view! {
            <section class="way" aria-labelledby="way">
                <h2 id="way">"Your way through"</h2>
                {tallies}
                {done(page)}
                {groups}
                {missed(page)}
                {parts.then(|| view! { <p class="hint">"Letters call a module by its part, so that nobody who reads along learns what it is about."</p> })}
            </section>
        }
    })
}

fn by(date: NaiveDate, today: NaiveDate) -> String {
    if date < today { due_words(date, today) } else { format!("By {}, {}", day(date), away(date, today)) }
}

fn station(due: &Due, here: bool, workshops: &OwnWorkshops, now: DateTime<Utc>) -> impl IntoView + use<> {
    let state = stands(due).state(now);
    let class = if here { "here".to_owned() } else { state.class().to_owned() };
    let about = match &due.thing {
        DueThing::Module(..) if due.minutes_left > 0 => Some(duration(due.minutes_left)),
        _ => None,
    };
    let plain = matches!(due.status, Status::NotStarted) && due.hold == Hold::Nothing && due.wanted.why == Why::New;
    let word = if here {
        Some(view! { <span class="you-are-here">"You are here"</span> }.into_any())
    } else if plain && matches!(due.thing, DueThing::Module(..)) {
        None
    } else {
        Some(state.pill().into_any())
    };
    let more = match due.hold {
        Hold::Tutor { since } if matches!(due.thing, DueThing::Module(..)) => Some(format!(
            "Your attempts are used up, and that is all right. Your tutor was asked to help you on {}. You need not do anything.",
            day_of(since)
        ).into_any()),
        Hold::Pause { until } if matches!(due.thing, DueThing::Module(..)) => {
            Some(format!("A short break after an attempt that did not pass. It ends at {}.", clock(until, now)).into_any())
        }
        Hold::Declined { at, again_on } => Some(
            format!(
                "You declined to sign it on {}. We ask you again from {}, and you can sign it at any time before.",
                day_of(at),
                day(again_on)
            )
            .into_any(),
        ),
        Hold::Workshop if matches!(due.thing, DueThing::Module(..)) => {
            let which = match &due.thing {
                DueThing::Module(module, _) => Some(at_which(workshops.of(module))),
                DueThing::Agreement(..) => None,
            };
            Some(
                view! { {due_line(due, now)} ". You pass it at a workshop. " {which} " " <a href="/workshops">"See your workshops"</a> }
                    .into_any(),
            )
        }
        Hold::Gate | Hold::Tutor { .. } | Hold::Pause { .. } | Hold::Workshop => opens_when(&due.requires),
        Hold::Nothing => None,
    };
    let more = more.map(|more| view! { <p class="note">{more}</p> });
    let before = due.declined.as_ref().filter(|_| !matches!(due.hold, Hold::Declined { .. }));
    let before = before.map(|decline| {
        view! { <p class="note">{format!("You declined to sign it on {}, and are asked again.", day_of(decline.at))}</p> }
    });
    let agreement = matches!(due.thing, DueThing::Agreement(..));
    let gate = due.requires.iter().any(|required| required.pass.is_err()).then(|| {
        let parts = due.requires.iter().map(|required| match required {
            GateItem { pass: Ok(_), .. } => "done",
            GateItem { hold, .. } if hold.waits() => "waits",
            GateItem { .. } => "",
        });
        pips(parts.collect())
    });
    view! {
        <li class=class class:signature=agreement>
            <span class="medallion">{thing_mark(due)}</span>
            <div>
                <h4><a href=address(due) lang=lang(due.language) dir=dir(due.language)>{due.title.clone()}</a></h4>
                <p class="meta">{part(due.called)} {about} " " {word}</p>
                {before}
                {more}
                {gate}
            </div>
        </li>
    }
}

/// What opens a gate, by name while that can be read in a breath.
fn opens_when(requires: &[GateItem]) -> Option<AnyView> {
    let missing: Vec<&GateItem> = requires.iter().filter(|required| required.pass.is_err()).collect();
    let named = |required: &GateItem| view! { "“" {words_in(required.language, &required.title)} "”" }.into_any();
    match missing.as_slice() {
        [] => None,
        [only] if only.hold.waits() => Some(view! { "It waits for " {named(only)} "." }.into_any()),
        [only] => Some(view! { "It opens when you have passed " {named(only)} "." }.into_any()),
        [before @ .., last] if missing.len() <= 3 => {
            let before = before.iter().enumerate().map(|(place, required)| {
                let comma = (place > 0).then_some(", ");
                view! { {comma} {named(required)} }
            });
            let before = before.collect_view();
            Some(view! { "It opens when you have passed " {before} " and " {named(last)} "." }.into_any())
        }
        many => Some(format!("It opens when you have passed {} more modules.", many.len()).into_any()),
    }
}

/// What was not done in years that are over. Nothing can be done about it now, so it is not among what is open.
fn missed(page: &OwnPage) -> impl IntoView + use<> {
    let rows = page.missed.iter().map(|missed| {
        view! { <li>{words_in(missed.language, &missed.title)} <small>{missed_years(&missed.years)}</small></li> }
    });
    let rows = rows.collect_view();
    (!page.missed.is_empty()).then(|| {
        view! {
            <details class="behind">
                <summary>"Not done in years that are over (" {page.missed.len()} ")"</summary>
                <p class="hint">"This stays in your record. You need not make up for it: each year counts for itself."</p>
                <ul>{rows}</ul>
            </details>
        }
    })
}

fn done(page: &OwnPage) -> impl IntoView + use<> {
    let rows = page
        .done
        .iter()
        .map(|done| {
            let (address, title, said, until, sign) = match done {
                DoneThing::Module { module, title, language, withdrawn, until, .. } => {
                    let address =
                        if *withdrawn { format!("/modules/{module}/versions") } else { format!("/modules/{module}") };
                    let sign = module_mark(module.as_str()).into_any();
                    (address, called(title, *language, *withdrawn), "Passed", Some(*until), sign)
                }
                DoneThing::Agreement { title, withdrawn, signature, until, .. } => (
                    format!("/receipts/{signature}"),
                    called(title, Language::ENGLISH, *withdrawn),
                    "Signed",
                    *until,
                    signing_mark().into_any(),
                ),
            };
            let part = match done {
                DoneThing::Module { called, .. } => part(*called),
                DoneThing::Agreement { .. } => None,
            };
            let certificate = match done {
                DoneThing::Module { completion, language, title, .. } => {
                    Some(certificate_link(*completion, *language, title))
                }
                DoneThing::Agreement { .. } => None,
            };
            let receipt = (said == "Signed").then_some(" (your receipt)");
            let until = until.map(|until| format!(", counts until {}", day_of(until)));
            view! {
                <li class="passed">
                    <span class="medallion">{sign}<span class="badge">{mark(Mark::Status(Status::Passed))}</span></span>
                    <div>
                        <h4><a href=address>{title} {receipt}</a></h4>
                        <p class="meta">{part} <span><strong>{said}</strong> " " {day_of(done.at())} {until}</span></p>
                        {certificate}
                    </div>
                </li>
            }
        })
        .collect_view();
    let number = page.done.len();
    (number > 0).then(|| {
        view! {
            <details class="behind">
                <summary>"Done (" {number} ")"</summary>
                <h3 class="hidden">"What you have done"</h3>
                <ol class="path" role="list">{rows}</ol>
            </details>
        }
    })
}

/// A title, with what became of the thing.
fn called(title: &str, language: Language, withdrawn: bool) -> AnyView {
    view! { {words_in(language, title)} {withdrawn.then_some(" (withdrawn)")} }.into_any()
}

/// What letters call it, in a word or two, so that whoever got one knows which it is.
pub(super) fn part(called: NeutralName) -> Option<AnyView> {
    let words = match called {
        NeutralName::Part(number) => format!("Part {number}"),
        // Of the first one letters say no number.
        NeutralName::Agreement(1) | NeutralName::Other => return None,
        NeutralName::Agreement(number) => format!("Agreement {number}"),
    };
    Some(view! { <span>{words}</span> " " }.into_any())
}

pub(super) fn address(due: &Due) -> String {
    match &due.thing {
        DueThing::Module(slug, _) => format!("/modules/{slug}"),
        DueThing::Agreement(slug, _) => format!("/agreements/{slug}"),
    }
}

pub(super) fn thing_mark(due: &Due) -> impl IntoView + use<> {
    match &due.thing {
        DueThing::Module(slug, _) => module_mark(slug.as_str()).into_any(),
        DueThing::Agreement(..) => signing_mark().into_any(),
    }
}

pub(super) fn due_line(due: &Due, now: DateTime<Utc>) -> String {
    due_words(due.wanted.by, local_date(now))
}
