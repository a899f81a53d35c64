use engine::{Matrix, Thing, local};
use leptos::prelude::*;
use model::Status;

use super::{
    cards::cards,
    sentence::{as_at, said, title},
    table::{marks, table, use_mark},
    view::{MatrixView, code},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, mark},
};

/// How many people stand on a page.
pub const MATRIX_ROWS: usize = 25;

/// Where people stand with what is asked of them.
pub fn matrix(frame: &Frame, seen: &Matrix, view: &MatrixView) -> Rendered {
    let pages = seen.listed().div_ceil(MATRIX_ROWS).max(1);
    let page = view.page.min(pages - 1);
    let first = page * MATRIX_ROWS;
    let rows: Vec<_> = seen.rows(first..first + MATRIX_ROWS).collect();
    let frame = frame.with_tables();
    frame.page("Matrix", || {
        let body = if seen.people == 0 || seen.columns.is_empty() {
            nothing(seen, view).into_any()
        } else {
            view! {
                <div class="scroller" tabindex="0" role="region" aria-label="Matrix" inner_html=table(seen, view, &rows, first)></div>
                <div class="on-phone" inner_html=cards(seen, view, &rows)></div>
                {(pages > 1).then(|| turn(view, page, pages, seen))}
            }
            .into_any()
        };
        view! {
            <div class="wide">
                <div inner_html=marks()></div>
                <div class="top">
                    <h1>"Matrix"</h1>
                    {moment_form(seen, view)}
                    {tools(view)}
                </div>
                {view.no_day.as_ref().map(|text| view! {
                    <p class="said warned" role="alert">
                        {mark(Mark::Warning)} " "
                        <span>{format!("“{text}” is no day that can be read, so this is how things stand now. Write a day like 2026-01-31.")}</span>
                    </p>
                })}
                <p class="on-paper">{format!("{}. As at {}.", said(seen, view), as_at(seen))}
                    {frame.reader.clone().map(|reader| format!(" Printed by {reader}."))}</p>
                {filter(seen, view)}
                {legend(seen, view)}
                {body}
                {(!seen.is_now).then(|| past_note(seen))}
            </div>
        }
    })
}

/// What a past day shows and does not.
fn past_note(seen: &Matrix) -> impl IntoView + use<> {
    let whom = if seen.sees_everybody {
        "Whoever was here then is shown, also those who have left since."
    } else {
        "Whoever was here then and is in your groups now is shown, and so is who left from them since. Those who have moved to groups \
         of others are not."
    };
    view! { <p class="hint">{whom} " What was under way then and never finished counts as not started."</p> }
}

fn tools(view: &MatrixView) -> impl IntoView + use<> {
    view! {
        <ul class="tools" role="list">
            <li><a href=view.address("/matrix/xlsx") download="">"Download as XLSX"</a></li>
            <li><a href=view.address("/matrix/csv") download="">"Download as CSV"</a></li>
        </ul>
    }
}

/// The moment, in a sentence that opens to choose another.
fn moment_form(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let now = MatrixView { query: engine::MatrixQuery { as_at: None, ..view.query.clone() }, ..view.clone() };
    let others = now.pairs();
    let (chosen_day, chosen_time) = if seen.is_now {
        (String::new(), String::new())
    } else {
        let at = local(seen.moment);
        (at.format("%Y-%m-%d").to_string(), at.format("%H:%M").to_string())
    };
    let is_past = !seen.is_now;
    let back = is_past.then(|| view! { <a class="standalone" href=now.address("/matrix")>"Back to now"</a> });
    let today = local(seen.moment).format("%Y-%m-%d").to_string();
    view! {
        <details class=if is_past { "as-at past" } else { "as-at" }>
            <summary>
                {mark(Mark::Clock)} " "
                <span>"As at " <strong>{as_at(seen)}</strong></span> " " <span class="change">"another day"</span>
            </summary>
            <form method="get" action="/matrix">
                {hidden(&others)}
                <p class="two">
                    <label>"Day" <input type="date" name="as-at" value=chosen_day max=seen.is_now.then_some(today) required/></label>
                    <label>"Time, or the end of the day" <input type="time" name="at" value=chosen_time/></label>
                </p>
                <p><label class="choice"><input type="checkbox" name="known" value="now" checked=is_past && seen.as_known_now/>
                    " By what is known now, and not by what was recorded by then"</label></p>
                <p class="go"><button>"Show that day"</button> {back}</p>
            </form>
        </details>
    }
}

fn hidden(pairs: &[(&'static str, String)]) -> impl IntoView + use<> {
    pairs.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> }).collect_view()
}

/// The filter: a sentence whose words can be changed.
fn filter(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let query = &view.query;
    let groups = options(
        (if seen.sees_everybody { "all groups" } else { "all my groups" }).to_owned(),
        seen.choices.groups.iter().map(|(group, path)| (group.to_string(), path.join(" / "))),
        query.group.map(|group| group.to_string()),
    );
    let audiences = options(
        "anybody".to_owned(),
        seen.choices.audiences.iter().map(|(audience, many)| (audience.to_string(), many.clone())),
        query.audience.as_ref().map(ToString::to_string),
    );
    let programmes = seen.choices.programmes.iter().map(|(slug, title)| (format!("programme.{slug}"), title.clone()));
    let things = seen.choices.things.iter().map(|(thing, title)| (code(thing), title.clone()));
    let chosen =
        query.thing.as_ref().map(code).or_else(|| query.programme.as_ref().map(|slug| format!("programme.{slug}")));
    let programmes = options_of(programmes, chosen.as_deref());
    let things = options_of(things, chosen.as_deref());
    // One status is chosen here; an address, a figure of the legend or a link may ask for several.
    let several = query.statuses.len() > 1;
    let statuses: Vec<(String, String)> =
        Status::ALL.iter().map(|status| (status.code().to_owned(), status.word().to_lowercase())).collect();
    let status = query.statuses.first().filter(|_| !several).map(|status| status.code().to_owned());
    let statuses = options("in any status".to_owned(), statuses.into_iter(), status);
    let kept = several.then(|| {
        query
            .statuses
            .iter()
            .map(|status| view! { <input type="hidden" name="status" value=status.code()/> })
            .collect_view()
    });
    let statuses = if several {
        let words: Vec<String> = query.statuses.iter().map(|status| status.word().to_lowercase()).collect();
        view! { <span class="fixed">{words.join(" or ")}</span> }.into_any()
    } else {
        view! { <select name="status" aria-label="Status">{statuses}</select> }.into_any()
    };
    let before = query.due_before.map(|day| day.to_string());
    let mut others: Vec<(&'static str, String)> = view.moment();
    let rest = MatrixView { page: 0, ..view.clone() }.pairs();
    others.extend(rest.into_iter().filter(|(name, _)| matches!(*name, "sort" | "fold" | "rows")));
    let is_filtered = query.group.is_some()
        || query.audience.is_some()
        || chosen.is_some()
        || !query.statuses.is_empty()
        || before.is_some()
        || !query.name.is_empty();
    let clear = is_filtered.then(|| {
        let href = view.with(|view| {
            let query = &mut view.query;
            (query.group, query.audience, query.programme, query.thing, query.due_before) =
                (None, None, None, None, None);
            query.statuses.clear();
            query.name.clear();
        });
        view! { <a class="standalone" href=href>"Show everybody"</a> }
    });
    view! {
        <form class="sentence" method="get" action="/matrix" aria-label="Whom to show">
            {hidden(&others)} {kept}
            <span>"People in"</span> <select name="group" aria-label="Group">{groups}</select>
            <span>"who are"</span> <select name="role" aria-label="As whom they are here">{audiences}</select>
            <span>"where"</span>
            <select name="what" aria-label="Programme, module or agreement">
                <option value="">"anything"</option>
                <optgroup label="Programmes">{programmes}</optgroup>
                <optgroup label="Modules and agreements">{things}</optgroup>
            </select>
            <span>"is"</span> {statuses}
            <span>"due before"</span> <input type="date" name="due-before" aria-label="Due before" value=before/>
            <span>"named"</span> <input type="search" name="name" aria-label="Name" placeholder="anybody" value=query.name.clone() maxlength="100"/>
            <button>"Show"</button> {clear}
        </form>
    }
}

fn options(none: String, choices: impl Iterator<Item = (String, String)>, chosen: Option<String>) -> AnyView {
    let listed = options_of(choices, chosen.as_deref());
    view! { <option value="">{none}</option> {listed} }.into_any()
}

fn options_of(choices: impl Iterator<Item = (String, String)>, chosen: Option<&str>) -> Vec<AnyView> {
    let option = |(value, words): (String, String)| {
        let selected = chosen == Some(value.as_str());
        view! { <option value=value selected=selected>{words}</option> }.into_any()
    };
    choices.map(option).collect()
}

/// How many cells have each status; each leads to the people who have it. Beside them, how close the rows stand.
fn legend(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let of = view.query.thing.as_ref().map(|thing| format!(" with {}", title(seen, thing)));
    let chips = Status::ALL.iter().filter_map(|status| {
        let number = seen.statuses.get(status).copied().unwrap_or_default();
        let chosen = view.query.statuses.contains(status);
        if number == 0 && !chosen {
            return None;
        }
        let href = view.with(|view| {
            if !view.query.statuses.remove(status) {
                view.query.statuses = [*status].into();
            }
        });
        let word = match (status, &view.query.thing) {
            (Status::Passed, Some(Thing::Agreement(_))) => "Signed",
            (Status::Passed, None) => "Passed or signed",
            (status, _) => status.word(),
        };
        let class = format!("chip {}", status.code());
        let said = if chosen { "Show everybody again, not only: " } else { "Show only people with: " };
        Some(view! {
            <li>
                <a class=class href=href aria-current=chosen.then_some("true")>
                    <span inner_html=use_mark(*status)></span>
                    <span class="hidden">{said}</span> <span>{word}</span> " " <b>{number}</b>
                </a>
            </li>
        })
    });
    let chips = chips.collect_view();
    let found = if seen.people == seen.of_people {
        count(seen.people, "person", "people")
    } else {
        format!("{} of {}", seen.people, count(seen.of_people, "person", "people"))
    };
    let (roomy, close) = (view.with(|view| view.close = false), view.with(|view| view.close = true));
    let pressed = |is: bool| is.then_some("true");
    view! {
        <div class="legend">
            <p>{found} {of} ":"</p>
            <ul role="list">{chips}</ul>
            <p class="rows-switch">
                "Rows " <a href=roomy aria-current=pressed(!view.close)>"Roomy"</a>
                <a href=close aria-current=pressed(view.close)>"Close"</a>
            </p>
        </div>
    }
}

/// What stands in the place of a table with nothing in it.
fn nothing(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let is_narrowed = view.query != engine::MatrixQuery { as_at: view.query.as_at, ..engine::MatrixQuery::default() };
    let (words, next) = match (seen.people, is_narrowed) {
        (0, true) => ("Nobody fits this.", "Change a word of the sentence above, or show everybody."),
        (0, false) if !seen.is_now => ("Nobody was here then.", "Choose a later day, or go back to now."),
        (0, false) => (
            "Nobody is in your groups yet.",
            "An administrator brings people in and puts them into groups. As soon as they are there, you find them here.",
        ),
        _ => (
            "Nothing is asked of these people.",
            "They have no programme. An administrator gives a programme to a group, to an audience or to one person; then its modules and \
             agreements stand here.",
        ),
    };
    let everybody = is_narrowed.then(|| {
        let href = MatrixView {
            query: engine::MatrixQuery { as_at: view.query.as_at, ..Default::default() },
            ..MatrixView::default()
        };
        view! { <p><a class="standalone" href=href.address("/matrix")>"Show everybody"</a></p> }
    });
    view! { <div class="card nothing"><h2>{words}</h2> <p>{next}</p> {everybody}</div> }
}

/// From page to page.
fn turn(view: &MatrixView, page: usize, pages: usize, seen: &Matrix) -> impl IntoView + use<> {
    let to = |page: usize| MatrixView { page, no_day: None, ..view.clone() }.address("/matrix");
    let before = (page > 0).then(|| view! { <a rel="prev" href=to(page - 1)>"Before"</a> });
    let after = (page + 1 < pages).then(|| view! { <a rel="next" href=to(page + 1)>"Next"</a> });
    let (first, last) = (page * MATRIX_ROWS + 1, ((page + 1) * MATRIX_ROWS).min(seen.listed()));
    view! {
        <nav class="turn" aria-label="Pages of the matrix">
            {before}
            <p>{format!("People {first} to {last} of {}, page {} of {pages}", seen.listed(), page + 1)}</p>
            {after}
        </nav>
    }
}
