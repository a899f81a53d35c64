use chrono::NaiveDate;
use engine::{ComparedCell, ComparedColumn, ComparedPerson, Comparison, Presence, Tally, Turn, local_date};
use leptos::prelude::*;
use model::Status;

use super::{
    page::{MATRIX_ROWS, compare_form, filter, nobody_has, tools, turn},
    sentence::{between, said},
    table::{cell_detail, cell_word, short},
    view::{MatrixView, address},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, day, listed, mark},
};

/// What changed between two moments: by what is asked, and by person.
pub fn changes(frame: &Frame, compared: &Comparison, view: &MatrixView) -> Rendered {
    let pages = compared.people.len().div_ceil(MATRIX_ROWS).max(1);
    let page = view.page.min(pages - 1);
    let people = compared.people.iter().skip(page * MATRIX_ROWS).take(MATRIX_ROWS);
    let people = people.map(|person| changed_person(person, compared, view)).collect_view();
    let body = if let Some(has) = compared.nobody_has {
        nobody_has(&compared.seen, view, has, ("was", " at either moment")).into_any()
    } else if compared.people.is_empty() {
        view! {
            <div class="card nothing">
                <h2>"Nothing changed."</h2>
                <p>"Of these people nobody came or went, and nothing of theirs was done or became late. Choose days that lie further apart, or \
                    change a word of the sentence above."</p>
            </div>
        }
        .into_any()
    } else {
        view! {
            {by_column(compared)}
            <section>
                <h2>"By person"</h2>
                <ul class="people compared" role="list">{people}</ul>
                {(pages > 1).then(|| turn(view, page, pages, compared.people.len()))}
            </section>
        }
        .into_any()
    };
    let seen = &compared.seen;
    let back = MatrixView { against: None, page: 0, ..view.clone() }.address("/matrix");
    let faults = &view.wrong.faults;
    frame.with_tables().page(&faults.title("What changed"), || {
        view! {
            <div class="wide">
                {faults.list()}
                <p class="crumb no-print"><a href=back>"Matrix"</a></p>
                <div class="top">
                    <h1>"What changed"</h1>
                    {compare_form(view, local_date(compared.to), Some(between(compared)))}
                    {tools(view)}
                </div>
                <p class="on-paper">{format!("{}. {}.", said(seen, view), between(compared))}
                    {frame.reader.clone().map(|reader| format!(" Printed by {reader}."))}</p>
                {view.left_out.note()}
                {filter(seen, view)}
                {compared.nobody_has.is_none().then(|| view! { <p class="lead">{changed(compared)}</p> })}
                {body}
            </div>
        }
    })
}

/// What changed, in a sentence or two.
pub fn changed(compared: &Comparison) -> String {
    let of = count(compared.of_people, "person", "people");
    let mut text = match compared.people.len() {
        0 => format!("Nothing changed for {of}."),
        some => format!("Something changed for {some} of {of}."),
    };
    let what = |turn: Turn, one: &str, many: &str| {
        let found = compared.how_many(turn);
        (found > 0).then(|| count(found, one, many))
    };
    let parts = [
        what(Turn::Done, "thing was passed or signed", "things were passed or signed"),
        what(Turn::DoneAgain, "was done again", "were done again"),
        what(Turn::Late, "became late", "became late"),
        what(Turn::Undone, "no longer counts", "no longer count"),
        what(Turn::Again, "is wanted again", "are wanted again"),
        what(Turn::Asked, "is asked since", "are asked since"),
        what(Turn::NotAsked, "is no longer asked", "are no longer asked"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if !parts.is_empty() {
        text.push_str(&format!(" {}.", listed(&parts)));
    }
    let who = |presence: Presence, verb: &str| {
        let found = compared.present(presence);
        (found > 0).then(|| format!("{} {verb}", count(found, "person", "people")))
    };
    let moved: Vec<String> = [who(Presence::Came, "came"), who(Presence::Gone, "went")].into_iter().flatten().collect();
    if !moved.is_empty() {
        text.push_str(&format!(" {}.", listed(&moved)));
    }
    text
}

/// What became of a thing, in a word or two.
#[must_use]
pub fn turn_word(turn: Turn) -> &'static str {
    match turn {
        Turn::Late => "Became late",
        Turn::Undone => "No longer counts",
        Turn::Again => "Wanted again",
        Turn::Done => "Done",
        Turn::DoneAgain => "Done again",
        Turn::Asked => "Asked since",
        Turn::NotAsked => "No longer asked",
        Turn::Other => "Nearer, begun, or wanted on another day",
    }
}

fn by_column(compared: &Comparison) -> impl IntoView + use<> {
    let programmes = compared.columns.chunk_by(|one, other| one.programme == other.programme);
    let bodies = programmes.map(|columns| {
        let rows = columns.iter().map(column).collect_view();
        let programme = columns.first().map(|column| column.programme.clone());
        view! { <tbody><tr class="part"><th scope="rowgroup" colspan="6">{programme}</th></tr> {rows}</tbody> }
    });
    let bodies = bodies.collect_view();
    view! {
        <section class="card">
            <h2>"By module and agreement"</h2>
            <div class="across" tabindex="0" role="region" aria-label="What changed by module and agreement">
                <table class="record stacked">
                    <caption class="hidden">{format!("How many have done what is asked. {}", between(compared))}</caption>
                    <thead><tr>
                        <th scope="col">"Module or agreement"</th>
                        <th scope="col" class="number">"Done then"</th>
                        <th scope="col" class="number">"Done later"</th>
                        <th scope="col" class="number">"Done in between"</th>
                        <th scope="col" class="number">"No longer counts"</th>
                        <th scope="col" class="number">"Became late"</th>
                    </tr></thead>
                    {bodies}
                </table>
            </div>
        </section>
    }
}

fn column(column: &ComparedColumn) -> impl IntoView + use<> {
    let of = |tally: Tally| match tally.asked {
        0 => "not asked".to_owned(),
        asked => format!("{} of {asked}", tally.done),
    };
    view! {
        <tr>
            <th scope="row">{column.title.clone()}</th>
            <td class="number">{of(column.before)}</td>
            <td class="number">{of(column.after)}</td>
            <td class="number">{column.done}</td>
            <td class="number">{column.undone}</td>
            <td class="number">{column.late}</td>
        </tr>
    }
}

fn changed_person(person: &ComparedPerson, compared: &Comparison, view: &MatrixView) -> impl IntoView + use<> {
    let name = if person.name.is_empty() { "Name erased".to_owned() } else { person.name.clone() };
    // Whoever is gone is found as at the moment at which they were here.
    let moment = match person.presence {
        Presence::Gone => view.as_at_of(compared.from),
        Presence::Both | Presence::Came if compared.to_is_now => Vec::new(),
        Presence::Both | Presence::Came => view.as_at_of(compared.to),
    };
    let href = address(&format!("/people/{}", person.id), &moment);
    let group = person.group.join(" / ");
    let presence = match (person.presence, person.left_on) {
        (Presence::Both, _) => None,
        (Presence::Came, _) => Some("Was not among these people before".to_owned()),
        (Presence::Gone, Some(left)) => Some(format!("Left on {}", day(left))),
        (Presence::Gone, None) => Some("Is no longer among these people".to_owned()),
    };
    let moved = person.moved_from.as_ref().map(|from| match from.is_empty() {
        true => "Was in no group before".to_owned(),
        false => format!("Was in {} before", from.join(" / ")),
    });
    let today = local_date(compared.to);
    let lines = person.changes.iter().map(|change| line(change, today)).collect_view();
    view! {
        <li class="card">
            <p><a href=href dir="auto">{name}</a> <small dir="auto">{group}</small></p>
            {presence.into_iter().chain(moved).map(|words| view! { <p class="hint" dir="auto">{words}</p> }).collect_view()}
            <ul role="list">{lines}</ul>
        </li>
    }
}

fn line(change: &ComparedCell, today: NaiveDate) -> impl IntoView + use<> {
    let after = change.after.map_or(Status::NotRequired, |cell| cell.status);
    let word = change.after.as_ref().map_or(Status::NotRequired.word(), |cell| cell_word(&change.thing, cell));
    let detail = |cell: Option<&engine::MatrixCell>| {
        let (word, date) = cell.and_then(cell_detail)?;
        let word = if word.is_empty() { "on" } else { word };
        Some(format!(", {word} {}", short(date, today)))
    };
    let was = change.before.as_ref().map_or(Status::NotRequired.word(), |cell| cell_word(&change.thing, cell));
    let was = format!("Before: {}{}", was.to_lowercase(), detail(change.before.as_ref()).unwrap_or_default());
    let date = detail(change.after.as_ref());
    view! {
        <li class=format!("cell {}", after.code())>
            {mark(Mark::Status(after))}
            <span>{change.title.clone()} <small>{was}</small></span>
            <b>{word}{date}</b>
        </li>
    }
}
