use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::passkeys::sign_in_with_passkey;
use crate::pages::{
    frame::{Frame, Rendered, SignOnOffer},
    parts::{Faults, Field, field, in_query, not_before},
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
    /// They came back from their organisation, and that did not work.
    SignOnFailed,
    /// They did not want to go on there, or are not let in here by it.
    SignOnStopped,
    /// They came back by a way that was used before, is too old, or is another browser's.
    SignOnOver,
    /// Their organisation signed them in, and nobody here is known to be them.
    SignOnUnknown,
    /// Nobody here has the passkey that was shown.
    PasskeyUnknown,
    /// What was shown of a passkey does not count.
    PasskeyFailed,
    /// Nobody signs in with a password here.
    SignOnOnly,
    /// Their password was right, but their code came too late.
    TooLate,
}

impl SignInFault {
    fn words(self, offer: Option<&SignOnOffer>) -> Faults {
        let mut faults = Faults::default();
        let label = offer.map_or("that account", |offer| &offer.label);
        match self {
            Self::SignOnFailed => {
                faults.add("sign-on", format!("Signing in with {label} did not work. Try it again, or ask your tutor or manager"));
            }
            Self::SignOnStopped => faults.add(
                "sign-on",
                format!("You stopped before {label} signed you in, or it does not let you in here. Try it again, or ask your tutor or manager"),
            ),
            Self::SignOnOver => faults.add(
                "sign-on",
                format!("Signing in with {label} did not work: this way back was used before, is more than a quarter of an hour old, or is another browser’s. Sign in again"),
            ),
            Self::SignOnUnknown => faults.add(
                "sign-on",
                format!("Nobody here is known by {label}. Do you have another? Otherwise ask your tutor or manager to have you added"),
            ),
            Self::PasskeyUnknown => faults.add(
                "passkey",
                "Nobody here has this passkey any more. Sign in with your password, and add it again on the page of your account",
            ),
            Self::PasskeyFailed => {
                faults.add("passkey", "Signing in with a passkey did not work. Try it again, or use your password");
            }
            Self::SignOnOnly => faults.add("sign-on", format!("Here people sign in with {label}")),
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
                faults.add("email", too_many_to_sign_in(retry_at));
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
    let offer = frame.sign_on.as_ref();
    let faults = fault.map(|fault| fault.words(offer)).unwrap_or_default();
    let frame = &frame.with_passkeys();
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
        let only = offer.is_some_and(|offer| offer.only);
        let forgot = (frame.sends_letters && !only).then(|| {
            view! { <p><a href="/sign-in/forgotten">"I forgot my password"</a></p> }
        });
        view! {
            <div class="with-side">
                <div>
                    {faults.list()}
                    {frame.logo("own-logo")}
                    <h1>"Sign in"</h1>
                    <p class="lead">{lead}</p>
                    {frame.passkeys.then(|| sign_in_with_passkey(next, sending, offer.is_none(), &faults))}
                    {offer.map(|offer| sign_on(offer, next, fault == Some(SignInFault::SignOnUnknown)))}
                    {(!only).then(|| view! {
                        <form method="post" action="/sign-in" novalidate>
                            <input type="hidden" name="next" value=next.to_owned()/>
                            {kept}
                            {email}
                            {password}
                            <button type="button" class="quiet show-password" data-show="password" data-alive hidden>"Show password"</button>
                            <div class="actions"><button>"Sign in"</button></div>
                        </form>
                    }.into_any())}
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

/// The way to the sign-in of the organisation. A link, because a form of ours may lead nowhere else. `anew`: with another account than the one with
/// which they are signed in there.
fn sign_on(offer: &SignOnOffer, next: &str, anew: bool) -> AnyView {
    let anew = anew.then(|| "anew=yes".to_owned());
    let next = (next != "/").then(|| format!("next={}", in_query(next)));
    let asks: Vec<String> = anew.into_iter().chain(next).collect();
    let query = if asks.is_empty() { String::new() } else { format!("?{}", asks.join("&")) };
    let or = (!offer.only).then(|| view! { <p>"Or with your email and a password of this site:"</p> });
    view! {
        <p><a class="button" id="sign-on" href=format!("/sign-in/with{query}")>{format!("Sign in with {}", offer.label)}</a></p>
        {or}
    }
    .into_any()
}

/// What became of coming back from the organisation to somebody who is signed in here, and stays so. `next`: where they were going.
pub fn signed_in_already(frame: &Frame, name: &str, next: &str, fault: SignInFault) -> Rendered {
    frame.page("You are signed in already", || {
        let label = frame.sign_on.as_ref().map(|offer| offer.label.clone()).unwrap_or_default();
        let what = match fault {
            SignInFault::SignOnStopped => format!("You stopped before {label} signed you in once more."),
            SignInFault::SignOnOver => format!(
                "You came back from {label} by a way that was used before, or is more than a quarter of an hour old. It did nothing."
            ),
            SignInFault::SignOnUnknown => format!("Nobody here is known by {label} with which you signed in just now."),
            _ => format!("Signing in with {label} once more did not work."),
        };
        let once_more = format!("/sign-in/with?anew=yes&next={}", in_query(next));
        view! {
            <div class="column">
                <h1>"You are signed in already"</h1>
                <p>{what}</p>
                <p>"You are signed in as " <strong dir="auto">{name.to_owned()}</strong> ", as before."</p>
                <div class="actions">
                    <a class="button" href=next.to_owned()>"Carry on"</a>
                    " "
                    <a href=once_more>{format!("Sign in with {label} once more")}</a>
                </div>
            </div>
        }
    })
}

/// That somebody has signed out here who was signed in by their organisation. `out`: where they end that as well, if it is known.
pub fn signed_out(frame: &Frame, out: Option<String>) -> Rendered {
    frame.page("Signed out", || {
        let label = frame.sign_on.as_ref().map(|offer| offer.label.clone()).unwrap_or_default();
        let stays =
            format!("With {label} you may still be signed in on this device. If others use it, sign out there, too.");
        let too = out.map(|out| {
            view! { <p><a class="standalone" href=out>{format!("Sign out of {label}, too")}</a></p> }
        });
        view! {
            <div class="column">
                <h1>"You are signed out here"</h1>
                <p>{stays}</p>
                {too}
                <p><a class="button second" href="/sign-in">"Sign in again"</a></p>
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

/// The same where they sign in: somebody else may have tried, and there are ways in that nobody can shut for them.
fn too_many_to_sign_in(retry_at: DateTime<Utc>) -> String {
    let at = not_before(retry_at);
    format!(
        "There were too many tries. Wait until {at}, then try again. You need not wait in a browser where you signed in before, with a passkey, or with a link to choose a password: say below that you forgot it, or ask your tutor or manager"
    )
}

/// That somebody has tried too often, and what to do.
#[must_use]
pub fn too_many_tries(retry_at: DateTime<Utc>) -> String {
    let at = not_before(retry_at);
    format!("There were too many tries. Wait until {at}, then try again, or ask your tutor or manager")
}
