use engine::{GroupTree, MayChange, catalogue::ListedAudience};
use leptos::prelude::*;

use super::{
    choose::{audience_field, day_field, group_field, line_field},
    tabs::{Tab, tabs},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::Faults,
};

/// Somebody to be added, as the form has them, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct NewPersonForm {
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What another system knows them by.
    pub external_id: String,
    /// As whom they are here.
    pub audience: String,
    /// Their group.
    pub group: String,
    /// When they begin.
    pub start: String,
    /// What is wrong, by field.
    pub faults: Faults,
}

/// The form with which somebody is added.
pub fn new_person(frame: &Frame, form: &NewPersonForm, tree: &GroupTree, audiences: &[ListedAudience]) -> Rendered {
    let faults = &form.faults;
    frame.page(&faults.title("Add somebody"), || {
        let none = match (tree.groups.is_empty(), tree.may_change) {
            (true, _) => "There are no groups yet",
            (false, MayChange::Everything) => "None yet",
            // Whoever looks after some groups adds people to these alone.
            (false, MayChange::Groups | MayChange::Nothing) => "Choose one",
        };
        view! {
            {faults.list()}
            <h1>"Add somebody"</h1>
            {tabs(Tab::New, tree.may_change)}
            <div class="column">
                <p>"They choose their own password: once they are added, you make a link for them to do so."</p>
                <form method="post" action="/people/new" novalidate>
                    {line_field(("name", "Name", Some("As it stands on their certificates")), "text", form.name.clone(), true, faults)}
                    {line_field(("email", "Email", Some("What they sign in with")), "email", form.email.clone(), true, faults)}
                    {line_field(
                        ("external_id", "Id in another system", Some("Such as a learner number. Leave it empty if there is none")),
                        "text",
                        form.external_id.clone(),
                        false,
                        faults,
                    )}
                    {audience_field(
                        ("audience", "Here as", Some("What is written for these is for them")),
                        audiences,
                        None,
                        &form.audience,
                        faults,
                    )}
                    {group_field(("group", "Group", None), &tree.groups, Some(none), &form.group, None, faults)}
                    {day_field("start", "Begins on", Some("Due dates are counted from this day"), form.start.clone(), faults)}
                    <div class="actions"><button>"Add them"</button></div>
                </form>
            </div>
        }
    })
}
