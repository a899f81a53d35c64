//! A mail server that can be told to fail.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use server::settings::{Secret, Settings};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::Notify,
};

/// What a mail server does with one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Takes the letter.
    Takes,
    /// Says nothing at all.
    Hangs,
    /// Says nothing once it knows who calls.
    HangsLater,
    /// Answers this instead of greeting.
    Greets(&'static str),
    /// Answers this when it hears to whom the letter goes.
    AnswersTo(&'static str),
    /// Answers this after the whole letter.
    AnswersLetter(&'static str),
    /// Hangs up within the letter.
    ClosesInLetter,
    /// Has the letter, and hangs up before it says so.
    ClosesAfterLetter,
    /// Has the letter, and says nothing.
    HangsAfterLetter,
}

/// A mail server on this machine.
#[derive(Clone)]
pub struct MailServer {
    address: SocketAddr,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    next: Mutex<VecDeque<Does>>,
    letters: Mutex<Vec<String>>,
    took: Notify,
}

impl MailServer {
    pub async fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), inner: Arc::default() };
        let inner = Arc::clone(&server.inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let inner = Arc::clone(&inner);
                let does = inner.next.lock().unwrap().pop_front().unwrap_or(Does::Takes);
                // Whoever hangs up is no failure of the test.
                tokio::spawn(async move { drop(serve(stream, does, &inner).await) });
            }
        });
        server
    }

    /// What it does with the connections that come next; it takes all others.
    pub fn does(&self, next: &[Does]) {
        self.inner.next.lock().unwrap().extend(next);
    }

    pub fn settings(&self) -> Settings {
        Settings { smtp_url: Some(Secret(format!("smtp://{}", self.address))), ..Settings::default() }
    }

    /// The letters that it has, as they came.
    pub fn letters(&self) -> Vec<String> {
        self.inner.letters.lock().unwrap().clone()
    }

    /// The `Message-ID` of each of them.
    pub fn message_ids(&self) -> Vec<String> {
        let id = |letter: &String| {
            let line = letter.lines().find(|line| line.starts_with("Message-ID: ")).unwrap();
            line.to_owned()
        };
        self.letters().iter().map(id).collect()
    }

    /// Waits until it has a letter.
    pub async fn took(&self) {
        self.inner.took.notified().await;
    }
}

async fn serve(stream: TcpStream, does: Does, inner: &Inner) -> std::io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    match does {
        Does::Hangs => return hang().await,
        Does::Greets(answer) => return say(&mut writing, answer).await,
        _ => say(&mut writing, "220 mail.example ready").await?,
    }
    while let Some(line) = lines.next_line().await? {
        let verb = line.get(..4).unwrap_or_default().to_uppercase();
        match (&*verb, does) {
            ("EHLO", Does::HangsLater) => return hang().await,
            ("RCPT", Does::AnswersTo(answer)) => say(&mut writing, answer).await?,
            ("DATA", _) => {
                say(&mut writing, "354 go on").await?;
                let mut letter = String::new();
                while let Some(line) = lines.next_line().await? {
                    if does == Does::ClosesInLetter {
                        return Ok(());
                    }
                    if line == "." {
                        break;
                    }
                    letter.push_str(line.strip_prefix('.').unwrap_or(&line));
                    letter.push('\n');
                }
                if let Does::AnswersLetter(answer) = does {
                    say(&mut writing, answer).await?;
                    continue;
                }
                inner.letters.lock().unwrap().push(letter);
                inner.took.notify_one();
                match does {
                    Does::ClosesAfterLetter => return Ok(()),
                    Does::HangsAfterLetter => return hang().await,
                    _ => say(&mut writing, "250 taken").await?,
                }
            }
            ("QUIT", _) => return say(&mut writing, "221 bye").await,
            _ => say(&mut writing, "250 well").await?,
        }
    }
    Ok(())
}

async fn hang() -> std::io::Result<()> {
    std::future::pending().await
}

async fn say(writing: &mut OwnedWriteHalf, answer: &str) -> std::io::Result<()> {
    writing.write_all(format!("{answer}\r\n").as_bytes()).await
}
