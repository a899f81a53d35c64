use std::process::ExitCode;

use clap::{Args, Subcommand};
use engine::{Actor, Bearer, Duty, NewToken, Role, TokenError, TokenId, local};

use super::{CommandError, Database, put, say};

/// `induct token …`
#[derive(Subcommand)]
pub(super) enum Token {
    /// Make a token, and write it: it is shown this once. Whoever has it may do what its role may, so keep it as you keep a password
    Create(Create),
    /// List the tokens that count, with their ids
    List(List),
    /// End a token: whatever shows it is refused from then on
    End(End),
}

#[derive(Args)]
pub(super) struct Create {
    /// As whom whoever shows it acts. Only `administrator` opens anything: a directory that keeps people and groups in step (`/scim/v2`)
    #[arg(long)]
    role: String,
    /// What it is for, such as the name of the directory
    #[arg(long)]
    name: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct End {
    /// Its id, as `induct token list` has it
    token: String,
    #[command(flatten)]
    database: Database,
}

impl Token {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List(list) => list.run().await,
            Self::End(end) => end.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let role = Role::parse(&self.role).filter(|role| *role == Role::Administrator).ok_or_else(|| {
            CommandError::Refused(format!(
                "no address takes a token with the role {}; there is administrator",
                self.role
            ))
        })?;
        let engine = self.database.open().await?;
        let new = NewToken { name: self.name, bearer: Bearer::Duty(Duty { role, over: None }) };
        let (id, shown) = engine.create_token(&new, Actor::CommandLine).await.map_err(|error| refused(&error))?;
        say(&format!("its id is {id}; it counts until you end it: induct token end {id}"));
        put(&shown)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let listed = engine.list_tokens().await?;
        if listed.is_empty() {
            say("there are none; make one: induct token create --role administrator --name NAME");
        }
        for one in listed {
            let made_at = local(one.made_at).format("%Y-%m-%d %H:%M");
            let acts_as = match one.token.bearer {
                Bearer::Person(_) => "a person",
                Bearer::Duty(duty) => duty.role.code(),
            };
            put(&format!("{}\t{made_at}\t{acts_as}\t{}", one.token.id, one.token.name))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl End {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let none =
            || CommandError::Refused(format!("{} is no id of a token; `induct token list` has them", self.token));
        let token = TokenId::parse(&self.token).ok_or_else(none)?;
        let engine = self.database.open().await?;
        engine.end_token(token, Actor::CommandLine).await.map_err(|error| refused(&error))?;
        say("It has ended: whatever shows it is refused from now on.");
        Ok(ExitCode::SUCCESS)
    }
}

fn refused(error: &TokenError) -> CommandError {
    CommandError::Refused(error.to_string())
}
