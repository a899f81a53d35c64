use engine::{Certificate, WrongBecause};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, day_of, field, marks, words_in, wrong},
};

/// Why a pass is withdrawn, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct WithdrawForm {
    /// What was wrong, by its code.
    pub code: String,
    /// In words.
    pub reason: String,
    /// What is wrong with the form.
    pub faults: Faults,
}

/// Where an administrator says that a pass was recorded wrongly.
pub fn withdraw_pass(frame: &Frame, pass: &Certificate, sent: &WithdrawForm) -> Rendered {
    let faults = &sent.faults;
    frame.page(&faults.title("Withdraw a pass"), || {
        let chosen = sent.code.clone();
        let choices = WrongBecause::EVERY.map(|why| {
            let selected = why.code() == chosen;
            view! { <option value=why.code() selected=selected>{first_upper(wrong(why))}</option> }
        });
        let code = field(Field { id: "code", label: "What was wrong", hint: None }, faults, |told| {
            view! {
                <select id="code" name="code" aria-describedby=told.described_by aria-invalid=told.invalid>
                    <option value="">"Choose what was wrong"</option>
                    {choices.collect_view()}
                </select>
            }
        });
        let value = sent.reason.clone();
        let hint = "In a line: how it came about, and who found out. It is kept in the signed log, apart from the rest.".to_owned();
        let reason = field(Field { id: "reason", label: "Reason", hint: Some(hint) }, faults, |told| {
            view! {
                <input id="reason" name="reason" type="text" required value=value dir="auto" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        });
        let name = pass.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
        view! {
            <div class="column">
                {faults.list()}
                <h1>"Withdraw the pass in “" {words_in(pass.language, &pass.title)} "”"</h1>
                <p class="lead"><span dir="auto">{name}</span> {format!(" passed it on {}, {}.", day_of(pass.at), marks(pass.how, pass.earned, pass.possible, " marks"))}</p>
                <p>"What was recorded stays on record, and says that it was withdrawn. From now on it counts for nothing: the module is asked for again where a programme asks for it, and whoever checks its certificate is told that it was withdrawn. What they have signed stays signed, and whoever looks at it is told."</p>
                <p>"This cannot be taken back. Whoever was withdrawn wrongly passes it again."</p>
                <form method="post" action=format!("/passes/{}/withdraw", pass.completion) novalidate>
                    {code}
                    {reason}
                    <div class="actions"><button>"Withdraw it"</button></div>
                </form>
            </div>
        }
    })
}

fn first_upper(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
