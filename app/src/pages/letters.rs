use chrono::{DateTime, SecondsFormat, Utc};
use engine::{LetterKind, LetterState, LettersPage, ListedLetter};
use leptos::prelude::*;

use super::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, count, list_table, moment},
};

/// What has just been done about letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterDone {
    /// They are held back.
    Paused,
    /// They go on.
    GoesOn,
    /// One was written to whoever looks.
    Trial,
    /// One was written in place of one that was given up.
    Again,
}

impl Done for LetterDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::Paused,
            "pause",
            "Letters are held back. What is written meanwhile waits, and what tells nothing any more by then is not sent.",
        ),
        (Self::GoesOn, "go-on", "Letters are sent again."),
        (
            Self::Trial,
            "trial",
            "A letter to you is written. It arrives within a few minutes, or stands below with what went wrong.",
        ),
        (Self::Again, "again", "Another letter is written in its place. A link in it is a new one."),
    ];
}

/// Letters, and what is done about them.
#[derive(Clone, Debug, Default)]
pub struct LettersView {
    /// Those of this page.
    pub page: LettersPage,
    /// In which state alone. `None`: all.
    pub state: Option<LetterState>,
    /// Whether these are the first.
    pub is_first: bool,
    /// What has just been done.
    pub done: Option<LetterDone>,
    /// Why something was not done.
    pub faults: Faults,
}

/// What waits, was sent and was given up, and whether letters are sent at all.
pub fn letters(frame: &Frame, seen: &LettersView) -> Rendered {
    frame.with_tables().page(&seen.faults.title("Letters"), || {
        let said = seen.done.map(|done| view! { <p class="said" role="status">{done.words()}</p> });
        view! {
            {seen.faults.list()}
            <p class="crumb"><a href="/admin">"Administration"</a></p>
            <h1>"Letters"</h1>
            {said}
            <p class="lead">{standing(frame, &seen.page)}</p>
            {acts(frame, &seen.page)}
            <p><a href="/admin/reminders">"Reminders: who is told what is wanted of them, and when"</a></p>
            {states(seen)}
            {table(seen)}
            {ways_on(seen)}
            <p class="hint">"What a letter told is gone once it was sent or given up, and after 90 days that it was written."</p>
        }
    })
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Whether letters are sent, in a sentence or two.
fn standing(frame: &Frame, page: &LettersPage) -> String {
    let waiting = count(number(page.waiting), "letter waits", "letters wait");
    match (frame.sends_letters, page.paused_since) {
        (false, _) => format!("There is no mail server, so nothing is sent; {waiting}."),
        (true, Some(since)) => format!("Letters have been held back since {}; {waiting}.", moment(since)),
        (true, None) if page.given_up > 0 => {
            format!("Letters are sent. {} given up within 30 days.", count(number(page.given_up), "was", "were"))
        }
        (true, None) => "Letters are sent.".to_owned(),
    }
}

fn acts(frame: &Frame, page: &LettersPage) -> AnyView {
    if !frame.sends_letters {
        return view! {
            <p>"Whoever runs the server names a mail server in the setting smtp_url (INDUCT_SMTP_URL) and starts it again. Until then people are given links, and are not reminded of anything."</p>
        }
        .into_any();
    }
    let (act, verb) = if page.paused_since.is_some() {
        (LetterDone::GoesOn, "Go on sending letters")
    } else {
        (LetterDone::Paused, "Hold letters back")
    };
    view! {
        <form method="post" action="/admin/letters" class="actions">
            <button class="second" name="do" value=act.code()>{verb}</button>
            <button class="second" name="do" value=LetterDone::Trial.code()>"Send me a letter as a trial"</button>
        </form>
    }
    .into_any()
}

/// The ways from one state to another.
fn states(seen: &LettersView) -> impl IntoView + use<> {
    let here = seen.state;
    let tab = |state: Option<LetterState>, word: String| {
        let address =
            state.map_or("/admin/letters".to_owned(), |state| format!("/admin/letters?state={}", state.code()));
        view! { <li><a href=address aria-current=(state == here).then_some("page")>{word}</a></li> }
    };
    let page = &seen.page;
    view! {
        <nav class="tabs" aria-label="Which letters">
            <ul role="list">
                {tab(None, "All".to_owned())}
                {tab(Some(LetterState::Waiting), format!("Waiting ({})", page.waiting))}
                {tab(Some(LetterState::Sent), "Sent".to_owned())}
                {tab(Some(LetterState::GivenUp), "Given up".to_owned())}
            </ul>
        </nav>
    }
}

fn table(seen: &LettersView) -> AnyView {
    if seen.page.letters.is_empty() {
        let words = match seen.state {
            None => {
                "No letter was written yet. Links to choose a password go by letter from a person’s or a group’s page, and whoever forgot their password asks for one at the sign-in page."
            }
            Some(LetterState::Waiting) => "No letter waits.",
            Some(LetterState::Sent) => "No letter was sent.",
            Some(LetterState::GivenUp) => "No letter was given up.",
        };
        return view! { <p>{words}</p> }.into_any();
    }
    let rows = seen.page.letters.iter().map(row).collect_view();
    list_table("Letters", &["Written", "To", "What it tells", "What became of it"], rows)
}

fn row(letter: &ListedLetter) -> impl IntoView + use<> {
    let name = letter.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
    let tells = letter.kind.map_or("Something of another version", LetterKind::tells);
    let fault = letter.fault.clone().map(|fault| view! { <br/> <span class="hint">{fault}</span> });
    let became = match letter.state {
        LetterState::Waiting if letter.tries == 0 => view! { "It waits." }.into_any(),
        LetterState::Waiting => {
            let times = count(usize::try_from(letter.tries).unwrap_or(usize::MAX), "time", "times");
            view! { {format!("Tried {times}; again ")} {time(letter.at)} {fault} }.into_any()
        }
        LetterState::Sent => view! { "Sent " {time(letter.at)} }.into_any(),
        LetterState::GivenUp => {
            let again = if letter.replaced {
                view! { <br/> <span>"Another was written in its place."</span> }.into_any()
            } else if matches!(
                letter.kind,
                Some(
                    LetterKind::Reminder
                        | LetterKind::Digest
                        | LetterKind::Declined
                        | LetterKind::Submitted
                        | LetterKind::Attended
                        | LetterKind::Discussed
                        | LetterKind::Withdrawn
                        | LetterKind::Reviews
                )
            ) {
                // What was wanted then need not be wanted now.
                ().into_any()
            } else {
                let (id, what) = (letter.id.to_string(), format!("Send again to {name}"));
                view! {
                    <form method="post" action="/admin/letters">
                        <input type="hidden" name="letter" value=id/>
                        <button class="quiet" name="do" value=LetterDone::Again.code() aria-label=what>"Send again"</button>
                    </form>
                }
                .into_any()
            };
            view! { "Given up " {time(letter.at)} {fault} {again} }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{time(letter.written_at)}</th>
            <td><a href=format!("/people/{}", letter.person) dir="auto">{name}</a> <br/> <span class="hint">{letter.address.clone()}</span></td>
            <td>{tells}</td>
            <td>{became}</td>
        </tr>
    }
}

fn ways_on(seen: &LettersView) -> impl IntoView + use<> {
    let and = seen.state.map(|state| format!("state={}", state.code())).unwrap_or_default();
    let next = seen.page.next.map(|last| {
        let address = format!("/admin/letters?{and}{}after={last}", if and.is_empty() { "" } else { "&" });
        view! { <a class="button second" href=address>"Older letters"</a> }
    });
    let first = (!seen.is_first).then(|| view! { <a href=format!("/admin/letters?{and}")>"Back to the newest"</a> });
    (next.is_some() || first.is_some()).then(|| view! { <div class="actions">{next} " " {first}</div> })
}

fn time(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(at)}</time> }
}
