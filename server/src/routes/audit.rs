use std::sync::Arc;

use app::pages::{self, Looks, Packing, Register, Unsigned, group_path};
use axum::{http::StatusCode, response::Response};
use chrono::NaiveDate;
use engine::{
    GroupId, ListedDecline, ListedGroup, LookId, LooksPage, NewPack, PackError, PersonId, RegisteredSignature, Right,
    Scope, SignatureId, SignaturesPage, StandsPage, WhichLooks, WhichSignatures, catalogue::Agreement, local,
    local_date, said_day, typed_day,
};
use model::AgreementSlug;
use serde::{Deserialize, Serialize};

use crate::{
    door::{Fail, Form, Query, Visit, attachment, query_of},
    export::{Origin, TableKind, declines_table, pack_readings, register_table, stands_table, zipped},
};

/// Which signatures are wanted, as addresses and forms say it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Wanted {
    name: String,
    agreement: String,
    version: String,
    group: String,
    from: String,
    to: String,
    after: String,
}

impl Wanted {
    /// What is asked for, and whether the days are none: from, until. Each that is one is written as addresses write it from then on.
    fn read(&mut self) -> (WhichSignatures, (bool, bool)) {
        let ((from, to), no_day) = read_days(&mut self.from, &mut self.to);
        let which = WhichSignatures {
            name: self.name.clone(),
            agreement: AgreementSlug::new(self.agreement.clone()).ok(),
            version: self.version.clone(),
            group: GroupId::parse(&self.group),
            from,
            to,
        };
        (which, no_day)
    }
}

/// `GET /audit`: the register of signatures.
pub(crate) async fn register(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    register_page(&visit, wanted).await
}

async fn register_page(visit: &Visit, mut wanted: Wanted) -> Result<Response, Fail> {
    let person = &visit.reader()?.person;
    let engine = &visit.state.engine;
    let (which, no_day) = wanted.read();
    let after = SignatureId::parse(&wanted.after);
    let found = if no_day == (false, false) {
        engine.list_signatures(person, &which, after).await?
    } else {
        SignaturesPage::default()
    };
    let next = found.next.map(|last| query_of(&Wanted { after: last.to_string(), ..wanted.clone() }));
    let register = Register {
        which,
        days: (wanted.from, wanted.to),
        no_day,
        is_first: after.is_none(),
        groups: groups(visit).await?,
        agreements: agreements(visit),
        head: engine.log_head().await?,
        next,
        found,
    };
    Ok(visit.html_with(status_of(no_day), pages::register(&visit.frame(), &register)))
}

/// `POST /audit/csv`: the same as a table for spreadsheets. Of a day that cannot be used there is none.
pub(crate) async fn csv(visit: Visit, Form(wanted): Form<Wanted>) -> Result<Response, Fail> {
    take_register(&visit, wanted, TableKind::Csv).await
}

/// `POST /audit/xlsx`: the same as a workbook, which says what it is.
pub(crate) async fn xlsx(visit: Visit, Form(wanted): Form<Wanted>) -> Result<Response, Fail> {
    take_register(&visit, wanted, TableKind::Xlsx).await
}

async fn take_register(visit: &Visit, mut wanted: Wanted, kind: TableKind) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let (which, no_day) = wanted.read();
    if no_day != (false, false) {
        return register_page(visit, wanted).await;
    }
    let of = provenance(visit, said(visit, &which).await?).await?;
    let written = move |found: &[RegisteredSignature]| register_table(found).written(kind, &of);
    let table = engine.export_register(&visit.reader()?.person, &which, written).await?;
    let name = format!("signatures-{}.{}", local_date(engine.now()), kind.ending());
    Ok(attachment(kind.media(), &name, table.map_err(Fail::Internal)?))
}

/// Which signatures a file shows, in a sentence.
async fn said(visit: &Visit, which: &WhichSignatures) -> Result<String, Fail> {
    let mut said = vec!["Signatures".to_owned()];
    let name = which.name.trim();
    if !name.is_empty() {
        said.push(format!("of people with “{name}” in their name"));
    }
    said.push(in_which(visit, which.group).await?);
    if let Some(agreement) = &which.agreement {
        let known = visit.state.engine.catalogue().agreements.get(agreement).map(|known| known.title.clone());
        said.push(format!("of {}", known.unwrap_or_else(|| agreement.to_string())));
    }
    let version = which.version.trim();
    if !version.is_empty() {
        said.push(format!("version {version}"));
    }
    said.extend(which.from.map(|from| format!("from {}", said_day(from))));
    said.extend(which.to.map(|to| format!("until {}", said_day(to))));
    Ok(said.join(", "))
}

/// In which group people are, in words.
async fn in_which(visit: &Visit, group: Option<GroupId>) -> Result<String, Fail> {
    let Some(group) = group else { return Ok("in all groups".to_owned()) };
    let groups = groups(visit).await?;
    let name = groups.iter().find(|known| known.id == group).map(|known| group_path(&groups, known));
    Ok(format!("in {}", name.unwrap_or_else(|| "a group that is not there".to_owned())))
}

/// What a workbook says of where it comes from. The head is the newest before it is noted that the workbook was taken out.
async fn provenance(visit: &Visit, whom: String) -> Result<Origin, Fail> {
    let engine = &visit.state.engine;
    let (at, by) = (engine.now(), visit.reader()?.person.name.clone());
    let organisation = engine.catalogue().organisation.name.clone();
    let as_at = local(at).format("%-d %B %Y at %H:%M").to_string();
    Ok(Origin { organisation, whom, as_at, by, at, head: engine.log_head().await? })
}

/// About whom is asked, as addresses say it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Asked {
    agreement: String,
    who: String,
    group: String,
    after: String,
}

/// `GET /audit/unsigned`: who has not signed an agreement, and who was not asked.
pub(crate) async fn unsigned(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let agreements = agreements(&visit);
    let chosen = agreements.iter().find(|agreement| agreement.slug.as_str() == asked.agreement);
    let agreement = chosen.or(agreements.first()).cloned();
    let (who, group, after) = (Unsigned::who(&asked.who), GroupId::parse(&asked.group), PersonId::parse(&asked.after));
    let found = match &agreement {
        Some(agreement) => engine.list_unsigned(&visit.reader()?.person, &agreement.slug, who, group, after).await?,
        None => StandsPage::default(),
    };
    let next = found.next.map(|last| {
        let slug = agreement.as_ref().map(|agreement| agreement.slug.to_string()).unwrap_or_default();
        let who = Unsigned::code(who).to_owned();
        query_of(&Asked { agreement: slug, who, group: asked.group.clone(), after: last.to_string() })
    });
    let is_first = after.is_none();
    let (groups, head) = (groups(&visit).await?, engine.log_head().await?);
    let unsigned = Unsigned { agreement, who, group, found, is_first, groups, agreements, head, next };
    Ok(visit.html(pages::unsigned(&visit.frame(), &unsigned)))
}

/// `POST /audit/unsigned/csv`: all of these people as a table for spreadsheets.
pub(crate) async fn unsigned_csv(visit: Visit, Form(asked): Form<Asked>) -> Result<Response, Fail> {
    take_unsigned(&visit, &asked, TableKind::Csv).await
}

/// `POST /audit/unsigned/xlsx`: the same as a workbook, which says what it is.
pub(crate) async fn unsigned_xlsx(visit: Visit, Form(asked): Form<Asked>) -> Result<Response, Fail> {
    take_unsigned(&visit, &asked, TableKind::Xlsx).await
}

async fn take_unsigned(visit: &Visit, asked: &Asked, kind: TableKind) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let (who, group) = (Unsigned::who(&asked.who), GroupId::parse(&asked.group));
    let agreements = agreements(visit);
    let chosen = agreements.iter().find(|agreement| agreement.slug.as_str() == asked.agreement);
    let agreement = chosen.or(agreements.first()).cloned().ok_or(Fail::NotFound)?;
    let whom = format!("{}: {}, {}", agreement.title, Unsigned::word(who), in_which(visit, group).await?);
    let of = provenance(visit, whom).await?;
    let title = agreement.title.clone();
    let written = move |page: &StandsPage| stands_table(page, &title, who).written(kind, &of);
    let table = engine.export_unsigned(&visit.reader()?.person, &agreement.slug, who, group, written).await?;
    let name = format!("{}-{}-{}.{}", agreement.slug, Unsigned::code(who), local_date(engine.now()), kind.ending());
    Ok(attachment(kind.media(), &name, table.map_err(Fail::Internal)?))
}

/// `GET /audit/declined`: what was declined.
pub(crate) async fn declined(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let found = engine.list_declines(&visit.reader()?.person).await?;
    let head = engine.log_head().await?;
    Ok(visit.html(pages::declined(&visit.frame(), &found, head.as_ref())))
}

/// `POST /audit/declined/csv`: all that was declined as a table for spreadsheets, without the reasons.
pub(crate) async fn declined_csv(visit: Visit) -> Result<Response, Fail> {
    take_declined(&visit, TableKind::Csv).await
}

/// `POST /audit/declined/xlsx`: the same as a workbook, which says what it is.
pub(crate) async fn declined_xlsx(visit: Visit) -> Result<Response, Fail> {
    take_declined(&visit, TableKind::Xlsx).await
}

async fn take_declined(visit: &Visit, kind: TableKind) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let of = provenance(visit, "What was declined, in all groups".to_owned()).await?;
    let written = move |found: &[ListedDecline]| declines_table(found).written(kind, &of);
    let table = engine.export_declines(&visit.reader()?.person, written).await?;
    let name = format!("declined-{}.{}", local_date(engine.now()), kind.ending());
    Ok(attachment(kind.media(), &name, table.map_err(Fail::Internal)?))
}

/// Which looks are wanted, as addresses say it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Sought {
    of: String,
    by: String,
    from: String,
    to: String,
    after: String,
}

/// `GET /audit/looks`: who looked at what proves what others have signed.
pub(crate) async fn looks(visit: Visit, Query(mut sought): Query<Sought>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let ((from, to), no_day) = read_days(&mut sought.from, &mut sought.to);
    let which = WhichLooks { of: sought.of.clone(), by: sought.by.clone(), from, to };
    let after = LookId::parse(&sought.after);
    let found = if no_day == (false, false) {
        engine.looks(&visit.reader()?.person, &which, after).await?
    } else {
        LooksPage::default()
    };
    let next = found.next.map(|last| query_of(&Sought { after: last.to_string(), ..sought.clone() }));
    let head = engine.log_head().await?;
    let days = (sought.from, sought.to);
    let seen = Looks { which, days, no_day, found, is_first: after.is_none(), head, next };
    Ok(visit.html_with(status_of(no_day), pages::looks(&visit.frame(), &seen)))
}

/// The days that were typed, from and until, and which of them is none. Each that is one is written as addresses and fields write it from then on.
pub(super) fn read_days(from: &mut String, to: &mut String) -> ((Option<NaiveDate>, Option<NaiveDate>), (bool, bool)) {
    let day = |typed: &mut String| {
        let day = typed_day(typed);
        if let Some(day) = day {
            *typed = day.to_string();
        }
        (day, day.is_none() && !typed.trim().is_empty())
    };
    let ((from, from_none), (to, to_none)) = (day(from), day(to));
    ((from, to), (from_none, to_none))
}

/// The status of a page that shows what was between two days. Where one of them is none, it shows nothing.
pub(super) fn status_of(no_day: (bool, bool)) -> StatusCode {
    if no_day == (false, false) { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// `GET /audit/verify`: where anybody checks what they were given, in their own browser.
pub(crate) async fn verify(visit: Visit) -> Response {
    visit.html(pages::verify_file(&visit.frame()))
}

/// `GET /audit/pack`: the form for an inspection pack.
pub(crate) async fn pack(visit: Visit) -> Result<Response, Fail> {
    let asked = Packing { sample: "20".to_owned(), ..Packing::default() };
    let head = visit.state.engine.log_head().await?;
    Ok(visit.html(pages::pack(&visit.frame(), &asked, head.as_ref())))
}

/// What is asked for a pack, as its form sends it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sample {
    sample: String,
    word: String,
    head: String,
}

/// `POST /audit/pack`: the pack, or the form again with what is wrong.
pub(crate) async fn make_pack(visit: Visit, Form(asked): Form<Sample>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let new = NewPack {
        sample: asked.sample.trim().parse().unwrap_or_default(),
        word: asked.word.clone(),
        head: Some(asked.head.clone()).filter(|head| !head.trim().is_empty()),
        beside: pack_readings(),
    };
    let fault = match engine.make_pack(&visit.reader()?.person, new).await {
        Ok(made) => {
            let name = format!("inspection-pack-{}.zip", local_date(engine.now()));
            let zip = zipped(&made.files).map_err(|error| Fail::Internal(error.to_string()))?;
            return Ok(attachment("application/zip", &name, zip));
        }
        Err(PackError::Internal(error)) => return Err(error.into()),
        Err(PackError::NotForYou) => return Err(Fail::NotForYou),
        Err(PackError::Sample) => ("sample", "Ask for 1 to 200 people"),
        Err(PackError::NoWord) => ("word", "Write the word that the inspector gives"),
        Err(PackError::NotAHead) => {
            ("head", "This is no head that this log has had: copy all of its lines, as they were shown")
        }
        Err(PackError::Nobody) => ("sample", "There is nobody here who could be drawn"),
        Err(PackError::NobodyYet) => (
            "head",
            "Nobody who is here now had an entry in the log at this head: have a newer one noted, and then ask for the word again",
        ),
    };
    let faults = vec![(fault.0, fault.1.to_owned())];
    let asked = Packing { sample: asked.sample, word: asked.word, head: asked.head, faults };
    let head = engine.log_head().await?;
    Ok(visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, pages::pack(&visit.frame(), &asked, head.as_ref())))
}

async fn groups(visit: &Visit) -> Result<Vec<ListedGroup>, Fail> {
    let engine = &visit.state.engine;
    match Scope::of(&visit.reader()?.person, Right::SeeEvidence, engine.now()) {
        Some(scope) => Ok(engine.groups_in(&scope).await?),
        None => Ok(Vec::new()),
    }
}

fn agreements(visit: &Visit) -> Vec<Arc<Agreement>> {
    let mut agreements: Vec<_> = visit.state.engine.catalogue().agreements.values().cloned().collect();
    agreements.sort_by(|one, other| one.title.cmp(&other.title));
    agreements
}
