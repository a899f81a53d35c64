//! `induct serve` and `induct publish`, as somebody runs them who looks after an installation.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use crate::ground::Ground;

/// A copy of good content that a test may change.
fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from}: {text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// A server that ends with its test.
struct Server {
    child: Child,
    addr: String,
}

impl Server {
    fn starts(ground: &Ground, content: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_induct"))
            .args(["serve", "--addr", "127.0.0.1:0", "--content"])
            .arg(content)
            .env("INDUCT_DATABASE_URL", format!("sqlite://{}", ground.at("data/induct.db")))
            .current_dir(ground.at(""))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut talk = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let addr = loop {
            let mut line = String::new();
            assert!(talk.read_line(&mut line).unwrap() > 0, "it ended: {said}");
            if let Some((_, rest)) = line.split_once("serves http://") {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
            said.push_str(&line);
        };
        // Somebody has to read what it says later, too.
        std::thread::spawn(move || drop(std::io::copy(&mut talk, &mut std::io::sink())));
        Self { child, addr }
    }

    fn get(&self, address: &str) -> String {
        let mut stream = TcpStream::connect(&self.addr).unwrap();
        let request = format!("GET {address} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.addr);
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    }

    /// Whether a page says something, now or within five seconds: on a machine that has much else to do, it is asked for no more.
    fn comes_to_say(&self, address: &str, words: &str) -> bool {
        for _ in 0..100 {
            if self.get(address).contains(words) {
                return true;
            }
            sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_log_that_begins_is_named_after_where_the_server_listens() {
    let ground = Ground::empty("named");
    let server = Server::starts(&ground, &ground.content("content"));
    let head = server.get("/log/checkpoint");
    assert!(head.contains(&format!("\n{}/", server.addr)), "{} {head}", server.addr);
}

#[test]
fn a_port_that_is_taken_is_said_before_anything_is_published() {
    let here = Ground::empty("taken-port");
    let folder = here.content("content");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let (status, _, talk) = here.says(&["serve", "--addr", &addr, "--content", folder.to_str().unwrap()]);
    assert_eq!(status, 1, "{talk}");
    assert!(talk.contains(&addr) && talk.contains("choose another with --addr"), "{talk}");
    assert!(!Path::new(&here.at("data/induct.db")).exists(), "a database was made");
}

#[test]
fn a_folder_that_is_another_is_asked_about_and_nothing_is_published_from_it() {
    let here = Ground::new("wrong-folder");
    let folder = here.content("content");
    fs::remove_dir_all(folder.join("agreements")).unwrap();
    fs::remove_dir_all(folder.join("programmes")).unwrap();
    for gone in ["links", "passwords", "phones"] {
        fs::remove_dir_all(folder.join("modules").join(gone)).unwrap();
    }
    let (status, _, talk) = here.says(&["serve", "--addr", "127.0.0.1:0", "--content", folder.to_str().unwrap()]);
    assert_eq!(status, 1, "{talk}");
    assert!(talk.contains("the right folder? Nothing was published from it.") && talk.contains("passwords"), "{talk}");
    let empty = here.at("empty");
    fs::create_dir_all(&empty).unwrap();
    let (status, _, talk) = here.says(&["serve", "--addr", "127.0.0.1:0", "--content", &empty]);
    assert!(status == 1 && talk.contains("INDUCT_CONTENT"), "{talk}");
}

#[test]
fn what_is_published_reaches_every_server_whichever_folder_it_has() {
    let here = Ground::new("two-servers");
    let (one, two) = (here.content("one"), here.content("two"));
    let servers = [Server::starts(&here, &one), Server::starts(&here, &two)];
    for server in &servers {
        assert!(server.get("/help").contains("Childline"));
    }
    let edited = here.content("edited");
    change(&edited.join("facts.toml"), "name = \"Childline\"", "name = \"Childline, day and night\"");
    let (status, data, talk) = here.says(&["publish", edited.to_str().unwrap()]);
    assert!(status == 0 && !data.is_empty(), "{data}{talk}");
    for server in &servers {
        assert!(server.comes_to_say("/help", "Childline, day and night"), "{}", server.addr);
    }
    // One that starts with the folder of before says that it is older, and takes nothing back.
    let third = Server::starts(&here, &one);
    for server in servers.iter().chain([&third]) {
        assert!(server.get("/help").contains("Childline, day and night"), "{}", server.addr);
    }
}

#[test]
fn what_was_replaced_is_published_again_only_when_it_is_said() {
    let here = Ground::new("again");
    let (first, second) = (here.content("first"), here.content("second"));
    change(&second.join("modules/devices/10-locks.md"), "# ", "# Anew: ");
    let publish = |folder: &Path, flags: &[&str]| here.says(&[&["publish", folder.to_str().unwrap()], flags].concat());
    let (status, data, _) = publish(&second, &[]);
    assert!(status == 0 && data.contains("devices"), "{data}");
    let (status, data, talk) = publish(&first, &[]);
    assert!(status == 0 && data.is_empty() && talk.contains("devices") && talk.contains("--again"), "{data}{talk}");
    let (status, data, _) = publish(&first, &["--again"]);
    assert!(status == 0 && data.contains("devices"), "{data}");
    let (status, data, talk) = publish(&first, &["--again"]);
    assert!(status == 0 && data.is_empty() && talk.contains("nothing new"), "{data}{talk}");
}

#[test]
fn what_is_withdrawn_is_gone_and_what_there_is_not_is_said() {
    let here = Ground::new("withdraw");
    let (status, _, talk) = here.says(&["publish", "--withdraw", "module/nothing"]);
    assert!(status == 1 && talk.contains("nothing"), "{talk}");
    let (status, data, _) = here.says(&["publish", "--withdraw", "programme/welcome"]);
    assert_eq!((status, data.trim()), (0, "programme/welcome withdrawn"));
    let (status, _, talk) = here.says(&["publish", "--withdraw", "programme/welcome"]);
    assert_eq!(status, 1, "{talk}");
}
