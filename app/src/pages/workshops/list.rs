use engine::{ComingWorkshop, LedWorkshop, WantedWorkshop};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, coming_workshop, count, field, list_table, mark, moment, wanted_workshop},
};

/// The workshops that somebody can go to, and those that they lead.
#[derive(Clone, Debug, Default)]
pub struct WorkshopsView {
    /// Those of today and to come for them.
    pub coming: Vec<ComingWorkshop>,
    /// Those that they lead. `None`: they do not lead any.
    pub led: Option<Vec<LedWorkshop>>,
    /// Of which modules people need one that they may plan, and none is planned.
    pub wanted: Vec<WantedWorkshop>,
    /// The code as it was typed.
    pub typed: String,
    /// The title of the workshop to which they have just signed in.
    pub signed_in: Option<String>,
    /// What is wrong.
    pub faults: Faults,
}

/// The workshops of somebody, and where they type the code of one at which they are.
pub fn workshops(frame: &Frame, view: &WorkshopsView) -> Rendered {
    frame.page(&view.faults.title("Workshops"), || {
        let value = view.typed.clone();
        let hint = "Eight letters and digits that you are shown there, such as ABCD-EFGH".to_owned();
        let code = field(Field { id: "code", label: "Code", hint: Some(hint) }, &view.faults, |told| {
            view! {
                <input id="code" name="code" type="text" value=value required autocomplete="off" maxlength="20" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        });
        let said = view.signed_in.clone().map(|title| {
            view! {
                <p class="said" role="status">
                    {mark(Mark::Status(Status::Passed))}
                    " "
                    <span>{format!("You have signed in to the workshop “{title}”. It counts once whoever leads it says that you were there.")}</span>
                </p>
            }
        });
        view! {
            <div class="column">
                {view.faults.list()}
                <h1>"Workshops"</h1>
                {said}
                <section aria-labelledby="here">
                    <h2 id="here">"Are you at one now?"</h2>
                    <form method="post" action="/workshops" novalidate>
                        {code}
                        <div class="actions"><button>"I am here"</button></div>
                    </form>
                </section>
                {coming(&view.coming)}
                {wanted(&view.wanted)}
            </div>
            {view.led.as_ref().map(|led| led_list(led))}
        }
        .into_any()
    })
}

fn coming(coming: &[ComingWorkshop]) -> AnyView {
    let rows = coming.iter().map(coming_workshop).collect_view();
    let list = if coming.is_empty() {
        view! { <p>"No workshop for you is planned."</p> }.into_any()
    } else {
        view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="coming">
            <h2 id="coming">"To come"</h2>
            {list}
        </section>
    }
    .into_any()
}

/// So many groups and modules are listed at most for which a workshop is wanted.
const MOST_WANTED: usize = 20;

fn wanted(wanted: &[WantedWorkshop]) -> Option<AnyView> {
    if wanted.is_empty() {
        return None;
    }
    let rows = wanted.iter().take(MOST_WANTED).map(wanted_workshop).collect_view();
    let left = wanted.len().saturating_sub(MOST_WANTED);
    let more = (left > 0).then(|| {
        view! { <p>{format!("And {}, with fewer people.", count(left, "more", "more"))}</p> }
    });
    Some(
        view! {
            <section aria-labelledby="wanted">
                <h2 id="wanted">"Needed, and not planned"</h2>
                <ul class="rows" role="list">{rows}</ul>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn led_list(led: &[LedWorkshop]) -> AnyView {
    let rows = led
        .iter()
        .map(|one| {
            let workshop = &one.workshop;
            let stands = if workshop.ended_at.is_some() {
                "Called off".to_owned()
            } else {
                format!("{} signed in, {} confirmed", one.signed_in, one.passed)
            };
            let whom = one.group.clone().unwrap_or_else(|| "Everybody".to_owned());
            let title = one.title.clone();
            view! {
                <tr>
                    <th scope="row"><a href=format!("/workshops/{}", workshop.id)>{moment(workshop.starts_at)}</a></th>
                    <td>{title}</td>
                    <td><span dir="auto">{workshop.place.clone()}</span></td>
                    <td>{whom}</td>
                    <td>{stands}</td>
                </tr>
            }
        })
        .collect_view();
    let table = if led.is_empty() {
        view! { <p>"You lead none yet."</p> }.into_any()
    } else {
        let said = format!("{}, the latest first.", count(led.len(), "workshop", "workshops"));
        let table = list_table("Workshops that you lead", &["When", "Module", "Where", "For", "How it stands"], rows);
        view! { <p>{said}</p> {table} }.into_any()
    };
    view! {
        <section aria-labelledby="led">
            <h2 id="led">"Those that you lead"</h2>
            {table}
            <p class="links"><a class="button second" href="/workshops/new">"Plan a workshop"</a> " " <a class="standalone" href="/discussions">"Side by side, with one person"</a></p>
        </section>
    }
    .into_any()
}
