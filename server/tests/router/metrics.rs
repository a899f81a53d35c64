//! How a server is, for whoever watches over it.

use axum::http::{Method, StatusCode, header};
use server::settings::{Secret, Settings};

use crate::site::{Site, bare};
use world::{World, on_both};

on_both![whoever_shows_the_token_reads_numbers, without_a_token_there_is_no_such_page];

const TOKEN: &str = "a token for whoever watches";

async fn whoever_shows_the_token_reads_numbers(world: World) {
    let amy = world.learner("amy").await;
    let settings = Settings { metrics_token: Some(Secret(TOKEN.to_owned())), ..Settings::default() };
    let site = Site::with(&world, settings);
    let mut browser = site.browser_of(&amy).await;
    browser.get("/nowhere").await;
    world.engine.run_due_jobs().await.unwrap();
    assert_eq!(browser.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let asks = async |token: &str| {
        let mut request = bare(Method::GET, "/metrics");
        request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        site.browser().send(request).await
    };
    assert_eq!(asks("a token that is another").await.status, StatusCode::NOT_FOUND);
    let reply = asks(TOKEN).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8")
    );
    let text = reply.text();
    // Nowhere, and twice without the token.
    for line in
        ["induct_ready 1\n", "induct_responses_total{class=\"4xx\"} 3\n", "induct_job_failures{job=\"retention\"} 0\n"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(
        text.lines().all(|line| line.starts_with("# ")
            || line.rsplit_once(' ').is_some_and(|(_, value)| value.parse::<f64>().is_ok())),
        "{text}"
    );
    assert!(!text.contains("amy") && !text.contains(&amy.person.id.to_string()), "{text}");
}

async fn without_a_token_there_is_no_such_page(world: World) {
    let mut request = bare(Method::GET, "/metrics");
    request.headers_mut().insert(header::AUTHORIZATION, "Bearer ".parse().unwrap());
    assert_eq!(Site::over(&world).browser().send(request).await.status, StatusCode::NOT_FOUND);
}
