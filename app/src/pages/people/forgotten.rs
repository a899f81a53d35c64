use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::sign_in::own_email;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, not_before},
};

/// What somebody finds who forgot their password.
#[derive(Clone, Debug)]
pub enum Forgotten {
    /// The form, with the address as it was typed and what is wrong with it.
    Ask(String, Faults),
    /// They asked. Whether there is such an account is told by the letter alone.
    Asked,
}

impl Forgotten {
    /// The form once more, because too many links were asked for from there.
    #[must_use]
    pub fn too_many(email: &str, retry_at: DateTime<Utc>) -> Self {
        let mut faults = Faults::default();
        let at = not_before(retry_at);
        faults.add("email", format!("Too many links were asked for. Wait until {at}, or ask your tutor or manager"));
        Self::Ask(email.to_owned(), faults)
    }

    /// The form once more, because no address was typed.
    #[must_use]
    pub fn missing() -> Self {
        let mut faults = Faults::default();
        faults.add("email", "Type your email");
        Self::Ask(String::new(), faults)
    }
}

/// Where somebody has a link sent with which they choose a new password.
pub fn forgotten(frame: &Frame, found: &Forgotten) -> Rendered {
    match found {
        _ if !frame.sends_letters => frame.page("A new password", || {
            view! {
                <div class="column">
                    <h1>"A new password"</h1>
                    <p class="lead">"Ask your tutor or manager. They can give you a link with which you choose another."</p>
                    <p>"Everything that you have done is kept."</p>
                    <p><a class="button second" href="/sign-in">"Back to sign in"</a></p>
                </div>
            }
        }),
        Forgotten::Asked => frame.page("Look for our letter", || {
            view! {
                <div class="column">
                    <h1>"Look for our letter"</h1>
                    <p class="lead">"If somebody here has that email, a letter with a link is on its way to them."</p>
                    <p>"It comes within a few minutes. The link works once, for an hour. If nothing comes, look among unwanted mail, or ask your tutor or manager: they can give you a link, too."</p>
                    <p><a class="button" href="/sign-in">"Back to sign in"</a></p>
                </div>
            }
        }),
        Forgotten::Ask(typed, faults) => frame.page(&faults.title("A new password"), || {
            let email = own_email(typed, faults);
            view! {
                <div class="column">
                    {faults.list()}
                    <h1>"A new password"</h1>
                    <p class="lead">"Type the email that you sign in with. We send it a link with which you choose another password."</p>
                    <form method="post" action="/sign-in/forgotten" novalidate>
                        {email}
                        <div class="actions"><button>"Send me a link"</button></div>
                    </form>
                    <p>"Can’t you read that email? Ask your tutor or manager. Everything that you have done is kept."</p>
                    <p><a href="/sign-in">"Back to sign in"</a></p>
                </div>
            }
        }),
    }
}
