use std::{fmt::Write as _, mem::discriminant};

use app::pages::listed;
use chrono::{DateTime, NaiveDate, Utc};
use engine::{
    LateGroup, LetterAbout, NeutralName, Occasion, Reminded, SignInNews, SignatureId, Thing, ToReview, local,
};

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Composed {
    /// What stands on the outside: nothing that others should not see on somebody's screen.
    pub(crate) subject: String,
    /// As plain text.
    pub(crate) text: String,
    /// The same as HTML, without pictures and without anything that tells who opened it.
    pub(crate) html: String,
}

/// What a letter says: the same in both forms.
struct Words {
    subject: String,
    name: String,
    before: Vec<String>,
    /// What to do, and where.
    action: Option<(&'static str, String)>,
    after: Vec<String>,
}

const NOT_YOU: &str = "If you did not expect this letter, you need not do anything: your password stays as it is.";

const KEEP: &str = "Do not hand the link on: whoever has it can choose your password.";

/// How many lines of a reminder say what is wanted, before the rest is only counted.
const MOST_LINES: usize = 6;

const STOP: &str = "Stop letters about what is due soon or can be done again";

/// Writes a letter. `base_url` is where people find this site; `stop` is the address at which they have no more such letters.
pub(crate) fn compose(about: &LetterAbout, organisation: &str, base_url: &str, stop: Option<&str>) -> Composed {
    let link = |secret: &str| Some(("Choose a password", format!("{base_url}/welcome/{secret}")));
    let words = match about {
        LetterAbout::WayIn { name, secret, until, first } => Words {
            subject: if *first { "Choose your password" } else { "Choose a new password" }.to_owned(),
            name: name.clone(),
            before: vec![if *first {
                format!(
                    "You have a place on {organisation}’s induction site. Choose a password that only you know, and you are in."
                )
            } else {
                format!(
                    "Somebody who looks after {organisation}’s induction site has made a link for you to choose a new password. Until you use it, the one that you have stays."
                )
            }],
            action: link(secret),
            after: vec![
                format!(
                    "The link works once, until {}. Nobody else sees the password that you choose.",
                    moment(*until)
                ),
                KEEP.to_owned(),
            ],
        },
        LetterAbout::Forgotten { name, secret, until } => Words {
            subject: "Choose a new password".to_owned(),
            name: name.clone(),
            before: vec![format!(
                "Somebody told {organisation}’s induction site that you forgot your password. If it was you, choose a new one."
            )],
            action: link(secret),
            after: vec![format!("The link works once, until {}. {KEEP}", moment(*until)), NOT_YOU.to_owned()],
        },
        LetterAbout::PasswordSet { name, at } => Words {
            subject: "Your password was changed".to_owned(),
            name: name.clone(),
            before: vec![
                format!(
                    "A new password was chosen for you on {organisation}’s induction site, on {}. Every device was signed out.",
                    moment(*at)
                ),
                "If it was you, all is well.".to_owned(),
            ],
            action: Some(("If it was not you, choose another", format!("{base_url}/sign-in/forgotten"))),
            after: vec!["Then tell your tutor or manager. Everything that you have done is kept.".to_owned()],
        },
        LetterAbout::News { name, at, what } => news(name, *at, *what, organisation, base_url),
        LetterAbout::Trial { name } => Words {
            subject: "Letters arrive".to_owned(),
            name: name.clone(),
            before: vec![format!("You asked for this letter. Letters from {organisation}’s induction site reach you.")],
            action: None,
            after: Vec::new(),
        },
        LetterAbout::Digest { name, people, groups } => digest(name, *people, groups, base_url),
        LetterAbout::Declined { name, title, decline } => Words {
            subject: "Somebody declined to sign an agreement".to_owned(),
            name: name.clone(),
            before: vec![format!("Somebody whom you look after on {organisation}’s induction site declined to sign “{title}”.")],
            action: Some(("See who it is, and why", format!("{base_url}/declines/{decline}"))),
            after: vec![
                "This letter says neither, because others may read it. Please talk to them: they can sign it at any time, and are asked again after some days."
                    .to_owned(),
            ],
        },
        LetterAbout::Submitted { name, signer, title, version, sha256, role, role_id, instead, at, signature } => Words {
            subject: "An agreement has come in".to_owned(),
            name: name.clone(),
            before: vec![
                format!(
                    "{signer} signed “{title}”, version {version}, on {}, on {organisation}’s induction site. It is submitted to the {role}.",
                    moment(*at)
                ),
                format!("The text that was signed has the SHA-256 {sha256}, and its receipt says the same."),
            ],
            action: Some(("See what has come in, and tick it off", submitted(base_url, role_id, *signature))),
            after: vec![if *instead {
                format!(
                    "It comes to you because nobody else who holds that role can be written to. Whoever looks after this site can name who is {role}, or who stands in."
                )
            } else {
                "It comes to you because you hold that role, or stand in for who does.".to_owned()
            }],
        },
        LetterAbout::Attended { name, completion } => Words {
            subject: "You were at a workshop".to_owned(),
            name: name.clone(),
            before: vec![format!("You were at a workshop of {organisation}’s online-safety induction, and it counts.")],
            action: Some(("See your certificate", format!("{base_url}/certificates/{completion}"))),
            after: vec![
                "Once signed in you can read again what it was about. If you were not there, tell your tutor or manager.".to_owned(),
            ],
        },
        LetterAbout::Discussed { name, tutor, held_on, discussion, until } => Words {
            subject: "Did you work something through together?".to_owned(),
            name: name.clone(),
            before: vec![format!(
                "{tutor} marked that you worked through a part of {organisation}’s online-safety induction together, on {}. It counts once you say that you did, and have passed its quiz.",
                date(*held_on)
            )],
            action: Some(("Say whether you did", format!("{base_url}/discussions/{discussion}"))),
            after: vec![format!("You are asked until {}. If you did not, say so there: you need give no reason.", moment(*until))],
        },
        LetterAbout::Withdrawn { name } => Words {
            subject: "Something in your record was corrected".to_owned(),
            name: name.clone(),
            before: vec![
                format!(
                    "A pass of yours on {organisation}’s induction site was recorded wrongly, and counts no more. It stays in your record, with a note that says so."
                ),
                "What you signed while it counted stays signed. You can pass the module again, and that counts.".to_owned(),
            ],
            action: Some(("See which it is", format!("{base_url}/cpd"))),
            after: vec![
                "If you think that this is a mistake, or want to know why, talk to your tutor or manager. This letter says neither which module it was nor why, because others may read it."
                    .to_owned(),
            ],
        },
        LetterAbout::Reviews { name, things } => reviews(name, things, organisation),
        LetterAbout::Reminder { name, things } => reminder(name, things, organisation, base_url),
    };
    let foot = format!("{organisation}. A program sent this letter, and nobody reads replies to it.");
    let subject = format!("{organisation}: {}", words.subject.to_lowercase());
    Composed { text: as_text(&words, stop, &foot), html: as_html(&words, stop, &subject, &foot), subject }
}

/// Where it stands among what has come in for a role. Whoever may see what proves it finds its evidence there.
fn submitted(base_url: &str, role: &str, signature: SignatureId) -> String {
    // A letter that an earlier version wrote does not say which role.
    let role = if role.is_empty() { String::new() } else { format!("?role={role}") };
    format!("{base_url}/submitted{role}#{signature}")
}

/// What has happened to how somebody signs in. Whoever did it themselves need do nothing; anybody else is told what to do.
fn news(name: &str, at: DateTime<Utc>, what: SignInNews, organisation: &str, base_url: &str) -> Words {
    let (site, at) = (format!("{organisation}’s induction site"), moment(at));
    let mut action = Some(("If it was not you, choose another password", format!("{base_url}/sign-in/forgotten")));
    let mut before = Vec::new();
    let (subject, first, second) = match what {
        SignInNews::CodesOn => (
            "Codes at sign-in were turned on",
            format!(
                "From {at} on, {site} asks you for a code of your phone when you sign in. Every other device was signed out."
            ),
            "If it was you, all is well. Keep your recovery codes where you find them when your phone is gone.",
        ),
        SignInNews::CodesOff => (
            "Codes at sign-in were turned off",
            format!(
                "From {at} on, {site} no longer asks you for a code when you sign in. Your password alone lets you in; if it has fewer than 15 characters, it does so no longer, and you need a link to choose another."
            ),
            "If you did this, or asked for it because your phone is gone, all is well. You can set codes up again on the page of your account.",
        ),
        SignInNews::RecoveryCodeUsed => (
            "A recovery code was used",
            format!("On {at} somebody signed in to {site} as you, with your password and one of your recovery codes."),
            "If it was you, all is well. That code does not hold any more; you can make new ones on the page of your account.",
        ),
        SignInNews::RecoveryCodesMade => (
            "New recovery codes were made",
            format!("On {at} new recovery codes were made for you on {site}. Those that you had do not hold any more."),
            "If it was you, all is well.",
        ),
        SignInNews::CodesGuessed | SignInNews::CodesUsedUp => {
            before.push(format!(
                "By {at} many wrong codes had been typed on {site} by somebody who typed your password before. If that was not you, somebody knows your password."
            ));
            if what == SignInNews::CodesUsedUp {
                before.push(
                    "No code of your phone is taken any more where you have not signed in before, so that nobody guesses one. Sign in with one of your recovery codes, or on a device that you have used before; then codes of your phone are taken again."
                        .to_owned(),
                );
            }
            (
                "Wrong codes were typed",
                "Nobody got in by them.".to_owned(),
                "If it was you, look whether your phone has the right time: its codes go by its clock.",
            )
        }
        SignInNews::AccountLinked => {
            action = Some(("If it was not you, see your account", format!("{base_url}/account")));
            (
                "An account of your organisation lets you in",
                format!(
                    "Since {at} the account with which you sign in at your organisation also lets you in to {site}."
                ),
                "If it was you, all is well. You can take it away on the page of your account.",
            )
        }
        SignInNews::PasskeyAdded => {
            action = Some(("If it was not you, see your passkeys", format!("{base_url}/account/passkeys")));
            (
                "A passkey was added",
                format!(
                    "On {at} a passkey was added to your account on {site}. It lets whoever has it in, without your password."
                ),
                "If it was you, all is well. If not, take it away there, and choose another password.",
            )
        }
        SignInNews::PasskeyEnded => (
            "A passkey was taken away",
            format!("Since {at} a passkey no longer lets you in to {site}. Your password does."),
            "If you did this, or asked for it, all is well.",
        ),
        SignInNews::SignedOut => {
            action =
                Some(("If you think that somebody else was signed in as you", format!("{base_url}/sign-in/forgotten")));
            (
                "You were signed out everywhere",
                format!("On {at} somebody who looks after {site} signed you out in every browser."),
                "You can sign in again at once. Nothing that you had handed in or signed is lost.",
            )
        }
        SignInNews::AccountUnlinked => {
            action = None;
            (
                "An account of your organisation no longer lets you in",
                format!(
                    "Since {at} the account with which you sign in at your organisation is not known as yours on {site}."
                ),
                "If you did this, or asked for it, all is well.",
            )
        }
    };
    before.push(first);
    before.push(second.to_owned());
    Words {
        subject: subject.to_owned(),
        name: name.to_owned(),
        before,
        action,
        after: vec![
            "If it was not you, tell whoever looks after this site, too. Everything that you have done is kept."
                .to_owned(),
        ],
    }
}

/// What is wanted of somebody. The subject is the same whatever it is: others may see it on a screen.
fn reminder(name: &str, things: &[Reminded], organisation: &str, base_url: &str) -> Words {
    let asked = things.iter().any(|one| one.occasion == Occasion::Asked);
    let opened = things.iter().all(|one| one.occasion == Occasion::WindowOpened);
    let begin = match (asked, opened) {
        (true, _) => {
            format!("Somebody who looks after you on {organisation}’s induction site had this letter sent to you.")
        }
        (false, true) => {
            format!(
                "You can do some of {organisation}’s online-safety induction again from now on, so that it goes on counting."
            )
        }
        (false, false) => format!("Some of {organisation}’s online-safety induction waits for you."),
    };
    let mut before = vec![begin];
    before.extend(wanted(things));
    Words {
        subject: if opened {
            "Some of your online-safety induction can be done again"
        } else {
            "Something for your online-safety induction is due"
        }
        .to_owned(),
        name: name.to_owned(),
        before,
        action: Some(("See what is asked of you, and do it", format!("{base_url}/"))),
        after: vec![
            "If something is in your way, tell your tutor or manager: they can help. Once it is done, no more letters come about it."
                .to_owned(),
        ],
    }
}

/// What is wanted, in few lines, the nearest day first: what is wanted alike by the same day stands in one.
fn wanted(things: &[Reminded]) -> Vec<String> {
    let mut things: Vec<&Reminded> = things.iter().collect();
    things.sort_by_key(|one| (one.due_on, one.called));
    let mut lines: Vec<(&Reminded, Vec<NeutralName>)> = Vec::new();
    for one in things {
        match lines.iter_mut().find(|(first, _)| is_alike(first, one)) {
            Some((_, names)) => names.push(one.called),
            None => lines.push((one, vec![one.called])),
        }
    }
    let left_out: usize = lines.iter().skip(MOST_LINES).map(|(_, names)| names.len()).sum();
    let written = lines.iter().take(MOST_LINES);
    let written = written.map(|(first, names)| format!("{}: {}.", called(names), due(first, names.len() > 1)));
    let more = (left_out > 0).then(|| format!("And {left_out} more, which stand on your page."));
    written.chain(more).collect()
}

/// Whether the same is said of two, and they can be named together.
fn is_alike(one: &Reminded, other: &Reminded) -> bool {
    (one.due_on, one.occasion) == (other.due_on, other.occasion)
        && discriminant(&one.thing) == discriminant(&other.thing)
        && discriminant(&one.called) == discriminant(&other.called)
}

/// What several of a kind are called together, such as "Online safety, parts 1 to 3 and 5".
fn called(names: &[NeutralName]) -> String {
    let numbers = names.iter().filter_map(|name| match name {
        NeutralName::Part(number) | NeutralName::Agreement(number) => Some(*number),
        NeutralName::Other => None,
    });
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    match (names, &numbers[..]) {
        ([NeutralName::Part(_), ..], [_, _, ..]) => format!("Online safety, parts {}", listed(&runs(&numbers))),
        ([NeutralName::Agreement(_), ..], [_, _, ..]) => {
            format!("Online safety, agreements {}", listed(&runs(&numbers)))
        }
        ([one, ..], _) => one.to_string(),
        ([], _) => NeutralName::Other.to_string(),
    }
}

/// Numbers in their order, with three and more that follow one another as "1 to 3".
fn runs(numbers: &[usize]) -> Vec<String> {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let written = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        few => few.iter().map(ToString::to_string).collect(),
    });
    written.collect()
}

/// What is to be reviewed of somebody's. A page that leads there there is none: it is done where modules are written.
fn reviews(name: &str, things: &[ToReview], organisation: &str) -> Words {
    let line = |thing: &ToReview| {
        let facts = match thing.facts {
            0 => None,
            1 => Some("1 fact that it cites was to be checked by now".to_owned()),
            facts => Some(format!("{facts} facts that it cites were to be checked by now")),
        };
        let by = thing.by.map(|by| format!("it was to be reviewed by {}", date(by)));
        let said: Vec<String> = by.into_iter().chain(facts).collect();
        format!("{}: {}.", thing.title, said.join(", and "))
    };
    let mut before = vec![format!("Some of what you look after on {organisation}’s induction site is to be reviewed.")];
    before.extend(things.iter().map(line));
    Words {
        subject: "Something that you look after is to be reviewed".to_owned(),
        name: name.to_owned(),
        before,
        action: None,
        after: vec![
            "Whoever writes the modules sees each place with `induct check` and `induct check --facts`. This letter comes once a week, while something is to be reviewed."
                .to_owned(),
        ],
    }
}

/// How many people are late of whom somebody looks after, and since when: numbers alone, because others may read letters.
fn digest(name: &str, people: usize, groups: &[LateGroup], base_url: &str) -> Words {
    let late = |group: &LateGroup| {
        let (who, since) = match group.people {
            1 => ("1 person is late".to_owned(), "since"),
            several => (format!("{several} people are late"), "the longest since"),
        };
        let days = if group.days == 1 { "1 day".to_owned() } else { format!("{} days", group.days) };
        let since = group.since.map(|day| format!(", {since} {}, {days}", date(day))).unwrap_or_default();
        format!("{}: {who}{since}.", group.group)
    };
    let mut before = vec![format!(
        "Of the people whom you look after, {people} {} late with something.",
        if people == 1 { "is" } else { "are" }
    )];
    before.extend(groups.iter().map(late));
    Words {
        subject: "How your groups stand with their induction".to_owned(),
        name: name.to_owned(),
        before,
        action: Some(("See who they are", format!("{base_url}/matrix?status=overdue&status=expired"))),
        after: vec![
            "This letter names nobody, because others may read it. It comes once a week, while somebody is late."
                .to_owned(),
        ],
    }
}

/// By when one thing is wanted, or several alike, in words that follow what they are called.
fn due(one: &Reminded, several: bool) -> String {
    let by = date(one.due_on);
    let (it, is, has, was) =
        if several { ("them", "They are", "they have", "they were") } else { ("it", "It is", "it has", "it was") };
    match (&one.thing, one.occasion) {
        (Thing::Module(_), Occasion::Again) => format!("{has} changed, so please take {it} again by {by}"),
        (Thing::Agreement(_), Occasion::Again) => format!("{has} changed, so please read and sign {it} again by {by}"),
        (_, Occasion::Declined) => format!("you declined to sign {it}, and we ask you again. {is} due by {by}"),
        (Thing::Module(_), Occasion::WindowOpened) => format!("you can take {it} again now. {is} due by {by}"),
        (Thing::Agreement(_), Occasion::WindowOpened) => format!("you can sign {it} again now. {is} due by {by}"),
        // A letter may come a day later than it was written.
        (_, Occasion::DueToday) => format!("the last day is {by}"),
        (_, Occasion::Overdue) => format!("{was} due by {by}"),
        (_, Occasion::DueSoon) => format!("due by {by}"),
        (_, Occasion::Asked) => format!("wanted by {by}"),
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn moment(at: DateTime<Utc>) -> String {
    local(at).format("%-d %B %Y at %H:%M").to_string()
}

fn greeting(words: &Words) -> String {
    format!("Hello {},", words.name)
}

fn as_text(words: &Words, stop: Option<&str>, foot: &str) -> String {
    let mut text = format!("{}\n", greeting(words));
    for paragraph in &words.before {
        // What is written into a `String` is written.
        let _ = write!(text, "\n{paragraph}\n");
    }
    if let Some((label, address)) = &words.action {
        let _ = write!(text, "\n{label}:\n{address}\n");
    }
    for paragraph in &words.after {
        let _ = write!(text, "\n{paragraph}\n");
    }
    if let Some(address) = stop {
        let _ = write!(text, "\n{STOP}:\n{address}\n");
    }
    let _ = write!(text, "\n-- \n{foot}\n");
    text
}

fn as_html(words: &Words, stop: Option<&str>, subject: &str, foot: &str) -> String {
    let paragraph = |text: &str| format!("<p>{}</p>", escaped(text));
    let mut html = "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>".to_owned();
    html.push_str(&escaped(subject));
    html.push_str("</title></head><body style=\"font:16px/1.6 sans-serif;max-width:34em\">");
    html.push_str(&format!("<p dir=\"auto\">{}</p>", escaped(&greeting(words))));
    words.before.iter().for_each(|text| html.push_str(&paragraph(text)));
    if let Some((label, address)) = &words.action {
        let address = escaped(address);
        let _ = write!(html, "<p><a href=\"{address}\"><b>{}</b></a></p><p>{address}</p>", escaped(label));
    }
    words.after.iter().for_each(|text| html.push_str(&paragraph(text)));
    if let Some(address) = stop {
        let _ = write!(html, "<p><small><a href=\"{}\">{STOP}</a></small></p>", escaped(address));
    }
    let _ = write!(html, "<p><small>{}</small></p></body></html>", escaped(foot));
    html
}

/// A text as HTML writes it.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use model::ModuleSlug;

    use super::*;

    /// A part that is wanted by a day of December.
    fn part(number: usize, day: u32, occasion: Occasion) -> Reminded {
        Reminded {
            thing: Thing::Module(ModuleSlug::new(format!("part-{number}")).unwrap()),
            title: String::new(),
            called: NeutralName::Part(number),
            due_on: NaiveDate::from_ymd_opt(2026, 12, day).unwrap(),
            occasion,
        }
    }

    /// What a reminder says of these, a line each, in both forms alike.
    fn lines(things: Vec<Reminded>) -> Vec<String> {
        let about = LetterAbout::Reminder { name: "Amy".to_owned(), things };
        let letter = compose(&about, "Northfield", "https://induct.example", None);
        let said = |line: &&str| line.starts_with("Online safety") || line.starts_with("And ");
        let lines: Vec<String> = letter.text.lines().filter(said).map(str::to_owned).collect();
        assert_eq!(
            letter.html.matches("<p>Online safety").count() + letter.html.matches("<p>And ").count(),
            lines.len()
        );
        assert!(lines.iter().all(|line| letter.html.contains(&format!("<p>{line}</p>"))), "{}", letter.html);
        lines
    }

    #[test]
    fn what_is_wanted_alike_stands_in_one_line_and_the_nearest_day_first() {
        let mut things: Vec<Reminded> = [9, 4, 2, 6, 1, 3].map(|number| part(number, 14, Occasion::DueSoon)).to_vec();
        things.extend([part(7, 2, Occasion::Overdue), part(5, 2, Occasion::Overdue), part(8, 3, Occasion::Overdue)]);
        let agreement = |number| Reminded { called: NeutralName::Agreement(number), ..part(1, 14, Occasion::DueSoon) };
        things.extend([agreement(2), agreement(1)]);
        let expected = [
            "Online safety, parts 5 and 7: they were due by 2 December 2026.",
            "Online safety, part 8: it was due by 3 December 2026.",
            "Online safety, parts 1 to 4, 6 and 9: due by 14 December 2026.",
            "Online safety, agreements 1 and 2: due by 14 December 2026.",
        ];
        assert_eq!(lines(things), expected);
    }

    #[test]
    fn a_letter_is_short_however_much_is_wanted() {
        let mut things: Vec<Reminded> =
            (1..=8).zip(1..).map(|(day, number)| part(number, day, Occasion::DueSoon)).collect();
        things.push(part(9, 8, Occasion::DueSoon));
        let lines = lines(things);
        assert_eq!(lines.len(), 7);
        assert_eq!(lines[5], "Online safety, part 6: due by 6 December 2026.");
        assert_eq!(lines[6], "And 3 more, which stand on your page.");
    }

    #[test]
    fn a_reminder_does_not_say_what_a_module_is_about() {
        let one = Reminded {
            thing: Thing::Module(ModuleSlug::new("sharing-nudes").unwrap()),
            title: "Nudes and the law".to_owned(),
            called: NeutralName::Part(3),
            due_on: NaiveDate::from_ymd_opt(2026, 12, 4).unwrap(),
            occasion: Occasion::DueSoon,
        };
        let about = LetterAbout::Reminder { name: "Amy".to_owned(), things: vec![one] };
        let letter = compose(&about, "Northfield", "https://induct.example", None);
        assert!(letter.text.contains("Online safety, part 3: due by 4 December 2026."), "{}", letter.text);
        for said in [&letter.subject, &letter.text, &letter.html] {
            assert!(!said.to_lowercase().contains("nudes"), "{said}");
        }
    }

    #[test]
    fn managers_are_told_since_when_somebody_is_late() {
        let since = NaiveDate::from_ymd_opt(2026, 11, 3);
        let group = |group: &str, people| LateGroup { group: group.to_owned(), people, since, days: 27 };
        let groups = vec![group("Cohort A", 1), group("Cohort B", 2)];
        let about = LetterAbout::Digest { name: "Mina".to_owned(), people: 3, groups };
        let text = compose(&about, "Northfield", "https://induct.example", None).text;
        assert!(text.contains("Cohort A: 1 person is late, since 3 November 2026, 27 days."), "{text}");
        assert!(text.contains("Cohort B: 2 people are late, the longest since 3 November 2026, 27 days."), "{text}");
    }

    #[test]
    fn a_link_stands_in_both_forms_and_not_outside() {
        let until = Utc.with_ymd_and_hms(2026, 11, 30, 9, 0, 0).unwrap();
        let (name, secret) = ("Amy <Archer>".to_owned(), "feed".to_owned());
        let letter = compose(
            &LetterAbout::WayIn { name, secret, until, first: true },
            "Northfield",
            "https://induct.example",
            None,
        );
        assert_eq!(letter.subject, "Northfield: choose your password");
        assert!(letter.text.starts_with("Hello Amy <Archer>,\n"));
        assert!(letter.text.contains("\nhttps://induct.example/welcome/feed\n"), "{}", letter.text);
        assert!(letter.html.contains("Hello Amy &lt;Archer&gt;,"), "{}", letter.html);
        assert!(letter.html.contains("href=\"https://induct.example/welcome/feed\""), "{}", letter.html);
        assert!(letter.text.contains("30 November 2026 at 09:00"));
    }
}
