//! Video and sound in pages: what is made of them, and what an author is told about those that have something wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
    sync::Arc,
};

use chrono::NaiveDate;
use engine::{
    Sha256Digest, TwinName,
    catalogue::{Block, Module},
    content::{Code, Compiled, Sources, compile, module_from_canonical},
    media::{MediaFormat, MediaPlace},
};
use model::ModuleSlug;

const PAGE: &str = "modules/help/10-asking.md";
const CAPTIONS: &str = "modules/help/asking.vtt";
const TRANSCRIPT: &str = "modules/help/asking.transcript.md";
const VIDEO: &str = "modules/help/asking.webm";
const SOUND: &str = "modules/help/voicemail.mp3";
const FACTS: &str = "facts.toml";

#[test]
fn good_media_has_no_problems() {
    assert_eq!(Case::good().problems(), "");
}

#[test]
fn a_page_shows_a_player_with_captions_and_a_transcript() {
    let module = Case::good().module();
    let html: Vec<_> = module.pages[0]
        .prose
        .blocks
        .iter()
        .map(|block| match block {
            Block::Html(html) => html.as_str(),
            Block::Help => "(help)",
        })
        .collect();
    insta::assert_snapshot!(html.join("\n"));
}

#[test]
fn a_fact_in_a_transcript_is_among_the_sources_of_its_page() {
    let facts = Case::good().module().pages[0].prose.facts.clone();
    assert_eq!(facts.iter().map(|fact| fact.id.as_str()).collect::<Vec<_>>(), ["childline"]);
}

#[test]
fn a_module_names_its_media_by_their_digests() {
    let compiled = Case::good().compiled();
    let module = &compiled.catalogue.modules[&slug()];
    insta::assert_debug_snapshot!(module.media);
    let (_, media) = module.canonical.json.split_once("\"media\":").expect("it names its media");
    insta::assert_snapshot!(media, @r#"{"asking.webm":{"bytes":2423,"seconds":1,"sha256":"9197d0a238338da44e9e2218f710810546343c706f708c2fe74c9027ab828398"},"voicemail.mp3":{"bytes":8640,"seconds":2,"sha256":"d3bbed8bfc37cad2ae47a6ffb603b4f1b8bbb79fa482743ae260a69878f66902"}},"slug":"help"}"#);
    let digests: BTreeSet<_> = module.media.iter().map(|media| media.name.sha256).collect();
    assert_eq!(compiled.catalogue.media.keys().copied().collect::<BTreeSet<_>>(), digests);
}

#[test]
fn a_module_with_media_is_rebuilt_from_its_canonical_form() {
    let module = Case::good().module();
    let rebuilt = module_from_canonical(&module.canonical.json).expect("it can be rebuilt");
    assert_eq!(format!("{rebuilt:?}"), format!("{module:?}"));
    let longer = module.canonical.json.replace("\"sha256\":\"", "\"sha256\":\"0");
    assert!(module_from_canonical(&longer).is_err());
}

#[test]
fn another_recording_or_other_captions_make_another_version() {
    let digest = |case: Case| case.module().canonical.sha256;
    let before = digest(Case::good());
    let mut louder = sound(60);
    louder[10] = 1;
    assert_ne!(digest(Case::good().with(SOUND, louder)), before);
    assert_ne!(digest(Case::good().changing(CAPTIONS, "Hello.", "Hello!")), before);
    assert_eq!(digest(Case::good()), before);
}

#[test]
fn a_module_without_media_is_what_it_always_was() {
    let module = Case::good().silent().module();
    assert!(module.media.is_empty() && !module.canonical.json.contains("media"));
    // Published versions are known by such digests, and must be found by them for ever.
    insta::assert_snapshot!(module.canonical.sha256, @"d1f80e20191a47b280c6158ea502508120deb4bd5b4081fc5cf289d3d8f0c51d");
}

#[test]
fn a_twin_plays_the_recording_of_its_module_with_words_of_its_own() {
    let module = Case::good().in_welsh().module();
    let welsh = module.in_words_of(twin("cy")).expect("it has a twin");
    let Block::Html(html) = &welsh.pages[0].prose.blocks[0] else { panic!("{welsh:?}") };
    let video = Sha256Digest::of(CLIP);
    let captions = module.media.iter().find(|media| media.file == "cy/asking.vtt").expect("they are kept").name;
    for part in [
        format!("src=\"/media/{video}.webm\""),
        format!("<track kind=\"captions\" src=\"/media/{captions}\" srclang=\"cy\" label=\"Cymraeg\" default>"),
        "Helo. Ffoniais <a href=\"tel:08001111\" dir=\"ltr\">0800 1111</a>".to_owned(),
    ] {
        assert!(html.contains(&part), "{part} in {html}");
    }
    let files: Vec<_> = module.media.iter().map(|media| media.file.as_str()).collect();
    assert_eq!(files, ["asking.vtt", "asking.webm", "cy/asking.vtt", "voicemail.mp3"]);
}

#[test]
fn a_twin_may_have_a_recording_of_its_own() {
    let case = Case::good().in_welsh().with("modules/help/cy/asking.webm", [CLIP, &[0xEC, 0x80]].concat());
    let compiled = case.compiled();
    assert_eq!(compiled.problems, []);
    let module = &compiled.catalogue.modules[&slug()];
    let own = module.media.iter().find(|media| media.file == "cy/asking.webm").expect("it is kept").name;
    assert_ne!(own.sha256, Sha256Digest::of(CLIP));
    assert!(format!("{:?}", module.twins).contains(&format!("/media/{own}")));
    assert!(compiled.catalogue.media.contains_key(&own.sha256));
    let rebuilt = module_from_canonical(&module.canonical.json).expect("it can be rebuilt");
    assert_eq!(format!("{rebuilt:?}"), format!("{module:?}"));
}

#[test]
fn easy_read_keeps_the_captions_of_what_is_said() {
    let module = Case::good().in_easy_read().module();
    let Block::Html(html) = &module.twins[&twin("easy-read")].pages[0].prose.blocks[0] else { panic!("{module:?}") };
    assert!(html.contains("srclang=\"en\"") && html.contains("Sam asks. Somebody helps."), "{html}");
}

#[test]
fn video_and_sound() {
    let mut said = String::new();
    let mut missing = Vec::new();
    for case in cases() {
        let problems = case.problems();
        if !problems.contains(&format!("{}[{}]", case.level, case.code)) {
            missing.push(format!("{}: {}\n{problems}", case.code, case.what));
        }
        writeln!(said, "{}\n{problems}\n", case.what).expect("a string can be written to");
    }
    assert!(missing.is_empty(), "expected but not said:\n{}", missing.join("\n\n"));
    insta::assert_snapshot!(said);
}

#[test]
fn every_code_has_a_case() {
    let tried: BTreeSet<&str> = cases().iter().map(|case| case.code).collect();
    let ours = |code: &&Code| ["caption", "media", "transcript"].iter().any(|word| code.name().contains(word));
    let missing: Vec<_> = Code::ALL.iter().filter(ours).filter(|code| !tried.contains(code.name())).collect();
    assert_eq!(missing, Vec::<&Code>::new());
}

fn cases() -> Vec<Case> {
    let good = Case::good;
    let list = "- Look: ![Sam](asking.webm)";
    vec![
        good().changing(PAGE, "(asking.webm)", "(asking.mp4)").says("unknown-media"),
        good().changing(PAGE, "(asking.webm)", "(../films/asking.webm)").says("unknown-media"),
        good().changing(PAGE, "![Sam asks for help]", "![]").says("missing-alt"),
        good().changing(PAGE, "(asking.webm)", "(asking.webm \"Sam\")").says("image-title"),
        good().changing(PAGE, "![Sam asks for help](asking.webm)", list).says("media-not-alone"),
        good().changing(PAGE, "![Sam asks for help](asking.webm)", "Look: ![Sam](asking.webm)").says("media-not-alone"),
        good().changing(TRANSCRIPT, "Sam sits", "![Sam](asking.webm)\n\nSam sits").says("media-not-alone"),
        good().changing(PAGE, "Sam asks", "{{fact:nobody}} asks").says("unknown-fact"),
        good().changing("modules/help/quiz.md", "No.", "![Sam](asking.webm)").says("image-not-here"),
        good().changing(PAGE, "\n![A message](voicemail.mp3)\n", "").a_warning().says("unused-media"),
        good().renaming(VIDEO, "modules/help/Asking.webm").says("bad-media-name"),
        good().renaming(VIDEO, "modules/help/films/asking.webm").says("unexpected-file"),
        good().renaming(VIDEO, "films/asking.webm").a_warning().says("unexpected-file"),
        good().renaming(VIDEO, "modules/help/asking.mp4").says("bad-media"),
        good().with(VIDEO, CLIP[..2000].to_vec()).says("bad-media"),
        good().with(VIDEO, Vec::new()).says("bad-media"),
        good().with(SOUND, vec![0; 20_000_001]).says("media-too-large"),
        good().without(CAPTIONS).says("missing-captions"),
        good().without(TRANSCRIPT).says("missing-transcript"),
        good().changing(TRANSCRIPT, "", "").emptied(TRANSCRIPT).says("empty-transcript"),
        good().changing(TRANSCRIPT, "Sam sits", "<b>Sam</b> sits").says("raw-html"),
        good().changing(TRANSCRIPT, "Sam sits", "## Sam\n\nSam sits").says("heading-not-here"),
        good().changing(TRANSCRIPT, "{{fact:childline}}", "{{fact:childlin}}").says("unknown-fact"),
        good()
            .without(VIDEO)
            .changing(PAGE, "![Sam asks for help](asking.webm)", "Sam.")
            .a_warning()
            .says("unused-media"),
        good().changing(CAPTIONS, "WEBVTT", "WebVTT").says("bad-captions"),
        good().changing(CAPTIONS, "WEBVTT", "WEBVTTS").says("bad-captions"),
        good().changing(CAPTIONS, "WEBVTT", "\nWEBVTT").says("bad-captions"),
        good().changing(CAPTIONS, "WEBVTT\n\nNOTE made for tests\n\n", "WEBVTT\n").says("bad-captions"),
        good().changing(CAPTIONS, "00:00.000 -->", "00:00,000 -->").says("bad-captions"),
        good().changing(CAPTIONS, "--> 00:00.400", "--> 0.4").says("bad-captions"),
        good().changing(CAPTIONS, "--> 00:00.400", "-->").says("bad-captions"),
        good().changing(CAPTIONS, "Hello.", "Hello.\n00:00.100 --> 00:00.200").says("bad-captions"),
        good().changing(CAPTIONS, "Hello.\n\n", "Hello.\n\nSTYLE\n::cue { color: red }\n\n").says("bad-captions"),
        good().emptied(CAPTIONS).says("bad-captions"),
        good().changing(CAPTIONS, "Hello.", "<v Sam> </v>").says("caption-without-text"),
        good().changing(CAPTIONS, "Hello.\n", "").says("caption-without-text"),
        good().changing(CAPTIONS, "Hello.", "Hello {{fact:childline}}.").says("fact-not-here"),
        good().changing(CAPTIONS, "00:00.000 --> 00:00.400", "00:00.400 --> 00:00.400").says("caption-times"),
        good().changing(CAPTIONS, "--> 00:00.400", "--> 00:00.500").says("caption-times"),
        good().changing(CAPTIONS, "--> 00:01.000", "--> 01:01.000").says("caption-times"),
        good().in_welsh().without("modules/help/cy/asking.vtt").says("missing-captions"),
        good().in_welsh().without("modules/help/cy/asking.transcript.md").says("missing-transcript"),
        good().in_welsh().changing("modules/help/cy/asking.vtt", "WEBVTT", "VTT").says("bad-captions"),
        good().in_welsh().changing("modules/help/cy/asking.transcript.md", "Helo", "<b>Helo</b>").says("raw-html"),
        good().in_welsh().with("modules/help/cy/films/asking.webm", CLIP.to_vec()).says("unexpected-file"),
        good().in_welsh().with("modules/help/cy/other.mp3", sound(60)).says("missing-transcript"),
        good().in_easy_read().without("modules/help/easy-read/asking.transcript.md").says("missing-transcript"),
    ]
}

#[test]
fn nothing_in_captions_or_a_transcript_panics() {
    for path in [CAPTIONS, TRANSCRIPT] {
        let text = Case::good().texts[path].clone();
        for (end, _) in text.char_indices() {
            for ending in ["", "\n\n", " --> ", "é", "{{", "<"] {
                let mut case = Case::good();
                case.texts.insert(path.to_owned(), format!("{}{ending}", &text[..end]));
                case.compiled();
            }
        }
    }
}

#[test]
fn nothing_in_a_file_panics() {
    for (path, bytes) in [(VIDEO, CLIP.to_vec()), (SOUND, sound(60))] {
        for at in 0..bytes.len().min(400) {
            for byte in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] = byte;
                Case::good().with(path, bytes).compiled();
            }
        }
    }
}

#[test]
fn files_are_left_on_the_disk_and_read_again_only_when_they_change() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("content_media");
    let good = Case::good();
    for (path, text) in &good.texts {
        fs::create_dir_all(dir.join(path).parent().expect("a folder")).expect("it can be made");
        fs::write(dir.join(path), text).expect("it can be written");
    }
    for (path, bytes) in &good.media {
        fs::write(dir.join(path), bytes).expect("it can be written");
    }
    let (sources, problems) = Sources::read(&dir).expect("it can be read");
    assert_eq!(problems, []);
    let compiled = compile(&sources, today());
    assert_eq!(compiled.problems, []);
    let video = Sha256Digest::of(CLIP);
    assert_eq!(compiled.catalogue.media[&video], MediaPlace::File(dir.join(VIDEO)));
    assert_eq!(compiled.catalogue.modules[&slug()].canonical, good.module().canonical);

    let (again, _) = sources.read_again(&dir).expect("it can be read again");
    assert_eq!(again, sources);
    fs::write(dir.join(SOUND), sound(61)).expect("it can be written");
    let (changed, _) = sources.read_again(&dir).expect("it can be read again");
    let changed = compile(&changed, today()).catalogue;
    assert!(changed.media.contains_key(&Sha256Digest::of(&sound(61))), "{changed:?}");
}

#[test]
fn formats_are_known_by_their_endings() {
    let formats: Vec<_> = ["a.mp4", "a.webm", "a.m4a", "a.mp3", "a.vtt", "a.MP4", "a.mov", "mp4", ""]
        .map(|file| MediaFormat::of_file(file).map(MediaFormat::media_type))
        .into();
    insta::assert_compact_debug_snapshot!(formats, @r#"[Some("video/mp4"), Some("video/webm"), Some("audio/mp4"), Some("audio/mpeg"), Some("text/vtt"), None, None, None, None]"#);
}

static CLIP: &[u8] = include_bytes!("../media/one-second.webm");

/// Silence: each of these frames plays for 36 milliseconds.
fn sound(frames: usize) -> Vec<u8> {
    [&[0xFF, 0xFB, 0x18, 0xC0][..], &[0; 140]].concat().repeat(frames)
}

fn slug() -> ModuleSlug {
    ModuleSlug::new("help").expect("a name")
}

fn twin(name: &str) -> TwinName {
    TwinName::new(name).expect("a name")
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

/// Content with one thing that is wrong, and what the compiler calls it.
struct Case {
    code: &'static str,
    level: &'static str,
    what: String,
    texts: BTreeMap<String, String>,
    media: BTreeMap<String, Vec<u8>>,
}

impl Case {
    fn good() -> Self {
        let texts = TEXTS.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let media = [(VIDEO.to_owned(), CLIP.to_vec()), (SOUND.to_owned(), sound(60))].into();
        Self { code: "", level: "error", what: String::new(), texts, media }
    }

    fn silent(mut self) -> Self {
        self.media.clear();
        self.texts.retain(|path, _| !path.ends_with(".vtt") && !path.ends_with(".transcript.md") && path != FACTS);
        self.texts.insert(PAGE.to_owned(), "# Asking\n\nAsk.\n".to_owned());
        self
    }

    fn in_welsh(self) -> Self {
        let captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nHelo.\n";
        let page = "# Gofyn\n\n![Sam yn gofyn](asking.webm)\n";
        self.with_twin(
            "cy",
            page,
            "**Sam:** Helo. Ffoniais {{fact:childline}}.\n",
            ["Wyt ti?", "Ydw", "Da.", "Na", "Na."],
        )
        .and("modules/help/cy/asking.vtt", captions)
    }

    fn in_easy_read(self) -> Self {
        let page = "# Asking\n\n![Sam asks](asking.webm)\n";
        self.with_twin(
            "easy-read",
            page,
            "Sam asks. Somebody helps.\n",
            ["Do you ask?", "Yes", "Good.", "Not me", "No."],
        )
    }

    fn with_twin(self, name: &str, page: &str, transcript: &str, words: [&str; 5]) -> Self {
        let [question, right, good, wrong, bad] = words;
        let quiz =
            format!("## {question}\n<!-- id: ask -->\n\n1. [x] {right}\n   > {good}\n2. [ ] {wrong}\n   > {bad}\n");
        let mut case = self.changing(
            "modules/help/module.toml",
            "languages = [\"en\"]",
            &format!("languages = [\"en\", \"{name}\"]"),
        );
        case.what.clear();
        let folder = format!("modules/help/{name}");
        case.and(
            &format!("{folder}/module.toml"),
            "title = \"A\"\nsummary = \"B\"\noutcomes = [\"C\"]\nreviewed = 2026-11-22\n",
        )
        .and(&format!("{folder}/10-asking.md"), page)
        .and(&format!("{folder}/asking.transcript.md"), transcript)
        .and(&format!("{folder}/quiz.md"), &quiz)
    }

    fn and(mut self, path: &str, text: &str) -> Self {
        self.texts.insert(path.to_owned(), text.to_owned());
        self
    }

    fn says(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    fn a_warning(self) -> Self {
        Self { level: "warning", ..self }
    }

    fn did(mut self, what: &str) -> Self {
        let and = if self.what.is_empty() { "" } else { "; " };
        self.what.push_str(and);
        self.what.push_str(what);
        self
    }

    fn changing(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = self.texts.get_mut(path).expect("the file is there");
        assert!(text.contains(from), "{path} does not contain {from:?}");
        *text = text.replacen(from, to, 1);
        if from == to { self } else { self.did(&format!("{path}: {from:?} -> {to:?}")) }
    }

    fn emptied(mut self, path: &str) -> Self {
        self.texts.insert(path.to_owned(), if path == CAPTIONS { "WEBVTT\n" } else { " \n" }.to_owned());
        self.did(&format!("{path} emptied"))
    }

    fn with(mut self, path: &str, bytes: Vec<u8>) -> Self {
        let what = format!("{path} with {} bytes", bytes.len());
        self.media.insert(path.to_owned(), bytes);
        self.did(&what)
    }

    fn without(mut self, path: &str) -> Self {
        self.texts.remove(path);
        self.media.remove(path);
        self.did(&format!("{path} taken away"))
    }

    fn renaming(mut self, from: &str, to: &str) -> Self {
        let bytes = self.media.remove(from).expect("the file is there");
        self.media.insert(to.to_owned(), bytes);
        self.did(&format!("{from} renamed to {to}"))
    }

    fn compiled(&self) -> Compiled {
        let media = self.media.iter().map(|(path, bytes)| (path.clone(), Arc::from(bytes.as_slice())));
        compile(&Sources::from_files(self.texts.clone()).with_media(media), today())
    }

    fn problems(&self) -> String {
        let shown: Vec<_> = self.compiled().problems.iter().map(ToString::to_string).collect();
        shown.join("\n")
    }

    fn module(&self) -> Arc<Module> {
        let compiled = self.compiled();
        assert_eq!(compiled.problems, []);
        Arc::clone(&compiled.catalogue.modules[&slug()])
    }
}

const TEXTS: [(&str, &str); 8] = [
    (
        "organisation.toml",
        "name = \"Northfield\"\n[[audience]]\nid = \"learner\"\none = \"a learner\"\nmany = \"learners\"\nreading_age = 13\n\
         [[audience]]\nid = \"staff\"\none = \"a member of staff\"\nmany = \"staff\"\n\
         [contact]\nphone = \"0800 1111\"\n",
    ),
    (
        FACTS,
        "[[fact]]\nid = \"childline\"\ntext = \"0800 1111\"\nsource = \"Childline\"\nedition = \"website\"\n\
         checked = 2026-11-22\nreview_by = 2027-09-01\n",
    ),
    (
        "modules/help/module.toml",
        "title = \"Help\"\nsummary = \"How to ask.\"\naudience = [\"learner\"]\nminutes = 5\nedition = 1\n\
         valid_for = \"12 months\"\nlanguages = [\"en\"]\nowner = \"Somebody\"\nreviewed = 2026-11-01\n\
         review_by = 2027-11-01\noutcomes = [\"Ask for help\"]\n",
    ),
    (PAGE, "# Asking\n\n![Sam asks for help](asking.webm)\n\n![A message](voicemail.mp3)\n"),
    (
        CAPTIONS,
        "WEBVTT\n\nNOTE made for tests\n\n00:00.000 --> 00:00.400\nHello.\n\n00:00.400 --> 00:01.000\n[a door closes]\n",
    ),
    (TRANSCRIPT, "Sam sits on a step.\n\n**Sam:** Hello. I called {{fact:childline}}.\n"),
    ("modules/help/voicemail.transcript.md", "**Sam:** Call me back, please.\n"),
    (
        "modules/help/quiz.md",
        "---\npass: 80%\ndraw: 1\nattempts: 3\ncooldown: 10m\n---\n\n## Do you ask?\n<!-- id: ask; page: asking -->\n\n\
         1. [x] Yes\n   > Good.\n2. [ ] Not me\n   > No.\n",
    ),
];
