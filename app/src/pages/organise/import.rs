use chrono::{DateTime, Utc};
use engine::{
    Counts, DaysDiffer, Draft, Field as Column, LastImported, LinePlan, MayChange, Outcome, Plan, Recognised, Stage,
    Upload,
};
use leptos::prelude::*;

use super::tabs::{Tab, tabs};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, count, field, list_table, mark, moment, said},
};

/// Where a file of people is handed over.
#[derive(Clone, Debug, Default)]
pub struct ImportView {
    /// The last import. `None`: there was none.
    pub last: Option<LastImported>,
    /// What is wrong with what was sent.
    pub faults: Faults,
    /// What has just been done, in words.
    pub said: Option<String>,
    /// Whether this server is at work on the last import, or on undoing it.
    pub at_work: bool,
}

/// The page on which a file of people is handed over, with what became of the last one.
pub fn import_people(frame: &Frame, seen: &ImportView) -> Rendered {
    let faults = &seen.faults;
    frame.page(&faults.title("Bring people in"), || {
        let hint = "CSV or an Excel workbook (.xlsx), with a line for each person and the names of the columns in the first";
        let file = field(Field { id: "file", label: "File", hint: Some(hint.to_owned()) }, faults, |told| {
            view! {
                <input id="file" name="file" type="file" required accept=".csv,.txt,.tsv,.xlsx,text/csv" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        });
        view! {
            {faults.list()}
            <h1>"Bring people in"</h1>
            {tabs(Tab::Import, MayChange::Everything)}
            {said(seen.said.clone())}
            <div class="column">
                <p class="lead">"You see what a file would change, line by line, before anything is changed."</p>
                <form method="post" action="/people/import" enctype="multipart/form-data" novalidate>
                    {file}
                    <div class="actions"><button>"Look at this file"</button></div>
                </form>
                <p class="hint">"The columns are name, email, external_id, group, role and start_date; yours may be called otherwise, and you can say which is what. Who is not in the file is left as they are. The file is kept here until it is carried out, and for a day at most."</p>
            </div>
            {seen.last.as_ref().map(|last| last_import(last, seen.at_work))}
        }
    })
}

fn last_import(last: &LastImported, at_work: bool) -> impl IntoView + use<> {
    let by = last.by.clone().map(|by| format!(" by {by}")).unwrap_or_default();
    let what = format!(
        "On {}{by}: {} began, {} changed.",
        moment(last.at),
        count(usize::try_from(last.began).unwrap_or_default(), "person", "people"),
        count(usize::try_from(last.changed).unwrap_or_default(), "other was", "others were"),
    );
    let left = count(usize::try_from(last.left).unwrap_or_default(), "line", "lines");
    let state = match (last.undone_at, last.left) {
        (Some(at), 0) => format!("It was undone on {}.", moment(at)),
        (Some(_), _) => format!("It is being undone: {left} to go."),
        (None, 0) => String::new(),
        (None, _) => format!("It is being written: {left} to go."),
    };
    let go_on = (last.left > 0 && !at_work).then(|| {
        view! {
            <p>"It may have been stopped. Nothing is lost: it is finished from where it was."</p>
            <form method="post" action="/people/import/undo">
                <input type="hidden" name="do" value="finish"/>
                <button class="second">"Finish it"</button>
            </form>
        }
    });
    let verb = format!("Undo the import of {}", moment(last.at));
    let undo = last.undone_at.is_none().then(|| {
        view! {
            <details>
                <summary>"Undo it"</summary>
                <form method="post" action="/people/import/undo">
                    <input type="hidden" name="do" value="undo"/>
                    <p>"Who began with it leaves from today on; groups, roles, names and addresses are what they were before, unless somebody has changed them since. What people did meanwhile stays on record."</p>
                    <button class="second">{verb}</button>
                </form>
            </details>
        }
    });
    view! { <section class="card"><h2>"The last import"</h2> <p>{what} " " {state}</p> {go_on} {undo}</section> }
}

/// Which lines of a file's report are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinesWanted {
    /// Those in which something is wrong; where there are none, those that change something.
    #[default]
    Telling,
    /// Who is new.
    New,
    /// Who changes.
    Changed,
    /// Who stays as they are.
    Unchanged,
    /// Who has left.
    Left,
    /// Those in which something is wrong.
    Refused,
    /// Who is here and not in the file.
    Missing,
}

impl LinesWanted {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Telling, ""),
        (Self::New, "new"),
        (Self::Changed, "changed"),
        (Self::Unchanged, "unchanged"),
        (Self::Left, "left"),
        (Self::Refused, "refused"),
        (Self::Missing, "missing"),
    ];

    /// Reads how addresses write it.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known)| *known == code).map_or(Self::Telling, |(wanted, _)| wanted)
    }

    fn code(self) -> &'static str {
        Self::ALL.into_iter().find(|(wanted, _)| *wanted == self).map_or("", |(_, code)| code)
    }

    fn has(self, line: &LinePlan) -> bool {
        match self {
            Self::New => line.outcome == Outcome::New,
            Self::Changed => matches!(line.outcome, Outcome::Changed(_)),
            Self::Unchanged => line.outcome == Outcome::Unchanged,
            Self::Left => line.outcome == Outcome::HasLeft,
            Self::Refused => matches!(line.outcome, Outcome::Refused(_)),
            Self::Telling | Self::Missing => false,
        }
    }
}

/// How many lines stand on a page.
pub const IMPORT_LINES: usize = 50;

/// A file that was handed over, with what it would change, or how far it is.
#[derive(Debug)]
pub struct UploadView {
    /// The file.
    pub upload: Upload,
    /// What it would change. `None`: it is being carried out, or has been.
    pub draft: Option<Draft>,
    /// Which lines are wanted.
    pub lines: LinesWanted,
    /// Which page of them, from 0 on.
    pub page: usize,
    /// What is wrong with what was sent.
    pub faults: Faults,
    /// Now.
    pub now: DateTime<Utc>,
}

/// One file: first what it would change, then how far it is.
pub fn import_file(frame: &Frame, seen: &UploadView) -> Rendered {
    let name = seen.upload.file_name.clone();
    frame.page(&seen.faults.title(&format!("Bring people in: {name}")), || {
        let body = match (&seen.upload.stage, &seen.draft) {
            (Stage::Waits | Stage::Failed(_), Some(draft)) => view! {
                {failed(&seen.upload.stage)}
                {look(seen, draft)}
            }
            .into_any(),
            (stage, _) => under_way(stage).into_any(),
        };
        view! {
            <p class="crumb no-print"><a href="/people/import">"Bring people in"</a></p>
            {seen.faults.list()}
            <h1 dir="auto">{name.clone()}</h1>
            {body}
        }
    })
}

fn failed(stage: &Stage) -> Option<impl IntoView + use<>> {
    let Stage::Failed(why) = stage else { return None };
    Some(view! {
        <p class="said warned" role="alert">{mark(Mark::Warning)} " " <span>{format!("Nobody was brought in: {why}.")}</span></p>
    })
}

fn under_way(stage: &Stage) -> impl IntoView + use<> {
    match stage {
        Stage::Done(at) => view! {
            <p class="said" role="status">{mark(Mark::Status(model::Status::Passed))} " " <span>{format!("Everything in this file was brought in, on {}.", moment(*at))}</span></p>
            <p><a class="button" href="/people">"See the people"</a></p>
            <p>"People who are new have no password yet. On the page of their group you make slips with which they choose one."</p>
        }
        .into_any(),
        Stage::UnderWay(how_far) => {
            let (done, all) = how_far.unwrap_or_default();
            let words = match how_far {
                Some((done, all)) => format!("{done} of {all} lines are written."),
                None => "It is about to begin.".to_owned(),
            };
            view! {
                <p class="lead" role="status">"People are being brought in. " {words}</p>
                <progress max=all.max(1) value=done aria-label="Lines that are written"></progress>
                <p>"This page shows the newest by itself every few seconds. You can leave it: the work goes on."</p>
                <p><a class="standalone" href="">"Look again now"</a></p>
            }
            .into_any()
        }
        Stage::Waits | Stage::Failed(_) => view! { <p>"This file is not there any more. Hand it over again."</p> }.into_any(),
    }
}

fn look(seen: &UploadView, draft: &Draft) -> impl IntoView + use<> {
    let recognised = match &draft.recognised {
        Recognised::Csv { encoding, delimiter } => {
            let delimiter = match delimiter {
                ',' => "commas".to_owned(),
                ';' => "semicolons".to_owned(),
                '\t' => "tabs".to_owned(),
                other => format!("“{other}”"),
            };
            format!("CSV in {encoding}, separated by {delimiter}")
        }
        Recognised::Xlsx { sheet, others, from_1904 } => {
            let sheets = match others {
                0 => format!("its sheet is “{sheet}”"),
                others => format!("the sheet “{sheet}” is read, {others} others are not"),
            };
            let days = if *from_1904 { "; it counts days from 1904" } else { "" };
            format!("a workbook; {sheets}{days}")
        }
    };
    let lines = count(draft.lines, "line", "lines");
    view! {
        <p class="meta"><span>{recognised}</span> <span>{lines} " below the names of the columns"</span></p>
        {columns(seen, draft)}
        {draft.plan.as_ref().map(|plan| report(seen, plan))}
    }
}

/// What each field is called here.
fn word(column: Column) -> &'static str {
    match column {
        Column::ExternalId => "Id in another system",
        Column::Name => "Name",
        Column::Email => "Email",
        Column::Group => "Group",
        Column::Role => "Here as, or duty",
        Column::StartDate => "Begins on",
    }
}

/// Whether something in a line is put right by saying in which order days are written.
fn goes_by_order(line: &LinePlan) -> bool {
    matches!(&line.outcome, Outcome::Refused(faults) if faults.iter().any(|fault| fault.by_order))
}

/// Which column is what, to be changed.
fn columns(seen: &UploadView, draft: &Draft) -> impl IntoView + use<> {
    let chosen = |column: Column| -> Vec<String> {
        let said = seen.upload.said.columns.iter().find(|(code, _)| code == column.code());
        match (&draft.columns, said) {
            (Ok(found), _) => {
                found.iter().find(|(of, _)| *of == column).map(|(_, names)| names.clone()).unwrap_or_default()
            }
            (Err(_), Some((_, names))) => names.clone(),
            (Err(fault), None) => {
                let suggested = fault.suggested.iter().find(|(of, _)| *of == column);
                let known = fault.known.iter().find(|(of, _)| *of == column);
                known
                    .map(|(_, names)| names.clone())
                    .or_else(|| suggested.map(|(_, names)| names.split('+').map(str::to_owned).collect()))
                    .unwrap_or_default()
            }
        }
    };
    let select = |id: String, label: String, chosen: Option<String>| {
        let options = draft.header.iter().map(|name| {
            let selected = chosen.as_ref() == Some(name);
            view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
        });
        let options = options.collect_view();
        let name = id.clone();
        view! {
            <p><label for=id.clone()>{label}</label> <select id=id name=name><option value="">"No column"</option> {options}</select></p>
        }
    };
    let rows = Column::ALL.into_iter().map(|column| {
        let mut names = chosen(column).into_iter();
        let first = select(format!("column-{}", column.code()), word(column).to_owned(), names.next());
        let second = (column == Column::Name).then(|| {
            select("column-name-2".to_owned(), "Last name, where it has a column of its own".to_owned(), names.next())
        });
        view! { {first} {second} }
    });
    let rows = rows.collect_view();
    let days = [("", "As the file tells"), ("day", "3/4/2026 is 3 April"), ("month", "3/4/2026 is 4 March")].map(
        |(code, words)| {
            let selected = match seen.upload.said.day_first {
                None => code.is_empty(),
                Some(true) => code == "day",
                Some(false) => code == "month",
            };
            view! { <option value=code selected=selected>{words}</option> }
        },
    );
    let unread =
        (!draft.unread.is_empty()).then(|| view! { <p>{format!("Not read: {}.", draft.unread.join(", "))}</p> });
    let differ = draft.plan.as_ref().and_then(|plan| plan.differ);
    let asks = draft.plan.as_ref().is_some_and(|plan| plan.lines.iter().any(goes_by_order));
    let open = draft.columns.is_err() || asks;
    let asks = (asks && differ.is_none()).then(|| {
        view! {
            <p class="said warned">{mark(Mark::Warning)} " " <span>"This file does not tell whether a date such as 3/4/2026 is in April or in March. Choose below which is meant."</span></p>
        }
    });
    let differ = differ.map(|differ| {
        let DaysDiffer { day_first, month_first } = differ;
        let words = format!(
            "The dates of this file do not fit together: the one in line {day_first} has the day first, the one in line {month_first} the month. \
             Mend them, or choose below which is meant."
        );
        view! { <p class="said warned">{mark(Mark::Warning)} " " <span>{words}</span></p> }
    });
    let words = match &draft.columns {
        Ok(found) => {
            let found = found.iter().map(|(column, names)| format!("{} is “{}”", word(*column), names.join("” and “")));
            found.collect::<Vec<_>>().join("; ")
        }
        Err(fault) => {
            let missing: Vec<&str> =
                fault.missing.iter().filter(|column| chosen(**column).is_empty()).map(|column| word(*column)).collect();
            if missing.is_empty() {
                "Some columns are called otherwise. What each may be is chosen below: look whether it is right"
                    .to_owned()
            } else {
                format!("It is not clear from their names which column has: {}. Choose it below", missing.join(", "))
            }
        }
    };
    view! {
        <section class="card">
            <h2>"Columns"</h2>
            <p>{words} "."</p>
            {unread}
            {differ}
            {asks}
            <details open=open>
                <summary>"Change which column is what"</summary>
                <form class="choose-columns" method="post" action=format!("/people/import/{}", seen.upload.id)>
                    <input type="hidden" name="do" value="columns"/>
                    {rows}
                    <p><label for="days">"Dates in numbers"</label> <select id="days" name="days">{days.collect_view()}</select></p>
                    <button class="second">"Look again with these columns"</button>
                </form>
            </details>
        </section>
    }
}

fn report(seen: &UploadView, plan: &Plan) -> impl IntoView + use<> {
    let counts = plan.counts();
    let changes = counts.new + counts.changed;
    let wanted = match seen.lines {
        LinesWanted::Telling if counts.refused > 0 => LinesWanted::Refused,
        LinesWanted::Telling if counts.new > 0 => LinesWanted::New,
        LinesWanted::Telling if counts.changed > 0 => LinesWanted::Changed,
        LinesWanted::Telling => LinesWanted::Unchanged,
        wanted => wanted,
    };
    let all: Vec<AnyView> = match wanted {
        LinesWanted::Missing => {
            let some = plan.not_in_file.iter().skip(seen.page * IMPORT_LINES).take(IMPORT_LINES);
            some.map(|person| {
                view! { <tr><td></td><th scope="row" dir="auto">{person.name.clone()}</th><td>"Here, and not in the file: nothing is done"</td></tr> }.into_any()
            })
            .collect()
        }
        wanted => {
            let some = plan.lines.iter().filter(|line| wanted.has(line));
            some.skip(seen.page * IMPORT_LINES).take(IMPORT_LINES).map(row).collect()
        }
    };
    let of = match wanted {
        LinesWanted::Missing => plan.not_in_file.len(),
        wanted => plan.lines.iter().filter(|line| wanted.has(line)).count(),
    };
    let groups = (!plan.new_groups.is_empty()).then(|| {
        let some: Vec<&str> = plan.new_groups.iter().take(20).map(String::as_str).collect();
        let more = plan.new_groups.len().saturating_sub(20);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        view! { <p>{format!("{} will be made: {}{more}.", count(plan.new_groups.len(), "group", "groups"), some.join(", "))}</p> }
    });
    view! {
        <section>
            <h2>"What it would change"</h2>
            {kinds(seen, counts, plan.not_in_file.len(), wanted)}
            {groups}
            {(!plan.lines.is_empty() || wanted == LinesWanted::Missing).then(|| table(all, wanted))}
            {turn(seen, wanted, of)}
        </section>
        {apply(seen, counts, changes)}
    }
}

fn kinds(seen: &UploadView, counts: Counts, missing: usize, here: LinesWanted) -> impl IntoView + use<> {
    let id = seen.upload.id;
    let kinds = [
        (LinesWanted::Refused, counts.refused as usize, "wrong"),
        (LinesWanted::New, counts.new as usize, "new"),
        (LinesWanted::Changed, counts.changed as usize, "changed"),
        (LinesWanted::Unchanged, counts.unchanged as usize, "unchanged"),
        (LinesWanted::Left, counts.left as usize, "who have left"),
        (LinesWanted::Missing, missing, "not in the file"),
    ];
    let kinds = kinds.into_iter().filter(|(_, number, _)| *number > 0).map(|(wanted, number, words)| {
        let current = (wanted == here).then_some("page");
        view! { <li><a href=format!("/people/import/{id}?lines={}", wanted.code()) aria-current=current>{format!("{number} {words}")}</a></li> }
    });
    view! { <nav class="tabs" aria-label="Lines of the file"><ul role="list">{kinds.collect_view()}</ul></nav> }
}

fn table(rows: Vec<AnyView>, wanted: LinesWanted) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p>"There is no such line."</p> }.into_any();
    }
    let what = if wanted == LinesWanted::Refused { "What is wrong" } else { "What it does" };
    list_table("Lines of the file", &["Line", "Who", what], rows)
}

fn row(line: &LinePlan) -> AnyView {
    let mut says: Vec<String> = match &line.outcome {
        Outcome::New => {
            let understood = line.understood().into_iter().skip(2);
            let told: Vec<String> = understood.map(|(field, value)| format!("{}: {value}", word(field))).collect();
            vec![format!("New. {}", told.join("; "))]
        }
        Outcome::Changed(changes) => changes
            .iter()
            .map(|change| {
                let from = if change.from.is_empty() { "nothing".to_owned() } else { format!("“{}”", change.from) };
                format!("{}: from {from} to “{}”", word(change.field), change.to)
            })
            .collect(),
        Outcome::Unchanged => vec!["Stays as it is".to_owned()],
        Outcome::HasLeft => {
            vec!["Has left, and the line does not say that they begin anew: nothing is done".to_owned()]
        }
        Outcome::Refused(faults) => faults
            .iter()
            .map(|fault| {
                let field = fault.field.map(|field| format!("{} ", word(field))).unwrap_or_default();
                let order = if fault.by_order { "choose above what dates in numbers mean, or " } else { "" };
                format!("{field}“{}”: {}: {order}{}", fault.understood, fault.problem, fault.help)
            })
            .collect(),
    };
    says.extend(line.notes.iter().map(|(field, note)| format!("Note: {}: {note}", word(*field))));
    let says = says.into_iter().map(|words| view! { <p>{words}</p> }).collect_view();
    view! { <tr><td>{line.line}</td><th scope="row" dir="auto">{line.who.to_string()}</th><td>{says}</td></tr> }
        .into_any()
}

fn turn(seen: &UploadView, wanted: LinesWanted, of: usize) -> Option<impl IntoView + use<>> {
    let pages = of.div_ceil(IMPORT_LINES);
    if pages < 2 {
        return None;
    }
    let id = seen.upload.id;
    let to = |page: usize| format!("/people/import/{id}?lines={}&page={}", wanted.code(), page + 1);
    let before = (seen.page > 0).then(|| view! { <a rel="prev" href=to(seen.page - 1)>"Before"</a> });
    let after = (seen.page + 1 < pages).then(|| view! { <a rel="next" href=to(seen.page + 1)>"Next"</a> });
    let here = format!("Page {} of {pages}", seen.page + 1);
    Some(view! { <nav class="actions" aria-label="Pages of lines">{before} " " <span>{here}</span> " " {after}</nav> })
}

fn apply(seen: &UploadView, counts: Counts, changes: u32) -> impl IntoView + use<> {
    if counts.refused > 0 {
        let wrong = count(counts.refused as usize, "line is", "lines are");
        return view! {
            <section class="card">
                <h2>"Nothing is brought in yet"</h2>
                <p>{format!("{wrong} wrong, and a file is brought in whole or not at all. Mend the file and hand it over again, or choose above which column is what and what dates in numbers mean.")}</p>
                <p><a class="button second" href="/people/import">"Hand over another file"</a></p>
            </section>
        }
        .into_any();
    }
    if changes == 0 {
        let words = if seen.draft.as_ref().is_some_and(|draft| draft.lines == 0) {
            "There is nobody in this file: it has the names of the columns and no line below them."
        } else {
            "There is nothing to change: everything in this file is so already."
        };
        return view! { <p class="card">{words}</p> }.into_any();
    }
    let verb = match (counts.new, counts.changed) {
        (0, changed) => format!("Change {}", count(changed as usize, "person", "people")),
        (new, 0) => format!("Bring in {}", count(new as usize, "person", "people")),
        (new, changed) => format!(
            "Bring in {} and change {}",
            count(new as usize, "person", "people"),
            count(changed as usize, "other", "others")
        ),
    };
    view! {
        <section class="card">
            <h2>"Bring them in"</h2>
            <p>"All of it is carried out, or nothing. You can undo it afterwards, until the next file is brought in."</p>
            <form method="post" action=format!("/people/import/{}", seen.upload.id)>
                <input type="hidden" name="do" value="apply"/>
                <button>{verb}</button>
            </form>
        </section>
    }
    .into_any()
}
