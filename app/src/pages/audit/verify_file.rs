use leptos::prelude::*;
use model::Status;

use super::tabs::{Tab, tabs};
use crate::pages::{
    frame::{Frame, Rendered, Verifier},
    parts::{Faults, Field, Mark, field, mark},
};

/// How each outcome looks, by the status with which the command ends.
const OUTCOMES: [(u8, &str, Mark); 5] = [
    (0, "outcome passed", Mark::Status(Status::Passed)),
    (10, "outcome in-progress", Mark::Status(Status::InProgress)),
    (20, "outcome not-started", Mark::Status(Status::NotStarted)),
    (30, "outcome overdue", Mark::Warning),
    (40, "outcome overdue", Mark::Warning),
];

/// The page on which anybody checks a receipt, an inspection pack or a whole log in their own browser.
pub fn verify_file(frame: &Frame) -> Rendered {
    let verifier = frame.files.verifier;
    let with = verifier.map_or_else(|| frame.clone(), |verifier| frame.with_verifier(verifier));
    with.page("Check a receipt, a pack or a log", || {
        view! {
            {frame.checks.then(|| tabs(frame, Tab::Verify))}
            <h1>"Check a receipt, a pack or a log"</h1>
            <p class="lead">
                "Whoever gave you a file from this site’s signed log, you can check for yourself whether it is what was written then. Nobody has to be asked, and nobody learns of it."
            </p>
            {verifier.map(in_browser)}
            <section class="card" data-without="" aria-labelledby="without">
                <h2 id="without">"This page checks nothing by itself"</h2>
                <p>"It needs JavaScript and WebAssembly for that, which this browser does not run here. The command below says the same."</p>
            </section>
            {by_command()}
        }
    })
}

fn in_browser(verifier: Verifier) -> impl IntoView {
    let Verifier { worker, script, wasm, .. } = verifier;
    let none = Faults::default();
    let file = |id: &'static str, label: &'static str, hint: &'static str, multiple: bool| {
        field(Field { id, label, hint: Some(hint.to_owned()) }, &none, move |told| {
            view! { <input type="file" id=id name=id multiple=multiple aria-describedby=told.described_by/> }
        })
    };
    let text = |id: &'static str, label: &'static str, hint: &'static str, rows: &'static str| {
        field(Field { id, label, hint: Some(hint.to_owned()) }, &none, move |told| {
            view! {
                <textarea id=id name=id rows=rows autocomplete="off" spellcheck="false" aria-describedby=told.described_by></textarea>
            }
        })
    };
    let outcomes = OUTCOMES.map(|(status, class, shape)| {
        view! {
            <template id=format!("status-{status}")>
                <div class=class>{mark(shape)} <div><h2></h2></div></div>
            </template>
        }
    });
    view! {
        <section class="card verify" data-verify="" data-worker=worker data-script=script data-wasm=wasm hidden aria-labelledby="here">
            <h2 id="here">"Check it here"</h2>
            <p>"The file stays in this browser. Nothing of it is sent to us or to anybody."</p>
            <form>
                {file("file", "A file", "A receipt (.json), an inspection pack or an export in an archive (.zip). You can also drop it here.", false)}
                {file("folder", "Or a folder", "A whole log that was exported.", true)}
                {text("key", "The log’s public key", "One line, from somewhere else than this file: without it nobody can tell whether it is the log that you think it is.", "2")}
                {text("head", "A head of the log that you kept", "Several lines. With it, it shows whether anything was taken away since.", "5")}
                {text("witness", "The key of its witness, if you have one", "One line. A witness is somebody outside who sees the log grow: a head that they cosigned counts like one that you kept.", "2")}
                <div class="actions"><button>"Check"</button></div>
            </form>
            <progress id="bar" max="1000" hidden aria-label="How much is checked"></progress>
            <p id="status" role="status"></p>
            <div id="said" tabindex="-1" aria-label="What came of it" role="region"></div>
            {where_everybody_stood()}
            {outcomes.collect_view()}
        </section>
    }
}

/// What can be made of a whole log that was found to be valid. Hidden until then.
fn where_everybody_stood() -> impl IntoView {
    let none = Faults::default();
    let hint = "As things stood at the end of that day.".to_owned();
    let day = field(Field { id: "day", label: "On which day", hint: Some(hint) }, &none, |told| {
        view! { <input type="date" id="day" name="day" autocomplete="off" aria-describedby=told.described_by/> }
    });
    let hint = "A number, counted from 0. Leave it empty for what was known on that day.".to_owned();
    let entry = field(Field { id: "entry", label: "As known at which entry", hint: Some(hint) }, &none, |told| {
        view! {
            <input type="text" id="entry" name="entry" inputmode="numeric" autocomplete="off" aria-describedby=told.described_by/>
        }
    });
    view! {
        <form id="stood" novalidate hidden aria-labelledby="stood-heading">
            <h2 id="stood-heading">"Where everybody stood"</h2>
            <p>
                "A whole log says where everybody stood with everything that was asked of them. This browser works it out from the log alone. Nothing of it is sent."
            </p>
            {day}
            {entry}
            <div class="actions"><button>"Make the table (CSV)"</button></div>
            <p id="made" role="status"></p>
        </form>
    }
}

fn by_command() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="command">
            <h2 id="command">"Check it with the command"</h2>
            <p>"On any computer, without a network and without this site:"</p>
            <pre tabindex="0"><code>"induct audit verify FILE --key KEY_FILE --known-head HEAD_FILE --witness WITNESS_FILE"</code></pre>
            <p>
                "FILE is a receipt, an inspection pack or a folder with a whole log; KEY_FILE holds the log’s public key, HEAD_FILE a head that you kept and WITNESS_FILE the key of a witness, all from somewhere else; one of the last two is enough. It ends with 0 if it is valid, 10 if it is valid in itself and the key is missing, or both of the others, 20 if it is of a later format, 30 if it does not go on from your head, and 40 if it is invalid."
            </p>
            <p>"With a folder of a whole log, add --matrix 2026-01-31 to see where everybody stood at the end of that day. The command works it out from the log alone and writes a table (CSV)."</p>
            <p>"How all of it is written stands in FORMAT.md, in every pack: enough for another program, so that you need not trust ours."</p>
        </section>
    }
}
