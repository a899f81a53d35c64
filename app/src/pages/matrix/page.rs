use std::fmt::Write as _;

use chrono::NaiveDate;
use engine::{AsAt, GroupId, Matrix, NobodyHas, SavedView, Thing, catalogue::Audience, local, local_date};
use leptos::prelude::*;
use model::{ProgrammeSlug, Status};

use super::{
    cards::cards,
    selected::Chosen,
    sentence::{as_at, nobody, said, when},
    table::{Escaped, all_rows, marks, table, use_mark},
    view::{AGAINST, AS_AT, AT, COMPARED_TO, DUE_BEFORE, MatrixView, Paper, WrongDays, code, label},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Mark, beside, count, mark},
};

/// The field of the name under which a view is kept.
const VIEW_NAME: &str = "view-name";

/// How many people stand on a page.
pub const MATRIX_ROWS: usize = 25;

/// What a reader finds beside the table.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The views that they keep.
    pub views: Vec<SavedView>,
    /// Whether they give programmes, excuse people and give attempts.
    pub organises: bool,
    /// What they typed as the name of a view, and what is wrong with it.
    pub wrong_name: Option<(String, String)>,
}

/// Where people stand with what is asked of them.
pub fn matrix(frame: &Frame, seen: &Matrix, view: &MatrixView, beside: &Beside) -> Rendered {
    let pages = seen.listed().div_ceil(MATRIX_ROWS).max(1);
    let page = view.page.min(pages - 1);
    let first = page * MATRIX_ROWS;
    let rows: Vec<_> = seen.rows(first..first + MATRIX_ROWS).collect();
    let frame = frame.with_tables().with_matrix();
    let mut faults = view.wrong.faults.clone();
    if let Some((_, words)) = &beside.wrong_name {
        faults.add(VIEW_NAME, words.clone());
    }
    frame.page(&faults.title("Matrix"), || {
        let body = if seen.people == 0 || seen.columns.is_empty() {
            nothing(seen, view)
        } else {
            view! {
                <form method="get" action="/matrix/selected" class="choosing" aria-label="People">
                    {hidden(&view.pairs_to_choose_from())}
                    <div
                        class="scroller"
                        tabindex="0"
                        role="region"
                        aria-label="Matrix"
                        data-view=view.query_of_all()
                        data-mark=format!("{:016x}", seen.mark())
                        data-page={page + 1}
                        data-of-page=MATRIX_ROWS
                        data-rows=all_rows(seen)
                        data-groups=listed_by_group(seen)
                        inner_html=table(seen, view, page)
                    ></div>
                    <div class="on-phone" inner_html=cards(seen, view, &rows)></div>
                    {seen.is_now.then(|| choosing(seen, beside))}
                </form>
                {(pages > 1).then(|| turn(view, page, pages, seen.listed()))}
            }
            .into_any()
        };
        view! {
            <div class="wide">
                <div inner_html=marks()></div>
                {faults.list()}
                <div class="top">
                    <h1>"Matrix"</h1>
                    {moment_form(seen, view)}
                    {compare_form(view, local_date(seen.moment), None)}
                    {views(view, beside, &faults)}
                    {tools(view)}
                </div>
                {not_yet(seen, view)}
                <p class="on-paper">{format!("{}. As at {}.", said(seen, view), as_at(seen))}
                    {frame.reader.clone().map(|reader| format!(" Printed by {reader}."))}
                    " “Print” beside the matrix lays all of its people and columns out for paper."</p>
                {view.left_out.note()}
                {filter(seen, view)}
                {legend(seen, view)}
                {body}
                {beside.organises.then(|| view! { <p class="no-print"><a class="standalone" href="/matrix/done">"Done to several at once"</a></p> })}
                {(!seen.is_now).then(|| past_note(seen))}
            </div>
        }
    })
}

/// How many people of each group are listed, in the order of the groups: so a script knows at which row of the whole table everybody stands.
fn listed_by_group(seen: &Matrix) -> String {
    let listed: Vec<String> = seen.groups.iter().map(|group| group.listed.len().to_string()).collect();
    listed.join(",")
}

/// A moment that lies ahead is said to do so.
fn not_yet(seen: &Matrix, view: &MatrixView) -> Option<impl IntoView + use<>> {
    let ahead = view.query.as_at.filter(|_| seen.is_now)?;
    let said = format!("You asked for {}, which has not come yet: this is how things stand now.", when(ahead.moment));
    Some(view! { <p class="said warned" role="alert">{mark(Mark::Warning)} " " <span>{said}</span></p> })
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

/// What can be done with the people who are ticked.
fn choosing(seen: &Matrix, beside: &Beside) -> impl IntoView + use<> {
    let all = count(seen.people, "person who fits", "people who fit");
    let acts = beside.organises.then(|| {
        Chosen::ALL
            .map(|act| view! { <button name="do" value=act.code() class="second">{act.words()} "…"</button> })
            .collect_view()
    });
    view! {
        <fieldset class="choose no-print">
            <legend>"With the people who are ticked"</legend>
            <label class="choice"><input type="checkbox" name="all" value="yes"/> {format!(" All {all}, on all pages")}</label>
            {acts}
            <button formaction="/matrix/csv" class="second">"Download these as CSV"</button>
            <button formaction="/matrix/xlsx" class="second">"Download these as XLSX"</button>
        </fieldset>
    }
}

/// The views that the reader keeps, and a field to keep this one.
fn views(view: &MatrixView, kept: &Beside, faults: &Faults) -> impl IntoView + use<> {
    let Beside { views, wrong_name, .. } = kept;
    let here = view.query_text();
    let listed = views.iter().map(|saved| {
        let href = if saved.query.is_empty() { "/matrix".to_owned() } else { format!("/matrix?{}", saved.query) };
        let current = (saved.query == here).then_some("true");
        view! {
            <li>
                <a href=href aria-current=current dir="auto">{saved.name.clone()}</a>
                <form method="post" action=format!("/matrix/views/{}/delete", saved.id)>
                    <input type="hidden" name="query" value=here.clone()/>
                    <button class="quiet">"Delete" <span class="hidden">" the view " {saved.name.clone()}</span></button>
                </form>
            </li>
        }
    });
    let listed = listed.collect_view();
    let list = if views.is_empty() {
        view! { <p class="hint">"You keep no views yet. Change the sentence below, then give the view a name here."</p> }.into_any()
    } else {
        view! { <ul role="list">{listed}</ul> }.into_any()
    };
    let is_wrong = wrong_name.is_some();
    let typed = wrong_name.clone().map(|(typed, _)| typed).unwrap_or_default();
    let (fault, told) = beside(VIEW_NAME, faults);
    view! {
        <details class="as-at views no-print" open=view.shows_views || is_wrong>
            <summary><span class="change">"Saved views"</span></summary>
            <div>
              {list}
              <form method="post" action="/matrix/views" novalidate>
                <input type="hidden" name="query" value=here/>
                <p>
                    <label for=VIEW_NAME>"Name for this view"</label>
                    {fault}
                    <input
                        type="text"
                        id=VIEW_NAME
                        name="name"
                        value=typed
                        required
                        autocomplete="off"
                        aria-describedby=told.described_by
                        aria-invalid=told.invalid
                    />
                </p>
                <p class="go"><button>"Keep this view"</button></p>
                <p class="hint">"Only you see your views. A view of the same name is replaced."</p>
              </form>
            </div>
        </details>
    }
}

pub(super) fn tools(view: &MatrixView) -> impl IntoView + use<> {
    view! {
        <ul class="tools" role="list">
            <li><a href=view.with(|view| view.paper = Some(Paper::A4))>"Print"</a></li>
            <li><a href=view.address("/matrix/xlsx") download="">"Download as XLSX"</a></li>
            <li><a href=view.address("/matrix/csv") download="">"Download as CSV"</a></li>
        </ul>
    }
}

/// The moment, in a sentence that opens to choose another.
fn moment_form(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let now = view.of_now();
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
    let wrong = &view.wrong;
    let fields = day_and_time(wrong, chosen_day, chosen_time, seen.is_now.then_some(today));
    let known = (is_past && seen.as_known_now) || (wrong.is_in(&[AS_AT, AT]) && wrong.as_known_now);
    view! {
        <details class=if is_past { "as-at past" } else { "as-at" } open=wrong.is_in(&[AS_AT, AT])>
            <summary>
                {mark(Mark::Clock)} " "
                <span>"As at " <strong>{as_at(seen)}</strong></span> " " <span class="change">"another day"</span>
            </summary>
            <form method="get" action="/matrix" novalidate>
                {hidden(&others)}
                {fields}
                <p><label class="choice"><input type="checkbox" name="known" value="now" checked=known/>
                    " By what is known now, and not by what was recorded by then"</label></p>
                <p class="go"><button>"Show that day"</button> {back}</p>
            </form>
        </details>
    }
}

/// The fields of a day and of a time on it, with what was typed into them where that cannot be used. `most`: the last day that can be meant.
pub(super) fn day_and_time(
    wrong: &WrongDays,
    day: String,
    time: String,
    most: Option<String>,
) -> impl IntoView + use<> {
    let (day_fault, day_told) = beside(AS_AT, &wrong.faults);
    let (time_fault, time_told) = beside(AT, &wrong.faults);
    let day = wrong.typed(AS_AT).unwrap_or(day);
    let time = wrong.typed(AT).unwrap_or(time);
    view! {
        <p class="two">
            <span>
                <label for=AS_AT>{label(AS_AT)}</label>
                {day_fault}
                <input type="date" id=AS_AT name=AS_AT value=day max=most required aria-describedby=day_told.described_by aria-invalid=day_told.invalid/>
            </span>
            <span>
                <label for=AT>{label(AT)}</label>
                {time_fault}
                <input type="time" id=AT name=AT value=time aria-describedby=time_told.described_by aria-invalid=time_told.invalid/>
            </span>
        </p>
    }
}

/// What leads to what changed between two days: `said` where that is shown already.
pub(super) fn compare_form(view: &MatrixView, today: NaiveDate, said: Option<String>) -> impl IntoView + use<> {
    let day = |as_at: Option<AsAt>| as_at.map(|as_at| local_date(as_at.moment).to_string());
    let (mut from, mut to) = (view.against, view.query.as_at);
    if let (Some(earlier), Some(later)) = (from, to)
        && earlier.moment > later.moment
    {
        (from, to) = (to, from);
    }
    let wrong = &view.wrong;
    let is_wrong = wrong.is_in(&[AGAINST, COMPARED_TO]);
    let known = from.is_some_and(|from| from.as_known_now) || (is_wrong && wrong.as_known_now);
    let (from, to) = (wrong.typed(AGAINST).or_else(|| day(from)), wrong.typed(COMPARED_TO).or_else(|| day(to)));
    let (from_fault, from_told) = beside(AGAINST, &wrong.faults);
    let (to_fault, to_told) = beside(COMPARED_TO, &wrong.faults);
    let now = view.of_now();
    let others = now.pairs();
    let back = said.is_some().then(|| view! { <a class="standalone" href=now.address("/matrix")>"Back to now"</a> });
    let class = if said.is_some() { "as-at past" } else { "as-at" };
    let summary = match said {
        Some(said) => {
            view! { {mark(Mark::Clock)} " " <strong>{said}</strong> " " <span class="change">"other days"</span> }
                .into_any()
        }
        None => view! { <span class="change">"Compare two days"</span> }.into_any(),
    };
    let today = today.to_string();
    view! {
        <details class=class open=is_wrong>
            <summary>{summary}</summary>
            <form method="get" action="/matrix" novalidate>
                {hidden(&others)}
                <p class="two">
                    <span>
                        <label for=AGAINST>{label(AGAINST)}</label>
                        {from_fault}
                        <input type="date" id=AGAINST name=AGAINST value=from max=today.clone() required
                            aria-describedby=from_told.described_by aria-invalid=from_told.invalid/>
                    </span>
                    <span>
                        <label for=COMPARED_TO>{label(COMPARED_TO)}</label>
                        {to_fault}
                        <input type="date" id=COMPARED_TO name=AS_AT value=to max=today
                            aria-describedby=to_told.described_by aria-invalid=to_told.invalid/>
                    </span>
                </p>
                <p><label class="choice"><input type="checkbox" name="known" value="now" checked=known/>
                    " Both by what is known now, and not by what was recorded by then"</label></p>
                <p class="go"><button>"Show what changed"</button> {back}</p>
            </form>
        </details>
    }
}

fn hidden(pairs: &[(&'static str, String)]) -> impl IntoView + use<> {
    pairs.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> }).collect_view()
}

/// The filter: a sentence whose words can be changed.
pub(super) fn filter(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let query = &view.query;
    let is_compared = view.against.is_some();
    let groups = group_options(seen, query.group);
    let audiences = audience_options(seen, query.audience.as_ref());
    // What is asked for stays chosen, also where nobody has it.
    let programmes = seen.choices.programmes.iter().map(|(slug, title)| (format!("programme.{slug}"), title.clone()));
    let not_listed = |slug: &&ProgrammeSlug| seen.choices.programmes.iter().all(|(listed, _)| listed != *slug);
    let programme = query.programme.as_ref().filter(not_listed);
    let programmes = programmes.chain(programme.map(|slug| (format!("programme.{slug}"), seen.programme_title(slug))));
    let things = seen.choices.things.iter().map(|(thing, title)| (code(thing), title.clone()));
    let not_listed = |thing: &&Thing| seen.choices.things.iter().all(|(listed, _)| listed != *thing);
    let thing = query.thing.as_ref().filter(not_listed);
    let things = things.chain(thing.map(|thing| (code(thing), seen.thing_title(thing))));
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
    let (due_fault, due_told) = beside(DUE_BEFORE, &view.wrong.faults);
    let due_before = (!is_compared).then(|| {
        let value = view.wrong.typed(DUE_BEFORE).or_else(|| before.clone());
        view! {
            <span>"due before"</span>
            <input type="date" id=DUE_BEFORE name=DUE_BEFORE aria-label=label(DUE_BEFORE) value=value
                aria-describedby=due_told.described_by aria-invalid=due_told.invalid/>
        }
    });
    let people_in = match query.people.len() {
        0 => "People in".to_owned(),
        some => format!("{} in", count(some, "chosen person", "chosen people")),
    };
    let is_so = if is_compared { "became" } else { "is" };
    let mut others: Vec<(&'static str, String)> = view.moments();
    let rest = MatrixView { page: 0, ..view.clone() }.pairs();
    others.extend(rest.into_iter().filter(|(name, _)| matches!(*name, "sort" | "fold" | "rows" | "person")));
    let is_filtered = query.group.is_some()
        || query.audience.is_some()
        || chosen.is_some()
        || !query.statuses.is_empty()
        || before.is_some()
        || !query.name.is_empty()
        || !query.people.is_empty();
    let clear = is_filtered.then(|| {
        let href = view.with(|view| {
            let query = &mut view.query;
            (query.group, query.audience, query.programme, query.thing, query.due_before) =
                (None, None, None, None, None);
            query.statuses.clear();
            query.people.clear();
            query.name.clear();
        });
        view! { <a class="standalone" href=href>"Show everybody"</a> }
    });
    view! {
        <form class="sentence" method="get" action="/matrix" aria-label="Whom to show" novalidate>
            {hidden(&others)} {kept} {due_fault}
            <span>{people_in}</span> <select name="group" aria-label="Group" inner_html=groups></select>
            <span>"who are"</span> <select name="role" aria-label="As whom they are here">{audiences}</select>
            <span>"where"</span>
            <select name="what" aria-label="Programme, module or agreement">
                <option value="">"anything"</option>
                <optgroup label="Programmes">{programmes}</optgroup>
                <optgroup label="Modules and agreements">{things}</optgroup>
            </select>
            <span>{is_so}</span> {statuses}
            {due_before}
            <span>"named"</span> <input type="search" name="name" aria-label="Name" placeholder="anybody" value=query.name.clone() maxlength="100"/>
            <button>"Show"</button> {clear}
        </form>
    }
}

/// The groups to choose from, written as text: there may be a thousand.
fn group_options(seen: &Matrix, chosen: Option<GroupId>) -> String {
    let all = if seen.sees_everybody { "all groups" } else { "all my groups" };
    let mut html = format!("<option value=\"\">{all}</option>");
    for (group, path) in &seen.choices.groups {
        let selected = if chosen == Some(*group) { " selected" } else { "" };
        // What is written into a `String` is written.
        let _ = write!(html, "<option value=\"{group}\"{selected}>{}</option>", Escaped(&path.join(" / ")));
    }
    html
}

/// As whom people may be here. What is asked for stays chosen, also where nobody is.
pub(super) fn audience_options(seen: &Matrix, chosen: Option<&Audience>) -> AnyView {
    let listed = &seen.choices.audiences;
    let not_listed = chosen.filter(|chosen| listed.iter().all(|(audience, _)| audience != *chosen));
    let choices = listed.iter().map(|(audience, many)| (audience.to_string(), many.clone()));
    let choices = choices.chain(not_listed.map(|audience| (audience.to_string(), seen.many(audience))));
    options("anybody".to_owned(), choices, chosen.map(ToString::to_string))
}

/// The options of a list, after the one that asks for nothing.
pub(super) fn options(
    none: String,
    choices: impl Iterator<Item = (String, String)>,
    chosen: Option<String>,
) -> AnyView {
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
pub(super) fn legend(seen: &Matrix, view: &MatrixView) -> impl IntoView + use<> {
    let of = view.query.thing.as_ref().map(|thing| format!(" with {}", seen.thing_title(thing)));
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
                    <span inner_html=use_mark(*status).replace("<svg ", "<svg class=\"mark\" ")></span>
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
pub(super) fn nothing(seen: &Matrix, view: &MatrixView) -> AnyView {
    if let Some(has) = seen.nobody_has {
        let when = if seen.is_now { ("is", "") } else { ("was", " then") };
        return nobody_has(seen, view, has, when).into_any();
    }
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
    view! { <div class="card nothing"><h2>{words}</h2> <p>{next}</p> {everybody}</div> }.into_any()
}

/// That nobody has what is asked for, and the ways on.
pub(super) fn nobody_has(
    seen: &Matrix,
    view: &MatrixView,
    has: NobodyHas,
    when: (&str, &str),
) -> impl IntoView + use<> {
    let (words, link, without) = nobody(seen, view, has, when);
    view! {
        <div class="card nothing">
            <h2>{words}</h2>
            <p>"So nobody stands here. Change the sentence, or take that out of it."</p>
            <p><a class="standalone" href=without>{link}</a></p>
        </div>
    }
}

/// From page to page.
pub(super) fn turn(view: &MatrixView, page: usize, pages: usize, listed: usize) -> impl IntoView + use<> {
    let to = |page: usize| MatrixView { page, ..view.clone() }.address("/matrix");
    let before = (page > 0).then(|| view! { <a rel="prev" href=to(page - 1)>"Before"</a> });
    let after = (page + 1 < pages).then(|| view! { <a rel="next" href=to(page + 1)>"Next"</a> });
    let (first, last) = (page * MATRIX_ROWS + 1, ((page + 1) * MATRIX_ROWS).min(listed));
    view! {
        <nav class="turn" aria-label="Pages of the matrix">
            {before}
            <p>{format!("People {first} to {last} of {listed}, page {} of {pages}", page + 1)}</p>
            {after}
        </nav>
    }
}
