use chrono::{DateTime, Utc};
use engine::{Certificate, CertificateStands, HowEarned};
use leptos::prelude::*;
use model::Status;

use super::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, day_of, dir, field, lang, mark, marks, moment, not_before, row, words_in},
};

/// Why a code says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyFault {
    /// Nothing was typed.
    Nothing,
    /// What was typed is no code.
    NoCode,
    /// No certificate has it.
    NoSuchCode,
    /// Too many codes were tried.
    TooMany {
        /// When the next is allowed.
        retry_at: DateTime<Utc>,
    },
}

impl VerifyFault {
    fn words(self) -> String {
        match self {
            Self::Nothing => "Type the code that stands at the foot of the certificate".to_owned(),
            Self::NoCode => {
                "A code has 16 letters and figures, in four groups of four. Look at the foot of the certificate, and type it again".to_owned()
            }
            Self::NoSuchCode => {
                "No certificate from here has this code. Look whether every letter and figure is right. If it is, do not rely on the certificate".to_owned()
            }
            Self::TooMany { retry_at } => {
                let at = not_before(retry_at);
                format!("Too many codes that lead nowhere were tried. Wait until {at}, then try again")
            }
        }
    }
}

/// Where anybody types the code of a certificate. `typed`: what was typed before.
pub fn verify(frame: &Frame, typed: &str, fault: Option<VerifyFault>) -> Rendered {
    let mut faults = Faults::default();
    if let Some(fault) = fault {
        faults.add("code", fault.words());
    }
    frame.page(&faults.title("Check a certificate"), || {
        let hint = Some("16 letters and figures at the foot of the certificate, such as 7KQ2-94XM-P3HD-0A5T".to_owned());
        let value = typed.to_owned();
        let code = field(Field { id: "code", label: "Code", hint }, &faults, |told| {
            view! {
                <input
                    id="code"
                    name="code"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    required
                    value=value
                    aria-invalid=told.invalid
                    aria-describedby=told.described_by
                />
            }
        });
        view! {
            <div class="column">
                {faults.list()}
                <h1>"Check a certificate"</h1>
                <p class="lead">
                    {format!("Somebody has shown you a certificate of {}? Its code says whether it is genuine, and whether it still stands.", frame.around.organisation)}
                </p>
                <form method="get" action="/verify" novalidate>
                    {code}
                    <div class="actions"><button>"Check the certificate"</button></div>
                </form>
                <p class="hint">"You need not sign in, and which certificates you look at is not written down."</p>
            </div>
        }
    })
}

/// What a certificate says, and whether it still stands.
pub fn verified(frame: &Frame, certificate: &Certificate) -> Rendered {
    let name = certificate.name.clone().unwrap_or_else(|| "(the name is no longer kept)".to_owned());
    frame.page("A certificate", || {
        let entry = &certificate.entry;
        let checked = if entry.faults.is_empty() {
            format!(
                "This page has just checked that it is entry {} of {} in the signed log, and that the entry says the same.",
                entry.number, entry.size
            )
        } else {
            format!("What is wrong: {}.", entry.faults.join("; "))
        };
        let claimed = entry.claimed.then(|| {
            view! { <p>"It was put into the log afterwards: that it was passed on that day is claimed, and not proved."</p> }
        });
        let outcomes = certificate.outcomes.iter().map(|outcome| view! { <li>{outcome.clone()}</li> }).collect_view();
        let outcomes = (!certificate.outcomes.is_empty()).then(|| {
            view! {
                <h2>"Whoever passes it is able to"</h2>
                <ul lang=lang(certificate.language) dir=dir(certificate.language)>{outcomes}</ul>
            }
        });
        let (passed, minutes) = match certificate.withdrawn_at {
            Some(_) => ("was recorded as having passed ", "Nothing: the pass was withdrawn".to_owned()),
            None => ("has passed ", format!("{} minutes", certificate.minutes)),
        };
        view! {
            <article class="column certified">
                <p class="kicker">{format!("Certificate {}", certificate.code)}</p>
                <h1 dir="auto">{name}</h1>
                <p class="lead">{passed} {words_in(certificate.language, &certificate.title)} {format!(" at {}.", frame.around.organisation)}</p>
                {outcome(certificate, &checked)}
                {claimed}
                <dl class="facts">
                    {row("Passed on", day_of(certificate.at))}
                    {match certificate.withdrawn_at {
                        Some(at) => row("Withdrawn on", day_of(at)).into_any(),
                        None => row("Counts until", day_of(certificate.until)).into_any(),
                    }}
                    {row("Marks", marks(certificate.how, certificate.earned, certificate.possible, ""))}
                    {row("Counts as CPD", minutes)}
                    {row("Version", format!("{}, edition {}", certificate.version, certificate.edition))}
                    {certificate.twin.map(|twin| row("Read and answered in", twin.name().to_owned()))}
                    {row("Place in the log", format!("Entry {} of {}", entry.number, entry.origin))}
                    {row("Log as it was", moment(entry.sealed_at))}
                </dl>
                {outcomes}
                <p class="hint">
                    "The name is the one by which we knew them on that day; it may be another now. "
                    {match certificate.how {
                        HowEarned::Workshop => "A certificate says that whoever led the workshop said that they were there.",
                        _ => "A certificate says that a quiz was passed with this account, and not who sat at the keyboard.",
                    }}
                </p>
                <p><a class="standalone" href="/verify">"Check another certificate"</a></p>
            </article>
        }
    })
}

fn outcome(certificate: &Certificate, checked: &str) -> impl IntoView + use<> {
    let until = day_of(certificate.until);
    let (class, shape, heading, then) = match certificate.stands {
        _ if !certificate.entry.faults.is_empty() => (
            "outcome overdue",
            Mark::Warning,
            "Do not rely on this certificate",
            "What it says and what was sealed do not agree. Tell whoever gave it.".to_owned(),
        ),
        CertificateStands::Wrong => (
            "outcome overdue",
            Mark::Warning,
            "Withdrawn: do not rely on this certificate",
            "The pass was recorded, and found to be wrong since. It counts for nothing.".to_owned(),
        ),
        CertificateStands::Yes => (
            "outcome passed",
            Mark::Status(Status::Passed),
            "Genuine, and it still stands",
            format!("It is good until {until}."),
        ),
        CertificateStands::RanOut => (
            "outcome expired",
            Mark::Status(Status::Expired),
            "Genuine, and it has run out",
            format!("It was good until {until}."),
        ),
        CertificateStands::Replaced => (
            "outcome not-started",
            Mark::Again,
            "Genuine, and since replaced",
            "The module has changed so much since then that it has to be passed again.".to_owned(),
        ),
        CertificateStands::Withdrawn => (
            "outcome not-started",
            Mark::Again,
            "Genuine, and no longer taught",
            "The module has been withdrawn since. That it was passed is kept.".to_owned(),
        ),
    };
    let checked = checked.to_owned();
    view! {
        <div class=class>
            {mark(shape)}
            <div>
                <h2>{heading}</h2>
                <p>{then}</p>
                <p>{checked}</p>
            </div>
        </div>
    }
}
