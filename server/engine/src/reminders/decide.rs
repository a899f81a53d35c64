use chrono::NaiveDate;

use crate::{
    board::{OutstandingPerson, WantedThing},
    catalogue::Reminders,
    mail::Occasion,
    record::{NeutralName, Thing},
    standing::Why,
};

/// What the ledger has: that somebody was told something, or would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub thing: Thing,
    pub due_on: NaiveDate,
    pub occasion: Occasion,
    pub turn: i64,
    pub planned_on: NaiveDate,
    /// Whether a letter told it. `false`: there was no address, or they have stopped such letters.
    pub by_letter: bool,
}

/// What somebody is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ToTell {
    /// Its place in what can be wanted.
    pub thing: usize,
    pub called: NeutralName,
    pub due_on: NaiveDate,
    pub occasion: Occasion,
    /// Which of several times: so many days before, or the how manieth time after.
    pub turn: i64,
}

/// What somebody is to be told on a day by the provider's rules, the most urgent first. Nothing, when something was planned for them on it.
pub(super) fn by_rules(
    rules: &Reminders,
    person: &OutstandingPerson,
    things: &[(Thing, String)],
    told: &[Told],
    today: NaiveDate,
) -> Vec<ToTell> {
    if told.iter().any(|told| told.planned_on >= today) {
        return Vec::new();
    }
    each(person, things, told, |wanted, told| occasion(rules, wanted, told, today))
}

/// What somebody is to be told because another has them reminded: all that is wanted and not merely a renewal. Nothing, when they got a letter on
/// that day, or somebody has tried already.
pub(super) fn asked(
    person: &OutstandingPerson,
    things: &[(Thing, String)],
    told: &[Told],
    today: NaiveDate,
) -> Vec<ToTell> {
    let was_tried = |told: &Told| told.by_letter || told.occasion == Occasion::Asked;
    if told.iter().any(|told| told.planned_on >= today && was_tried(told)) {
        return Vec::new();
    }
    each(person, things, told, |wanted, _| {
        (!wanted.is_renewal && !is_declined(wanted, today))
            .then(|| (Occasion::Asked, (wanted.due_on - today).num_days()))
    })
}

/// Whether they declined to sign it and are not asked again yet.
fn is_declined(wanted: &WantedThing, today: NaiveDate) -> bool {
    wanted.asks_again_on.is_some_and(|again| today < again)
}

fn each(
    person: &OutstandingPerson,
    things: &[(Thing, String)],
    told: &[Told],
    decide: impl Fn(&WantedThing, &[&Told]) -> Option<(Occasion, i64)>,
) -> Vec<ToTell> {
    let mut found: Vec<ToTell> = Vec::new();
    for wanted in &person.wanted {
        let is_it = |told: &&Told| told.due_on == wanted.due_on && told.thing == things[wanted.thing].0;
        let of_it: Vec<&Told> = told.iter().filter(is_it).collect();
        if let Some((occasion, turn)) = decide(wanted, &of_it) {
            found.push(ToTell { thing: wanted.thing, called: wanted.called, due_on: wanted.due_on, occasion, turn });
        }
    }
    found.sort_unstable_by_key(|one| (one.due_on, one.called, one.thing));
    found
}

/// Why one thing is told on a day, with which turn of it. `None`: it is not told then.
fn occasion(rules: &Reminders, wanted: &WantedThing, told: &[&Told], today: NaiveDate) -> Option<(Occasion, i64)> {
    let left = (wanted.due_on - today).num_days();
    if is_declined(wanted, today) {
        return None;
    }
    if let Some(again) = wanted.asks_again_on
        && told.iter().all(|told| told.planned_on < again)
    {
        // They may decline several times before the same day.
        let before = told.iter().filter(|told| told.occasion == Occasion::Declined).map(|told| told.turn).max();
        return Some((Occasion::Declined, before.unwrap_or(0) + 1));
    }
    let was_told = |occasion| told.iter().any(|told| told.occasion == occasion);
    if left < 0 {
        let overdue = told.iter().filter(|told| told.occasion == Occasion::Overdue);
        // What never reached them counts for nothing, and its number is taken all the same.
        let times = overdue.clone().filter(|told| told.by_letter).count();
        let turn = overdue.map(|told| told.turn).max().unwrap_or(0) + 1;
        let late = |told: &&&Told| matches!(told.occasion, Occasion::Overdue | Occasion::Asked);
        let last = told.iter().filter(late).map(|told| told.planned_on).filter(|day| *day > wanted.due_on).max();
        let is_time = last.is_none_or(|last| (today - last).num_days() >= i64::from(rules.overdue_every_days));
        return (is_time && times < rules.overdue_at_most as usize).then_some((Occasion::Overdue, turn));
    }
    if left == 0 {
        return (!was_told(Occasion::DueToday)).then_some((Occasion::DueToday, 0));
    }
    if wanted.why == Why::Changed && !was_told(Occasion::Again) {
        return Some((Occasion::Again, 0));
    }
    // Days that nobody was written to on are made up for on the next, and what was told since then need not be told again.
    match rules.days_before.iter().copied().map(i64::from).filter(|days| left <= *days).min() {
        Some(days) => {
            let is_told = told.iter().any(|told| (wanted.due_on - told.planned_on).num_days() <= days);
            (!is_told).then_some((Occasion::DueSoon, days))
        }
        None => {
            let is_again = matches!(wanted.why, Why::RunsOut | Why::NewYear | Why::RanOut | Why::Missed);
            (is_again && !was_told(Occasion::WindowOpened)).then_some((Occasion::WindowOpened, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use model::ModuleSlug;

    use super::*;
    use crate::ground::PersonId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn person(wanted: Vec<WantedThing>) -> OutstandingPerson {
        OutstandingPerson { id: PersonId(uuid::Uuid::nil()), name: "Amy".to_owned(), groups: Vec::new(), wanted }
    }

    /// The first thing, wanted by a day and never done.
    fn new(due_on: NaiveDate) -> WantedThing {
        let called = NeutralName::Part(1);
        WantedThing { thing: 0, called, due_on, why: Why::New, is_renewal: false, asks_again_on: None }
    }

    fn things() -> Vec<(Thing, String)> {
        vec![(Thing::Module(ModuleSlug::new("four-cs").unwrap()), "The 4 Cs".to_owned())]
    }

    /// What is told of one thing, each day from the first on, while nobody does it.
    fn history(rules: &Reminders, why: Why, first: NaiveDate, due_on: NaiveDate, days: u64) -> Vec<(String, String)> {
        let (things, mut told, mut said) = (things(), Vec::new(), Vec::new());
        let someone = person(vec![WantedThing { why, ..new(due_on) }]);
        for today in (0..days).map(|days| first + Days::new(days)) {
            for one in by_rules(rules, &someone, &things, &told, today) {
                let thing = things[one.thing].0.clone();
                told.push(Told {
                    thing,
                    due_on: one.due_on,
                    occasion: one.occasion,
                    turn: one.turn,
                    planned_on: today,
                    by_letter: true,
                });
                said.push((today.to_string(), format!("{} {}", one.occasion.name(), one.turn)));
            }
        }
        said
    }

    fn says(said: &[(String, String)]) -> Vec<(&str, &str)> {
        said.iter().map(|(day, what)| (day.as_str(), what.as_str())).collect()
    }

    #[test]
    fn what_is_not_done_is_told_before_on_the_day_and_four_times_after() {
        let said = history(&Reminders::default(), Why::New, day("2026-03-02"), day("2026-03-30"), 90);
        let expected = [
            ("2026-03-16", "due-soon 14"),
            ("2026-03-27", "due-soon 3"),
            ("2026-03-30", "due-today 0"),
            ("2026-03-31", "overdue 1"),
            ("2026-04-07", "overdue 2"),
            ("2026-04-14", "overdue 3"),
            ("2026-04-21", "overdue 4"),
        ];
        assert_eq!(says(&said), expected);
    }

    #[test]
    fn who_comes_late_is_told_the_nearest_alone() {
        let said = history(&Reminders::default(), Why::New, day("2026-03-28"), day("2026-03-30"), 3);
        assert_eq!(says(&said), [("2026-03-28", "due-soon 3"), ("2026-03-30", "due-today 0")]);
        let said = history(&Reminders::default(), Why::New, day("2026-06-01"), day("2026-03-30"), 8);
        assert_eq!(says(&said), [("2026-06-01", "overdue 1"), ("2026-06-08", "overdue 2")]);
    }

    #[test]
    fn what_opens_and_what_was_replaced_is_told_when_it_is_so() {
        let said = history(&Reminders::default(), Why::RunsOut, day("2026-01-01"), day("2026-03-30"), 80);
        assert_eq!(says(&said), [("2026-01-01", "window-opened 0"), ("2026-03-16", "due-soon 14")]);
        // What says that it is due in two weeks says so once.
        let said = history(&Reminders::default(), Why::Changed, day("2026-03-16"), day("2026-03-30"), 13);
        assert_eq!(says(&said), [("2026-03-16", "again 0"), ("2026-03-27", "due-soon 3")]);
        let said = history(&Reminders::default(), Why::New, day("2026-01-01"), day("2026-03-30"), 60);
        assert_eq!(says(&said), []);
    }

    #[test]
    fn what_reached_nobody_was_not_told() {
        let rules = Reminders::default();
        let (things, due_on) = (things(), day("2026-03-30"));
        let someone = person(vec![new(due_on)]);
        let overdue = |turn: i64, on: &str, by_letter| {
            let (thing, planned_on) = (things[0].0.clone(), day(on));
            Told { thing, due_on, occasion: Occasion::Overdue, turn, planned_on, by_letter }
        };
        let unheard: Vec<Told> = [(1, "2026-03-31"), (2, "2026-04-07"), (3, "2026-04-14"), (4, "2026-04-21")]
            .map(|(turn, on)| overdue(turn, on, false))
            .to_vec();
        assert_eq!(by_rules(&rules, &someone, &things, &unheard, day("2026-04-28"))[0].turn, 5);
        // On the same day another has them reminded all the same.
        assert_eq!(by_rules(&rules, &someone, &things, &unheard, day("2026-04-21")), []);
        assert_eq!(asked(&someone, &things, &unheard, day("2026-04-21")).len(), 1);
        // The first was forgotten since: its number is not given again.
        let told = [overdue(2, "2026-04-07", true), overdue(3, "2026-04-14", true)];
        assert_eq!(by_rules(&rules, &someone, &things, &told, day("2026-05-28"))[0].turn, 4);
    }

    #[test]
    fn who_declined_is_left_alone_until_they_are_asked_again() {
        let rules = Reminders::default();
        let (things, due_on) = (things(), day("2026-03-30"));
        let asks_again_on = Some(day("2026-03-28"));
        let wanted = WantedThing { asks_again_on, ..new(due_on) };
        let someone = person(vec![wanted]);
        let told = |occasion, turn, on: &str| Told {
            thing: things[0].0.clone(),
            due_on,
            occasion,
            turn,
            planned_on: day(on),
            by_letter: true,
        };
        let before = vec![told(Occasion::DueSoon, 14, "2026-03-16")];
        assert_eq!(by_rules(&rules, &someone, &things, &before, day("2026-03-27")), []);
        assert_eq!(asked(&someone, &things, &before, day("2026-03-27")), []);
        let again = by_rules(&rules, &someone, &things, &before, day("2026-03-28"));
        assert_eq!((again[0].occasion, again[0].turn), (Occasion::Declined, 1));
        assert_eq!(asked(&someone, &things, &before, day("2026-03-28")).len(), 1);
        // From then on as everybody.
        let since = [before, vec![told(Occasion::Declined, 1, "2026-03-28")]].concat();
        assert_eq!(by_rules(&rules, &someone, &things, &since, day("2026-03-29")), []);
        assert_eq!(by_rules(&rules, &someone, &things, &since, day("2026-03-30"))[0].occasion, Occasion::DueToday);
        // Who declines once more is asked once more.
        let later = person(vec![WantedThing { asks_again_on: Some(day("2026-04-12")), ..wanted }]);
        assert_eq!(by_rules(&rules, &later, &things, &since, day("2026-04-11")), []);
        assert_eq!(by_rules(&rules, &later, &things, &since, day("2026-04-12"))[0].turn, 2);
    }

    #[test]
    fn who_was_reminded_by_another_is_not_told_the_same_the_day_after() {
        let rules = Reminders::default();
        let (things, due_on) = (things(), day("2026-03-30"));
        let someone = person(vec![new(due_on)]);
        let told = |on: &str| {
            let thing = things[0].0.clone();
            vec![Told { thing, due_on, occasion: Occasion::Asked, turn: 0, planned_on: day(on), by_letter: true }]
        };
        assert_eq!(by_rules(&rules, &someone, &things, &told("2026-03-16"), day("2026-03-16")), []);
        assert_eq!(by_rules(&rules, &someone, &things, &told("2026-03-16"), day("2026-03-17")), []);
        assert_eq!(by_rules(&rules, &someone, &things, &told("2026-04-01"), day("2026-04-02")), []);
        assert_eq!(by_rules(&rules, &someone, &things, &told("2026-04-01"), day("2026-04-08")).len(), 1);
        assert_eq!(asked(&someone, &things, &told("2026-03-16"), day("2026-03-16")), []);
        assert_eq!(asked(&someone, &things, &told("2026-03-16"), day("2026-03-17"))[0].turn, 13);
        let renewal = person(vec![WantedThing { why: Why::RunsOut, is_renewal: true, ..new(due_on) }]);
        assert_eq!(asked(&renewal, &things, &[], day("2026-03-17")), []);
    }
}
