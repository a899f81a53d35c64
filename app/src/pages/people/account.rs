use chrono::TimeDelta;
use engine::{LinkedAccount, OwnSession, SecondFactor};
use leptos::prelude::*;

use super::{join::new_password, stop_letters::STILL_COME};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, Field, count, field, moment, said},
};

/// Somebody's account, as they see it themselves.
#[derive(Clone, Debug, Default)]
pub struct AccountView {
    /// What they are called.
    pub name: String,
    /// With what they sign in. `None`: with nothing of ours.
    pub email: Option<String>,
    /// Whose they are, by name: their groups and those above.
    pub groups: Vec<String>,
    /// How they stand with codes at sign-in. `None`: they do not sign in with a password of ours.
    pub codes: Option<SecondFactor>,
    /// How many passkeys they have. `None`: nobody signs in with these here.
    pub passkeys: Option<usize>,
    /// The accounts of their organisation by which they are known, or were.
    pub accounts: Vec<LinkedAccount>,
    /// Whether they have stopped the letters that tell early. `None`: no letter can go to them.
    pub stopped: Option<bool>,
    /// Where they are signed in, with how long ago each was last used.
    pub sessions: Vec<(OwnSession, TimeDelta)>,
    /// How often others have opened what is theirs.
    pub looks: u64,
    /// What they have just done.
    pub done: Option<AccountDone>,
}

/// What somebody has just done about their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountDone {
    /// Their password is another.
    Password,
    /// No code is asked of them any more.
    CodesOff,
    /// The account of their organisation does not let them in any more.
    Unlinked,
    /// They get no letters any more that tell early.
    LettersStopped,
    /// They get them again.
    LettersGoOn,
    /// One of their other sessions has ended.
    Ended,
    /// All of their other sessions have ended.
    EndedAll,
}

impl Done for AccountDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::Password,
            "password",
            "Your password is changed. Everywhere else you are signed out, and sign in with the new one.",
        ),
        (Self::CodesOff, "codes-off", "No code is asked of you any more: your password alone lets you in."),
        (
            Self::Unlinked,
            "unlinked",
            "The account of your organisation does not let you in any more. You are signed out everywhere else.",
        ),
        (Self::LettersStopped, "stop-letters", "You get no more letters about what is due soon or can be done again."),
        (Self::LettersGoOn, "go-on-letters", "You get letters again when something is due soon or can be done again."),
        (Self::Ended, "ended", "You are signed out there."),
        (Self::EndedAll, "ended-all", "You are signed out everywhere else."),
    ];
}

/// Somebody's account: what they are called, how they sign in, and where they are signed in.
pub fn account(frame: &Frame, view: &AccountView) -> Rendered {
    frame.page("Your account", || {
        view! {
            <p class="crumb no-print"><a href="/">"Your page"</a></p>
            <h1>"Your account"</h1>
            {said(view.done.map(|done| done.words().to_owned()))}
            {who(view)}
            {password(view)}
            {passkeys(view)}
            {codes(view)}
            {linked(frame, view)}
            {letters(view)}
            {sessions(view)}
            <section>
                <h2>"What is known about you"</h2>
                <p>"You may see everything that is held about you here, and take a copy of it away."</p>
                <p>{looked(view.looks)}</p>
                <p><a class="standalone" href="/account/data">"See what is known about you"</a></p>
            </section>
        }
    })
}

fn looked(looks: u64) -> String {
    let times = match looks {
        0 => {
            return "Nobody else has opened your record, your answers or what you signed. Whoever does is noted."
                .to_owned();
        }
        1 => "once".to_owned(),
        looks => format!("{looks} times"),
    };
    format!(
        "Others have opened your record, your answers or what you signed {times}. Each time is noted, and those who check can see who it was."
    )
}

fn who(view: &AccountView) -> AnyView {
    let email = view.email.clone().map(|email| view! { <div><dt>"Email"</dt> <dd>{email}</dd></div> });
    let groups = (!view.groups.is_empty()).then(|| {
        let names = view.groups.iter().map(|name| view! { <li dir="auto">{name.clone()}</li> }).collect_view();
        view! { <div><dt>"Groups"</dt> <dd><ul class="names" role="list">{names}</ul></dd></div> }
    });
    view! {
        <section>
            <h2>"Who you are here"</h2>
            <dl class="facts">
                <div><dt>"Name"</dt> <dd dir="auto">{view.name.clone()}</dd></div>
                {email}
                {groups}
            </dl>
            <p class="hint">"Is something wrong, or has your name changed? Ask your tutor or manager to put it right. What you have signed keeps the name that you had then."</p>
        </section>
    }
    .into_any()
}

fn password(view: &AccountView) -> Option<AnyView> {
    view.email.as_ref()?;
    Some(
        view! {
            <section>
                <h2>"Password"</h2>
                <p>"Change it if somebody else may know it. You need not change it otherwise."</p>
                <div class="actions"><a class="button second" href="/account/password">"Change your password"</a></div>
            </section>
        }
        .into_any(),
    )
}

fn passkeys(view: &AccountView) -> Option<AnyView> {
    let (words, verb) = match view.passkeys? {
        0 => (
            "With a passkey you sign in as you unlock your device, without a password or a code.".to_owned(),
            "Add a passkey",
        ),
        some => (format!("You have {}.", count(some, "passkey", "passkeys")), "Look after your passkeys"),
    };
    Some(
        view! {
            <section>
                <h2>"Passkeys"</h2>
                <p>{words}</p>
                <div class="actions"><a class="button second" href="/account/passkeys">{verb}</a></div>
            </section>
        }
        .into_any(),
    )
}

fn codes(view: &AccountView) -> Option<AnyView> {
    let (words, verb) = match view.codes.as_ref()? {
        SecondFactor::SetUp { since, recovery_codes } => {
            let left = count(*recovery_codes as usize, "recovery code", "recovery codes");
            (format!("You are asked for one, since {}. You have {left} left.", moment(*since)), "Look after your codes")
        }
        SecondFactor::Nothing | SecondFactor::BeingSetUp { .. } => (
            "With a code from your phone besides your password, nobody gets in who only knows your password."
                .to_owned(),
            "Set up codes",
        ),
    };
    Some(
        view! {
            <section>
                <h2>"A code when you sign in"</h2>
                <p>{words}</p>
                <div class="actions"><a class="button second" href="/account/second-factor">{verb}</a></div>
            </section>
        }
        .into_any(),
    )
}

fn linked(frame: &Frame, view: &AccountView) -> Option<AnyView> {
    let label = frame.sign_on.as_ref().map_or("the account of your organisation", |offer| &offer.label);
    let open = view.accounts.iter().find(|account| account.ended_at.is_none());
    let body = match (open, view.accounts.last()) {
        (Some(account), _) => view! {
            <p>{format!("You also get in with {label}, since {}.", moment(account.since))}</p>
            <div class="actions"><a class="button second" href="/account/sign-on">"Look at it, or take it away"</a></div>
        }
        .into_any(),
        (None, Some(_)) => view! {
            <p>{format!("You took away that {label} lets you in. An administrator can allow it again.")}</p>
        }
        .into_any(),
        (None, None) => return None,
    };
    Some(view! { <section><h2>"The account of your organisation"</h2> {body}</section> }.into_any())
}

/// Where the letters that tell early are stopped, or had again.
fn letters(view: &AccountView) -> Option<AnyView> {
    let (words, code, verb) = if view.stopped? {
        ("You have stopped the letters about what is due soon or can be done again.", "go-on", "Have them again")
    } else {
        (
            "You get a letter when something is due soon, and when something can be done again. You can stop these.",
            "stop",
            "Stop these letters",
        )
    };
    Some(
        view! {
            <section>
                <h2>"Letters to you"</h2>
                <p>{words}</p>
                <form method="post" action="/account/letters">
                    <div class="actions"><button class="second" name="do" value=code>{verb}</button></div>
                </form>
                <p class="hint">{STILL_COME}</p>
            </section>
        }
        .into_any(),
    )
}

fn sessions(view: &AccountView) -> AnyView {
    let others = view.sessions.iter().filter(|(session, _)| !session.is_this).count();
    let rows = view.sessions.iter().map(|(session, ago)| one_session(session, *ago)).collect_view();
    let all = (others > 1).then(|| {
        view! {
            <form method="post" action="/account/sessions/end">
                <input type="hidden" name="which" value="others"/>
                <div class="actions"><button class="second">"Sign out everywhere else"</button></div>
            </form>
        }
    });
    let alone = (others == 0).then(|| view! { <p>"You are signed in nowhere else."</p> });
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <ul class="rows" role="list">{rows}</ul>
            {alone}
            {all}
            <p class="hint">"After an hour in which nothing was done you are signed out. If you do not know one of these, sign out there and change your password."</p>
        </section>
    }
    .into_any()
}

fn one_session(session: &OwnSession, ago: TimeDelta) -> AnyView {
    let browser = if session.browser.is_empty() { "A browser that does not say its name" } else { &session.browser };
    let browser = browser.to_owned();
    let used = match u32::try_from(ago.num_minutes()).unwrap_or(0) {
        // How often it is noted that a session is used.
        0..=5 => "used a moment ago".to_owned(),
        minutes => format!("last used {} ago", count(minutes as usize, "minute", "minutes")),
    };
    let begun = format!("Signed in {}", moment(session.begun_at));
    let end = if session.is_this {
        view! {
            <form method="post" action="/sign-out"><button class="second">"Sign out here"</button></form>
        }
        .into_any()
    } else {
        let said = format!(" of {browser}, signed in {}", moment(session.begun_at));
        view! {
            <form method="post" action="/account/sessions/end">
                <input type="hidden" name="which" value=session.key.clone()/>
                <button class="second">"Sign out" <span class="hidden">{said}</span></button>
            </form>
        }
        .into_any()
    };
    let this = session.is_this.then_some(" (this one)");
    let meta = if session.is_this { begun } else { format!("{begun}, {used}") };
    view! {
        <li>
            <div>
                <h3>{browser} {this}</h3>
                <p class="meta">{meta}</p>
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// Where somebody chooses another password. `username`: with what they sign in, for what keeps their passwords.
pub fn change_password(frame: &Frame, username: &str, least: usize, faults: &Faults) -> Rendered {
    frame.page(&faults.title("Change your password"), || {
        let current = field(
            Field { id: "current", label: "Your password now", hint: None },
            faults,
            |told| {
                view! {
                    <input id="current" name="current" type="password" required autocomplete="current-password" aria-describedby=told.described_by aria-invalid=told.invalid/>
                }
            },
        );
        view! {
            <p class="crumb no-print"><a href="/account">"Your account"</a></p>
            <div class="column">
                {faults.list()}
                <h1>"Change your password"</h1>
                <form method="post" action="/account/password" novalidate>
                    <input type="hidden" name="username" value=username.to_owned() autocomplete="username"/>
                    {current}
                    {new_password(least, faults)}
                    <div class="actions">
                        <button>"Change my password"</button>
                        " "
                        <a class="button second" href="/account">"Leave it as it is"</a>
                    </div>
                </form>
                <p class="hint">"You stay signed in here, and are signed out everywhere else. Did you forget it? "<a href="/sign-in/forgotten">"Ask for a link"</a>" or ask your tutor or manager."</p>
            </div>
        }
        .into_any()
    })
}
