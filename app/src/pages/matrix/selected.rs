use chrono::NaiveDate;
use engine::{LateAtOnce, ListedPerson, MOST_TOGETHER, RemindPlan, StuckLearner, Thing, WrittenFor};
use leptos::prelude::*;
use model::ProgrammeSlug;

use super::view::{MatrixView, code};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day_of, field, late_at_once, words_in, written_for},
};

/// What is done to people who were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// They are given a programme.
    Assign,
    /// They are excused from something.
    Exempt,
    /// They are given attempts.
    GiveAttempts,
    /// They are written to.
    Remind,
}

impl Chosen {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Assign, Self::Exempt, Self::GiveAttempts, Self::Remind];

    /// How an address says it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Exempt => "exempt",
            Self::GiveAttempts => "attempts",
            Self::Remind => "remind",
        }
    }

    /// Reads what [`Chosen::code`] gave.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|chosen| chosen.code() == code)
    }

    /// What a button says.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Assign => "Give a programme",
            Self::Exempt => "Excuse with a reason",
            Self::GiveAttempts => "Give attempts",
            Self::Remind => "Remind by letter",
        }
    }
}

/// The people who were chosen, and what can be done to them.
#[derive(Clone, Debug, Default)]
pub struct ChosenPeople {
    /// Those whom the reader may do it to, in the order of the matrix.
    pub people: Vec<ListedPerson>,
    /// How many more were chosen, to whom they may not: themselves among them.
    pub left_out: usize,
    /// The programmes that can be given, with their titles.
    pub programmes: Vec<(ProgrammeSlug, String)>,
    /// What people can be excused from, with its title.
    pub things: Vec<(Thing, String)>,
    /// Which of them wait for attempts; whoever waits for two modules stands there twice.
    pub stuck: Vec<StuckLearner>,
    /// Whom of them a letter would go to.
    pub remind: RemindPlan,
    /// Today, by the provider's calendar.
    pub today: NaiveDate,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The programme, module or agreement, as addresses have it.
    pub what: String,
    /// From which day on.
    pub from: String,
    /// The last day of an exemption.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Whom the programme is written for, where it is not written for all of them and the reader has not been told yet.
    pub written: WrittenFor,
    /// Who of them would be late at once, where some would and the reader has not been told yet.
    pub late: Option<LateAtOnce>,
    /// What is wrong: at which field, and in which words.
    pub faults: Vec<(&'static str, String)>,
}

/// What will be done to the people who were chosen, and to how many: before it is done.
pub fn selected(frame: &Frame, act: Chosen, chosen: &ChosenPeople, view: &MatrixView, typed: &Typed) -> Rendered {
    let mut faults = Faults::default();
    for (place, words) in &typed.faults {
        faults.add(place, words.clone());
    }
    let people = count(chosen.people.len(), "person", "people");
    let title = match act {
        Chosen::Assign => format!("Give a programme to {people}"),
        Chosen::Exempt => format!("Excuse {people}"),
        Chosen::GiveAttempts => "Give attempts".to_owned(),
        Chosen::Remind => format!("Remind {people}"),
    };
    let back =
        MatrixView { query: engine::MatrixQuery { people: Default::default(), ..view.query.clone() }, ..view.clone() };
    let back = back.address("/matrix");
    let query = view.query_text();
    let body = match act {
        _ if chosen.people.is_empty() => view! {
            <p class="lead">{nobody(chosen)}</p>
            <div class="actions"><a class="button" href=back.clone()>"Back to the matrix"</a></div>
        }
        .into_any(),
        _ if chosen.people.len() > MOST_TOGETHER => view! {
            <p class="lead">{format!("These are {people}, and {MOST_TOGETHER} can be done at once.")}</p>
            <p>"Choose a group or a word of the sentence above the matrix, so that fewer fit. A programme can also be given to a whole group, \
                with everybody who comes into it later."</p>
            <div class="actions"><a class="button" href=back.clone()>"Back to the matrix"</a></div>
        }
        .into_any(),
        Chosen::Assign => assign(chosen, typed, &faults, &people, query).into_any(),
        Chosen::Exempt => exempt(chosen, typed, &faults, &people, query).into_any(),
        Chosen::GiveAttempts => give_attempts(chosen, &people, query, &back).into_any(),
        Chosen::Remind => remind(frame, chosen, &people, query, &back),
    };
    let left_out = (chosen.left_out > 0 && !chosen.people.is_empty()).then(|| {
        let are = count(chosen.left_out, "more was chosen whom", "more were chosen whom");
        view! { <p class="hint">{format!("{are} you may not do this to, and so nothing happens to them. Nobody does it to themselves.")}</p> }
    });
    let who = (!chosen.people.is_empty()).then(|| {
        let names = chosen.people.iter().map(|person| {
            let name = if person.name.is_empty() { "Name erased".to_owned() } else { person.name.clone() };
            view! { <li><bdi>{name}</bdi></li> }
        });
        view! {
            <details class="who" open=chosen.people.len() <= 30>
                <summary>{format!("Who they are: {people}")}</summary>
                <ul>{names.collect_view()}</ul>
            </details>
        }
    });
    frame.page(&faults.title(&title), || {
        view! {
            <p class="crumb no-print"><a href=back>"Matrix"</a></p>
            {faults.list()}
            <h1>{title.clone()}</h1>
            {body}
            {left_out}
            {who}
        }
    })
}

fn nobody(chosen: &ChosenPeople) -> &'static str {
    if chosen.left_out > 0 {
        "You may not do this to any of the people whom you chose. Nobody does it to themselves."
    } else {
        "Nobody is chosen. Tick the people in the matrix first."
    }
}

fn hidden(chosen: &ChosenPeople, query: String) -> impl IntoView + use<> {
    let people =
        chosen.people.iter().map(|person| view! { <input type="hidden" name="person" value=person.id.to_string()/> });
    view! { {people.collect_view()} <input type="hidden" name="query" value=query/> }
}

fn choice<'c>(choices: impl Iterator<Item = (String, &'c String)>, chosen: &str) -> AnyView {
    let option = |(value, title): (String, &String)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{title.clone()}</option> }
    };
    choices.map(option).collect_view().into_any()
}

fn from_day(typed: &Typed, today: NaiveDate, faults: &Faults) -> impl IntoView + use<> {
    let value = if typed.from.is_empty() { today.to_string() } else { typed.from.clone() };
    let hint = "From this day on it holds. What takes effect long before it was recorded is marked in their records.";
    field(Field { id: "from", label: "From", hint: Some(hint.to_owned()) }, faults, |told| {
        view! {
            <input type="date" id="from" name="from" value=value required aria-describedby=told.described_by aria-invalid=told.invalid/>
        }
    })
}

fn assign(chosen: &ChosenPeople, typed: &Typed, faults: &Faults, people: &str, query: String) -> impl IntoView + use<> {
    let programmes = chosen.programmes.iter().map(|(slug, title)| (slug.to_string(), title));
    let options = choice(programmes, &typed.what);
    let what = field(Field { id: "what", label: "Programme", hint: None }, faults, |told| {
        view! {
            <select id="what" name="what" required aria-describedby=told.described_by aria-invalid=told.invalid>
                <option value="">"Choose a programme"</option>
                {options}
            </select>
        }
    });
    let (warned, late) = (written_for(&typed.written), typed.late.map(late_at_once));
    let is_told = warned.is_some() || late.is_some();
    // Of which programme they were told, and of whom it makes late from which day on: of another they are told again.
    let told = is_told.then(|| view! { <input type="hidden" name="told" value=typed.what.clone()/> });
    let told_late = late.is_some().then(|| view! { <input type="hidden" name="late" value=typed.from.clone()/> });
    let anyway = if is_told { " all the same" } else { "" };
    view! {
        {warned}
        {late}
        <p class="lead">{format!("{people} will be asked for what the programme asks, each by themselves, from the day on that you choose.")}</p>
        <p>"Whoever has been given it by themselves already is left as they are. It is done for all of them or for none, each with an entry in \
            the signed log, and you can take it back on the next page."</p>
        <form method="post" action="/matrix/assign" novalidate>
            {hidden(chosen, query)}
            {told}
            {told_late}
            {what}
            {from_day(typed, chosen.today, faults)}
            <div class="actions"><button>{format!("Give it to {people}{anyway}")}</button></div>
        </form>
    }
}

fn exempt(chosen: &ChosenPeople, typed: &Typed, faults: &Faults, people: &str, query: String) -> impl IntoView + use<> {
    let things = chosen.things.iter().map(|(thing, title)| (code(thing), title));
    let options = choice(things, &typed.what);
    let what = field(Field { id: "what", label: "Module or agreement", hint: None }, faults, |told| {
        view! {
            <select id="what" name="what" required aria-describedby=told.described_by aria-invalid=told.invalid>
                <option value="">"Choose what they are excused from"</option>
                {options}
            </select>
        }
    });
    let hint = "One line, up to 500 characters. It is kept with each of them, so name nobody else in it.".to_owned();
    let reason = typed.reason.clone();
    let reason = field(Field { id: "reason", label: "Why", hint: Some(hint) }, faults, |told| {
        view! {
            <input type="text" id="reason" name="reason" value=reason required autocomplete="off"
                aria-describedby=told.described_by aria-invalid=told.invalid/>
        }
    });
    let until = typed.until.clone();
    let hint = "Leave it empty to excuse them for good.".to_owned();
    let until = field(Field { id: "until", label: "Last day", hint: Some(hint) }, faults, |told| {
        view! { <input type="date" id="until" name="until" value=until aria-describedby=told.described_by aria-invalid=told.invalid/> }
    });
    view! {
        <p class="lead">{format!("{people} will no longer be asked for one module or agreement.")}</p>
        <p>"An agreement that requires the module still requires it before anybody signs. Whoever is excused for as long already is left as they \
            are. It is done for all of them or for none, each with an entry in the signed log, and you can end it on the next page."</p>
        <form method="post" action="/matrix/exempt" novalidate>
            {hidden(chosen, query)}
            {what}
            {reason}
            {from_day(typed, chosen.today, faults)}
            {until}
            <div class="actions"><button>{format!("Excuse {people}")}</button></div>
        </form>
    }
}

fn give_attempts(chosen: &ChosenPeople, people: &str, query: String, back: &str) -> impl IntoView + use<> {
    if chosen.stuck.is_empty() {
        let back = back.to_owned();
        return view! {
            <p class="lead">{format!("Of {people} nobody waits: nobody has used up their attempts.")}</p>
            <div class="actions"><a class="button" href=back>"Back to the matrix"</a></div>
        }
        .into_any();
    }
    let waiting: std::collections::BTreeSet<_> = chosen.stuck.iter().map(|stuck| stuck.person).collect();
    let waiting = count(waiting.len(), "person", "people");
    let rows = chosen.stuck.iter().map(|stuck| {
        view! {
            <li>
                <b dir="auto">{stuck.name.clone()}</b> ": " {words_in(stuck.language, &stuck.title)}
                {format!(", since {}, gets {} more", day_of(stuck.since), count(stuck.attempts as usize, "attempt", "attempts"))}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <p class="lead">{format!("Of {people}, {waiting} have used up their attempts. Each gets as many again as the quiz allows.")}</p>
        <ul>{rows}</ul>
        <p>"Attempts that were given cannot be taken back. Talk with them first: they may have misread something that you can explain."</p>
        <form method="post" action="/matrix/attempts" novalidate>
            {hidden(chosen, query)}
            <div class="actions"><button>{format!("Give attempts to {waiting}")}</button></div>
        </form>
    }
    .into_any()
}

/// To whom a letter goes, and why to some none does.
fn remind(frame: &Frame, chosen: &ChosenPeople, people: &str, query: String, back: &str) -> AnyView {
    let plan = &chosen.remind;
    let letters = count(plan.letters.len(), "person", "people");
    let nobody = plan.without_address.iter().filter_map(|id| chosen.people.iter().find(|person| person.id == *id));
    let nobody: Vec<_> = nobody.map(|person| view! { <li><bdi>{person.name.clone()}</bdi></li> }).collect();
    let without = (!nobody.is_empty()).then(|| {
        let who = count(nobody.len(), "person has", "people have");
        view! { <p>{format!("{who} something to do and no e-mail address, so no letter can go to them. Tell them yourself:")}</p> <ul>{nobody}</ul> }
    });
    let today = (plan.today > 0).then(|| {
        let who = count(plan.today, "person was", "people were");
        view! { <p>{format!("{who} reminded today already, and nobody gets two letters a day.")}</p> }
    });
    let nothing = (plan.nothing > 0).then(|| {
        let who = count(plan.nothing, "person", "people");
        view! { <p>{format!("Of {who} nothing is wanted now.")}</p> }
    });
    let no_server = (!frame.sends_letters).then(|| {
        view! { <p>"There is no mail server yet: letters wait until there is one, for three days at most."</p> }
    });
    if plan.letters.is_empty() {
        let back = back.to_owned();
        return view! {
            <p class="lead">{format!("Of {people} nobody gets a letter now.")}</p>
            {without} {today} {nothing}
            <div class="actions"><a class="button" href=back>"Back to the matrix"</a></div>
        }
        .into_any();
    }
    view! {
        <p class="lead">{format!("{letters} will get a letter with what is wanted of them, and by when.")}</p>
        <p>"It says that somebody who looks after them had it sent, and not who. What they do before it goes is left out. A letter cannot be \
            taken back."</p>
        {without} {today} {nothing} {no_server}
        <form method="post" action="/matrix/remind" novalidate>
            {hidden(chosen, query)}
            <div class="actions"><button>{format!("Write to {letters}")}</button></div>
        </form>
    }
    .into_any()
}
