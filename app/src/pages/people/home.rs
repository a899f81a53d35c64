use chrono::{DateTime, NaiveDate, Utc};
use engine::{
    CameIn, ComingWorkshop, DoneThing, Due, DueThing, Duty, GateItem, Hold, LedWorkshop, ListedDiscussion, NeutralName,
    OwnPage, ProgrammeStanding, Role, StuckLearner, Why, Workshop, YearMinutes, catalogue::Language, local_date,
};
use leptos::prelude::*;
use model::Status;

use super::lead::{Lead, lead, needs_them, stands};
use crate::{
    drawing::drawing,
    pages::{
        frame::{Frame, Rendered},
        parts::{
            Mark, away, certificate_link, clock, coming_workshop, count, day, day_of, dir, done_words, due_words,
            duration, finish_words, in_query, lang, mark, missed_years, module_mark, moment, signing_mark, words_in,
            worked_through,
        },
    },
};

/// A door that stands open on a morning.
const DONE: &str = r#"<path d="M24 98V52a32 32 0 0 1 64 0v46M8 98h96"/><g class="tone"><path d="M38 84a18 18 0 0 1 36 0z" fill="currentColor" fill-opacity=".22"/><path d="M56 56v-6M36.500 64.500l-4-4M75.500 64.500l4-4M34 84h44"/></g><path d="M38 98c4-7 10-10 18-14"/>"#;

/// Those whom somebody looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Others {
    /// How many of them are late with something.
    pub late: usize,
    /// How many there are.
    pub of: usize,
}

/// What somebody is here for besides themselves.
#[derive(Clone, Copy, Debug)]
pub struct ForOthers<'o> {
    /// What they do for others.
    pub duties: &'o [Duty],
    /// Those whom they look after. `None`: there are none, or it is not known just now.
    pub others: Option<Others>,
    /// What came in for the named roles that they hold.
    pub came_in: &'o [CameIn],
}

/// Somebody's own page: where they stand, the next thing first. `workshops` are those of today and to come for them, and `discussions` those of which they are asked whether they were held; `given` is the learner to whom they have just given more attempts.
pub fn home(
    frame: &Frame,
    page: &OwnPage,
    for_them: ForOthers<'_>,
    (workshops, discussions): (&[ComingWorkshop], &[ListedDiscussion]),
    given: Option<&StuckLearner>,
    now: DateTime<Utc>,
) -> Rendered {
    let ForOthers { duties, others, came_in: submissions } = for_them;
    let greeting = greeting(frame.reader.as_deref());
    frame.page("Your page", || {
        let Lead { first, rest } = lead(page, now);
        view! {
            {given.map(said_given)}
            <div class="with-path">
                <div class="where">
                    <h1 dir="auto">{greeting}</h1>
                    <p class="lead"><strong>{first}</strong> " " {rest}</p>
                    {for_others(duties).map(|said| view! { <p class="hint">{said}</p> })}
                    {others.filter(|others| others.of > 0).map(looked_after)}
                    {submissions.iter().map(came_in).collect_view()}
                    {stuck(&page.stuck, now)}
                    {to_confirm(&page.to_confirm)}
                    {denied(&page.denied)}
                </div>
                {to_answer(discussions)}
                {next(page, now)}
                {path(page, now)}
                {to_come(workshops)}
            </div>
            <p class="hint no-print"><a class="standalone" href="/account">"Your account, and what is known about you"</a></p>
        }
    })
}

/// "Hello, " and a name. A name that is long, has a title, or is written in another script, has no part that is surely the one by which
/// people call somebody, and so it stands there whole.
fn greeting(name: Option<&str>) -> String {
    let Some(name) = name else { return "Hello".to_owned() };
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_plain = |word: &&str| {
        word.chars().count() > 2
            && !word.ends_with('.')
            && word.chars().all(|letter| letter.is_alphabetic() && (letter as u32) < 0x250)
    };
    match words.as_slice() {
        [first, _] if is_plain(first) && !TITLES.contains(first) => format!("Hello, {first}"),
        _ => format!("Hello, {name}"),
    }
}

/// What may stand before a name and is none.
const TITLES: [&str; 8] = ["Miss", "Mrs", "Prof", "Professor", "Doctor", "Sir", "Dame", "Lady"];

/// What somebody is here besides, in a sentence.
fn for_others(duties: &[Duty]) -> Option<String> {
    let mut roles: Vec<&str> = Vec::new();
    for duty in duties {
        let role = match duty.role {
            Role::Manager => "a manager of learners or staff",
            Role::Dsl => "a safeguarding lead",
            Role::Author => "an author of modules",
            Role::Auditor => "an auditor",
            Role::Administrator => "an administrator",
        };
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    let (last, before) = roles.split_last()?;
    let listed = if before.is_empty() { (*last).to_owned() } else { format!("{} and {last}", before.join(", ")) };
    Some(format!("You are also here as {listed}."))
}

/// How those stand whom somebody looks after, and what leads to them.
fn looked_after(others: Others) -> impl IntoView + use<> {
    let of = count(others.of, "person", "people");
    let (status, said, address) = match others.late {
        0 => (Status::Passed, format!("None of the {of} in your matrix is late."), "/matrix"),
        1 => (Status::Overdue, format!("1 of the {of} in your matrix is late with something."), LATE),
        late => (Status::Overdue, format!("{late} of the {of} in your matrix are late with something."), LATE),
    };
    let link = if others.late == 0 { "See where they stand" } else { "See who, and with what" };
    view! {
        <p class="looked-after">
            {mark(Mark::Status(status))} " " <span>{said}</span> " " <a class="standalone" href=address>{link}</a>
        </p>
    }
}

/// The discussions of which somebody is asked whether they were held.
fn to_answer(discussions: &[ListedDiscussion]) -> Option<AnyView> {
    if discussions.is_empty() {
        return None;
    }
    let rows = discussions
        .iter()
        .map(|one| {
            let of = format!(": {}", one.title);
            view! {
                <li><div>
                    <h3>{words_in(one.language, &one.title)}</h3>
                    <p class="meta" dir="auto">{worked_through(&one.discussion)}</p>
                    <p><a class="standalone" href=format!("/discussions/{}", one.discussion.id)>"Say whether it was so" <span class="hidden">{of}</span></a></p>
                </div></li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="discussed">
                <h2 id="discussed">"Did you work it through together?"</h2>
                <p>"Somebody says so. Say it before you take the quiz, so that your pass says it, too."</p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// The workshops that somebody can go to.
fn to_come(workshops: &[ComingWorkshop]) -> Option<AnyView> {
    if workshops.is_empty() {
        return None;
    }
    let rows = workshops.iter().take(5).map(coming_workshop).collect_view();
    Some(
        view! {
            <section class="to-come" aria-labelledby="workshops">
                <h2 id="workshops">"Workshops to come"</h2>
                <ul class="rows" role="list">{rows}</ul>
                <p><a class="standalone" href="/workshops">"At one now? Type its code"</a></p>
            </section>
        }
        .into_any(),
    )
}

/// What came in for a named role, and what leads to it.
fn came_in(role: &CameIn) -> impl IntoView + use<> {
    let number = usize::try_from(role.open).unwrap_or(usize::MAX);
    let agreements = count(number, "agreement", "agreements");
    let (shown, said) = match (&role.instead_of, number) {
        (Some(name), _) => (
            Mark::Sign,
            format!("{name} signed {agreements} for you to look at, because nobody else is {}.", role.title),
        ),
        (None, 0) => (Mark::Status(Status::Passed), format!("No agreement waits for you as {}.", role.title)),
        (None, 1) => (Mark::Sign, format!("{agreements} has come in for you as {}.", role.title)),
        (None, _) => (Mark::Sign, format!("{agreements} have come in for you as {}.", role.title)),
    };
    let link = if number == 0 { "See what came in" } else { "See them, and tick them off" };
    let address = format!("/submitted?role={}", in_query(&role.role));
    view! {
        <p class="looked-after">
            {mark(shown)} " " <span>{said}</span> " " <a class="standalone" href=address>{link}</a>
        </p>
    }
}

/// The matrix of those who are late.
const LATE: &str = "/matrix?status=overdue&status=expired";

/// What the own page says after somebody has given more attempts.
fn said_given(learner: &StuckLearner) -> impl IntoView + use<> {
    let attempts = count(learner.attempts as usize, "more attempt", "more attempts");
    view! {
        <p class="said" role="status">
            {mark(Mark::Status(Status::Passed))}
            " "
            <span>{format!("{} has {attempts} at “{}”, and is told so.", learner.name, learner.title)}</span>
        </p>
    }
}

/// How far they are: with the programme that ends first and is not finished in sight, with the others on demand.
fn tallies(page: &OwnPage, today: NaiveDate) -> Option<AnyView> {
    let mut programmes: Vec<&ProgrammeStanding> = page.programmes.iter().filter(|programme| programme.of > 0).collect();
    programmes.sort_by_key(|programme| (programme.done >= programme.of, programme.by));
    let mut programmes = programmes.into_iter();
    let first = programmes.next();
    if first.is_none() && page.minutes.is_none() {
        return None;
    }
    let others: Vec<_> = programmes.map(|programme| tally(programme, today)).collect();
    let number = others.len();
    let others = (number > 0).then(|| {
        view! {
            <details>
                <summary>{count(number, "more programme", "more programmes")}</summary>
                <ul class="tallies" role="list">{others}</ul>
            </details>
        }
    });
    let first = first.map(|programme| tally(programme, today));
    let minutes = page.minutes.map(minutes);
    Some(view! { <div class="tally"><ul class="tallies" role="list">{first} {minutes}</ul> {others}</div> }.into_any())
}

/// How far they are towards the minutes of the year.
fn minutes(year: YearMinutes) -> impl IntoView + use<> {
    let YearMinutes { minutes, target, ends_on } = year;
    view! {
        <li>
            <p>
                <strong><a href="/cpd">"Your CPD"</a> ": "</strong> <span>{format!("{minutes} of {target} minutes")}</span> " "
                <span class="tally-by">{format!("by {}", day(ends_on))}</span>
            </p>
            <progress value=minutes.min(target).to_string() max=target.to_string() aria-label="Minutes towards the target of the year"></progress>
        </li>
    }
}

fn tally(programme: &ProgrammeStanding, today: NaiveDate) -> impl IntoView + use<> {
    let said = done_words(programme);
    let by = finish_words(programme, today).map(|by| view! { <span class="tally-by">{by}</span> });
    view! {
        <li>
            <p>
                <strong><a href=format!("/programmes/{}", programme.slug)>{programme.title.clone()}</a> ": "</strong> <span>{said}</span> " " {by}
            </p>
            {pips((0..programme.of).map(|place| if place < programme.done { "done" } else { "" }).collect())}
        </li>
    }
}

/// A row of parts, each in its state. What it says stands beside it in words.
fn pips(classes: Vec<&'static str>) -> impl IntoView + use<> {
    let parts = classes.into_iter().map(|class| view! { <span class=class></span> }).collect_view();
    view! { <div class="pips" aria-hidden="true">{parts}</div> }
}

/// The first thing that can be done now.
fn next(page: &OwnPage, now: DateTime<Utc>) -> AnyView {
    let is_declined = page.due.iter().any(|due| matches!(due.hold, Hold::Declined { .. }));
    let signable = is_declined.then_some(" What you declined can be signed at any time.");
    match page.due.first() {
        Some(due) if !due.hold.waits() => next_card(due, now).into_any(),
        Some(_) => view! {
            <section class="card next" aria-labelledby="next">
                <h2 id="next">"You have done what you can for now"</h2>
                <p>"What waits is below, and until when. You can read all the pages again meanwhile." {signable}</p>
                <a class="button second" href="/modules">"Look at the modules"</a>
            </section>
        }
        .into_any(),
        None if needs_them(page) => view! {
            <section class="card next" aria-labelledby="next">
                <h2 id="next">"Nothing else to do"</h2>
                <p>"Your own things are done. Your page tells you when something comes up again."</p>
                <a class="button second" href="/modules">"Look at the modules"</a>
            </section>
        }
        .into_any(),
        None => view! {
            <section class="card next" aria-labelledby="next">
                {drawing("drawing", 112, "2.6", DONE)}
                <h2 id="next">"All done"</h2>
                <p>"Your page tells you when something comes up again. You can look back at any module at any time."</p>
                <a class="button second" href="/modules">"Look at the modules"</a>
            </section>
        }
        .into_any(),
    }
}

fn next_card(due: &Due, now: DateTime<Utc>) -> impl IntoView + use<> {
    let (minutes, label) = match &due.thing {
        DueThing::Module(_, minutes) if due.minutes_left < *minutes => {
            (Some(format!("{} left", duration(due.minutes_left))), verb(due))
        }
        DueThing::Module(_, minutes) => (Some(duration(*minutes)), verb(due)),
        DueThing::Agreement(_, 0) if due.renews || due.wanted.why == Why::Changed => (None, "Read and sign it again"),
        DueThing::Agreement(_, 0) => (None, "Read and sign it"),
        DueThing::Agreement(..) => (None, "See what is missing"),
    };
    let minutes = minutes.map(|minutes| view! { <span>{mark(Mark::Clock)} " " {minutes}</span> " " });
    let given = due.given.map(|given| {
        let attempts = count(given as usize, "more attempt", "more attempts");
        view! { <p class="said">{mark(Mark::Help)} " " <span>{format!("Your tutor has given you {attempts} at the quiz.")}</span></p> }
    });
    view! {
        <section class="card next" aria-labelledby="next">
            <div class="next-mark">{thing_mark(due)}</div>
            <p class="kicker">"Next for you"</p>
            <h2 id="next" lang=lang(due.language) dir=dir(due.language)>{due.title.clone()}</h2>
            <p lang=lang(due.language) dir=dir(due.language)>{due.summary.clone()}</p>
            {given}
            <p class="meta">{stands(due).state(now).pill()} " " {part(due.called)} {minutes} <span>{due_line(due, now)}</span></p>
            <a class="button" href=address(due)>{label} " " {mark(Mark::Arrow)}</a>
        </section>
    }
}

fn verb(due: &Due) -> &'static str {
    match (due.renews, due.wanted.why, due.status) {
        (_, _, Status::InProgress) => "Carry on",
        (true, ..) => "Renew it",
        (_, Why::Changed | Why::RanOut, _) => "Take it again",
        _ => "Start this module",
    }
}

fn address(due: &Due) -> String {
    match &due.thing {
        DueThing::Module(slug, _) => format!("/modules/{slug}"),
        DueThing::Agreement(slug, _) => format!("/agreements/{slug}"),
    }
}

fn thing_mark(due: &Due) -> impl IntoView + use<> {
    match &due.thing {
        DueThing::Module(slug, _) => module_mark(slug.as_str()).into_any(),
        DueThing::Agreement(..) => signing_mark().into_any(),
    }
}

fn due_line(due: &Due, now: DateTime<Utc>) -> String {
    due_words(due.wanted.by, local_date(now))
}

/// Everything as a path: what is done is behind, what is next is marked, what is closed says what opens it, and what waits is last.
fn path(page: &OwnPage, now: DateTime<Utc>) -> impl IntoView + use<> {
    let today = local_date(now);
    let mut groups: Vec<(String, Vec<AnyView>)> = Vec::new();
    for (place, due) in page.due.iter().enumerate() {
        let heading = if due.hold.waits() { "Waiting".to_owned() } else { by(due.wanted.by, today) };
        let station = station(due, place == 0 && !due.hold.waits(), now).into_any();
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

fn station(due: &Due, here: bool, now: DateTime<Utc>) -> impl IntoView + use<> {
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
        Hold::Workshop if matches!(due.thing, DueThing::Module(..)) => Some(
            view! { {due_line(due, now)} ". You pass it at a workshop. " <a href="/workshops">"See your workshops"</a> }.into_any(),
        ),
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

fn stuck(stuck: &[StuckLearner], now: DateTime<Utc>) -> impl IntoView + use<> {
    let rows = stuck
        .iter()
        .map(|learner| {
            let since =
                format!("Since {}, {}", day_of(learner.since), away(local_date(learner.since), local_date(now)));
            let attempts = count(learner.attempts as usize, "more attempt", "more attempts");
            view! {
                <li>
                    <div>
                        <h3><a href=format!("/people/{}", learner.person)>{learner.name.clone()}</a></h3>
                        <p class="meta">
                            <a href=format!("/modules/{}", learner.module)>{words_in(learner.language, &learner.title)}</a>
                            " "
                            <span>{since}</span>
                        </p>
                    </div>
                    <form method="post" action=format!("/tutor-tasks/{}/allow", learner.task)>
                        <button class="second">
                            "Give " {attempts}
                            <span class="hidden">" to " {learner.name.clone()} " in " {words_in(learner.language, &learner.title)}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!stuck.is_empty()).then(|| {
        view! {
            <section class="card stuck" aria-labelledby="hand">
                <h2 id="hand">"Learners who need a hand"</h2>
                <p>
                    "They have used all their attempts at a quiz. A short talk about the pages often helps more than another
                    try; then give them more attempts here. Their record shows which questions went wrong."
                </p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
    })
}

/// The workshops that they led and of which they are still to say who was there.
fn to_confirm(led: &[LedWorkshop]) -> Option<AnyView> {
    if led.is_empty() {
        return None;
    }
    let rows = led
        .iter()
        .map(|one| {
            let waiting = usize::try_from(one.signed_in - one.passed).unwrap_or(usize::MAX);
            let waiting = count(waiting, "person has signed in", "people have signed in");
            let last = day_of(one.workshop.starts_at + Workshop::CONFIRMED_WITHIN);
            let of = format!(": {}", one.title);
            view! {
                <li><div>
                    <h3>{one.title.clone()}</h3>
                    <p class="meta"><span>{moment(one.workshop.starts_at)}</span> " " <span dir="auto">{one.workshop.place.clone()}</span></p>
                    <p>{format!("{waiting} and you have not said yet that they were there. It can be said until {last}.")}</p>
                    <p><a class="standalone" href=format!("/workshops/{}", one.workshop.id)>"Say who was there" <span class="hidden">{of}</span></a></p>
                </div></li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="card stuck" aria-labelledby="confirm">
                <h2 id="confirm">"Workshops that you led"</h2>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// The discussions that they marked as held and that the other denied.
fn denied(discussions: &[ListedDiscussion]) -> Option<AnyView> {
    if discussions.is_empty() {
        return None;
    }
    let rows = discussions
        .iter()
        .map(|one| {
            let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
            let held = format!("You marked it as held on {}.", day(one.discussion.held_on));
            view! {
                <li><div>
                    <h3><a href=format!("/people/{}/discussions", one.discussion.person) dir="auto">{name}</a></h3>
                    <p class="meta">{words_in(one.language, &one.title)} " " <span>{held}</span></p>
                </div></li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="card stuck" aria-labelledby="denied">
                <h2 id="denied">"Not held, they say"</h2>
                <p>"It counts for nothing so. Talk to them: if it was a mistake, mark it again, and they are asked once more."</p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What letters call it, in a word or two, so that whoever got one knows which it is.
fn part(called: NeutralName) -> Option<AnyView> {
    let words = match called {
        NeutralName::Part(number) => format!("Part {number}"),
        // Of the first one letters say no number.
        NeutralName::Agreement(1) | NeutralName::Other => return None,
        NeutralName::Agreement(number) => format!("Agreement {number}"),
    };
    Some(view! { <span>{words}</span> " " }.into_any())
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

/// A title, with what became of the thing.
fn called(title: &str, language: Language, withdrawn: bool) -> AnyView {
    view! { {words_in(language, title)} {withdrawn.then_some(" (withdrawn)")} }.into_any()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_besides_is_said_once() {
        let duties = |roles: &[Role]| roles.iter().map(|role| Duty { role: *role, over: None }).collect::<Vec<_>>();
        let said = |roles: &[Role]| for_others(&duties(roles));
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[Role::Auditor]).as_deref(), Some("You are also here as an auditor."));
        let both = said(&[Role::Manager, Role::Manager, Role::Dsl]);
        assert_eq!(
            both.as_deref(),
            Some("You are also here as a manager of learners or staff and a safeguarding lead.")
        );
    }
}
