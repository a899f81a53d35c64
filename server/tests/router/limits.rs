//! What nobody can hold up: over real connections, with limits short enough for a test.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    routing::{get, post},
};
use server::{AppState, Limits, router, serve, settings::Settings, within_limits};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use world::{World, on_both};

on_both![
    half_a_head_is_not_waited_for_long,
    a_connection_without_a_request_is_closed_in_the_end,
    a_body_that_never_ends_gets_a_page,
    a_body_that_is_never_read_holds_nothing_up,
    a_handler_that_never_returns_gets_a_page,
    a_handler_that_panics_gets_a_page_and_the_next_request_is_served,
    idle_connections_give_way_to_whoever_comes,
    half_heads_do_not_keep_others_out_for_long,
    a_connection_that_is_kept_open_serves_many_requests,
    stopping_waits_for_what_is_under_way_and_says_that_it_closes,
    stopping_closes_idle_connections_after_a_farewell,
    stopping_does_not_wait_for_a_body_that_hangs,
    whoever_keeps_asking_over_a_stop_is_cut_off_by_no_silence,
];

const LONG: Duration = Duration::from_secs(30);

/// Limits that a test need not wait long for, and that a slow machine keeps.
fn limits() -> Limits {
    Limits {
        connections: 20,
        head: Duration::from_millis(800),
        idle: Duration::from_secs(3),
        body: Duration::from_millis(800),
        handler: Duration::from_millis(800),
        farewell: Duration::from_millis(500),
        stop: Duration::from_secs(2),
    }
}

async fn half_a_head_is_not_waited_for_long(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut held = server.connect().await;
    held.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n").await.unwrap();
    let begun = Instant::now();
    assert_eq!(rest_of(&mut held).await, "");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

async fn a_connection_without_a_request_is_closed_in_the_end(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut silent = server.connect().await;
    assert_eq!(rest_of(&mut silent).await, "");
}

async fn a_body_that_never_ends_gets_a_page(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut slow = server.connect().await;
    slow.write_all(&head_of_a_form("/sign-in", 100)).await.unwrap();
    let reply = rest_of(&mut slow).await;
    assert!(reply.starts_with("HTTP/1.1 408 "), "{reply}");
    assert!(reply.contains("That took too long to reach us"), "{reply}");
}

async fn a_body_that_is_never_read_holds_nothing_up(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome").await.unwrap();
    let reply = rest_of(&mut slow).await;
    assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
}

async fn a_handler_that_never_returns_gets_a_page(world: World) {
    let server = Server::start(&world, limits()).await;
    let reply = server.get("/never").await;
    assert!(reply.starts_with("HTTP/1.1 500 ") && reply.contains("class=\"number\">"), "{reply}");
}

async fn a_handler_that_panics_gets_a_page_and_the_next_request_is_served(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut kept = server.connect().await;
    kept.write_all(
        b"GET /panics HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    .await
    .unwrap();
    let replies = rest_of(&mut kept).await;
    assert!(replies.starts_with("HTTP/1.1 500 ") && replies.contains("class=\"number\">"), "{replies}");
    assert!(!replies.contains("what is inside") && replies.ends_with("ok\n"), "{replies}");
}

async fn idle_connections_give_way_to_whoever_comes(world: World) {
    let server = Server::start(&world, Limits { idle: LONG, ..limits() }).await;
    let mut idle = Vec::new();
    for _ in 0..280 {
        idle.push(server.connect().await);
    }
    let asked = timeout(Duration::from_secs(10), server.get("/healthz")).await;
    assert!(asked.unwrap().ends_with("ok\n"));
}

async fn half_heads_do_not_keep_others_out_for_long(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut held = Vec::new();
    for _ in 0..20 {
        let mut one = server.connect().await;
        one.write_all(b"GET /").await.unwrap();
        held.push(one);
    }
    let asked = timeout(Duration::from_secs(3), server.get("/healthz")).await;
    assert!(asked.unwrap().ends_with("ok\n"));
}

async fn a_connection_that_is_kept_open_serves_many_requests(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut kept = server.connect().await;
    for _ in 0..3 {
        kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        assert!(until(&mut kept, "ok\n").await.starts_with("HTTP/1.1 200 "));
        // Longer than a head may take: waiting for the next request is another thing.
        sleep(Duration::from_millis(1500)).await;
    }
}

async fn stopping_waits_for_what_is_under_way_and_says_that_it_closes(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let served = server.stop();
    let reply = rest_of(&mut busy).await;
    assert!(reply.to_lowercase().contains("connection: close") && reply.ends_with("done"), "{reply}");
    served.await.unwrap();
}

async fn stopping_closes_idle_connections_after_a_farewell(world: World) {
    let server = Server::start(&world, Limits { idle: LONG, stop: LONG, ..limits() }).await;
    let mut kept = server.connect().await;
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    until(&mut kept, "ok\n").await;
    let mut silent = server.connect().await;
    sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    let served = server.stop();
    assert_eq!((rest_of(&mut kept).await, rest_of(&mut silent).await), (String::new(), String::new()));
    served.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

async fn stopping_does_not_wait_for_a_body_that_hangs(world: World) {
    let server = Server::start(&world, Limits { body: LONG, handler: LONG, ..limits() }).await;
    let mut slow = server.connect().await;
    slow.write_all(&head_of_a_form("/sign-in", 100)).await.unwrap();
    let mut stuck = server.connect().await;
    stuck.write_all(b"GET /never HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    server.stop().await.unwrap();
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(4), "{took:?}");
}

async fn whoever_keeps_asking_over_a_stop_is_cut_off_by_no_silence(world: World) {
    let server = Server::start(&world, limits()).await;
    let mut asking = Vec::new();
    for _ in 0..8 {
        let mut kept = server.connect().await;
        asking.push(tokio::spawn(async move {
            loop {
                kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
                let reply = until(&mut kept, "ok\n").await;
                if reply.to_lowercase().contains("connection: close") {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        }));
    }
    sleep(Duration::from_millis(200)).await;
    server.stop().await.unwrap();
    for one in asking {
        one.await.unwrap();
    }
}

/// A server on a port of its own.
struct Server {
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Server {
    /// The site, and some handlers that no site should have.
    async fn start(world: &World, limits: Limits) -> Self {
        let state = AppState::new(world.engine.clone(), Settings::default(), false);
        let bad = Router::new()
            .route("/never", get(std::future::pending::<()>))
            .route("/panics", get(panics))
            .route("/sign-in", post(|| async {}))
            .route(
                "/slow",
                get(|| async {
                    sleep(Duration::from_millis(400)).await;
                    "done"
                }),
            );
        let bad = within_limits(bad, &state, limits).with_state(state.clone());
        let app = Router::new().fallback_service(router(state)).merge(bad);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(listener, app, limits, async { drop(stopped.await) }));
        Self { addr, stop, served }
    }

    fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.served
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    async fn get(&self, address: &str) -> String {
        let mut stream = self.connect().await;
        let request = format!("GET {address} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        rest_of(&mut stream).await
    }
}

async fn panics() {
    panic!("what is inside");
}

fn head_of_a_form(address: &str, length: usize) -> Vec<u8> {
    format!(
        "POST {address} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\nemail=amy"
    )
    .into_bytes()
}

/// Everything that comes until the connection is closed.
async fn rest_of(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    timeout(LONG, stream.read_to_end(&mut text)).await.unwrap().unwrap();
    String::from_utf8(text).unwrap()
}

/// Everything that comes until a text has come; it must come before the connection is closed.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let mut part = [0; 1024];
        let length = timeout(LONG, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(length > 0, "cut off after {:?}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&part[..length]);
    }
    String::from_utf8(text).unwrap()
}
