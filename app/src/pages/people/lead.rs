//! Where somebody stands, in a sentence or three. It is made of what the list below it shows, and so the two say the same.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use engine::{Due, DueThing, Hold, OwnPage, local_date};

use crate::pages::parts::{Of, Stands, clock, count, day, duration, listed, lower_first};

/// What the own page begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// What matters most.
    pub(super) first: String,
    /// The rest of it; may be empty.
    pub(super) rest: String,
}

/// What is on the page besides what is asked of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Besides {
    /// How many agreements came in for them to look at.
    pub(super) came_in: u64,
    /// Of how many discussions they are asked whether they were held.
    pub(super) to_answer: usize,
    /// Whether people are late whom they look after, or need a workshop that nobody has planned: the page says so right below.
    pub(super) for_others: bool,
}

/// What decides the state of a thing on the list, in which the list shows it.
pub(super) fn stands(due: &Due) -> Stands<'_> {
    let of = match &due.thing {
        DueThing::Module(..) => Of::Module,
        DueThing::Agreement(_, missing) => Of::Agreement { missing: *missing, of: due.requires.len() },
    };
    Stands { of, status: due.status, wanted: Some(&due.wanted), counts: due.renews, until: due.until, hold: due.hold }
}

/// Says where somebody stands: people who need a hand first, then what is late, then the nearest date, then how long all of it takes, how
/// far it is to a signature, and last what waits and until when.
pub(super) fn lead(page: &OwnPage, besides: Besides, now: DateTime<Utc>) -> Lead {
    let mut sentences = Vec::new();
    match page.stuck.len() {
        0 => {}
        1 => sentences.push("1 learner needs a hand.".to_owned()),
        many => sentences.push(format!("{many} learners need a hand.")),
    }
    match page.to_confirm.len() {
        0 => {}
        1 => sentences.push("1 workshop that you led waits for you to say who was there.".to_owned()),
        many => sentences.push(format!("{many} workshops that you led wait for you to say who was there.")),
    }
    match page.denied.len() {
        0 => {}
        1 => sentences.push("Somebody says that a discussion was not held that you marked.".to_owned()),
        many => sentences.push(format!("Of {many} discussions that you marked somebody says that they were not held.")),
    }
    match besides.to_answer {
        0 => {}
        1 => sentences.push("You are asked whether a discussion with you was held.".to_owned()),
        many => sentences.push(format!("You are asked of {many} discussions whether they were held.")),
    }
    match besides.came_in {
        0 => {}
        1 => sentences.push("1 agreement has come in for you to look at.".to_owned()),
        many => sentences.push(format!("{many} agreements have come in for you to look at.")),
    }
    let helps = needs_them(page, besides).then_some(!sentences.is_empty());
    let (waiting, open): (Vec<&Due>, Vec<&Due>) = page.due.iter().partition(|due| due.hold.waits());
    // What was declined can be signed all the same.
    let only_declined = waiting.iter().all(|due| matches!(due.hold, Hold::Declined { .. }));
    let waits_for = (!waiting.is_empty()).then_some(only_declined);
    sentences.extend(to_do(&open, waits_for, helps, local_date(now)));
    let minutes = open.iter().map(|due| due.minutes_left).sum();
    if minutes > 0 {
        sentences.push(format!("It takes {} in all; your place is kept.", duration(minutes)));
    }
    sentences.extend(open.iter().filter_map(|due| signature(due)));
    sentences.extend(waits(&waiting, now));
    let first = sentences.remove(0);
    Lead { first, rest: sentences.join(" ") }
}

/// Whether anything waits for them that is not theirs to pass or sign.
pub(super) fn needs_them(page: &OwnPage, besides: Besides) -> bool {
    let nothing_on_page = page.stuck.is_empty() && page.to_confirm.is_empty() && page.denied.is_empty();
    !nothing_on_page || besides != Besides::default()
}

/// What can be done, by dates. `waits`: something waits, and whether it is only what they declined to sign. `helps`: something else needs them, and
/// so they are not told that all is done; and whether a sentence said so before.
fn to_do(open: &[&Due], waits: Option<bool>, helps: Option<bool>, today: NaiveDate) -> Vec<String> {
    let late = open.iter().filter(|due| due.wanted.by < today).count();
    let mut dates: Vec<(NaiveDate, usize)> = Vec::new();
    let mut coming: Vec<NaiveDate> = open.iter().map(|due| due.wanted.by).filter(|by| *by >= today).collect();
    coming.sort_unstable();
    for by in coming {
        match dates.last_mut() {
            Some((last, number)) if *last == by => *number += 1,
            _ => dates.push((by, 1)),
        }
    }
    let mut sentences = Vec::new();
    if late > 0 {
        let is = if late == 1 { "is" } else { "are" };
        sentences.push(format!("{} {is} past the due date.", count(late, "thing", "things")));
    }
    let mut dated = Vec::new();
    for (place, (by, number)) in dates.iter().take(2).enumerate() {
        let by = near(*by, today);
        dated.push(match (place, late) {
            (0, 0) => format!("{} to do by {by}", count(*number, "thing", "things")),
            _ => format!("{number} more by {by}"),
        });
    }
    let later: usize = dates.iter().skip(2).map(|(_, number)| number).sum();
    if later > 0 {
        dated.push(format!("{later} more after that"));
    }
    if !dated.is_empty() {
        sentences.push(format!("{}.", dated.join("; ")));
    }
    match (sentences.is_empty(), waits) {
        (true, Some(true)) => sentences.push("There is nothing that you have to do just now.".to_owned()),
        (true, Some(false)) => sentences.push("There is nothing that you can do just now.".to_owned()),
        (true, None) => match helps {
            Some(true) => sentences.push("You have nothing else to do.".to_owned()),
            Some(false) => sentences.push("Your own things are done.".to_owned()),
            None => {
                sentences.push("You are up to date.".to_owned());
                sentences.push("There is nothing that you need to do.".to_owned());
            }
        },
        (false, _) => {}
    }
    sentences
}

/// How far it is to a signature.
fn signature(due: &Due) -> Option<String> {
    let DueThing::Agreement(_, missing) = due.thing else { return None };
    let title = lower_first(&due.title);
    match due.hold {
        Hold::Nothing if !due.renews => Some(format!("You can sign the {title} now.")),
        Hold::Gate => {
            let again = if due.renews { " again" } else { "" };
            let more = count(missing, "more module", "more modules");
            Some(format!("Pass {more}, and you can sign the {title}{again}."))
        }
        _ => None,
    }
}

/// What waits, and until when.
fn waits(waiting: &[&Due], now: DateTime<Utc>) -> Vec<String> {
    let mut sentences = Vec::new();
    for due in waiting.iter().filter(|due| matches!(due.thing, DueThing::Module(..))) {
        if let Hold::Pause { until } = due.hold {
            sentences.push(format!("You can try “{}” again from {}.", due.title, clock(until, now)));
        }
    }
    for due in waiting {
        if let Hold::Declined { again_on, .. } = due.hold {
            let title = lower_first(&due.title);
            let again = day(again_on);
            sentences.push(format!(
                "You declined to sign the {title}: we ask you again from {again}, and you can sign it at any time before."
            ));
        }
    }
    let workshop = waiting.iter().filter(|due| due.hold == Hold::Workshop && matches!(due.thing, DueThing::Module(..)));
    let titles: Vec<String> = workshop.map(|due| format!("“{}”", due.title)).collect();
    if !titles.is_empty() {
        sentences.push(format!("You pass {} at a workshop.", listed(&titles)));
    }
    let tutor = waiting.iter().filter(|due| matches!(due.hold, Hold::Tutor { .. }));
    let titles: Vec<String> =
        tutor.filter(|due| matches!(due.thing, DueThing::Module(..))).map(|due| format!("“{}”", due.title)).collect();
    match titles.as_slice() {
        [] => {}
        [only] => sentences.push(format!("{only} waits for your tutor, who has been asked to help you.")),
        several => {
            sentences.push(format!("{} wait for your tutor, who has been asked to help you.", listed(several)));
        }
    }
    sentences
}

/// "today", "tomorrow", "Monday, 30 November 2026" within a week, or "22 January 2027".
fn near(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        0 => "the end of today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=7 => format!(
            "{}, {}",
            date.format("%A"),
            date.format(if date.year() == today.year() { "%-d %B" } else { "%-d %B %Y" })
        ),
        _ => day(date),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use engine::{GateItem, StuckLearner, TutorTaskId, Wanted, Why};
    use model::{AgreementSlug, ModuleSlug, Status};

    use super::*;

    /// A thing on the list, in each state in which one can be.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum State {
        Late,
        Soon,
        Later,
        Renewal,
        Paused,
        WithTutor,
        Gated,
        GatedByTutor,
        ReadyToSign,
        Declined,
        RenewalPaused,
        RenewalWithTutor,
        GatedRenewal,
        Closed,
        /// It is passed at a workshop only.
        AtWorkshop,
    }

    impl State {
        fn renews(self) -> bool {
            matches!(self, Self::Renewal | Self::RenewalPaused | Self::RenewalWithTutor | Self::GatedRenewal)
        }
    }

    const STATES: [State; 15] = [
        State::Late,
        State::Soon,
        State::Later,
        State::Renewal,
        State::Paused,
        State::WithTutor,
        State::Gated,
        State::GatedByTutor,
        State::ReadyToSign,
        State::Declined,
        State::RenewalPaused,
        State::RenewalWithTutor,
        State::GatedRenewal,
        State::Closed,
        State::AtWorkshop,
    ];

    fn now() -> DateTime<Utc> {
        "2026-11-28T19:51:00Z".parse().unwrap()
    }

    fn due(state: State) -> Due {
        let days = match state {
            State::Late => -3,
            State::Soon => 2,
            _ if state.renews() => 55,
            _ => 12,
        };
        let agreement = matches!(
            state,
            State::Gated | State::GatedByTutor | State::ReadyToSign | State::Declined | State::GatedRenewal
        );
        let missing = usize::from(state != State::ReadyToSign) * 3;
        let tutor = Hold::Tutor { since: now() };
        Due {
            thing: if agreement {
                DueThing::Agreement(AgreementSlug::new("rules").unwrap(), missing)
            } else {
                DueThing::Module(ModuleSlug::new("it").unwrap(), 25)
            },
            title: if state == State::GatedRenewal {
                "Staff agreement".to_owned()
            } else if agreement {
                "Learner agreement".to_owned()
            } else {
                format!("Module {state:?}")
            },
            called: engine::NeutralName::Other,
            language: engine::catalogue::Language::ENGLISH,
            summary: String::new(),
            programme: None,
            wanted: Wanted {
                by: local_date(now()) + TimeDelta::days(days),
                late: days < 0,
                why: Why::New,
                programme: None,
            },
            status: if state.renews() { Status::Passed } else { Status::NotStarted },
            renews: state.renews(),
            until: state.renews().then(|| now() + TimeDelta::days(55)),
            hold: match state {
                State::Paused | State::RenewalPaused => Hold::Pause { until: now() + TimeDelta::minutes(10) },
                State::WithTutor | State::GatedByTutor | State::RenewalWithTutor => tutor,
                State::Gated | State::GatedRenewal | State::Closed => Hold::Gate,
                State::AtWorkshop => Hold::Workshop,
                State::Declined => Hold::Declined { at: now(), again_on: local_date(now()) + TimeDelta::days(14) },
                _ => Hold::Nothing,
            },
            minutes_left: if agreement { 0 } else { 25 },
            requires: Vec::<GateItem>::new(),
            declined: None,
            given: None,
        }
    }

    fn page(states: &[State], stuck: usize) -> OwnPage {
        let learner = StuckLearner {
            task: TutorTaskId(Default::default()),
            person: engine::PersonId(Default::default()),
            name: "Amy".to_owned(),
            module: ModuleSlug::new("it").unwrap(),
            title: "It".to_owned(),
            language: engine::catalogue::Language::ENGLISH,
            since: now(),
            attempts: 3,
        };
        OwnPage {
            due: states.iter().copied().map(due).collect(),
            done: Vec::new(),
            programmes: Vec::new(),
            missed: Vec::new(),
            stuck: vec![learner; stuck],
            to_confirm: Vec::new(),
            denied: Vec::new(),
            minutes: None,
        }
    }

    fn said(states: &[State], stuck: usize) -> String {
        let Lead { first, rest } = lead(&page(states, stuck), Besides::default(), now());
        format!("{first} {rest}").trim().to_owned()
    }

    #[test]
    fn whoever_is_needed_by_others_is_not_told_that_all_is_done() {
        let besides = |besides| {
            let Lead { first, rest } = lead(&page(&[], 0), besides, now());
            format!("{first} {rest}").trim().to_owned()
        };
        assert_eq!(besides(Besides::default()), "You are up to date. There is nothing that you need to do.");
        let came_in = Besides { came_in: 9, ..Besides::default() };
        assert_eq!(besides(came_in), "9 agreements have come in for you to look at. You have nothing else to do.");
        let asked = Besides { to_answer: 1, ..Besides::default() };
        assert_eq!(
            besides(asked),
            "You are asked whether a discussion with you was held. You have nothing else to do."
        );
        assert_eq!(besides(Besides { for_others: true, ..Besides::default() }), "Your own things are done.");
    }

    /// Every set of states, with nobody, one and two who need a hand.
    #[test]
    fn whatever_the_states_are_the_sentence_is_true_of_them() {
        for set in 0..1_u32 << STATES.len() {
            let states: Vec<State> = STATES
                .iter()
                .copied()
                .enumerate()
                .filter(|(place, _)| set & (1 << place) != 0)
                .map(|(_, it)| it)
                .collect();
            let has = |state| states.contains(&state);
            for stuck in 0..3 {
                let said = said(&states, stuck);
                let open = states.iter().filter(|state| !due(**state).hold.waits()).count();
                let idle = open == 0;
                let here = format!("{states:?}, {stuck} stuck: {said}");
                assert_eq!(said.contains("up to date"), states.is_empty() && stuck == 0, "{here}");
                assert_eq!(said.contains("nothing else to do"), states.is_empty() && stuck > 0, "{here}");
                let only_declined = states == [State::Declined];
                let can = idle && !states.is_empty() && !only_declined;
                assert_eq!(said.contains("nothing that you can do just now"), can, "{here}");
                assert_eq!(said.contains("nothing that you have to do just now"), only_declined, "{here}");
                assert_eq!(said.contains("past the due date"), has(State::Late), "{here}");
                assert_eq!(said.contains("Monday, 30 November"), has(State::Soon), "{here}");
                assert_eq!(said.contains("pass “Module AtWorkshop” at a workshop"), has(State::AtWorkshop), "{here}");
                assert_eq!(said.contains("“Module Paused” again from 20:01"), has(State::Paused), "{here}");
                let tutor = has(State::WithTutor) || has(State::RenewalWithTutor);
                assert_eq!(said.contains("for your tutor, who has been asked"), tutor, "{here}");
                assert_eq!(
                    said.contains("“Module RenewalPaused” again from 20:01"),
                    has(State::RenewalPaused),
                    "{here}"
                );
                assert_eq!(said.contains("You can sign the learner agreement now"), has(State::ReadyToSign), "{here}");
                assert_eq!(said.contains("you can sign the learner agreement."), has(State::Gated), "{here}");
                assert_eq!(
                    said.contains("you can sign the staff agreement again."),
                    has(State::GatedRenewal),
                    "{here}"
                );
                assert_eq!(said.contains("ask you again from 12 December 2026"), has(State::Declined), "{here}");
                assert_eq!(said.starts_with(&format!("{stuck} learner")), stuck > 0, "{here}");
                // What is counted is what can be done: no less, and nothing that waits.
                let counted: usize = said
                    .split(['.', ';'])
                    .filter(|part| {
                        part.contains(" by ") || part.contains("past the due") || part.contains("more after")
                    })
                    .filter_map(|part| part.split_whitespace().next()?.parse::<usize>().ok())
                    .sum();
                assert_eq!(counted, open, "{here}");
                // The nearest first.
                let places: Vec<usize> =
                    ["past the due", "30 November", "10 December 2026"].iter().filter_map(|it| said.find(it)).collect();
                assert!(places.is_sorted(), "{here}");
                assert!(!said.contains("  ") && !said.contains("..") && said.ends_with('.'), "{here}");
            }
        }
    }

    /// What stands beside a thing on the list says no other than the sentence: what can be done, what waits, and until when.
    #[test]
    fn the_list_says_what_the_sentence_says() {
        for state in STATES {
            let due = due(state);
            let (word, said) = (stands(&due).state(now()).word, said(&[state], 0));
            let here = format!("{state:?}: {word}; {said}");
            let closed = due.hold != Hold::Nothing;
            assert_eq!(word.contains("renew from now"), state == State::Renewal, "{here}");
            assert!(!closed || !word.contains("from now"), "{here}");
            let tutor = matches!(state, State::WithTutor | State::GatedByTutor | State::RenewalWithTutor);
            assert_eq!(word.to_lowercase().contains("waiting for your tutor"), tutor, "{here}");
            assert_eq!(word.contains("At a workshop"), said.contains("at a workshop"), "{here}");
            // Before anything of it is passed, the word counts what there is to pass.
            let signs_again = word.contains("to sign again") || due.renews && word.contains("to pass first");
            assert_eq!(signs_again, said.contains("sign the staff agreement again"), "{here}");
            assert_eq!(
                word.to_lowercase().contains("try again from 20:01"),
                said.contains("again from 20:01"),
                "{here}"
            );
            assert_eq!(word.contains("Ready to sign"), said.contains("You can sign the"), "{here}");
            assert_eq!(word.starts_with("Passed until") || word.starts_with("Signed until"), due.renews, "{here}");
        }
    }

    #[test]
    fn it_reads_like_somebody_says_it() {
        use State::{Gated, GatedByTutor, Late, Later, Paused, ReadyToSign, Renewal, Soon, WithTutor};
        let told = [
            said(&[], 0),
            said(&[], 1),
            said(&[Later, Later, Later, Gated], 0),
            said(&[Soon, Soon, Soon, Renewal, Renewal], 0),
            said(&[Late, Soon, Renewal], 2),
            said(&[ReadyToSign, Later], 0),
            said(&[Later, WithTutor, GatedByTutor], 0),
            said(&[Paused], 0),
            said(&[WithTutor, WithTutor], 0),
        ];
        let expected = [
            "You are up to date. There is nothing that you need to do.",
            "1 learner needs a hand. You have nothing else to do.",
            "4 things to do by 10 December 2026. It takes about 1 hour 15 minutes in all; your place is kept. \
             Pass 3 more modules, and you can sign the learner agreement.",
            "3 things to do by Monday, 30 November; 2 more by 22 January 2027. It takes about 2 hours 5 minutes in all; your \
             place is kept.",
            "2 learners need a hand. 1 thing is past the due date. 1 more by Monday, 30 November; 1 more by 22 January 2027. It \
             takes about 1 hour 15 minutes in all; your place is kept.",
            "2 things to do by 10 December 2026. It takes 25 minutes in all; your place is kept. You can \
             sign the learner agreement now.",
            "1 thing to do by 10 December 2026. It takes 25 minutes in all; your place is kept. “Module \
             WithTutor” waits for your tutor, who has been asked to help you.",
            "There is nothing that you can do just now. You can try “Module Paused” again from 20:01.",
            "There is nothing that you can do just now. “Module WithTutor” and “Module WithTutor” wait for your tutor, who has been \
             asked to help you.",
        ];
        assert_eq!(told, expected);
    }
}
