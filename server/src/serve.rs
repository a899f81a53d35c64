//! Serves a router over HTTP/1.1 within limits: nobody can hold the server up by sending slowly, by sending nothing, or by
//! opening many connections.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request},
    http::{HeaderValue, Response, header},
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tower_service::Service as _;

/// How long things may take, and how many at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at one time. When there are as many, the one that has been idle longest gives way to the next.
    pub connections: usize,
    /// From the first byte of a request's head to its last.
    pub head: Duration,
    /// How long a connection stays open without a request. Longer than proxies keep theirs, so that it is they who close.
    pub idle: Duration,
    /// From a request's head to the end of its body.
    pub body: Duration,
    /// From a request's body to the head of the reply. What is played afterwards may take as long as it takes.
    pub handler: Duration,
    /// When the server is asked to stop: how long idle connections are kept open, so that whoever is just sending gets a reply,
    /// and with it the word that the connection closes.
    pub farewell: Duration,
    /// When the server is asked to stop: how long it waits for what is under way.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1000,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body: Duration::from_secs(20),
            handler: Duration::from_secs(60),
            farewell: Duration::from_secs(1),
            stop: Duration::from_secs(20),
        }
    }
}

/// How often accepting is tried again when the system has no more connections to give.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Serves until `stop` is there and what was under way has ended, or its time is over.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let house = House {
        limits,
        stopping: watch::Sender::new(false),
        places: Arc::new(Semaphore::new(limits.connections)),
        guests: Arc::default(),
    };
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let (place, stream, from) = tokio::select! {
            accepted = house.accept(&listener) => accepted,
            Some(_) = connections.join_next() => continue,
            () = &mut stop => break,
        };
        connections.spawn(house.clone().look_after(place, stream, from, app.clone()));
    }
    drop(listener);
    house.stopping.send_replace(true);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.stop, all).await.is_err() {
        tracing::warn!("stopped while requests were still under way");
    }
}

/// What all connections share.
#[derive(Clone)]
struct House {
    limits: Limits,
    stopping: watch::Sender<bool>,
    places: Arc<Semaphore>,
    guests: Arc<Mutex<Guests>>,
}

/// The connections, by the order in which they came.
#[derive(Default)]
struct Guests {
    next: u64,
    present: BTreeMap<u64, Arc<Guest>>,
}

/// One connection.
struct Guest {
    phase: Mutex<(Phase, Instant)>,
    asked_to_leave: AtomicBool,
    leave: Notify,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has come since the last reply.
    Idle,
    /// A head has begun to come.
    Head,
    /// A request is being answered.
    Busy,
}

impl House {
    /// Waits for a place, and then for somebody who takes it.
    async fn accept(&self, listener: &TcpListener) -> (OwnedSemaphorePermit, TcpStream, SocketAddr) {
        loop {
            let place = match Arc::clone(&self.places).try_acquire_owned() {
                Ok(place) => place,
                Err(_) => {
                    self.make_room();
                    // Again and again: whoever was busy a moment ago may be idle now.
                    match timeout(ACCEPT_AGAIN, Arc::clone(&self.places).acquire_owned()).await {
                        Ok(Ok(place)) => place,
                        _ => continue,
                    }
                }
            };
            match listener.accept().await {
                Ok((stream, from)) => return (place, stream, from),
                Err(error) if is_the_others(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no more connections can be accepted for now");
                    self.make_room();
                    sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks whoever has been idle longest to leave.
    fn make_room(&self) {
        let guests = self.guests();
        let idle =
            guests.present.values().filter(|guest| !guest.asked_to_leave.load(Ordering::Relaxed)).filter_map(|guest| {
                match *guest.phase() {
                    (Phase::Idle, since) => Some((since, guest)),
                    _ => None,
                }
            });
        if let Some((_, guest)) = idle.min_by_key(|(since, _)| *since) {
            guest.asked_to_leave.store(true, Ordering::Relaxed);
            guest.leave.notify_one();
        }
    }

    fn welcome(&self) -> (u64, Arc<Guest>) {
        let guest = Arc::new(Guest {
            phase: Mutex::new((Phase::Idle, Instant::now())),
            asked_to_leave: AtomicBool::new(false),
            leave: Notify::new(),
        });
        let mut guests = self.guests();
        let number = guests.next;
        guests.next += 1;
        guests.present.insert(number, Arc::clone(&guest));
        (number, guest)
    }

    /// Serves one connection until it ends.
    async fn look_after(self, _place: OwnedSemaphorePermit, stream: TcpStream, from: SocketAddr, app: Router) {
        // Without it, a page waits for the acknowledgement of what came before.
        drop(stream.set_nodelay(true));
        let (number, guest) = self.welcome();
        let stopping = self.stopping.subscribe();
        let service = service_fn({
            let (guest, stopping) = (Arc::clone(&guest), stopping.clone());
            move |request: Request<Incoming>| {
                let (mut app, guest, stopping) = (app.clone(), Arc::clone(&guest), stopping.clone());
                guest.enter(Phase::Busy);
                async move {
                    let mut request = request.map(Body::new);
                    request.extensions_mut().insert(ConnectInfo(from));
                    let mut response: Response<Body> = app.call(request).await.unwrap_or_else(|never| match never {});
                    if *stopping.borrow() || guest.asked_to_leave.load(Ordering::Relaxed) {
                        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                    }
                    Ok::<_, Infallible>(response.map(|body| Last { body, guest }))
                }
            }
        });
        let watched = Watched { stream, guest: Arc::clone(&guest) };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle)
            .serve_connection(TokioIo::new(watched), service);
        let mut connection = pin!(connection);
        let mut farewell = pin!(farewell(stopping, self.limits.farewell));
        let mut said = false;
        let ended = loop {
            tokio::select! {
                ended = connection.as_mut() => break ended,
                () = guest.head_is_late(self.limits.head) => break Ok(()),
                () = guest.leave.notified() => connection.as_mut().graceful_shutdown(),
                () = &mut farewell, if !said => {
                    said = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke");
        }
        self.guests().present.remove(&number);
    }
}

/// Ends when the server has been asked to stop, and idle connections have had their time.
async fn farewell(mut stopping: watch::Receiver<bool>, time: Duration) {
    if stopping.wait_for(|stopping| *stopping).await.is_ok() {
        sleep(time).await;
    }
}

/// Whether it is only this one connection that failed.
fn is_the_others(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

impl Guest {
    fn phase(&self) -> MutexGuard<'_, (Phase, Instant)> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, phase: Phase) {
        *self.phase() = (phase, Instant::now());
    }

    /// Ends when a head has been coming for longer than that, or up to a quarter of that later: looking now and then costs
    /// less than setting a timer for every request.
    async fn head_is_late(&self, longest: Duration) {
        loop {
            sleep(longest / 4).await;
            let (phase, since) = *self.phase();
            if phase == Phase::Head && since.elapsed() >= longest {
                return;
            }
        }
    }
}

/// A stream that tells when a request begins to come.
struct Watched {
    stream: TcpStream,
    guest: Arc<Guest>,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            let mut phase = self.guest.phase();
            if phase.0 == Phase::Idle {
                *phase = (Phase::Head, Instant::now());
            }
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The body of a reply, which tells when it has been taken.
struct Last {
    body: Body,
    guest: Arc<Guest>,
}

impl HttpBody for Last {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Last {
    fn drop(&mut self) {
        self.guest.enter(Phase::Idle);
    }
}
