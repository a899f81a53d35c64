use chrono::NaiveDate;
use engine::{ContactGap, ContactsAndCover, Holds, RoleCover, SiteContacts};
use leptos::prelude::*;

use super::gap::{gap_words, to_know_words};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, day, list_table, mark, phone},
};

/// Whom people find at each site, who holds each named role and who stands in, and what is missing.
pub fn contacts_and_cover(frame: &Frame, seen: &ContactsAndCover) -> Rendered {
    frame.with_tables().page("Contacts and cover", || {
        let lead = lead(seen.notices().len(), seen.to_know());
        let sites = if seen.sites.is_empty() {
            view! { <div class="card nothing"><h3>"No site is named yet."</h3> <p>"Whoever needs somebody finds nobody here. Add a site with its contacts to organisation.toml."</p></div> }.into_any()
        } else {
            seen.sites.iter().map(|site| site_part(site, seen.ahead)).collect_view().into_any()
        };
        let roles = if seen.roles.is_empty() {
            view! { <p>"No role is named. Agreements can then be submitted to nobody by name."</p> }.into_any()
        } else {
            seen.roles.iter().map(|role| role_part(role, seen.ahead)).collect_view().into_any()
        };
        let night = if seen.at_any_hour.is_empty() {
            "No help service is named for any hour.".to_owned()
        } else {
            // Their names have commas in them.
            let lines = seen.at_any_hour.join("; ");
            format!("Outside these hours people find help services on every page. At any hour, and for everybody: {lines}.")
        };
        view! {
            <p class="crumb"><a href="/admin">"Administration"</a></p>
            <h1>"Contacts and cover"</h1>
            <p class="lead">{lead}</p>
            <p>
                "All of this stands in organisation.toml. Whoever keeps that file changes it there and publishes it; "
                <a href="/admin/settings">"Settings"</a>
                " shows beforehand what would be wrong with a change."
            </p>
            <h2>"At each site"</h2>
            <p class="hint">{night}</p>
            {sites}
            <h2>"Named roles"</h2>
            <p>
                "What people hand in goes to whoever stands in on that day, otherwise to whoever holds the role. They are named by the address with which they sign in."
            </p>
            {roles}
        }
    })
}

/// How much needs an administrator, which the front page counts as well, and how much they may only want to know.
fn lead(missing: usize, to_know: usize) -> String {
    let known = || to_know_words(to_know);
    match (missing, to_know) {
        (0, 0) => "Somebody is named everywhere.".to_owned(),
        (0, _) => format!("Nothing needs you now. {} below.", known()),
        (missing, 0) => format!("{} below.", count(missing, "thing is missing", "things are missing")),
        (missing, _) => {
            format!("{} below, and {}.", count(missing, "thing is missing", "things are missing"), known())
        }
    }
}

fn gaps(gaps: &[ContactGap], ahead: u64) -> impl IntoView + use<> {
    let rows = gaps.iter().map(|gap| {
        view! { <li>{mark(Mark::Warning)} " " {gap_words(gap, ahead)}</li> }
    });
    let rows = rows.collect_view();
    (!gaps.is_empty()).then(|| view! { <ul class="gaps" role="list">{rows}</ul> })
}

fn site_part(site: &SiteContacts, ahead: u64) -> impl IntoView + use<> {
    let rows = site.contacts.iter().map(|one| {
        let contact = &one.contact;
        let name = match one.account {
            Some(person) => view! { <a href=format!("/people/{person}")>{contact.name.clone()}</a> }.into_any(),
            None => contact.name.clone().into_any(),
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{contact.role.clone()}</td>
                <td>{contact.hours.clone()}</td>
                <td>{phone(&contact.phone)}</td>
                <td><a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let label = format!("Contacts at {}", site.name);
    let table = (!site.contacts.is_empty())
        .then(|| list_table(label, &["Name", "What they are", "Hours", "Phone", "E-mail"], rows));
    view! {
        <section>
            <h3>{site.name.clone()}</h3>
            {gaps(&site.gaps, ahead)}
            {table}
        </section>
    }
}

fn role_part(role: &RoleCover, ahead: u64) -> impl IntoView + use<> {
    let rows = role.holders.iter().map(|holds| holds_row(holds, "Holds it"));
    let rows = rows.chain(role.cover.iter().map(|holds| holds_row(holds, "Stands in"))).collect_view();
    let gets = match role.gets.as_slice() {
        [] => "No agreement is submitted to it.".to_owned(),
        // Titles have commas in them.
        titles => format!("Agreements submitted to it: {}.", titles.join("; ")),
    };
    view! {
        <section>
            <h3>{role.title.clone()}</h3>
            <p class="hint">{gets} " It is reached at " {role.email.clone()} "."</p>
            {gaps(&role.gaps, ahead)}
            {list_table(format!("Who holds it: {}", role.title), &["Address", "Who that is", "How", "When"], rows)}
        </section>
    }
}

fn holds_row(holds: &Holds, how: &'static str) -> impl IntoView + use<> {
    let who = match &holds.account {
        Some((person, name)) => view! { <a href=format!("/people/{person}") dir="auto">{name.clone()}</a> }.into_any(),
        None => "Nobody who signs in here".into_any(),
    };
    let now = if holds.today { "" } else { " (not today)" };
    view! {
        <tr>
            <th scope="row">{holds.email.clone()}</th>
            <td>{who}</td>
            <td>{how}</td>
            <td>{format!("{}{now}", days(holds.from, holds.until))}</td>
        </tr>
    }
}

fn days(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    match (from, until) {
        (None, None) => "Always".to_owned(),
        (Some(from), None) => format!("From {}", day(from)),
        (None, Some(until)) => format!("Until {}", day(until)),
        (Some(from), Some(until)) => format!("From {} until {}", day(from), day(until)),
    }
}

#[cfg(test)]
mod tests {
    use super::lead;

    #[test]
    fn what_needs_nobody_is_not_called_missing() {
        let said = [(0, 0), (0, 5), (1, 0), (2, 1)].map(|(missing, to_know)| lead(missing, to_know));
        let expected = [
            "Somebody is named everywhere.",
            "Nothing needs you now. 5 things are worth knowing below.",
            "1 thing is missing below.",
            "2 things are missing below, and 1 thing is worth knowing.",
        ];
        assert_eq!(said, expected);
    }
}
