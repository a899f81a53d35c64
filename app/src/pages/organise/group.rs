use chrono::{DateTime, NaiveDate, Utc};
use engine::{
    FoundPeople, GroupPage, GroupTree, JoinCode, MayChange, NewJoinCode, catalogue::ListedAudience, local_date,
};
use leptos::prelude::*;

use super::choose::{audience_field, day_field, group_options, line_field, role_word, select_field, written};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Sent, count, day, list_table, moment, said},
};

/// What has just been changed of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// It was made.
    Made,
    /// It has another name or another place.
    Moved,
    /// It has ended, or will.
    Ended,
    /// A code was made for it.
    CodeMade,
    /// A code of it ended.
    CodeEnded,
    /// Links to choose a password are sent to its people.
    LettersWritten,
}

impl Done for GroupChange {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Made, "made", "The group is made."),
        (
            Self::Moved,
            "move",
            "The group has its name and place from that day on. Where it was before stays on record.",
        ),
        (Self::Ended, "end", "It is recorded when the group ends. Who was in it stays on record."),
        (Self::CodeMade, "code", "The code is made. Print its sheet, or show it on a screen."),
        (Self::CodeEnded, "end-code", "That code lets nobody in any more."),
        (Self::LettersWritten, "letters", "Letters are on their way, each with a link that nobody else sees."),
    ];
}

impl GroupChange {
    /// The field of the day from which a group has another name or place, and what it asks for.
    pub const MOVES_ON: (&'static str, &'static str) = ("move-on", "From");
    /// The field of the day on which it ends, likewise.
    pub const ENDS_ON: (&'static str, &'static str) = ("end-on", "The first day on which it is no more");
    /// The field of the last day of a code, likewise.
    pub const HOLDS_UNTIL: (&'static str, &'static str) = ("until", "Until");
}

/// A group, who is in it, and the forms that change it.
#[derive(Clone, Debug)]
pub struct GroupView {
    /// The group.
    pub page: GroupPage,
    /// Some of the people in it or below it.
    pub people: FoundPeople,
    /// Whether these are the first.
    pub is_first: bool,
    /// Its codes, for whoever may change it.
    pub codes: Vec<JoinCode>,
    /// How many people in it have no password yet, for whoever may change it.
    pub without_password: usize,
    /// The groups that the reader sees, with those that it can stand below.
    pub tree: GroupTree,
    /// The provider's audiences.
    pub audiences: Vec<ListedAudience>,
    /// What has just been changed.
    pub changed: Option<GroupChange>,
    /// The form that was sent and could not be done.
    pub sent: Sent,
    /// Now.
    pub now: DateTime<Utc>,
}

/// One group.
pub fn group(frame: &Frame, seen: &GroupView) -> Rendered {
    let page = &seen.page;
    let name = page.path.last().cloned().unwrap_or_default();
    frame.page(&seen.sent.faults.title(&name), || {
        let today = local_date(seen.now);
        let may_change = page.may_change && page.is_open;
        // Where people sign in with their organisation alone, links to choose a password let nobody in.
        let only = frame.sign_on.as_ref().is_some_and(|offer| offer.only);
        let above = (page.path.len() > 1).then(|| {
            let above = page.path[..page.path.len() - 1].join(" / ");
            view! { <span>"In " <b dir="auto">{above}</b></span> }
        });
        let since = page.places.first().map(|place| match place.ends_before {
            Some(end) if end <= today => view! { <span>"Ended on " <b>{day(end)}</b></span> }.into_any(),
            Some(end) => view! { <span>"Ends on " <b>{day(end)}</b></span> }.into_any(),
            None if place.begins_on > today => view! { <span>"From " <b>{day(place.begins_on)}</b></span> }.into_any(),
            None => view! { <span>"Since " <b>{day(place.begins_on)}</b></span> }.into_any(),
        });
        view! {
            <p class="crumb no-print"><a href="/groups">"Groups"</a></p>
            {seen.sent.faults.list()}
            <h1 dir="auto">{name.clone()}</h1>
            <p class="meta">{above} {since}</p>
            {said(seen.changed.map(|change| change.words().to_owned()))}
            {people(seen)}
            {looked_after(seen)}
            {may_change.then(|| codes(seen, today))}
            {(may_change && !only).then(|| ways_in(seen, frame.sends_letters))}
            {may_change.then(|| forms(seen, &name, today))}
            {before(seen)}
        }
    })
}

fn people(seen: &GroupView) -> impl IntoView + use<> {
    let id = seen.page.id;
    let rows = seen.people.people.iter().map(|person| {
        let groups: Vec<String> = person.groups.iter().map(|(_, name)| name.clone()).collect();
        let mut whom = person.audiences.clone();
        whom.extend(person.roles.iter().map(|role| role_word(*role).to_lowercase()));
        view! {
            <tr>
                <th scope="row"><a href=format!("/people/{}", person.id) dir="auto">{person.name.clone()}</a></th>
                <td dir="auto">{groups.join(", ")}</td>
                <td>{whom.join(", ")}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let list = if seen.people.people.is_empty() {
        view! { <p>"Nobody is in it yet. Put people into it one by one, with a file, or with a code on their first day."</p> }.into_any()
    } else {
        list_table("People in this group", &["Name", "Groups", "Here as"], rows)
    };
    let next = seen.people.next.map(|last| {
        view! { <a class="button second" href=format!("/groups/{id}?after={last}")>{format!("Next {}", FoundPeople::MOST)}</a> }
    });
    let first = (!seen.is_first).then(|| view! { <a href=format!("/groups/{id}")>"Back to the first"</a> });
    let matrix = (!seen.people.people.is_empty()).then(
        || view! { <a class="standalone" href=format!("/matrix?group={id}")>"Where they stand, in the matrix"</a> },
    );
    view! {
        <section>
            <h2>"People in it and in the groups below it"</h2>
            {list}
            <div class="actions">{next} " " {first} " " {matrix}</div>
        </section>
    }
}

fn looked_after(seen: &GroupView) -> impl IntoView + use<> {
    let rows = seen.page.looked_after_by.iter().map(|(person, name, role)| {
        view! { <li><div><a href=format!("/people/{person}") dir="auto">{name.clone()}</a> {format!(", {}", role_word(*role).to_lowercase())}</div></li> }
    });
    let rows = rows.collect_view();
    let empty = seen.page.looked_after_by.is_empty().then(|| {
        view! { <p>"Nobody looks after this group alone. An administrator gives a manager the duty on that person’s page."</p> }
    });
    view! { <section class="card"><h2>"Who looks after it"</h2> {empty} <ul class="rows" role="list">{rows}</ul></section> }
}

fn codes(seen: &GroupView, today: NaiveDate) -> impl IntoView + use<> {
    let id = seen.page.id;
    let rows = seen.codes.iter().map(|code| {
        let used = came_in(code.used(), code.most());
        let until = match code.ended_at {
            Some(ended) => format!("ended on {}", moment(ended)),
            None if code.expires_at <= seen.now => format!("ran out on {}", moment(code.expires_at)),
            None => format!("until {}", moment(code.expires_at)),
        };
        let open = code.is_open(seen.now).then(|| {
            let shown = code.shown();
            view! {
                <a class="standalone" href=format!("/groups/{id}/codes/{}", code.id)>{format!("Sheet for {shown}")}</a>
                <form method="post" action=format!("/groups/{id}")>
                    <input type="hidden" name="do" value="end-code"/>
                    <input type="hidden" name="code" value=code.id.to_string()/>
                    <button class="second">{format!("End {shown}")}</button>
                </form>
            }
        });
        view! { <li><div><strong class="number">{code.shown()}</strong> {format!(", {until}; {used}.")}</div> {open}</li> }
    });
    let rows = rows.collect_view();
    let hint = format!("At most {} days ahead. It holds until the end of that day", NewJoinCode::LONGEST.num_days());
    let (faults, does) = (&seen.sent.faults, GroupChange::CodeMade.code());
    let typed = |name: &str, before: &str| seen.sent.typed(does, name, before.to_owned());
    let (until, label) = GroupChange::HOLDS_UNTIL;
    view! {
        <section class="card">
            <h2>"Codes for an induction day"</h2>
            <p>"With a code people come into this group by themselves, on their own phones."</p>
            <ul class="rows" role="list">{rows}</ul>
            <details open=seen.sent.is(does, &[])>
                <summary>"Make a code"</summary>
                <form method="post" action=format!("/groups/{id}") novalidate>
                    <input type="hidden" name="do" value=does/>
                    {audience_field(
                        ("audience", "Who has no account yet", Some("Whoever has the code can begin here as this, until it ends")),
                        &seen.audiences,
                        Some("Cannot use it"),
                        &typed("audience", ""),
                        faults,
                    )}
                    {line_field(("most", "For how many people", None), "number", typed("most", "30"), true, faults)}
                    {day_field(until, label, Some(&hint), typed(until, &written(today)), faults)}
                    <button class="second">"Make a code"</button>
                </form>
            </details>
        </section>
    }
}

/// How many people have come in by a code, of how many it lets in.
fn came_in(used: u64, most: u64) -> String {
    match used {
        0 => format!("nobody has come in by it yet, and {most} can"),
        used if used == most => format!("{most} have come in by it, and no more can"),
        1 => format!("1 person of {most} has come in by it"),
        used => format!("{used} of {most} have come in by it"),
    }
}

fn ways_in(seen: &GroupView, sends_letters: bool) -> impl IntoView + use<> {
    let without = seen.without_password;
    let words = match without {
        0 => "Everybody in it who has an e-mail address has chosen a password.".to_owned(),
        some => format!(
            "{} in it cannot sign in yet: {}.",
            count(some, "person", "people"),
            if some == 1 { "they have no password" } else { "they have no passwords" }
        ),
    };
    let form = (without > 0).then(|| {
        let by_letter = sends_letters.then(|| {
            let verb = format!("Send {} by e-mail", count(without, "link", "links"));
            view! { <button class="second" name="by" value="letter">{verb}</button> }
        });
        view! {
            <form method="post" action=format!("/groups/{}/ways-in", seen.page.id) class="actions">
                {by_letter}
                <button class="second">{format!("Make {} to cut out", count(without, "slip", "slips"))}</button>
            </form>
            <p class="hint">"Each gets a link of their own, on a slip with a code to scan or in a letter. It works once, and holds for seven days; an earlier one ends."</p>
        }
    });
    view! { <section class="card"><h2>"Ways in"</h2> <p>{words}</p> {form}</section> }
}

fn forms(seen: &GroupView, name: &str, today: NaiveDate) -> impl IntoView + use<> {
    let page = &seen.page;
    let address = format!("/groups/{}", page.id);
    let stands_below = page.stands_below.map(|above| above.to_string()).unwrap_or_default();
    let (sent, faults) = (&seen.sent, &seen.sent.faults);
    let (moves, ends) = (GroupChange::Moved.code(), GroupChange::Ended.code());
    let (move_on, from) = GroupChange::MOVES_ON;
    let (end_on, no_more) = GroupChange::ENDS_ON;
    let first = match (page.stands_below, page.parent) {
        (Some(above), None) => Some((above.to_string(), "Where it is now")),
        (Some(_), Some(_)) if seen.tree.may_change != MayChange::Everything => None,
        (None, _) | (Some(_), Some(_)) => Some((String::new(), "None: at the top")),
    };
    let first = first.map(|(value, words)| view! { <option value=value>{words}</option> });
    let others = group_options(&seen.tree.groups, &sent.typed(moves, "below", stands_below), Some(page.id));
    let below = view! { {first} {others} };
    view! {
        <section class="card">
            <h2>"Change this group"</h2>
            <details open=sent.is(moves, &[])>
                <summary>"Name and place"</summary>
                <form method="post" action=address.clone() novalidate>
                    <input type="hidden" name="do" value=moves/>
                    {line_field(("name", "Name", None), "text", sent.typed(moves, "name", name.to_owned()), true, faults)}
                    {select_field(("below", "Below", None), below.into_any(), faults)}
                    {day_field(move_on, from, Some("It stays what it was until then"), sent.typed(moves, move_on, written(today)), faults)}
                    <button class="second">{format!("Change {name}")}</button>
                </form>
            </details>
            <details open=sent.is(ends, &[])>
                <summary>"It ends"</summary>
                <form method="post" action=address novalidate>
                    <input type="hidden" name="do" value=ends/>
                    <p>"A group ends when nobody who is here and no other group is in it. It stays on record."</p>
                    {day_field(end_on, no_more, None, sent.typed(ends, end_on, written(today)), faults)}
                    <button class="second">{format!("End {name}")}</button>
                </form>
            </details>
        </section>
    }
}

/// What it was called before, and where it stood.
fn before(seen: &GroupView) -> Option<impl IntoView + use<>> {
    (seen.page.places.len() > 1).then(|| {
        let rows = seen.page.places.iter().map(|place| {
            let until = place.ends_before.and_then(|end| end.pred_opt()).map(|end| format!(" until {}", day(end)));
            let parent = place.parent.clone().map(|parent| format!(" in {parent}"));
            view! { <li><div><b dir="auto">{place.name.clone()}</b> {parent} {format!(", from {}", day(place.begins_on))} {until}</div></li> }
        });
        view! {
            <details>
                <summary>"What it was called, and where it was"</summary>
                <ul class="rows" role="list">{rows.collect_view()}</ul>
            </details>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_came_in_is_said_plainly_of_none_one_and_all() {
        let said = [(0, 30), (1, 30), (7, 30), (30, 30)].map(|(used, most)| came_in(used, most));
        let plain = [
            "nobody has come in by it yet, and 30 can",
            "1 person of 30 has come in by it",
            "7 of 30 have come in by it",
            "30 have come in by it, and no more can",
        ];
        assert_eq!(said, plain);
    }
}
