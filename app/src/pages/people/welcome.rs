use engine::{OpenWayIn, WeakPassword};
use leptos::prelude::*;

use super::join::new_password;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, moment},
};

/// What somebody finds who opens a link with which a password is chosen.
#[derive(Clone, Debug)]
pub enum Welcome {
    /// It holds, for them; with what is wrong with the password that they sent.
    Open(OpenWayIn, Faults),
    /// It was used, has run out, or another took its place.
    Gone,
}

/// Where a password is chosen. `secret` is what stands in the address.
pub fn welcome(frame: &Frame, secret: &str, found: &Welcome) -> Rendered {
    match found {
        Welcome::Gone => frame.page("This link does not hold", || {
            view! {
                <div class="column">
                    <h1>"This link does not hold any more"</h1>
                    <p>"It works once, and for a short time. Perhaps you have used it already: then sign in with the password that you chose."</p>
                    <p><a class="button" href="/sign-in">"Sign in"</a></p>
                    <p>"Otherwise ask your tutor or manager for another. Everything that you have done is kept."</p>
                </div>
            }
        }),
        Welcome::Open(open, faults) => frame.page(&faults.title("Choose a password"), || {
            view! {
                <div class="column">
                    {faults.list()}
                    <h1>"Choose a password"</h1>
                    <p>
                        "This is for " <strong dir="auto">{open.name.clone()}</strong> ", who signs in with " <strong>{open.email.clone()}</strong>
                        ". If that is not you, close this page and give the link back."
                    </p>
                    <form method="post" action=format!("/welcome/{secret}") novalidate>
                        <input type="hidden" name="username" value=open.email.clone() autocomplete="username"/>
                        {new_password(WeakPassword::SHORTEST, faults)}
                        <div class="actions"><button>"Save my password"</button></div>
                    </form>
                    <p class="hint">{format!("This link works once, until {}. Nobody else sees your password, not even an administrator.", moment(open.expires_at))}</p>
                </div>
            }
        }),
    }
}
