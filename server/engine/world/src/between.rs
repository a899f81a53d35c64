//! Somebody between a node and its PostgreSQL, who passes everything on until a test has something else in mind.

use std::{
    path::PathBuf,
    str::FromStr as _,
    sync::{Arc, Mutex},
};

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// When something that a node sends is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    BeforeItIsPassedOn,
    Afterwards,
}

type Watching = Arc<Mutex<Box<dyn FnMut(Seen) + Send>>>;

/// Passes on what a node and its PostgreSQL say to each other.
pub struct Between {
    /// The address at which the node finds it.
    pub url: String,
    silence: watch::Sender<bool>,
    watching: Watching,
}

impl Between {
    /// Stands before the database at an address.
    pub async fn start(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap();
        let (scheme, rest) = url.split_once("://").unwrap();
        let (server, path) = rest.split_once('/').unwrap();
        let (user, _) = server.rsplit_once('@').unwrap();
        let begins = if path.contains('?') { '&' } else { '?' };
        let between = Self {
            url: format!("{scheme}://{user}@{here}/{path}{begins}sslmode=disable"),
            silence: watch::Sender::new(false),
            watching: Arc::new(Mutex::new(Box::new(|_| {}))),
        };
        tokio::spawn(receive(
            listener,
            PgConnectOptions::from_str(url).unwrap(),
            between.silence.clone(),
            Arc::clone(&between.watching),
        ));
        between
    }

    /// From now on nothing is passed on, as when a machine has died, or everything again.
    pub fn is_silent(&self, silent: bool) {
        self.silence.send_replace(silent);
    }

    /// From now on everything that the node sends is shown to somebody.
    pub fn is_watched(&self, by: impl FnMut(Seen) + Send + 'static) {
        *self.watching.lock().unwrap() = Box::new(by);
    }
}

async fn receive(listener: TcpListener, server: PgConnectOptions, silence: watch::Sender<bool>, watching: Watching) {
    while let Ok((node, _)) = listener.accept().await {
        node.set_nodelay(true).unwrap();
        let (silence, watching) = (silence.subscribe(), Arc::clone(&watching));
        if let Some(folder) = server.get_socket() {
            let socket: PathBuf = folder.join(format!(".s.PGSQL.{}", server.get_port()));
            pass_on(node, UnixStream::connect(socket).await.unwrap(), silence, watching);
        } else {
            let there = TcpStream::connect((server.get_host(), server.get_port())).await.unwrap();
            there.set_nodelay(true).unwrap();
            pass_on(node, there, silence, watching);
        }
    }
}

fn pass_on(
    node: TcpStream,
    server: impl AsyncRead + AsyncWrite + Send + 'static,
    silence: watch::Receiver<bool>,
    watching: Watching,
) {
    let (node_says, to_node) = node.into_split();
    let (server_says, to_server) = tokio::io::split(server);
    tokio::spawn(copy(node_says, to_server, silence.clone(), Some(watching)));
    tokio::spawn(copy(server_says, to_node, silence, None));
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut silence: watch::Receiver<bool>,
    watching: Option<Watching>,
) {
    let see = |seen| watching.iter().for_each(|watching| (*watching.lock().unwrap())(seen));
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if silence.wait_for(|silent| !silent).await.is_err() {
            return;
        }
        see(Seen::BeforeItIsPassedOn);
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
        see(Seen::Afterwards);
    }
}
