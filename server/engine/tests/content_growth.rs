//! The compiler's work grows with what it reads, and no faster: a text of four times the length takes about four times the work,
//! whatever is wrong with it.

use std::{
    collections::BTreeMap,
    hint::black_box,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::NaiveDate;
use engine::{
    content::{Sources, compile, draft, mended_file, with_question_ids},
    gift::import_gift,
};
use rustix::time::{ClockId, clock_gettime};

const PAGE: &str = "modules/passwords/10-why.md";
const LOST: &str = "modules/phones/10-lost.md";
const QUIZ: &str = "modules/passwords/quiz.md";
const WELSH: &str = "modules/links/cy/quiz.md";
const FACTS: &str = "facts.toml";
const ORGANISATION: &str = "organisation.toml";
const PROGRAMME: &str = "programmes/welcome.toml";
const CAPTIONS: &str = "modules/phones/lost.vtt";

/// Makes a text of about so many bytes.
type Text = Box<dyn Fn(usize) -> String>;

/// Long enough for what is quadratic to stand out in a build without optimisation.
const SHORT: usize = 16 * 1024;
/// For what takes less time.
const LONGER: usize = 64 * 1024;
/// Work that grows with the length is 4 times as much for 4 times the text, and work that grows with its square 16 times.
const MOST: f64 = 9.0;

/// The time of the processor is that of all threads of this process, so only one test works at a time, and no other stands in this program.
static WORKING: Mutex<()> = Mutex::new(());

#[test]
fn hostile_files_take_no_more_than_their_length() {
    let settings = "---\npass: 80%\ndraw: 1\nattempts: 1\ncooldown: 1m\n---\n";
    let question =
        |number: usize| format!("## Q\n<!-- id: q-{number}; page: why; pool: p-{number} -->\n\n1. [x] a\n2. [ ] b\n\n");
    let cases: Vec<(&str, &str, Text)> = vec![
        (PAGE, "equal headings", repeated("# T\n\n", "## a\n")),
        (PAGE, "bad links", repeated("# T\n\n", "[a](b.md) ")),
        (PAGE, "wrong images", repeated("# T\n\n", "![a](b.svg)\n\n")),
        (LOST, "good images", repeated("# T\n\n", "![a](two-locks.svg)\n\n")),
        (PAGE, "unknown facts", repeated("# T\n\n", "{{fact:ab}} ")),
        (PAGE, "facts", repeated("# T\n\n", "{{fact:shortest-password}} ")),
        (PAGE, "braces that stay open", repeated("# T\n\n", "{{ ")),
        (PAGE, "raw HTML", repeated("# T\n\n", "<b> ")),
        (PAGE, "comments that stay open", repeated("# T\n\n", "<!-- ")),
        (PAGE, "tables", repeated("# T\n\n", "| a |\n| - |\n| b | c |\n\n")),
        (PAGE, "a table", repeated("# T\n\n| a |\n| - |\n", "| b | c |\n")),
        (PAGE, "scenarios", repeated("# T\n\n", "```scenario\na\n```\n")),
        (PAGE, "odd blanks", repeated("# T\n\n", "-\u{a0}a\n")),
        (PAGE, "odd blanks in a line", repeated("# T\n\n", "\u{a0}\u{200b}")),
        (PAGE, "nested quotations", repeated("# T\n\n", "> ")),
        (PAGE, "call-outs", repeated("# T\n\n", "> [!NOTES]\n\n")),
        (PAGE, "emphasis", repeated("# T\n\n", "*a **b ")),
        (QUIZ, "equal questions", repeated(settings, "## a\n")),
        (QUIZ, "equal options", repeated(&format!("{settings}\n## a\n\n"), "- [ ] a\n")),
        (QUIZ, "feedback", repeated(&format!("{settings}\n## a\n\n"), "10. [ ] a\n > b\n")),
        (QUIZ, "foreign boxes", repeated(&format!("{settings}\n## a\n\n"), "- (x) a\n")),
        (QUIZ, "comments that stay open", repeated(settings, "<!-- ")),
        (QUIZ, "an order", repeated(&format!("{settings}\n## a\n\n"), "1. a\n")),
        (QUIZ, "pairs", repeated(&format!("{settings}\n## a\n\n| a | b |\n| - | - |\n"), "| a | b |\n")),
        (QUIZ, "answers", repeated(&format!("{settings}\n## a\n\n**Answer:** a"), " / a")),
        (QUIZ, "variants", repeated(&format!("{settings}\n## a\n\n- [x] a\n"), "### Variant\n- [x] a\n")),
        (QUIZ, "keys of a comment", repeated(&format!("{settings}\n## a\n<!--"), " a: b;")),
        (
            QUIZ,
            "pools",
            Box::new(move |length| {
                let questions: String = (0..length / 64).map(question).collect();
                let pools: String = (0..length / 64).map(|number| format!("  o-{number}: 1\n")).collect();
                settings.replace("draw: 1\n", &format!("draw: 1\npools:\n{pools}")) + &questions
            }),
        ),
        (
            WELSH,
            "unknown questions",
            Box::new(|length| {
                (0..length / 64).map(|number| format!("## Q\n<!-- id: q-{number} -->\n\n1. a\n2. b\n\n")).collect()
            }),
        ),
        (FACTS, "facts without anything", repeated("", "[[fact]]\n")),
        (
            FACTS,
            "equal facts",
            repeated(
                "",
                "[[fact]]\nid = \"a\"\ntext = \"a\"\nsource = \"b\"\nedition = \"c\"\nreview_by = 2027-01-01\n",
            ),
        ),
        (FACTS, "no TOML", repeated("", "a b\n")),
        (ORGANISATION, "roles", repeated("name = \"a\"\n", "[[role]]\nid = \"a\"\ntitle = \"b\"\nemail = \"c@d.e\"\n")),
        (
            PROGRAMME,
            "modules",
            Box::new(|length| {
                let modules: Vec<String> = (0..length / 8).map(|number| format!("\"m-{number}\"")).collect();
                format!(
                    "title = \"a\"\nsummary = \"b\"\naudience = [\"staff\"]\ndue_days = 1\nmodules = [{}]\n",
                    modules.join(", ")
                )
            }),
        ),
        (CAPTIONS, "captions", repeated("WEBVTT\n\n", "00:00.000 --> 00:00.000\n\n")),
    ];
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let mut slow = Vec::new();
    for (path, what, text) in cases {
        let run = |length| {
            let mut files = good();
            files.insert(path.to_owned(), text(length));
            let sources = Sources::from_files(files);
            black_box(compile(&sources, today));
            black_box(draft(&sources, today));
        };
        let growth = growth(SHORT, run);
        if growth > MOST {
            slow.push(format!("{what} in {path}: {growth:.1}"));
        }
    }
    assert!(slow.is_empty(), "four times the text takes so many times the work: {slow:#?}");
}

#[test]
fn writing_ids_and_mending_take_no_more_than_the_length() {
    let quiz = repeated("---\npass: 80%\n---\n\n", "## a\n");
    let ids = growth(LONGER, |length| drop(black_box(with_question_ids(&quiz(length)))));
    assert!(ids <= MOST, "{ids}");
    let slips = repeated("", "-\u{a0}a\n");
    let mended = growth(LONGER, |length| drop(black_box(mended_file("modules/a/quiz.md", &slips(length)))));
    assert!(mended <= MOST, "{mended}");
}

#[test]
fn hostile_gift_takes_no_more_than_its_length() {
    let mut slow = Vec::new();
    for (what, text) in [
        ("equal questions", repeated("", "a {T}\n\n")),
        ("equal questions whose answers are typed", repeated("", "a {=b}\n\n")),
        ("questions that give one another away", repeated("", "a b {=a}\n\n")),
        ("pairs", repeated("a {=a -> b", " =a -> b")),
        ("options", repeated("a {=a", " ~a")),
        ("answers", repeated("a {=a", " =a")),
        ("comments that stay open", repeated("[html]", "<!-- ")),
        ("tags that stay open", repeated("[html]", "<a \"")),
        ("broken questions", repeated("", "a {\n\n")),
        ("categories", repeated("", "$CATEGORY: a\n\n")),
    ] {
        let growth = growth(LONGER, |length| drop(black_box(import_gift("a.gift", text(length).as_bytes()))));
        if growth > MOST {
            slow.push(format!("{what}: {growth:.1}"));
        }
    }
    assert!(slow.is_empty(), "four times the text takes so many times the work: {slow:#?}");
}

/// How many times as much of the processor's time a text of four times the length takes, at best of a few tries. Whatever else the machine does
/// counts for nothing in it, but that caches are shared.
fn growth(short: usize, run: impl Fn(usize)) -> f64 {
    const TRIES: u32 = 10;
    let _alone = WORKING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut best = [Duration::MAX; 2];
    let mut ratio = f64::MAX;
    for _ in 0..TRIES {
        for (best, length) in best.iter_mut().zip([short, 4 * short]) {
            let start = worked();
            run(length);
            *best = (worked() - start).min(*best);
        }
        ratio = best[1].as_secs_f64() / best[0].as_secs_f64();
        if ratio <= MOST {
            break;
        }
    }
    ratio
}

/// For how long the processor has worked for this process.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("a process works for no time below none")
}

/// A text of some length, which begins with the one and repeats the other.
fn repeated(begin: &str, again: &str) -> Box<dyn Fn(usize) -> String> {
    let (begin, again) = (begin.to_owned(), again.to_owned());
    Box::new(move |length| format!("{begin}{}\n", again.repeat(length / again.len())))
}

fn good() -> BTreeMap<String, String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content_good");
    let (sources, _) = Sources::read(&dir).expect("the good content can be read");
    sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}
