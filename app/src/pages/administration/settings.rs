use engine::{
    Doer, SettingChange, SettingShown, SettingsCheck, SettingsOf, SettingsShown, SettingsVersion,
    content::{Level, Problem},
};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day_of, field, in_print, list_table, moment, typed_text},
};

/// The provider's settings, and what somebody wants to know of a change.
#[derive(Clone, Debug, Default)]
pub struct SettingsView {
    /// What holds.
    pub shown: SettingsShown,
    /// The changed file, as it was sent.
    pub typed: String,
    /// What would come of it. `None`: nothing was asked.
    pub check: Option<SettingsCheck>,
    /// Why nothing could be said of it.
    pub faults: Faults,
}

/// How many problems are told of at most: one mistake may make many elsewhere.
const MOST_PROBLEMS: usize = 100;

/// What the provider's settings are, since when, and what would be wrong with a change of them.
pub fn settings(frame: &Frame, seen: &SettingsView) -> Rendered {
    frame.with_tables().page(&seen.faults.title("Settings"), || {
        let sets = if seen.shown.settings.is_empty() {
            view! { <div class="card nothing"><h2>"Nothing is published yet."</h2> <p>"The settings stand in the file organisation.toml of the folder with the content, and hold once that is published."</p></div> }.into_any()
        } else {
            let sets = SettingsOf::EVERY.map(|of| set(of, &seen.shown.settings)).collect_view();
            view! { <div class="sets">{sets}</div> }.into_any()
        };
        view! {
            {seen.faults.list()}
            <p class="crumb"><a href="/admin">"Administration"</a></p>
            <h1>"Settings"</h1>
            <p class="lead">"All settings stand in one place: the file organisation.toml in the folder with the content. They hold from the moment at which it is published."</p>
            <p>"Here you see what they are. To change one, change the file; below you can see beforehand what would be wrong with it."</p>
            <p class="jumps"><a href="#check">"Try a change"</a> " " <a href="#versions">"Versions"</a></p>
            {seen.check.as_ref().map(outcome)}
            {sets}
            {form(seen)}
            {versions(&seen.shown.versions)}
        }
    })
}

fn set_title(of: SettingsOf) -> &'static str {
    match of {
        SettingsOf::Provider => "You, and how your pages look",
        SettingsOf::Audiences => "As whom people are here",
        SettingsOf::Sites => "Whom to talk to at each site",
        SettingsOf::Roles => "Named roles and who stands in",
        SettingsOf::Learning => "Quizzes, agreements and other languages",
        SettingsOf::Cpd => "How CPD is counted",
        SettingsOf::Reminders => "Reminders by letter",
        SettingsOf::SignIn => "Signing in",
        SettingsOf::Retention => "What is let go of when people have left",
        SettingsOf::Rules => "Your own rules, which texts put in place",
    }
}

/// A set with all of its settings, folded: there are many.
fn set(of: SettingsOf, settings: &[SettingShown]) -> AnyView {
    let own: Vec<&SettingShown> = settings.iter().filter(|shown| shown.setting.of == of).collect();
    if own.is_empty() {
        return view! { <details class="card"><summary>{set_title(of)} ": nothing said"</summary> <p>"organisation.toml says nothing of this."</p></details> }.into_any();
    }
    // The set has been as it is since the last of them changed.
    let newest = own.iter().map(|shown| shown.since).max().flatten();
    let newest = newest.map_or_else(
        || "not changed for a long time".to_owned(),
        |since| format!("not changed since {}", day_of(since)),
    );
    let number = count(own.len(), "setting", "settings");
    let rows = own.into_iter().map(setting_row).collect_view();
    view! {
        <details class="card">
            <summary>{set_title(of)} " " <small class="hint">{format!("{number}, {newest}")}</small></summary>
            {list_table(set_title(of), &["What it decides", "What it says", "In the file", "Since"], rows)}
        </details>
    }
    .into_any()
}

fn setting_row(shown: &SettingShown) -> impl IntoView + use<> {
    let SettingShown { setting, since } = shown;
    view! {
        <tr>
            <th scope="row">{setting.what.clone()}</th>
            <td>{in_print(&setting.value)}</td>
            <td><code>{setting.key.clone()}</code></td>
            <td>{since.map_or_else(|| "Long ago".to_owned(), day_of)}</td>
        </tr>
    }
}

/// What would come of the file that was sent.
fn outcome(check: &SettingsCheck) -> impl IntoView + use<> {
    let errors = check.problems.iter().filter(|problem| problem.level == Level::Error).count();
    let warnings = check.problems.len() - errors;
    let changes = check.changes.as_deref().unwrap_or_default();
    let lead = match (check.is_refused(), changes.len()) {
        (true, _) => format!("It has {}, and would not be published.", count(errors, "error", "errors")),
        (false, 0) => "It can be published, and changes no setting.".to_owned(),
        (false, number) => format!("It can be published, and changes {}.", count(number, "setting", "settings")),
    };
    let noted =
        (warnings > 0).then(|| format!(" There is something to look at: {}.", count(warnings, "warning", "warnings")));
    let rows = check.problems.iter().take(MOST_PROBLEMS).map(problem_row).collect_view();
    let more = check.problems.len().saturating_sub(MOST_PROBLEMS);
    let more = (more > 0)
        .then(|| view! { <p class="hint">{format!("And {more} more of the same file or because of it.")}</p> });
    let problems = (!check.problems.is_empty()).then(|| {
        view! {
            <h3>"What is wrong"</h3>
            {list_table("Problems", &["Where", "What", "What to do"], rows)}
            {more}
        }
    });
    let rows = changes.iter().map(change_row).collect_view();
    let changed = (!changes.is_empty()).then(|| {
        view! {
            <h3>"What would change"</h3>
            {list_table("Changes", &["Setting", "From", "To", "What comes of it"], rows)}
        }
    });
    let lost = check.lost.iter().map(|lost| view! { <li>{lost.to_string()}</li> }).collect_view();
    let lost = (!check.lost.is_empty()).then(|| {
        view! { <h3>"What would be in use and no longer listed"</h3> <ul>{lost}</ul> }
    });
    view! {
        <section class="card" aria-labelledby="outcome">
            <h2 id="outcome" tabindex="-1">"What would come of your change"</h2>
            <p role="status"><strong>{lead}</strong> {noted}</p>
            {problems}
            {changed}
            {lost}
            <p class="hint">"Nothing was saved. To make it so, change the file itself and publish it."</p>
        </section>
    }
}

fn problem_row(problem: &Problem) -> impl IntoView + use<> {
    let level = match problem.level {
        Level::Error => "Error",
        Level::Warning => "Warning",
    };
    view! {
        <tr>
            <th scope="row">{format!("{}, line {}", problem.path, problem.line)}</th>
            <td>{format!("{level}: {}", problem.message)}</td>
            <td>{problem.help.clone()}</td>
        </tr>
    }
}

fn change_row(change: &SettingChange) -> impl IntoView + use<> {
    let said = |value: &Option<String>| value.as_deref().map_or_else(|| "–".to_owned(), in_print);
    view! {
        <tr>
            <th scope="row">{change.what.clone()} <small class="hint"><code>{change.key.clone()}</code></small></th>
            <td>{said(&change.from)}</td>
            <td>{said(&change.to)}</td>
            <td>{change.consequence.clone()}</td>
        </tr>
    }
}

fn form(seen: &SettingsView) -> impl IntoView + use<> {
    let text = typed_text(&seen.typed);
    let hint = "All of it, as it would be. Nothing is saved: you only see what would be wrong, and what would change.";
    view! {
        <section id="check">
            <h2>"Try a change"</h2>
            <form method="post" action="/admin/settings" novalidate>
                {field(Field { id: "file", label: "Your changed organisation.toml", hint: Some(hint.to_owned()) }, &seen.faults, move |told| view! {
                    <textarea class="source" id="file" name="file" rows="14" spellcheck="false" autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid>{text}</textarea>
                })}
                <div class="actions"><button>"See what would come of it"</button></div>
            </form>
        </section>
    }
}

fn versions(versions: &[SettingsVersion]) -> impl IntoView + use<> {
    let rows = versions.iter().map(version_row).collect_view();
    let table = if versions.is_empty() {
        view! { <p>"Nothing was published yet."</p> }.into_any()
    } else {
        list_table("Versions", &["Version", "In force since", "Published by", "Settings that it changed"], rows)
    };
    view! {
        <section id="versions">
            <h2>"Versions"</h2>
            <p class="hint">"Facts, contacts and your own pages are published with the settings under one number, so a version may change no setting."</p>
            {table}
        </section>
    }
}

fn version_row(version: &SettingsVersion) -> impl IntoView + use<> {
    let by = match &version.by {
        Doer::Person(_, Some(name)) => name.clone(),
        Doer::Person(_, None) => "(name erased)".to_owned(),
        Doer::Program(_, name) => name.clone(),
        Doer::CommandLine => "The command line".to_owned(),
        Doer::Server => "The server, when it started".to_owned(),
    };
    let changed = match &version.changed {
        None if version.number == 1 => "It was the first".to_owned(),
        None => String::new(),
        Some(keys) if keys.is_empty() => "None".to_owned(),
        Some(keys) => keys.join("; "),
    };
    view! {
        <tr>
            <th scope="row">{version.number.to_string()}</th>
            <td>{moment(version.since)}</td>
            <td dir="auto">{by}</td>
            <td>{changed}</td>
        </tr>
    }
}
