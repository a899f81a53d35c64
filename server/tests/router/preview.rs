//! The preview over its real router, on a folder that changes while it is looked at.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use chrono::NaiveDate;
use engine::{
    Actor, Engine, NewPerson, Republish, Store, SystemChance, SystemClock,
    catalogue::Audience,
    content::{Sources, compile},
    local_date,
};
use server::{
    AppState,
    preview::{ListenError, Preview, listen},
    router,
    settings::Settings,
};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

const PAGE: &str = "modules/locks/10-what-they-do.md";
const QUIZ: &str = "modules/locks/quiz.md";

const WELSH_PAGE: &str = "modules/keys/cy/20-then.md";
const WELSH_QUIZ: &str = "modules/keys/cy/quiz.md";

const FILES: [(&str, &str); 15] = [
    (
        "organisation.toml",
        "name = \"Northfield\"\n[[audience]]\nid = \"learner\"\none = \"a learner\"\nmany = \"learners\"\nreading_age = 13\n\
         [[audience]]\nid = \"staff\"\none = \"a member of staff\"\nmany = \"staff\"\n",
    ),
    ("facts.toml", ""),
    (
        "modules/locks/module.toml",
        "title = \"Locks\"\nsummary = \"What locks are for.\"\naudience = [\"staff\"]\nminutes = 5\nedition = 1\n\
         valid_for = \"12 months\"\nlanguages = [\"en\"]\nowner = \"Somebody\"\nreviewed = 2026-11-01\n\
         review_by = 2999-11-01\noutcomes = [\"Lock a phone\"]\n",
    ),
    (PAGE, "# What they do\n\nFirst words.\n\nLast words.\n"),
    ("modules/locks/20-then.md", "# Then\n\nMore words.\n"),
    (
        QUIZ,
        "---\npass: 80%\ndraw: 1\nattempts: 3\ncooldown: 10m\n---\n\n## Do you lock it?\n\
         <!-- id: lock; page: what-they-do; weight: 2 -->\n\n1. [x] I do\n   > Feedback for yes.\n2. [ ] I don't\n   \
         > Feedback for no. <!-- misconception: nobody-looks -->\n\n> **Why:** somebody may look.\n\n### Variant\n\n\
         Is it locked?\n\n1. [ ] Perhaps\n   > Look.\n2. [x] Surely\n   > Good.\n",
    ),
    (
        "modules/keys/module.toml",
        "title = \"Keys\"\nsummary = \"What keys are for.\"\naudience = [\"learner\"]\nminutes = 5\nedition = 1\n\
         valid_for = \"12 months\"\nlanguages = [\"en\", \"cy\"]\nowner = \"Somebody\"\nreviewed = 2026-11-01\n\
         review_by = 2999-11-01\noutcomes = [\"Keep a key\"]\n",
    ),
    ("modules/keys/10-what.md", "# What keys do\n\nA key opens.\n"),
    ("modules/keys/20-then.md", "# And then\n\nKeep it.\n"),
    (
        "modules/keys/quiz.md",
        "---\npass: 80%\ndraw: 1\nattempts: 3\ncooldown: 10m\n---\n\n## A key opens.\n<!-- id: opens; page: what -->\n\n\
         1. [x] True\n2. [ ] False\n   > It does.\n",
    ),
    (
        "modules/keys/cy/module.toml",
        "title = \"Allweddi\"\nsummary = \"Beth mae allweddi'n ei wneud.\"\noutcomes = [\"Cadw allwedd\"]\n",
    ),
    ("modules/keys/cy/10-what.md", "# Beth mae allweddi'n ei wneud\n\nMae allwedd yn agor.\n"),
    (WELSH_PAGE, "# Ac yna\n\nCadwch hi.\n\nDiolch.\n"),
    (WELSH_QUIZ, "## Mae allwedd yn agor.\n<!-- id: opens -->\n\n1. [x] Gwir\n2. [ ] Anghywir\n   > Ydy, mae.\n"),
    (
        "agreements/rules.md",
        "---\ntitle: House rules\naudience: [staff]\nrequires: [locks]\nstatement: I agree.\nsummary:\n  - Rules\n\
         versions:\n  - version: \"1\"\n    date: 2026-11-01\n    change: First\n    lead: Somebody\n    \
         reviewed: 2026-11-01\n    next_review: 2999-11-01\n---\n\n1. Lock it.\n",
    ),
];

/// A folder of content, and its preview.
struct Author {
    dir: PathBuf,
    router: Router,
}

impl Author {
    fn of(test: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("preview").join(test);
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        for (path, text) in FILES {
            fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
            fs::write(dir.join(path), text).unwrap();
        }
        let router = Preview::of(dir.clone()).unwrap().router();
        Self { dir, router }
    }

    /// Saves a file with some words in the place of others, and waits until the preview has noticed.
    async fn rewrites(&self, path: &str, words: &str, others: &str) {
        let before = fs::read_to_string(self.dir.join(path)).unwrap();
        assert!(before.contains(words));
        let shown = self.number().await;
        fs::write(self.dir.join(path), before.replace(words, others)).unwrap();
        self.waits_for_another_than(shown).await;
    }

    /// Takes a file away, and waits until the preview has noticed.
    async fn takes_away(&self, path: &str) {
        let shown = self.number().await;
        fs::remove_file(self.dir.join(path)).unwrap();
        self.waits_for_another_than(shown).await;
    }

    async fn waits_for_another_than(&self, shown: u64) {
        let changed = timeout(Duration::from_secs(1), self.asks("GET", &format!("/changed?since={shown}"), "")).await;
        assert_eq!(changed.expect("a change is noticed within a second").0, StatusCode::OK);
    }

    /// Which state the pages show.
    async fn number(&self) -> u64 {
        let page = self.opens("/").await;
        let (_, after) = page.split_once("data-shown=\"").unwrap();
        after.split('"').next().unwrap().parse().unwrap()
    }

    async fn asks(&self, method: &str, address: &str, host: &str) -> (StatusCode, String, String) {
        let mut request = Request::builder().method(method).uri(address);
        if !host.is_empty() {
            request = request.header(header::HOST, host);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let location = response.headers().get(header::LOCATION).map_or("", |location| location.to_str().unwrap());
        let location = location.to_owned();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, location, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Opens a page again and again until it shows something, which may take a second.
    async fn opens_until(&self, address: &str, text: &str) -> String {
        for _ in 0..40 {
            let page = self.opens(address).await;
            if page.contains(text) {
                return page;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{address} does not come to show {text}");
    }

    async fn opens(&self, address: &str) -> String {
        let (status, _, body) = self.asks("GET", address, "127.0.0.1:3001").await;
        assert_eq!(status, StatusCode::OK, "{address}");
        body
    }
}

/// Whether some texts stand in a page in this order.
fn stand_in_order(page: &str, texts: &[&str]) -> bool {
    let mut rest = page;
    texts.iter().all(|text| match rest.split_once(text) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[tokio::test]
async fn what_is_saved_shows_within_a_second() {
    let author = Author::of("saved");
    assert!(author.opens("/modules/locks/what-they-do").await.contains("Last words."));
    author.rewrites(PAGE, "Last words.", "Other words.").await;
    let page = author.opens("/modules/locks/what-they-do").await;
    assert!(page.contains("Other words.") && !page.contains("Last words."));
}

#[tokio::test]
async fn a_video_is_played_from_the_folder() {
    let author = Author::of("video");
    let clip = include_bytes!("../../engine/tests/media/one-second.webm");
    let folder = author.dir.join("modules/locks");
    fs::write(folder.join("closing.webm"), clip).unwrap();
    fs::write(folder.join("closing.transcript.md"), "A lock closes.\n").unwrap();
    fs::write(author.dir.join(PAGE), "# What they do\n\n![A lock closes](closing.webm)\n").unwrap();
    let page = author.opens_until("/modules/locks/what-they-do", "<video").await;
    assert!(
        stand_in_order(&page, &["<video controls", "Video: A lock closes (1 second, 3 KB).", "A lock closes."]),
        "{page}"
    );
    let (_, rest) = page.split_once(" src=\"/media/").unwrap();
    let address = format!("/media/{}", rest.split_once('"').unwrap().0);
    let request = Request::get(&address).header(header::RANGE, "bytes=10-").body(Body::empty()).unwrap();
    let response = author.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "video/webm");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(to_bytes(response.into_body(), usize::MAX).await.unwrap(), clip[10..]);

    // Without captions nothing is published, and the author is told so on the module's page.
    assert!(!page.contains("<track"));
    assert!(author.opens("/modules/locks").await.contains("modules/locks/closing.vtt:1:1"));
    let captions = "WEBVTT\n\n00:00.000 --> 00:01.000\n[A click]\n";
    fs::write(folder.join("closing.vtt"), captions).unwrap();
    let page = author.opens_until("/modules/locks/what-they-do", "<track").await;
    let (_, rest) = page.split_once("<track kind=\"captions\" src=\"").unwrap();
    let (status, _, text) = author.asks("GET", rest.split_once('"').unwrap().0, "127.0.0.1:3001").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, captions));
    let (status, ..) = author.asks("GET", &format!("/media/{}.webm", "0".repeat(64)), "127.0.0.1:3001").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_provider_has_its_own_colours_and_logo() {
    let author = Author::of("look");
    let plain = author.opens("/").await;
    assert!(!plain.contains("/assets/look-") && !plain.contains("site-logo"), "{plain}");
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\"><path fill=\"#7a1f5c\" d=\"M0 0h60v20z\"/></svg>";
    fs::write(author.dir.join("logo.svg"), logo).unwrap();
    let look = "name = \"Northfield\"\n[look]\naccent = \"#7a1f5c\"\naccent_dark = \"#f0a6d4\"\nlogo = \"logo.svg\"\n\
                [contact]\nphone = \"01632 960100\"\n";
    author.rewrites("organisation.toml", "name = \"Northfield\"\n", look).await;
    let page = author.opens_until("/", "site-logo").await;
    let address = |beginning: &str| {
        let (_, rest) = page.split_once(&format!("\"/assets/{beginning}")).unwrap();
        format!("/assets/{beginning}{}", rest.split('"').next().unwrap())
    };
    assert_eq!(author.opens(&address("logo-")).await, logo);
    assert!(page.contains("width=\"768\" height=\"256\" alt=\"\""), "its room is kept free: {page}");
    let sheet = author.opens(&address("look-")).await;
    assert!(sheet.contains("--accent:#7a1f5c") && sheet.contains("--accent:#f0a6d4"), "{sheet}");
    assert!(
        stand_in_order(&page, &["<link rel=\"stylesheet\" href=\"/assets/induct", "/assets/look-"]),
        "it comes later"
    );
    assert!(stand_in_order(&page, &["<footer", "Contact Northfield", "tel:01632960100", "uses Induct"]), "{page}");
    // What cannot be read stays as it was, and it is said with what was measured.
    author.rewrites("organisation.toml", "#7a1f5c", "#ff8800").await;
    let help = author.opens_until("/help", "cannot be read well").await;
    assert!(help.contains("its contrast is 2.") && help.contains("The nearest that can be read is"), "{help}");
}

#[tokio::test]
async fn a_problem_stands_below_the_text_that_it_is_about() {
    let author = Author::of("problems");
    let clean = author.opens("/modules/locks/what-they-do").await;
    assert!(clean.contains(": no problems") && !clean.contains("class=\"callout"));
    author.rewrites(PAGE, "First words.", "First [words](nowhere.md).").await;
    let page = author.opens("/modules/locks/what-they-do").await;
    let place = format!("{PAGE}:3:7");
    assert!(stand_in_order(
        &page,
        &["<h1>", "First", "Error", "First [words](nowhere.md).", "^", &place, "Last words."]
    ));
    // At the top stands how many there are, and the way to the first.
    let (_, from) = page.split_once("href=\"#problem-").expect("there is a way to it");
    let (id, _) = from.split_once('"').expect("it has an end");
    assert!(page.contains("1 error ↓") && page.contains(&format!("id=\"problem-{id}\"")), "{id}: {page}");
    assert!(stand_in_order(&author.opens("/").await, &["In all: ", "1 error", ">Locks<", "1 error"]));
    assert!(stand_in_order(&author.opens("/modules/locks").await, &["What they do", "1 error", "Locks</h1>"]));
}

#[tokio::test]
async fn every_part_of_pages_can_be_looked_at() {
    let author = Author::of("parts");
    let parts = author.opens("/parts").await;
    assert!(stand_in_order(&parts, &["Waiting for your tutor", "Changed – take again", "Not required", "Call 999"]));
    for form in ["one-answer", "several-answers", "put-in-order", "match", "short-text"] {
        assert!(parts.contains(&format!("href=\"/parts/{form}\"")), "{form}");
        assert!(author.opens(&format!("/parts/{form}")).await.contains("<fieldset"), "{form}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_shown_as_it_was_written() {
    let author = Author::of("unread");
    author.rewrites(QUIZ, "1. [x] I do", "1. [ ] I do").await;
    let quiz = author.opens("/modules/locks/quiz").await;
    assert!(stand_in_order(&quiz, &["A question with an error", "no-right-answer", "1. [ ] I do"]));
    author.rewrites("agreements/rules.md", "title: ", "").await;
    let agreement = author.opens("/agreements/rules").await;
    assert!(stand_in_order(&agreement, &["bad-front-matter", "This cannot be shown", "1. Lock it."]));
    author.rewrites("modules/locks/module.toml", "minutes = 5", "minutes = many").await;
    assert!(author.opens("/modules/locks").await.contains("bad-toml"));
    assert!(author.opens("/modules/locks/then").await.contains("More words."));
}

#[tokio::test]
async fn authors_see_every_wording_with_its_answers() {
    let author = Author::of("answers");
    let quiz = author.opens("/modules/locks/quiz").await;
    assert!(stand_in_order(
        &quiz,
        &[
            "Do you lock it?",
            "weight 2",
            "1 variant",
            "Right",
            "I do",
            "Feedback for yes.",
            "Not right",
            "I don’t",
            "Feedback for no.",
            "nobody-looks",
            "somebody may look.",
            "Is it locked?",
            "Not right",
            "Perhaps",
            "Right",
            "Surely",
        ]
    ));
}

#[tokio::test]
async fn whom_it_is_shown_to_is_kept_on_the_way() {
    let author = Author::of("audience");
    let hidden = "Not for learners: they do not get to see it.";
    assert!(author.opens("/modules/locks").await.contains(hidden));
    let staff = author.opens("/modules/locks?as=staff").await;
    assert!(!staff.contains(hidden));
    assert!(staff.contains("href=\"/modules/locks/what-they-do?as=staff\""));
    assert!(staff.contains("href=\"/modules/locks?as=learner\""));
    let (_, next, _) = author.asks("POST", "/modules/locks/what-they-do/read?as=staff", "").await;
    assert_eq!(next, "/modules/locks/then?as=staff");
    let (_, last, _) = author.asks("POST", "/modules/locks/then/read", "").await;
    assert_eq!(last, "/modules/locks/quiz");
}

#[tokio::test]
async fn every_page_can_be_switched_to_another_language_and_links_keep_it() {
    let author = Author::of("languages");
    let english = author.opens("/modules/keys/then").await;
    let switch = "href=\"/modules/keys/then?as=learner&amp;in=cy\"";
    assert!(stand_in_order(&english, &["Shown in", "English", switch, "Cymraeg", "lang=\"en-GB\"", "Keep it."]));
    let welsh = author.opens("/modules/keys/then?in=cy").await;
    let switch = "href=\"/modules/keys/then?as=learner&amp;in=en\"";
    let article = "<article lang=\"cy\" class=\"prose\"><h1>Ac yna</h1>";
    assert!(stand_in_order(
        &welsh,
        &[switch, "English", "Cymraeg", WELSH_PAGE, ": no problems", article, "Cadwch hi."]
    ));
    assert!(welsh.contains("href=\"/modules/keys/what?in=cy\""));
    let staff = author.opens("/modules/keys/then?as=staff&in=cy").await;
    assert!(staff.contains("href=\"/modules/keys/what?as=staff&amp;in=cy\""));
    assert!(staff.contains("href=\"/modules/keys/then?as=learner&amp;in=cy\""));
    let (_, next, _) = author.asks("POST", "/modules/keys/what/read?as=staff&in=cy", "").await;
    assert_eq!(next, "/modules/keys/then?as=staff&in=cy");
    let overview = author.opens("/modules/keys?in=cy").await;
    assert!(stand_in_order(&overview, &["<h1 lang=\"cy\">Allweddi</h1>", "Cadw allwedd", "Ac yna"]));
}

#[tokio::test]
async fn what_is_in_one_language_has_no_switch() {
    let author = Author::of("one-language");
    for address in ["/modules/locks", "/agreements/rules", "/", "/help"] {
        assert!(!author.opens(address).await.contains("Shown in"), "{address}");
    }
    let page = author.opens("/modules/locks/then?in=cy").await;
    assert!(stand_in_order(&page, &["not there in this language: Cymraeg", "lang=\"en-GB\"", "More words."]));
    assert!(page.contains("href=\"/modules/locks/what-they-do?in=cy\""));
    assert!(author.opens("/modules/locks/then?in=%22%3E").await.contains("href=\"/modules/locks/what-they-do\""));
}

#[tokio::test]
async fn problems_of_a_twin_stand_beside_its_own_text() {
    let author = Author::of("twin-problems");
    author.rewrites(WELSH_PAGE, "Cadwch hi.", "Cadwch [hi](nowhere.md).").await;
    let welsh = author.opens("/modules/keys/then?in=cy").await;
    let place = format!("{WELSH_PAGE}:3:8");
    assert!(stand_in_order(&welsh, &["Ac yna", "Cadwch", "Error", "Cadwch [hi](nowhere.md).", &place, "Diolch."]));
    assert!(author.opens("/modules/keys/then").await.contains(": no problems"));
    let elsewhere = "href=\"/modules/keys?in=cy\">Cymraeg";
    assert!(stand_in_order(&author.opens("/modules/keys").await, &[": no problems", elsewhere, "1 error"]));
    assert!(stand_in_order(&author.opens("/modules/keys?in=cy").await, &["then?in=cy\">Ac yna", "1 error"]));
}

#[tokio::test]
async fn a_page_that_a_twin_lacks_is_shown_as_the_module_has_it() {
    let author = Author::of("twin-lacks");
    author.takes_away(WELSH_PAGE).await;
    let page = author.opens("/modules/keys/then?in=cy").await;
    let texts = [
        "Cymraeg",
        "not there yet",
        "twin-page-missing",
        "<article lang=\"en-GB\" class=\"prose\"><h1>And then",
        "Keep it.",
    ];
    assert!(stand_in_order(&page, &texts));
}

#[tokio::test]
async fn authors_see_the_answers_of_a_twin_in_its_words() {
    let author = Author::of("twin-answers");
    let quiz = author.opens("/modules/keys/quiz?in=cy").await;
    let title = "<span lang=\"cy\">Mae allwedd yn agor.</span>";
    assert!(stand_in_order(&quiz, &[title, "True or false", "Right", "Gwir", "Not right", "Anghywir", "Ydy, mae."]));
    assert!(!quiz.contains("It does."));
    author.rewrites(WELSH_QUIZ, "1. [x] Gwir\n2. [ ]", "1. [ ] Gwir\n2. [x]").await;
    let quiz = author.opens("/modules/keys/quiz?in=cy").await;
    assert!(stand_in_order(&quiz, &["Mae allwedd", "twin-answer-differs", "Anghywir"]));
}

#[tokio::test]
async fn nobody_signs_anything() {
    let author = Author::of("signing");
    let agreement = author.opens("/agreements/rules").await;
    assert!(stand_in_order(&agreement, &["Nobody signs it without a pass in: Locks.", "Lock it.", "I agree."]));
    let (status, location, _) = author.asks("POST", "/agreements/rules/sign", "").await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/agreements/rules"));
}

#[tokio::test]
async fn other_addresses_lead_nowhere() {
    let author = Author::of("nowhere");
    for address in
        ["/sign-in", "/modules/none", "/modules/NONE", "/modules/locks/none", "/modules/locks/versions", "/a"]
    {
        assert_eq!(author.asks("GET", address, "").await.0, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn other_machines_get_nothing() {
    let refused = listen("0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(&refused, Err(ListenError::NotThisMachine(_))));
    assert!(refused.unwrap_err().to_string().starts_with("a preview shows the answers of every quiz to whoever asks"));
    listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let author = Author::of("machines");
    assert_eq!(author.asks("GET", "/", "rebound.example:3001").await.0, StatusCode::FORBIDDEN);
}

/// A staff member's browser on the site itself, with the same content published.
struct EventReader {
    router: Router,
    cookie: String,
}

impl EventReader {
    async fn signed_in(content: &Path, data: &Path) -> Self {
        let compiled = compile(&Sources::read(content).unwrap().0, NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        assert!(!compiled.has_errors());
        let store = Store::open(&format!("sqlite://{}", data.join("induct.db").display())).await.unwrap();
        let engine = Engine::new(store, Arc::new(SystemClock), Arc::new(SystemChance));
        let engine = engine.with_log_in(data.to_owned(), "northfield.example");
        engine.begin_log().await.unwrap();
        engine.publish(&compiled.catalogue, Republish::No, Actor::CommandLine).await.unwrap();
        let password = "a password for tests";
        let sam = NewPerson {
            name: "Sam".to_owned(),
            email: "sam@northfield.example".to_owned(),
            password: Some(password.to_owned()),
            start_date: local_date(engine.now()),
            duties: Vec::new(),
            audiences: vec![Audience::new("staff").unwrap()],
            external_id: None,
            member_of: Vec::new(),
        };
        engine.add_person(sam, Actor::CommandLine).await.unwrap();
        let state = AppState::new(engine, Settings::default(), false);
        let mut reader = Self { router: router(state), cookie: String::new() };
        let form = format!("email=sam@northfield.example&password={}", password.replace(' ', "+"));
        let response = reader.asks("POST", "/sign-in", form).await;
        let cookies = response.headers().get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
        let session =
            cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with("induct="));
        reader.cookie = session.unwrap().to_owned();
        reader
    }

    async fn asks(&self, method: &str, address: &str, form: String) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap()
    }

    async fn opens(&self, address: &str) -> (StatusCode, String) {
        let response = self.asks("GET", address, String::new()).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn the_site_itself_shows_none_of_it() {
    let author = Author::of("site");
    let data = author.dir.with_extension("data");
    if data.exists() {
        fs::remove_dir_all(&data).unwrap();
    }
    fs::create_dir_all(&data).unwrap();
    let reader = EventReader::signed_in(&author.dir, &data).await;
    let begun = reader.asks("POST", "/modules/locks/quiz", String::new()).await;
    let attempt = format!("{}?question=1", begun.headers().get(header::LOCATION).unwrap().to_str().unwrap());
    let (_, paper) = reader.opens(&attempt).await;
    assert!(paper.contains("I do") || paper.contains("Perhaps"));
    for address in ["/", "/modules", "/modules/locks", "/modules/locks/quiz", "/modules/locks/what-they-do", &attempt] {
        for query in ["", "as=staff", "as=learner", "preview"] {
            let join = if address.contains('?') { '&' } else { '?' };
            let (status, page) = reader.opens(&format!("{address}{join}{query}")).await;
            assert_eq!(status, StatusCode::OK, "{address} {query}");
            for secret in ["Feedback for", "nobody-looks", "somebody may look", "preview"] {
                assert!(!page.contains(secret), "{address} {query} holds {secret:?}");
            }
        }
    }
    assert_eq!(reader.opens("/changed?since=0").await.0, StatusCode::NOT_FOUND);
}
