use engine::catalogue::{Contact, Helpline};
use leptos::prelude::*;

use super::{
    status::{Mark, mark},
    words::{in_print, with_numbers},
};

/// A phone number that a phone can dial.
pub fn phone(number: &str) -> impl IntoView + use<> {
    let dial: String = number.chars().filter(|character| !character.is_whitespace()).collect();
    view! { <a href=format!("tel:{dial}")>{number.to_owned()}</a> }
}

/// The first thing wherever help is offered: a whole row to press, for whoever is in danger.
pub fn emergency() -> impl IntoView {
    view! {
        <a class="emergency" href="tel:999">
            {mark(Mark::Warning)}
            " "
            <span>"In danger now? " <strong>"Call 999"</strong></span>
        </a>
    }
}

/// The people of a site.
pub fn contacts(contacts: &[Contact], class: &'static str) -> impl IntoView + use<> {
    let rows = contacts
        .iter()
        .map(|contact| {
            view! {
                <li>
                    <p class="name">{contact.name.clone()}</p>
                    <p>{contact.role.clone()}</p>
                    <p>
                        {phone(&contact.phone)} " "
                        <a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a>
                    </p>
                    <p class="hint">{contact.hours.clone()}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class=class role="list">{rows}</ul> }
}

/// The number of a help service: to be called, and to be texted.
pub fn reached(helpline: &Helpline) -> impl IntoView + use<> {
    let number = helpline.phone.as_deref().map(phone);
    let text = helpline.text.as_deref().map(|text| view! { <span inner_html=with_numbers(text)></span> });
    view! { {number} " " {text} }
}

/// A help service in a list.
pub fn helpline(helpline: &Helpline) -> impl IntoView + use<> {
    let link = helpline.url.as_ref().map(|url| {
        let shown = url.trim_start_matches("https://").trim_start_matches("www.").trim_end_matches('/').to_owned();
        view! { <a href=url.clone() rel="noreferrer">{shown}</a> }
    });
    let hours = helpline.hours.as_ref().map(|hours| view! { <p class="hint">{hours.clone()}</p> });
    // What somebody without credit asks first, and what nobody should find out only afterwards.
    let cost = helpline.cost.as_ref().map(|cost| view! { <p class="hint">"Cost: " {in_print(cost)}</p> });
    let cannot =
        helpline.cannot.as_ref().map(|cannot| view! { <p class="hint">"What it can’t do: " {in_print(cannot)}</p> });
    view! {
        <li>
            <p class="name">{in_print(&helpline.name)}</p>
            <p class="running"><span inner_html=with_numbers(&helpline.about)></span> " For: " {in_print(&helpline.for_whom)} "."</p>
            <p>{reached(helpline)} " " {link}</p>
            {hours}
            {cost}
            {cannot}
        </li>
    }
}
