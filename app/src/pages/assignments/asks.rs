use chrono::NaiveDate;
use engine::{AssignedTo, GroupId, MayGive, PersonId, catalogue::Audience};
use leptos::prelude::*;

use crate::pages::parts::{Faults, Field, field};

/// What somebody has filled in to give a programme, as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignmentForm {
    /// The programme's name.
    pub programme: String,
    /// To whom: what `written` gave.
    pub to: String,
    /// The name of the person, where it is for one and was chosen on their page. `None`: one chooses here.
    pub to_person: Option<String>,
    /// From which day on, as browsers send days.
    pub from: String,
    /// What is wrong, with the id of the field.
    pub faults: Vec<(&'static str, String)>,
}

/// Whom a programme is given to, as forms and addresses say it.
pub(super) fn written(to: &AssignedTo) -> String {
    match to {
        AssignedTo::Audience(audience) => format!("audience:{audience}"),
        AssignedTo::Group(group) => format!("group:{group}"),
        AssignedTo::Person(person) => format!("person:{person}"),
    }
}

/// Reads what `written` gave.
#[must_use]
pub fn read_to(text: &str) -> Option<AssignedTo> {
    let (kind, id) = text.split_once(':')?;
    match kind {
        "audience" => Audience::new(id).ok().map(AssignedTo::Audience),
        "group" => GroupId::parse(id).map(AssignedTo::Group),
        "person" => PersonId::parse(id).map(AssignedTo::Person),
        _ => None,
    }
}

/// The form in which a programme is chosen, and whom it is for. It leads to what it would do, and does nothing yet.
pub(super) fn form(may: &MayGive, sent: &AssignmentForm, faults: &Faults, today: NaiveDate) -> impl IntoView + use<> {
    let programmes = may.programmes.iter().map(|(slug, title)| {
        let is_chosen = slug.as_str() == sent.programme;
        view! { <option value=slug.to_string() selected=is_chosen>{title.clone()}</option> }
    });
    let programmes = programmes.collect_view();
    let programme = field(Field { id: "programme", label: "Programme", hint: None }, faults, |told| {
        view! {
            <select id="programme" name="programme" aria-describedby=told.described_by aria-invalid=told.invalid>
                <option value="">"Choose one"</option>
                {programmes}
            </select>
        }
    });
    let to = match &sent.to_person {
        Some(name) => view! {
            <p class="field"><strong>"For"</strong> <br/> <span dir="auto">{name.clone()}</span> <input type="hidden" name="to" value=sent.to.clone()/></p>
        }
        .into_any(),
        None => recipients(may, sent, faults).into_any(),
    };
    let value = if sent.from.is_empty() { today.to_string() } else { sent.from.clone() };
    let hint =
        Some("Days until it is due are counted from here, or from when somebody begins, if that is later.".to_owned());
    let from = field(Field { id: "from", label: "From", hint }, faults, |told| {
        view! {
            <input
                id="from"
                name="from"
                type="date"
                required
                value=value
                aria-describedby=told.described_by
                aria-invalid=told.invalid
            />
        }
    });
    view! {
        <form method="get" action="/assignments/new" novalidate>
            {programme}
            {to}
            {from}
            <div class="actions"><button>"See whom it reaches"</button></div>
            <p class="hint">"Nothing is given yet: first you see who gets it."</p>
        </form>
    }
}

fn recipients(may: &MayGive, sent: &AssignmentForm, faults: &Faults) -> impl IntoView + use<> {
    let option = |value: String, words: String| {
        let is_chosen = value == sent.to;
        view! { <option value=value selected=is_chosen>{words}</option> }
    };
    let audiences: Vec<_> = may
        .audiences
        .iter()
        .map(|(audience, many)| option(written(&AssignedTo::Audience(audience.clone())), format!("All {many}")))
        .collect();
    let audiences =
        (!audiences.is_empty()).then(|| view! { <optgroup label="Everybody who is">{audiences}</optgroup> });
    let groups: Vec<_> =
        may.groups.iter().map(|(group, path)| option(written(&AssignedTo::Group(*group)), path.join(" / "))).collect();
    let groups = (!groups.is_empty()).then(|| view! { <optgroup label="Groups">{groups}</optgroup> });
    let hint = Some(
        "A group is reached with all groups below it. For one person, begin on their page in the matrix.".to_owned(),
    );
    field(Field { id: "to", label: "For", hint }, faults, |told| {
        view! {
            <select id="to" name="to" aria-describedby=told.described_by aria-invalid=told.invalid>
                <option value="">"Choose who"</option>
                {audiences}
                {groups}
            </select>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let id = "01990000-0000-7000-8000-000000000000";
        for to in [
            AssignedTo::Audience(Audience::new("learner").unwrap()),
            AssignedTo::Group(GroupId::parse(id).unwrap()),
            AssignedTo::Person(PersonId::parse(id).unwrap()),
        ] {
            assert_eq!(read_to(&written(&to)), Some(to));
        }
        for other in ["", "group", "group:", "group:7", "audience:Not One", "nobody:7"] {
            assert_eq!(read_to(other), None, "{other}");
        }
    }
}
