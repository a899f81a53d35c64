//! What concerns security is in the log, and nothing of whom it concerns.

use std::{
    io::{self, Write},
    sync::{Mutex, OnceLock},
};

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::{Actor, Bearer, Duty, NewToken, Role, local_date};
use tokio::runtime::{Handle, Id};

use crate::site::{Browser, Site, form};
use world::{PASSWORD, World, email, on_both};

on_both![what_concerns_security_is_logged_and_nobody_is_named];

/// Whom the log must not name.
const NAMES: [&str; 4] = ["Zuzanna", "Wilhelmina", "Quentin", "Yevgenia"];

async fn what_concerns_security_is_logged_and_nobody_is_named(world: World) {
    let log = listen();
    let [zuzanna, wilhelmina, quentin, yevgenia] = NAMES;
    let site = Site::over(&world);
    let learner = world.learner(zuzanna).of("Northfield/Cohort A").fails("four-cs").waits(TimeDelta::minutes(10)).await;
    learner.fails("four-cs").await;
    let manager = world.person(wilhelmina, &[Role::Manager]).manages("Northfield/Cohort A").await;
    let other = world.learner(quentin).await;
    let mut hers = site.browser_of(&learner).await;
    let id = learner.person.id;

    // Wrong passwords, of an account that exists and of one that does not, until there were too many.
    for name in [quentin, yevgenia] {
        let mut browser = site.browser();
        for _ in 0..9 {
            browser.post("/sign-in", &[("email", &email(name)), ("password", "a mistyped secret")]).await;
        }
    }
    // What is not for her, and what another site asks for.
    assert_eq!(hers.post("/tutor-tasks/1/allow", &[]).await.status, StatusCode::FORBIDDEN);
    let mut elsewhere = form(&format!("/{zuzanna}"), &[]);
    elsewhere.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(hers.send(elsewhere).await.status, StatusCode::FORBIDDEN);
    // More attempts, a duty, a token.
    let task = world.raw.task_of(zuzanna).await;
    let mut tutor = site.browser_of(&manager).await;
    assert_eq!(tutor.post(&format!("/tutor-tasks/{task}/allow"), &[]).await.status, StatusCode::SEE_OTHER);
    let (duty, today) = (Duty { role: Role::Auditor, over: None }, local_date(world.engine.now()));
    let root = world.person("root", &[Role::Administrator]).await;
    let by = Actor::Person(root.person.id);
    world.engine.give_duty_until(other.person.id, duty, today, today.succ_opt(), by).await.unwrap();
    world.engine.end_duty(other.person.id, duty, today, by).await.unwrap();
    let new = NewToken { name: format!("{quentin}’s script"), bearer: Bearer::Person(other.person.id) };
    let (token, shown) = world.engine.create_token(&new, Actor::CommandLine).await.unwrap();
    world.engine.end_token(token, Actor::CommandLine).await.unwrap();
    // Signing out, a new password before a session and after one has begun, sessions that end by themselves, a clock that is set.
    hers.post("/sign-out", &[]).await;
    let mut his = site.browser_of_another_place(quentin).await;
    let verified = world.engine.sign_in(&email(quentin), PASSWORD, "there").await.unwrap();
    world.engine.confirm_password(&other.person, PASSWORD, "there").await.unwrap();
    world.resets_password(quentin, "another horse battery").await;
    let session = engine::StoredSession {
        person: other.person.id,
        data: "{}".to_owned(),
        expires_at: world.engine.steady_now() + TimeDelta::hours(1),
    };
    world.engine.begin_session("id", &session, &verified).await.unwrap();
    his.get("/").await;
    for _ in 0..13 {
        world.waits(TimeDelta::minutes(59));
        tutor.get("/").await;
    }
    site.browser_of(&learner).await;
    world.waits(TimeDelta::hours(2));
    site.browser_of(&manager).await;
    world.sets_clock(TimeDelta::hours(2));
    world.engine.notice_clock();

    let lines = log.lines();
    let lines: Vec<&str> = lines.lines().collect();
    let said = |message: &str, whose: &str| {
        let found = lines
            .iter()
            .any(|line| line.contains("\"target\":\"security\"") && line.contains(message) && line.contains(whose));
        assert!(found, "{message:?} with {whose:?} is not in the log:\n{}", lines.join("\n"));
    };
    let of = |id: engine::PersonId| format!("\"person\":\"{id}\"");
    said("a person was added", &of(id));
    said("\"signed in\"", &of(id));
    said("a password was wrong", "\"account\":\"");
    said("there were too many", "\"place\":\"");
    said("refused: it is not for this person", &of(id));
    said("refused: it is not for this person", "\"address\":\"/tutor-tasks/{task}/allow\"");
    said("refused a change that another site asked for", "\"method\":\"POST\"");
    said("more attempts were given", &format!("\"by\":\"{}\"", manager.person.id));
    said("a duty was given", &of(other.person.id));
    said("a duty was given", &format!("\"until\":\"{}\"", today.succ_opt().unwrap()));
    // Also of who is added with it.
    said("a duty was given", &of(root.person.id));
    said("a duty ended", &format!("\"by\":\"person:{}\"", root.person.id));
    // An end that has not come, such as an auditor's, is logged when it is recorded.
    said("a duty ended", "\"on\":\"20");
    said("a token was made", &format!("\"token\":\"{token}\""));
    said("a token ended", "\"by\":\"command-line\"");
    said("\"signed out\"", &of(id));
    said("a password was taken away", &of(other.person.id));
    said("a password was chosen by a link", &of(other.person.id));
    said("nobody was let in", &of(other.person.id));
    said("the password was asked for again", &of(other.person.id));
    said("it had not been used for too long", &of(id));
    said("it had lasted as long as any", &of(manager.person.id));
    said("the machine's clock was set", "\"seconds\":7200");

    // Of everything that is logged, and not of security alone.
    let secrets =
        [PASSWORD, "a mistyped secret", "another horse battery", &shown, "192.0.2.", "192.0.3.", "northfield.example"];
    for line in lines {
        let lower = line.to_lowercase();
        for personal in NAMES.iter().chain(&secrets) {
            assert!(!lower.contains(&personal.to_lowercase()), "{personal} in {line}");
        }
        for browser in [&hers, &his, &tutor] {
            for value in browser.cookies.values() {
                assert!(!line.contains(value), "a cookie in {line}");
            }
        }
    }
}

impl Site {
    /// The browser of somebody who has just signed in at another place than everybody else.
    async fn browser_of_another_place(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        browser.from = std::net::SocketAddr::from(([192, 0, 3, 1], 40_000));
        assert_eq!(browser.signs_in(name).await.status, StatusCode::SEE_OTHER);
        browser
    }
}

/// All that is logged in one runtime from now on, as a server logs it for machines. There is one log for a process; where all tests run in one,
/// each has a runtime of its own, and what others log is theirs. `None`: what is logged outside any.
#[derive(Clone, Copy)]
struct Log(Option<Id>);

static WRITTEN: Mutex<Vec<(Option<Id>, Vec<u8>)>> = Mutex::new(Vec::new());

fn listen() -> Log {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        let filter = tracing_subscriber::EnvFilter::new("tower_sessions=warn,security=info,info");
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(Log::here).json().init();
    });
    Log::here()
}

impl Log {
    fn here() -> Self {
        Self(Handle::try_current().ok().map(|handle| handle.id()))
    }

    fn lines(self) -> String {
        let written = WRITTEN.lock().unwrap();
        let own = written.iter().filter(|(runtime, _)| *runtime == self.0).flat_map(|(_, bytes)| bytes);
        String::from_utf8(own.copied().collect()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.lock().unwrap().push((self.0, bytes.to_vec()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
