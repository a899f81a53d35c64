use leptos::prelude::*;

use crate::pages::frame::{Frame, Rendered};

/// What somebody finds who opens the link with which letters are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopLetters {
    /// They get them.
    Open,
    /// They have stopped them.
    Stopped,
    /// The link does not hold.
    Gone,
}

/// Which letters come all the same.
pub(super) const STILL_COME: &str = "A letter still comes on the day that something is due, when it is late or has changed, and when somebody who looks after you has one sent: that is part of what is asked of you.";

/// Where letters that tell people early are stopped, or had again.
pub fn stop_letters(frame: &Frame, found: StopLetters) -> Rendered {
    let (title, words, act) = match found {
        StopLetters::Open => (
            "Stop early letters",
            "You get a letter when something is due soon, and when something can be done again. You can stop these.",
            Some(("stop", "Stop these letters")),
        ),
        StopLetters::Stopped => (
            "Early letters are stopped",
            "You get no more letters about what is due soon or can be done again.",
            Some(("go-on", "Have them again")),
        ),
        StopLetters::Gone => (
            "This link does not hold any more",
            "It may be too old, or a part of it may be missing. Use the link in the newest letter that you got, or the page of your account.",
            None,
        ),
    };
    frame.page(title, || {
        let form = act.map(|(code, verb)| {
            view! {
                <form method="post">
                    <div class="actions"><button name="do" value=code>{verb}</button></div>
                </form>
                <p class="hint">{STILL_COME}</p>
            }
        });
        view! {
            <div class="column">
                <h1>{title}</h1>
                <p>{words}</p>
                {form}
            </div>
        }
    })
}
