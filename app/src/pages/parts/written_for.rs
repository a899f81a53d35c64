use engine::{LateAtOnce, OtherPeople, WrittenFor};
use leptos::prelude::*;

use super::{
    dates::day,
    status::{Mark, mark},
    words::listed,
};

/// Says whom a programme is written for, where it would be given to others. `None`: to none.
pub fn written_for(written: &WrittenFor) -> Option<impl IntoView + use<>> {
    if written.others.is_empty() {
        return None;
    }
    let others: Vec<String> = written.others.iter().map(others).collect();
    let said = format!(
        "It is written for {}; {}: they are asked for it all the same, and can open and do all that it asks.",
        listed(&written.whom),
        listed(&others)
    );
    Some(view! { <p class="said warned">{mark(Mark::Warning)} " " <span>{said}</span></p> })
}

/// Says how many would be late as soon as a programme is given to them, because its days are counted from a day that is over.
pub fn late_at_once(late: LateAtOnce) -> impl IntoView + use<> {
    let (first, last) = late.due;
    let due = if first == last {
        format!("it was due by {}", day(first))
    } else {
        format!("the first of it was due by {}, and the last by {}", day(first), day(last))
    };
    let said = format!(
        "{} of them would be late at once: {due}. If they are to have time for it, choose a later day.",
        late.people
    );
    view! { <p class="said warned">{mark(Mark::Warning)} " " <span>{said}</span></p> }
}

/// "3 of them are learners", "1 of them is a learner".
fn others(others: &OtherPeople) -> String {
    let OtherPeople { one, many, people } = others;
    let (are, what) = if *people == 1 { ("is", one) } else { ("are", many) };
    let what = if what.is_empty() { "in no audience".to_owned() } else { listed(what) };
    format!("{people} of them {are} {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_called_what_they_are() {
        let said = |people, one: &[&str], many: &[&str]| {
            let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            others(&OtherPeople { one: names(one), many: names(many), people })
        };
        assert_eq!(said(1, &["a learner"], &["learners"]), "1 of them is a learner");
        assert_eq!(
            said(3, &["a learner", "a volunteer"], &["learners", "volunteers"]),
            "3 of them are learners and volunteers"
        );
        assert_eq!(said(2, &[], &[]), "2 of them are in no audience");
    }
}
