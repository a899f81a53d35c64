use chrono::SecondsFormat;
use engine::{
    Idle, ListedReminder, Occasion, PlannedPerson, ReminderPlan, ReminderResult, RemindersPage, Suppressed,
    WhichReminders, catalogue::Reminders,
};
use leptos::prelude::*;

use super::{
    frame::{Frame, Rendered},
    parts::{Faults, count, day, list_table, listed, moment},
};

/// Whether people are reminded, whom the next letters would go to, and of what they were.
#[derive(Clone, Debug)]
pub struct RemindersView {
    /// Whom the next letters would go to.
    pub plan: ReminderPlan,
    /// Of what people were reminded.
    pub page: RemindersPage,
    /// Which of these were asked for.
    pub which: WhichReminders,
    /// Whether reminders have just been held back, or go on. `None`: nothing was done.
    pub done: Option<bool>,
    /// Why something was not done.
    pub faults: Faults,
}

/// Whether people are reminded of what is wanted of them, by which rules, and what has come of it.
pub fn reminders(frame: &Frame, seen: &RemindersView) -> Rendered {
    frame.with_tables().page(&seen.faults.title("Reminders"), || {
        let said = seen.done.map(|paused| {
            let words = if paused {
                "Reminders are held back. Letters that are written already are sent; Letters has a button for those."
            } else {
                "Reminders go on. What was put off meanwhile is told with the next letters."
            };
            view! { <p class="said" role="status">{words}</p> }
        });
        view! {
            {seen.faults.list()}
            <p class="crumb no-print"><a href="/admin">"Administration"</a> " " <a href="/admin/letters">"Letters"</a></p>
            <h1>"Reminders"</h1>
            {said}
            <p class="lead">{standing(&seen.plan)}</p>
            {pause(&seen.plan)}
            {rules(&seen.plan.rules)}
            {preview(&seen.plan)}
            {ledger(seen)}
        }
    })
}

/// Whether people are reminded, in a sentence.
fn standing(plan: &ReminderPlan) -> String {
    match (plan.idle, plan.paused_since) {
        (Some(Idle::Off), _) => "Reminders are not switched on. Nobody is written to by itself.".to_owned(),
        (_, Some(since)) => format!("Reminders have been held back since {}.", moment(since)),
        (Some(Idle::NoMailServer), _) => {
            "Reminders are switched on, but there is no mail server, so nobody is written to.".to_owned()
        }
        _ => {
            format!("Reminders are on. The next letters are written on {}, from {}:00.", day(plan.day), plan.rules.hour)
        }
    }
}

fn pause(plan: &ReminderPlan) -> AnyView {
    if plan.idle == Some(Idle::Off) && plan.paused_since.is_none() {
        return view! {
            <p>"Whoever looks after the content switches them on in organisation.toml, with " <code>"on = true"</code> " below " <code>"[reminders]"</code>
                ", and publishes it. Below stands what would be written then."</p>
        }
        .into_any();
    }
    let (code, verb) =
        if plan.paused_since.is_some() { ("go-on", "Go on with reminders") } else { ("pause", "Hold reminders back") };
    view! {
        <form method="post" action="/admin/reminders" class="actions">
            <button class="second" name="do" value=code>{verb}</button>
        </form>
    }
    .into_any()
}

/// What the provider says about it.
fn rules(rules: &Reminders) -> impl IntoView + use<> {
    let days = |days: u32| count(usize::try_from(days).unwrap_or(usize::MAX), "day", "days");
    let before: Vec<String> = rules.days_before.iter().map(|before| days(*before)).collect();
    let before = match &before[..] {
        [] => "Nobody is told before something is due.".to_owned(),
        all => format!("{} before something is due, and on the day itself.", listed(all)),
    };
    let after = match rules.overdue_at_most {
        0 => "Nobody is told after that.".to_owned(),
        1 => "Once it is late, the day after.".to_owned(),
        times => {
            let times = count(usize::try_from(times).unwrap_or(usize::MAX), "time", "times");
            format!(
                "Once it is late, the day after, and then every {}: {times} at most.",
                days(rules.overdue_every_days)
            )
        }
    };
    let quiet: Vec<String> = rules.quiet_days.iter().map(|day| weekday(*day)).collect();
    let quiet = match &quiet[..] {
        [] => "On every day of the week.".to_owned(),
        all => format!("Not on {}: what falls on such a day is told on the next.", listed(all)),
    };
    let digest = rules.digest_day.map(|day| {
        view! { <li>{format!("On {}, managers are told how many of their people are late, by group and without names, and owners what is to be reviewed.", weekday(day))}</li> }
    });
    view! {
        <h2>"When somebody is told"</h2>
        <ul>
            <li>{before}</li>
            <li>{after}</li>
            <li>"When a module or an agreement has changed, so that they do it again; and when something may be done again."</li>
            <li>{format!("From {}:00 on. {quiet}", rules.hour)}</li>
            {digest}
            <li>"Never more than one letter a day, with everything in it. What is done before it goes is left out."</li>
        </ul>
    }
}

fn weekday(day: chrono::Weekday) -> String {
    let days = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
    days.get(day.num_days_from_monday() as usize).copied().unwrap_or_default().to_owned()
}

/// Whom the next letters would go to.
fn preview(plan: &ReminderPlan) -> AnyView {
    let when = day(plan.day);
    let managers = (plan.managers > 0).then(|| {
        format!(" {} would be told how many of their people are late.", count(plan.managers, "manager", "managers"))
    });
    let owners = (plan.owners > 0).then(|| {
        format!(" {} would be told what of theirs is to be reviewed.", count(plan.owners, "person", "people"))
    });
    let besides: String = managers.into_iter().chain(owners).collect();
    let is_nobody = plan.letters + plan.without_address == 0;
    if is_nobody {
        let said = if besides.is_empty() {
            format!("On {when} nobody would get a letter, as things stand now.")
        } else {
            format!("On {when}, as things stand now, nobody would be reminded.{besides}")
        };
        return view! {
            <h2>"What the next letters would tell"</h2>
            <p>{said}</p>
        }
        .into_any();
    }
    let who = count(plan.letters, "person", "people");
    let without = (plan.without_address > 0).then(|| {
        let who = count(plan.without_address, "more has", "more have");
        format!(" {who} no e-mail address, and cannot be told.")
    });
    let occasions = plan.occasions.iter().map(|(occasion, things)| {
        view! { <li>{format!("{}: {things}", occasion_words(*occasion))}</li> }
    });
    let groups = plan.groups.iter().map(|(path, people)| {
        let name = if path.is_empty() { "In no group".to_owned() } else { path.join(" / ") };
        view! { <li><span dir="auto">{name}</span> {format!(": {people}")}</li> }
    });
    let total = plan.letters + plan.without_address;
    let first = (total > plan.people.len()).then(
        || view! { <p class="hint">{format!("These are the first {} of {total}, by name.", plan.people.len())}</p> },
    );
    let rows = plan.people.iter().map(planned).collect_view();
    view! {
        <h2>"What the next letters would tell"</h2>
        <p>{format!("On {when}, as things stand now, {who} would get a letter.")} {without} {besides}</p>
        <h3>"Things, by why they are told"</h3>
        <ul>{occasions.collect_view()}</ul>
        <h3>"People, by group"</h3>
        <ul>{groups.collect_view()}</ul>
        {list_table("Who would get a letter", &["Person", "What they would be told"], rows)}
        {first}
    }
    .into_any()
}

fn planned(person: &PlannedPerson) -> impl IntoView + use<> {
    let things = person.things.iter().map(|one| {
        let why = occasion_words(one.occasion).to_lowercase();
        let by = if one.occasion == Occasion::DueToday { String::new() } else { format!(", by {}", day(one.due_on)) };
        let words = format!(": {why}{by}");
        view! { <li><span>{one.title.clone()}</span> {words}</li> }
    });
    let things = view! { <ul>{things.collect_view()}</ul> };
    let things = match person.things.as_slice() {
        [] | [_] | [_, _] => things.into_any(),
        many => {
            let first = many.iter().map(|one| one.due_on).min().map(day).unwrap_or_default();
            let said = format!("{}, the first by {first}", count(many.len(), "thing", "things"));
            view! { <details class="stays-folded"><summary>{said}</summary> {things}</details> }.into_any()
        }
    };
    let without = (!person.has_address).then(|| view! { <br/> <span class="hint">"No e-mail address"</span> });
    view! {
        <tr>
            <th scope="row"><a href=format!("/people/{}", person.id) dir="auto">{person.name.clone()}</a> {without}</th>
            <td>{things}</td>
        </tr>
    }
}

/// Why something is told, in a word or two.
fn occasion_words(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Overdue => "Overdue",
        Occasion::DueToday => "Due today",
        Occasion::DueSoon => "Due soon",
        Occasion::Again => "Changed, to do again",
        Occasion::WindowOpened => "Can be done again",
        Occasion::Declined => "Declined, and asked again",
        Occasion::Asked => "Reminded by somebody",
    }
}

fn result_words(result: ReminderResult) -> &'static str {
    match result {
        ReminderResult::Waiting => "Waiting",
        ReminderResult::Sent => "Sent",
        ReminderResult::GivenUp => "Given up",
        ReminderResult::Suppressed => "Not told",
    }
}

/// Of what people were reminded.
fn ledger(seen: &RemindersView) -> impl IntoView + use<> {
    let page = &seen.page;
    let planned = count(usize::try_from(page.planned).unwrap_or(usize::MAX), "thing was", "things were");
    let why = Occasion::EVERY.map(|occasion| {
        let selected = seen.which.occasion == Some(occasion);
        view! { <option value=occasion.name() selected=selected>{occasion_words(occasion)}</option> }
    });
    let results = ReminderResult::EVERY.map(|result| {
        let selected = seen.which.result == Some(result);
        view! { <option value=result.code() selected=selected>{result_words(result)}</option> }
    });
    view! {
        <h2>"What was told"</h2>
        <p>{format!("{planned} planned within 30 days; {} of them not told.", page.suppressed)}</p>
        <form class="filter" method="get" action="/admin/reminders" role="search" aria-label="Which reminders">
            <div class="field"><label for="why">"Why"</label> <select id="why" name="why"><option value="">"Any"</option> {why.collect_view()}</select></div>
            <div class="field"><label for="result">"What became of it"</label> <select id="result" name="result"><option value="">"Anything"</option> {results.collect_view()}</select></div>
            <div class="actions"><button>"Show these"</button> " " <a href="/admin/reminders">"Show all"</a></div>
        </form>
        {table(seen)}
        {ways_on(seen)}
        <p class="hint">"Of what somebody was reminded is forgotten after two years."</p>
    }
}

fn table(seen: &RemindersView) -> AnyView {
    if seen.page.reminders.is_empty() {
        let words = if seen.which == WhichReminders::default() {
            "Nobody was reminded of anything yet. People can also be reminded from the matrix: tick them, then choose Remind by letter."
        } else {
            "There is nothing of that kind. Choose otherwise, or show all."
        };
        return view! { <p>{words}</p> }.into_any();
    }
    let rows = seen.page.reminders.iter().map(row).collect_view();
    list_table("What was told", &["Planned", "To", "What", "Why", "What became of it"], rows)
}

fn row(one: &ListedReminder) -> impl IntoView + use<> {
    let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
    let why = one.occasion.map_or("Something of another version", occasion_words);
    let because = one.suppressed.map(|why| match why {
        Suppressed::NoAddress => ": no e-mail address",
        Suppressed::Stopped => ": they stopped being told early",
        Suppressed::Done => ": done before the letter went, or no longer wanted by then",
        Suppressed::Declined => ": declined to sign it before the letter went",
        Suppressed::Left => ": had left before the letter went",
    });
    view! {
        <tr>
            <th scope="row"><time datetime=one.planned_at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(one.planned_at)}</time></th>
            <td><a href=format!("/people/{}", one.person) dir="auto">{name}</a></td>
            <td>{one.title.clone()} <br/> <span class="hint">{format!("by {}", day(one.due_on))}</span></td>
            <td>{why}</td>
            <td>{result_words(one.result)} {because}</td>
        </tr>
    }
}

fn ways_on(seen: &RemindersView) -> impl IntoView + use<> {
    let why = seen.which.occasion.map(|occasion| format!("why={}&", occasion.name())).unwrap_or_default();
    let result = seen.which.result.map(|result| format!("result={}&", result.code())).unwrap_or_default();
    let and = format!("{why}{result}");
    let next = seen.page.next.map(|last| {
        view! { <a class="button second" href=format!("/admin/reminders?{and}after={last}")>"Older reminders"</a> }
    });
    let first = seen.which.after.is_some().then(|| {
        let address = format!("/admin/reminders?{}", and.trim_end_matches('&'));
        view! { <a href=address>"Back to the newest"</a> }
    });
    (next.is_some() || first.is_some()).then(|| view! { <div class="actions">{next} " " {first}</div> })
}
