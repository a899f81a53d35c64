use engine::{OwnSubmissions, PersonId, Submission, SubmissionState, SubmissionsPage};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, Mark, count, day_of, in_query, list_table, listed, mark, moment},
};

/// What has just been done to what came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    /// It was ticked off.
    Off,
    /// Ticks were taken back.
    Back,
}

impl Done for Ticked {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Off, "tick", "Ticked off. You find it under “Ticked off”, where you can take it back."),
        (Self::Back, "take-back", "The ticks are taken back. It waits again."),
    ];
}

/// What came in, and what it was asked for.
#[derive(Clone, Debug)]
pub struct SubmissionsView {
    /// Some of it.
    pub page: SubmissionsPage,
    /// In which state alone. `None`: all.
    pub state: Option<SubmissionState>,
    /// Whether these are the first.
    pub is_first: bool,
    /// Who reads it.
    pub reader: PersonId,
    /// What has just been done.
    pub done: Option<Ticked>,
    /// Why something was not done.
    pub faults: Faults,
}

impl SubmissionsView {
    fn role(&self) -> &str {
        self.page.role.as_ref().map_or("", |(id, _)| id)
    }

    fn address(&self, role: &str, state: Option<SubmissionState>) -> String {
        format!("/submitted?role={}&state={}", in_query(role), state_code(state))
    }
}

fn state_code(state: Option<SubmissionState>) -> &'static str {
    state.map_or("all", SubmissionState::code)
}

/// What people signed and what came in with it for the role to which it is submitted, to be ticked off.
pub fn submitted(frame: &Frame, view: &SubmissionsView) -> Rendered {
    frame.page(&view.faults.title("What came in"), || {
        let said = view.done.map(|done| view! { <p class="said" role="status">{done.words()}</p> });
        let lead = match &view.page.role {
            Some((_, title)) => format!("Agreements that people signed and that are submitted to the {title}."),
            None => "No agreement is submitted to a named role.".to_owned(),
        };
        let whole = (!view.page.submissions.is_empty()).then(|| as_table(view));
        let lists = view.page.role.is_some().then(|| {
            view! {
                {roles(view)}
                {states(view)}
                {view.page.own.as_ref().map(own)}
                {list(view)}
                {ways_on(view)}
                {whole}
            }
        });
        view! {
            {view.faults.list()}
            <h1 id="submitted">"What came in"</h1>
            {said}
            <p class="lead">{lead}</p>
            {lists}
        }
        .into_any()
    })
}

/// The ways from one role to another, where there are several.
fn roles(view: &SubmissionsView) -> Option<AnyView> {
    if view.page.roles.len() < 2 {
        return None;
    }
    let tabs = view
        .page
        .roles
        .iter()
        .map(|(id, title)| {
            let here = (id == view.role()).then_some("page");
            view! { <li><a href=view.address(id, view.state) aria-current=here>{title.clone()}</a></li> }
        })
        .collect_view();
    Some(view! { <nav class="tabs" aria-label="For which role"><ul role="list">{tabs}</ul></nav> }.into_any())
}

/// The ways from one state to another.
fn states(view: &SubmissionsView) -> impl IntoView + use<> {
    let tab = |state: Option<SubmissionState>, word: String| {
        let here = (state == view.state).then_some("page");
        view! { <li><a href=view.address(view.role(), state) aria-current=here>{word}</a></li> }
    };
    view! {
        <nav class="tabs" aria-label="Which of them">
            <ul role="list">
                {tab(Some(SubmissionState::Open), format!("To look at ({})", view.page.open))}
                {tab(Some(SubmissionState::Ticked), "Ticked off".to_owned())}
                {tab(None, "All".to_owned())}
            </ul>
        </nav>
    }
}

/// What the reader signed themselves: it is nothing that they have to do.
fn own(own: &OwnSubmissions) -> impl IntoView + use<> {
    let (what, it, stands) = match own.open {
        1 => ("one agreement that came in", "It does", "It stands"),
        _ => ("some of what came in", "These do", "They stand"),
    };
    let who = if own.goes_to.is_empty() {
        "Nobody else is there to look at that yet: tell whoever looks after this site.".to_owned()
    } else {
        format!("For that there is {}.", listed(&own.goes_to))
    };
    let said = format!(
        "You signed {what} yourself, as you should. {it} not wait for you: nobody ticks off their own. {who} {stands} under “All”."
    );
    view! { <p class="hint">{said}</p> }
}

fn list(view: &SubmissionsView) -> AnyView {
    let page = &view.page;
    if page.submissions.is_empty() {
        let words = match view.state {
            Some(SubmissionState::Open) => "Nothing waits. Whatever people sign comes in here by itself.",
            Some(SubmissionState::Ticked) => "Nothing has been ticked off yet.",
            None => "Nothing has come in yet. Whatever people sign comes in here by itself.",
        };
        return view! { <p>{words}</p> }.into_any();
    }
    let total = usize::try_from(page.total).unwrap_or_default();
    let said = format!("{}, newest first.", count(total, "agreement", "agreements"));
    let rows = page.submissions.iter().map(|one| row(view, one)).collect_view();
    let table = list_table("What came in", &["Person", "Agreement", "Signed", "Ticked off", "Evidence"], rows);
    let theirs: Vec<&Submission> = page.submissions.iter().filter(|one| one.may_tick).collect();
    if theirs.is_empty() {
        return view! { <p role="status">{said}</p> {table} }.into_any();
    }
    let (open, ticked) = (
        theirs.iter().filter(|one| one.ticked.is_none()).map(|one| one.signature.to_string()).collect::<Vec<_>>(),
        theirs.iter().any(|one| one.ticked.is_some()),
    );
    let shown = open.iter().map(|id| view! { <input type="hidden" name="shown" value=id.clone()/> }).collect_view();
    let tick = (!open.is_empty()).then(|| {
        let all = format!("Tick off all {} on this page", open.len());
        let all =
            (open.len() > 1).then(|| view! { " " <button class="second" name="do" value="tick-all">{all}</button> });
        view! { <button name="do" value="tick">"Tick off what I chose"</button> {all} " " }
    });
    let back = ticked.then(|| {
        view! { <button class="second" name="do" value="take-back">"Take the ticks back of what I chose"</button> }
    });
    view! {
        <p role="status">{said}</p>
        <form method="post" action="/submitted">
            <input type="hidden" name="role" value=view.role().to_owned()/>
            <input type="hidden" name="state" value=state_code(view.state)/>
            {shown}
            {table}
            <div class="actions">{tick}{back}</div>
        </form>
    }
    .into_any()
}

fn row(view: &SubmissionsView, one: &Submission) -> impl IntoView + use<> {
    let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
    let id = one.signature.to_string();
    let who = if one.may_tick {
        view! { <label class="choice"><input type="checkbox" name="signature" value=id/> <span dir="auto">{name.clone()}</span> <span class="hidden">{format!(": {}", one.title)}</span></label> }
            .into_any()
    } else {
        view! { <span dir="auto">{name.clone()}</span> }.into_any()
    };
    let ticked = match &one.ticked {
        Some((at, Some(by))) => {
            view! { {mark(Mark::Status(Status::Passed))} " " {format!("On {}, by ", day_of(*at))} <span dir="auto">{by.clone()}</span> }.into_any()
        }
        Some((at, None)) => view! { {mark(Mark::Status(Status::Passed))} " " {format!("On {}", day_of(*at))} }.into_any(),
        None if one.person == view.reader => "Yours: somebody else looks at it".into_any(),
        None => "Not yet".into_any(),
    };
    let proof = if one.shows_evidence {
        let words = format!("Evidence of what {name} signed on {}", day_of(one.at));
        view! { <a href=format!("/signatures/{}", one.signature) aria-label=words>"Evidence"</a> }.into_any()
    } else {
        view! { <span class="hint">"For safeguarding leads"</span> }.into_any()
    };
    view! {
        <tr id=one.signature.to_string()>
            <th scope="row">{who}</th>
            <td>{format!("{}, version {}", one.title, one.version)}</td>
            <td>{moment(one.at)}</td>
            <td>{ticked}</td>
            <td>{proof}</td>
        </tr>
    }
}

fn ways_on(view: &SubmissionsView) -> impl IntoView + use<> {
    let here = view.address(view.role(), view.state);
    let next = view.page.next.map(|last| {
        let words = format!("Next {}", SubmissionsPage::MOST);
        view! { <a class="button second" href=format!("{here}&after={last}")>{words}</a> }
    });
    let first = (!view.is_first).then(|| view! { <a href=here>"Back to the newest"</a> });
    (next.is_some() || first.is_some()).then(|| view! { <div class="actions">{next} " " {first}</div> })
}

/// The same for a spreadsheet.
fn as_table(view: &SubmissionsView) -> AnyView {
    view! {
        <form class="card no-print" method="post" action="/submitted/csv">
            <h2>"For a spreadsheet"</h2>
            <p>"All of these in one file (CSV). That you took them out is noted in the signed log."</p>
            <input type="hidden" name="role" value=view.role().to_owned()/>
            <input type="hidden" name="state" value=state_code(view.state)/>
            <button class="second">{mark(Mark::Download)} " Download this list"</button>
        </form>
    }
    .into_any()
}
