use engine::Receipt;
use leptos::prelude::*;

use super::receipt::ERASED;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{dir, lang, moment, prose, sources},
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
        let (lang, dir) = (lang(agreement.language), dir(agreement.language));
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/receipts/{}", receipt.signature.id)>"Receipt"</a></p>
                <h1 lang=lang.clone() dir=dir>{agreement.title.clone()}</h1>
                <p class="lead">{signed}</p>
                <article class="prose" aria-label="The text of the agreement" lang=lang.clone() dir=dir>
                    {prose(&agreement.text, &frame.sites)}
                </article>
                <blockquote lang=lang dir=dir><p>{receipt.signature.statement.clone()}</p></blockquote>
                {sources(&agreement.text)}
            </div>
        }
    })
}
