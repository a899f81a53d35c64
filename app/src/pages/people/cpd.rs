use engine::{CpdEntry, CpdRecord, CpdYear};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, certificate_link, count, day, day_of, mark, words_in},
};

/// What somebody has done for their professional development, year by year. It prints as evidence. `looks`: how often others have opened their
/// record or their answers.
pub fn cpd(frame: &Frame, record: &CpdRecord, looks: u64) -> Rendered {
    frame.page("Your record", || {
        let target = record.target_minutes;
        let years = record.years.iter().enumerate().map(|(place, of_year)| year(of_year, target, place == 0)).collect_view();
        let nothing = record.years.iter().all(|year| year.entries.is_empty());
        let out = (!nothing).then(|| {
            view! {
                <div class="actions no-print">
                    <a class="button second" href="/cpd/file" download="">"Download as a table (CSV)"</a>
                    " "
                    <button class="second" type="button" data-print="" data-alive="" hidden>
                        {mark(Mark::Print)} " Print or save as PDF"
                    </button>
                </div>
            }
        });
        view! {
            <div class="column">
                <h1>"Your record"</h1>
                <p class="lead">
                    {record.name.clone()} ": every module that you passed here, with its minutes for your CPD (continuing professional development)."
                </p>
                {out}
                {years}
                <p class="hint">
                    "All of it was done online, at your own pace, and each quiz was marked by Induct. A line is written when you pass and never changes; its minutes are those that the module’s author gives it, not the time that you took."
                </p>
                <p class="hint no-print">{looked(looks)}</p>
            </div>
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
fn year(year: &CpdYear, target: Option<u32>, this: bool) -> impl IntoView + use<> {
    let minutes = year.minutes();
    let entries = year.entries.iter().map(entry).collect_view();
    let sum = match target {
        Some(target) => format!("{minutes} of {}", count_minutes(target)),
        None => count_minutes(minutes),
    };
    let bar = target.map(|target| {
        view! { <progress value=minutes.min(target).to_string() max=target.to_string() aria-label="Minutes towards the target of the year"></progress> }
    });
    let list = if year.entries.is_empty() {
        let then = this.then(|| view! { " " <a class="standalone" href="/">"See what is next for you"</a> });
        view! { <p>"Nothing was passed in this year." {then}</p> }.into_any()
    } else {
        view! { <ul class="rows" role="list">{entries}</ul> }.into_any()
    };
    view! {
        <section>
            <h2>{day(year.begins_on)} " to " {day(year.ends_on)}</h2>
            <p class="meta">{sum}</p>
            {bar}
            {list}
        </section>
    }
}

fn entry(entry: &CpdEntry) -> impl IntoView + use<> {
    let until =
        if entry.counts { format!("counts until {}", day_of(entry.until)) } else { "replaced or run out".to_owned() };
    view! {
        <li>
            <div>
                <h3>
                    <a href=format!("/modules/{}/versions/{}", entry.module, entry.version)>
                        {words_in(entry.language, &entry.title)}
                    </a>
                </h3>
                <p class="meta">
                    {format!("{}, {} of {} marks, version {}, {until}", day_of(entry.at), entry.earned, entry.possible, entry.version)}
                </p>
                <p class="no-print">{certificate_link(entry.completion, entry.language, &entry.title)}</p>
            </div>
            <p class="figure">{count_minutes(entry.minutes)}</p>
        </li>
    }
}

fn count_minutes(minutes: u32) -> String {
    count(minutes as usize, "minute", "minutes")
}
