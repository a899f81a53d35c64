use std::{fmt, time::Duration};

use engine::{Engine, LetterAbout, LetterToSend, Sent, StoreError};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
    transport::smtp,
};
use tokio::sync::watch;

use super::compose_letter::compose;
use crate::settings::{Settings, SettingsError};

/// How often a server looks for letters.
const EVERY: Duration = Duration::from_secs(2);

/// How many letters are claimed at once: they are sent one after the other, and each within its claim.
const AT_ONCE: u32 = 5;

/// For how long a mail server is waited for, at each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// For how many of these all of its answers together are waited for.
const PATIENCE_IN_ALL: u32 = 3;

/// How often it is tried to keep what became of a letter that a mail server has taken, before it is left to be sent again.
const NOTING: u32 = 20;

/// A mail server to which letters go.
#[derive(Clone)]
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// What stands behind the `@` of each letter's `Message-ID`.
    host: String,
    base_url: String,
    patience: Duration,
}

impl fmt::Debug for Post {
    /// Without the mail server, which has a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").field("from", &self.from.to_string()).finish_non_exhaustive()
    }
}

impl Post {
    /// The mail server that the settings name. `None`: they name none, and letters wait.
    ///
    /// # Errors
    /// [`SettingsError`] when its address or ours cannot be one.
    pub fn of(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        Self::with_patience(settings, PATIENCE)
    }

    /// The same, waiting for no answer of the mail server longer than that.
    ///
    /// # Errors
    /// As [`Post::of`].
    pub fn with_patience(settings: &Settings, patience: Duration) -> Result<Option<Self>, SettingsError> {
        let transport = transport_of(settings)?;
        if transport.is_none() && settings.mail_from.is_none() {
            return Ok(None);
        }
        let from = sender(settings)?;
        let Some(transport) = transport else { return Ok(None) };
        Ok(Some(Self {
            transport: transport.timeout(Some(patience)).build(),
            from,
            host: settings.host_name().to_owned(),
            base_url: settings.base_url.clone(),
            patience,
        }))
    }

    /// From whom letters are.
    pub(crate) fn sender(&self) -> String {
        self.from.to_string()
    }

    /// Whether letters are from an address at which nobody outside this machine can answer.
    pub(crate) fn is_from_nowhere(&self) -> bool {
        let domain = self.from.email.domain().to_lowercase();
        domain == "localhost" || domain.ends_with(".localhost") || domain.starts_with('[')
    }

    /// Whether the mail server answers, and takes the password if there is one. Nothing is sent.
    ///
    /// # Errors
    /// What it said instead, or that it did not answer.
    pub async fn greet(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it does not answer as a mail server does".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Sends letters until it is told to stop, and then ends with the letter that it is at.
    pub async fn send_all(&self, engine: &Engine, mut stop: watch::Receiver<bool>) {
        let mut failing = false;
        while !*stop.borrow_and_update() {
            match self.send_until(engine, &stop).await {
                Ok(_) => failing = false,
                // Once for each time that the database is away.
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(%error, "letters cannot be looked for, or it cannot be kept what became of them");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                changed = stop.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Sends the letters that are due now, and says how many were taken.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails: what was claimed is tried again when its claim has run out.
    pub async fn send_due(&self, engine: &Engine) -> Result<usize, StoreError> {
        self.send_until(engine, &watch::channel(false).1).await
    }

    async fn send_until(&self, engine: &Engine, stop: &watch::Receiver<bool>) -> Result<usize, StoreError> {
        let mut taken = 0;
        loop {
            let letters = engine.claim_letters(AT_ONCE).await?;
            if letters.is_empty() || *stop.borrow() {
                return Ok(taken);
            }
            for letter in letters {
                // Somebody else will, when the claim has run out.
                if *stop.borrow() || !engine.may_send(&letter) {
                    continue;
                }
                // What was done since it was written is not told.
                let Some(about) = engine.still_tells(&letter).await? else { continue };
                let sent = self.send(engine, &letter, &about).await;
                match &sent {
                    Sent::Yes => taken += 1,
                    // What the mail server said may hold an address; it stands with the letter.
                    Sent::NotNow(_) => tracing::info!(letter = %letter.id, "a letter was not taken; it is tried again"),
                    Sent::Never(_) => tracing::warn!(letter = %letter.id, "a letter was refused and is given up"),
                }
                note(engine, &letter, &sent).await?;
            }
        }
    }

    async fn send(&self, engine: &Engine, letter: &LetterToSend, about: &LetterAbout) -> Sent {
        let organisation = engine.catalogue().organisation.name.clone();
        let stop = match engine.stop_secret(letter).await {
            Ok(secret) => secret.map(|secret| format!("{}/letters/stop/{secret}", self.base_url)),
            Err(error) => return Sent::NotNow(error.to_string()),
        };
        let composed = compose(about, &organisation, &self.base_url, stop.as_deref());
        let Ok(to) = letter.address.parse::<Address>() else {
            return Sent::Never("this is no e-mail address".to_owned());
        };
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(composed.subject)
            .message_id(Some(format!("<{}@{}>", letter.message_id, self.host)))
            .date(letter.written_at.into())
            // Nobody's holiday answers a program.
            .raw_header(header::HeaderValue::new(
                header::HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(stop) = stop {
            // A mail program offers to stop these letters, and does it with one press (RFC 8058).
            let header = |name, value| header::HeaderValue::new(header::HeaderName::new_from_ascii_str(name), value);
            message = message
                .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let message = message.multipart(MultiPart::alternative_plain_html(composed.text, composed.html));
        let message = match message {
            Ok(message) => message,
            Err(error) => return Sent::Never(error.to_string()),
        };
        match tokio::time::timeout(self.patience * PATIENCE_IN_ALL, self.transport.send(message)).await {
            Ok(Ok(_)) => Sent::Yes,
            Ok(Err(error)) if is_about_letter(&error) => Sent::Never(error.to_string()),
            Ok(Err(error)) => Sent::NotNow(error.to_string()),
            Err(_) => Sent::NotNow("the mail server did not answer in time".to_owned()),
        }
    }
}

/// Keeps what became of a letter. That the mail server has taken it is tried for longer: it would otherwise be sent again.
async fn note(engine: &Engine, letter: &LetterToSend, sent: &Sent) -> Result<(), StoreError> {
    let mut left = if *sent == Sent::Yes { NOTING } else { 1 };
    loop {
        left -= 1;
        match engine.note_letter(letter, sent).await {
            Err(_) if left > 0 => tokio::time::sleep(EVERY).await,
            noted => return noted,
        }
    }
}

/// Whether a mail server refuses this letter for good, and not us: a password that has run out must not give up every letter.
fn is_about_letter(error: &smtp::Error) -> bool {
    let code = error.status().map(u16::from);
    error.is_permanent() && !matches!(code, Some(500..=504 | 521 | 523 | 530 | 534 | 535 | 538))
}

/// How letters reach the mail server.
fn transport_of(settings: &Settings) -> Result<Option<smtp::AsyncSmtpTransportBuilder>, SettingsError> {
    let Some(url) = &settings.smtp_url else { return Ok(None) };
    // It may hold a password, and so what is wrong with it is not repeated.
    let wrong = || {
        SettingsError::of("smtp_url", "must be such as smtp://user:password@mail.example:587?tls=required or smtps://…")
    };
    let url = url.0.trim();
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let at = rest.split(['/', '?']).next().unwrap_or(rest);
    let host = at.rsplit('@').next().unwrap_or(at);
    let near = ["localhost", "127.0.0.1", "[::1]"].iter().any(|near| {
        host.split_once(near)
            .is_some_and(|(before, after)| before.is_empty() && (after.is_empty() || after.starts_with(':')))
    });
    // Without this, letters with links in them, and the password, would go over the network as they are.
    if scheme == "smtp" && !near && !rest.contains("tls=required") {
        return Err(SettingsError::of(
            "smtp_url",
            "must end with ?tls=required, since the mail server is another machine",
        ));
    }
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map(Some).map_err(|_| wrong())
}

/// From whom letters are.
fn sender(settings: &Settings) -> Result<Mailbox, SettingsError> {
    let wrong = |_| SettingsError::of("mail_from", "must be such as Northfield <induct@northfield.example>");
    settings.sender().parse().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Secret;

    fn post(url: &str) -> Result<Option<Post>, SettingsError> {
        Post::of(&Settings { smtp_url: Some(Secret(url.to_owned())), ..Settings::default() })
    }

    #[test]
    fn a_wrong_mail_server_is_said_without_its_password() {
        for url in ["mail.example", "smtp://", "http://a:hunter2@mail.example", "smtps://a:hunter2@mail example"] {
            let said = post(url).unwrap_err().to_string();
            assert!(
                said.starts_with("a setting is wrong: smtp_url must") && !said.contains("hunter2"),
                "{url}: {said}"
            );
            assert_eq!(said.lines().count(), 1);
        }
        let said = post("smtp://a:hunter2@mail.example:25").unwrap_err().to_string();
        assert!(said.contains("?tls=required") && !said.contains("hunter2"), "{said}");
        assert!(post("smtp://mail.example:25?tls=opportunistic").is_err());
        assert!(post("smtp://localhost.mail.example").is_err());
        assert!(post("smtp://127.0.0.1:2525").unwrap().is_some());
        let remote = post("smtp://a:hunter2@mail.example:587?tls=required").unwrap().unwrap();
        assert!(!format!("{remote:?}").contains("hunter2"));
        assert!(Post::of(&Settings::default()).unwrap().is_none());
        let wrong = Settings { mail_from: Some("Northfield".to_owned()), ..Settings::default() };
        assert!(sender(&wrong).unwrap_err().to_string().contains("mail_from must"));
    }
}
