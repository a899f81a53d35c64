use std::fmt::{Display, Write as _};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use engine::JobStanding;

use crate::door::AppState;

/// `GET /metrics`: how this server is, in Prometheus's text format (version 0.0.4). Numbers alone, and nothing of anybody.
pub(crate) async fn show(State(state): State<AppState>) -> Response {
    let ready = state.engine.ready().await.is_ok();
    // A database that does not answer must not keep the rest from being told.
    let jobs = state.engine.jobs().await.unwrap_or_default();
    let text = written(&state, ready, &jobs);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn written(state: &AppState, ready: bool, jobs: &[JobStanding]) -> String {
    let mut page = Page::default();
    page.kind("induct_info", "gauge", "Which version this is.");
    page.line("induct_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.kind("induct_ready", "gauge", "Whether what people do now can be saved and sealed.");
    page.line("induct_ready", &[], u8::from(ready));
    page.kind(
        "induct_responses_total",
        "counter",
        "Requests that this server has answered, by the first digit of the status.",
    );
    for (class, count) in state.counts.answered() {
        page.line("induct_responses_total", &[("class", &format!("{class}xx"))], count);
    }
    page.kind(
        "induct_response_seconds_total",
        "counter",
        "How long these took together, up to the head of each reply.",
    );
    page.line("induct_response_seconds_total", &[], state.counts.took().as_secs_f64());
    page.kind("induct_job_failures", "gauge", "How many times in a row a job has failed.");
    for job in jobs {
        page.line("induct_job_failures", &[("job", job.job.name())], job.failures);
    }
    page.kind("induct_job_due_timestamp_seconds", "gauge", "When a job is due.");
    for (job, due_at) in jobs.iter().filter_map(|job| Some((job, job.due_at?))) {
        page.line("induct_job_due_timestamp_seconds", &[("job", job.job.name())], due_at.timestamp());
    }
    if let Some(bytes) = resident_bytes() {
        page.kind("process_resident_memory_bytes", "gauge", "Memory that this process has.");
        page.line("process_resident_memory_bytes", &[], bytes);
    }
    page.0
}

/// Text in Prometheus's format.
#[derive(Default)]
struct Page(String);

impl Page {
    fn kind(&mut self, name: &str, kind: &str, help: &str) {
        // What is written into a `String` is written.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Labels are names of ours, which need no escaping.
    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

/// The memory that this process has, as Linux says it. `None`: elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
