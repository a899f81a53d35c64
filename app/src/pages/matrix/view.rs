use std::fmt::Write as _;

use chrono::{NaiveDate, SecondsFormat};
use engine::{AsAt, GroupId, Matrix, MatrixQuery, MatrixSort, Thing, catalogue::Audience, end_of, local, local_date};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug, Status};

/// A view of the matrix, as its address says it: whoever is sent the address sees the same, so far as it is theirs to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixView {
    /// What is asked for.
    pub query: MatrixQuery,
    /// Which page, from 0 on.
    pub page: usize,
    /// Whether rows stand close together, without their dates.
    pub close: bool,
    /// What stands where a day should, and is none.
    pub no_day: Option<String>,
}

impl MatrixView {
    /// Reads an address. What cannot be read in it is left out.
    #[must_use]
    pub fn read(pairs: &[(String, String)]) -> Self {
        let mut view = Self::default();
        let query = &mut view.query;
        let mut day = None;
        let mut time = String::new();
        for (name, value) in pairs {
            let value = value.trim();
            match name.as_str() {
                "group" => query.group = GroupId::parse(value),
                "role" => query.audience = Audience::new(value).ok(),
                "what" => match value.split_once('.') {
                    Some(("programme", slug)) => query.programme = ProgrammeSlug::new(slug).ok(),
                    _ => query.thing = thing(value),
                },
                "programme" => query.programme = ProgrammeSlug::new(value).ok(),
                "status" => query.statuses.extend(Status::ALL.into_iter().filter(|status| status.code() == value)),
                "due-before" => query.due_before = value.parse().ok(),
                "name" => query.name = value.chars().take(100).collect(),
                "sort" => {
                    let (key, descending) = value.strip_prefix('-').map_or((value, false), |key| (key, true));
                    query.descending = descending;
                    query.sort = match key {
                        "name" => MatrixSort::Name,
                        _ => thing(key).map_or(MatrixSort::Urgency, MatrixSort::Thing),
                    };
                }
                "fold" => query.folded.extend(GroupId::parse(value)),
                "as-at" if !value.is_empty() => day = Some(value.to_owned()),
                "at" => value.clone_into(&mut time),
                "known" if value == "now" => {
                    query.as_at.get_or_insert(AsAt { moment: chrono::DateTime::UNIX_EPOCH, as_known_now: true });
                }
                "page" => view.page = value.parse::<usize>().unwrap_or(1).saturating_sub(1),
                "rows" => view.close = value == "close",
                _ => {}
            }
        }
        let as_known_now = query.as_at.take().is_some();
        if let Some(day) = day {
            let text = if time.is_empty() || day.len() > 10 { day.clone() } else { format!("{day}T{time}") };
            match AsAt::parse(&text) {
                Some(moment) => query.as_at = Some(AsAt { moment, as_known_now }),
                None => view.no_day = Some(day.chars().take(40).collect()),
            }
        }
        view
    }

    /// The same view without what is not there for this reader: an address may name anything.
    #[must_use]
    pub fn known_to(mut self, seen: &Matrix) -> Self {
        let (query, choices) = (&mut self.query, &seen.choices);
        let is_asked = |thing: &Thing| choices.things.iter().any(|(other, _)| other == thing);
        query.thing = query.thing.take().filter(is_asked);
        query.programme =
            query.programme.take().filter(|slug| choices.programmes.iter().any(|(other, _)| other == slug));
        query.audience =
            query.audience.take().filter(|wanted| choices.audiences.iter().any(|(other, _)| other == wanted));
        query.folded.retain(|group| choices.groups.iter().any(|(other, _)| other == group));
        if matches!(&query.sort, MatrixSort::Thing(thing) if !is_asked(thing)) {
            query.sort = MatrixSort::Urgency;
        }
        self
    }

    /// Whether a page of this view repeats words that came with its address.
    #[must_use]
    pub fn repeats_words(&self) -> bool {
        !self.query.name.is_empty() || self.no_day.is_some()
    }

    /// What stands in an address for this.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let query = &self.query;
        let mut pairs = self.moment();
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
        pairs.extend(query.folded.iter().map(|group| ("fold", group.to_string())));
        if self.close {
            pairs.push(("rows", "close".to_owned()));
        }
        if self.page > 0 {
            pairs.push(("page", (self.page + 1).to_string()));
        }
        pairs
    }

    /// What says the moment.
    pub(super) fn moment(&self) -> Vec<(&'static str, String)> {
        let Some(AsAt { moment, as_known_now }) = self.query.as_at else { return Vec::new() };
        let day: NaiveDate = local_date(moment);
        let text = match () {
            () if moment == end_of(day) => day.to_string(),
            () if moment.timestamp_subsec_nanos() == 0 => local(moment).format("%Y-%m-%dT%H:%M:%S").to_string(),
            () => moment.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        };
        let mut pairs = vec![("as-at", text)];
        if as_known_now {
            pairs.push(("known", "now".to_owned()));
        }
        pairs
    }

    /// The address of this view below a path.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        address(path, &self.pairs())
    }

    /// The same view from its first page, once something of it is changed.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = Self { page: 0, no_day: None, ..self.clone() };
        change(&mut other);
        other.address("/matrix")
    }
}

/// An address with these in its query.
pub(super) fn address(path: &str, pairs: &[(&'static str, String)]) -> String {
    let mut text = path.to_owned();
    for (place, (name, value)) in pairs.iter().enumerate() {
        text.push(if place == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' => text.push(char::from(byte)),
                // What is written into a `String` is written.
                _ => {
                    let _ = write!(text, "%{byte:02X}");
                }
            }
        }
    }
    text
}

/// A thing as addresses have it: `module.four-cs`.
pub(super) fn code(thing: &Thing) -> String {
    format!("{}.{}", thing.kind(), thing.slug())
}

fn thing(code: &str) -> Option<Thing> {
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
             &fold=01890a5d-ac96-774b-bcce-b302099a8057&rows=close&page=3";
        assert_eq!(read(address).address("/matrix"), address);
        for address in ["/matrix", "/matrix?as-at=2026-07-01T14:30:00&sort=name", "/matrix?sort=-urgency"] {
            assert_eq!(read(address).address("/matrix"), address);
        }
    }

    #[test]
    fn a_form_says_day_and_time_apart_and_leaves_fields_empty() {
        let view = read("/matrix?as-at=2026-07-01&at=14:30&group=&what=programme.induction&name=&status=&due-before=");
        assert_eq!(view.address("/matrix"), "/matrix?as-at=2026-07-01T14:30:00&programme=induction");
    }

    #[test]
    fn what_is_no_day_is_said_and_leaves_everything_else() {
        let view = read("/matrix?as-at=yesterday&known=now&status=late&group=nobody&name=Zoë");
        assert_eq!(view.no_day.as_deref(), Some("yesterday"));
        assert_eq!(view.address("/matrix"), "/matrix?name=Zo%C3%AB");
    }
}
