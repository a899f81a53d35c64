use chrono::{DateTime, Utc};
use engine::{CameIn, Duty, LedWorkshop, ListedDiscussion, Role, StuckLearner, WantedWorkshop, Workshop, local_date};
use leptos::prelude::*;
use model::Status;

use crate::pages::parts::{Mark, away, count, day, day_of, in_query, listed, mark, moment, wanted_workshop, words_in};

/// Those whom somebody looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Others {
    /// How many of them are late with something.
    pub late: usize,
    /// How many there are.
    pub of: usize,
}

/// What somebody is here for besides themselves.
#[derive(Clone, Copy, Debug)]
pub struct ForOthers<'o> {
    /// What they do for others.
    pub duties: &'o [Duty],
    /// Those whom they look after. `None`: there are none, or it is not known just now.
    pub others: Option<Others>,
    /// What came in for the named roles that they hold.
    pub came_in: &'o [CameIn],
    /// Of which modules people need a workshop that they may plan, and none is planned.
    pub wanted: &'o [WantedWorkshop],
}

/// What somebody is here besides, in a sentence.
pub(super) fn for_others(duties: &[Duty]) -> Option<String> {
    let mut roles: Vec<String> = Vec::new();
    for duty in duties {
        let role = match duty.role {
            Role::Manager => "a manager of learners or staff",
            Role::Dsl => "a safeguarding lead",
            Role::Author => "an author of modules",
            Role::Auditor => "an auditor",
            Role::Administrator => "an administrator",
        };
        if roles.iter().all(|known| known != role) {
            roles.push(role.to_owned());
        }
    }
    (!roles.is_empty()).then(|| format!("You are also here as {}.", listed(&roles)))
}

/// How many of those whom somebody looks after are late.
fn late_words(late: usize, of: usize) -> String {
    match (late, of) {
        (_, 0) => "Nobody is in your matrix.".to_owned(),
        (0, 1) => "The one person in your matrix is not late.".to_owned(),
        (1, 1) => "The one person in your matrix is late with something.".to_owned(),
        (0, of) => format!("None of the {of} people in your matrix is late."),
        (1, of) => format!("1 of the {of} people in your matrix is late with something."),
        (late, of) => format!("{late} of the {of} people in your matrix are late with something."),
    }
}

/// How those stand whom somebody looks after, and what leads to them.
pub(super) fn looked_after(others: Others) -> impl IntoView + use<> {
    let said = late_words(others.late, others.of);
    let (status, address) = if others.late == 0 { (Status::Passed, "/matrix") } else { (Status::Overdue, LATE) };
    let link = if others.late == 0 { "See where they stand" } else { "See who, and with what" };
    view! {
        <p class="looked-after">
            {mark(Mark::Status(status))} " " <span>{said}</span> " " <a class="standalone" href=address>{link}</a>
        </p>
    }
}

/// The matrix of those who are late.
const LATE: &str = "/matrix?status=overdue&status=expired";

/// What came in for a named role, and what leads to it.
pub(super) fn came_in(role: &CameIn) -> impl IntoView + use<> {
    let number = usize::try_from(role.open).unwrap_or(usize::MAX);
    let agreements = count(number, "agreement", "agreements");
    let (shown, said) = match (&role.instead_of, number) {
        (Some(name), _) => (
            Mark::Sign,
            format!("{name} signed {agreements} for you to look at, because nobody else is {}.", role.title),
        ),
        (None, 0) => (Mark::Status(Status::Passed), format!("No agreement waits for you as {}.", role.title)),
        (None, 1) => (Mark::Sign, format!("{agreements} has come in for you as {}.", role.title)),
        (None, _) => (Mark::Sign, format!("{agreements} have come in for you as {}.", role.title)),
    };
    let link = if number == 0 { "See what came in" } else { "See them, and tick them off" };
    let address = format!("/submitted?role={}", in_query(&role.role));
    view! {
        <p class="looked-after">
            {mark(shown)} " " <span>{said}</span> " " <a class="standalone" href=address>{link}</a>
        </p>
    }
}

pub(super) fn stuck(stuck: &[StuckLearner], now: DateTime<Utc>) -> impl IntoView + use<> {
    let rows = stuck
        .iter()
        .map(|learner| {
            let since =
                format!("Since {}, {}", day_of(learner.since), away(local_date(learner.since), local_date(now)));
            let attempts = count(learner.attempts as usize, "more attempt", "more attempts");
            view! {
                <li>
                    <div>
                        <h3><a href=format!("/people/{}", learner.person)>{learner.name.clone()}</a></h3>
                        <p class="meta">
                            <a href=format!("/modules/{}", learner.module)>{words_in(learner.language, &learner.title)}</a>
                            " "
                            <span>{since}</span>
                        </p>
                    </div>
                    <form method="post" action=format!("/tutor-tasks/{}/allow", learner.task)>
                        <button class="second">
                            "Give " {attempts}
                            <span class="hidden">" to " {learner.name.clone()} " in " {words_in(learner.language, &learner.title)}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!stuck.is_empty()).then(|| {
        view! {
            <section class="card stuck" aria-labelledby="hand">
                <h2 id="hand">"Learners who need a hand"</h2>
                <p>
                    "They have used all their attempts at a quiz. A short talk about the pages often helps more than another
                    try; then give them more attempts here. Their record shows which questions went wrong."
                </p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
    })
}

/// The workshops that they led and of which they are still to say who was there.
pub(super) fn to_confirm(led: &[LedWorkshop]) -> Option<AnyView> {
    if led.is_empty() {
        return None;
    }
    let rows = led
        .iter()
        .map(|one| {
            let waiting = usize::try_from(one.unsaid).unwrap_or(usize::MAX);
            let waiting = count(waiting, "person has signed in", "people have signed in");
            let last = day_of(one.workshop.starts_at + Workshop::CONFIRMED_WITHIN);
            let of = format!(": {}", one.title);
            view! {
                <li><div>
                    <h3>{one.title.clone()}</h3>
                    <p class="meta"><span>{moment(one.workshop.starts_at)}</span> " " <span dir="auto">{one.workshop.place.clone()}</span></p>
                    <p>{format!("{waiting} and you have not said yet that they were there. It can be said until {last}.")}</p>
                    <p><a class="standalone" href=format!("/workshops/{}", one.workshop.id)>"Say who was there" <span class="hidden">{of}</span></a></p>
                </div></li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="card stuck" aria-labelledby="confirm">
                <h2 id="confirm">"Workshops that you led"</h2>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// So many groups and modules are listed here at most for which a workshop is wanted.
const MOST_WANTED: usize = 3;

/// That people whom they look after need a workshop, and none is planned.
pub(super) fn not_planned(wanted: &[WantedWorkshop]) -> Option<AnyView> {
    if wanted.is_empty() {
        return None;
    }
    let rows = wanted.iter().take(MOST_WANTED).map(wanted_workshop).collect_view();
    let more = (wanted.len() > MOST_WANTED).then(|| {
        view! { <p><a class="standalone" href="/workshops#wanted">{format!("See all {}", wanted.len())} <span class="hidden">" workshops that are needed"</span></a></p> }
    });
    Some(
        view! {
            <section class="card stuck" aria-labelledby="wanted">
                <h2 id="wanted">"Workshops that people need"</h2>
                <ul class="rows" role="list">{rows}</ul>
                {more}
            </section>
        }
        .into_any(),
    )
}

/// The discussions that they marked as held and that the other denied.
pub(super) fn denied(discussions: &[ListedDiscussion]) -> Option<AnyView> {
    if discussions.is_empty() {
        return None;
    }
    let rows = discussions
        .iter()
        .map(|one| {
            let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
            let held = format!("You marked it as held on {}.", day(one.discussion.held_on));
            view! {
                <li><div>
                    <h3><a href=format!("/people/{}/discussions", one.discussion.person) dir="auto">{name}</a></h3>
                    <p class="meta">{words_in(one.language, &one.title)} " " <span>{held}</span></p>
                </div></li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="card stuck" aria-labelledby="denied">
                <h2 id="denied">"Not held, they say"</h2>
                <p>"It counts for nothing so. Talk to them: if it was a mistake, mark it again, and they are asked once more."</p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_are_late_is_said_plainly_of_none_one_and_all() {
        let said = [(0, 1), (1, 1), (0, 5), (1, 5), (5, 5)].map(|(late, of)| late_words(late, of));
        let plain = [
            "The one person in your matrix is not late.",
            "The one person in your matrix is late with something.",
            "None of the 5 people in your matrix is late.",
            "1 of the 5 people in your matrix is late with something.",
            "5 of the 5 people in your matrix are late with something.",
        ];
        assert_eq!(said, plain);
    }

    #[test]
    fn what_somebody_is_besides_is_said_once() {
        let duties = |roles: &[Role]| roles.iter().map(|role| Duty { role: *role, over: None }).collect::<Vec<_>>();
        let said = |roles: &[Role]| for_others(&duties(roles));
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[Role::Auditor]).as_deref(), Some("You are also here as an auditor."));
        let both = said(&[Role::Manager, Role::Manager, Role::Dsl]);
        assert_eq!(
            both.as_deref(),
            Some("You are also here as a manager of learners or staff and a safeguarding lead.")
        );
    }
}
