use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{
    second_factor::code_field,
    sign_in::{WasSending, too_many_tries},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::Faults,
};

/// Why a code did not let somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// None was typed.
    Missing,
    /// It is not right, or was used before.
    Wrong,
    /// Too many tries have failed.
    TooMany {
        /// When the next is allowed.
        retry_at: DateTime<Utc>,
    },
    /// So many were wrong that none of the phone is taken any more.
    UsedUp,
    /// Too many people are signing in at this moment.
    Busy,
}

impl CodeFault {
    /// What is wrong, in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Missing => "Type the code that your app shows".to_owned(),
            Self::Wrong => {
                "This code is not right, or it was used already. Wait until your app shows the next one, and type that"
                    .to_owned()
            }
            Self::UsedUp => {
                "Too many wrong codes were typed, so codes of your phone are not taken here for now. Type one of your recovery codes, or sign in on a device that you have used before"
                    .to_owned()
            }
            Self::TooMany { retry_at } => too_many_tries(retry_at),
            Self::Busy => "Many people are signing in just now. Wait a moment, then try again".to_owned(),
        }
    }
}

/// The second half of signing in. `half`: the first half, sealed; `next`: where they were going.
pub fn sign_in_code(
    frame: &Frame,
    half: &str,
    next: &str,
    sending: WasSending<'_>,
    fault: Option<CodeFault>,
) -> Rendered {
    let mut faults = Faults::default();
    if let Some(fault) = fault {
        faults.add("code", fault.words());
    }
    frame.page(&faults.title("Your code"), || {
        let kept = match sending {
            WasSending::Kept(kept) => Some(view! { <input type="hidden" name="kept" value=kept.to_owned()/> }),
            WasSending::Nothing | WasSending::Lost => None,
        };
        view! {
            <div class="with-side">
                <div>
                    {faults.list()}
                    <h1>"Your code"</h1>
                    <p class="lead">"Your password is right. Now open the app on your phone that shows your codes."</p>
                    <form method="post" action="/sign-in/code" novalidate>
                        <input type="hidden" name="half" value=half.to_owned()/>
                        <input type="hidden" name="next" value=next.to_owned()/>
                        {kept}
                        {code_field("code", "The six digits that it shows now", Some("Or one of your recovery codes"), &faults)}
                        <div class="actions"><button>"Sign in"</button></div>
                    </form>
                </div>
                <div class="side">
                    <h2>"Is your phone gone?"</h2>
                    <p>"Type one of the recovery codes that you kept: each lets you in once. If those are gone, too, ask an administrator. Everything you have done is kept."</p>
                    <p>"This page holds for ten minutes. "<a href="/sign-in">"Begin again"</a></p>
                    <h2>"Need to talk to someone?"</h2>
                    <p>"You don’t have to sign in to " <a href="/help">"get help"</a> "."</p>
                </div>
            </div>
        }
        .into_any()
    })
}
