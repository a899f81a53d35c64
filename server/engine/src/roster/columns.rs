use std::fmt;

use super::Table;
use crate::content::nearest;

/// What a column can say of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// What another system knows them by.
    ExternalId,
    /// Their name.
    Name,
    /// What they sign in with.
    Email,
    /// The group that they belong to.
    Group,
    /// As whom they are here, or what they do for others.
    Role,
    /// When they begin.
    StartDate,
}

impl Field {
    /// Every field, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::ExternalId, Self::Name, Self::Email, Self::Group, Self::Role, Self::StartDate];

    /// What its column is called.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Name => "name",
            Self::Email => "email",
            Self::Group => "group",
            Self::Role => "role",
            Self::StartDate => "start_date",
        }
    }

    /// Reads what [`Field::code`] wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// What other systems call it, without blanks and in small letters.
    fn also_called(self) -> &'static [&'static str] {
        match self {
            Self::ExternalId => &[
                "id",
                "ref",
                "reference",
                "learnerref",
                "learnerreference",
                "learnerrefnumber",
                "learnerid",
                "studentid",
                "studentref",
                "studentnumber",
                "uln",
                "staffid",
                "employeeid",
                "employeenumber",
                "payrollnumber",
                "personid",
                "externalref",
                "misid",
            ],
            Self::Name => {
                &["fullname", "learnername", "studentname", "staffname", "displayname", "learner", "student", "person"]
            }
            Self::Email => {
                &["emailaddress", "mail", "workemail", "collegeemail", "studentemail", "learneremail", "emailaddr"]
            }
            Self::Group => {
                &["cohort", "class", "course", "tutorgroup", "groupname", "site", "team", "department", "path"]
            }
            Self::Role => &["roles", "audience", "persontype", "usertype", "type"],
            Self::StartDate => {
                &["start", "started", "startson", "starting", "begins", "dateofstart", "enrolmentdate", "dateenrolled"]
            }
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What somebody said of a field: the columns that make it up, one behind the other, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Which field.
    pub field: Field,
    /// The names of its columns. None: what stands in the file of it is left out.
    pub columns: Vec<String>,
}

impl Mapping {
    /// Reads `field=column`, `field=column+column` or `field=`.
    ///
    /// # Errors
    /// What is wrong with it, for whoever typed it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (field, columns) = text.split_once('=').ok_or("write it as field=column, such as name=\"Full name\"")?;
        let field = Field::parse(field.trim()).ok_or_else(|| {
            let all = Field::ALL.map(Field::code).join(", ");
            format!("there is no field {}; there are {all}", field.trim())
        })?;
        let columns = columns.split('+').map(|column| column.trim().to_owned());
        Ok(Self { field, columns: columns.filter(|column| !column.is_empty()).collect() })
    }
}

/// Where a table has what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// By field, in the order of [`Field::ALL`].
    of: [Vec<usize>; 6],
    /// The names of columns that are not read.
    pub unread: Vec<String>,
}

/// Why nobody can tell what stands in which column. Its text asks for a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnFault {
    /// Fields that are needed, and for which there is no column.
    pub missing: Vec<Field>,
    /// The columns that were found: by their own names, or as somebody said.
    pub known: Vec<(Field, Vec<String>)>,
    /// What may be meant by a column that is not known, as it would be mapped.
    pub suggested: Vec<(Field, String)>,
    /// Columns that were named and are not there, each with the one nearest to it.
    pub no_such: Vec<(String, Option<String>)>,
    /// Fields for which there are several columns of the same name.
    pub twice: Vec<Field>,
    /// What the columns are called.
    pub header: Vec<String>,
}

impl fmt::Display for ColumnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |fields: &[Field]| fields.iter().map(|field| field.code()).collect::<Vec<_>>().join(", ");
        write!(f, "the columns are {}", quoted(&self.header))?;
        if !self.missing.is_empty() {
            write!(f, "; no column is called {}", list(&self.missing))?;
        }
        if !self.twice.is_empty() {
            write!(f, "; more than one column is called {}", list(&self.twice))?;
        }
        for (column, near) in &self.no_such {
            write!(f, "; there is no column “{column}”")?;
            if let Some(near) = near {
                write!(f, ", did you mean “{near}”?")?;
            }
        }
        if self.suggested.is_empty() {
            if !self.missing.is_empty() {
                write!(f, "; say which they are with --map, such as --map \"{}=COLUMN\"", self.missing[0])?;
            }
        } else {
            write!(f, "; say which they are, such as")?;
            for (field, column) in &self.suggested {
                write!(f, " --map \"{field}={column}\"")?;
            }
            write!(f, " (or --map \"{}=\" to leave it out)", self.suggested[0].0)?;
        }
        Ok(())
    }
}

impl std::error::Error for ColumnFault {}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

/// A name without what does not count in it: case, blanks and signs.
fn folded(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const FIRST_NAMES: [&str; 5] = ["forename", "forenames", "firstname", "givenname", "firstnames"];

const LAST_NAMES: [&str; 4] = ["surname", "lastname", "familyname", "secondname"];

impl Columns {
    /// Finds the columns of a table by their names, whose case, blanks and signs do not count, and by what somebody said of them.
    ///
    /// # Errors
    /// [`ColumnFault`] when a needed one is missing, or one that is not known may be one that is.
    pub fn find(table: &Table, mappings: &[Mapping]) -> Result<Self, Box<ColumnFault>> {
        let header = table.header();
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let mut found = Self::default();
        let mut fault = ColumnFault { header: header.to_vec(), ..ColumnFault::default() };
        for (place, field) in Field::ALL.into_iter().enumerate() {
            let mut said = mappings.iter().filter(|mapping| mapping.field == field).peekable();
            if said.peek().is_some() {
                for column in said.flat_map(|mapping| &mapping.columns) {
                    let exact = header.iter().position(|name| name == column);
                    match exact.or_else(|| names.iter().position(|name| *name == folded(column))) {
                        Some(column) => found.of[place].push(column),
                        None => {
                            let near = nearest(column, header.iter().map(String::as_str)).map(str::to_owned);
                            fault.no_such.push((column.clone(), near));
                        }
                    }
                }
                continue;
            }
            let code = folded(field.code());
            let mut columns = (0..names.len()).filter(|column| names[*column] == code);
            found.of[place].extend(columns.next());
            if columns.next().is_some() {
                fault.twice.push(field);
            }
        }
        let unread: Vec<usize> =
            (0..header.len()).filter(|column| !found.of.iter().any(|of| of.contains(column))).collect();
        let is_said = |field| mappings.iter().any(|mapping| mapping.field == field);
        for field in Field::ALL.into_iter().filter(|field| found.of[*field as usize].is_empty() && !is_said(*field)) {
            if matches!(field, Field::Name | Field::Email) {
                fault.missing.push(field);
            }
            let of = |called: &[&str]| unread.iter().copied().find(|column| called.contains(&names[*column].as_str()));
            let both = (field == Field::Name).then(|| of(&FIRST_NAMES).zip(of(&LAST_NAMES))).flatten();
            let suggested = match (both, of(field.also_called())) {
                (Some((first, last)), _) => Some(format!("{}+{}", header[first], header[last])),
                (None, alone) => alone.map(|column| header[column].clone()),
            };
            fault.suggested.extend(suggested.map(|column| (field, column)));
        }
        found.unread = unread.into_iter().map(|column| header[column].clone()).collect();
        let is_sound = fault.missing.is_empty()
            && fault.suggested.is_empty()
            && fault.no_such.is_empty()
            && fault.twice.is_empty();
        if is_sound {
            return Ok(found);
        }
        fault.known = Field::ALL
            .map(|field| (field, found.names(field, table).into_iter().map(str::to_owned).collect()))
            .to_vec();
        fault.known.retain(|(_, names): &(_, Vec<String>)| !names.is_empty());
        Err(Box::new(fault))
    }

    /// Whether there is a column for a field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        !self.of[field as usize].is_empty()
    }

    /// The names of the columns of a field.
    #[must_use]
    pub fn names<'t>(&self, field: Field, table: &'t Table) -> Vec<&'t str> {
        self.of[field as usize].iter().map(|column| table.header()[*column].as_str()).collect()
    }

    /// What stands in a row of a field; columns that make it up together have a blank between them.
    pub(super) fn read(&self, table: &Table, row: usize, field: Field) -> String {
        let mut cells =
            self.of[field as usize].iter().map(|column| table.cell(row, *column)).filter(|cell| !cell.is_empty());
        let mut text = cells.next().unwrap_or_default().to_owned();
        for cell in cells {
            text.push(' ');
            text.push_str(cell);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(header: &str, mappings: &[&str]) -> Result<Columns, Box<ColumnFault>> {
        let table = Table::read(format!("{header}\nx\n").into_bytes(), None).unwrap();
        let mappings: Vec<Mapping> = mappings.iter().map(|mapping| Mapping::parse(mapping).unwrap()).collect();
        Columns::find(&table, &mappings)
    }

    #[test]
    fn case_blanks_and_signs_of_a_name_do_not_count() {
        let found = find("External ID,NAME,E-mail,Group,Role,Start date,Phone", &[]).unwrap();
        assert_eq!(found.of, [[0], [1], [2], [3], [4], [5]].map(|of| of.to_vec()));
        assert_eq!(found.unread, ["Phone"]);
    }

    #[test]
    fn another_header_is_asked_about() {
        let fault = find("Learner Ref,Forename,Surname,Email address", &[]).unwrap_err();
        assert_eq!(fault.missing, [Field::Name, Field::Email]);
        assert_eq!(
            fault.to_string(),
            "the columns are “Learner Ref”, “Forename”, “Surname”, “Email address”; no column is called name, email; say which they are, \
             such as --map \"external_id=Learner Ref\" --map \"name=Forename+Surname\" --map \"email=Email address\" (or --map \
             \"external_id=\" to leave it out)"
        );
        let said = ["external_id=Learner Ref", "name=Forename+Surname", "email=email ADDRESS"];
        assert_eq!(find("Learner Ref,Forename,Surname,Email address", &said).unwrap().of[1], [1, 2]);
        let fault = find("Full name,E-mail,Start date", &[]).unwrap_err();
        let known = [(Field::Email, vec!["E-mail".to_owned()]), (Field::StartDate, vec!["Start date".to_owned()])];
        assert_eq!((fault.known.as_slice(), fault.missing), (known.as_slice(), vec![Field::Name]));
        let fault = find("Name,Email,Cohort", &[]).unwrap_err();
        assert_eq!((fault.missing, fault.suggested), (vec![], vec![(Field::Group, "Cohort".to_owned())]));
        assert!(find("Name,Email,Cohort", &["group="]).is_ok());
        assert_eq!(find("Name,Email,email", &[]).unwrap_err().twice, [Field::Email]);
        let fault = find("Name,Email", &["group=Emial"]).unwrap_err();
        assert_eq!(fault.no_such, [("Emial".to_owned(), Some("Email".to_owned()))]);
    }

    #[test]
    fn a_mapping_names_a_field() {
        assert!(Mapping::parse("phone=x").unwrap_err().contains("there is no field phone; there are external_id"));
        assert!(Mapping::parse("name").is_err());
    }
}
