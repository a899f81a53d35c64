use leptos::prelude::*;

use crate::pages::frame::{Frame, Rendered};

/// A file of which nothing could be made: its problems stand above, its text here.
pub fn unread(frame: &Frame, title: &str, text: &str) -> Rendered {
    frame.page(title, || {
        let text = (!text.is_empty()).then(|| {
            view! { <pre tabindex="0" role="group" aria-label="The text of the file"><code>{text.to_owned()}</code></pre> }
        });
        view! {
            <div class="column">
                <h1>{title.to_owned()}</h1>
                <p class="lead">"This cannot be shown until its errors are put right."</p>
                {text}
            </div>
        }
    })
}

/// An address that a preview does not have.
pub fn nothing_here(frame: &Frame) -> Rendered {
    frame.page("Not in the preview", || {
        view! {
            <div class="column">
                <h1>"Not in the preview"</h1>
                <p class="lead">
                    "There is no such file, or this belongs to the site itself: attempts, signatures and versions need people."
                </p>
                <p class="actions"><a class="button" href="/">"See all of the content"</a></p>
            </div>
        }
    })
}
