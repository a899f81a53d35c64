use std::process::ExitCode;

use clap::{Args, Subcommand};
use engine::LedWorkshop;
use serde_json::{Value, json};

use super::{CommandError, Database, TableFormat, open_engine};
use crate::export::workshops_table;

/// `induct workshop …`
#[derive(Subcommand)]
pub(super) enum Workshop {
    /// Write the workshops of the last 60 days and to come, the latest first, without their codes
    List(List),
}

#[derive(Args)]
pub(super) struct List {
    /// How to write it
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    format: TableFormat,
    #[command(flatten)]
    database: Database,
}

impl Workshop {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let Self::List(List { format, database }) = self;
        let engine = open_engine(&database.settings(None)?).await?;
        engine.refresh().await?;
        let every = engine.every_workshop().await?;
        let json = || every.iter().map(|(led, leader)| as_json(led, leader.as_deref())).collect();
        format.write(|| workshops_table(&every), json)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(led: &LedWorkshop, leader: Option<&str>) -> Value {
    let workshop = &led.workshop;
    json!({
        "workshop": workshop.id,
        "module": workshop.module,
        "title": led.title,
        "starts_at": workshop.starts_at,
        "place": workshop.place,
        "group": led.group,
        "led_by": leader,
        "signed_in": led.signed_in,
        "confirmed": led.passed,
        "called_off_at": workshop.ended_at,
    })
}
