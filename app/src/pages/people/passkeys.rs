use engine::OwnPasskey;
use leptos::prelude::*;

use super::sign_in::WasSending;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, Field, field, moment, said},
};

/// What somebody needs to add a passkey.
#[derive(Clone, Debug)]
pub struct AddPasskey {
    /// With what they sign in, for what keeps their passwords.
    pub username: String,
    /// What they typed that it is to be called.
    pub name: String,
}

/// What somebody has just done about their passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyDone {
    /// They added one.
    Added,
    /// They took one away.
    Ended,
}

impl Done for PasskeyDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Added, "added", "Your passkey is added. From now on you sign in with it, without a password or a code."),
        (
            Self::Ended,
            "ended",
            "That passkey does not let you in any more, and you are signed out everywhere else. Delete it on your device, too.",
        ),
    ];
}

/// The passkeys of somebody. `add`: what they need to add one; `None`: they cannot, since they have no password to show.
pub fn passkeys(
    frame: &Frame,
    own: &[OwnPasskey],
    add: Option<&AddPasskey>,
    done: Option<PasskeyDone>,
    faults: &Faults,
) -> Rendered {
    frame.with_passkeys().page(&faults.title("Passkeys"), || {
        let rows = own.iter().map(row).collect_view();
        let list = if own.is_empty() {
            view! { <p>"You have none yet."</p> }.into_any()
        } else {
            view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
        };
        let form = match add {
            Some(add) => add_form(add, faults),
            None => view! { <p>"To add one you need a password of this site, and you have none. Ask an administrator for a link."</p> }.into_any(),
        };
        view! {
            <p class="crumb no-print"><a href="/account">"Your account"</a></p>
            <div class="column">
                {faults.list()}
                <h1>"Passkeys"</h1>
                {said(done.map(|done| done.words().to_owned()))}
                <p class="lead">"With a passkey you sign in as you unlock your device: with a finger, your face or its code. There is nothing to remember, and nothing that somebody could copy from you."</p>
                <section aria-labelledby="own">
                    <h2 id="own">"Those that you have"</h2>
                    {list}
                </section>
                <section aria-labelledby="more">
                    <h2 id="more">"Add one"</h2>
                    {form}
                </section>
                <p class="hint">"Is a device with a passkey lost? Take the passkey away here. Whoever shares a device with others does not make one on it."</p>
            </div>
        }
        .into_any()
    })
}

/// Asks whether somebody takes away the only way in that they have. `which`: that passkey, as the form sends it.
pub fn end_only_passkey(frame: &Frame, which: &str, name: &str) -> Rendered {
    frame.page("Take away your only way in?", || {
        view! {
            <p class="crumb"><a href="/account/passkeys">"Passkeys"</a></p>
            <div class="column">
                <h1>"Take away " <span dir="auto">{name.to_owned()}</span> "?"</h1>
                <p>"It is the only way in that you have: you have no password and no other passkey here. Once it is gone, and you have signed out, you come in again only with a link from an administrator."</p>
                <p>"If the device is lost, take it away all the same, and ask for that link now."</p>
                <form class="actions" method="post" action="/account/passkeys/end">
                    <input type="hidden" name="which" value=which.to_owned()/>
                    <input type="hidden" name="sure" value="yes"/>
                    <button>"Take it away"</button>
                    " "
                    <a class="button second" href="/account/passkeys">"Keep it"</a>
                </form>
            </div>
        }
    })
}

fn row(passkey: &OwnPasskey) -> impl IntoView + use<> {
    let used = passkey.last_used_at.map_or_else(|| "not used yet".to_owned(), |at| format!("last used {}", moment(at)));
    let name = passkey.name.clone();
    view! {
        <li>
            <div>
                <h3 dir="auto">{name.clone()}</h3>
                <p class="meta">{format!("Added {}, {used}", moment(passkey.since))}</p>
            </div>
            <form method="post" action="/account/passkeys/end">
                <input type="hidden" name="which" value=passkey.id.to_string()/>
                <button class="second">"Take away" <span class="hidden">{format!(" {name}")}</span></button>
            </form>
        </li>
    }
}

fn add_form(add: &AddPasskey, faults: &Faults) -> AnyView {
    let called = add.name.clone();
    let name = field(
        Field { id: "name", label: "What you call it", hint: Some("Such as: my phone".to_owned()) },
        faults,
        |told| {
            view! {
                <input id="name" name="name" type="text" required autocomplete="off" value=called aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        },
    );
    let password = field(Field { id: "password", label: "Your password", hint: None }, faults, |told| {
        view! {
            <input id="password" name="password" type="password" required autocomplete="current-password" aria-describedby=told.described_by aria-invalid=told.invalid/>
        }
    });
    view! {
        <p data-passkey-without="">"Your browser cannot make passkeys, or runs no scripts here. Your password lets you in as before."</p>
        <div data-passkey-around="" hidden>
            <form
                method="post"
                action="/account/passkeys"
                novalidate
                data-passkey="make"
                data-asks="/account/passkeys/ask"
                data-again="No passkey was made. Try it again when you like."
                data-there="This device has a passkey for you already."
                data-broken="That did not work. Your password lets you in as before."
            >
                <input type="hidden" name="username" value=add.username.clone() autocomplete="username"/>
                {hidden(&["asked", "client_data", "authenticator"])}
                {name}
                {password}
                <div class="actions"><button>"Make a passkey"</button></div>
                <p role="status"></p>
            </form>
        </div>
    }
    .into_any()
}

/// Where people sign in with a passkey: there where a browser can, and before everything else. `before_password`: what follows is the form with the
/// password, and nothing else stands before that.
pub(super) fn sign_in_with_passkey(
    next: &str,
    sending: WasSending<'_>,
    before_password: bool,
    faults: &Faults,
) -> AnyView {
    let kept = match sending {
        WasSending::Kept(kept) => Some(view! { <input type="hidden" name="kept" value=kept.to_owned()/> }),
        WasSending::Nothing | WasSending::Lost => None,
    };
    let wrong = faults.concerns("passkey");
    view! {
        <div data-passkey-around="" hidden>
            <form
                method="post"
                action="/sign-in/passkey"
                data-passkey="show"
                data-asks="/sign-in/passkey/ask"
                data-again="Nothing was shown. Try it again, or use your password."
                data-there="That did not work. Use your password."
                data-broken="That did not work. Use your password."
            >
                <input type="hidden" name="next" value=next.to_owned()/>
                {kept}
                {hidden(&["asked", "credential", "client_data", "authenticator", "signature", "user"])}
                <div class="actions"><button id="passkey" class=wrong.then_some("again")>"Sign in with a passkey"</button></div>
                <p role="status"></p>
            </form>
            {before_password.then(|| view! { <p>"Or with your email and password:"</p> })}
        </div>
    }
    .into_any()
}

/// Fields that the script fills in.
fn hidden(names: &[&'static str]) -> AnyView {
    names.iter().map(|name| view! { <input type="hidden" name=*name value=""/> }).collect_view().into_any()
}
