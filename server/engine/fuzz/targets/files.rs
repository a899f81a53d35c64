//! Any text, as any file of a module: the compiler says what is wrong with it, and never panics.
#![no_main]

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, LazyLock},
};

use chrono::NaiveDate;
use engine::content::{Sources, compile, draft, with_question_ids};
use libfuzzer_sys::fuzz_target;

/// The files that the first byte chooses from. The rest of the bytes stand in its place, in content that is good otherwise.
const FILES: [&str; 12] = [
    "modules/passwords/10-why.md",
    "modules/passwords/quiz.md",
    "modules/passwords/module.toml",
    "modules/phones/two-locks.svg",
    "agreements/house-rules.md",
    "programmes/welcome.toml",
    "organisation.toml",
    "facts.toml",
    "modules/links/cy/quiz.md",
    "modules/links/cy/module.toml",
    "modules/phones/lost.vtt",
    "modules/phones/lost.transcript.md",
];

static GOOD: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/content_good");
    let (sources, _) = Sources::read(&dir).expect("the good content can be read");
    sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let path = FILES[usize::from(*first) % FILES.len()];
    let mut files = GOOD.clone();
    if path.contains("lost.") {
        files.insert("modules/phones/20-watch.md".to_owned(), "# Watch\n\n![A lost phone](lost.webm)\n".to_owned());
        files.insert("modules/phones/lost.vtt".to_owned(), "WEBVTT\n\n00:00.000 --> 00:01.000\nA\n".to_owned());
        files.insert("modules/phones/lost.transcript.md".to_owned(), "A\n".to_owned());
    }
    files.insert(path.to_owned(), text.to_owned());
    let video: Arc<[u8]> = Arc::from(*include_bytes!("../../tests/media/one-second.webm"));
    let sources = Sources::from_files(files).with_media([("modules/phones/lost.webm", video)]);
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    for compiled in [compile(&sources, today), draft(&sources, today)] {
        for problem in &compiled.problems {
            assert!(problem.line >= 1 && problem.column >= 1, "{problem:?}");
        }
    }
    if path.ends_with("quiz.md")
        && let Some(with_ids) = with_question_ids(text)
    {
        assert_eq!(with_question_ids(&with_ids), None, "ids are written once");
    }
});
