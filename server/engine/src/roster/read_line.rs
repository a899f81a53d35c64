use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Columns, DayOrder, Field, Table,
    find_group::Groups,
    plan::{InGroup, LineFault},
    read_day::{ReadDay, order_of, read_day},
};
use crate::{
    catalogue::{Audience, Organisation},
    content::nearest,
    ground::typed_line,
    people::{LONGEST_NAME, checked_email},
    record::{DayFault, Role},
};

/// Everything that what a line says follows from.
pub(super) struct Lines<'p> {
    pub table: &'p Table,
    pub columns: &'p Columns,
    /// In which order days are written.
    pub days: Option<DayOrder>,
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
        let (understood, problem, help) = (understood.to_owned(), problem.into(), help.into());
        self.faults.push(LineFault { field: Some(field), understood, problem, help });
    }
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
        match read_day(cell, self.days, self.today) {
            ReadDay::Day(day) => match DayFault::unless_near(day, self.today) {
                Ok(day) => read.start = Some(day),
                Err(fault) => read.fault(Field::StartDate, cell, fault.to_string(), as_iso),
            },
            ReadDay::Either { day_first, month_first } => {
                let spelled = |day: NaiveDate| day.format("%-d %B %Y").to_string();
                read.fault(
                    Field::StartDate,
                    cell,
                    format!("this is {} or {}", spelled(day_first), spelled(month_first)),
                    "say which with --dates day-first or --dates month-first, or write it as 2026-09-01",
                );
            }
            ReadDay::None => read.fault(Field::StartDate, cell, "this is no day of the calendar", as_iso),
        }
    }
}

/// In which order the days of a file are written, as far as it tells. Only the British order is taken without being asked for.
pub(super) fn days_of(table: &Table, columns: &Columns) -> Option<DayOrder> {
    if !columns.has(Field::StartDate) {
        return None;
    }
    let mut found = None;
    for row in 0..table.len() {
        match order_of(&columns.read(table, row, Field::StartDate)) {
            Some(DayOrder::MonthFirst) => return None,
            Some(order) => found = Some(order),
            None => {}
        }
    }
    found
}
