use engine::{AgreementPage, LONGEST_DECLINE_REASON, ShownDecline};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day, day_of, dir, field, lang, moment, row, typed_text, words_in},
};

/// Why somebody does not sign, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct DeclineForm {
    /// Their reason.
    pub reason: String,
    /// What is wrong.
    pub faults: Faults,
}

/// Where somebody says that they do not sign an agreement, and why.
pub fn decline(frame: &Frame, page: &AgreementPage, sent: &DeclineForm) -> Rendered {
    let faults = &sent.faults;
    let agreement = &page.agreement;
    frame.page(&faults.title("Decline to sign"), || {
        let reason = sent.reason.clone();
        let hint = format!("In your own words; {LONGEST_DECLINE_REASON} characters at most.");
        let reason = field(Field { id: "reason", label: "Why you do not want to sign", hint: Some(hint) }, faults, move |told| {
            view! {
                <textarea id="reason" name="reason" rows="6" required dir="auto" aria-describedby=told.described_by aria-invalid=told.invalid>{typed_text(&reason)}</textarea>
            }
        });
        let again = match page.may_decline {
            Some(days) => format!("You are asked again after {}.", count(days as usize, "day", "days")),
            None => String::new(),
        };
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/agreements/{}", agreement.slug) lang=lang(agreement.language) dir=dir(agreement.language)>{agreement.title.clone()}</a></p>
                {faults.list()}
                <h1 id="decline">"Decline to sign “" {words_in(agreement.language, &agreement.title)} "”"</h1>
                <p class="lead">"You may say no. Nobody signs for you, and you can sign it at any time after all."</p>
                <p>{format!("A safeguarding lead, and those who check signatures here, can read your reason, so that somebody can talk to you about it. {again} Until then no letter reminds you of it.")}</p>
                <form method="post" action=format!("/agreements/{}/decline", agreement.slug) novalidate>
                    <input type="hidden" name="version" value=agreement.canonical.sha256.to_string()/>
                    {reason}
                    <div class="actions">
                        <button>"Decline"</button>
                        " "
                        <a class="standalone" href=format!("/agreements/{}", agreement.slug)>"Back to the agreement"</a>
                    </div>
                </form>
                <p class="hint">"That you declined is kept with your record. Your reason is let go of together with your name."</p>
                <p class="hint">"Is something wrong, or does somebody press you? " <a href="/help">"Talk to somebody"</a> "."</p>
            </div>
        }
    })
}

/// That somebody declined, and why, for themselves and for whoever may see what they signed.
pub fn declined_agreement(frame: &Frame, shown: &ShownDecline) -> Rendered {
    let listed = &shown.listed;
    frame.page("Declined to sign", || {
        let name = listed.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
        let reason = match &shown.reason {
            Some(reason) => view! { <blockquote class="own-words" dir="auto">{reason.clone()}</blockquote> }.into_any(),
            None => view! { <p>"The reason has been let go of."</p> }.into_any(),
        };
        let signed = listed.signed_at.map_or_else(|| "Not yet".to_owned(), |at| format!("On {}", moment(at)));
        let noted = (!shown.is_oneself).then(|| {
            view! { <p class="hint">"That you read this is noted, and they see how often others have. Talk to them: a worry can often be answered, and nobody should be pressed to sign."</p> }
        });
        let record = (!shown.is_oneself).then(|| {
            view! { <p><a class="standalone" href=format!("/people/{}", listed.person)>"Where they stand"</a></p> }
        });
        view! {
            <div class="column">
                <h1>"Declined to sign"</h1>
                <dl class="facts">
                    {row("Who", view! { <span dir="auto">{name}</span> })}
                    {row("What", format!("{}, version {}", listed.title, listed.label))}
                    {row("When", moment(listed.decline.at))}
                    {row("Asked again from", day(listed.decline.asks_again_on))}
                    {row("Signed since", signed)}
                    {shown.entry.map(|number| row("Entry in the signed log", number.to_string()))}
                </dl>
                <h2>"Why, in their own words"</h2>
                {reason}
                {noted}
                {record}
            </div>
        }
    })
}

/// What stands on the agreement's page of a decline, and the way to decline.
pub(super) fn declined_before(page: &AgreementPage) -> Option<impl IntoView + use<>> {
    let before = page.declined.as_ref()?;
    let decline = &before.decline;
    let again = if page.may_decline.is_some() {
        format!("You declined on {}, and are asked again: please have another look.", day_of(decline.at))
    } else {
        format!(
            "On {}. We ask you again from {}, and you can sign it at any time before.",
            day_of(decline.at),
            day(decline.asks_again_on)
        )
    };
    let reason = before.reason.clone().map(|reason| {
        view! { <p>"You wrote:"</p> <blockquote class="own-words" dir="auto">{reason}</blockquote> }
    });
    Some(view! {
        <section class="card" aria-labelledby="declined">
            <h2 id="declined">"You declined to sign this"</h2>
            <p>{again}</p>
            {reason}
        </section>
    })
}

/// The way to say no. `None`: nobody asks, or they have said so.
pub(super) fn way_to_decline(page: &AgreementPage) -> Option<impl IntoView + use<>> {
    page.may_decline?;
    Some(view! {
        <p class="no-print">
            <a class="standalone" href=format!("/agreements/{}/decline", page.agreement.slug)>"I do not want to sign this"</a>
        </p>
    })
}
