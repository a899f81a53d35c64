use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::{
    catalogue::{Catalogue, Contact, NamedRole, RoleHolder},
    engine::{Engine, Looked, Refused},
    ground::{PersonId, local_date},
    people::{Person, find_all_holders},
    store::{Conn, StoreError},
};

/// So many days ahead it is said where nobody is named.
const AHEAD: u64 = 90;

/// What is missing where people look for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactGap {
    /// A site names nobody.
    NoContact,
    /// A site names one person, and nobody is there when they are away.
    OneContact,
    /// Nobody’s hours at a site name a Saturday or a Sunday.
    NoWeekend,
    /// Nobody holds a role or stands in, from the first of these days until the last, as far as it was looked ahead. `None`: beyond that.
    Nobody(NaiveDate, Option<NaiveDate>),
    /// Nobody who signs in here holds a role today or stands in: what goes to it goes to others.
    NoAccount,
}

/// Whom to talk to at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteContacts {
    /// The site.
    pub name: String,
    /// Whom it names, in its order.
    pub contacts: Vec<SiteContact>,
    /// What is missing.
    pub gaps: Vec<ContactGap>,
}

/// Somebody to talk to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteContact {
    /// As pages show them.
    pub contact: Contact,
    /// Who signs in with that address. `None`: nobody who is here.
    pub account: Option<PersonId>,
}

/// Who holds a role, or stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holds {
    /// The address that the file has.
    pub email: String,
    /// Who signs in with it, and their name. `None`: nobody who is here.
    pub account: Option<(PersonId, String)>,
    /// From which day on. `None`: all along.
    pub from: Option<NaiveDate>,
    /// The last day on which they do. `None`: no end is known.
    pub until: Option<NaiveDate>,
    /// Whether they do today.
    pub today: bool,
}

/// A named role, with who holds it and who stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleCover {
    /// How the file names it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is reached.
    pub email: String,
    /// The titles of the agreements that are submitted to it.
    pub gets: Vec<String>,
    /// Who holds it, now or at another time. Where the file names nobody: whoever signs in with its address.
    pub holders: Vec<Holds>,
    /// Who stands in, now or at another time.
    pub cover: Vec<Holds>,
    /// What is missing.
    pub gaps: Vec<ContactGap>,
}

/// Whom people find, and to whom things go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactsAndCover {
    /// The sites, in the order of the file.
    pub sites: Vec<SiteContacts>,
    /// The named roles, in the order of the file.
    pub roles: Vec<RoleCover>,
    /// The names of the help services that are there at any hour, for everybody.
    pub at_any_hour: Vec<String>,
    /// So many days ahead it was looked.
    pub ahead: u64,
}

/// Something that an administrator should know of contacts or roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeOf {
    /// Of which site or role.
    pub name: String,
    /// What is missing there.
    pub gap: ContactGap,
}

impl ContactsAndCover {
    /// What needs somebody: a site that names nobody, days on which nobody holds a role, and roles that get what people sign and that nobody who signs in
    /// here holds.
    #[must_use]
    pub fn notices(&self) -> Vec<NoticeOf> {
        let sites = self.sites.iter().flat_map(|site| site.gaps.iter().map(move |gap| (&site.name, gap)));
        let sites = sites.filter(|(_, gap)| **gap == ContactGap::NoContact);
        let roles = self.roles.iter().flat_map(|role| role.gaps.iter().map(move |gap| (role, gap)));
        let roles = roles.filter(|(role, gap)| **gap != ContactGap::NoAccount || !role.gets.is_empty());
        let roles = roles.map(|(role, gap)| (&role.title, gap));
        sites.chain(roles).map(|(name, gap)| NoticeOf { name: name.clone(), gap: gap.clone() }).collect()
    }

    /// How much besides is only worth knowing: all that is missing and in no notice.
    #[must_use]
    pub fn to_know(&self) -> usize {
        let sites = self.sites.iter().map(|site| site.gaps.len());
        let all = sites.chain(self.roles.iter().map(|role| role.gaps.len())).sum::<usize>();
        all.saturating_sub(self.notices().len())
    }
}

impl Engine {
    /// Who is to be talked to at each site, who holds each named role and who stands in, and what is missing. All of it stands in `organisation.toml`.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn contacts_and_cover(&self, reader: &Person) -> Looked<ContactsAndCover> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        let (catalogue, today) = (self.catalogue(), local_date(self.clock.now()));
        let mut conn = self.store.read().await?;
        let mut accounts = Accounts { day: today, known: BTreeMap::new() };
        let mut found = ContactsAndCover { ahead: AHEAD, ..ContactsAndCover::default() };
        for site in &catalogue.organisation.sites {
            let mut contacts = Vec::with_capacity(site.contacts.len());
            for contact in &site.contacts {
                let account = accounts.of(&mut conn, &contact.email).await?.map(|(person, _)| person);
                contacts.push(SiteContact { contact: contact.clone(), account });
            }
            let gaps = gaps_of_site(&site.contacts);
            found.sites.push(SiteContacts { name: site.name.clone(), contacts, gaps });
        }
        for role in &catalogue.organisation.roles {
            let own = [RoleHolder { email: role.email.clone(), from: None, until: None }];
            let named = if role.holders.is_empty() { &own[..] } else { &role.holders[..] };
            let holders = accounts.of_all(&mut conn, named).await?;
            let cover = accounts.of_all(&mut conn, &role.cover).await?;
            let mut gaps = days_without(role, today);
            let today_with_account = holders.iter().chain(&cover).any(|holds| holds.today && holds.account.is_some());
            if !today_with_account
                && !gaps.iter().any(|gap| matches!(gap, ContactGap::Nobody(from, _) if *from == today))
            {
                gaps.insert(0, ContactGap::NoAccount);
            }
            let (id, title, email) = (role.id.clone(), role.title.clone(), role.email.clone());
            let gets = submitted_to(&catalogue, &role.id);
            found.roles.push(RoleCover { id, title, email, gets, holders, cover, gaps });
        }
        let lines = catalogue.helplines_at_any_hour();
        found.at_any_hour = lines.into_iter().map(|line| line.name.clone()).collect();
        Ok(found)
    }
}

/// Who signs in with which address, each asked for once.
struct Accounts {
    day: NaiveDate,
    known: BTreeMap<String, Option<(PersonId, String)>>,
}

impl Accounts {
    /// As it is decided to whom letters for a role go. `None`: nobody who is here.
    async fn of(&mut self, conn: &mut Conn, email: &str) -> Result<Option<(PersonId, String)>, StoreError> {
        if let Some(known) = self.known.get(email) {
            return Ok(known.clone());
        }
        let alone = NamedRole {
            id: String::new(),
            title: String::new(),
            email: email.to_owned(),
            holders: Vec::new(),
            cover: Vec::new(),
        };
        let found = find_all_holders(conn, &alone, self.day).await?.pop().map(|found| (found.person_id, found.name));
        self.known.insert(email.to_owned(), found.clone());
        Ok(found)
    }

    async fn of_all(&mut self, conn: &mut Conn, named: &[RoleHolder]) -> Result<Vec<Holds>, StoreError> {
        let mut all = Vec::with_capacity(named.len());
        for RoleHolder { email, from, until } in named {
            let account = self.of(conn, email).await?;
            let today = from.is_none_or(|from| from <= self.day) && until.is_none_or(|until| self.day <= until);
            all.push(Holds { email: email.clone(), account, from: *from, until: *until, today });
        }
        Ok(all)
    }
}

fn gaps_of_site(contacts: &[Contact]) -> Vec<ContactGap> {
    let mut gaps = Vec::new();
    match contacts {
        [] => gaps.push(ContactGap::NoContact),
        [_] => gaps.push(ContactGap::OneContact),
        _ => {}
    }
    if !contacts.is_empty() && !contacts.iter().any(|contact| names_weekend(&contact.hours)) {
        gaps.push(ContactGap::NoWeekend);
    }
    gaps
}

/// Whether hours, as somebody wrote them, say anything of the weekend.
fn names_weekend(hours: &str) -> bool {
    let hours = hours.to_lowercase();
    let mut words = hours.split(|sign: char| !sign.is_alphanumeric());
    words.any(|word| matches!(word, "sat" | "sun" | "daily"))
        || [
            "saturday",
            "sunday",
            "weekend",
            "every day",
            "7 days",
            "seven days",
            "24/7",
            "any time",
            "anytime",
            "all week",
        ]
        .iter()
        .any(|said| hours.contains(said))
}

/// The stretches of days, from today on, on which nobody holds a role or stands in.
fn days_without(role: &NamedRole, today: NaiveDate) -> Vec<ContactGap> {
    let days = (0..AHEAD).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
    let mut gaps: Vec<ContactGap> = Vec::new();
    let mut since: Option<NaiveDate> = None;
    for day in days {
        let nobody = role.holders_on(day).is_empty() && role.cover_on(day).is_empty();
        match (nobody, since) {
            (true, None) => since = Some(day),
            (false, Some(from)) => {
                gaps.push(ContactGap::Nobody(from, day.pred_opt()));
                since = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    gaps.extend(since.map(|from| ContactGap::Nobody(from, None)));
    gaps
}

fn submitted_to(catalogue: &Catalogue, role: &str) -> Vec<String> {
    let agreements = catalogue.agreements.values().filter(|agreement| agreement.submit_to.as_deref() == Some(role));
    agreements.map(|agreement| agreement.title.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holder(from: Option<&str>, until: Option<&str>) -> RoleHolder {
        RoleHolder { email: "a@northfield.example".to_owned(), from: from.map(day), until: until.map(day) }
    }

    fn role(holders: Vec<RoleHolder>, cover: Vec<RoleHolder>) -> NamedRole {
        let (id, title) = ("lead".to_owned(), "Lead".to_owned());
        NamedRole { id, title, email: "lead@northfield.example".to_owned(), holders, cover }
    }

    #[test]
    fn days_without_anybody_are_found_in_stretches() {
        let today = day("2026-12-01");
        assert_eq!(days_without(&role(Vec::new(), Vec::new()), today), []);
        assert_eq!(days_without(&role(vec![holder(None, None)], Vec::new()), today), []);
        let leaves = role(vec![holder(None, Some("2026-12-10"))], Vec::new());
        assert_eq!(days_without(&leaves, today), [ContactGap::Nobody(day("2026-12-11"), None)]);
        let covered = role(
            vec![holder(None, Some("2026-12-10")), holder(Some("2027-01-05"), None)],
            vec![holder(Some("2026-12-11"), Some("2026-12-31"))],
        );
        let gap = ContactGap::Nobody(day("2027-01-01"), Some(day("2027-01-04")));
        assert_eq!(days_without(&covered, today), [gap]);
    }

    #[test]
    fn hours_name_the_weekend_or_do_not() {
        assert!(!names_weekend("Monday to Friday, 9am to 5pm"));
        assert!(names_weekend("Saturdays, 9am to noon"));
        assert!(names_weekend("Day and night, every day"));
        for hours in ["Mon–Sun, 8am to 8pm", "Sat 9am to noon", "24/7", "At any time", "Daily until 6pm"] {
            assert!(names_weekend(hours), "{hours}");
        }
        assert!(!names_weekend("Mon to Fri, in the sunroom"));
    }
}
