use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{
    Columns, DayOrder, Field, Table,
    find_group::Groups,
    find_known::{Known, find_known},
    plan::{InGroup, LineFault, LinePlan, NotInFile, Outcome, Packed, Plan, Work},
    read_line::{Lines, Read, beginning, days_of},
};
use crate::{catalogue::Organisation, engine::Engine, ground::local_date, record::Actor, store::StoreError};

impl Engine {
    /// What a file would change: its lines held against who is here. Nothing is written. `days`: somebody said in which order the file
    /// writes days. `by`: who would import it, and does not change themselves with it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn plan_import(
        &self,
        table: &Table,
        columns: &Columns,
        days: Option<DayOrder>,
        by: Actor,
    ) -> Result<Plan, StoreError> {
        let today = local_date(self.clock.now());
        let known = find_known(&mut self.store.read().await?, today).await?;
        Planning::new(table, columns, days, &known, &self.catalogue().organisation, today, by).run()
    }
}

/// Everything that a plan follows from.
pub(super) struct Planning<'p> {
    lines: Lines<'p>,
    known: &'p Known,
    by: Actor,
    by_email: HashMap<&'p str, usize>,
    by_external_id: HashMap<&'p str, usize>,
    /// On which line an address, an external id or a known person stood before.
    seen_emails: HashMap<Box<str>, u32>,
    seen_external_ids: HashMap<Box<str>, u32>,
    seen_people: HashMap<usize, u32>,
    /// The paths of groups that are to be made, with what is missing above each.
    new_groups: BTreeSet<String>,
}

impl<'p> Planning<'p> {
    pub(super) fn new(
        table: &'p Table,
        columns: &'p Columns,
        days: Option<DayOrder>,
        known: &'p Known,
        provider: &'p Organisation,
        today: NaiveDate,
        by: Actor,
    ) -> Self {
        let people = || known.people.iter().enumerate();
        let (told, differ) = if days.is_some() { (None, None) } else { days_of(table, columns) };
        Self {
            lines: Lines {
                table,
                columns,
                days: days.or(told),
                differ,
                provider,
                today,
                groups: Groups::of(&known.groups),
            },
            known,
            by,
            by_email: people().filter_map(|(place, person)| Some((person.email.as_deref()?, place))).collect(),
            by_external_id: people()
                .filter_map(|(place, person)| Some((person.external_id.as_deref()?, place)))
                .collect(),
            // Growing, they would for a moment be there twice.
            seen_emails: HashMap::with_capacity(table.len()),
            seen_external_ids: HashMap::with_capacity(table.len()),
            seen_people: HashMap::new(),
            new_groups: BTreeSet::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<Plan, StoreError> {
        let too_wide: BTreeMap<u32, usize> = self.lines.table.too_wide().iter().copied().collect();
        let mut lines = Vec::with_capacity(self.lines.table.len());
        for row in 0..self.lines.table.len() {
            let line = self.lines.table.line(row);
            lines.push(match too_wide.get(&line) {
                Some(cells) => self.refuses_wide(row, line, *cells),
                None => self.plan_line(row, line)?,
            });
        }
        let not_seen = self.known.people.iter().enumerate().filter(|(place, _)| !self.seen_people.contains_key(place));
        let not_in_file = not_seen.filter(|(_, person)| person.here_since.is_some()).map(|(_, person)| NotInFile {
            person: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            external_id: person.external_id.clone(),
        });
        Ok(Plan {
            not_in_file: not_in_file.collect(),
            new_groups: self.new_groups.into_iter().collect(),
            days: self.lines.days,
            differ: self.lines.differ,
            lines,
        })
    }

    fn note_group(&mut self, work: &Work) {
        if let Some(InGroup::At(path)) = &work.group
            && !self.new_groups.contains(path)
        {
            let ends = path.match_indices('/').map(|(place, _)| place).chain([path.len()]);
            let missing = ends.map(|end| &path[..end]).filter(|path| !self.lines.groups.is_there(path));
            self.new_groups.extend(missing.map(str::to_owned));
        }
    }

    fn refuses_wide(&self, row: usize, line: u32, cells: usize) -> LinePlan {
        let fault = LineFault {
            field: None,
            understood: format!("{cells} cells"),
            problem: format!("the line has {cells} cells and the header {}", self.lines.table.header().len()),
            help: "put quotation marks around a cell that has the separator in it".to_owned(),
        };
        let who = beginning(&self.lines.columns.read(self.lines.table, row, Field::Name)).into();
        LinePlan { line, who, outcome: Outcome::Refused(vec![fault]), notes: Vec::new(), work: None }
    }

    fn plan_line(&mut self, row: usize, line: u32) -> Result<LinePlan, StoreError> {
        let mut read = self.lines.read(row);
        let found = self.whom(&mut read);
        self.note_seen(&mut read, found, line);
        let known = found.map(|place| &self.known.people[place]);
        let mut notes = std::mem::take(&mut read.notes);
        let (work, outcome) = match known {
            None => self.lines.begin(&mut read),
            Some(person) if Actor::Person(person.id) == self.by => (None, Outcome::Unchanged),
            Some(person) => self.lines.change(&mut read, person, &mut notes),
        };
        let name = read.name.or_else(|| known.map(|person| person.name.clone())).unwrap_or_default();
        let email = read.email.or_else(|| known.and_then(|person| person.email.clone()));
        let who = match email {
            Some(email) => format!("{name} <{email}>"),
            None => name,
        };
        let (work, outcome) =
            if read.faults.is_empty() { (work, outcome) } else { (None, Outcome::Refused(read.faults)) };
        if let Some(work) = &work {
            self.note_group(work);
        }
        let work = work.as_ref().map(Packed::of).transpose()?;
        Ok(LinePlan { line, who: who.trim().into(), outcome, notes, work })
    }

    /// Whom a line is about, of those who are known: by external id, else by address.
    fn whom(&self, read: &mut Read) -> Option<usize> {
        let by_id = read.external_id.as_deref().and_then(|id| self.by_external_id.get(id)).copied();
        let by_email = read.email.as_deref().and_then(|email| self.by_email.get(email)).copied();
        let other = |place: usize| self.known.people[place].external_id.clone();
        match (by_id, by_email) {
            (Some(one), Some(other)) if one != other => {
                let understood = read.email.clone().unwrap_or_default();
                let name = &self.known.people[other].name;
                read.fault(
                    Field::Email,
                    &understood,
                    format!("{name} has this address"),
                    "give one of them another address",
                );
                Some(one)
            }
            (None, Some(found)) if read.external_id.is_some() && other(found).is_some() => {
                let understood = read.external_id.clone().unwrap_or_default();
                let has = other(found).unwrap_or_default();
                let name = &self.known.people[found].name;
                let problem = format!("{name} has this line's address and the external id {has}");
                read.fault(
                    Field::ExternalId,
                    &understood,
                    problem,
                    "if it is them, write that id; if not, give another address",
                );
                Some(found)
            }
            (by_id, by_email) => by_id.or(by_email),
        }
    }

    /// Refuses what stood on a line before.
    fn note_seen(&mut self, read: &mut Read, found: Option<usize>, line: u32) {
        let help = "keep one of the two lines";
        let mut is_twice = false;
        let values = [
            (Field::ExternalId, read.external_id.clone(), &mut self.seen_external_ids),
            (Field::Email, read.email.clone(), &mut self.seen_emails),
        ];
        for (field, value, seen) in values {
            let Some(value) = value else { continue };
            if let Some(before) = seen.get(value.as_str()) {
                read.fault(field, &value, format!("line {before} has it already"), help);
                is_twice = true;
            } else {
                seen.insert(value.into(), line);
            }
        }
        if let Some(place) = found
            && let Some(before) = self.seen_people.insert(place, line)
            && !is_twice
        {
            let name = self.known.people[place].name.clone();
            read.fault(Field::Name, &name, format!("line {before} is about the same person"), help);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        catalogue::{Audience, ListedAudience},
        ground::{GroupId, PersonId},
        roster::{DaysDiffer, Mapping, find_known::KnownPerson, plan::Counts},
    };

    fn listed(id: &str, one: &str, many: &str) -> ListedAudience {
        let id = Audience::new(id).unwrap();
        ListedAudience { id, one: one.to_owned(), many: many.to_owned(), reading_age: None, helplines: Vec::new() }
    }

    fn provider() -> Organisation {
        Organisation {
            audiences: vec![listed("learner", "a learner", "learners"), listed("staff", "a member of staff", "staff")],
            roles_are: Audience::new("staff").ok(),
            ..Organisation::default()
        }
    }

    fn group(number: u128) -> GroupId {
        GroupId(Uuid::from_u128(number))
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, day).unwrap()
    }

    /// Amy, a learner in cohort A with the external id L1, and Ben, who has left and has none.
    fn known() -> Known {
        let person = |number: u128, name: &str, external_id: Option<&str>| KnownPerson {
            id: PersonId(Uuid::from_u128(number)),
            name: name.to_owned(),
            email: Some(format!("{}@x.example", name.to_lowercase())),
            external_id: external_id.map(str::to_owned),
            here_since: Some(day(1)),
            left_on: None,
            member_of: vec![(Uuid::from_u128(7), group(2))],
            audiences: vec![(Uuid::from_u128(8), Audience::new("learner").unwrap())],
            duties: Vec::new(),
            is_own_word: false,
        };
        Known {
            people: vec![
                person(1, "Amy", Some("L1")),
                KnownPerson { here_since: None, left_on: Some(day(10)), ..person(2, "Ben", None) },
            ],
            groups: vec![
                (group(1), "North".to_owned()),
                (group(2), "North/Cohort A".to_owned()),
                (group(3), "South".to_owned()),
                (group(4), "South/Cohort A".to_owned()),
                (group(5), "South/Cohort B".to_owned()),
            ],
        }
    }

    fn planned(file: &str, days: Option<DayOrder>) -> Plan {
        let table = Table::read(file.as_bytes().to_vec(), None).unwrap();
        let columns = Columns::find(&table, &[] as &[Mapping]).unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        Planning::new(&table, &columns, days, &known(), &provider(), today, Actor::CommandLine).run().unwrap()
    }

    #[test]
    fn a_file_makes_nobody_an_auditor_who_is_none() {
        let file =
            "external_id,name,email,role\nL1,Amy,amy@x.example,auditor\nL9,Cora,cora@x.example,\"staff,auditor\"\n";
        let problem = "an auditor’s duty has an end, which a file cannot say".to_owned();
        assert_eq!(faults(file), [(2, "role", problem.clone()), (3, "role", problem)]);
    }

    /// What is wrong with the lines of a file: line, field and problem.
    fn faults(file: &str) -> Vec<(u32, &'static str, String)> {
        let plan = planned(file, None);
        let faults = plan.lines.iter().flat_map(|line| match &line.outcome {
            Outcome::Refused(faults) => faults
                .iter()
                .map(|fault| (line.line, fault.field.map_or("", Field::code), fault.problem.clone()))
                .collect(),
            _ => Vec::new(),
        });
        faults.collect()
    }

    fn fault(line: u32, field: &'static str, problem: &str) -> (u32, &'static str, String) {
        (line, field, problem.to_owned())
    }

    #[test]
    fn names_of_all_scripts_are_taken_and_what_cannot_be_seen_is_not() {
        let plan = planned(
            "name,email,role\nنور الهاشمي,n@x.example,learner\n李小龍,l@x.example,Learners\nZoë O’Neill-Łuczak,z@x.example,member of staff\n",
            None,
        );
        assert!(plan.lines.iter().all(|line| line.outcome == Outcome::New), "{plan:?}");
        assert_eq!(&*plan.lines[1].who, "李小龍 <l@x.example>");
        assert_eq!(
            faults("name,email,role\nZoe\u{200b},z@x.example,learner\n\"Two\nlines\",t@x.example,learner\n"),
            [
                fault(2, "name", "it has a character that nobody can see (U+200B)"),
                fault(3, "name", "it has a line break or another control character (U+000A)"),
            ]
        );
    }

    #[test]
    fn each_fault_of_a_line_is_said_with_its_field() {
        assert_eq!(
            faults("name,email,role,group,start_date\n,x,lerner,Cohort A,99/99/2026\n#N/A,c@x.example,,,1901-01-01\n"),
            [
                fault(2, "email", "this is no e-mail address"),
                fault(2, "group", "there are several: North/Cohort A; South/Cohort A"),
                fault(2, "role", "there is no such role"),
                fault(2, "start_date", "this is no day of the calendar"),
                fault(2, "name", "nothing stands here, and they are not known yet"),
                fault(3, "name", "a formula of the spreadsheet failed here"),
                fault(
                    3,
                    "start_date",
                    "1 January 1901 cannot be meant: it lies more than 100 years back or more than 10 ahead"
                ),
                fault(3, "role", "nothing says as whom they are here"),
            ]
        );
        let long = format!("name,email,role\nZoe,{}@x.example,learner\n", "z".repeat(250));
        assert_eq!(faults(&long), [fault(2, "email", "it has 6 more than the 254 characters that it may have")]);
        assert_eq!(
            faults("name,email\nZoe,z@x.example,more\n"),
            [fault(2, "", "the line has 3 cells and the header 2")]
        );
        assert_eq!(
            faults("name,email,role\nZoe,z@x.example,manager\n"),
            [fault(2, "group", "a manager looks after a group, and there is none")]
        );
    }

    #[test]
    fn the_same_person_twice_is_refused_with_the_line_of_the_other() {
        assert_eq!(
            faults(
                "external_id,name,email,role\nL9,Zoe,z@x.example,learner\nL9,Zoe,z2@x.example,learner\nL8,Yan,Z@x.example,learner\n\
                 L1,Amy,amy@x.example,\n,Amy,amy@x.example,\n"
            ),
            [
                fault(3, "external_id", "line 2 has it already"),
                fault(4, "email", "line 2 has it already"),
                fault(6, "email", "line 5 has it already"),
            ]
        );
    }

    #[test]
    fn the_external_id_counts_before_the_address() {
        assert_eq!(
            faults("external_id,name,email\nL1,Amy,ben@x.example\n"),
            [fault(2, "email", "Ben has this address")]
        );
        assert_eq!(
            faults("external_id,name,email\nL7,Amy,amy@x.example\n"),
            [fault(2, "external_id", "Amy has this line's address and the external id L1")]
        );
        // Whoever has none yet is found by the address, and gets it.
        let plan = planned("external_id,name,email,start_date\nB1,Ben,ben@x.example,2026-09-10\n", None);
        let Outcome::Changed(changes) = &plan.lines[0].outcome else { panic!("{plan:?}") };
        let fields: Vec<_> = changes.iter().map(|change| change.field).collect();
        assert_eq!(fields, [Field::StartDate, Field::ExternalId]);
    }

    #[test]
    fn groups_that_are_missing_are_named_with_what_is_missing_above_them() {
        let plan = planned("name,email,role,group\nZoe,z@x.example,learner,West/X/Y\n", None);
        assert_eq!(plan.new_groups, ["West", "West/X", "West/X/Y"]);
    }

    #[test]
    fn days_that_may_be_two_are_asked_about_unless_the_file_tells() {
        let ambiguous = "name,email,role,start_date\nZoe,z@x.example,learner,03/04/2026\n";
        assert_eq!(faults(ambiguous), [fault(2, "start_date", "this is 3 April 2026 or 4 March 2026")]);
        let told = format!("{ambiguous}Yan,y@x.example,learner,25/09/2026\n");
        assert_eq!(planned(&told, None).days, Some(DayOrder::DayFirst));
        assert_eq!(faults(&told), []);
        // An American file is asked about, too: most of what comes is British.
        assert_eq!(faults(&format!("{ambiguous}Yan,y@x.example,learner,09/25/2026\n")).len(), 1);
        let plan = planned(ambiguous, Some(DayOrder::MonthFirst));
        assert!(plan.lines[0].understood().contains(&(Field::StartDate, "4 March 2026".to_owned())));
    }

    #[test]
    fn a_file_that_writes_days_both_ways_is_asked_about_and_none_is_read() {
        let both = "name,email,role,start_date\nZoe,z@x.example,learner,25/09/2026\nYan,y@x.example,learner,2026-09-01\n\
             Xia,x@x.example,learner,09/26/2026\nWyn,w@x.example,learner,03/04/2026\n";
        let said = "days are written both ways: that of line 2 has the day first, that of line 4 the month";
        assert_eq!(faults(both), [2, 4, 5].map(|line| fault(line, "start_date", said)));
        let plan = planned(both, None);
        assert_eq!((plan.days, plan.differ), (None, Some(DaysDiffer { day_first: 2, month_first: 4 })));
        // Whoever says which is meant is told of those that cannot be.
        let plan = planned(both, Some(DayOrder::DayFirst));
        let Outcome::Refused(faults) = &plan.lines[2].outcome else { panic!("{plan:?}") };
        assert_eq!(faults[0].problem, "with the day first this is no day of the calendar");
        assert_eq!((plan.differ, plan.counts().refused), (None, 1));
    }

    #[test]
    fn days_that_a_spreadsheet_counts_are_read_and_said() {
        let plan = planned("name,email,role,start_date\nZoe,z@x.example,learner,46266\n", None);
        assert!(plan.lines[0].understood().contains(&(Field::StartDate, "1 September 2026".to_owned())), "{plan:?}");
        let note = "46266 is read as 1 September 2026, as spreadsheets count days from 1900";
        assert_eq!(plan.lines[0].notes, [(Field::StartDate, note.to_owned())]);
        let far = "name,email,role,start_date\nZoe,z@x.example,learner,99999\n";
        let said = "13 October 2173 cannot be meant: it lies more than 100 years back or more than 10 ahead";
        assert_eq!(faults(far), [fault(2, "start_date", said)]);
    }

    #[test]
    fn who_is_not_in_the_file_is_listed_and_who_has_left_is_left_alone() {
        let plan = planned("name,email,role\nBen,ben@x.example,learner\n", None);
        assert_eq!(plan.lines[0].outcome, Outcome::HasLeft);
        let note = "they left on 10 September 2026; with a start date from 10 September 2026 on they come back";
        assert_eq!(plan.lines[0].notes, [(Field::StartDate, note.to_owned())]);
        assert_eq!(plan.not_in_file.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Amy"]);
        assert_eq!(plan.counts(), Counts { left: 1, ..Counts::default() });
    }

    #[test]
    fn who_was_taken_back_before_they_were_here_begins_anew() {
        let mut known = known();
        for person in &mut known.people {
            (person.here_since, person.left_on) = (None, None);
            person.audiences.clear();
            person.member_of.clear();
        }
        let plan = |file: &str| {
            let table = Table::read(file.as_bytes().to_vec(), None).unwrap();
            let columns = Columns::find(&table, &[] as &[Mapping]).unwrap();
            Planning::new(&table, &columns, None, &known, &provider(), day(20), Actor::CommandLine).run().unwrap()
        };
        let planned = plan(
            "external_id,name,email,role,group,start_date\nL1,Amy,amy@x.example,learner,Cohort B,\n,Ben,ben@x.example,dsl,,2026-09-01\n",
        );
        let work = |line: usize| planned.lines[line].work.as_ref().unwrap().open().unwrap();
        let Outcome::Changed(changes) = &planned.lines[0].outcome else { panic!("{planned:?}") };
        assert_eq!((changes[0].from.as_str(), changes[0].to.as_str()), ("taken back before", "20 September 2026"));
        assert_eq!((work(0).comes_back, work(0).begins_on, work(0).joins), (true, day(20), true));
        assert_eq!(work(0).audiences, [Audience::new("learner").unwrap()]);
        // As whom people with duties are here the provider says.
        assert_eq!((work(1).begins_on, work(1).audiences), (day(1), vec![Audience::new("staff").unwrap()]));
        let refused = plan("name,email\nAmy,amy@x.example\n");
        assert!(
            matches!(&refused.lines[0].outcome, Outcome::Refused(faults) if faults[0].problem == "nothing says as whom they are here")
        );
    }

    #[test]
    fn who_is_in_one_group_moves_and_what_is_empty_says_nothing() {
        let plan = planned("external_id,name,email,group,role\nL1,,,Cohort B,staff\n", None);
        let work = plan.lines[0].work.as_ref().unwrap().open().unwrap();
        assert_eq!((work.leaves.len(), work.ends.len(), work.joins, &work.details), (1, 1, true, &None));
        let plan = planned("external_id,name,email,group,role\nL1,,,,\n", None);
        assert_eq!(plan.lines[0].outcome, Outcome::Unchanged);
        let plan = planned("external_id,name,email,role\nL1,,,\"learner, staff\"\n", None);
        let work = plan.lines[0].work.as_ref().unwrap().open().unwrap();
        assert_eq!((work.audiences.len(), work.ends.len()), (1, 0));
    }

    #[test]
    fn an_address_that_somebody_typed_themselves_is_said_to_be_so_and_gets_no_duty() {
        let mut known = known();
        known.people[0].is_own_word = true;
        let plan = |file: &str| {
            let table = Table::read(file.as_bytes().to_vec(), None).unwrap();
            let columns = Columns::find(&table, &[]).unwrap();
            Planning::new(&table, &columns, None, &known, &provider(), day(30), Actor::CommandLine).run().unwrap()
        };
        let noted = plan("name,email,role\nAmy B,amy@x.example,learner\n");
        assert!(noted.lines[0].notes.iter().any(|(field, note)| *field == Field::Email && note.contains("join code")));
        assert!(matches!(&noted.lines[0].outcome, Outcome::Changed(_)));
        let refused = plan("name,email,role\nAmy B,amy@x.example,dsl\n");
        assert!(
            matches!(&refused.lines[0].outcome, Outcome::Refused(faults) if faults[0].problem.contains("join code"))
        );
    }

    #[test]
    fn nobody_changes_themselves() {
        let table =
            Table::read(b"external_id,name,email,role\nL1,Amy,amy@x.example,administrator\n".to_vec(), None).unwrap();
        let columns = Columns::find(&table, &[]).unwrap();
        let (known, by) = (known(), Actor::Person(PersonId(Uuid::from_u128(1))));
        let plan = Planning::new(&table, &columns, None, &known, &provider(), day(30), by).run().unwrap();
        assert_eq!(plan.lines[0].outcome, Outcome::Unchanged);
    }
}
