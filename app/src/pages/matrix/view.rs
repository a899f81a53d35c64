use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use engine::{
    AsAt, GroupId, MOST_TOGETHER, Matrix, MatrixQuery, MatrixSort, PersonId, Thing, catalogue::Audience, end_of, local,
    local_date, typed_day,
};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug, Status};

use super::left_out::LeftOut;
use crate::pages::parts::{Faults, day, in_query, no_day};

/// A view of the matrix, as its address says it: whoever is sent the address sees the same, so far as it is theirs to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixView {
    /// What is asked for.
    pub query: MatrixQuery,
    /// The other moment, with which it is compared. `None`: it is compared with none.
    pub against: Option<AsAt>,
    /// Which page, from 0 on.
    pub page: usize,
    /// Whether rows stand close together, without their dates.
    pub close: bool,
    /// The paper for which it is laid out. `None`: the screen.
    pub paper: Option<Paper>,
    /// Whether the views that the reader keeps lie open. It is no part of a view.
    pub shows_views: bool,
    /// What stands where a day or a time should, and cannot be used. It is no part of a view, and changes nothing of it.
    pub wrong: WrongDays,
    /// What was asked for that cannot be read. It is no part of a view, and changes nothing of it.
    pub left_out: LeftOut,
}

/// What was typed where a day or a time should stand, and cannot be used: said in front, and in its field again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrongDays {
    /// What is wrong, by field.
    pub(super) faults: Faults,
    /// What was typed, by field.
    typed: BTreeMap<&'static str, String>,
    /// Whether it was asked for by what is known now.
    pub(super) as_known_now: bool,
    /// Whether what was typed may be any words.
    is_words: bool,
}

/// The field of the day as at which a view is.
pub(super) const AS_AT: &str = "as-at";
/// The field of the time on that day.
pub(super) const AT: &str = "at";
/// The field of the earlier day of two that are compared.
pub(super) const AGAINST: &str = "against";
/// The field of the later day of two that are compared.
pub(super) const COMPARED_TO: &str = "compared-to";
/// The field of the day before which something is due.
pub(super) const DUE_BEFORE: &str = "due-before";

impl WrongDays {
    /// What was typed into a field. `None`: nothing that has to be typed again.
    pub(super) fn typed(&self, field: &str) -> Option<String> {
        self.typed.get(field).cloned()
    }

    /// Whether something is wrong in one of these fields.
    pub(super) fn is_in(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.faults.concerns(field))
    }

    fn add(&mut self, field: &'static str, typed: &str, words: String) {
        self.faults.add(field, words);
        self.keep(field, typed);
    }

    fn keep(&mut self, field: &'static str, typed: &str) {
        self.typed.insert(field, typed.chars().take(40).collect());
    }

    fn add_no_day(&mut self, field: &'static str, typed: &str) {
        self.is_words = true;
        self.add(field, typed, no_day(typed, label(field)));
    }
}

/// What a field of a day or a time asks for, as it stands beside it.
pub(super) fn label(field: &str) -> &'static str {
    match field {
        AGAINST => "From the end of",
        COMPARED_TO => "To the end of, or now",
        DUE_BEFORE => "Due before",
        AT => "Time, or the end of the day",
        _ => "Day",
    }
}

/// A day as addresses write it, however somebody typed it. What is none stays what it is.
fn as_in_addresses(typed: &str) -> String {
    typed_day(typed).map_or_else(|| typed.to_owned(), |day| day.to_string())
}

/// A sheet, across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 297 by 210 mm.
    A4,
    /// 420 by 297 mm.
    A3,
}

impl Paper {
    /// Both.
    pub const ALL: [Self; 2] = [Self::A4, Self::A3];

    /// As addresses and style sheets write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::A3 => "a3",
        }
    }

    /// How many columns of cells have room beside a name.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::A4 => 12,
            Self::A3 => 22,
        }
    }
}

impl MatrixView {
    /// Reads an address. What cannot be read in it is left out, and that is said of whatever would have narrowed the view; a day that cannot is
    /// said to be none.
    #[must_use]
    pub fn read(pairs: &[(String, String)]) -> Self {
        let mut view = Self::default();
        let (query, left_out) = (&mut view.query, &mut view.left_out);
        let (mut day, mut other_day, mut due_day) = (None, None, None);
        let (mut time, mut as_known_now) = (String::new(), false);
        // A form in which people are ticked says among whom; who ticks nobody, or all of them, means those.
        let (mut among, mut all) = (BTreeSet::new(), false);
        for (name, value) in pairs {
            let value = value.trim();
            match name.as_str() {
                "group" => query.group = left_out.unless_read("group", value, GroupId::parse(value)),
                "role" => query.audience = left_out.unless_read("audience", value, Audience::new(value).ok()),
                "what" => match value.split_once('.') {
                    Some(("programme", slug)) => {
                        query.programme = left_out.unless_read("programme", value, ProgrammeSlug::new(slug).ok());
                    }
                    _ => query.thing = left_out.unless_read("module or agreement", value, thing(value)),
                },
                "programme" => {
                    query.programme = left_out.unless_read("programme", value, ProgrammeSlug::new(value).ok());
                }
                "status" => {
                    let read = Status::ALL.into_iter().find(|status| status.code() == value);
                    query.statuses.extend(left_out.unless_read("status", value, read));
                }
                "due-before" if !value.is_empty() => due_day = Some(as_in_addresses(value)),
                "name" => query.name = value.chars().take(100).collect(),
                "sort" => {
                    let (key, descending) = value.strip_prefix('-').map_or((value, false), |key| (key, true));
                    query.descending = descending;
                    query.sort = match key {
                        "name" => MatrixSort::Name,
                        _ => thing(key).map_or(MatrixSort::Urgency, MatrixSort::Thing),
                    };
                }
                "person" if query.people.len() < MOST_TOGETHER => {
                    query.people.extend(left_out.unless_read("person", value, PersonId::parse(value)));
                }
                "among" if among.len() < MOST_TOGETHER => among.extend(PersonId::parse(value)),
                "all" => all = value == "yes",
                "fold" => query.folded.extend(GroupId::parse(value)),
                "as-at" => day = Some(as_in_addresses(value)),
                "at" => value.clone_into(&mut time),
                "against" => other_day = Some(as_in_addresses(value)),
                "known" => as_known_now = value == "now",
                "page" => view.page = value.parse::<usize>().unwrap_or(1).saturating_sub(1),
                "views" => view.shows_views = value == "open",
                "rows" => view.close = value == "close",
                "paper" => view.paper = Paper::ALL.into_iter().find(|paper| paper.code() == value),
                _ => {}
            }
        }
        if all || query.people.is_empty() {
            query.people = among;
        }
        let known = |moment| AsAt { moment, as_known_now };
        let mut wrong = WrongDays { as_known_now, ..WrongDays::default() };
        match other_day.as_deref() {
            None => {}
            Some("") => wrong.add(AGAINST, "", "Choose the day from which to compare.".to_owned()),
            Some(text) => match AsAt::parse(text) {
                Some(moment) => view.against = Some(known(moment)),
                None => wrong.add_no_day(AGAINST, text),
            },
        }
        let field = if other_day.is_some() { COMPARED_TO } else { AS_AT };
        match day.as_deref() {
            None => {}
            // Of two days the later may be left out: then it is now.
            Some("") if other_day.is_some() => {}
            Some("") => {
                wrong.add(field, "", "Choose a day.".to_owned());
                wrong.keep(AT, &time);
            }
            Some(text) => {
                let whole = if time.is_empty() || text.len() > 10 { text.to_owned() } else { format!("{text}T{time}") };
                match (AsAt::parse(&whole), AsAt::parse(text)) {
                    (Some(moment), _) => view.query.as_at = Some(known(moment)),
                    (None, Some(_)) => {
                        wrong.is_words = true;
                        wrong.keep(field, text);
                        let shown: String = time.chars().take(40).collect();
                        let words =
                            format!("{}: “{shown}” is no time that can be read. Write a time like 14:30.", label(AT));
                        wrong.add(AT, &time, words);
                    }
                    (None, None) => {
                        wrong.add_no_day(field, text);
                        wrong.keep(AT, &time);
                    }
                }
            }
        }
        // What changed between two days has no such field.
        match due_day.as_deref().map(|text| (text, text.parse::<NaiveDate>())) {
            Some((_, Ok(day))) => view.query.due_before = Some(day),
            Some((text, Err(_))) if view.against.is_none() => wrong.add_no_day(DUE_BEFORE, text),
            Some((_, Err(_))) | None => {}
        }
        if wrong.faults != Faults::default() {
            view.wrong = wrong;
        }
        view
    }

    /// The same view without the moments that lie before the first day on which anybody was here: nothing was so then, and that is said.
    #[must_use]
    pub fn not_before(mut self, first: Option<NaiveDate>) -> Self {
        let Some(first) = first else { return self };
        let field = if self.against.is_some() || self.wrong.is_in(&[AGAINST]) { COMPARED_TO } else { AS_AT };
        let words = format!("Nobody was here before {}. Choose that day or a later one.", day(first));
        for (field, as_at) in [(AGAINST, &mut self.against), (field, &mut self.query.as_at)] {
            let early = as_at.filter(|as_at| local_date(as_at.moment) < first);
            if let Some(early) = early {
                *as_at = None;
                self.wrong.as_known_now = early.as_known_now;
                self.wrong.add(field, &local_date(early.moment).to_string(), words.clone());
            }
        }
        self
    }

    /// Whether a day or a time was typed that cannot be used.
    #[must_use]
    pub fn has_wrong_days(&self) -> bool {
        self.wrong != WrongDays::default()
    }

    /// Whether all that was asked for could be read and used: of anything else no file is made, since others in their place would be taken for them.
    #[must_use]
    pub fn is_as_asked(&self) -> bool {
        !self.has_wrong_days() && self.left_out.is_empty()
    }

    /// The same view without an order and folded groups that are not there for this reader: an address may name anything. Whom it asks for stays:
    /// where nobody is such, nobody is shown, and that is said, since others in their place would be taken for them.
    #[must_use]
    pub fn known_to(mut self, seen: &Matrix) -> Self {
        let (query, choices) = (&mut self.query, &seen.choices);
        let is_asked = |thing: &Thing| choices.things.iter().any(|(other, _)| other == thing);
        query.folded.retain(|group| choices.groups.iter().any(|(other, _)| other == group));
        if matches!(&query.sort, MatrixSort::Thing(thing) if !is_asked(thing)) {
            query.sort = MatrixSort::Urgency;
        }
        self
    }

    /// The same view of now, compared with nothing, from its first page.
    pub(super) fn of_now(&self) -> Self {
        let query = MatrixQuery { as_at: None, ..self.query.clone() };
        Self { query, close: self.close, ..Self::default() }
    }

    /// Whether a page of this view repeats words that came with its address.
    #[must_use]
    pub fn repeats_words(&self) -> bool {
        !self.query.name.is_empty() || self.wrong.is_words || !self.left_out.is_empty()
    }

    /// What stands in an address for this.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let query = &self.query;
        let mut pairs = self.moments();
        pairs.extend(query.group.map(|group| ("group", group.to_string())));
        pairs.extend(query.audience.as_ref().map(|audience| ("role", audience.to_string())));
        pairs.extend(query.programme.as_ref().map(|programme| ("programme", programme.to_string())));
        pairs.extend(query.thing.as_ref().map(|thing| ("what", code(thing))));
        pairs.extend(query.statuses.iter().map(|status| ("status", status.code().to_owned())));
        pairs.extend(query.due_before.map(|day| ("due-before", day.to_string())));
        if !query.name.is_empty() {
            pairs.push(("name", query.name.clone()));
        }
        let key = match &query.sort {
            MatrixSort::Urgency if !query.descending => None,
            MatrixSort::Urgency => Some("urgency".to_owned()),
            MatrixSort::Name => Some("name".to_owned()),
            MatrixSort::Thing(thing) => Some(code(thing)),
        };
        pairs.extend(key.map(|key| ("sort", if query.descending { format!("-{key}") } else { key })));
        pairs.extend(query.people.iter().map(|person| ("person", person.to_string())));
        pairs.extend(query.folded.iter().map(|group| ("fold", group.to_string())));
        if self.close {
            pairs.push(("rows", "close".to_owned()));
        }
        pairs.extend(self.paper.map(|paper| ("paper", paper.code().to_owned())));
        if self.page > 0 {
            pairs.push(("page", (self.page + 1).to_string()));
        }
        pairs
    }

    /// What says the moment.
    pub(super) fn moment(&self) -> Vec<(&'static str, String)> {
        said(self.query.as_at, None)
    }

    /// The same as [`MatrixView::pairs`], for a form in which some of the people are chosen.
    pub(super) fn pairs_to_choose_from(&self) -> Vec<(&'static str, String)> {
        let pairs = self.pairs().into_iter();
        pairs.map(|(name, value)| (if name == "person" { "among" } else { name }, value)).collect()
    }

    /// What says another moment, known as this view's are.
    pub(super) fn as_at_of(&self, moment: DateTime<Utc>) -> Vec<(&'static str, String)> {
        let as_known_now = self.query.as_at.or(self.against).is_some_and(|as_at| as_at.as_known_now);
        said(Some(AsAt { moment, as_known_now }), None)
    }

    /// What says the moment, and with which other it is compared.
    pub(super) fn moments(&self) -> Vec<(&'static str, String)> {
        said(self.query.as_at, self.against)
    }

    /// The query of an address of this view from its first page.
    pub(super) fn query_of_all(&self) -> String {
        Self { page: 0, paper: None, ..self.clone() }.query_text()
    }

    /// The query of an address of this view.
    #[must_use]
    pub fn query_text(&self) -> String {
        self.address("").trim_start_matches('?').to_owned()
    }

    /// The address of this view below a path.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        address(path, &self.pairs())
    }

    /// The same view from its first page, once something of it is changed.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = Self { page: 0, wrong: WrongDays::default(), ..self.clone() };
        change(&mut other);
        other.address("/matrix")
    }
}

fn said(as_at: Option<AsAt>, against: Option<AsAt>) -> Vec<(&'static str, String)> {
    let text = |AsAt { moment, .. }: AsAt| {
        let day: NaiveDate = local_date(moment);
        match () {
            () if moment == end_of(day) => day.to_string(),
            () if moment.timestamp_subsec_nanos() == 0 => local(moment).format("%Y-%m-%dT%H:%M:%S").to_string(),
            () => moment.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        }
    };
    let mut pairs = Vec::new();
    pairs.extend(as_at.map(|as_at| ("as-at", text(as_at))));
    pairs.extend(against.map(|against| ("against", text(against))));
    if as_at.or(against).is_some_and(|as_at| as_at.as_known_now) {
        pairs.push(("known", "now".to_owned()));
    }
    pairs
}

/// An address with these in its query.
pub(super) fn address(path: &str, pairs: &[(&'static str, String)]) -> String {
    let mut text = path.to_owned();
    for (place, (name, value)) in pairs.iter().enumerate() {
        text.push(if place == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&in_query(value));
    }
    text
}

/// A thing as addresses have it: `module.four-cs`.
pub(super) fn code(thing: &Thing) -> String {
    format!("{}.{}", thing.kind(), thing.slug())
}

/// Reads what [`code`] gave.
pub(super) fn thing(code: &str) -> Option<Thing> {
    match code.split_once('.')? {
        ("module", slug) => ModuleSlug::new(slug).ok().map(Thing::Module),
        ("agreement", slug) => AgreementSlug::new(slug).ok().map(Thing::Agreement),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> MatrixView {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        MatrixView::read(&pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn an_address_carries_the_whole_view() {
        let address = "/matrix?as-at=2026-01-01&known=now&group=01890a5d-ac96-774b-bcce-b302099a8057&role=learner&programme=induction\
             &what=module.four-cs&status=overdue&status=expired&due-before=2026-12-01&name=amy&sort=-agreement.learner-aup\
             &person=01890a5d-ac96-774b-bcce-b302099a8058&fold=01890a5d-ac96-774b-bcce-b302099a8057&rows=close&page=3";
        assert_eq!(read(address).address("/matrix"), address);
        for address in [
            "/matrix",
            "/matrix?as-at=2026-07-01T14:30:00&sort=name",
            "/matrix?sort=-urgency",
            "/matrix?against=2026-07-01",
            "/matrix?as-at=2026-09-01&against=2026-07-01T14:30:00&known=now",
        ] {
            assert_eq!(read(address).address("/matrix"), address);
        }
    }

    #[test]
    fn a_form_says_day_and_time_apart_and_leaves_fields_empty() {
        let view = read("/matrix?as-at=2026-07-01&at=14:30&group=&what=programme.induction&name=&status=&due-before=");
        assert_eq!(view.address("/matrix"), "/matrix?as-at=2026-07-01T14:30:00&programme=induction");
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_said() {
        for (query, said) in [
            ("status=late", "no status “late”"),
            ("status=overdue&status=late", "no status “late”"),
            ("group=nobody", "no group “nobody”"),
            ("role=No one!", "no audience “No one!”"),
            ("programme=No!", "no programme “No!”"),
            ("what=programme.No!", "no programme “programme.No!”"),
            ("what=anything", "no module or agreement “anything”"),
            ("what=module.No!", "no module or agreement “module.No!”"),
            ("person=amy", "no person “amy”"),
        ] {
            let view = read(&format!("/matrix?{query}"));
            let told = view.left_out.said().unwrap_or_default();
            assert!(told.contains(said), "{query}: {told}");
            assert!(view.repeats_words() && !view.is_as_asked(), "{query}");
            let rest = if query.contains("overdue") { "/matrix?status=overdue" } else { "/matrix" };
            assert_eq!(view.address("/matrix"), rest, "{query}");
        }
        let all = read("/matrix?group=&role=&what=&programme=&status=&person=&sort=&nothing=of-ours");
        assert!(all.left_out.is_empty() && all.is_as_asked());
    }

    /// The fields that are at fault, with what was typed into them.
    fn wrong(view: &MatrixView) -> Vec<(&'static str, String)> {
        let fields = [AS_AT, AT, AGAINST, COMPARED_TO, DUE_BEFORE].into_iter();
        let at_fault = fields.filter(|field| view.wrong.is_in(&[*field]));
        at_fault.map(|field| (field, view.wrong.typed(field).unwrap_or_default())).collect()
    }

    #[test]
    fn what_is_no_day_is_said_and_leaves_everything_else() {
        let view = read("/matrix?as-at=yesterday&known=now&status=late&group=nobody&name=Zoë");
        assert_eq!(wrong(&view), [(AS_AT, "yesterday".to_owned())]);
        assert!(view.wrong.as_known_now && view.repeats_words());
        assert_eq!(view.address("/matrix"), "/matrix?name=Zo%C3%AB");
        let due = read("/matrix?due-before=31/13/2026&as-at=2026-07-01&sort=name");
        assert_eq!(wrong(&due), [(DUE_BEFORE, "31/13/2026".to_owned())]);
        assert_eq!(due.address("/matrix"), "/matrix?as-at=2026-07-01&sort=name");
        assert!(wrong(&read("/matrix?due-before=")).is_empty());
    }

    #[test]
    fn each_field_says_what_is_wrong_in_it() {
        let time = read("/matrix?as-at=2026-07-01&at=25:00");
        assert_eq!(wrong(&time), [(AT, "25:00".to_owned())]);
        assert_eq!(time.wrong.typed(AS_AT).as_deref(), Some("2026-07-01"));
        assert_eq!(wrong(&read("/matrix?as-at=&at=")), [(AS_AT, String::new())]);
        let compared = read("/matrix?against=31/02/2026&as-at=tomorrow");
        assert_eq!(wrong(&compared), [(AGAINST, "31/02/2026".to_owned()), (COMPARED_TO, "tomorrow".to_owned())]);
        assert_eq!(wrong(&read("/matrix?against=&as-at=2026-07-01")), [(AGAINST, String::new())]);
        assert!(wrong(&read("/matrix?against=2026-07-01&as-at=")).is_empty());
    }

    #[test]
    fn nothing_is_shown_of_a_day_before_the_first() {
        let first = NaiveDate::from_ymd_opt(2026, 9, 1);
        for address in ["/matrix?as-at=2026-09-01&sort=name", "/matrix?as-at=2026-10-01&against=2026-09-01", "/matrix"]
        {
            let view = read(address).not_before(first);
            assert_eq!((view.address("/matrix").as_str(), view.has_wrong_days()), (address, false));
        }
        let view = read("/matrix?as-at=2026-08-31&known=now&sort=name").not_before(first);
        assert_eq!(wrong(&view), [(AS_AT, "2026-08-31".to_owned())]);
        assert_eq!((view.address("/matrix").as_str(), view.wrong.as_known_now), ("/matrix?sort=name", true));
        let view = read("/matrix?as-at=2026-10-01&against=2026-08-31").not_before(first);
        assert_eq!(wrong(&view), [(AGAINST, "2026-08-31".to_owned())]);
        assert_eq!(view.address("/matrix"), "/matrix?as-at=2026-10-01");
    }
}
