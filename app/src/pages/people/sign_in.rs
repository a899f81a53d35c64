use chrono::{DateTime, Utc};
use engine::local;
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, field},
};

/// Why somebody could not sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFault {
    /// The address or the password is missing.
    Missing {
        /// The address is.
        email: bool,
        /// The password is.
        password: bool,
    },
    /// The address or the password is wrong.
    Wrong,
    /// There is a character in the address that nobody can see.
    Unreadable,
    /// Too many tries have failed.
    TooMany {
        /// When the next is allowed.
        retry_at: DateTime<Utc>,
    },
    /// Too many people are signing in at this moment.
    Busy,
    /// Their password was right, but their code came too late.
    TooLate,
}

impl SignInFault {
    fn words(self) -> Faults {
        let mut faults = Faults::default();
        match self {
            Self::Missing { email, password } => {
                if email {
                    faults.add("email", "Type your email");
                }
                if password {
                    faults.add("password", "Type your password");
                }
            }
            // Which of the two is wrong is told to nobody; it is the password that must be typed again.
            Self::Wrong => faults.add("password", "Check your email and password"),
            Self::Unreadable => {
                faults.add("email", "Your email has a character in it that nobody can see. Type it again by hand");
            }
            Self::TooMany { retry_at } => {
                faults.add("email", too_many_tries(retry_at));
            }
            Self::TooLate => {
                faults.add(
                    "email",
                    "It took longer than ten minutes to type your code. Sign in again from the beginning",
                );
            }
            Self::Busy => faults.add("email", "Many people are signing in just now. Wait a moment, then try again"),
        }
        faults
    }
}

/// What somebody was sending when it turned out that they must sign in first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasSending<'a> {
    /// Nothing.
    Nothing,
    /// A form that is kept in this page, sealed.
    Kept(&'a str),
    /// A form that could not be kept.
    Lost,
}

/// Where people sign in. `next` is where they were going.
pub fn sign_in(
    frame: &Frame,
    email: &str,
    next: &str,
    sending: WasSending<'_>,
    fault: Option<SignInFault>,
) -> Rendered {
    let faults = fault.map(SignInFault::words).unwrap_or_default();
    frame.page(&faults.title("Sign in"), || {
        let lead = match sending {
            WasSending::Nothing => "Your induction to staying safe online, a few minutes at a time.",
            WasSending::Kept(_) => {
                "You have been signed out, as everybody is after a while. What you were sending is kept: sign in, and carry on."
            }
            WasSending::Lost => "You were not signed in, so what you were sending did not reach us. Sign in, then do it again.",
        };
        let kept = match sending {
            WasSending::Kept(kept) => Some(view! { <input type="hidden" name="kept" value=kept.to_owned()/> }),
            WasSending::Nothing | WasSending::Lost => None,
        };
        let email = own_email(email, &faults);
        let password = field(Field { id: "password", label: "Password", hint: None }, &faults, |told| {
            view! {
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    aria-invalid=told.invalid
                    aria-describedby=told.described_by
                />
            }
        });
        let forgot = frame.sends_letters.then(|| {
            view! { <p><a href="/sign-in/forgotten">"I forgot my password"</a></p> }
        });
        view! {
            <div class="with-side">
                <div>
                    {faults.list()}
                    <h1>"Sign in"</h1>
                    <p class="lead">{lead}</p>
                    <form method="post" action="/sign-in" novalidate>
                        <input type="hidden" name="next" value=next.to_owned()/>
                        {kept}
                        {email}
                        {password}
                        <button type="button" class="quiet show-password" data-show="password" data-alive hidden>"Show password"</button>
                        <div class="actions"><button>"Sign in"</button></div>
                    </form>
                    {forgot}
                </div>
                <div class="side">
                    <h2>"Can’t get in?"</h2>
                    <p>"Ask your tutor or manager. Everything you have done is kept."</p>
                    <h2>"Need to talk to someone?"</h2>
                    <p>"You don’t have to sign in to " <a href="/help">"get help"</a> "."</p>
                </div>
            </div>
        }
    })
}

/// The e-mail address that somebody signs in with. `typed`: what they typed before.
pub(super) fn own_email(typed: &str, faults: &Faults) -> AnyView {
    let value = typed.to_owned();
    field(Field { id: "email", label: "Email", hint: None }, faults, |told| {
        view! {
            <input
                id="email"
                name="email"
                type="email"
                autocomplete="username"
                required
                value=value
                aria-invalid=told.invalid
                aria-describedby=told.described_by
            />
        }
    })
    .into_any()
}

/// That somebody has tried too often, and what to do.
#[must_use]
pub fn too_many_tries(retry_at: DateTime<Utc>) -> String {
    let at = local(retry_at).format("%H:%M");
    format!("There were too many tries. Wait until {at}, then try again, or ask your tutor or manager")
}
