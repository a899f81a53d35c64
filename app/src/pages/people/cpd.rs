use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use engine::{CpdEntry, CpdOrder, CpdQuery, CpdRecord, CpdYear};
use leptos::prelude::*;

use super::calendar::calendar;
use super::elsewhere::{elsewhere, taken_back};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, attended, certificate_link, count, day, day_of, mark, marks, said, withdrawn_words, words_in,
        worked_through,
    },
};

/// Somebody's record, as they find it.
#[derive(Clone, Debug)]
pub struct CpdView {
    /// What they have done.
    pub record: CpdRecord,
    /// How often others have opened their record or their answers.
    pub looks: u64,
    /// What has just been done, in words.
    pub said: Option<String>,
    /// Which of it is wanted.
    pub query: CpdQuery,
    /// The first days of all years that there are, newest first.
    pub years: Vec<NaiveDate>,
    /// Where the same is had as a table.
    pub table: String,
    /// When they made the address of their calendar. `None`: they have none.
    pub calendar: Option<DateTime<Utc>>,
}

/// What somebody has done for their professional development, year by year. It prints as evidence.
pub fn cpd(frame: &Frame, seen: &CpdView) -> Rendered {
    let record = &seen.record;
    let is_narrowed = seen.query != CpdQuery::default();
    let table = &seen.table;
    frame.page("Your record", || {
        let target = record.target_minutes;
        let newest = seen.years.first();
        let years = record.years.iter().map(|of_year| year(of_year, target, record.off_the_job, newest == Some(&of_year.begins_on), &seen.query));
        let years = years.collect_view();
        let none_found = (is_narrowed && record.years.iter().all(CpdYear::is_empty)).then(|| {
            view! { <p>"Nothing that you passed or added fits this. Try fewer letters, another year, or " <a href="/cpd">"show everything"</a> "."</p> }
        });
        let nothing = record.years.iter().all(CpdYear::is_empty);
        let out = (!nothing).then(|| {
            view! {
                <div class="actions no-print">
                    <a class="button second" href=table.clone() download="">"Download as a table (CSV)"</a>
                    " "
                    <button class="second" type="button" data-print="" data-alive="" hidden>
                        {mark(Mark::Print)} " Print or save as PDF"
                    </button>
                </div>
            }
        });
        view! {
            <div class="with-side">
                <div>
                    {said(seen.said.clone())}
                    <h1>"Your record"</h1>
                    <p class="lead">
                        {record.name.clone()} ": every module that you passed here, and what you added from elsewhere, with its minutes for your CPD (continuing professional development)."
                    </p>
                    {out}
                    <p class="no-print"><a class="standalone" href="/cpd/elsewhere">"Add something that you learned elsewhere"</a></p>
                    {find(seen, is_narrowed)}
                    {none_found}
                    {years}
                    {taken_back(&record.taken_back)}
                    <p class="hint">
                        "Each line says how it was passed: every quiz was marked by Induct, and whoever led a workshop said who was there. A line is written when you pass and never changes; its minutes are those that the module’s author gives it, not the time that you took."
                        {record.time_spent.then_some(" The time that you spent stands beside them where it was counted: it is what you spent until you passed, since you last handed in a quiz of that module. It counts towards no target, and your tutor and your manager do not see it.")}
                    </p>
                </div>
                <div class="side">
                    {calendar(seen.calendar)}
                    <p class="hint">{looked(seen.looks)}</p>
                </div>
            </div>
        }
    })
}

/// Where somebody says which of it they want to see. It is folded away until they do.
fn find(seen: &CpdView, is_narrowed: bool) -> Option<impl IntoView + use<>> {
    let CpdQuery { find, order, year } = seen.query.clone();
    let years = seen.years.iter().map(|begins| {
        let is_chosen = year == Some(begins.year());
        view! { <option value=begins.year().to_string() selected=is_chosen>"From " {day(*begins)}</option> }
    });
    let years = years.collect_view();
    let orders = CpdOrder::EVERY.map(|one| {
        let words = match one {
            CpdOrder::Newest => "Newest first",
            CpdOrder::Oldest => "Oldest first",
            CpdOrder::Longest => "Longest first",
            CpdOrder::Title => "By title",
        };
        view! { <option value=one.code() selected=one == order>{words}</option> }
    });
    let orders = orders.collect_view();
    let is_anything = is_narrowed || seen.record.years.iter().any(|year| !year.is_empty());
    is_anything.then(|| {
        view! {
            <details class="no-print" open=is_narrowed>
                <summary>"Find and put in order"</summary>
                <form class="filter" method="get" action="/cpd" role="search" aria-label="What to show">
                    <div class="field"><label for="find">"In the title"</label> <input id="find" name="find" type="search" maxlength="100" value=find/></div>
                    <div class="field"><label for="year">"Year"</label> <select id="year" name="year"><option value="">"All years"</option>{years}</select></div>
                    <div class="field"><label for="order">"Order"</label> <select id="order" name="order">{orders}</select></div>
                    <div class="actions"><button class="second">"Show these"</button> " " {is_narrowed.then(|| view! { <a href="/cpd">"Show everything"</a> })}</div>
                </form>
            </details>
        }
    })
}

/// How often others have looked, in a sentence.
fn looked(looks: u64) -> String {
    let times = match looks {
        0 => return "Nobody else has opened your record or your answers. Whoever does so is noted.".to_owned(),
        1 => "once".to_owned(),
        some => format!("{some} times"),
    };
    format!(
        "People who look after you have opened your record or your answers {times}. Each time is noted, and those who check can see who it was."
    )
}

/// A year with its sum; `this` is the one that is not over.
fn year(year: &CpdYear, target: Option<u32>, off_the_job: bool, this: bool, query: &CpdQuery) -> impl IntoView + use<> {
    let minutes = year.minutes();
    let entries = year.entries.iter().map(entry).collect_view();
    let sum = match target {
        Some(target) => format!("{minutes} of {}", count_minutes(target)),
        None => count_minutes(minutes),
    };
    let apart = (year.minutes_elsewhere() > 0)
        .then(|| format!(": {} passed here, {} added by yourself", year.minutes_here(), year.minutes_elsewhere()));
    let off_the_job = (off_the_job && year.minutes_here() > 0)
        .then(|| view! { <p class="meta">{format!("{} of off-the-job training, passed here.", count_minutes(year.minutes_here()))}</p> });
    let bar = target.map(|target| {
        view! { <progress value=minutes.min(target).to_string() max=target.to_string() aria-label="Minutes towards the target of the year"></progress> }
    });
    let finds = !query.find.trim().is_empty();
    let list = if year.entries.is_empty() && (finds || !year.elsewhere.is_empty()) {
        ().into_any()
    } else if year.entries.is_empty() {
        let then = this.then(|| view! { " " <a class="standalone" href="/">"See what is next for you"</a> });
        view! { <p>"You have passed nothing in this year so far." {then}</p> }.into_any()
    } else {
        view! { <ul class="rows" role="list">{entries}</ul> }.into_any()
    };
    view! {
        <section>
            <h2>{day(year.begins_on)} " to " {day(year.ends_on)}</h2>
            <p class="meta">{sum} {apart}</p>
            {off_the_job}
            {bar}
            {list}
            {elsewhere(&year.elsewhere)}
        </section>
    }
}

fn entry(entry: &CpdEntry) -> impl IntoView + use<> {
    let write = if entry.reflection.is_some() { "Change what you wrote" } else { "Write what you took from it" };
    let until = match entry.withdrawn {
        Some(withdrawn) => withdrawn_words(withdrawn),
        None if entry.counts => format!("counts until {}", day_of(entry.until)),
        None => "replaced or run out".to_owned(),
    };
    let resources = entry.resources.map(|workshop| {
        view! {
            " "
            <a href=format!("/workshops/{workshop}/resources")>
                "What was given there" <span class="hidden">": " {words_in(entry.language, &entry.title)}</span>
            </a>
        }
    });
    let badge = entry.withdrawn.is_none().then(|| {
        view! {
            " "
            <a href=format!("/certificates/{}/badge", entry.completion) download="">
                "Open Badge (JWT)" <span class="hidden">": " {words_in(entry.language, &entry.title)}</span>
            </a>
        }
    });
    let figure = if entry.withdrawn.is_some() { "does not count".to_owned() } else { count_minutes(entry.minutes) };
    view! {
        <li>
            <div>
                <h3>
                    <a href=format!("/modules/{}/versions/{}", entry.module, entry.version)>
                        {words_in(entry.language, &entry.title)}
                    </a>
                </h3>
                <p class="meta">
                    {format!(
                        "{}, {}, version {}{}, {until}",
                        day_of(entry.at),
                        marks(entry.how, entry.earned, entry.possible, " marks"),
                        entry.version,
                        entry.opened.map(|opened| format!(", {opened}")).unwrap_or_default(),
                    )}
                </p>
                {entry.spent.map(|minutes| view! { <p class="meta">{format!("Time that you spent: {}", count_minutes(minutes))}</p> })}
                {entry.discussed.as_ref().map(|held| view! { <p class="meta" dir="auto">{worked_through(held)}</p> })}
                {entry.attended.as_ref().map(|was| view! { <p class="meta" dir="auto">{attended(was)}</p> })}
                {entry.reflection.clone().map(|text| view! { <p class="own-words" dir="auto">{text}</p> })}
                <p class="links no-print">
                    {certificate_link(entry.completion, entry.language, &entry.title)}
                    {badge}
                    {resources}
                    " "
                    <a href=format!("/cpd/reflections/{}", entry.completion)>{write} <span class="hidden">": " {words_in(entry.language, &entry.title)}</span></a>
                </p>
            </div>
            <p class="figure">{figure}</p>
        </li>
    }
}

fn count_minutes(minutes: u32) -> String {
    count(minutes as usize, "minute", "minutes")
}
