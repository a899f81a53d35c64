//! `organisation.toml`: the provider, its sites and its named roles.

use std::collections::BTreeSet;

use super::{
    fields::{Placed, Table, read_toml},
    problems::{Code, Report},
};
use crate::catalogue::{Contact, NamedRole, Organisation, Site};

/// Reads the organisation. `None` when it has an error, and then the report says which.
pub(super) fn read_organisation(text: &str, report: &mut Report<'_>) -> Option<Organisation> {
    let mut table = read_toml(text, report)?;
    let name = table.required("name", report);
    let quiz_after = table.optional("quiz_after", report).unwrap_or_default();
    let roles = table.optional::<Vec<Placed<Table>>>("role", report).unwrap_or_default();
    let sites = table.optional::<Vec<Placed<Table>>>("site", report).unwrap_or_default();
    table.close(report);
    let roles: Vec<_> = roles.into_iter().filter_map(|role| Some((role.at, read_role(role.value, report)?))).collect();
    let sites: Vec<_> = sites.into_iter().filter_map(|site| Some((site.at, read_site(site.value, report)?))).collect();
    refuse_duplicates("role", roles.iter().map(|(at, role)| (*at, role.id.as_str())), report);
    refuse_duplicates("site", sites.iter().map(|(at, site)| (*at, site.name.as_str())), report);
    let roles = roles.into_iter().map(|(_, role)| role).collect();
    let sites = sites.into_iter().map(|(_, site)| site).collect();
    let organisation = Organisation { name: name?, sites, roles, quiz_after };
    (!report.has_errors()).then_some(organisation)
}

fn read_role(mut table: Table, report: &mut Report<'_>) -> Option<NamedRole> {
    let id = table.required("id", report);
    let title = table.required("title", report);
    let email = read_email(&mut table, report);
    table.close(report);
    Some(NamedRole { id: id?, title: title?, email: email? })
}

fn read_site(mut table: Table, report: &mut Report<'_>) -> Option<Site> {
    let name = table.required("name", report);
    let contacts = table.optional::<Vec<Table>>("contact", report).unwrap_or_default();
    table.close(report);
    let contacts = contacts.into_iter().filter_map(|contact| read_contact(contact, report)).collect();
    Some(Site { name: name?, contacts })
}

fn read_contact(mut table: Table, report: &mut Report<'_>) -> Option<Contact> {
    let name = table.required("name", report);
    let role = table.required("role", report);
    let phone = table.required("phone", report);
    let email = read_email(&mut table, report);
    let hours = table.required("hours", report);
    table.close(report);
    Some(Contact { name: name?, role: role?, phone: phone?, email: email?, hours: hours? })
}

fn read_email(table: &mut Table, report: &mut Report<'_>) -> Option<String> {
    let Placed { at, value } = table.required::<Placed<String>>("email", report)?;
    let good = value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if !good || value.contains(char::is_whitespace) {
        let help = "Write it like this: name@northfield.example.";
        report.error(at, Code::BadEmail, format!("`{value}` is not an e-mail address."), help);
        return None;
    }
    Some(value)
}

fn refuse_duplicates<'n>(what: &str, names: impl Iterator<Item = (usize, &'n str)>, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for (at, name) in names {
        if !seen.insert(name) {
            let message = format!("There are two of the {what} `{name}`.");
            report.error(at, Code::DuplicateEntry, message, "Take one of the two out, or rename it.");
        }
    }
}
