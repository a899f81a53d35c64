use std::{
    io::{self, BufRead as _},
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use engine::{Engine, NewPerson, Role, local_date};

use super::{CommandError, Database, open_engine, put, read_catalogue, say};

/// `induct people …`
#[derive(Subcommand)]
pub(super) enum People {
    /// Add somebody; their password is read from the first line of standard input
    Add(Add),
    /// Set a new password, read from the first line of standard input, and end the person's sessions
    ResetPassword(ResetPassword),
}

#[derive(Args)]
pub(super) struct Add {
    /// Their name
    #[arg(long)]
    name: String,
    /// What they sign in with
    #[arg(long)]
    email: String,
    /// What they are here as; may be given several times
    #[arg(long, value_parser = parse_role, required = true)]
    role: Vec<Role>,
    /// The group that they belong to, as a path such as `Northfield/Cohort A`; made when it is missing
    #[arg(long)]
    group: Option<String>,
    /// A group that they look after, written likewise; may be given several times
    #[arg(long)]
    manages: Vec<String>,
    /// When they begin, such as 2026-11-22; today when it is missing
    #[arg(long)]
    start_date: Option<NaiveDate>,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct ResetPassword {
    /// What they sign in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    database: Database,
}

fn parse_role(code: &str) -> Result<Role, String> {
    Role::parse(code).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        format!("there is no role {code}; there are {}", known.join(", "))
    })
}

impl People {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Add(add) => add.run().await,
            Self::ResetPassword(reset) => reset.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = open(&self.database).await?;
        let password = read_password()?;
        let mut member_of = Vec::new();
        if let Some(path) = &self.group {
            member_of.push(engine.group_at(path).await?);
        }
        let mut manages = Vec::new();
        for path in &self.manages {
            manages.push(engine.group_at(path).await?);
        }
        let start_date = self.start_date.unwrap_or_else(|| local_date(engine.now()));
        let new = NewPerson {
            name: self.name,
            email: self.email,
            password,
            start_date,
            roles: self.role,
            member_of,
            manages,
        };
        let id = engine.add_person(new).await.map_err(|error| CommandError::Refused(error.to_string()))?;
        put(&id.to_string())?;
        Ok(ExitCode::SUCCESS)
    }
}

impl ResetPassword {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = open(&self.database).await?;
        let password = read_password()?;
        engine
            .reset_password(&self.email, &password)
            .await
            .map_err(|error| CommandError::Refused(error.to_string()))?;
        say("The new password holds from now on; every session of theirs has ended.");
        Ok(ExitCode::SUCCESS)
    }
}

async fn open(database: &Database) -> Result<Engine, CommandError> {
    let settings = database.settings(None)?;
    open_engine(&settings, read_catalogue(&settings)?).await
}

fn read_password() -> Result<String, CommandError> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(CommandError::Refused("no password came on standard input".to_owned()));
    }
    Ok(password.to_owned())
}
