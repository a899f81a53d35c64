//! An authority outside stamps heads of the signed log: openssl's `ts`, which also checks what was kept.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use chrono::TimeDelta;
use engine::{Engine, StampError};
use server::{Authority, AuthorityError, settings::Settings};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use world::{World, on_both};

on_both![
    a_head_is_stamped_and_anybody_can_check_it,
    nothing_is_asked_where_nothing_was_added,
    what_is_no_stamp_of_that_head_is_not_kept,
];

/// How the authority answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    AsItShould,
    /// To what somebody else asked.
    ToAnother,
    WithANo,
    WithAPage,
}

/// A folder with an authority of its own, and what it was asked.
struct Office {
    dir: PathBuf,
    address: String,
}

static OFFICES: AtomicUsize = AtomicUsize::new(0);

impl Office {
    async fn opens(answers: Answers) -> Self {
        let number = OFFICES.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("induct-stamps-{}-{number}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let config = "[req]\ndistinguished_name = name\n[name]\n[tsa]\ndefault_tsa = here\n[here]\nserial = serial\n\
            signer_cert = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\n\
            accuracy = secs:1, millisecs:500\nclock_precision_digits = 3\nordering = yes\ntsa_name = yes\n";
        fs::write(dir.join("config"), config).unwrap();
        fs::write(dir.join("serial"), "01").unwrap();
        let make = "req -x509 -newkey rsa:2048 -nodes -config config -keyout tsa.key -out tsa.pem -days 2 -subj /CN=Office \
            -addext extendedKeyUsage=critical,timeStamping";
        openssl(&dir, make);
        fs::write(dir.join("else"), "Something else").unwrap();
        openssl(&dir, "ts -query -data else -sha256 -cert -out other.tsq");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/stamp", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, dir.clone(), answers));
        Self { dir, address }
    }

    async fn stamps(&self, engine: &Engine) -> Result<Option<u64>, AuthorityError> {
        let settings = Settings { timestamp_url: Some(self.address.clone()), ..Settings::default() };
        Authority::of(&settings).unwrap().stamp(engine, TimeDelta::hours(1)).await
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn openssl(dir: &Path, arguments: &str) -> String {
    let done = Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "openssl {arguments}: {said}");
    said
}

async fn serve(listener: TcpListener, dir: PathBuf, answers: Answers) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        let body = loop {
            let mut piece = [0; 4096];
            let length = stream.read(&mut piece).await.unwrap();
            asked.extend_from_slice(&piece[..length]);
            let Some(end) = asked.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&asked[..end]).to_lowercase();
            assert!(head.starts_with("post /stamp ") && head.contains("application/timestamp-query"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if asked.len() >= end + 4 + length.parse::<usize>().unwrap() {
                break asked[end + 4..].to_vec();
            }
        };
        fs::write(dir.join("asked.tsq"), &body).unwrap();
        let question = if answers == Answers::ToAnother { "other.tsq" } else { "asked.tsq" };
        let said = match answers {
            Answers::WithANo => vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02],
            Answers::WithAPage => b"<p>Welcome".to_vec(),
            Answers::AsItShould | Answers::ToAnother => {
                openssl(&dir, &format!("ts -reply -queryfile {question} -config config -section here -out reply.tsr"));
                fs::read(dir.join("reply.tsr")).unwrap()
            }
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
            said.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&said).await.unwrap();
    }
}

async fn a_head_is_stamped_and_anybody_can_check_it(world: World) {
    world.learner("amy").passes("four-cs").await;
    let office = Office::opens(Answers::AsItShould).await;
    let size = office.stamps(&world.engine).await.unwrap().unwrap();
    let kept = world.engine.time_stamps().await.unwrap();
    assert_eq!((kept.len(), kept[0].size, &kept[0].authority), (1, size, &office.address));
    fs::write(office.dir.join("note"), &kept[0].note).unwrap();
    fs::write(office.dir.join("token"), &kept[0].token).unwrap();
    let check = "ts -verify -data note -in token -token_in -CAfile tsa.pem";
    assert!(openssl(&office.dir, check).contains("Verification: OK"));
    // It learned a digest alone.
    let asked = openssl(&office.dir, "ts -query -in asked.tsq -text");
    assert!(asked.contains("sha256") && asked.contains("Certificate required: yes"), "{asked}");
    // That it did is sealed, and the row is held against its entry.
    assert_eq!(world.raw.count("log_row WHERE kind = 'time_stamp'").await, 1);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    // A note that is another by one letter is not what was stamped.
    fs::write(office.dir.join("note"), kept[0].note.replacen('1', "2", 1)).unwrap();
    let done = Command::new("openssl").args(check.split_whitespace()).current_dir(&office.dir).output().unwrap();
    assert!(!done.status.success());
}

async fn nothing_is_asked_where_nothing_was_added(world: World) {
    let amy = world.learner("amy").await;
    let office = Office::opens(Answers::AsItShould).await;
    let first = office.stamps(&world.engine).await.unwrap().unwrap();
    world.waits(TimeDelta::hours(2));
    assert_eq!(office.stamps(&world.engine).await.unwrap(), None);
    amy.passes("four-cs").await;
    let second = office.stamps(&world.engine).await.unwrap().unwrap();
    assert!(second > first + 1, "{first} {second}");
    amy.passes("sharing-nudes").await;
    // Not so soon after the last.
    assert_eq!(office.stamps(&world.engine).await.unwrap(), None);
    assert_eq!(world.raw.count("time_stamp").await, 2);
}

async fn what_is_no_stamp_of_that_head_is_not_kept(world: World) {
    world.learner("amy").await;
    let before = world.raw.everything().await;
    for answers in [Answers::ToAnother, Answers::WithANo, Answers::WithAPage] {
        let office = Office::opens(answers).await;
        let refused = office.stamps(&world.engine).await.unwrap_err();
        let is_said = matches!(
            (answers, &refused),
            (Answers::ToAnother, AuthorityError::Stamp(StampError::Another))
                | (Answers::WithANo, AuthorityError::Stamp(StampError::Refused { status: 2 }))
                | (Answers::WithAPage, AuthorityError::Stamp(StampError::Unreadable))
        );
        assert!(is_said, "{refused}");
    }
    assert_eq!(world.raw.everything().await, before);
}
