use std::{future::IntoFuture as _, io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use engine::{DEMO_PASSWORD, DemoError};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use super::{CommandError, open_engine, read_catalogue, say, start_logging};
use crate::{
    door::AppState,
    preview::{Preview, listen},
    router,
    serve::{Limits, serve},
    settings::{Overrides, Settings},
};

/// How long the database has to finish after the last request.
const CLOSING: Duration = Duration::from_secs(5);

/// `induct serve`
#[derive(Args)]
pub(super) struct Serve {
    /// Fill an empty database with demonstration people; refuses one that is not empty
    #[arg(long)]
    demo: bool,
    /// The address and port to listen on
    #[arg(long)]
    addr: Option<SocketAddr>,
    /// `sqlite://FILE` or `postgres://…`
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The folder that holds the content
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// Show a folder of content while it is written: problems beside the text, answers of quizzes, changes at once; on this
    /// machine alone, without a database
    #[arg(long, value_name = "DIR", conflicts_with_all = ["demo", "database", "content"])]
    preview: Option<PathBuf>,
}

impl Serve {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let settings =
            Settings::read(&Overrides { database_url: self.database, addr: self.addr, content: self.content })?;
        start_logging(&settings)?;
        if let Some(dir) = self.preview {
            return preview(dir, settings.addr).await;
        }
        let engine = open_engine(&settings, read_catalogue(&settings)?).await?;
        for version in engine.publish().await? {
            say(&format!("published {version}"));
        }
        if self.demo {
            say("filling the database with demonstration people…");
            engine.fill_with_demonstration().await.map_err(|error| match error {
                DemoError::Internal(error) => CommandError::Store(error),
                refused => CommandError::Refused(refused.to_string()),
            })?;
        }
        let demonstration = engine.is_demonstration().await?;
        let listener = TcpListener::bind(settings.addr).await.map_err(|error| {
            CommandError::Refused(format!("cannot listen on {}: {error}; choose another with --addr", settings.addr))
        })?;
        let addr = listener.local_addr()?;
        let asked_to_stop = asked_to_stop()?;
        say(&format!("Induct serves http://{addr}  (stop it with Ctrl-C)"));
        if demonstration {
            say(&demonstration_people());
        }
        let store_engine = engine.clone();
        let app = router(AppState::new(engine, settings, demonstration));
        serve(listener, app, Limits::default(), asked_to_stop).await;
        if timeout(CLOSING, store_engine.close()).await.is_err() {
            say("the database was still at work; what it had not finished is undone");
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn preview(dir: PathBuf, addr: SocketAddr) -> Result<ExitCode, CommandError> {
    let listener = listen(addr).await?;
    let addr = listener.local_addr()?;
    let asked_to_stop = asked_to_stop()?;
    let shown = dir.display().to_string();
    let app = Preview::of(dir)?.router();
    say(&format!(
        "Induct previews {shown} at http://{addr}, answers included, for this machine alone  (stop it with Ctrl-C)"
    ));
    tokio::select! {
        served = axum::serve(listener, app).into_future() => served?,
        // At once: nothing has to be closed, and pages are waiting for changes.
        () = asked_to_stop => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn demonstration_people() -> String {
    format!(
        "Sign in with the password {DEMO_PASSWORD} as\n\
         \x20 amy@northfield.example    learner, nothing done\n\
         \x20 ben@northfield.example    learner, everything passed, agreement not signed\n\
         \x20 cora@northfield.example   learner, agreement signed\n\
         \x20 sam@northfield.example    staff, last year's module in its renewal window\n\
         \x20 mina@northfield.example   manager of Cohort A\n\
         \x20 dan@northfield.example    designated safeguarding lead\n\
         \x20 ada@northfield.example    auditor\n\
         \x20 root@northfield.example   administrator"
    )
}

/// Ends with Ctrl-C, or with the service manager's signal. Both are heard from the moment of the call, so that a server which
/// is stopped as soon as it says that it serves still closes its database.
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}
