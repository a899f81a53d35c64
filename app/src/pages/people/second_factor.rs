use chrono::{DateTime, Utc};
use engine::{SecondFactor, WeakPassword};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, count, field, mark, moment, scan_code},
};

/// Whether somebody cannot go on without setting up codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MustSetUp {
    /// They can.
    No,
    /// They cannot.
    Yes,
    /// They cannot, and what they were sending was not taken for that reason.
    First,
}

/// Where somebody sets up codes that are asked for when they sign in, makes recovery codes anew, or turns it off. `username`: with what they sign
/// in, for what keeps their passwords.
pub fn second_factor(
    frame: &Frame,
    username: &str,
    factor: &SecondFactor,
    must: MustSetUp,
    faults: &Faults,
) -> Rendered {
    let (must, lost) = (must != MustSetUp::No, must == MustSetUp::First);
    let title = match factor {
        SecondFactor::BeingSetUp { .. } => "Connect your phone",
        SecondFactor::Nothing | SecondFactor::SetUp { .. } => "A code when you sign in",
    };
    frame.page(&faults.title(title), || {
        let body = match factor {
            SecondFactor::Nothing => begin(username, must, faults),
            SecondFactor::BeingSetUp { secret, address } => connect(secret, address, must, faults),
            SecondFactor::SetUp { since, recovery_codes } => set_up(username, *since, *recovery_codes, faults),
        };
        view! {
            {(!must).then(|| view! { <p class="crumb no-print"><a href="/account">"Your account"</a></p> })}
            <div class="column">
                {faults.list()}
                <h1>{title}</h1>
                {must.then(|| view! { <p class="card">"You see other people’s records here, and so a code is asked of you besides your password. Set it up now, then you go on. It takes two minutes."</p> })}
                {lost.then(|| view! { <p class="card">"What you were sending has not been saved. Please do it again once your codes are set up."</p> })}
                {body}
            </div>
        }
        .into_any()
    })
}

fn begin(username: &str, must: bool, faults: &Faults) -> AnyView {
    view! {
        <p class="lead">"With a code from your phone besides your password, nobody gets in who only knows your password."</p>
        <p>"You need an app that shows codes. Your phone may have one already, in its settings for passwords; any authenticator app does, on a phone or on a computer."</p>
        <form method="post" action="/account/second-factor" novalidate>
            <input type="hidden" name="username" value=username.to_owned() autocomplete="username"/>
            {password_field("password", faults)}
            <div class="actions">
                <button>"Begin"</button>
                " "
                {not_now(must)}
            </div>
        </form>
        <p class="hint">"Nothing changes until your phone has shown a code that is right."</p>
    }
    .into_any()
}

fn connect(secret: &str, address: &str, must: bool, faults: &Faults) -> AnyView {
    let typed = secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>();
    view! {
        <h2>"1. Show this to your app"</h2>
        <p>"In your app, add an account and scan this:"</p>
        <p class="scan">{scan_code(address, "A code to scan with your app. The key below it says the same".to_owned())}</p>
        <p>"Or type this key into it, which says the same:"</p>
        <p class="number to-type">{typed.join(" ")}</p>
        <p>"Are you reading this on your phone? "<a href=address.to_owned()>"Open your app with it"</a>"."</p>
        <h2>"2. Type what it shows"</h2>
        <form method="post" action="/account/second-factor/confirm" novalidate>
            {code_field("code", "The six digits that your app shows now", None, faults)}
            <div class="actions">
                <button>"Turn it on"</button>
                " "
                {not_now(must)}
            </div>
        </form>
        <p class="hint">"Keep the picture and the key to yourself: whoever has them can make your codes. They are not shown again once this is on, and hold for half an hour until then. Everywhere else you will be signed out."</p>
    }
    .into_any()
}

fn not_now(must: bool) -> Option<impl IntoView> {
    (!must).then(|| view! { <a class="button second" href="/account">"Not now"</a> })
}

fn set_up(username: &str, since: DateTime<Utc>, recovery_codes: u32, faults: &Faults) -> AnyView {
    let left = match recovery_codes {
        0 => "You have no recovery codes left. Make new ones now, so that you still get in when your phone is gone."
            .to_owned(),
        left => format!(
            "You have {} left, for when your phone is gone.",
            count(left as usize, "recovery code", "recovery codes")
        ),
    };
    let form = |does: &'static str, button: &'static str, ids: (&'static str, &'static str)| {
        view! {
            <form method="post" action=format!("/account/second-factor/{does}") novalidate>
                <input type="hidden" name="username" value=username.to_owned() autocomplete="username"/>
                {password_field(ids.0, faults)}
                {code_field(ids.1, "A code from your app", Some("Or one of your recovery codes"), faults)}
                <button class="second">{button}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <p class="lead">{format!("This is on since {}. You are asked for a code whenever you sign in.", moment(since))}</p>
        <p>{left}</p>
        <details open=faults.concerns("codes-")>
            <summary>"Make new recovery codes"</summary>
            <p>"The ones that you have do not hold any more then."</p>
            {form("codes", "Make ten new ones", ("codes-password", "codes-code"))}
        </details>
        <details open=faults.concerns("off-")>
            <summary>"Turn it off, or move to another phone"</summary>
            <p>"From then on your password alone lets you in. For another phone, turn it off here and on again with that one."</p>
            <p>{format!("Has your password fewer than {} characters? Then ", WeakPassword::SHORTEST)}<a href="/account/password">"choose a longer one"</a>" first."</p>
            {form("end", "Turn it off", ("off-password", "off-code"))}
        </details>
        <p class="hint">"Are phone and recovery codes both gone? Ask an administrator: they can turn it off for you."</p>
    }
    .into_any()
}

fn password_field(id: &'static str, faults: &Faults) -> AnyView {
    field(Field { id, label: "Your password", hint: None }, faults, |told| {
        view! {
            <input id=id name="password" type="password" required autocomplete="current-password" aria-describedby=told.described_by aria-invalid=told.invalid/>
        }
    })
    .into_any()
}

/// Where a code is typed.
pub(super) fn code_field(
    id: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    faults: &Faults,
) -> AnyView {
    field(Field { id, label, hint: hint.map(str::to_owned) }, faults, |told| {
        view! {
            <input
                id=id
                name="one_time_code"
                type="text"
                class="code"
                inputmode="numeric"
                autocomplete="one-time-code"
                spellcheck="false"
                required
                aria-describedby=told.described_by
                aria-invalid=told.invalid
            />
        }
    })
    .into_any()
}

/// Recovery codes, to print or to write down: they are shown this once.
pub fn recovery_codes(frame: &Frame, codes: &[String]) -> Rendered {
    frame.page("Your recovery codes", || {
        let rows = codes.iter().map(|code| view! { <li class="number">{code.clone()}</li> }).collect_view();
        view! {
            <div class="column">
                <h1>"Your recovery codes"</h1>
                <p class="lead no-print">"You are asked for a code from now on. Keep these for the day on which your phone is gone."</p>
                <p class="no-print">{mark(Mark::Print)} " Print this page now or write them down: they are shown this once."</p>
                <p>{format!("Each lets you in once at {}, in place of a code from your phone and together with your password.", frame.around.organisation)}</p>
                <ul class="recovery-codes" role="list">{rows}</ul>
                <p class="hint">"Keep them where you keep your passport, and not on the phone itself."</p>
                <div class="actions no-print"><a class="button" href="/account">"I have kept them"</a></div>
            </div>
        }
        .into_any()
    })
}
