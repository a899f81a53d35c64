//! Any bytes as a video or a sound: what they are is found out, and never panics.
#![no_main]

use std::sync::Arc;

use chrono::NaiveDate;
use engine::content::{Sources, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let nothing: [(&str, &str); 0] = [];
    let media = ["mp4", "webm", "mp3"].map(|ending| (format!("modules/a/a.{ending}"), Arc::from(bytes)));
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let _ = compile(&Sources::from_files(nothing).with_media(media), today);
});
