//! `organisation.toml`: the provider, its audiences, its sites and its named roles.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};
use model::FactId;

use super::{
    facts::{read_also, warn_of_age},
    fields::{NAME_HELP, Placed, Table, YearDay, check_range, read_toml},
    look::read_look,
    problems::{Code, Report},
    prose::{FactBook, Names},
    references::read_audience,
    source::Sources,
    text::did_you_mean,
};
use crate::catalogue::{
    Audience, Contact, Cpd, Fact, Helpline, HelplineAudience, ListedAudience, NamedRole, Organisation, ProviderContact,
    ROLE_CODES, Reminders, Retention, RoleHolder, SecondFactors, Site,
};

/// The provider, with the places of what can be checked only after the facts have been read.
pub(super) struct ReadOrganisation {
    pub(super) organisation: Organisation,
    /// The help services that each audience names.
    helplines: Vec<(Audience, Vec<Placed<FactId>>)>,
    /// The help services that are named for any hour.
    at_any_hour: Vec<Placed<FactId>>,
    /// What this provider settles in its own way, which texts put in place like facts.
    rules: Vec<Placed<Fact>>,
    whole: Whole,
}

/// Which lists of names could be read whole. Of the others nothing is said where something names what they may hold: one mistake is told once.
#[derive(Clone, Copy, Debug, Default)]
struct Whole {
    audiences: bool,
    /// Whom `roles_are` names.
    roles_are: bool,
    roles: bool,
    rules: bool,
    /// Who is reached by which number.
    numbers: bool,
}

impl ReadOrganisation {
    /// Whether it is known who may open what.
    pub(super) fn knows_readers(&self) -> bool {
        self.whole.audiences && self.whole.roles_are
    }

    /// Takes out of the names that others may use those lists of which something could not be read.
    pub(super) fn leave_out_what_is_not_whole(&self, names: &mut Names) {
        let Whole { audiences, roles, numbers, .. } = self.whole;
        names.audiences = names.audiences.take().filter(|_| audiences);
        names.roles = names.roles.take().filter(|_| roles);
        names.own_numbers = names.own_numbers.take().filter(|_| numbers);
    }

    /// Reports what is named as a help service and is none that can be called or texted, and warns of audiences some of whom are named nobody,
    /// or nobody at night.
    pub(super) fn check_helplines(&self, facts: &FactBook, report: &mut Report<'_>) {
        let named = self.helplines.iter().flat_map(|(_, named)| named);
        for Placed { at, value: id } in named.filter(|id| !facts.may_be_helpline(&id.value)) {
            let otherwise = "Write the id of a fact in `facts.toml` that has a `[fact.helpline]` with a `phone`.";
            let help = did_you_mean(id.as_str(), facts.helpline_ids(), otherwise);
            report.error(*at, Code::NotAHelpline, format!("`{id}` is no help service with a phone number."), help);
        }
        for (audience, named) in &self.helplines {
            warn_of_nobody(audience, named, facts, report);
        }
        for Placed { at, value: id } in &self.at_any_hour {
            match facts.facts.get(id).and_then(|fact| fact.helpline.as_ref()) {
                Some(line) if line.phone.is_none() && line.text.is_none() => {
                    let help = "Give it a `phone`, or say in `text` what to text to which number.";
                    let message = format!("`{id}` can neither be called nor texted.");
                    report.error(*at, Code::NotAHelpline, message, help);
                }
                Some(line) if !line.answers_at_any_hour() => {
                    let message =
                        format!("`{id}` is named for any hour, and its `hours` do not say that it answers then.");
                    report.warn(*at, Code::NoHelplineAtNight, message, HOURS_HELP);
                }
                Some(_) => {}
                None if facts.may_be_helpline(id) => {}
                None => {
                    let otherwise = "Write the id of a fact in `facts.toml` that has a `[fact.helpline]`.";
                    let help = did_you_mean(id.as_str(), facts.helpline_ids(), otherwise);
                    report.error(*at, Code::NotAHelpline, format!("`{id}` is no help service."), help);
                }
            }
        }
    }

    /// Adds the provider's own rules to the facts, and reports those whose id a fact has already. Where one could not be read, nothing can be
    /// said about which there are.
    pub(super) fn add_rules(&self, facts: &mut FactBook, report: &mut Report<'_>) {
        if !self.whole.rules {
            facts.lose_rules();
        }
        let mut added = BTreeSet::new();
        for Placed { at, value: rule } in &self.rules {
            if !added.insert(&rule.id) {
                // That there are two of them is told already.
                continue;
            }
            if facts.has(&rule.id) {
                let help = "Keep it here, and take it out of `facts.toml`.";
                report.error(*at, Code::DuplicateFact, format!("`facts.toml` has a fact `{}`, too.", rule.id), help);
            } else {
                facts.facts.insert(rule.id.clone(), rule.clone());
            }
        }
    }

    /// Warns about rules that nothing uses.
    pub(super) fn warn_of_unused_rules(&self, used: &BTreeSet<FactId>, report: &mut Report<'_>) {
        for Placed { at, value: rule } in self.rules.iter().filter(|rule| !used.contains(&rule.value.id)) {
            let id = &rule.id;
            let help = format!("Put it in place with `{{{{fact:{id}}}}}`, or take it out.");
            report.warn(*at, Code::UnusedFact, format!("Nothing uses the rule `{id}`."), help);
        }
    }
}

const HOURS_HELP: &str =
    "Write its `hours` as \"Day and night, every day\", if that is so, or name one that answers then.";

/// Warns where the services that an audience names leave out an age, or the night. Who names none is shown those of all others.
fn warn_of_nobody(audience: &Audience, named: &[Placed<FactId>], facts: &FactBook, report: &mut Report<'_>) {
    let lines: Option<Vec<&Helpline>> =
        named.iter().map(|id| facts.facts.get(&id.value).and_then(|fact| fact.helpline.as_ref())).collect();
    // Of what could not be read, nothing is said.
    let (Some(lines), Some(first)) = (lines, named.first()) else { return };
    let is_there = |heading: &HelplineAudience| lines.iter().any(|line| line.stands_under(heading));
    let for_all = is_there(&HelplineAudience::Everyone) || is_there(&HelplineAudience::Of(audience.clone()));
    let left_out = match (is_there(&HelplineAudience::Young), is_there(&HelplineAudience::Adult)) {
        (true, true) => None,
        (true, false) => Some("18 or over"),
        (false, true) => Some("under 18"),
        (false, false) => Some("of any age"),
    };
    if let Some(age) = left_out.filter(|_| !for_all) {
        let message = format!("Every page names nobody to those of `{audience}` who are {age}.");
        let help = "Name one that is for everyone as well, such as `samaritans`.";
        report.warn(first.at, Code::HelplineForSome, message, help);
    }
    if !lines.iter().any(|line| line.answers_at_any_hour()) {
        let message = format!("Nobody whom every page names to those of `{audience}` answers day and night.");
        report.warn(first.at, Code::NoHelplineAtNight, message, HOURS_HELP);
    }
}

/// What a reading gives, and whether it reported no error.
fn read_whole<T>(report: &mut Report<'_>, read: impl FnOnce(&mut Report<'_>) -> T) -> (T, bool) {
    let before = report.error_count();
    let read = read(report);
    (read, report.error_count() == before)
}

/// Reads the organisation. What has an error is told once and is read as though it were not there. `None` when it is not TOML, and then the report
/// says where. `today` decides which rules are to be looked at again. `sources` has the logo.
pub(super) fn read_organisation(
    text: &str,
    sources: &Sources,
    today: NaiveDate,
    report: &mut Report<'_>,
) -> Option<ReadOrganisation> {
    let mut table = read_toml(text, report)?;
    let name = table.required("name", report);
    let (audiences, is_list) =
        read_whole(report, |report| table.optional::<Vec<Placed<Table>>>("audience", report).unwrap_or_default());
    let (roles_are, is_written) = read_whole(report, |report| table.optional::<Placed<String>>("roles_are", report));
    let at_any_hour = table.optional::<Vec<Placed<FactId>>>("at_any_hour", report).unwrap_or_default();
    let quiz_after = table.optional("quiz_after", report).unwrap_or_default();
    let unreviewed_twins = table.optional("unreviewed_twins", report).unwrap_or_default();
    let ask_again = table.optional::<Placed<u32>>("ask_again_days", report);
    let cpd = table.optional::<Table>("cpd", report);
    let retention = table.optional::<Table>("retention", report);
    let reminders = table.optional::<Table>("reminders", report);
    let second_factors = table.optional::<Table>("second_factor", report);
    let look = table.optional::<Table>("look", report);
    let (contact, is_contact) = read_whole(report, |report| table.optional::<Placed<Table>>("contact", report));
    let (roles, are_roles) =
        read_whole(report, |report| table.optional::<Vec<Placed<Table>>>("role", report).unwrap_or_default());
    let (rules, are_rules) =
        read_whole(report, |report| table.optional::<Vec<Placed<Table>>>("rule", report).unwrap_or_default());
    let (sites, are_sites) =
        read_whole(report, |report| table.optional::<Vec<Placed<Table>>>("site", report).unwrap_or_default());
    // What is known by none of these names may have been meant as any of them.
    let ((), is_closed) = read_whole(report, |report| table.close(report));
    if audiences.is_empty() && is_list {
        let help = "Add an `[[audience]]` with `id`, `one` and `many` for each, such as `learner` and `staff`.";
        report.warn(0, Code::NoAudiences, "Nothing here says as whom people are here.", help);
    }
    let (listed, are_read) = read_whole(report, |report| {
        let listed: Vec<_> = audiences
            .into_iter()
            .filter_map(|audience| Some((audience.at, read_listed(audience.value, report)?)))
            .collect();
        refuse_duplicates("audience", listed.iter().map(|(at, (audience, _))| (*at, audience.id.as_str())), report);
        listed
    });
    let mut whole = Whole { audiences: is_list && are_read && is_closed, ..Whole::default() };
    let (audiences, helplines): (Vec<_>, Vec<_>) = listed.into_iter().map(|(_, read)| read).unzip();
    let known = (whole.audiences && !audiences.is_empty()).then_some(audiences.as_slice());
    let (roles_are, is_read) =
        read_whole(report, |report| roles_are.and_then(|written| read_audience(&written, known, &[], report)));
    whole.roles_are = is_written && is_read && is_closed;
    let ask_again_days =
        ask_again.and_then(|Placed { at, value }| check_range("ask_again_days", at, value, 1..=90, report));
    let cpd = cpd.map(|table| read_cpd(table, known, report)).unwrap_or_default();
    let retention = retention.map(|table| read_retention(table, report)).unwrap_or_default();
    let reminders = reminders.map(|table| read_reminders(table, report)).unwrap_or_default();
    let second_factors = second_factors.map(|table| read_second_factors(table, report)).unwrap_or_default();
    let look = look.map(|table| read_look(table, sources, report)).unwrap_or_default();
    let (contact, reaches) =
        read_whole(report, |report| contact.and_then(|table| read_provider_contact(table, report)));
    let (roles, are_read) = read_whole(report, |report| {
        let roles: Vec<_> =
            roles.into_iter().filter_map(|role| Some((role.at, read_role(role.value, report)?))).collect();
        refuse_duplicates("role", roles.iter().map(|(at, role)| (*at, role.id.as_str())), report);
        roles.into_iter().map(|(_, role)| role).collect::<Vec<NamedRole>>()
    });
    whole.roles = are_roles && are_read && is_closed;
    let (sites, are_read) = read_whole(report, |report| {
        let sites: Vec<_> =
            sites.into_iter().filter_map(|site| Some((site.at, read_site(site.value, report)?))).collect();
        refuse_duplicates("site", sites.iter().map(|(at, site)| (*at, site.name.as_str())), report);
        sites
    });
    whole.numbers = is_contact && reaches && are_sites && are_read && is_closed;
    let known_roles = whole.roles.then_some(roles.as_slice());
    let (rules, are_read) = read_whole(report, |report| {
        let read = rules.into_iter().filter_map(|Placed { at, value }| {
            let (rule, is_whole) = read_whole(report, |report| read_rule(value, known_roles, report));
            rule.filter(|_| is_whole).map(|value| Placed { at, value })
        });
        let rules: Vec<Placed<Fact>> = read.collect();
        refuse_duplicates("rule", rules.iter().map(|rule| (rule.at, rule.value.id.as_str())), report);
        rules
    });
    whole.rules = are_rules && are_read && is_closed;
    for Placed { at, value } in &rules {
        warn_of_age(value, *at, today, report);
    }
    let sites = sites.into_iter().map(|(_, site)| site).collect();
    let organisation = Organisation {
        name: name.unwrap_or_default(),
        sites,
        roles,
        audiences,
        roles_are,
        at_any_hour: at_any_hour.iter().map(|id| id.value.clone()).collect(),
        quiz_after,
        cpd,
        retention,
        reminders,
        ask_again_days,
        second_factors,
        unreviewed_twins,
        look,
        contact,
    };
    let ids = organisation.audiences.iter().map(|audience| audience.id.clone());
    let helplines = ids.zip(helplines).collect();
    Some(ReadOrganisation { organisation, helplines, at_any_hour, rules, whole })
}

/// Reads a rule. It becomes a fact whose source is the provider itself. `roles`: `None` when they could not be read.
fn read_rule(mut table: Table, roles: Option<&[NamedRole]>, report: &mut Report<'_>) -> Option<Fact> {
    let id = table.required("id", report);
    let text = table.required("text", report);
    let also = read_also(&mut table, report);
    let role = table.optional::<Placed<String>>("role", report);
    let source = table.optional("source", report);
    let checked = table.optional("checked", report);
    let review_by = table.required("review_by", report);
    let why = table.optional("why", report);
    table.close(report);
    if let (Some(Placed { at, value }), Some(roles)) = (role, roles)
        && roles.iter().all(|listed| listed.id != value)
    {
        let ids = roles.iter().map(|role| role.id.as_str());
        let help = did_you_mean(&value, ids, "Write the id of a `[[role]]` of this file.");
        report.error(at, Code::UnknownRole, format!("There is no role `{value}`."), help);
    }
    Some(Fact {
        id: id?,
        text: text?,
        also,
        source: source.unwrap_or_else(|| "Our own policies".to_owned()),
        edition: Fact::OWN_RULE.to_owned(),
        checked,
        review_by: review_by?,
        why,
        helpline: None,
    })
}

fn read_listed(mut table: Table, report: &mut Report<'_>) -> Option<(ListedAudience, Vec<Placed<FactId>>)> {
    let id = table.required::<Placed<String>>("id", report).and_then(|id| read_id(&id, report));
    let one = table.required("one", report);
    let many = table.required("many", report);
    let reading_age = table.optional::<Placed<u32>>("reading_age", report);
    let reading_age = reading_age.map(|Placed { at, value }| check_range("reading_age", at, value, 8..=20, report));
    let helplines = table.optional::<Vec<Placed<FactId>>>("helplines", report).unwrap_or_default();
    table.close(report);
    let reading_age = match reading_age {
        Some(read) => Some(read?),
        None => None,
    };
    let listed = ListedAudience {
        id: id?,
        one: one?,
        many: many?,
        reading_age,
        helplines: helplines.iter().map(|helpline| helpline.value.clone()).collect(),
    };
    Some((listed, helplines))
}

fn read_id(written: &Placed<String>, report: &mut Report<'_>) -> Option<Audience> {
    let Placed { at, value } = written;
    let Ok(id) = Audience::new(value.as_str()) else {
        report.error(*at, Code::BadName, format!("`{value}` cannot be a name."), NAME_HELP);
        return None;
    };
    let by_age = HelplineAudience::BY_AGE.map(|(word, _)| word);
    if ROLE_CODES.contains(&id.as_str()) || by_age.contains(&id.as_str()) {
        let what = if by_age.contains(&id.as_str()) { "a heading of help services" } else { "a role" };
        let message = format!("An audience cannot be called `{id}`, because that is the name of {what}.");
        report.error(*at, Code::BadName, message, "Give it another name.");
        return None;
    }
    Some(id)
}

fn read_cpd(mut table: Table, known: Option<&[ListedAudience]>, report: &mut Report<'_>) -> Cpd {
    let year_begins = table.optional::<YearDay>("year_begins", report);
    let target = table.optional::<Placed<u32>>("target_minutes", report);
    let target_for = table.optional::<Vec<Placed<String>>>("target_for", report).unwrap_or_default();
    let off_the_job = table.optional("off_the_job", report).unwrap_or_default();
    let time_spent = table.optional("time_spent", report).unwrap_or_default();
    table.close(report);
    Cpd {
        year_begins: year_begins.map_or(Cpd::default().year_begins, |day| day.0),
        target_minutes: target
            .and_then(|Placed { at, value }| check_range("target_minutes", at, value, 1..=100_000, report)),
        target_for: target_for.iter().filter_map(|written| read_audience(written, known, &[], report)).collect(),
        off_the_job,
        time_spent,
    }
}

/// At least a month for answers, within which somebody may come back or ask about a mark; at least a year for names.
fn read_retention(mut table: Table, report: &mut Report<'_>) -> Retention {
    let answers = table.optional::<Placed<u32>>("answers_of_leavers_days", report);
    let names = table.optional::<Placed<u32>>("names_of_leavers_years", report);
    table.close(report);
    let mut within = |key, given: Option<Placed<u32>>, range| {
        given.and_then(|Placed { at, value }| check_range(key, at, value, range, report))
    };
    Retention {
        answers_of_leavers_days: within("answers_of_leavers_days", answers, 30..=36_500),
        names_of_leavers_years: within("names_of_leavers_years", names, 1..=100),
    }
}

fn read_second_factors(mut table: Table, report: &mut Report<'_>) -> SecondFactors {
    let required_from = table.optional("required_from", report);
    table.close(report);
    SecondFactors { required_from }
}

/// Letters go out in the morning or by day: whoever is written to at night is woken by it.
fn read_reminders(mut table: Table, report: &mut Report<'_>) -> Reminders {
    let usual = Reminders::default();
    let on = table.optional("on", report).unwrap_or(usual.on);
    let days_before = table.optional::<Vec<Placed<u32>>>("days_before", report);
    let every = table.optional::<Placed<u32>>("overdue_every_days", report);
    let most = table.optional::<Placed<u32>>("overdue_at_most", report);
    let (quiet_days, are_days) =
        read_whole(report, |report| table.optional::<Placed<Vec<Placed<Weekday>>>>("quiet_days", report));
    let hour = table.optional::<Placed<u32>>("hour", report);
    let digest_day = table.optional::<Placed<Weekday>>("digest_day", report);
    table.close(report);
    let mut within = |key, Placed { at, value }: Placed<u32>, range| check_range(key, at, value, range, report);
    let every = every.and_then(|days| within("overdue_every_days", days, 1..=90));
    let most = most.and_then(|times| within("overdue_at_most", times, 0..=12));
    let hour = hour.and_then(|hour| within("hour", hour, 6..=18));
    let days_before = days_before.map(|days| {
        let days = days.into_iter().filter_map(|days| within("days_before", days, 1..=90));
        let mut days: Vec<u32> = days.collect();
        days.sort_unstable_by(|one, other| other.cmp(one));
        days.dedup();
        days
    });
    let quiet_days = quiet_days.map(|Placed { at, value }| {
        let mut days: Vec<Weekday> = value.into_iter().map(|day| day.value).collect();
        days.sort_unstable_by_key(Weekday::num_days_from_monday);
        days.dedup();
        if days.len() == 7 {
            let help = "Leave a day of the week out, or write `on = false`.";
            report.error(at, Code::OutOfRange, "Every day is quiet, so nobody would ever be reminded.", help);
        }
        days
    });
    let quiet_days = quiet_days.unwrap_or(usual.quiet_days);
    // Which days are quiet is known only where they could be read.
    if let Some(Placed { at, value }) = &digest_day
        && are_days
        && quiet_days.contains(value)
    {
        let help = "Choose another day, or take it out of `quiet_days`.";
        report.error(*at, Code::OutOfRange, "This day is one of the quiet days.", help);
    }
    Reminders {
        on,
        days_before: days_before.unwrap_or(usual.days_before),
        overdue_every_days: every.unwrap_or(usual.overdue_every_days),
        overdue_at_most: most.unwrap_or(usual.overdue_at_most),
        quiet_days,
        hour: hour.unwrap_or(usual.hour),
        digest_day: digest_day.map(|day| day.value),
    }
}

fn read_role(mut table: Table, report: &mut Report<'_>) -> Option<NamedRole> {
    let id = table.required("id", report);
    let title = table.required("title", report);
    let email = read_email(&mut table, report);
    let holders = table.optional::<Vec<Placed<Table>>>("holder", report).unwrap_or_default();
    let cover = table.optional::<Vec<Placed<Table>>>("cover", report).unwrap_or_default();
    table.close(report);
    let holders = holders.into_iter().filter_map(|holder| read_holder(holder, false, report)).collect();
    let cover = cover.into_iter().filter_map(|cover| read_holder(cover, true, report)).collect();
    Some(NamedRole { id: id?, title: title?, email: email?, holders, cover })
}

/// Who stands in does so for a while: without an end, somebody who has long been back would go on being passed over.
fn read_holder(
    Placed { at, value: mut table }: Placed<Table>,
    is_cover: bool,
    report: &mut Report<'_>,
) -> Option<RoleHolder> {
    let email = read_email(&mut table, report);
    let (from, until) = if is_cover {
        (table.required("from", report), table.required("until", report))
    } else {
        (table.optional("from", report), table.optional("until", report))
    };
    table.close(report);
    if matches!((from, until), (Some(from), Some(until)) if until < from) {
        let help = "`until` is the last day; write one that is not before `from`.";
        report.error(at, Code::OutOfRange, "This ends before it begins.", help);
    }
    Some(RoleHolder { email: email?, from, until })
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

/// How the provider itself is reached, for the foot of each page.
fn read_provider_contact(
    Placed { at, value: mut table }: Placed<Table>,
    report: &mut Report<'_>,
) -> Option<ProviderContact> {
    let phone = table.optional::<String>("phone", report);
    let email = table.optional::<Placed<String>>("email", report).and_then(|email| checked_email(email, report));
    let nothing = phone.is_none() && email.is_none() && table.entries.is_empty();
    table.close(report);
    if nothing && !report.has_errors() {
        let help = "Write `phone`, `email` or both below it.";
        report.error(at, Code::MissingKey, "This says neither a phone number nor an e-mail address.", help);
    }
    (phone.is_some() || email.is_some()).then_some(ProviderContact { phone, email })
}

fn read_email(table: &mut Table, report: &mut Report<'_>) -> Option<String> {
    checked_email(table.required::<Placed<String>>("email", report)?, report)
}

fn checked_email(written: Placed<String>, report: &mut Report<'_>) -> Option<String> {
    let Placed { at, value } = written;
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
