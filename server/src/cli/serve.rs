use std::{future::IntoFuture as _, io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use engine::{Actor, DEMO_PASSWORD, DemoError, Engine, Publication, PublishError, Republish, Trouble, count};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

use super::{CommandError, open_engine, publish::say_what_was_left, read_catalogue, say, start_logging};
use crate::{
    AskedWitness, Authority, Post,
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
        if let Some(fault) = settings.faults_on_disk().into_iter().next() {
            return Err(fault.into());
        }
        // What is wrong with the mail server is said before anything is begun, as what is wrong with any other setting.
        Post::of(&settings)?;
        let folder = read_catalogue(&settings)?;
        if folder.modules.is_empty() {
            let dir = settings.content.display();
            return Err(CommandError::Refused(format!(
                "there is no module in {dir}: give the folder that holds the content with --content or INDUCT_CONTENT"
            )));
        }
        // The port first: a second server that finds it taken must not have published anything.
        let listener = TcpListener::bind(settings.addr).await.map_err(|error| {
            CommandError::Refused(format!("cannot listen on {}: {error}; choose another with --addr", settings.addr))
        })?;
        let addr = listener.local_addr()?;
        // A log that begins now is named after where people find it.
        let settings = settings.listening_at(addr);
        let post = Post::of(&settings)?;
        let engine = open_engine(&settings).await?;
        let absent = engine.absent_from(&folder).await?;
        if !absent.is_empty() {
            let absent: Vec<String> = absent.iter().map(|absent| absent.to_string()).collect();
            return Err(CommandError::Refused(format!(
                "is {} the right folder? Nothing was published from it.\n  {}",
                settings.content.display(),
                absent.join("\n  ")
            )));
        }
        if self.demo {
            say("filling the database with demonstration people…");
            engine.fill_with_demonstration(&folder).await.map_err(|error| match error {
                DemoError::Internal(error) => CommandError::Store(error),
                refused => CommandError::Refused(refused.to_string()),
            })?;
        }
        let publication = match engine.publish(&folder, Republish::No, Actor::Server).await {
            // What is there can still be read.
            Err(PublishError::Internal(error)) if matches!(error.trouble(), Some(Trouble::Unsealed(_))) => {
                say(&format!("nothing new was published, and nothing can be saved: {error}"));
                Publication::default()
            }
            published => published?,
        };
        for version in &publication.new {
            say(&format!("published {version}"));
        }
        say_what_was_left(&publication);
        if let Err(error) = engine.ready().await
            && let Some(Trouble::Unsealed(why)) = error.trouble()
        {
            say(&format!("NOTHING CAN BE SAVED: {why}"));
        }
        match engine.finish_erasures().await {
            Ok(0) => {}
            Ok(people) => say(&format!(
                "everything about {} was erased whose erasure had been stopped, or who had come back with a copy",
                count(people, "person", "people")
            )),
            Err(error) => say(&format!("whether somebody's erasure was stopped is not known: {error}")),
        }
        let demonstration = engine.is_demonstration().await?;
        let asked_to_stop = asked_to_stop()?;
        say(&format!("Induct serves http://{addr}  (stop it with Ctrl-C)"));
        if demonstration {
            say(&demonstration_people());
        }
        let store_engine = engine.clone();
        let noticing = tokio::spawn(notice(engine.clone()));
        let filling = tokio::spawn(fill_board(engine.clone()));
        let working = tokio::spawn(do_jobs(engine.clone()));
        let (stop, stopping) = watch::channel(false);
        let sending = post.map(|post| {
            let engine = engine.clone();
            tokio::spawn(async move { post.send_all(&engine, stopping).await })
        });
        let stamping = Authority::of(&settings).map(|authority| tokio::spawn(authority.stamp_all(engine.clone())));
        let cosigning = AskedWitness::of(&settings).map(|witness| {
            let every = settings.checkpoint_every();
            tokio::spawn(witness.cosign_all(engine.clone(), every))
        });
        let finishing = tokio::spawn(finish_import(engine.clone()));
        let forgetting = tokio::spawn(forget_uploads(engine.clone()));
        let app = router(AppState::new(engine, settings, demonstration));
        serve(listener, app, Limits::default(), asked_to_stop).await;
        // A letter that a mail server has taken is noted before the database is let go of.
        stop.send_replace(true);
        noticing.abort();
        filling.abort();
        working.abort();
        if let Some(sending) = sending
            && timeout(CLOSING, sending).await.is_err()
        {
            say("a mail server did not answer; what it was sent may be sent again");
        }
        stamping.into_iter().chain(cosigning).for_each(|asking| asking.abort());
        finishing.abort();
        forgetting.abort();
        if timeout(CLOSING, store_engine.close()).await.is_err() {
            say("the database was still at work; what it had not finished is undone");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads everybody for the matrix beside the first requests, so that whoever asks for it first does not wait for all of it.
async fn fill_board(engine: Engine) {
    if let Err(error) = engine.fill_board().await {
        // Whoever asks for the matrix has it read then, or is told.
        tracing::warn!(%error, "the people for the matrix could not be read yet");
    }
}

/// How often a server looks for files of people that nobody has carried out.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);

/// Throws away files of people that were handed over more than a day ago, also where nobody hands over another.
async fn forget_uploads(engine: Engine) {
    loop {
        tokio::time::sleep(FORGET_EVERY).await;
        if let Err(error) = engine.forget_uploads().await {
            tracing::warn!(%error, "files of people that are a day old could not be thrown away");
        }
    }
}

/// Finishes an import, or its undoing, in which a server was stopped; and throws away files of people that nobody has carried out.
async fn finish_import(engine: Engine) {
    let finished = match engine.forget_uploads().await {
        Ok(()) => engine.finish_import(Actor::Server, |_| ()).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match finished {
        Ok(Some(_)) => tracing::info!("an import, or its undoing, that had been stopped is finished"),
        Ok(None) => {}
        // The page on which files are handed over shows what is left, and has a button.
        Err(error) => tracing::warn!(error, "an import that had been stopped could not be finished"),
    }
}

/// How often a server looks whether a job is due.
const LOOK_FOR_JOBS_EVERY: Duration = Duration::from_secs(30);

/// Does what is due and no other server does. What a stop cuts short is done again by whoever claims it next.
async fn do_jobs(engine: Engine) {
    loop {
        match engine.run_due_jobs().await {
            Ok(done) => {
                for done in done.iter().filter(|done| !done.failed) {
                    tracing::info!(job = done.job.name(), said = done.said, "a job was done");
                }
            }
            Err(error) => tracing::warn!(%error, "cannot see whether a job is due"),
        }
        tokio::time::sleep(LOOK_FOR_JOBS_EVERY).await;
    }
}

/// How often a server looks whether another has published something.
const NOTICE_EVERY: Duration = Duration::from_millis(500);

/// Keeps what people get up to date with what any server or command has published, and notices when the clock is set.
async fn notice(engine: Engine) {
    let mut failing = false;
    loop {
        tokio::time::sleep(NOTICE_EVERY).await;
        engine.notice_clock();
        match engine.notice_publications().await {
            Ok(noticed) => {
                failing = false;
                if noticed {
                    tracing::info!("something was published; it is served from now on");
                }
            }
            // Once for each time that the database is away.
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(%error, "cannot see whether something was published");
            }
            Err(_) => {}
        }
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
