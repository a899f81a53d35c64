use super::{
    Field,
    find_known::KnownPerson,
    plan::{FieldChange, InGroup, Outcome, Work, words_of},
    read_line::{Lines, Read},
};
use crate::{catalogue::Audience, ground::said_day, people::PersonDetails as Details, record::Role};

impl Lines<'_> {
    /// Somebody begins who is not known.
    pub(super) fn begin(&self, read: &mut Read) -> (Option<Work>, Outcome) {
        for (field, there) in [(Field::Name, read.name.is_some()), (Field::Email, read.email.is_some())] {
            if !there && !read.is_faulty(field) {
                read.fault(field, "", "nothing stands here, and they are not known yet", "write it");
            }
        }
        self.say_as_whom(read);
        if read.duties.contains(&Role::Auditor) {
            refuse_auditor(read);
        }
        let joins = read.group.is_some() && !read.duties.contains(&Role::Manager);
        let (group, path) = read.group.take().unzip();
        // Of one that is to be made it says the same.
        let path = path.filter(|_| matches!(group, Some(InGroup::Known(_))));
        let work = Work {
            details: Some(Details {
                name: read.name.clone().unwrap_or_default(),
                email: read.email.clone(),
                external_id: read.external_id.clone(),
            }),
            begins_on: read.start.unwrap_or(self.today),
            joins,
            group,
            path,
            audiences: read.audiences.iter().cloned().collect(),
            duties: read.duties.iter().copied().collect(),
            ..Work::default()
        };
        (Some(work), Outcome::New)
    }

    /// As whom somebody begins whose line names no audience: as what people with duties are, if it gives one. Otherwise it is refused.
    fn say_as_whom(&self, read: &mut Read) {
        if read.audiences.is_empty() && !read.duties.is_empty() {
            read.audiences.extend(self.provider.roles_are.clone());
        }
        if read.audiences.is_empty() && !read.is_faulty(Field::Role) {
            let listed = self.provider.audiences.iter().map(|listed| listed.id.as_str()).collect::<Vec<_>>();
            let help = if listed.is_empty() {
                "the provider's list of audiences is not published yet: induct publish does it".to_owned()
            } else {
                format!("write one of {}", listed.join(", "))
            };
            read.fault(Field::Role, "", "nothing says as whom they are here", help);
        }
    }

    /// What a line changes of somebody who is known. `notes`: what whoever imports may not expect.
    pub(super) fn change(
        &self,
        read: &mut Read,
        person: &KnownPerson,
        notes: &mut Vec<(Field, String)>,
    ) -> (Option<Work>, Outcome) {
        if person.is_own_word {
            let email = person.email.clone().unwrap_or_default();
            // Whoever had the code may have typed anybody's address: with a duty they would read what others wrote.
            if read.duties.is_empty() {
                notes.push((
                    Field::Email,
                    format!("{} began with a join code and typed this address themselves; nobody has checked that it is theirs", person.name),
                ));
            } else {
                read.fault(
                    Field::Role,
                    &email,
                    format!("{} began with a join code and typed this address themselves", person.name),
                    "if it is them, give them the duty at their page under People; if not, give one of them another address",
                );
            }
        }
        let mut changes = Vec::new();
        let mut change = |field, from: String, to: String| changes.push(FieldChange { field, from, to });
        let mut work = Work { person: Some(person.id), begins_on: self.today, ..Work::default() };
        match (person.here_since, person.left_on, read.start) {
            (None, Some(left_on), Some(start)) if start >= left_on => {
                work.comes_back = true;
                work.begins_on = start;
                change(Field::StartDate, format!("left on {}", said_day(left_on)), said_day(start));
            }
            (None, Some(left_on), start) => {
                let left_on = said_day(left_on);
                let too_early = start.map(|start| format!(", after the start date {}", said_day(start)));
                let too_early = too_early.unwrap_or_default();
                notes.push((
                    Field::StartDate,
                    format!("they left on {left_on}{too_early}; with a start date from {left_on} on they come back"),
                ));
                return (None, Outcome::HasLeft);
            }
            // Whoever was never here has not left: such are those of an import that was undone.
            (None, None, start) => {
                work.comes_back = true;
                work.begins_on = start.unwrap_or(self.today);
                change(Field::StartDate, "taken back before".to_owned(), said_day(work.begins_on));
                if person.audiences.is_empty() {
                    self.say_as_whom(read);
                }
            }
            (Some(since), _, Some(start)) if since != start => {
                let (since, start) = (said_day(since), said_day(start));
                notes
                    .push((Field::StartDate, format!("they are here since {since}, not {start}; that stays as it is")));
            }
            _ => {}
        }
        let details =
            Details { name: person.name.clone(), email: person.email.clone(), external_id: person.external_id.clone() };
        let mut set = details.clone();
        if let Some(name) = read.name.clone().filter(|name| *name != person.name) {
            change(Field::Name, person.name.clone(), name.clone());
            set.name = name;
        }
        if let Some(email) = read.email.clone().filter(|email| person.email.as_ref() != Some(email)) {
            change(Field::Email, person.email.clone().unwrap_or_default(), email.clone());
            set.email = Some(email);
        }
        if let Some(id) = read.external_id.clone().filter(|id| person.external_id.as_ref() != Some(id)) {
            change(Field::ExternalId, person.external_id.clone().unwrap_or_default(), id.clone());
            set.external_id = Some(id);
        }
        work.details = (set != details).then_some(set);
        self.change_roles(read, person, &mut work, &mut change, notes);
        self.change_group(read, person, &mut work, &mut change, notes);
        if work.duties.contains(&Role::Auditor) {
            refuse_auditor(read);
        }
        if changes.is_empty() { (None, Outcome::Unchanged) } else { (Some(work), Outcome::Changed(changes)) }
    }

    /// Whoever is in one audience, and in the file in one other, moves; otherwise nothing ends.
    fn change_roles(
        &self,
        read: &Read,
        person: &KnownPerson,
        work: &mut Work,
        change: &mut impl FnMut(Field, String, String),
        notes: &mut Vec<(Field, String)>,
    ) {
        let has: Vec<Audience> = person.audiences.iter().map(|(_, audience)| audience.clone()).collect();
        work.audiences = read.audiences.iter().filter(|audience| !has.contains(audience)).cloned().collect();
        let over = |role: Role| match (role, &read.group) {
            (Role::Manager, Some((InGroup::Known(group), _))) => Some(*group),
            _ => None,
        };
        let is_new = |role: Role| !matches!((role, &read.group), (Role::Manager, Some((InGroup::At(_), _))));
        let given = read
            .duties
            .iter()
            .copied()
            .filter(|role| !(is_new(*role) && person.duties.contains(&(*role, over(*role)))));
        work.duties = given.collect();
        if !work.audiences.is_empty() && has.len() == 1 && read.audiences.len() == 1 {
            work.ends = person.audiences.clone();
        } else if !read.audiences.is_empty() {
            let stays: Vec<&str> =
                has.iter().filter(|one| !read.audiences.contains(one)).map(Audience::as_str).collect();
            if !stays.is_empty() {
                notes.push((Field::Role, format!("they stay {} as well", stays.join(", "))));
            }
        }
        if !work.audiences.is_empty() || !work.duties.is_empty() {
            change(Field::Role, words_of(&has, &[]), words_of(&work.audiences, &work.duties));
        }
        if !work.duties.is_empty() {
            work.group = read.group.as_ref().map(|(group, _)| group.clone());
        }
    }

    /// Whoever is in one group, and in the file in another, moves; otherwise nothing ends.
    fn change_group(
        &self,
        read: &mut Read,
        person: &KnownPerson,
        work: &mut Work,
        change: &mut impl FnMut(Field, String, String),
        notes: &mut Vec<(Field, String)>,
    ) {
        if read.duties.contains(&Role::Manager) {
            return;
        }
        let Some((group, path)) = read.group.take() else { return };
        if matches!(&group, InGroup::Known(known) if person.member_of.iter().any(|(_, of)| of == known)) {
            return;
        }
        let paths: Vec<&str> =
            person.member_of.iter().filter_map(|(_, group)| self.groups.path_of(*group)).collect();
        if person.member_of.len() == 1 {
            work.leaves = person.member_of.clone();
        } else if !paths.is_empty() {
            notes.push((Field::Group, format!("they stay in {} as well", paths.join(", "))));
        }
        work.joins = true;
        work.group = Some(group);
        change(Field::Group, paths.join(", "), path);
    }
}

/// An auditor's duty has an end, for which a file has no column.
fn refuse_auditor(read: &mut Read) {
    read.fault(
        Field::Role,
        Role::Auditor.code(),
        "an auditor’s duty has an end, which a file cannot say",
        "leave it out, and give them the duty at their page under People, with the day on which it ends",
    );
}
