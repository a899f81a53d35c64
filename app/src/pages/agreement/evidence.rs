use engine::{Evidence, Receipt, StillCounts};
use leptos::prelude::*;
use model::Status;

use super::{digest::grouped, receipt::ERASED};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, clock, count, day_of, dir, lang, mark, marks, moment, prose, row, signed_in_by, sources, withdrawn_words,
        words_in,
    },
};

/// What shows that somebody signed something: what was said, what opened the gate, its place in the log, and the exact text.
pub fn evidence(frame: &Frame, evidence: &Evidence) -> Rendered {
    let Evidence { receipt, proved, .. } = evidence;
    let signature = &receipt.signature;
    let agreement = &receipt.agreement;
    let signer = signature.words.as_ref().map_or(ERASED, |words| &words.person_name).to_owned();
    let title = format!("{signer}, {} {}", agreement.title, agreement.current().version);
    frame.page(&format!("Evidence: {title}"), || {
        let file = format!("/receipts/{}/file", signature.id);
        let name = format!("receipt-{}.json", signature.id);
        view! {
            <article class="evidence">
                <p class="crumb"><a href=format!("/receipts/{}", signature.id)>"Receipt"</a></p>
                <div class="heading">
                    <div>
                        <p class="kicker">"Evidence of a signature"</p>
                        <h1>
                            {format!("{signer}, ")} {words_in(agreement.language, &agreement.title)}
                            {format!(" {}", agreement.current().version)}
                        </h1>
                    </div>
                    <div class="actions">
                        <a class="button" href=file download=name.clone()>{mark(Mark::Download)} " Download the proof"</a>
                        " "
                        <button class="second" type="button" data-print="" data-alive="" hidden>{mark(Mark::Print)} " Print"</button>
                    </div>
                </div>
                {outcome(evidence, &signer)}
                <div class="beside">
                    <div>
                        {said(receipt)}
                        {how(evidence, &signer)}
                    </div>
                    <div>
                        {gate(evidence)}
                        {limits()}
                    </div>
                </div>
                <section class="card" aria-labelledby="place">
                    <h2 id="place">"Its place in the log, and why it can be trusted"</h2>
                    {timeline(evidence)}
                    {reasons(evidence)}
                    <p class="checking">
                        <strong>"Check it without us. "</strong>
                        "Download the proof, and run "
                        <code>{format!("induct audit verify {name}")}</code>
                        " on any computer. It needs neither this site nor its database."
                    </p>
                    <details class="digests">
                        <summary>"The entry, the head and the key, as they are written"</summary>
                        <dl class="facts">
                            {row("Name of the log", view! { <code>{proved.origin.clone()}</code> })}
                            {row("Public key", view! { <code>{proved.key.clone()}</code> })}
                            {row("Entry", view! { <code>{proved.leaf.clone()}</code> })}
                            {row("Its fingerprint in the tree", view! { <code>{grouped(&proved.hash)}</code> })}
                            {row("Signed head", view! { <pre><code>{proved.head.trim_end().to_owned()}</code></pre> })}
                        </dl>
                    </details>
                </section>
                <section class="card exact" aria-label="The exact text">
                    <details>
                        <summary>
                            {format!("The exact text as signed: {}, version {}", agreement.title, agreement.current().version)}
                        </summary>
                        <div class="prose" lang=lang(agreement.language) dir=dir(agreement.language)>{prose(&agreement.text, agreement.language, &frame.around.sites)}</div>
                        {sources(&agreement.text, frame.is_preview())}
                    </details>
                </section>
            </article>
        }
    })
}

fn outcome(evidence: &Evidence, signer: &str) -> impl IntoView + use<> {
    let Evidence { receipt, proved, .. } = evidence;
    let signature = &receipt.signature;
    let signed = format!("{signer} signed this text on {}.", moment(signature.signed_at));
    let (class, shape, heading, counts) = match evidence.counts {
        _ if !proved.faults.is_empty() => (
            "outcome overdue",
            Mark::Warning,
            "This proof does not hold",
            "Do not rely on it. Tell whoever looks after this site, and keep the file as it is now.".to_owned(),
        ),
        StillCounts::Yes => (
            "outcome passed",
            Mark::Status(Status::Passed),
            "Signed, and it still counts",
            signature.expires_at.map_or("It counts until the text is replaced.".to_owned(), |until| {
                format!("It counts until {}, or until the text is replaced.", day_of(until))
            }),
        ),
        StillCounts::RanOut => (
            "outcome expired",
            Mark::Status(Status::Expired),
            "Signed, and it has run out",
            signature
                .expires_at
                .map(|until| format!("It counted until {}, and is kept.", day_of(until)))
                .unwrap_or_default(),
        ),
        StillCounts::Replaced => (
            "outcome not-started",
            Mark::Again,
            "Signed, and since replaced",
            "The text has changed since, or a newer signature has taken its place. This one is kept.".to_owned(),
        ),
    };
    let checked = if proved.faults.is_empty() {
        "This page has just checked the proof: the text, the passes and the entry in the log are those that were sealed.".to_owned()
    } else {
        format!("What is wrong: {}.", proved.faults.join("; "))
    };
    let claimed = proved.claimed.then(|| {
        view! { <p>"It was put into the log afterwards: that it was signed then is claimed, and not proved."</p> }
    });
    view! {
        <div class=class>
            {mark(shape)}
            <div>
                <h2>{heading}</h2>
                <p>{signed} " " {counts}</p>
                <p>{checked}</p>
                {claimed}
            </div>
        </div>
    }
}

fn said(receipt: &Receipt) -> impl IntoView + use<> {
    let signature = &receipt.signature;
    let (typed, asked) = match &signature.words {
        Some(words) => (words.typed_name.clone(), words.confirmed),
        None => (ERASED.to_owned(), false),
    };
    let asked = asked.then(|| {
        view! { <p class="hint">"It is another name than the one that we know them by. They were asked, and said that it is theirs."</p> }
    });
    view! {
        <section class="card" aria-labelledby="said">
            <h2 id="said">"What was said"</h2>
            <blockquote lang=lang(receipt.agreement.language) dir=dir(receipt.agreement.language)>
                <p>{signature.statement.clone()}</p>
            </blockquote>
            <p class="typed"><small>"Name typed"</small> {typed}</p>
            {asked}
        </section>
    }
}

fn how(evidence: &Evidence, signer: &str) -> impl IntoView + use<> {
    let Evidence { receipt, shown_at, .. } = evidence;
    let signature = &receipt.signature;
    let minutes = (signature.signed_at - signature.signed_in_at).num_minutes();
    let before = match minutes {
        ..=0 => "less than a minute before".to_owned(),
        _ => format!("{} before", count(usize::try_from(minutes).unwrap_or_default(), "minute", "minutes")),
    };
    let shown = shown_at.map_or("Not known".to_owned(), moment);
    view! {
        <section class="card" aria-labelledby="how">
            <h2 id="how">"Who, when and how"</h2>
            <dl class="facts pairs">
                {row("Person", signer.to_owned())}
                {signature.twin.map(|twin| row("Read and signed in", twin.name().to_owned()))}
                {row("Text shown", shown)}
                {row("Signed", format!("{} (London)", moment(signature.signed_at)))}
                {signature.expires_at.map(|until| row("Counts until", day_of(until)))}
                {row("Signed in by", format!("{}, {before}", signed_in_by(&signature.sign_in_method)))}
                {receipt.submitted_to.as_ref().map(|role| row("Copy goes to", role.title.clone()))}
                {row("Receipt", view! { <span class="number">{signature.id.to_string()}</span> })}
            </dl>
        </section>
    }
}

fn gate(evidence: &Evidence) -> AnyView {
    let Evidence { receipt, proved, .. } = evidence;
    if receipt.passes.is_empty() {
        return view! {
            <section class="card" aria-labelledby="gate">
                <h2 id="gate">"What opened the gate"</h2>
                <p>"This agreement asks for no modules to be passed before it is signed."</p>
            </section>
        }
        .into_any();
    }
    let rows = receipt
        .passes
        .iter()
        .map(|pass| {
            let entry = proved.passes.get(&pass.id).map(|number| number.to_string()).unwrap_or_default();
            let since = pass.withdrawn.map(|withdrawn| view! { <small>{withdrawn_words(withdrawn)}</small> });
            view! {
                <tr>
                    <th scope="row">{words_in(pass.language, &pass.title)} {since}</th>
                    <td class="align-right">{pass.number}</td>
                    <td>{moment(pass.completed_at)} <small>{format!("begun at {}", clock(pass.started_at, pass.completed_at))}</small></td>
                    <td>{pass.opened.map(|opened| opened.to_string())}</td>
                    <td class="align-right">{marks(pass.how, pass.earned, pass.possible, "")}</td>
                    <td class="align-right">{entry}</td>
                </tr>
            }
        })
        .collect_view();
    let digests = receipt
        .passes
        .iter()
        .map(|pass| {
            view! {
                <li>
                    {words_in(pass.language, &pass.title)} {format!(", version {}", pass.number)} <br/>
                    <code>{grouped(&pass.version.to_string())}</code>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="gate">
            <h2 id="gate">"What opened the gate"</h2>
            <p class="hint">"Each of these was passed by the same person before they signed, and counted at that moment."</p>
            {receipt.passes.iter().any(|pass| pass.withdrawn.is_some()).then(|| view! {
                <div class="callout callout-warning" role="note">
                    <p class="callout-word">{mark(Mark::Warning)} " A pass was withdrawn since"</p>
                    <p>"It was found to be recorded wrongly. What was signed stays signed; whether it is to be signed again is for those to say who look after this person."</p>
                </div>
            })}
            <div class="table" tabindex="0" role="region" aria-label="The modules that were passed">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Module"</th>
                            <th scope="col" class="align-right">"Version"</th>
                            <th scope="col">"Passed"</th>
                            <th scope="col">"Pages"</th>
                            <th scope="col" class="align-right">"Marks"</th>
                            <th scope="col" class="align-right">"Entry"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <details class="digests">
                <summary>"The fingerprints (SHA-256) of what was passed"</summary>
                <ul role="list">{digests}</ul>
            </details>
        </section>
    }
    .into_any()
}

fn limits() -> impl IntoView {
    view! {
        <section class="card beside even" aria-label="What this proves and what it cannot prove">
            <div>
                <h2>"What this proves"</h2>
                <ul>
                    <li>"This text, this name and these passes were recorded here, in this order."</li>
                    <li>"None of it has been altered since the head was signed."</li>
                </ul>
            </div>
            <div>
                <h2>"What it cannot prove"</h2>
                <ul>
                    <li>"Who sat at the keyboard. It is a simple electronic signature (Electronic Communications Act 2000, section 7)."</li>
                    <li>"The time to the second: the log proves an order, and the time is that of this server’s clock."</li>
                </ul>
            </div>
        </section>
    }
}

/// The passes, the signature and the head of the log, in the order of their entries.
fn timeline(evidence: &Evidence) -> impl IntoView + use<> {
    let Evidence { receipt, proved, .. } = evidence;
    let (first, last) = (proved.passes.values().min().copied(), proved.passes.values().max().copied());
    let passes = first.zip(last).map(|(first, last)| {
        let entries = if first == last { format!("Entry {first}") } else { format!("Entries {first} to {last}") };
        view! { <li><strong>{count(receipt.passes.len(), "pass", "passes")}</strong> <span>{entries}</span></li> }
    });
    view! {
        <ol class="timeline" role="list">
            {passes}
            <li class="here">
                <strong>"This signature"</strong>
                <span>{format!("Entry {}, {}", proved.number, moment(proved.appended_at))}</span>
            </li>
            <li>
                <strong>"The head now"</strong>
                <span>{format!("{}, {}", count(usize::try_from(proved.size).unwrap_or_default(), "entry", "entries"), moment(proved.sealed_at))}</span>
            </li>
        </ol>
    }
}

fn reasons(evidence: &Evidence) -> impl IntoView + use<> {
    let Evidence { receipt, proved, .. } = evidence;
    let text = grouped(&receipt.agreement.canonical.sha256.to_string());
    let steps = count(proved.steps, "fingerprint leads", "fingerprints lead");
    view! {
        <ol class="reasons">
            <li>
                <h3>"The text has a fingerprint"</h3>
                <p>"Change one comma, and it no longer matches."</p>
                <details class="digests">
                    <summary>"Fingerprint (SHA-256) of the text"</summary>
                    <code>{text}</code>
                </details>
            </li>
            <li>
                <h3>{format!("Signing is entry {} of the log", proved.number)}</h3>
                <p>"Entries have an order and no gaps. Every pass stands before the signature."</p>
            </li>
            <li>
                <h3>{format!("{steps} from it to the head")}</h3>
                <p>{format!("The head sums up all {} entries. If anything under it were changed, the head would change, too.", proved.size)}</p>
            </li>
            <li>
                <h3>"The head is signed"</h3>
                <p>"It is signed with this provider’s key for the log. Whoever kept an earlier head can see that this one goes on from it."</p>
            </li>
        </ol>
    }
}
