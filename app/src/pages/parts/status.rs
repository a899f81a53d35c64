use leptos::prelude::*;
use model::Status;

use crate::drawing::{TICK, TRIANGLE, small};

/// A small drawing that stands beside a word, never in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Status(Status),
    Again,
    Warning,
    Help,
    Leave,
    Menu,
    Waiting,
    Locked,
    Sign,
    Clock,
    Arrow,
    Print,
    Download,
    Search,
}

impl Mark {
    pub fn lines(self) -> &'static str {
        match self {
            Self::Status(Status::Passed) => TICK,
            Self::Status(Status::InProgress) => {
                r#"<circle cx="10" cy="10" r="7.8"/><path d="M10 5.2a4.8 4.8 0 0 1 0 9.6z" fill="currentColor" stroke="none"/>"#
            }
            Self::Status(Status::DueSoon) => r#"<circle cx="10" cy="10" r="7.8"/><path d="M10 5.8V10l2.8 2.2"/>"#,
            Self::Status(Status::Overdue) | Self::Warning => TRIANGLE,
            Self::Status(Status::Expired) => r#"<circle cx="10" cy="10" r="7.8"/><path d="m4.6 15.4 10.8-10.8"/>"#,
            Self::Status(Status::NotStarted) => r#"<circle cx="10" cy="10" r="7.8"/>"#,
            Self::Status(Status::Exempt) => r#"<circle cx="10" cy="10" r="7.8"/><path d="M6 10h8"/>"#,
            Self::Status(Status::NotRequired) => r#"<path d="M4 10h12"/>"#,
            Self::Again => r#"<path d="M4.2 6.4A7.4 7.4 0 1 1 2.6 11"/><path d="M3.6 2.4v4.4H8"/>"#,
            Self::Help => {
                r#"<path d="M3 16.6V5.4A2.4 2.4 0 0 1 5.4 3h9.2A2.4 2.4 0 0 1 17 5.4v5.2a2.4 2.4 0 0 1-2.4 2.4H7z"/>"#
            }
            Self::Waiting => {
                r#"<path d="M5 2.600h10M5 17.400h10M6 2.600c0 4 8 5 8 7.400s-8 3.400-8 7.400M14 2.600c0 4-8 5-8 7.400s8 3.400 8 7.400"/>"#
            }
            Self::Locked => {
                r#"<path d="M6.600 9V6.400a3.400 3.400 0 0 1 6.800 0V9"/><rect x="4" y="9" width="12" height="8.400" rx="2"/>"#
            }
            Self::Sign => r#"<path d="m12.600 3.400 4 4L8 16l-5 1 1-5zM10.400 5.600l4 4"/>"#,
            Self::Clock => Self::Status(Status::DueSoon).lines(),
            Self::Arrow => r#"<path d="M3 10h13m-5-5 5 5-5 5"/>"#,
            Self::Print => r#"<path d="M6 7V2.800h8V7M6 14H3V7h14v7h-3"/><path d="M6 11.600h8v5.600H6z"/>"#,
            Self::Download => r#"<path d="M10 3v10m-4.400-4.400L10 13l4.400-4.400M3.400 17h13.200"/>"#,
            Self::Search => r#"<circle cx="8.6" cy="8.6" r="5.6"/><path d="m13 13 4.4 4.4"/>"#,
            Self::Menu => r#"<path d="M3 5.4h14M3 10h14M3 14.600h14"/>"#,
            Self::Leave => r#"<path d="M12 3H4v14h8M8.6 10H18m-3.4-3.6L18 10l-3.4 3.6"/>"#,
        }
    }
}

/// Draws a mark.
pub fn mark(mark: Mark) -> impl IntoView {
    small(mark.lines())
}

/// A status as shape, word and colour. `word` stands in for the status's own where another says it better.
pub fn status(status: Status, word: Option<&'static str>) -> impl IntoView {
    view! {
        <span class=format!("status {}", status.code())>
            {mark(Mark::Status(status))} " " {word.unwrap_or(status.word())}
        </span>
    }
}
