use chrono::SecondsFormat;
use engine::{Receipt, local};
use leptos::prelude::*;

use super::digest::grouped;
use crate::{
    drawing::drawing,
    pages::{
        frame::{Frame, Rendered},
        parts::{Mark, day_of, dir, lang, mark, marks, moment, row, signed_in_by, withdrawn_words, words_in},
    },
};

const SEAL: &str = r#"<circle cx="52" cy="52" r="49"/><circle cx="52" cy="52" r="42" stroke-dasharray="1 5.280" stroke-width="5"/><circle cx="52" cy="52" r="34" fill="currentColor" fill-opacity=".1"/><path d="m37 53.500 10.500 10.500L68 41" stroke-width="6"/>"#;

/// What stands where a name was before it was erased.
pub(super) const ERASED: &str = "(name erased)";

/// A signature's receipt: who signed what, when, and on which passes it stands. Prints on one page.
pub fn receipt(frame: &Frame, receipt: &Receipt) -> Rendered {
    let signature = &receipt.signature;
    let agreement = &receipt.agreement;
    frame.page(&format!("Receipt, {}", agreement.title), || {
        let passes = receipt
            .passes
            .iter()
            .map(|pass| {
                let since = pass.withdrawn.map(|withdrawn| format!("; {}", withdrawn_words(withdrawn)));
                let line = format!(
                    ", version {}, passed {}, {}{}",
                    pass.number,
                    day_of(pass.completed_at),
                    marks(pass.how, pass.earned, pass.possible, ""),
                    since.unwrap_or_default(),
                );
                view! { <li>{words_in(pass.language, &pass.title)} {line}</li> }
            })
            .collect_view();
        let digests = receipt
            .passes
            .iter()
            .map(|pass| {
                let what = format!(", version {}", pass.number);
                view! {
                    <li>
                        {words_in(pass.language, &pass.title)} {what} <br/> <code>{grouped(&pass.version.to_string())}</code>
                    </li>
                }
            })
            .collect_view();
        let text = view! {
            <a href=format!("/signatures/{}", signature.id)>{words_in(agreement.language, &agreement.title)}</a>
            {format!(", version {}", agreement.current().version)}
        };
        let when = view! { <time datetime=signature.signed_at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(signature.signed_at)}</time> };
        let (signer, typed) = match &signature.words {
            Some(words) if words.confirmed => {
                (words.person_name.clone(), format!("{} (asked, they said that this is their name)", words.typed_name))
            }
            Some(words) => (words.person_name.clone(), words.typed_name.clone()),
            None => (ERASED.to_owned(), ERASED.to_owned()),
        };
        let until = signature.expires_at.map(|until| row("Counts until", day_of(until)));
        let signed_in =
            format!("{}, at {}", signed_in_by(&signature.sign_in_method), local(signature.signed_in_at).format("%H:%M"));
        let answers_to = receipt.submitted_to.as_ref().map(|role| {
            let ticked = receipt.ticked_at.map(|at| format!(", ticked off on {}", day_of(at))).unwrap_or_default();
            row("Copy goes to", format!("{}{ticked}", role.title))
        });
        let looks = receipt.looks.filter(|looks| *looks > 0).map(|looks| {
            let times = if looks == 1 { "once".to_owned() } else { format!("{looks} times") };
            view! { <p class="hint no-print">{format!("People who check records here have looked at what you signed {times}. Each look is noted.")}</p> }
        });
        view! {
            <article class="receipt">
                <div>
                    <header>
                        <div>
                            {frame.logo("own-logo")}
                            <p>{frame.around.organisation.clone()}</p>
                            <h1>{words_in(agreement.language, &agreement.title)} <span class="hidden">": "</span> <small>"Signed"</small></h1>
                        </div>
                        {drawing("seal", 104, "2", SEAL)}
                    </header>
                    <p class="signer"><small>"Signed by"</small> {signer.clone()}</p>
                    <blockquote lang=lang(agreement.language) dir=dir(agreement.language)>
                        <p>{format!("“{}”", signature.statement)}</p>
                    </blockquote>
                    <dl class="facts">
                        {row("Agreement", text)}
                        {signature.twin.map(|twin| row("Read and signed in", twin.name().to_owned()))}
                        {row("When", when)}
                        {until}
                        {row("Name typed", typed.clone())}
                        {row("Passed before signing", view! { <ul role="list">{passes}</ul> })}
                        {row("Signed in with", signed_in)}
                        {answers_to}
                        {row("Receipt number", view! { <span class="number">{signature.id.to_string()}</span> })}
                    </dl>
                    <details class="digests">
                        <summary>"For auditors: the digests (SHA-256) of what was signed and passed"</summary>
                        <ul role="list">
                            <li>
                                "The text that was signed" <br/>
                                <code>{grouped(&agreement.canonical.sha256.to_string())}</code>
                            </li>
                            {digests}
                        </ul>
                    </details>
                </div>
            </article>
            <p class="proves">
                {format!(
                    "This proves that {0} signed this text, when {0} did, and what {0} had passed before. It is in a log that nobody can change without that being seen.",
                    if receipt.looks.is_some() { "you" } else { "they" },
                )}
                <span class="no-print">
                    " " <a href=format!("/signatures/{}", signature.id)>"See the evidence"</a> ", or "
                    <a href=format!("/receipts/{}/file", signature.id) download=format!("receipt-{}.json", signature.id)>"download the proof as a file"</a>
                    ", which can be checked without us."
                </span>
            </p>
            {looks}
            <div class="actions no-print">
                <a class="button" href="/">"Go to your page"</a>
                " "
                <button class="second" type="button" data-print="" data-alive="" hidden>{mark(Mark::Print)} " Print or save as PDF"</button>
            </div>
            <p class="hint no-print">"This receipt is kept for you: you find it again under “Agreements”."</p>
        }
    })
}
