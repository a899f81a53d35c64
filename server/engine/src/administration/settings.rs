use std::collections::BTreeMap;

use chrono::Weekday;

use crate::{
    catalogue::{Audience, Fact, ListedAudience, NamedRole, Organisation, QuizAfter, RoleHolder, Site},
    ground::said_day,
};

/// What a set of settings is about; pages show them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingsOf {
    /// The provider itself: its name, how it is reached, how its pages look.
    Provider,
    /// As whom people are here.
    Audiences,
    /// Whom to talk to at each site.
    Sites,
    /// Who holds which named role, and who stands in.
    Roles,
    /// What people do here: quizzes, agreements, the words of twins.
    Learning,
    /// How continuing professional development is counted.
    Cpd,
    /// Letters that tell people what is wanted of them.
    Reminders,
    /// How people sign in.
    SignIn,
    /// What is let go of of people who have left.
    Retention,
    /// What the provider settles in its own way, which texts put in place.
    Rules,
}

impl SettingsOf {
    /// All of them, in the order of pages.
    pub const EVERY: [Self; 10] = [
        Self::Provider,
        Self::Audiences,
        Self::Sites,
        Self::Roles,
        Self::Learning,
        Self::Cpd,
        Self::Reminders,
        Self::SignIn,
        Self::Retention,
        Self::Rules,
    ];
}

/// A setting of `organisation.toml`, as it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Of which set it is.
    pub of: SettingsOf,
    /// Where it stands in the file: its table and its key, such as `[cpd] target_minutes`. No two have the same.
    pub key: String,
    /// What it decides, in plain words.
    pub what: String,
    /// What it says, as people read it.
    pub value: String,
}

/// What an organisation and its own rules say, setting by setting: in the order of [`SettingsOf`], and within each in that of the file.
pub(super) fn settings_of<'f>(organisation: &Organisation, facts: impl Iterator<Item = &'f Fact>) -> Vec<Setting> {
    let mut list = List::default();
    about_provider(organisation, &mut list);
    for audience in &organisation.audiences {
        list.add(
            SettingsOf::Audiences,
            format!("[[audience]] {}", audience.id),
            "As whom people are here",
            words_of(audience),
        );
    }
    for site in &organisation.sites {
        about_site(site, &mut list);
    }
    for role in &organisation.roles {
        about_role(role, &mut list);
    }
    about_learning(organisation, &mut list);
    about_cpd(organisation, &mut list);
    about_reminders(organisation, &mut list);
    let from = organisation.second_factors.required_from;
    let from = from.map_or_else(|| "Of nobody".to_owned(), |day| format!("From {}", said_day(day)));
    let what = "From when on a code at sign-in is wanted of those who see other people’s records";
    list.add(SettingsOf::SignIn, "[second_factor] required_from", what, from);
    about_retention(organisation, &mut list);
    for rule in facts.filter(|fact| fact.is_own_rule()) {
        let also = rule.also.iter().map(|(twin, text)| format!("; {twin}: {text}")).collect::<String>();
        let value = format!("{}{also}; to be looked at again by {}", rule.text, said_day(rule.review_by));
        list.add(SettingsOf::Rules, format!("[[rule]] {}", rule.id), "What texts say of how you do it", value);
    }
    list.0
}

/// Settings, as they are gathered.
#[derive(Default)]
struct List(Vec<Setting>);

impl List {
    fn add(&mut self, of: SettingsOf, key: impl Into<String>, what: impl Into<String>, value: impl Into<String>) {
        let (first, mut count) = (key.into(), 1);
        let mut key = first.clone();
        // A file may name somebody twice in one place.
        while self.0.iter().any(|setting| setting.key == key) {
            count += 1;
            key = format!("{first} ({count})");
        }
        self.0.push(Setting { of, key, what: what.into(), value: value.into() });
    }
}

fn about_provider(organisation: &Organisation, list: &mut List) {
    let of = SettingsOf::Provider;
    let unsaid = || "Not said".to_owned();
    list.add(of, "name", "What you are called", organisation.name.clone());
    let contact = organisation.contact.clone().unwrap_or_default();
    let what = "The phone number at the foot of each page";
    list.add(of, "[contact] phone", what, contact.phone.unwrap_or_else(unsaid));
    let what = "The e-mail address at the foot of each page";
    list.add(of, "[contact] email", what, contact.email.unwrap_or_else(unsaid));
    let look = &organisation.look;
    let accent = |colour: Option<String>| colour.unwrap_or_else(|| "That of Induct".to_owned());
    let (light, dark) = (look.accent.map(|own| own.light.to_string()), look.accent.map(|own| own.dark.to_string()));
    list.add(of, "[look] accent", "The colour of links and buttons on light grounds", accent(light));
    list.add(of, "[look] accent_dark", "The same on dark grounds", accent(dark));
    // By what it is known, so that another file of the same shape is another value.
    let logo = look.logo.as_ref().map(|logo| format!("{} by {}, file {}", logo.size.0, logo.size.1, logo.tag));
    list.add(
        of,
        "[look] logo",
        "What stands beside your name",
        logo.unwrap_or_else(|| "The door of Induct".to_owned()),
    );
    let lines = comma(organisation.at_any_hour.iter());
    list.add(of, "at_any_hour", "Who is there for everybody at night", or_none(lines));
}

fn words_of(audience: &ListedAudience) -> String {
    let age = audience.reading_age.map(|age| format!("; reading age {age}")).unwrap_or_default();
    let lines = comma(audience.helplines.iter());
    let lines = if lines.is_empty() { lines } else { format!("; help services {lines}") };
    format!("{}, {}{age}{lines}", audience.one, audience.many)
}

fn about_site(site: &Site, list: &mut List) {
    let count = site.contacts.len();
    let contacts = if count == 1 { "1 person to talk to".to_owned() } else { format!("{count} people to talk to") };
    list.add(SettingsOf::Sites, format!("[[site]] {}", site.name), "A place where you work", contacts);
    for contact in &site.contacts {
        let value = format!("{}, {}, {}, {}", contact.role, contact.phone, contact.email, contact.hours);
        let key = format!("[[site.contact]] {} at {}", contact.name, site.name);
        list.add(SettingsOf::Sites, key, "Whom to talk to", value);
    }
}

fn about_role(role: &NamedRole, list: &mut List) {
    let of = SettingsOf::Roles;
    let value = format!("{}, {}", role.title, role.email);
    list.add(of, format!("[[role]] {}", role.id), "A role that things are sent to", value);
    for holder in &role.holders {
        list.add(of, format!("[[role.holder]] {} of {}", holder.email, role.id), "Who holds it", days_of(holder));
    }
    for cover in &role.cover {
        list.add(of, format!("[[role.cover]] {} of {}", cover.email, role.id), "Who stands in", days_of(cover));
    }
}

fn days_of(holder: &RoleHolder) -> String {
    match (holder.from, holder.until) {
        (None, None) => "All along".to_owned(),
        (Some(from), None) => format!("From {}", said_day(from)),
        (None, Some(until)) => format!("Until {}", said_day(until)),
        (Some(from), Some(until)) => format!("From {} until {}", said_day(from), said_day(until)),
    }
}

fn about_learning(organisation: &Organisation, list: &mut List) {
    let of = SettingsOf::Learning;
    let roles_are = organisation.roles_are.as_ref().map_or_else(|| "Nobody".to_owned(), Audience::to_string);
    list.add(of, "roles_are", "As whom somebody is here who is given a duty alone", roles_are);
    let before = match organisation.quiz_after {
        QuizAfter::Nothing => "Nothing",
        QuizAfter::Pages => "Every page of the module",
    };
    list.add(of, "quiz_after", "What people open before a quiz", before);
    let days = format!("{} days", organisation.asks_again_after());
    list.add(of, "ask_again_days", "When somebody is asked again who declined to sign", days);
    let what = "Whether readers see other languages and Easy Read before somebody has reviewed them";
    list.add(of, "unreviewed_twins", what, yes_or_no(organisation.unreviewed_twins));
}

fn about_cpd(organisation: &Organisation, list: &mut List) {
    let (of, cpd) = (SettingsOf::Cpd, &organisation.cpd);
    let begins = cpd.year_begins.format("%-d %B").to_string();
    list.add(of, "[cpd] year_begins", "The day with which a year begins", begins);
    let target = cpd.target_minutes.map_or_else(|| "No target".to_owned(), |minutes| format!("{minutes} minutes"));
    list.add(of, "[cpd] target_minutes", "How much somebody should have in a year", target);
    let whom = comma(cpd.target_for.iter());
    let whom = if whom.is_empty() { "Everybody".to_owned() } else { whom };
    list.add(of, "[cpd] target_for", "Who should have it", whom);
    let what = "Whether what is passed here counts as off-the-job training";
    list.add(of, "[cpd] off_the_job", what, yes_or_no(cpd.off_the_job));
    let what = "Whether it is counted how long people spend on a module";
    list.add(of, "[cpd] time_spent", what, yes_or_no(cpd.time_spent));
}

fn about_reminders(organisation: &Organisation, list: &mut List) {
    let (of, rules) = (SettingsOf::Reminders, &organisation.reminders);
    list.add(of, "[reminders] on", "Whether people are reminded by letter", yes_or_no(rules.on));
    let days = or_none(comma(rules.days_before.iter()));
    list.add(of, "[reminders] days_before", "How many days before something is due", days);
    let every = format!("{} days", rules.overdue_every_days);
    list.add(of, "[reminders] overdue_every_days", "How often once it is late: every", every);
    let most = format!("{} times", rules.overdue_at_most);
    list.add(of, "[reminders] overdue_at_most", "How often at most that it is late", most);
    let quiet = or_none(comma(rules.quiet_days.iter().map(|day| day_name(*day))));
    list.add(of, "[reminders] quiet_days", "On which days nobody is written to", quiet);
    list.add(of, "[reminders] hour", "From which hour of the day on", format!("{}:00", rules.hour));
    let digest = rules.digest_day.map_or("Never", day_name);
    list.add(of, "[reminders] digest_day", "When managers are told how many of theirs are late", digest);
}

fn about_retention(organisation: &Organisation, list: &mut List) {
    let (of, rules) = (SettingsOf::Retention, organisation.retention);
    let after = |number: Option<u32>, unit: &str| {
        number.map_or_else(|| "It is kept".to_owned(), |number| format!("After {number} {unit}"))
    };
    let what = "When the answers of those go who have left";
    list.add(of, "[retention] answers_of_leavers_days", what, after(rules.answers_of_leavers_days, "days"));
    let what = "When the names of those go who have left";
    list.add(of, "[retention] names_of_leavers_years", what, after(rules.names_of_leavers_years, "years"));
}

/// Which settings say something else, as their keys: also those that one of the two lacks.
pub(super) fn differing<'s>(
    before: &'s [Setting],
    after: &'s [Setting],
) -> Vec<(Option<&'s Setting>, Option<&'s Setting>)> {
    let was: BTreeMap<&str, &Setting> = before.iter().map(|setting| (setting.key.as_str(), setting)).collect();
    let is: BTreeMap<&str, &Setting> = after.iter().map(|setting| (setting.key.as_str(), setting)).collect();
    let changed = after.iter().filter_map(|setting| match was.get(setting.key.as_str()) {
        None => Some((None, Some(setting))),
        Some(was) if was.value != setting.value => Some((Some(*was), Some(setting))),
        Some(_) => None,
    });
    let gone = before.iter().filter(|setting| !is.contains_key(setting.key.as_str()));
    let mut found: Vec<_> = changed.chain(gone.map(|setting| (Some(setting), None))).collect();
    // What is gone stands with its set.
    found.sort_by_key(|(was, is)| is.or(*was).map(|setting| setting.of));
    found
}

fn comma(things: impl Iterator<Item = impl ToString>) -> String {
    things.map(|thing| thing.to_string()).collect::<Vec<_>>().join(", ")
}

fn or_none(text: String) -> String {
    if text.is_empty() { "None".to_owned() } else { text }
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

fn day_name(day: Weekday) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        .get(day.num_days_from_monday() as usize)
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Contact;

    fn values(settings: &[Setting]) -> BTreeMap<&str, &str> {
        settings.iter().map(|setting| (setting.key.as_str(), setting.value.as_str())).collect()
    }

    #[test]
    fn a_file_that_says_little_shows_what_holds_without_it() {
        let settings = settings_of(&Organisation::default(), [].iter());
        let values = values(&settings);
        for (key, value) in [
            ("[cpd] year_begins", "1 September"),
            ("[cpd] target_minutes", "No target"),
            ("[cpd] target_for", "Everybody"),
            ("[reminders] on", "No"),
            ("[reminders] quiet_days", "Saturday, Sunday"),
            ("[retention] names_of_leavers_years", "It is kept"),
            ("[second_factor] required_from", "Of nobody"),
            ("ask_again_days", "14 days"),
        ] {
            assert_eq!(values.get(key), Some(&value), "{key}");
        }
    }

    #[test]
    fn what_differs_is_found_with_what_came_and_what_went() {
        let mut before = Organisation { name: "Northfield".to_owned(), ..Organisation::default() };
        let contact = |hours: &str| Contact {
            name: "Dan".to_owned(),
            role: "Lead".to_owned(),
            phone: "1".to_owned(),
            email: "dan@northfield.example".to_owned(),
            hours: hours.to_owned(),
        };
        before.sites.push(Site { name: "North".to_owned(), contacts: vec![contact("Monday"), contact("Tuesday")] });
        let mut after = before.clone();
        after.name = "Southfield".to_owned();
        after.sites[0].contacts.pop();
        let (was, is) = (settings_of(&before, [].iter()), settings_of(&after, [].iter()));
        let keys: Vec<(&str, bool, bool)> = differing(&was, &is)
            .into_iter()
            .map(|(was, is)| (is.or(was).map_or("", |setting| setting.key.as_str()), was.is_some(), is.is_some()))
            .collect();
        assert_eq!(
            keys,
            [("name", true, true), ("[[site]] North", true, true), ("[[site.contact]] Dan at North (2)", true, false),]
        );
        assert!(differing(&was, &was).is_empty());
    }
}
