use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Columns, DayOrder, Field, Table,
    find_group::Groups,
    plan::{DaysDiffer, InGroup, LineFault},
    read_day::{ReadDay, counted_day, goes_by_order, order_of, read_day},
};
use crate::{
    catalogue::{Audience, Organisation},
    content::nearest,
    ground::{said_day, typed_line},
    people::{AddPersonError, LONGEST_NAME, checked_email},
    record::{DayFault, Role},
};

/// Everything that what a line says follows from.
pub(super) struct Lines<'p> {
    pub table: &'p Table,
    pub columns: &'p Columns,
    /// In which order days are written.
    pub days: Option<DayOrder>,
    /// That they are written in both, and nobody said which is meant.
    pub differ: Option<DaysDiffer>,
    pub provider: &'p Organisation,
    pub today: NaiveDate,
    pub groups: Groups<'p>,
}

/// What a line says, as far as it could be read.
#[derive(Default)]
pub(super) struct Read {
    pub name: Option<String>,
    pub email: Option<String>,
    pub external_id: Option<String>,
    pub group: Option<(InGroup, String)>,
    pub audiences: BTreeSet<Audience>,
    pub duties: BTreeSet<Role>,
    pub start: Option<NaiveDate>,
    pub faults: Vec<LineFault>,
    /// What whoever imports may not expect.
    pub notes: Vec<(Field, String)>,
}

impl Read {
    /// Whether something is wrong with a field.
    pub(super) fn is_faulty(&self, field: Field) -> bool {
        self.faults.iter().any(|fault| fault.field == Some(field))
    }

    /// Notes what is wrong with a field, and what can be done about it.
    pub(super) fn fault(
        &mut self,
        field: Field,
        understood: &str,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (understood, problem, help) = (beginning(understood), problem.into(), help.into());
        self.faults.push(LineFault { field: Some(field), understood, problem, help });
    }
}

/// How many letters of a cell a report has: enough to find it by.
const MOST_SHOWN: usize = 200;

/// A cell, or the beginning of a long one: there may be megabytes of it.
pub(super) fn beginning(cell: &str) -> String {
    cell.char_indices().nth(MOST_SHOWN).map_or_else(|| cell.to_owned(), |(end, _)| format!("{}…", &cell[..end]))
}

/// What spreadsheet programs write where a formula failed.
const FAILED: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"];

impl Lines<'_> {
    /// What stands in a line, each field by itself.
    pub(super) fn read(&mut self, row: usize) -> Read {
        let mut read = Read::default();
        let mut cells = Field::ALL.map(|field| self.columns.read(self.table, row, field));
        for field in Field::ALL {
            let cell = &mut cells[field as usize];
            if FAILED.contains(&cell.as_str()) {
                let failed = std::mem::take(cell);
                read.fault(
                    field,
                    &failed,
                    "a formula of the spreadsheet failed here",
                    "write what belongs here, or nothing",
                );
            }
        }
        let [external_id, name, email, group, role, start] = cells;
        for (field, cell) in [(Field::Name, &name), (Field::ExternalId, &external_id)] {
            if cell.is_empty() {
                continue;
            }
            match typed_line(cell, LONGEST_NAME) {
                Ok(text) if field == Field::Name => read.name = Some(text),
                Ok(text) => read.external_id = Some(text),
                Err(fault) => read.fault(field, cell, fault.to_string(), "write it anew by hand"),
            }
        }
        if !email.is_empty() {
            match checked_email(&email) {
                Ok(email) => read.email = Some(email),
                Err(AddPersonError::EmailText(fault)) => {
                    read.fault(Field::Email, &email, fault.to_string(), "write it anew by hand");
                }
                Err(_) => read.fault(
                    Field::Email,
                    &email,
                    "this is no e-mail address",
                    "write one, such as amy@northfield.example",
                ),
            }
        }
        if !group.is_empty() {
            match self.groups.find(&group) {
                Ok(group) => read.group = Some(group),
                Err((problem, help)) => read.fault(Field::Group, &group, problem, help),
            }
        }
        self.read_roles(&mut read, &role);
        if !start.is_empty() {
            self.read_start(&mut read, &start);
        }
        read
    }

    fn read_roles(&self, read: &mut Read, cell: &str) {
        for word in cell.split([',', ';', '/', '|', '+', '&']).map(str::trim).filter(|word| !word.is_empty()) {
            let low = word.to_lowercase();
            let listed = self.provider.audiences.iter().find(|listed| {
                let one = listed.one.split_once(' ').map_or(listed.one.as_str(), |(_, one)| one);
                [listed.id.as_str(), &listed.many, &listed.one, one].iter().any(|called| called.to_lowercase() == low)
            });
            match (listed, Role::parse(&low)) {
                (Some(listed), _) => drop(read.audiences.insert(listed.id.clone())),
                (None, Some(role)) => drop(read.duties.insert(role)),
                (None, None) => {
                    let audiences = self.provider.audiences.iter().map(|listed| listed.id.as_str());
                    let all: Vec<&str> = audiences.chain(Role::ALL.iter().map(|role| role.code())).collect();
                    let help = match nearest(&low, all.iter().copied()) {
                        _ if self.provider.audiences.is_empty() => {
                            "the provider's list of audiences is not published yet: induct publish does it".to_owned()
                        }
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("there are {}", all.join(", ")),
                    };
                    read.fault(Field::Role, word, "there is no such role", help);
                }
            }
        }
        if read.duties.contains(&Role::Manager) && read.group.is_none() && !read.is_faulty(Field::Group) {
            read.fault(Field::Group, "", "a manager looks after a group, and there is none", "write which");
        }
    }

    fn read_start(&self, read: &mut Read, cell: &str) {
        let as_iso = "write it as 2026-09-01";
        let which = "say which with --dates day-first or --dates month-first, or write it as 2026-09-01";
        if let Some(differ) = self.differ.filter(|_| goes_by_order(cell)) {
            return read.fault(Field::StartDate, cell, differ.to_string(), which);
        }
        match read_day(cell, self.days, self.today) {
            ReadDay::Day(day) => self.take_start(read, cell, day),
            ReadDay::Either { day_first, month_first } => {
                let problem = format!("this is {} or {}", said_day(day_first), said_day(month_first));
                read.fault(Field::StartDate, cell, problem, which);
            }
            ReadDay::None => {
                let from_1904 = self.table.counts_from_1904();
                if let Some(day) = counted_day(cell, from_1904) {
                    let year = if from_1904 { 1904 } else { 1900 };
                    let note = format!("{cell} is read as {}, as spreadsheets count days from {year}", said_day(day));
                    read.notes.push((Field::StartDate, note));
                    return self.take_start(read, cell, day);
                }
                let problem = match self.days.filter(|_| order_of(cell).is_some()) {
                    Some(DayOrder::DayFirst) => "with the day first this is no day of the calendar",
                    Some(DayOrder::MonthFirst) => "with the month first this is no day of the calendar",
                    None => "this is no day of the calendar",
                };
                read.fault(Field::StartDate, cell, problem, as_iso);
            }
        }
    }

    fn take_start(&self, read: &mut Read, cell: &str, day: NaiveDate) {
        match DayFault::unless_near(day, self.today) {
            Ok(day) => read.start = Some(day),
            Err(fault) => read.fault(Field::StartDate, cell, fault.to_string(), "write it as 2026-09-01"),
        }
    }
}

/// In which order the days of a file are written, as far as it tells, or that it has both. Only the British order is taken without being asked for.
pub(super) fn days_of(table: &Table, columns: &Columns) -> (Option<DayOrder>, Option<DaysDiffer>) {
    if !columns.has(Field::StartDate) {
        return (None, None);
    }
    let (mut day_first, mut month_first) = (None, None);
    for row in 0..table.len() {
        match order_of(&columns.read(table, row, Field::StartDate)) {
            Some(DayOrder::DayFirst) => {
                day_first.get_or_insert(table.line(row));
            }
            Some(DayOrder::MonthFirst) => {
                month_first.get_or_insert(table.line(row));
            }
            None => {}
        }
        if let Some((day_first, month_first)) = day_first.zip(month_first) {
            return (None, Some(DaysDiffer { day_first, month_first }));
        }
    }
    (day_first.map(|_| DayOrder::DayFirst), None)
}
