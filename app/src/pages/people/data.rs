use chrono::{DateTime, SecondsFormat, Utc};
use engine::{HeldKind, HeldValue, PersonData};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{count, day, moment},
};

/// What takes more rows than this is folded away until somebody wants it.
const MOST_UNFOLDED: usize = 12;

/// For whom the page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFor {
    /// Whom it is about.
    Oneself,
    /// An administrator, who answers somebody that asks.
    Administrator,
}

/// Everything that is held about one person, in words.
pub fn person_data(frame: &Frame, data: &PersonData, reader: DataFor) -> Rendered {
    let name = data.name.clone().unwrap_or_else(|| "Name erased".to_owned());
    let (title, lead, file) = match reader {
        DataFor::Oneself => (
            "What is known about you".to_owned(),
            "This is everything that is held about you here, in words. You may ask for a copy at any time, and for what is wrong to be put right.",
            "/account/data/file".to_owned(),
        ),
        DataFor::Administrator => (
            format!("What is held about {name}"),
            "This is everything that is held about this person here, in words: what they may have when they ask for it. That you looked at it has been noted.",
            format!("/people/{}/data/file", data.id),
        ),
    };
    let back = match reader {
        DataFor::Oneself => ("/account".to_owned(), "Your account".to_owned()),
        DataFor::Administrator => (format!("/people/{}", data.id), name),
    };
    let erase = (reader == DataFor::Administrator).then(|| {
        view! { " " <a class="button second" href=format!("/people/{}/erase", data.id)>"Erase all of it"</a> }
    });
    frame.page(&title, || {
        let (there, empty): (Vec<&HeldKind>, Vec<&HeldKind>) =
            data.kinds.iter().partition(|kind| !kind.rows.is_empty());
        view! {
            <p class="crumb no-print"><a href=back.0>{back.1}</a></p>
            <h1 dir="auto">{title.clone()}</h1>
            <p class="lead">{lead}</p>
            <p class="meta">{format!("As at {}.", moment(data.at))}</p>
            <div class="actions no-print">
                <a class="button second" href=file download="">"Download for a program (JSON)"</a>
                {erase}
            </div>
            {there.iter().map(|kind| section(kind)).collect_view()}
            {acted(data)}
            {(!empty.is_empty()).then(|| view! {
                <section>
                    <h2>"Nothing is held of these kinds"</h2>
                    <ul>{empty.iter().map(|kind| view! { <li>{kind.title}</li> }).collect_view()}</ul>
                </section>
            })}
            {withheld(&there)}
        }
    })
}

fn section(kind: &HeldKind) -> AnyView {
    let shown = kind.told();
    if shown.is_empty() {
        let many = count(kind.rows.len(), "number", "numbers");
        return view! { <section><h2>{kind.title}</h2> <p>{format!("{many} that say nothing by themselves. The file for a program has them.")}</p></section> }
            .into_any();
    }
    let head = shown.iter().map(|(_, column)| view! { <th scope="col">{column.label}</th> }).collect_view();
    let rows = kind
        .rows
        .iter()
        .map(|row| {
            let cells =
                shown.iter().map(|(place, _)| view! { <td dir="auto">{value(&row[*place])}</td> }).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let many = kind.rows.len();
    let table = view! {
        <div class="table" tabindex="0" role="region" aria-label=kind.title>
            <table class="held">
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    let body = if many > MOST_UNFOLDED {
        view! { <details><summary>{count(many, "row", "rows")}</summary> {table}</details> }.into_any()
    } else {
        table.into_any()
    };
    view! { <section><h2>{kind.title}</h2> {body}</section> }.into_any()
}

fn value(value: &HeldValue) -> AnyView {
    match value {
        HeldValue::Moment(at) => time(*at).into_any(),
        HeldValue::Day(on) => day(*on).into_any(),
        other => match other.said() {
            Some(said) => said.into_any(),
            None => view! { <span class="hint">"nothing"</span> }.into_any(),
        },
    }
}

fn time(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(at)}</time> }
}

fn acted(data: &PersonData) -> Option<impl IntoView + use<>> {
    if data.acted.is_empty() {
        return None;
    }
    let rows =
        data.acted.iter().map(|acted| view! { <li>{format!("{}: {}", acted.what, acted.times)}</li> }).collect_view();
    Some(view! {
        <section>
            <h2>"What was done for others"</h2>
            <p>"It is about the others, so only how often is said here."</p>
            <ul>{rows}</ul>
        </section>
    })
}

/// What is left out of what is there, but for what says nothing by itself.
fn withheld(there: &[&HeldKind]) -> impl IntoView + use<> {
    let says_something = |reason: &str| !reason.starts_with("empty") && reason != "it is theirs";
    let lines = there
        .iter()
        .flat_map(|kind| kind.withheld.iter().map(|(_, reason)| (kind.title, *reason)))
        .filter(|(_, reason)| says_something(reason))
        .map(|(title, reason)| view! { <li>{format!("{title}: {reason}")}</li> })
        .collect_view();
    view! {
        <section>
            <h2>"What is left out"</h2>
            <p>"Who else did something is not named, and passwords and other secrets are not shown. Looking for help is never written down, so nothing is held of it."</p>
            <ul>{lines}</ul>
        </section>
    }
}
