//! Histories that follow from a number: people who come, go and come back, groups that move, editions that change.

use audit::{Bundle, Correction, Fact, Link, PersonKey, Recipient};
use chrono::{DateTime, Days, NaiveDate};

use super::log::Log;

/// SplitMix64: the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn of<T: Copy>(&mut self, some: &[T]) -> T {
        some[usize::try_from(self.below(some.len() as u64)).unwrap()]
    }
}

const NAMES: [&str; 3] = ["Amy, \"A\"", "Ben", "@Cora"];

const DAY: u64 = 86_400_000;

const AUDIENCES: [&str; 2] = ["learner", "staff"];

const PROGRAMMES: [&str; 4] = ["annual", "induction", "own", "short"];

const MODULES: [&str; 4] = ["bullying", "four-cs", "prevent", "reporting"];

const SCHEDULES: [&str; 4] = [
    r#"{"CompanyYear":{"due_days":30,"first_day":"2000-09-01","window":90}}"#,
    r#"{"Once":{"days":14}}"#,
    r#"{"OwnYear":{"due_days":10,"window":60}}"#,
    r#"{"Once":{"days":3,"on":"2026-06-15"}}"#,
];

/// A day some time before or after now.
fn some_day(log: &Log, random: &mut Random) -> NaiveDate {
    let today = DateTime::from_timestamp_millis(i64::try_from(log.now).unwrap()).unwrap().date_naive();
    today - Days::new(60) + Days::new(random.below(120))
}

/// A log of some two years. What it says need not make sense: somebody may leave a group in which they never were.
pub fn random_log(seed: u64) -> Bundle {
    let mut random = Random(seed);
    let mut log = Log::begin("2026-01-01T09:00:00Z");
    let people: Vec<PersonKey> = (1..7).map(|person| PersonKey([person; 32])).collect();
    let mut versions = [0_u32; 9];
    let mut editions = [0_u32; 4];
    let (mut assigned, mut excused, mut passed) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..240 {
        log.now += random.below(6 * DAY);
        let which = usize::try_from(random.below(6)).unwrap();
        let (who, day) = (people[which], some_day(&log, &mut random).to_string());
        let (person, on) = (Some(&who), (random.below(4) > 0).then_some(&*day));
        let (group, audience) = (1 + random.below(4), random.of(&AUDIENCES).to_owned());
        let (module, programme) = (random.of(&MODULES), random.of(&PROGRAMMES));
        let place = usize::try_from(random.below(4)).unwrap();
        match if turn < 9 { turn } else { random.below(32) } {
            0..4 => {
                let place = usize::try_from(turn % 4).unwrap();
                versions[place] += 1;
                editions[place] += u32::from(versions[place] == 1 || random.below(3) == 0);
                let text = format!("{module} {turn}");
                log.publishes(&format!("module/{}", MODULES[place]), versions[place], editions[place], &text);
            }
            4..8 => {
                let place = usize::try_from(turn % 4).unwrap();
                versions[4 + place] += 1;
                let modules: Vec<_> =
                    MODULES.iter().filter(|_| random.below(3) > 0).map(|it| format!("{it:?}")).collect();
                let agreements = if random.below(2) == 0 { r#""rules""# } else { "" };
                let version = versions[4 + place];
                log.publishes_programme(PROGRAMMES[place], version, SCHEDULES[place], &modules.join(","), agreements);
            }
            8 => {
                versions[8] += 1;
                log.publishes("agreement/rules", versions[8], versions[8], "rules");
            }
            9 => {
                let (thing, version) = match random.below(2) {
                    0 => (format!("module/{}", MODULES[place]), versions[place]),
                    _ => (format!("programme/{}", PROGRAMMES[place]), versions[4 + place]),
                };
                log.says(None, None, vec![Fact::Withdrawn { thing, version }]);
            }
            10 => {
                let parent = (random.below(3) > 0).then(|| 1 + random.below(4)).filter(|parent| *parent != group);
                let fact = match random.below(3) {
                    0 => Fact::GroupMade { group, parent },
                    _ => Fact::GroupMoved { group, parent },
                };
                log.says(None, on, vec![fact]);
            }
            11 if random.below(3) == 0 => drop(log.says(None, on, vec![Fact::GroupEnded { group }])),
            11..16 => {
                let begun = vec![Fact::Began, Fact::AudienceBegun { audience }, Fact::MembershipBegun { group }];
                log.says_of(person, on, begun, Some(NAMES[which % 3]));
            }
            16 => drop(log.says(person, on, vec![Fact::Left])),
            17 => drop(log.says(person, on, vec![Fact::AudienceEnded { audience }])),
            18 => {
                let moved = vec![Fact::MembershipEnded { group }, Fact::MembershipBegun { group: 1 + random.below(4) }];
                log.says(person, on, moved);
            }
            19..23 => {
                let to = match random.below(3) {
                    0 => Recipient::Audience(audience),
                    1 => Recipient::Group(group),
                    _ => Recipient::Person(Link([0; 32])),
                };
                let whom = Some(who).filter(|_| matches!(to, Recipient::Person(_)));
                let given = vec![Fact::Assigned { programme: programme.to_owned(), to }];
                assigned.push((whom, log.says(whom.as_ref(), on, given)));
            }
            23 if !assigned.is_empty() => {
                let (whom, leaf) = random.of(&assigned);
                log.says(whom.as_ref(), on, vec![Fact::AssignmentEnded { leaf }]);
            }
            24 => {
                let until = (random.below(2) == 0).then(|| some_day(&log, &mut random).to_string());
                let thing = format!("module/{module}");
                excused.push((who, log.says(person, on, vec![Fact::Exempted { thing, until }])));
            }
            25 if !excused.is_empty() => {
                let (who, leaf) = random.of(&excused);
                log.says(Some(&who), on, vec![Fact::ExemptionEnded { leaf }]);
            }
            26 if !passed.is_empty() => {
                let (who, leaf) = random.of(&passed);
                let code = Correction::NeverHappened;
                log.says(Some(&who), None, vec![Fact::Corrected { leaf, code, replaced_by: None }]);
            }
            27 => {
                let (sha256, statement) = (log.text("rules"), log.text("I agree."));
                let until = (random.below(3) > 0).then(|| log.now + random.below(400) * DAY);
                let (agreement, version) = ("rules".to_owned(), versions[8]);
                log.says(person, None, vec![Fact::Signed { agreement, version, sha256, statement, until }]);
            }
            _ => {
                let until = log.now + random.below(500) * DAY;
                let place = MODULES.iter().position(|it| *it == module).unwrap();
                passed.push((who, log.passes(&who, module, editions[place].max(1), until)));
            }
        }
    }
    log.ends()
}
