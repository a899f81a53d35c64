use engine::catalogue::{Catalogue, HelplineAudience};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{contacts, emergency, helpline},
};

/// Who to talk to: here, and on the phone. It asks nobody who they are.
pub fn help(frame: &Frame, catalogue: &Catalogue) -> Rendered {
    frame.page("Get help", || {
        let here = frame
            .sites
            .iter()
            .map(|site| {
                view! {
                    <h3>{site.name.clone()}</h3>
                    {contacts(&site.contacts, "contacts contacts-two")}
                }
            })
            .collect_view();
        view! {
            <h1>"Get help"</h1>
            {emergency()}
            <p class="lead">"Whatever happened, you can tell someone. That you opened this page is never recorded; which pages of a module you open is."</p>
            {jumps(catalogue)}
            <section aria-labelledby="here">
                <h2 id="here">"Talk to someone here"</h2>
                <p>
                    "They listen, and they know what to do. They can’t promise to keep it secret: they may have to tell
                    somebody else to keep you safe, and they tell you if they do."
                </p>
                {here}
            </section>
            {lines(catalogue, &HelplineAudience::Young, "young", "If you are under 18")}
            {lines(catalogue, &HelplineAudience::Adult, "adult", "If you are 18 or over")}
            {lines(catalogue, &HelplineAudience::Everyone, "everyone", "Whatever your age")}
            {audiences(catalogue)}
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

/// What leads down a long page: whoever is frightened does not scroll far.
fn jumps(catalogue: &Catalogue) -> impl IntoView + use<> {
    let lines = [
        (HelplineAudience::Young, "young", "If you are under 18"),
        (HelplineAudience::Adult, "adult", "If you are 18 or over"),
        (HelplineAudience::Everyone, "everyone", "Whatever your age"),
    ];
    let there = |audience: &HelplineAudience| catalogue.helplines.iter().any(|line| line.audience == *audience);
    let lines = lines.into_iter().filter(|(audience, ..)| there(audience)).map(|(_, id, words)| (id, words));
    let links = std::iter::once(("here", "Someone here")).chain(lines);
    let links = links.map(|(id, words)| view! { <li><a href=format!("#{id}")>{words}</a></li> });
    view! {
        <nav aria-label="On this page">
            <ul class="jumps" role="list">{links.collect_view()}</ul>
        </nav>
    }
}

/// The help services for one audience alone, below those for everybody.
fn audiences(catalogue: &Catalogue) -> impl IntoView + use<> {
    let mut of: Vec<_> = catalogue.helplines.iter().map(|line| &line.audience).collect();
    of.sort();
    of.dedup();
    of.into_iter()
        .filter_map(|heading| match heading {
            HelplineAudience::Of(audience) => Some((heading, audience)),
            _ => None,
        })
        .map(|(heading, audience)| {
            let words = format!("For {}", catalogue.organisation.many(audience));
            lines(catalogue, heading, &format!("for-{audience}"), &words)
        })
        .collect_view()
}

fn lines(catalogue: &Catalogue, audience: &HelplineAudience, id: &str, heading: &str) -> impl IntoView + use<> {
    let rows: Vec<_> = catalogue.helplines.iter().filter(|line| line.audience == *audience).map(helpline).collect();
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
