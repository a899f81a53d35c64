use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, TimeDelta, Utc};
use engine::{
    DeclineId, Hold, HowEarned, PersonRecord, RecordEvent, RecordFact, RecordThing, Thing, Wanted, Why, local,
    local_date,
};
use leptos::prelude::*;
use model::Status;

use super::{
    page::day_and_time,
    sentence::when,
    view::{AS_AT, AT, MatrixView, code},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, Of, Stands, away, clock, count, day, day_of, listed, mark, missed_years, moment, worked_through, wrong,
    },
};

/// Of so many events and no more a record has them all in sight; of more, the years before the last are folded away.
const MANY: usize = 20;

/// What took effect so much earlier than it was recorded is marked.
const BACK_DATED: TimeDelta = TimeDelta::days(7);

/// One person's whole record: where they stand, what was done and when, and what happened. `administers`: the reader answers whoever asks what
/// is held about them, and is led there. `of_day`: what their address says of the moment.
pub fn person_record(frame: &Frame, record: &PersonRecord, of_day: &MatrixView, administers: bool) -> Rendered {
    let name = if record.name.is_empty() { "Name erased".to_owned() } else { record.name.clone() };
    let view = MatrixView {
        query: engine::MatrixQuery {
            as_at: of_day.query.as_at.filter(|_| !record.is_now),
            ..engine::MatrixQuery::default()
        },
        wrong: of_day.wrong.clone(),
        ..MatrixView::default()
    };
    let matrix = view.address("/matrix");
    let frame = frame.with_tables();
    let (mut open, done): (Vec<&RecordThing>, Vec<&RecordThing>) =
        record.things.iter().partition(|thing| is_open(thing));
    open.sort_by_key(|thing| (thing.cell.status, thing.cell.wanted.as_ref().map(|wanted| wanted.by)));
    let today = local_date(record.moment);
    let faults = &view.wrong.faults;
    frame.page(&faults.title(&name), || {
        view! {
            <div class="wide">
                {faults.list()}
                <p class="crumb no-print"><a href=matrix>"Matrix"</a></p>
                <div class="top">
                    <h1 dir="auto">{name.clone()}</h1>
                    {moment_form(record, &view)}
                </div>
                <p class="on-paper">{format!("As at {}.", said_moment(record))}</p>
                {about(record)}
                {(frame.organises && record.is_now).then(|| view! {
                    <p class="no-print"><a class="standalone" href=format!("/people/{}/change", record.id)>"Change groups, duties, dates and sign-in"</a></p>
                })}
                <p class="lead">{lead(record, &open, done.len())}</p>
                <div class="with-timeline">
                    <div>
                        {(!open.is_empty()).then(|| view! {
                            <section class="card">
                                <h2>"Open"</h2>
                                <ul class="open" role="list">{open.iter().map(|thing| open_thing(thing, record, today)).collect_view()}</ul>
                            </section>
                        })}
                        {done_table(&done, record, today)}
                        {elsewhere(record)}
                        {asked(record, frame.gives)}
                    </div>
                    {timeline(record, frame.organises)}
                </div>
                {administers.then(|| view! {
                    <p class="no-print"><a class="standalone" href=format!("/people/{}/data", record.id)>"Everything that is held about this person"</a></p>
                })}
            </div>
        }
    })
}

fn is_open(thing: &RecordThing) -> bool {
    !matches!(thing.cell.status, Status::Passed | Status::Exempt | Status::NotRequired)
}

fn said_moment(record: &PersonRecord) -> String {
    let known = if record.as_known_now { "as it is known now" } else { "as it was known then" };
    if record.is_now { format!("now, {}", moment(record.moment)) } else { format!("{}, {known}", when(record.moment)) }
}

fn moment_form(record: &PersonRecord, view: &MatrixView) -> impl IntoView + use<> {
    let path = format!("/people/{}", record.id);
    let is_past = !record.is_now;
    let at = local(record.moment);
    let (chosen_day, chosen_time) = if is_past {
        (at.format("%Y-%m-%d").to_string(), at.format("%H:%M").to_string())
    } else {
        (String::new(), String::new())
    };
    let back = (!view.moment().is_empty()).then(|| view! { <a class="standalone" href=path.clone()>"Back to now"</a> });
    let wrong = &view.wrong;
    let is_wrong = wrong.is_in(&[AS_AT, AT]);
    let fields = day_and_time(wrong, chosen_day, chosen_time, None);
    let known = (is_past && record.as_known_now) || (is_wrong && wrong.as_known_now);
    view! {
        <details class=if is_past { "as-at past" } else { "as-at" } open=is_wrong>
            <summary>
                {mark(Mark::Clock)} " "
                <span>"As at " <strong>{said_moment(record)}</strong></span> " " <span class="change">"another day"</span>
            </summary>
            <form method="get" action=path novalidate>
                {fields}
                <p><label class="choice"><input type="checkbox" name="known" value="now" checked=known/>
                    " By what is known now, and not by what was recorded by then"</label></p>
                <p class="go"><button>"Show that day"</button> {back}</p>
            </form>
        </details>
    }
}

fn about(record: &PersonRecord) -> impl IntoView + use<> {
    let audiences = (!record.audiences.is_empty()).then(|| format!("Here as {}", listed(&record.audiences)));
    let groups = (!record.groups.is_empty()).then(|| {
        view! { <span>"In " <b dir="auto">{record.groups.join(", ")}</b></span> }
    });
    let began = match record.began_on {
        Some(began) if began > local_date(record.moment) => {
            view! { <span>"Begins on " <b>{day(began)}</b></span> }.into_any()
        }
        Some(began) => view! { <span>"Began on " <b>{day(began)}</b></span> }.into_any(),
        None => view! { <span>"Not here at that time"</span> }.into_any(),
    };
    let left = record.left_on.map(|left| view! { <span>"Left on " <b>{day(left)}</b></span> });
    let called = record.user_name.clone().map(|name| {
        view! { <span>"Known to the directory as " <b dir="auto">{name}</b></span> }
    });
    view! { <p class="meta">{audiences.map(|said| view! { <span>{said}</span> })} {groups} {began} {left} {called}</p> }
}

/// How many of so many things are done, in a sentence that says something of none, of one and of all.
fn share_done(done: usize, of: usize) -> String {
    match (done, of) {
        (_, 0) => "Nothing is asked of them now.".to_owned(),
        (0, 1) => "One thing is asked, and not done.".to_owned(),
        (0, of) => format!("None of {of} things is done."),
        (1, 1) => "The one thing that is asked is done.".to_owned(),
        (done, of) if done == of => format!("All {of} things are done."),
        (done, of) => format!("{done} of {of} things are done."),
    }
}

/// Where they stand, in a sentence.
fn lead(record: &PersonRecord, open: &[&RecordThing], done: usize) -> String {
    let late = open.iter().filter(|thing| matches!(thing.cell.status, Status::Overdue | Status::Expired)).count();
    let of = open.len() + record.things.iter().filter(|thing| thing.cell.status == Status::Passed).count();
    if record.things.is_empty() {
        return "Nothing is asked of them, and nothing was done.".to_owned();
    }
    let passed = of - open.len();
    let mut said = share_done(passed, of);
    if late > 0 {
        said.push_str(&format!(" {} late.", count(late, "is", "are")));
    } else if open.is_empty() && done > 0 {
        said.push_str(" Nothing is open.");
    }
    let waiting = open.iter().filter(|thing| matches!(thing.hold, Hold::Tutor { .. })).count();
    if waiting > 0 {
        said.push_str(&format!(" {} for a tutor.", count(waiting, "waits", "wait")));
    }
    said
}

/// The state in the words of every page, said of another.
fn pill(thing: &RecordThing, now: DateTime<Utc>) -> AnyView {
    let (missing, of) = thing.requires;
    let (of, hold) = match (&thing.thing, &thing.declined) {
        (Thing::Module(_), _) => (Of::Module, thing.hold),
        (Thing::Agreement(_), Some(decline)) => {
            (Of::Agreement { missing, of }, Hold::Declined { at: decline.at, again_on: decline.asks_again_on })
        }
        (Thing::Agreement(_), None) if missing > 0 => (Of::Agreement { missing, of }, Hold::Gate),
        (Thing::Agreement(_), None) => (Of::Agreement { missing, of }, thing.hold),
    };
    Stands::of_cell(of, &thing.cell, hold).state(now).of_another().pill().into_any()
}

fn open_thing(thing: &RecordThing, record: &PersonRecord, today: NaiveDate) -> impl IntoView + use<> {
    let wanted = thing.cell.wanted.as_ref().map(|wanted| wanted_words(wanted, thing, today));
    let hold = match thing.hold {
        Hold::Tutor { since } => {
            Some(format!("All attempts are used up since {}, and a tutor has been asked.", day_of(since)))
        }
        Hold::Pause { until } => Some(format!("They can try again from {}.", moment(until))),
        Hold::Workshop => Some("They pass it at a workshop.".to_owned()),
        Hold::Nothing | Hold::Gate | Hold::Declined { .. } => None,
    };
    let missed = missed_years(&thing.cell.missed).map(|said| format!("{said}."));
    let declined = thing.declined.as_ref().map(|decline| {
        let said = format!(
            "Declined to sign it on {}; they are asked again from {}, and can sign it at any time. ",
            day_of(decline.at),
            day(decline.asks_again_on)
        );
        let why = record.shows_evidence.then(|| why_declined(decline.id));
        view! { <p>{said} {why}</p> }
    });
    let tried = (thing.done.is_none() && record.is_now).then(|| best(thing, record)).flatten();
    view! {
        <li id=code(&thing.thing)>
            {pill(thing, record.moment)}
            <div>
                <h3>{thing.title.clone()}</h3>
                <p>{wanted} " " {missed} " " {tried} " " {hold}</p>
                {declined}
            </div>
        </li>
    }
}

/// The way to why something was declined.
fn why_declined(id: DeclineId) -> impl IntoView {
    view! { <a href=format!("/declines/{id}")>"Why they declined"</a> }
}

/// The best of the attempts that did not pass.
fn best(thing: &RecordThing, record: &PersonRecord) -> Option<String> {
    let scores = record.events.iter().filter_map(|event| match &event.what {
        RecordFact::NotPassed { title, percent, .. } if *title == thing.title => Some(*percent),
        _ => None,
    });
    let scores: Vec<u32> = scores.collect();
    let best = scores.iter().max()?;
    Some(format!("{} did not pass; the best had {best}%.", count(scores.len(), "attempt", "attempts")))
}

fn wanted_words(wanted: &Wanted, thing: &RecordThing, today: NaiveDate) -> String {
    let by = match wanted.late {
        true => format!("Was due on {}, {}.", day(wanted.by), away(wanted.by, today)),
        false => format!("Due by {}, {}.", day(wanted.by), away(wanted.by, today)),
    };
    let done = thing.done.map(|done| day_of(done.at));
    let verb = if matches!(thing.thing, Thing::Agreement(_)) { "Signed" } else { "Passed" };
    let why = match (wanted.why, done) {
        (Why::New, _) => None,
        (Why::Changed, Some(done)) => Some(format!("{verb} on {done}; a new version has replaced that one.")),
        (Why::RanOut, Some(done)) => {
            let until = thing.done.and_then(|done| done.until).map(day_of);
            Some(format!("{verb} on {done}, which counted until {}.", until.unwrap_or_default()))
        }
        (Why::RunsOut, Some(done)) => Some(format!("{verb} on {done}, which runs out.")),
        (Why::NewYear, Some(done)) => Some(format!("{verb} on {done}; the new year asks for it again.")),
        (Why::Missed, _) | (_, None) => None,
    };
    match why {
        Some(why) => format!("{by} {why}"),
        None => by,
    }
}

/// A day for a narrow column, where it takes two lines at most.
fn in_two_lines(date: NaiveDate) -> String {
    date.format("%-d\u{a0}%b %Y").to_string()
}

fn done_table(done: &[&RecordThing], record: &PersonRecord, today: NaiveDate) -> Option<impl IntoView + use<>> {
    if done.is_empty() {
        return None;
    }
    let minutes: u32 = done.iter().filter_map(|thing| thing.done?.minutes).sum();
    let rows = done.iter().map(|thing| {
        let date = thing.done.map(|done| in_two_lines(local_date(done.at)));
        let percent = thing.done.and_then(|done| done.percent).map(|percent| format!("{percent}%"));
        let attempt = thing.done.and_then(|done| done.attempt);
        let minutes = thing.done.and_then(|done| done.minutes);
        let version = thing.done.map(|done| done.version);
        let until = match thing.cell.status {
            Status::Exempt => thing.exempt_before.and_then(|day| day.pred_opt()).map(in_two_lines),
            _ => thing.done.and_then(|done| done.until).map(|until| in_two_lines(local_date(until))),
        };
        let entry = thing.done.and_then(|done| done.entry);
        let missed = missed_years(&thing.cell.missed).map(|said| view! { <small>{said}</small> });
        view! {
            <tr id=code(&thing.thing)>
                <th scope="row">{thing.title.clone()} {missed}</th>
                <td data-label="Status">{pill(thing, record.moment)}</td>
                <td data-label="On">{date}</td>
                <td class="number" data-label="Score">{percent}</td>
                <td class="number" data-label="Attempt">{attempt}</td>
                <td class="number" data-label="Minutes">{minutes}</td>
                <td class="number" data-label="Version">{version}</td>
                <td data-label="Until">{until}</td>
                <td class="number" data-label="Entry in the log">{entry}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(view! {
        <section class="card">
            <h2>"Done, exempt or not asked"</h2>
            <div class="across" tabindex="0" role="region" aria-label="What is done">
                <table class="record cards kept">
                    <caption class="hidden">{format!("Done by {}", day(today))}</caption>
                    <thead><tr>
                        <th scope="col">"Module or agreement"</th><th scope="col">"Status"</th><th scope="col">"On"</th>
                        <th scope="col" class="number">"Score"</th><th scope="col" class="number">"Attempt"</th>
                        <th scope="col" class="number">"Minutes"</th><th scope="col" class="number">"Version"</th>
                        <th scope="col">"Until"</th><th scope="col" class="number">"Entry in the log"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot><tr><th scope="row" colspan="5">"Together"</th><td class="number" data-label="Minutes">{minutes}</td><td colspan="3"></td></tr></tfoot>
                </table>
            </div>
        </section>
    })
}

/// What they added from elsewhere.
fn elsewhere(record: &PersonRecord) -> Option<impl IntoView + use<>> {
    let rows = record.elsewhere.iter().map(|added| {
        let title = added.title.clone().unwrap_or_else(|| "(title erased)".to_owned());
        let file = added.file.map(|_| {
            let of = format!(" of {title}");
            view! { <a href=format!("/cpd/elsewhere/{}/file", added.id) download="">"The file" <span class="hidden">{of}</span></a> }
        });
        let minutes = count(added.minutes as usize, "minute", "minutes");
        view! {
            <li>
                <b dir="auto">{title}</b>
                {added.provider.as_ref().map(|provider| view! { ", " <span dir="auto">{provider.clone()}</span> })}
                {format!(", {}, {minutes} ", day(added.done_on))}
                {file}
            </li>
        }
    });
    let rows = rows.collect_view();
    (!record.elsewhere.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2>"Added by themselves"</h2>
                <p class="hint">"What they learned elsewhere. Nobody checked it, and it decides nothing. That you open a file is noted."</p>
                <ul>{rows}</ul>
            </section>
        }
    })
}

fn asked(record: &PersonRecord, gives: bool) -> impl IntoView + use<> {
    let rows = record.programmes.iter().map(|(title, from)| {
        view! { <li><b>{title.clone()}</b> ", counted from " {day(*from)}</li> }
    });
    let list = if record.programmes.is_empty() {
        view! { <p>"No programme is theirs. An administrator gives one to a group, to an audience or to one person."</p> }.into_any()
    } else {
        view! { <ul role="list">{rows.collect_view()}</ul> }.into_any()
    };
    // Of oneself, and of a day that is past, nothing is changed.
    let change = (gives && record.is_now && !record.is_oneself && record.left_on.is_none()).then(|| {
        view! {
            <p class="actions no-print">
                <a class="standalone" href=format!("/assignments?to=person:{}", record.id)>"Give a programme"</a>
                " "
                <a class="standalone" href=format!("/people/{}/exemptions", record.id)>"Excuse from something"</a>
                " "
                <a class="standalone" href=format!("/people/{}/discussions", record.id)>"Work through a module with them"</a>
            </p>
        }
    });
    view! { <section class="card"><h2>"Asked by"</h2> {list} {change}</section> }
}

fn timeline(record: &PersonRecord, organises: bool) -> impl IntoView + use<> {
    let hint = if record.shows_answers {
        "Newest first. A number is the entry in the signed log. That you opened this record is noted, and so is whose answers you open."
    } else {
        "Newest first. A number is the entry in the signed log. Answers are not shown, and that you opened this record is noted."
    };
    let drawn = |events: &[RecordEvent]| {
        let rows = events.iter().map(|one| event(one, record, organises)).collect_view();
        view! { <ol role="list">{rows}</ol> }
    };
    let year = |one: &RecordEvent| local_date(one.at).year();
    let parts = if record.events.len() > MANY {
        let years: Vec<&[RecordEvent]> = record.events.chunk_by(|one, next| year(one) == year(next)).collect();
        let parts = years.into_iter().enumerate().map(|(place, events)| {
            let is_last = place == 0;
            let said = format!("{} ({})", year(&events[0]), count(events.len(), "event", "events"));
            view! { <details open=is_last><summary>{said}</summary> {drawn(events)}</details> }
        });
        parts.collect_view().into_any()
    } else {
        drawn(&record.events).into_any()
    };
    view! {
        <section class="card timeline">
            <h2>"Timeline"</h2>
            <p class="hint">{hint}</p>
            {parts}
        </section>
    }
}

fn event(event: &RecordEvent, record: &PersonRecord, organises: bool) -> impl IntoView + use<> {
    let attempt = |number: usize| if number > 1 { format!(", attempt {number}") } else { String::new() };
    let (shape, words) = match &event.what {
        RecordFact::Began => (Mark::Arrow, "Began".to_owned()),
        RecordFact::Left => (Mark::Leave, "Left".to_owned()),
        RecordFact::Joined(group) => (Mark::Arrow, format!("Into the group {group}")),
        RecordFact::LeftGroup(group) => (Mark::Leave, format!("Out of the group {group}")),
        RecordFact::Passed { title, percent, attempt: number, how, by, .. } => {
            let how = how.map(|(begun, opened)| format!("; begun at {}, {opened}", clock(begun, event.at)));
            let passed = match by {
                HowEarned::Refresher => "Passed by a refresher",
                HowEarned::SideBySide => "Passed after a discussion with a tutor",
                HowEarned::Quiz | HowEarned::Workshop => "Passed",
            };
            let words = format!("{passed}: {title}, {percent}%{}{}", attempt(*number), how.unwrap_or_default());
            (Mark::Status(Status::Passed), words)
        }
        RecordFact::Attended { title, .. } => {
            (Mark::Status(Status::Passed), format!("Was at a workshop, which counts: {title}"))
        }
        RecordFact::Discussed { title, held } => (Mark::Help, format!("{}: {title}", worked_through(held))),
        RecordFact::DiscussionAnswered { title, held: true } => {
            (Mark::Status(Status::Passed), format!("They said themselves that they worked it through: {title}"))
        }
        RecordFact::DiscussionAnswered { title, held: false } => {
            (Mark::Warning, format!("They said that they did not work it through: {title}"))
        }
        RecordFact::NotPassed { title, percent, attempt: number, .. } => {
            (Mark::Again, format!("Not passed yet: {title}, {percent}%{}", attempt(*number)))
        }
        RecordFact::AskedTutor(title) => (Mark::Waiting, format!("All attempts used up: {title}. A tutor was asked")),
        RecordFact::Withdrawn { title, why, passed_at } => {
            (Mark::Warning, format!("Withdrawn: {title}, passed on {}; {}", day_of(*passed_at), wrong(*why)))
        }
        RecordFact::Signed { title, version, .. } => (Mark::Sign, format!("Signed: {title}, version {version}")),
        RecordFact::Declined { title, version, .. } => {
            (Mark::Waiting, format!("Declined to sign: {title}, version {version}"))
        }
        RecordFact::Excused(title) => (Mark::Status(Status::Exempt), format!("Excused from: {title}")),
        RecordFact::NoLongerExcused(title) => {
            (Mark::Status(Status::NotStarted), format!("No longer excused from: {title}"))
        }
    };
    let since = event.since.map(|since| {
        let text = if is_back_dated(event.at, since) {
            format!(
                "Recorded {} after it took effect, on {}",
                count(days_between(since, event.at), "day", "days"),
                day(since)
            )
        } else {
            format!("Holds from {}", day(since))
        };
        let class = if is_back_dated(event.at, since) { "back-dated" } else { "" };
        view! { <small class=class>{text}</small> }
    });
    let leads_on = match &event.what {
        RecordFact::Passed { id, title, .. } | RecordFact::NotPassed { id, title, .. } if record.shows_answers => {
            let of = format!(" to {title}");
            let href = format!("/people/{}/attempts/{id}", record.id);
            Some(view! { <small><a href=href>"The answers" <span class="hidden">{of}</span></a></small> }.into_any())
        }
        RecordFact::Signed { id, title, .. } if record.shows_evidence => {
            let of = format!(" of {title}");
            let href = format!("/signatures/{id}");
            Some(view! { <small><a href=href>"The evidence" <span class="hidden">{of}</span></a></small> }.into_any())
        }
        RecordFact::Declined { id, .. } if record.shows_evidence => {
            Some(view! { <small>{why_declined(*id)}</small> }.into_any())
        }
        _ => None,
    };
    let withdraw = match &event.what {
        RecordFact::Passed { pass: Some(pass), title, .. } | RecordFact::Attended { pass: Some(pass), title }
            if organises && record.is_now && !record.is_oneself =>
        {
            let of = format!(": {title}");
            let href = format!("/passes/{pass}/withdraw");
            Some(
                view! { <small class="no-print"><a href=href>"Recorded wrongly?" <span class="hidden">{of}</span></a></small> },
            )
        }
        _ => None,
    };
    let entry =
        event.entry.map(|number| view! { <span class="entry"><span class="hidden">"Entry "</span>{number}</span> });
    view! {
        <li>
            {mark(shape)}
            <div>
                <p dir="auto">{words}</p>
                {since}
                {leads_on}
                {withdraw}
                <p class="when"><time datetime=event.at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(event.at)}</time> {entry}</p>
            </div>
        </li>
    }
}

fn is_back_dated(at: DateTime<Utc>, since: NaiveDate) -> bool {
    local_date(at) - since > BACK_DATED
}

fn days_between(since: NaiveDate, at: DateTime<Utc>) -> usize {
    usize::try_from((local_date(at) - since).num_days()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_is_done_is_said_plainly_of_none_one_and_all() {
        let said = [(0, 0), (0, 1), (1, 1), (0, 3), (1, 3), (3, 3)].map(|(done, of)| share_done(done, of));
        let plain = [
            "Nothing is asked of them now.",
            "One thing is asked, and not done.",
            "The one thing that is asked is done.",
            "None of 3 things is done.",
            "1 of 3 things are done.",
            "All 3 things are done.",
        ];
        assert_eq!(said, plain);
    }
}
