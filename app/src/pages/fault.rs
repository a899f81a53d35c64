use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::not_before,
};

/// Why there is no page to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such page.
    NotFound,
    /// It is for other people.
    NotForYou,
    /// A form came from another site, or in a way that no page of ours sends it.
    NotFromHere,
    /// What was sent cannot be understood.
    NotUnderstood,
    /// It was sent in a way in which no page of ours sends anything.
    NotAForm,
    /// It was too large.
    TooLarge,
    /// It took too long to arrive.
    TooSlow,
    /// Too many addresses that lead nowhere were tried from there.
    TooMany {
        /// When the next is allowed.
        retry_at: DateTime<Utc>,
    },
    /// Something failed on our side; the number finds it in the log.
    Internal {
        /// What people can quote.
        number: String,
    },
    /// There is no room to write, or nothing may be written; what is there can be read.
    NotSaved {
        /// What people can quote.
        number: String,
        /// What whoever looks after this site has to do. `None`: it may pass by itself.
        mend: Option<String>,
    },
    /// Somebody has signed out, and their session could not be ended: only their browser has let go of it.
    SignedOutHere {
        /// What people can quote.
        number: String,
    },
    /// The database does not answer: what was sent may be lost or kept.
    OutOfReach {
        /// What people can quote.
        number: String,
    },
}

/// A page that says what happened, what to do, and what became of what somebody was doing.
pub fn fault(frame: &Frame, fault: &Fault) -> Rendered {
    let (heading, lead, advice) = match fault {
        Fault::NotFound => (
            "We can’t find that page",
            "The link may be old, or a letter may be missing. Nothing of yours is lost.",
            "If you typed the address, check it. If a link brought you here, tell whoever looks after this site which one.",
        ),
        Fault::NotForYou => (
            "This page is for other people",
            "You are signed in, and this page is not meant for your account. Nothing of yours is lost.",
            "If you think you should see it, ask an administrator of this site. If you are not the person named above, sign out and sign in as
            yourself.",
        ),
        Fault::NotFromHere => (
            "We did not accept that",
            "It did not come from a page of this site. Nothing was changed.",
            "Go to your page and do it from there. If that does not help, tell your tutor or manager.",
        ),
        Fault::NotUnderstood => (
            "We could not read what was sent",
            "Something was missing or not as we expected. Nothing was changed, and what you had saved is safe.",
            "Go back, load the page again, and try once more.",
        ),
        Fault::NotAForm => (
            "We do not take that kind of thing",
            "It was not sent by a form of this site. Nothing was changed.",
            "Go to your page and do it from there. If that does not help, tell your tutor or manager.",
        ),
        Fault::TooSlow => (
            "That took too long to reach us",
            "Your connection may be weak. Nothing was changed, and what you had saved is safe.",
            "Go back and try once more, perhaps where the signal is better.",
        ),
        Fault::TooMany { .. } => (
            "That was tried too often",
            "Too many addresses that lead nowhere were asked for from where you are. Nothing of yours is lost.",
            "Nothing else of this site waits for that.",
        ),
        Fault::TooLarge => (
            "That was too much at once",
            "What was sent is larger than any form here needs. Nothing was changed.",
            "Go back and send less.",
        ),
        Fault::Internal { .. } => (
            "Something went wrong on our side",
            "It is not your doing. What you had saved is safe.",
            "Wait a minute, then try again. If it goes on, tell your tutor or manager this number, and we can find out what happened:",
        ),
        Fault::NotSaved { mend: Some(_), .. } => (
            "Nothing was saved just now",
            "We cannot save anything at the moment. It is not your doing. What you had saved before is safe, and you can go on reading.",
            "It does not pass by itself: somebody has to put it right. Tell your tutor or manager, with this number and the words below it:",
        ),
        Fault::NotSaved { .. } => (
            "Nothing was saved just now",
            "We cannot save anything at the moment. It is not your doing. What you had saved before is safe, and you can go on reading.",
            "Wait a few minutes, then go back and send it again. If it goes on, tell your tutor or manager this number:",
        ),
        Fault::SignedOutHere { .. } => (
            "You are signed out in this browser",
            "Nobody can go on here as you. We could not save that on our side just now, so there it ends by itself within an hour.",
            "Close the browser if other people use this device too. If this goes on, tell your tutor or manager this number:",
        ),
        Fault::OutOfReach { .. } => (
            "We cannot reach our records just now",
            "It is not your doing. What you had saved before is safe. What you sent just now may not have been saved.",
            "Wait a few minutes, go back and load the page again: it shows what was saved. If it goes on, tell your tutor or manager this \
             number:",
        ),
    };
    let advice = match fault {
        Fault::TooMany { retry_at } => format!("Wait until {}, then try again. {advice}", not_before(*retry_at)),
        _ => advice.to_owned(),
    };
    let number = match fault {
        Fault::Internal { number }
        | Fault::NotSaved { number, .. }
        | Fault::SignedOutHere { number }
        | Fault::OutOfReach { number } => Some(number.clone()),
        _ => None,
    };
    let mend = match fault {
        Fault::NotSaved { mend, .. } => mend.clone(),
        _ => None,
    };
    frame.page(heading, || {
        let mend =
            mend.map(|mend| view! { <p class="hint">{format!("For whoever looks after this site: {mend}.")}</p> });
        view! {
            <div class="column">
                <h1>{heading}</h1>
                <p class="lead">{lead}</p>
                <p>{advice}</p>
                {number.map(|number| view! { <p class="number">{number}</p> })}
                {mend}
                <p class="actions"><a class="button" href="/">"Go to your page"</a></p>
            </div>
        }
    })
}
