use chrono::{DateTime, Utc};
use engine::{OpenCode, WeakPassword};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, field, moment, not_before},
};

/// Why a code led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinFault {
    /// Nothing was typed.
    Nothing,
    /// It lets nobody in.
    NoSuchCode,
    /// Too many codes were tried.
    TooMany {
        /// When the next is allowed.
        retry_at: DateTime<Utc>,
    },
}

impl JoinFault {
    fn words(self) -> String {
        match self {
            Self::Nothing => "Type the code that you were shown".to_owned(),
            Self::NoSuchCode => {
                "This code lets nobody in: check its letters, or ask who gave it to you for another".to_owned()
            }
            Self::TooMany { retry_at } => {
                let at = not_before(retry_at);
                format!(
                    "Too many codes that lead nowhere were tried from where you are. Wait until {at}, then try again"
                )
            }
        }
    }
}

/// Where a code of an induction day is typed. `typed`: what was typed before.
pub fn join_code(frame: &Frame, typed: &str, fault: Option<JoinFault>) -> Rendered {
    let mut faults = Faults::default();
    if let Some(fault) = fault {
        faults.add("code", fault.words());
    }
    frame.page(&faults.title("Join a group"), || {
        let value = typed.to_owned();
        let code = field(
            Field { id: "code", label: "Code", hint: Some("Eight letters and digits, such as ABCD-EFGH. Small letters are fine".to_owned()) },
            &faults,
            |told| {
                view! {
                    <input id="code" name="code" type="text" value=value required autocomplete="off" maxlength="20" aria-describedby=told.described_by aria-invalid=told.invalid/>
                }
            },
        );
        view! {
            <div class="column">
                {faults.list()}
                <h1>"Join a group"</h1>
                <p class="lead">"Type the code that you were shown."</p>
                <form method="get" action="/join" novalidate>
                    {code}
                    <div class="actions"><button>"Go on"</button></div>
                </form>
            </div>
        }
    })
}

/// Somebody who begins with a code, as they filled in the form, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// Their name.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// What is wrong, by field.
    pub faults: Faults,
    /// Whether whoever is signed in is in the group already.
    pub is_in: bool,
}

/// What a code leads to: for who is signed in, one press; otherwise a new account, or signing in.
pub fn join(frame: &Frame, open: &OpenCode, form: &Beginning) -> Rendered {
    let faults = &form.faults;
    frame.page(&faults.title(&format!("Join {}", open.group_name)), || {
        let address = format!("/join/{}", open.code.code);
        let group = open.group_name.clone();
        let main = match (&frame.reader, &open.as_whom) {
            (Some(_), _) if form.is_in => view! {
                <p class="lead">"You are in this group."</p>
                <p><a class="button" href="/">"Go to your page"</a></p>
            }
            .into_any(),
            (Some(reader), _) => view! {
                <p>"You are signed in as " <strong dir="auto">{reader.clone()}</strong> "."</p>
                <form method="post" action=address>
                    <div class="actions"><button>{format!("Join {group}")}</button></div>
                </form>
                <p class="hint">"Not you? Sign out first: the menu has it."</p>
            }
            .into_any(),
            (None, as_whom) => {
                let sign_in = format!("/sign-in?next=%2Fjoin%2F{}", open.code.code);
                let account =
                    view! { <p>"Do you have an account? " <a href=sign_in>"Sign in, and join the group"</a> "."</p> };
                match as_whom {
                    Some(one) => view! { {account} {begin(form, &address, one)} }.into_any(),
                    None => {
                        view! { {account} <p>"If you have none, ask the person who gave you the code."</p> }.into_any()
                    }
                }
            }
        };
        view! {
            <div class="column">
                {faults.list()}
                <h1 dir="auto">{format!("Join {}", open.group_name)}</h1>
                <p class="hint">{format!("This code holds until {}.", moment(open.code.expires_at))}</p>
                {main}
            </div>
        }
    })
}

fn begin(form: &Beginning, address: &str, one: &str) -> AnyView {
    let faults = &form.faults;
    let (name, email) = (form.name.clone(), form.email.clone());
    let name = field(
        Field { id: "name", label: "Your full name", hint: Some("As it should stand on your certificates".to_owned()) },
        faults,
        |told| view! { <input id="name" name="name" type="text" value=name required autocomplete="name" aria-describedby=told.described_by aria-invalid=told.invalid/> },
    );
    let email = field(
        Field { id: "email", label: "Your email", hint: Some("You sign in with it".to_owned()) },
        faults,
        |told| view! { <input id="email" name="email" type="email" value=email required autocomplete="username" aria-describedby=told.described_by aria-invalid=told.invalid/> },
    );
    view! {
        <h2>{format!("New here as {one}?")}</h2>
        <form method="post" action=address.to_owned() novalidate>
            {name}
            {email}
            {new_password(WeakPassword::SHORTEST, faults)}
            <div class="actions"><button>"Begin"</button></div>
        </form>
    }
    .into_any()
}

/// A password that somebody chooses. It can be pasted and shown. `least`: how many characters it has at least.
pub(super) fn new_password(least: usize, faults: &Faults) -> AnyView {
    let hint = format!(
        "At least {least} characters. Three or four words that have nothing to do with each other are good. Your browser can keep it for you"
    );
    let password = field(Field { id: "password", label: "Choose a password", hint: Some(hint) }, faults, |told| {
        view! {
            <input id="password" name="password" type="password" required autocomplete="new-password" aria-describedby=told.described_by aria-invalid=told.invalid/>
        }
    });
    view! {
        {password}
        <button type="button" class="quiet show-password" data-show="password" data-alive hidden>"Show password"</button>
    }
    .into_any()
}
