use engine::{FormKey, catalogue::Agreement};
use leptos::prelude::*;

use crate::pages::{frame::Frame, parts::lower_first};

/// What is wrong with a signing form that was sent, and what it held.
#[derive(Clone, Debug, Default)]
pub struct SignFaults {
    /// The box was not ticked.
    pub agreement: bool,
    /// The name is empty or too long.
    pub name: bool,
    /// The password is wrong, with what to say about it.
    pub password: Option<String>,
    /// The text changed since it was shown.
    pub text_changed: bool,
    /// The form had been used before.
    pub form_used: bool,
    /// The name as it was typed.
    pub typed_name: String,
}

pub(super) fn fault_list(faults: &SignFaults) -> Vec<(&'static str, String)> {
    let mut list = Vec::new();
    if faults.text_changed {
        list.push((
            "sign",
            "The text has changed since you opened it. Please read it again before you sign".to_owned(),
        ));
    }
    if faults.form_used {
        list.push((
            "sign",
            "That form had been used before, so nothing was signed. Please use this new one".to_owned(),
        ));
    }
    if faults.agreement {
        list.push(("agree", "Tick the box to say that you agree".to_owned()));
    }
    if faults.name {
        list.push(("typed-name", "Type your full name".to_owned()));
    }
    if let Some(password) = &faults.password {
        list.push(("password", password.clone()));
    }
    list
}

pub(super) fn sign_form(
    frame: &Frame,
    agreement: &Agreement,
    key: FormKey,
    ask_password: bool,
    faults: &SignFaults,
) -> impl IntoView + use<> {
    let field_fault =
        |id: &'static str, shown: bool, text: String| shown.then(|| view! { <p class="field-error" id=id>{text}</p> });
    let known_as = frame.reader.clone().unwrap_or_default();
    let password = ask_password.then(|| {
        let wrong = faults.password.is_some();
        let described = if wrong { "password-hint password-error" } else { "password-hint" };
        view! {
            <div class="field">
                <label for="password">"Your password"</label>
                <p class="hint" id="password-hint">
                    "You signed in more than 10 minutes ago, so we check that it is still you."
                </p>
                {field_fault("password-error", wrong, faults.password.clone().unwrap_or_default())}
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                />
            </div>
        }
    });
    view! {
        <section class="intent" aria-labelledby="sign">
            <h2 id="sign">"Sign"</h2>
            <form method="post" action=format!("/agreements/{}/sign", agreement.slug)>
                <input type="hidden" name="version" value=agreement.canonical.sha256.to_string()/>
                <input type="hidden" name="key" value=key.to_string()/>
                <div class="field">
                    {field_fault("agree-error", faults.agreement, "Tick the box to say that you agree".to_owned())}
                    <div class="option">
                        <input
                            type="checkbox"
                            id="agree"
                            name="agree"
                            value="yes"
                            required
                            aria-invalid=faults.agreement.then_some("true")
                            aria-describedby=faults.agreement.then_some("agree-error")
                        />
                        <label for="agree">{agreement.statement.clone()}</label>
                    </div>
                </div>
                <div class="field">
                    <label for="typed-name">"Your full name"</label>
                    <p class="hint" id="name-hint">
                        {format!("Typing it here is your signature. We know you as {known_as}.")}
                    </p>
                    {field_fault("name-error", faults.name, "Type your full name".to_owned())}
                    <input
                        id="typed-name"
                        name="typed_name"
                        type="text"
                        autocomplete="name"
                        maxlength="200"
                        required
                        value=faults.typed_name.clone()
                        aria-describedby=if faults.name { "name-hint name-error" } else { "name-hint" }
                        aria-invalid=faults.name.then_some("true")
                    />
                </div>
                {password}
                <div class="actions">
                    <button>{format!("Sign the {}", lower_first(&agreement.title))}</button>
                </div>
                <p class="hint">
                    "You get a receipt at once. Not ready? Nothing is lost if you come back later, and you can "
                    <a href="/help">"talk to someone"</a> " first."
                </p>
            </form>
        </section>
    }
}
