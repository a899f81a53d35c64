use engine::{
    FormKey, SignError, TextFault, TwinName,
    catalogue::{Agreement, Language},
};
use leptos::prelude::*;

use super::page::ShowAgain;
use crate::pages::{
    frame::Frame,
    parts::{Faults, Field, Mark, dir, field, in_query, lang, lower_first, mark, text_words, tick},
};

/// What is wrong with a signing form that was sent, and what it held.
#[derive(Clone, Debug, Default)]
pub struct SignFaults {
    /// The box was not ticked.
    pub agreement: bool,
    /// It was.
    pub agreed: bool,
    /// What is wrong with the name.
    pub name: Option<TextFault>,
    /// The name shares no word with the one that is known: they are asked whether it is theirs.
    pub other_name: bool,
    /// The password is wrong, with what to say about it.
    pub password: Option<String>,
    /// The text changed since it was shown.
    pub text_changed: bool,
    /// The form had been used before.
    pub form_used: bool,
    /// The session had ended when it was sent, so that nothing was signed.
    pub signed_out: bool,
    /// The name as it was typed.
    pub typed_name: String,
}

impl SignFaults {
    /// Takes in what is missing in what was filled in. What is no such thing changes nothing.
    pub fn take(&mut self, fault: Option<SignError>) {
        match fault {
            Some(SignError::Incomplete { name, agreement }) => (self.name, self.agreement) = (name, agreement),
            Some(SignError::OtherName) => self.other_name = true,
            _ => {}
        }
    }

    /// The same in words, each at its place.
    pub(super) fn words(&self) -> Faults {
        let mut faults = Faults::default();
        if self.text_changed {
            faults.add("sign", "The text has changed since you opened it. Please read it again before you sign");
        }
        if self.form_used {
            faults.add("sign", "That form had been used before, so nothing was signed. Please use this new one");
        }
        if self.signed_out {
            faults.add("sign", "You were signed out before it reached us, so nothing was signed. Read it again, then tick the box and sign");
        }
        if self.agreement {
            faults.add("agree", "Tick the box to say that you agree");
        }
        if let Some(fault) = self.name {
            faults.add("typed-name", text_words(fault, "Type your full name"));
        }
        if self.other_name {
            faults.add("typed-name", "Check that this is your name");
        }
        if let Some(password) = &self.password {
            faults.add("password", password.clone());
        }
        faults
    }
}

/// The form to sign an agreement in the words of a twin, or as it was written first; `faults` are those of `sent` in words.
pub(super) fn sign_form(
    frame: &Frame,
    agreement: &Agreement,
    twin: Option<TwinName>,
    key: FormKey,
    again: ShowAgain,
    sent: &SignFaults,
    faults: &Faults,
) -> impl IntoView + use<> {
    let known_as = frame.reader.clone().unwrap_or_default();
    let known = known_as.clone();
    let hint = format!("Typing it here is your signature. We know you as {known_as}.");
    let value = sent.typed_name.clone();
    let name = field(Field { id: "typed-name", label: "Your full name", hint: Some(hint) }, faults, |told| {
        view! {
            <input
                id="typed-name"
                name="typed_name"
                type="text"
                autocomplete="name"
                required
                value=value
                aria-describedby=told.described_by
                aria-invalid=told.invalid
            />
        }
    });
    let password = (again == ShowAgain::Password).then(|| {
        let hint = "You signed in more than 10 minutes ago, so we check that it is still you.".to_owned();
        field(Field { id: "password", label: "Your password", hint: Some(hint) }, faults, |told| {
            view! {
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    aria-describedby=told.described_by
                    aria-invalid=told.invalid
                />
            }
        })
    });
    let sign_on = (again == ShowAgain::SignOn).then(|| {
        let label = frame.sign_on.as_ref().map_or("your organisation’s account", |offer| &offer.label);
        let here = in_query(&format!("/agreements/{}", agreement.slug));
        view! {
            <p id="password">
                "You signed in more than 10 minutes ago, so we check that it is still you. Do this first: "
                <a href=format!("/sign-in/with?anew=yes&next={here}")>{format!("sign in again with {label}")}</a>
                ". You come back to this page."
            </p>
        }
    });
    view! {
        <section class="intent" aria-labelledby="sign">
            <h2 id="sign">"Sign"</h2>
            <form method="post" action=format!("/agreements/{}/sign", agreement.slug) novalidate>
                <input type="hidden" name="version" value=agreement.canonical.sha256.to_string()/>
                <input type="hidden" name="key" value=key.to_string()/>
                {twin.map(|twin| view! { <input type="hidden" name="twin" value=twin.to_string()/> })}
                <div lang=lang(agreement.language) dir=dir(agreement.language)>
                    {tick("agree", agreement.statement.clone(), sent.agreed, faults)}
                </div>
                {sent.other_name.then(|| is_this_you(&sent.typed_name, &known))}
                {name}
                {password}
                {sign_on}
                <div class="actions">
                    {if sent.other_name {
                        view! {
                            <button name="confirm" value="yes">"Yes, this is my name: sign"</button>
                            " "
                            <button class="second">"I have changed it: sign"</button>
                        }
                        .into_any()
                    } else {
                        // One language in one button.
                        let what = match agreement.language {
                            Language::ENGLISH => format!("Sign the {}", lower_first(&agreement.title)),
                            _ => "Sign this agreement".to_owned(),
                        };
                        view! { <button>{what}</button> }.into_any()
                    }}
                </div>
                <p class="hint">
                    "You get a receipt at once. Not ready? Nothing is lost if you come back later, and you can "
                    <a href="/help">"talk to someone"</a> " first."
                </p>
            </form>
        </section>
    }
}

/// Asked once, when the typed name shares no word with the known one. People do marry.
fn is_this_you(typed: &str, known: &str) -> impl IntoView + use<> {
    view! {
        <div class="callout callout-warning" role="note">
            <p class="callout-word">{mark(Mark::Warning)} " Is this your name?"</p>
            <p>
                "You typed " <strong>{typed.to_owned()}</strong> ". We know you as " <strong>{known.to_owned()}</strong>
                ". If it is your name, say so below. If not, change it."
            </p>
        </div>
    }
}
