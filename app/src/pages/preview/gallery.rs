//! Every part that pages are put together from, in every state: to look at while the stylesheet is changed, in both themes.

use chrono::{DateTime, Utc};
use engine::catalogue::{Contact, Language};
use leptos::prelude::*;
use model::{Asks, Given, Letter, PaperChoice, PaperQuestion, Status};

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Faults, Field, MARKED, Mark, contacts, emergency, every_state, field, heading, list_table, mark, module_mark,
        phone, row, signing_mark, status, tick,
    },
    quiz::question,
};

/// Everything but questions, of which each has a page of its own.
pub fn gallery(frame: &Frame) -> Rendered {
    frame.page("Parts of pages", || {
        let questions = FORMS.iter().map(|(_, name, _)| {
            view! { <li><a href=format!("/parts/{name}")>{sentence(name)}</a></li> }
        });
        view! {
            <div class="column">
                <h1>"Parts of pages"</h1>
                <p class="lead">"Each part in each state, in the theme of this browser."</p>
                <h2>"Questions"</h2>
                <ul>{questions.collect_view()}</ul>
                <h2>"Where somebody stands"</h2>
                {states()}
                <h2>"Marks"</h2>
                {marks()}
                <h2>"Buttons"</h2>
                {buttons()}
                <h2>"Forms"</h2>
                {forms()}
                <h2>"Boxes"</h2>
                {boxes()}
                <h2>"Paths and lists"</h2>
                {paths()}
                <h2>"Text"</h2>
                {text()}
                <h2>"Lists with columns"</h2>
                {lists()}
                <h2>"A quiz under way"</h2>
                {under_way()}
                <h2>"Worth keeping"</h2>
                {worth_keeping()}
                <h2>"Help"</h2>
                {help()}
            </div>
        }
    })
}

const FORMS: [(Asks, &str, &str); 5] = [
    (Asks::One, "one-answer", "Which is it?"),
    (Asks::Several, "several-answers", "Which of these are right?"),
    (Asks::Order, "put-in-order", "Put these in order."),
    (Asks::Match, "match", "What belongs to what?"),
    (Asks::Text, "short-text", "What is it called?"),
];

/// The page of one form of question, in which something has been given. `None`: there is no such form.
pub fn gallery_question(frame: &Frame, name: &str) -> Option<Rendered> {
    let (asks, name, stem) = FORMS.into_iter().find(|(_, other, _)| *other == name)?;
    let asked = asked(asks, stem);
    Some(frame.page(&sentence(name), || {
        view! {
            <form class="column">
                <p class="crumb"><a href="/parts">"Parts of pages"</a></p>
                {question(&asked, Language::ENGLISH)}
            </form>
        }
    }))
}

fn asked(asks: Asks, stem: &str) -> PaperQuestion {
    const LONG: &str = "Something so long that it does not fit on one line of a phone, and perhaps not on one of a desk either, \
                        with <em>emphasis</em> and a <code>word of code</code>";
    let choice = |place: u8, html: &str| PaperChoice { letter: Letter(place), html: html.to_owned() };
    let (first, second) = (Letter(0), Letter(1));
    let things = vec![choice(0, "Something short"), choice(1, LONG), choice(2, "Something else")];
    let (rows, choices, given) = match asks {
        Asks::One => (Vec::new(), things, Given { chosen: vec![second], ..Given::default() }),
        Asks::Several => (Vec::new(), things, Given { chosen: vec![first, second], ..Given::default() }),
        Asks::Order => {
            let places = (0..3).map(|place| choice(place, &(place + 1).to_string())).collect();
            (things, places, Given { paired: vec![(first, second), (second, second)], ..Given::default() })
        }
        Asks::Match => {
            let kinds = vec![choice(0, "One kind"), choice(1, "Another kind")];
            (things, kinds, Given { paired: vec![(first, second)], ..Given::default() })
        }
        Asks::Text => (Vec::new(), Vec::new(), Given { text: "something".to_owned(), ..Given::default() }),
    };
    PaperQuestion { number: 1, asks, stem: stem.to_owned(), body: String::new(), rows, choices, given }
}

fn sentence(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// One moment for ever, so that pictures of this page do not depend on the hour: shortly before midnight a pause ends on another day.
const MOMENT: &str = "2026-11-28T09:00:00Z";

fn states() -> impl IntoView {
    let now: DateTime<Utc> = MOMENT.parse().expect("the moment is written above");
    let rows = every_state(now).into_iter().map(|state| {
        view! {
            <li>
                <span class="medallion">{module_mark("four-cs")}</span>
                <div>
                    {heading(true, state.word.clone())}
                    <p>"What it is, in a sentence."</p>
                </div>
                {state.pill()}
            </li>
        }
    });
    let others = [
        status(Status::Passed, Some("Answered")).into_any(),
        status(Status::NotStarted, Some("Not answered")).into_any(),
        status(Status::Passed, Some("Right")).into_any(),
    ];
    view! {
        <ul class="rows marked" role="list">{rows.collect_view()}</ul>
        <p>{others.into_iter().map(|pill| view! { {pill} " " }).collect_view()}</p>
    }
}

fn marks() -> impl IntoView {
    let of_modules = MARKED.iter().chain(&["prevent-staff", "any-other"]).map(|slug| {
        view! { <li><span class="medallion">{module_mark(slug)}</span> <div><p>{*slug}</p></div></li> }
    });
    let small = [
        Mark::Again,
        Mark::Warning,
        Mark::Help,
        Mark::Leave,
        Mark::Menu,
        Mark::Waiting,
        Mark::Locked,
        Mark::Sign,
        Mark::Clock,
        Mark::Arrow,
        Mark::Print,
        Mark::Download,
        Mark::Search,
    ];
    let small = small.map(|each| view! { <li>{mark(each)} " " {format!("{each:?}")}</li> });
    view! {
        <ul class="rows marked" role="list">
            {of_modules.collect_view()} <li><span class="medallion">{signing_mark()}</span> <div><p>"An agreement"</p></div></li>
        </ul>
        <ul>{small.collect_view()}</ul>
    }
}

fn buttons() -> impl IntoView {
    view! {
        <div class="actions">
            <a class="button" href="/parts">"The main one " {mark(Mark::Arrow)}</a>
            " "
            <button type="button" class="second">"A second one"</button>
            " "
            <button type="button" class="quiet">"One that looks like a link"</button>
            " "
            <a class="standalone" href="/parts">"A link that stands alone"</a>
        </div>
    }
}

fn forms() -> impl IntoView {
    let mut faults = Faults::default();
    faults.add("faulty", "Type your full name");
    faults.add("unticked", "Tick the box to say that you agree");
    let well = Faults::default();
    let text = |id: &'static str, label: &'static str, hint: Option<&str>, faults: &Faults| {
        field(Field { id, label, hint: hint.map(str::to_owned) }, faults, move |told| {
            view! { <input id=id name=id type="text" aria-describedby=told.described_by aria-invalid=told.invalid/> }
        })
    };
    view! {
        {faults.list()}
        <form>
            {text("well", "A field", None, &well)}
            {text("hinted", "A field with a hint", Some("What helps to fill it in."), &well)}
            {text("faulty", "A field with a fault", Some("What helps to fill it in."), &faults)}
            <div class="field">
                <label for="chosen">"A choice"</label>
                <select id="chosen" name="chosen"><option>"One of them"</option><option>"Another"</option></select>
            </div>
            <div class="field">
                <label for="long">"A longer text"</label>
                <textarea id="long" name="long" rows="3">"What somebody wrote, over a line or two."</textarea>
            </div>
            {tick("ticked", "I have read it, and I agree.".to_owned(), true, &well)}
            {tick("unticked", "I have read it, and I agree.".to_owned(), false, &faults)}
        </form>
    }
}

fn boxes() -> impl IntoView {
    let callout = |kind: &str, word: &str| {
        view! {
            <div class=format!("callout callout-{kind}") role="note">
                <p class="callout-word">{mark(Mark::Warning)} " " {word.to_owned()}</p>
                <p>"What it says, with " <a href="/parts">"a link"</a> " and " {phone("01632 960101")} "."</p>
            </div>
        }
    };
    let callouts = [
        ("note", "Good to know"),
        ("tip", "Try this"),
        ("important", "Important"),
        ("warning", "Take care"),
        ("danger", "Error"),
        ("help", "Talk to someone"),
    ];
    let outcome = |state: Status, heading: &str| {
        view! {
            <section class=format!("outcome {}", state.code()) aria-label=heading.to_owned()>
                {mark(Mark::Status(state))}
                <div>
                    <p class="kicker">"The title of a module"</p>
                    <h3>{heading.to_owned()}</h3>
                    <p>"8 of 9 marks. You needed 8."</p>
                </div>
            </section>
        }
    };
    view! {
        {callouts.map(|(kind, word)| callout(kind, word)).collect_view()}
        {outcome(Status::Passed, "You passed")}
        {outcome(Status::InProgress, "You haven’t passed yet")}
        <p class="said">{mark(Mark::Status(Status::Passed))} " " <span>"Amy has 3 more attempts, and is told so."</span></p>
        <section class="card next" aria-label="The next thing">
            <div class="next-mark">{module_mark("prevent")}</div>
            <p class="kicker">"Next for you"</p>
            <h3>"The title of a module that is rather long"</h3>
            <p>"What it is, in a sentence."</p>
            <p class="meta"><span>{mark(Mark::Clock)} " 25 minutes"</span> " " <span>"Due 10 December 2026, in 11 days"</span></p>
            <a class="button" href="/parts">"Start this module " {mark(Mark::Arrow)}</a>
        </section>
        <section class="card changed-card" aria-label="What has changed">
            <h2>{mark(Mark::Again)} " Changed – sign again"</h2>
            <p>"You signed version 1.0 on 22 November 2026. 2 passages have changed in version 1.1."</p>
            <div class="changes"><h3 class="whereabouts">"Your account, clause 1"</h3><p>"Use only your own " <del>"password"</del> <ins>"account"</ins> "."</p></div>
        </section>
        <section class="card stuck" aria-label="Who needs a hand"><p>"A learner needs a hand."</p></section>
    }
}

fn paths() -> impl IntoView {
    let station = |class: &'static str, title: &'static str, about: AnyView| {
        let agreement = class.contains("signature");
        let sign = if agreement { signing_mark().into_any() } else { module_mark("prevent").into_any() };
        view! {
            <li class=class>
                <span class="medallion">{sign}</span>
                <div>
                    <h4><a href="/parts">{title}</a></h4>
                    <p class="meta">{about}</p>
                </div>
            </li>
        }
    };
    let pips = view! {
        <div class="pips" aria-hidden="true"><span class="done"></span><span class="done"></span><span class="waits"></span><span></span></div>
    };
    view! {
        <h3>"By 10 December 2026, in 11 days"</h3>
        <ol class="path" role="list">
            {station("passed", "What is done", "Passed 3 November 2026".into_any())}
            {station("here", "What is next", view! { <span class="you-are-here">"You are here"</span> }.into_any())}
            {station("not-started", "What comes later", "25 minutes".into_any())}
            {station("waiting", "What waits", status(Status::DueSoon, Some("Waiting for your tutor")).into_any())}
            {station("signature not-started", "What is to be signed", status(Status::NotStarted, Some("3 of 6 to sign")).into_any())}
        </ol>
        {pips}
        <ol class="steps" role="list">
            <li class="done">
                <span class="step-mark">{mark(Mark::Status(Status::Passed))} <span class="hidden">"Done: "</span></span>
                " "
                <a href="/parts">"A step that is done"</a>
            </li>
            <li class="here"><span class="step-mark">"2"</span> " " <a href="/parts">"The one that is next"</a></li>
            <li>
                <span class="step-mark">"3"</span>
                " "
                <a href="/parts">"One that comes later"</a>
                <p class="note">"With a note below it"</p>
            </li>
        </ol>
        <dl class="facts">{row("What it is called", "What it is")} {row("Another", "Something longer, which may need two lines")}</dl>
    }
}

fn text() -> impl IntoView {
    view! {
        <div class="prose">
            <p>"Text with " <strong>"strong"</strong> ", " <em>"emphasis"</em> ", " <code>"code"</code> " and " <a href="/parts">"a link"</a> "."</p>
            <ul><li>"An item"</li><li>"Another"</li></ul>
            <ol><li>"A step"</li><li>"Another"</li></ol>
            <blockquote><p>"What somebody said."</p></blockquote>
            <div class="table" tabindex="0" role="group" aria-label="Table">
                <table>
                    <thead><tr><th scope="col">"What"</th><th scope="col">"Then"</th></tr></thead>
                    <tbody><tr><th scope="row">"A thing"</th><td>"What to do about it"</td></tr></tbody>
                </table>
            </div>
        </div>
        <div class="scenario" role="group" aria-label="Scenario">
            <h2>"What would you do?"</h2>
            <p>"Something happens."</p>
            <details name="gallery" open>
                <summary>"Do one thing"</summary>
                <div class="follow">
                    <p>"This follows."</p>
                    <details name="gallery-1"><summary>"And then"</summary><div class="follow"><p>"That."</p></div></details>
                </div>
            </details>
            <details name="gallery"><summary>"Do another"</summary><div class="follow"><p>"That follows."</p></div></details>
        </div>
    }
}

fn lists() -> impl IntoView {
    let rows = [
        ("Amy Archer", "Northfield / Cohort A", "a learner", "14 September 2026"),
        ("Llywelyn ap Gruffudd-Featherstonehaugh", "Riverside", "", "1 October 2026"),
    ];
    let rows = rows.map(|(name, groups, whom, since)| {
        view! { <tr><th scope="row"><a href="/parts">{name}</a></th><td>{groups}</td><td>{whom}</td><td>{since}</td></tr> }
    });
    view! {
        <nav class="tabs" aria-label="Tabs">
            <ul role="list">
                <li><a href="/parts" aria-current="page">"This one"</a></li>
                <li><a href="/parts">"Another"</a></li>
            </ul>
        </nav>
        <form class="filter" role="search" aria-label="Whom to show">
            <div class="field"><label for="who">"Who"</label> <input id="who" name="who" type="search"/></div>
            <div class="actions"><button type="button">"Show these"</button></div>
        </form>
        {list_table("People", &["Name", "Groups", "Here as", "Since"], rows.collect_view())}
        <div class="card nothing"><h3>"Nobody fits this."</h3> <p>"Try fewer letters, or show everybody."</p></div>
        <ol class="timeline" role="list">
            <li><strong>"Read"</strong> <span>"3 November 2026"</span></li>
            <li class="here"><strong>"Signed"</strong> <span>"4 November 2026"</span></li>
        </ol>
    }
}

fn under_way() -> impl IntoView {
    let dot = |number: u32, class: &'static str, here: bool| {
        let said = if class.is_empty() { ", not answered yet" } else { ", answered" };
        view! {
            <li>
                <button type="button" class=class aria-current=here.then_some("step")>
                    <span class="hidden">"Question "</span> {number} <span class="hidden">{said}</span>
                </button>
            </li>
        }
    };
    view! {
        <p class="progress-line"><span>"The title of a module"</span> ": question 2 of 4"</p>
        <progress value="1" max="4" aria-label="Answered"></progress>
        <ol class="dots" role="list" aria-label="Questions">
            {dot(1, "answered", false)} {dot(2, "", true)} {dot(3, "", false)} {dot(4, "", false)}
        </ol>
        <p class="twice">"Two of them are number 1. Give each one a place of its own."</p>
        <p class="saved">"Saved. 1 of 4 answered."</p>
        <ul class="given" role="list"><li>"What was answered"</li></ul>
        <p class="unreviewed">{mark(Mark::Help)} " " <span>"Nobody who speaks this language has read it all yet."</span></p>
    }
}

fn worth_keeping() -> impl IntoView {
    view! {
        <article class="receipt">
            <div>
                <header><div><p>"Northfield Training"</p> <h3>"Learner acceptable use agreement"</h3></div></header>
                <p class="signer"><small>"Signed by"</small> "Amy Archer"</p>
                <blockquote><p>"“I have read this agreement, and I agree to keep to it.”"</p></blockquote>
                <dl class="facts">{row("When", "14 September 2026, 14:05")} {row("Receipt number", view! { <span class="number">"01990000"</span> })}</dl>
            </div>
        </article>
    }
}

fn help() -> impl IntoView {
    let contact = Contact {
        name: "Llywelyn ap Gruffudd-Featherstonehaugh".to_owned(),
        role: "Deputy designated safeguarding lead".to_owned(),
        phone: "01632 960101".to_owned(),
        email: "llywelyn.ap-gruffudd-featherstonehaugh@northfield.example".to_owned(),
        hours: "Monday to Friday, 8:30am to 5pm".to_owned(),
    };
    view! { {emergency()} {contacts(&[contact], "contacts")} }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people meet on many pages is here to be looked at, in each of its states.
    #[test]
    fn the_parts_that_pages_share_are_here() {
        let drawn = [
            states().to_html(),
            marks().to_html(),
            buttons().to_html(),
            forms().to_html(),
            boxes().to_html(),
            paths().to_html(),
            text().to_html(),
            lists().to_html(),
            under_way().to_html(),
            worth_keeping().to_html(),
            help().to_html(),
        ]
        .concat();
        for class in [
            "status",
            "medallion",
            "button",
            "second",
            "quiet",
            "standalone",
            "error-summary",
            "field-error",
            "option",
            "callout",
            "outcome",
            "said",
            "next",
            "changed-card",
            "whereabouts",
            "stuck",
            "path",
            "pips",
            "steps",
            "facts",
            "scenario",
            "cards",
            "tabs",
            "filter",
            "nothing",
            "timeline",
            "progress-line",
            "dots",
            "twice",
            "saved",
            "given",
            "unreviewed",
            "receipt",
            "emergency",
            "contacts",
        ] {
            let stands = |part: &str| part.split('"').next().is_some_and(|all| all.split(' ').any(|one| one == class));
            assert!(drawn.split("class=\"").skip(1).any(stands), "no {class}");
        }
        for control in
            ["<select", "<textarea", "type=\"checkbox\"", "type=\"search\"", "<progress", "<table", "<details"]
        {
            assert!(drawn.contains(control), "no {control}");
        }
    }
}
