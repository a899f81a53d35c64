use chrono::{DateTime, Utc};
use engine::local;
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::error_summary,
};

/// Why somebody could not sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFault {
    /// The address or the password is wrong.
    Wrong,
    /// Too many tries have failed.
    TooMany {
        /// When the next is allowed.
        retry_at: DateTime<Utc>,
    },
    /// Too many people are signing in at this moment.
    Busy,
    /// The session had ended; what was being sent is kept in this page.
    Expired,
}

/// Where people sign in. `next` is where they were going, `kept` the form that they were sending when their session had
/// ended.
pub fn sign_in(frame: &Frame, email: &str, next: &str, kept: Option<&str>, fault: Option<SignInFault>) -> Rendered {
    let error = match fault {
        Some(SignInFault::Wrong) => Some("Check your email and password".to_owned()),
        Some(SignInFault::TooMany { retry_at }) => Some(format!(
            "There were too many tries. Wait until {}, then try again, or ask your tutor or manager",
            local(retry_at).format("%H:%M"),
        )),
        Some(SignInFault::Busy) => {
            Some("Many people are signing in just now. Wait a moment, then try again".to_owned())
        }
        Some(SignInFault::Expired) | None => None,
    };
    let title = if error.is_some() { "Error: Sign in" } else { "Sign in" };
    frame.page(title, || {
        let lead = if fault == Some(SignInFault::Expired) || kept.is_some() {
            "You were signed out because nothing happened for a while. What you were sending is kept: sign in, and carry on."
        } else {
            "Your induction to staying safe online, a few minutes at a time."
        };
        let invalid = error.is_some().then_some("true");
        let described = error.is_some().then_some("email-error");
        let summary = error_summary(error.iter().map(|error| ("email", error.clone())).collect());
        let field_error =
            error.map(|error| view! { <p class="field-error" id="email-error">{error}</p> });
        let kept = kept.map(|kept| view! { <input type="hidden" name="kept" value=kept.to_owned()/> });
        view! {
            <div class="with-side">
                <div>
                    {summary}
                    <h1>"Sign in"</h1>
                    <p class="lead">{lead}</p>
                    <form method="post" action="/sign-in">
                        <input type="hidden" name="next" value=next.to_owned()/>
                        {kept}
                        <div class="field">
                            <label for="email">"Email"</label>
                            {field_error}
                            <input
                                id="email"
                                name="email"
                                type="email"
                                autocomplete="username"
                                required
                                value=email.to_owned()
                                aria-invalid=invalid
                                aria-describedby=described
                            />
                        </div>
                        <div class="field">
                            <label for="password">"Password"</label>
                            <input
                                id="password"
                                name="password"
                                type="password"
                                autocomplete="current-password"
                                required
                                aria-invalid=invalid
                            />
                        </div>
                        <div class="actions"><button>"Sign in"</button></div>
                    </form>
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
