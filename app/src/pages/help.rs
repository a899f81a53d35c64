use engine::catalogue::{Catalogue, Helpline, HelplineAudience};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{contacts, emergency, helpline, in_print, reached},
};

/// The headings by age, with their places on the page and their words.
const BY_AGE: [(HelplineAudience, &str, &str); 3] = [
    (HelplineAudience::Young, "young", "If you are under 18"),
    (HelplineAudience::Adult, "adult", "If you are 18 or over"),
    (HelplineAudience::Everyone, "everyone", "Whatever your age"),
];

/// Who to talk to: here, and on the phone. It asks nobody who they are.
pub fn help(frame: &Frame, catalogue: &Catalogue) -> Rendered {
    frame.page("Get help", || {
        let here = frame
            .around
            .sites
            .iter()
            .map(|site| {
                view! {
                    <h3>{site.name.clone()}</h3>
                    {contacts(&site.contacts, "contacts contacts-two")}
                }
            })
            .collect_view();
        let at_night = at_night(frame, catalogue);
        view! {
            <h1>"Get help"</h1>
            {emergency()}
            <p class="lead">
                "Whatever happened, you can tell someone. Induct never records that you opened this page. (It does record which
                pages of a module you open.)"
            </p>
            {jumps(catalogue, !at_night.is_empty())}
            <section aria-labelledby="here">
                <h2 id="here">"Talk to someone here"</h2>
                <p>
                    "They listen, and they know what to do. They can’t promise to keep it secret. They may have to tell somebody
                    else to keep you safe. If it’s safe to, they tell you first."
                </p>
                {here}
            </section>
            {now(&at_night)}
            {BY_AGE.map(|(audience, id, heading)| lines(catalogue, &audience, id, heading)).into_iter().collect_view()}
            {for_audiences(catalogue)}
            <section aria-labelledby="to-print">
                <h2 id="to-print">"To print"</h2>
                <ul>
                    <li><a href="/help/card">"Who to call, on one page"</a>", to keep in a pocket"</li>
                    <li><a href="/help/poster">"A poster for a centre"</a>", with a code that opens this page"</li>
                </ul>
            </section>
            <section aria-labelledby="leaving">
                <h2 id="leaving">"Leaving quickly"</h2>
                <p>
                    "“Leave” in the bar signs you out and opens a weather page in place of this one. "
                    <span data-alive hidden>"Pressing Escape three times does the same. "</span>
                    "It cannot clear your browser’s history."
                </p>
            </section>
        }
    })
}

/// Who is there when the people here are not: those of the reader's audience first, then those that the provider names for any hour.
fn at_night(frame: &Frame, catalogue: &Catalogue) -> Vec<Helpline> {
    let mut found: Vec<Helpline> = frame.around.helplines.clone();
    for line in catalogue.helplines_at_any_hour() {
        if found.iter().all(|there| there.name != line.name) {
            found.push(line.clone());
        }
    }
    found
}

fn now(at_night: &[Helpline]) -> impl IntoView + use<> {
    let rows: Vec<_> = at_night
        .iter()
        .map(|line| {
            let hours = line.hours.as_ref().map(|hours| view! { <p class="hint">{in_print(hours)}</p> });
            view! { <li><p class="name">{in_print(&line.name)}</p> <p>{reached(line)}</p> {hours}</li> }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section aria-labelledby="now">
                <h2 id="now">"Now, at any hour"</h2>
                <p>"Is it outside these hours, or does nobody answer? You don’t have to wait until morning."</p>
                <ul class="contacts contacts-two" role="list">{rows}</ul>
            </section>
        }
    })
}

/// What leads down a long page: whoever is frightened does not scroll far.
fn jumps(catalogue: &Catalogue, at_night: bool) -> impl IntoView + use<> {
    let there = |audience: &HelplineAudience| catalogue.helplines.iter().any(|line| line.stands_under(audience));
    let by_age = BY_AGE.into_iter().filter(|(audience, ..)| there(audience));
    let links = at_night.then_some(("now", "Now, at any hour")).into_iter().chain([("here", "Someone here")]);
    let links = links.chain(by_age.map(|(_, id, words)| (id, words)));
    let links = links.map(|(id, words)| (id.to_owned(), words.to_owned()));
    let links = links.chain(audiences(catalogue).into_iter().map(|(_, id, words)| (id, words)));
    let links = links.map(|(id, words)| view! { <li><a href=format!("#{id}")>{words}</a></li> });
    view! {
        <nav aria-label="On this page">
            <ul class="jumps" role="list">{links.collect_view()}</ul>
        </nav>
    }
}

/// The audiences that have help services of their own, each with its place on the page and its heading.
fn audiences(catalogue: &Catalogue) -> Vec<(&HelplineAudience, String, String)> {
    let mut of: Vec<_> =
        catalogue.helplines.iter().flat_map(|line| line.also_under.iter().chain([&line.audience])).collect();
    of.sort();
    of.dedup();
    let own = of.into_iter().filter_map(|heading| match heading {
        HelplineAudience::Of(audience) => Some((heading, audience)),
        _ => None,
    });
    own.map(|(heading, audience)| {
        let words = format!("For {}", catalogue.organisation.many(audience));
        (heading, format!("for-{audience}"), words)
    })
    .collect()
}

/// The help services for one audience alone, below those for everybody.
fn for_audiences(catalogue: &Catalogue) -> impl IntoView + use<> {
    audiences(catalogue).into_iter().map(|(heading, id, words)| lines(catalogue, heading, &id, &words)).collect_view()
}

fn lines(catalogue: &Catalogue, audience: &HelplineAudience, id: &str, heading: &str) -> impl IntoView + use<> {
    let rows: Vec<_> = catalogue.helplines.iter().filter(|line| line.stands_under(audience)).map(helpline).collect();
    let (label, id, heading) = (id.to_owned(), id.to_owned(), heading.to_owned());
    (!rows.is_empty()).then(|| {
        view! {
            <section aria-labelledby=label>
                <h2 id=id>{heading}</h2>
                <ul class="contacts contacts-two" role="list">{rows}</ul>
            </section>
        }
    })
}
