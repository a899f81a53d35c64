use chrono::{DateTime, SecondsFormat, Utc};
use engine::JobStanding;
use leptos::prelude::*;

use super::{
    frame::{Frame, Rendered},
    parts::{count, list_table, moment},
};

/// What this server does by itself: when each job was last done, what came of it, and when it is due.
pub fn jobs(frame: &Frame, jobs: &[JobStanding]) -> Rendered {
    frame.with_tables().page("Jobs", || {
        let failing = jobs.iter().filter(|job| job.failures > 0).count();
        let lead = if failing > 0 {
            format!("{} not work at the moment.", count(failing, "job does", "jobs do"))
        } else if jobs.iter().all(|job| job.began_at.is_none()) {
            "Nothing was done yet. A server that runs does what is due within a minute.".to_owned()
        } else {
            "Nothing is waiting to be done.".to_owned()
        };
        let rows = jobs.iter().map(row).collect_view();
        view! {
            <p class="crumb"><a href="/admin">"Administration"</a></p>
            <h1>"Jobs"</h1>
            <p class="lead">{lead}</p>
            <p>"What a server does by itself. With several servers one of them does each."</p>
            {list_table("Jobs", &["Job", "Last begun", "What came of it", "Due"], rows)}
            <p class="hint">"Whoever runs the server can have all of them done at once: induct jobs --run"</p>
        }
    })
}

fn row(job: &JobStanding) -> impl IntoView + use<> {
    let came = match (job.running, job.failures, &job.said) {
        (true, ..) => "It is being done.".to_owned(),
        (false, 0, Some(said)) => said.clone(),
        (false, 0, None) => String::new(),
        (false, failures, said) => {
            let times = if failures > 1 { format!(" {failures} times in a row") } else { String::new() };
            format!("It failed{times}: {}", said.clone().unwrap_or_default())
        }
    };
    // Whoever did it died, or was stopped.
    let broken = !job.running && job.began_at.is_some() && job.ended_at.is_none();
    let came = if broken { "It was not finished, and will be done again.".to_owned() } else { came };
    view! {
        <tr>
            <th scope="row">{job.job.does()}</th>
            <td>{job.began_at.map(time)}</td>
            <td>{came}</td>
            <td>{job.due_at.map(time)}</td>
        </tr>
    }
}

fn time(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(at)}</time> }
}
