use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::day_of,
};

/// Somebody's calendar, as their record has it. `made`: when they made its address, if they have one.
pub(super) fn calendar(made: Option<DateTime<Utc>>) -> impl IntoView {
    let about = "The days by which something is due, and until which it counts, in the calendar on your phone or computer. Its words are neutral, such as “Online safety, part 3”, because others may look at it.";
    let now = match made {
        Some(made) => view! {
            <p>{format!("You made a private address for it on {}. Whoever has that address sees these days.", day_of(made))}</p>
            <form method="post" action="/cpd/calendar" class="actions">
                <button class="second" name="do" value="make">"Make another address"</button>
                " "
                <button class="second" name="do" value="end">"End the address"</button>
            </form>
        }
        .into_any(),
        None => view! {
            <form method="post" action="/cpd/calendar" class="actions">
                <button class="second" name="do" value="make">"Make a private address"</button>
            </form>
        }
        .into_any(),
    };
    view! { <section class="no-print"><h2>"Calendar"</h2> <p>{about}</p> {now}</section> }
}

/// The private address of somebody's calendar, which is shown this once.
pub fn calendar_made(frame: &Frame, address: &str) -> Rendered {
    frame.page("Your calendar’s address", || {
        let address = address.to_owned();
        view! {
            <div class="column">
                <p class="crumb"><a href="/cpd">"Your record"</a></p>
                <h1>"Your calendar’s address"</h1>
                <p class="lead">"Copy it now: it is shown this once. One that you had before leads nowhere any more."</p>
                <div class="field">
                    <label for="address">"Address"</label>
                    <input id="address" type="text" readonly value=address autocomplete="off" spellcheck="false"/>
                </div>
                <ol>
                    <li>"In your calendar, look for “Subscribe”, “Add by URL” or “From the internet”."</li>
                    <li>"Paste the address. Your calendar looks for changes by itself, often once a day."</li>
                </ol>
                <p>"Whoever has the address sees these days, and nothing else. If somebody got it who should not, make another or end it in your record."</p>
                <p><a class="button second" href="/cpd">"Back to your record"</a></p>
            </div>
        }
    })
}
