use engine::{Expected, ListedPerson, Workshop};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{count, moment, row},
};

/// Where whoever leads a workshop signs people in who cannot type its code.
#[derive(Clone, Debug)]
pub struct SignInForView {
    /// Those who may come and have not signed in: those who were chosen, or those to choose from.
    pub expected: Expected,
    /// Whether they were chosen, and it is asked whether to sign them in.
    pub is_chosen: bool,
    /// What stands somewhere in their names.
    pub find: String,
}

/// Who is to be signed in, by name, before anything is written; or those to choose from.
pub fn sign_in_for(frame: &Frame, view: &SignInForView) -> Rendered {
    let Expected { workshop, title, people, .. } = &view.expected;
    let heading = if view.is_chosen {
        format!("Sign in {}?", count(people.len(), "person", "people"))
    } else {
        "Sign in somebody without a phone".to_owned()
    };
    frame.page(&heading, || {
        let back = format!("/workshops/{}", workshop.id);
        let body = if view.is_chosen { confirmation(workshop, people) } else { choice(view) };
        view! {
            <div class="column">
                <p class="crumb"><a href=back>{title.clone()} ", " {moment(workshop.starts_at)}</a></p>
                <h1>{heading.clone()}</h1>
                {body}
            </div>
        }
        .into_any()
    })
}

fn confirmation(workshop: &Workshop, people: &[ListedPerson]) -> AnyView {
    let names = people.iter().map(|person| view! { <li><bdi>{person.name.clone()}</bdi></li> }).collect_view();
    let chosen = people.iter().map(|person| view! { <input type="hidden" name="person" value=person.id.to_string()/> });
    let chosen = chosen.collect_view();
    let address = format!("/workshops/{}/sign-in", workshop.id);
    view! {
        <p class="lead">"You say that they are here, because they cannot type the code."</p>
        <ul>{names}</ul>
        <dl class="facts">
            {row("Workshop", moment(workshop.starts_at))}
            {row("Where", view! { <span dir="auto">{workshop.place.clone()}</span> })}
        </dl>
        <p>"It is kept that you signed them in, and their pass says so, too. It counts for nothing until you say on the workshop’s page that they were there. Signing in cannot be taken back."</p>
        <form method="post" action=address.clone()>
            {chosen}
            <div class="actions"><button>"Sign them in"</button> " " <a class="standalone" href=address.clone()>"Choose others"</a></div>
        </form>
    }
    .into_any()
}

fn choice(view: &SignInForView) -> AnyView {
    let address = format!("/workshops/{}/sign-in", view.expected.workshop.id);
    let find = view.find.clone();
    let everybody = (!find.is_empty()).then(|| view! { <a href=address.clone()>"Show everybody"</a> });
    view! {
        <p class="lead">"Tick who is here and cannot type the code. The next page names them once more before anything is kept."</p>
        <form class="filter" method="get" action=address.clone() role="search" aria-label="Whom to show">
            <div class="field"><label for="find">"In the name"</label> <input id="find" name="find" type="search" maxlength="100" value=find/></div>
            <div class="actions"><button class="second">"Show these"</button> " " {everybody}</div>
        </form>
        {expected(&view.expected)}
    }
    .into_any()
}

/// Those who may come and have not signed in, to be ticked.
pub(super) fn expected(expected: &Expected) -> AnyView {
    let Expected { workshop, people, of, .. } = expected;
    if people.is_empty() {
        return view! { <p>"There is nobody here who may come and has not signed in."</p> }.into_any();
    }
    let address = format!("/workshops/{}/sign-in", workshop.id);
    let left = (*of > people.len()).then(|| {
        let said = format!("These are {} of {of}.", people.len());
        view! { <p>{said} " " <a class="standalone" href=address.clone()>"Find others by their name"</a></p> }
    });
    let rows = people.iter().map(|person| {
        let id = person.id.to_string();
        view! { <li><label class="choice"><input type="checkbox" name="person" value=id/> <span dir="auto">{person.name.clone()}</span></label></li> }
    });
    let rows = rows.collect_view();
    view! {
        {left}
        <form method="get" action=address.clone()>
            <ul role="list" aria-label="May come, and not signed in">{rows}</ul>
            <div class="actions"><button class="second">"Go on with those ticked"</button></div>
        </form>
    }
    .into_any()
}
