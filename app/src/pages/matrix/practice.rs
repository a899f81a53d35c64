use engine::Signed;
use leptos::prelude::*;

use super::{
    overview::{OverviewPage, percent},
    overview_groups::{name, other_groups, shared_by_groups, with_rows},
};

/// Of those who are asked for each agreement, how many have signed the version in force, by group.
pub(super) fn practice(page: &OverviewPage) -> impl IntoView + use<> {
    let of = &page.overview;
    let shared = shared_by_groups(of);
    let shown = with_rows(page);
    let cells = |signed: &Signed| {
        let share = percent(signed.signed, signed.asked).map_or("–".to_owned(), |share| format!("{share}%"));
        let rest = signed.asked.saturating_sub(signed.signed + signed.older);
        view! {
            <td class="number">{share}</td> <td class="number">{signed.signed}</td>
            <td class="number">{signed.older}</td> <td class="number">{rest}</td>
        }
    };
    let bodies = of.agreements.iter().filter(|agreement| agreement.whole.asked > 0).map(|agreement| {
        let groups = shown.iter().map(|place| (&agreement.groups[*place], &of.groups[*place]));
        let groups = groups.filter(|(signed, _)| signed.asked > 0);
        let rows = groups.map(|(signed, group)| {
            view! { <tr class="of-group"><th scope="row"><span dir="auto">{name(&group.path, shared)}</span></th> {cells(signed)}</tr> }
        });
        let asked = format!("{} asked", agreement.whole.asked);
        view! {
            <tbody>
                <tr class="part"><th scope="row">{agreement.title.clone()} <small>{asked}</small></th> {cells(&agreement.whole)}</tr>
                {rows.collect_view()}
            </tbody>
        }
    });
    let bodies: Vec<_> = bodies.collect();
    let table = if bodies.is_empty() {
        view! { <p>"No agreement is asked of these people."</p> }.into_any()
    } else {
        view! {
            <div class="across tall" tabindex="0" role="region" aria-label="Who has signed">
                <table class="record stacked">
                    <caption class="hidden">"Of those who are asked, how many have signed the version in force"</caption>
                    <thead><tr>
                        <th scope="col">"Agreement and group"</th><th scope="col" class="number">"Share"</th>
                        <th scope="col" class="number">"Signed"</th><th scope="col" class="number">"Older version"</th>
                        <th scope="col" class="number">"Not signed"</th>
                    </tr></thead>
                    {bodies}
                </table>
            </div>
            {other_groups(page)}
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>"Policy into practice"</h2>
            <p class="hint">"Of those who are asked for an agreement, how many have signed the version that is in force."</p>
            {table}
        </section>
    }
}
