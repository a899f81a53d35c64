use engine::ListedGroup;
use leptos::prelude::*;
use model::ModuleSlug;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, field, group_path},
};

/// A workshop to be planned, as the form has it, and what can be chosen.
#[derive(Clone, Debug, Default)]
pub struct PlanForm {
    /// The module.
    pub module: String,
    /// The group.
    pub group: String,
    /// The day.
    pub day: String,
    /// The time.
    pub time: String,
    /// The place.
    pub place: String,
    /// The modules for which a workshop counts, with their titles.
    pub modules: Vec<(ModuleSlug, String)>,
    /// The groups that can be chosen.
    pub groups: Vec<ListedGroup>,
    /// Whether it can be for everybody.
    pub everybody: bool,
    /// Whether nobody whom it is for could come, so that planning it all the same is offered.
    pub reaches_nobody: bool,
    /// What is wrong.
    pub faults: Faults,
}

/// Where somebody plans a workshop.
pub fn plan_workshop(frame: &Frame, form: &PlanForm) -> Rendered {
    let faults = &form.faults;
    frame.page(&faults.title("Plan a workshop"), || {
        if form.modules.is_empty() {
            return view! {
                <div class="column">
                    <h1>"Plan a workshop"</h1>
                    <p class="lead">"There is no module for which a workshop counts."</p>
                    <p>"Whoever writes a module says so in its "<code>"module.toml"</code>": "<code>"workshop = true"</code>"."</p>
                    <p><a class="button second" href="/workshops">"Back to the workshops"</a></p>
                </div>
            }
            .into_any();
        }
        let modules = form.modules.iter().map(|(slug, title)| option(slug.as_str(), title, &form.module)).collect_view();
        let groups = form
            .groups
            .iter()
            .map(|group| option(&group.id.to_string(), &group_path(&form.groups, group), &form.group))
            .collect_view();
        let everybody = form.everybody.then(|| option("everybody", "Everybody", &form.group));
        let select = |id: &'static str, label: &'static str, hint: Option<&str>, options: AnyView| {
            field(Field { id, label, hint: hint.map(str::to_owned) }, faults, move |told| {
                view! {
                    <select id=id name=id required aria-describedby=told.described_by aria-invalid=told.invalid>
                        <option value="">"Choose"</option>
                        {options}
                    </select>
                }
            })
            .into_any()
        };
        let input = |id: &'static str, label: &'static str, hint: Option<&str>, kind: &'static str, value: &str| {
            let value = value.to_owned();
            field(Field { id, label, hint: hint.map(str::to_owned) }, faults, move |told| {
                view! {
                    <input id=id name=id type=kind value=value required autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/>
                }
            })
            .into_any()
        };
        let anyway = form.reaches_nobody.then(|| {
            view! { <button class="second" name="anyway" value="yes">"Plan it all the same"</button> " " }
        });
        view! {
            <div class="column">
                {faults.list()}
                <h1>"Plan a workshop"</h1>
                <p class="lead">"You lead it. On the day you show a code, people sign in with it, and afterwards you say who was there: for them it counts as the module passed."</p>
                <form method="post" action="/workshops/new" novalidate>
                    {select("module", "Module", Some("Those whose author lets a workshop count"), modules.into_any())}
                    {select("group", "For", Some("They see it on their own page"), view! { {everybody} {groups} }.into_any())}
                    {input("day", "Day", None, "date", &form.day)}
                    {input("time", "Time", Some("Such as 09:30"), "time", &form.time)}
                    {input("place", "Place", Some("Such as a room, or a building"), "text", &form.place)}
                    <div class="actions"><button>"Plan it"</button> " " {anyway} <a class="standalone" href="/workshops">"Back to the workshops"</a></div>
                </form>
            </div>
        }
        .into_any()
    })
}

fn option(value: &str, words: &str, chosen: &str) -> impl IntoView + use<> {
    let is_chosen = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{words.to_owned()}</option> }
}
