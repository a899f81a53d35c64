use leptos::prelude::*;

use crate::pages::frame::{Frame, Rendered};

/// After signing in again: what was being sent when the session ended is one press away. `fields` are its names and
/// values.
pub fn carry_on(frame: &Frame, address: &str, fields: &[(String, String)]) -> Rendered {
    frame.page("Welcome back", || {
        let fields = fields
            .iter()
            .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> })
            .collect_view();
        view! {
            <div class="column">
                <h1>"Welcome back"</h1>
                <p class="lead">"You were sending something when you were signed out. We still have it."</p>
                <form class="actions" method="post" action=address.to_owned()>
                    {fields}
                    <button>"Send it and carry on"</button>
                </form>
                <p><a class="standalone" href="/">"Leave it, and go to your page"</a></p>
            </div>
        }
    })
}

/// After signing in where a form was kept that is not theirs, or is too old.
pub fn dropped(frame: &Frame) -> Rendered {
    frame.page("You are signed in", || {
        view! {
            <div class="column">
                <h1>"You are signed in"</h1>
                <p class="lead">
                    "Something was waiting in this page to be sent. It was somebody else’s, or more than a day old, so it is gone and
                    was not sent."
                </p>
                <p>"If it was yours, please do it again. What you had saved before is safe."</p>
                <p class="actions"><a class="button" href="/">"Go to your page"</a></p>
            </div>
        }
    })
}
