use chrono::{DateTime, SecondsFormat, Utc};
use engine::{Besides, JobStanding};
use leptos::prelude::*;

use super::{
    frame::{Frame, Rendered},
    parts::{count, list_table, moment},
};

/// What this server does by itself: when each job was last done, what came of it, and when it is due.
pub fn jobs(frame: &Frame, jobs: &[JobStanding], besides: &Besides) -> Rendered {
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
            <h2>"What each server does for itself"</h2>
            <p>"Nobody has to be the one who does these: the published head follows from the log and is the same on every server."</p>
            {list_table("What each server does for itself", &["What", "Last done", "What came of it", "Due"], besides_rows(besides))}
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

fn besides_rows(besides: &Besides) -> impl IntoView + use<> {
    let entries = |size: u64| count(usize::try_from(size).unwrap_or(usize::MAX), "entry", "entries");
    let (at, came, due) = match besides.published {
        None => (None, "None is published.".to_owned(), ().into_any()),
        Some(head) => {
            let came = format!("{}, the last of {}", entries(head.size), moment(head.sealed_at));
            let due = head.next_at.map_or_else(|| "With each entry".into_any(), |at| time(at).into_any());
            (Some(head.published_at), came, due)
        }
    };
    let (stamped_at, stamped) = match besides.stamped {
        None => (None, "None was kept yet.".to_owned()),
        Some((at, size)) => (Some(at), format!("Over {}", entries(size))),
    };
    view! {
        <tr>
            <th scope="row">"Publishes the head of the signed log."</th>
            <td>{at.map(time)}</td>
            <td>{came}</td>
            <td>{due}</td>
        </tr>
        <tr>
            <th scope="row">"Has an authority outside stamp the head, where one is set."</th>
            <td>{stamped_at.map(time)}</td>
            <td>{stamped}</td>
            <td>"Once a day, if something was added"</td>
        </tr>
    }
}

fn time(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(at)}</time> }
}
