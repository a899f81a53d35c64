use engine::Receipt;
use leptos::prelude::*;

use super::receipt::ERASED;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{moment, prose, sources},
};

/// The exact text of a signature, as it stood when it was signed.
pub fn signed_text(frame: &Frame, receipt: &Receipt) -> Rendered {
    let agreement = &receipt.agreement;
    frame.page(&format!("{}, as signed", agreement.title), || {
        let signed = format!(
            "Version {}, as {} signed it on {}.",
            agreement.current().version,
            receipt.signature.words.as_ref().map_or(ERASED, |words| &words.person_name),
            moment(receipt.signature.signed_at),
        );
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/receipts/{}", receipt.signature.id)>"Receipt"</a></p>
                <h1>{agreement.title.clone()}</h1>
                <p class="lead">{signed}</p>
                <article class="prose" aria-label="The text of the agreement">{prose(&agreement.text, &frame.sites)}</article>
                <blockquote><p>{receipt.signature.statement.clone()}</p></blockquote>
                {sources(&agreement.text)}
            </div>
        }
    })
}
