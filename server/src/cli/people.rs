use std::{
    io::{self, BufRead as _},
    process::ExitCode,
};

use chrono::{Days, NaiveDate};
use clap::{Args, Subcommand};
use engine::{
    Actor, Duty, Engine, GroupError, GroupId, NewDuty, NewPerson, PersonId, Role, WayIn,
    catalogue::{Audience, ListedAudience},
    local, local_date,
};

use super::{CommandError, Database, import_people::ImportPeople, put, say};

/// `induct people …`
#[derive(Subcommand)]
pub(super) enum People {
    /// Add somebody, and write a link with which they choose their password; that of the first administrator is read from the first line of
    /// standard input
    Add(Add),
    /// Bring people in from a file, all of them or none, or undo that; says what changes, line by line
    Import(ImportPeople),
    /// Make a link with which somebody chooses their password: it works once, and for a short time
    Link(Link),
    /// Take away that an account of their organisation lets somebody in, and end the person's sessions
    Unlink(Unlink),
    /// Take away the second factor and the passkeys of somebody who cannot show them any more, and end the person's sessions
    ResetSecondFactor(ResetSecondFactor),
    /// Take somebody's password away, end their sessions, and write a link with which they choose another
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
    /// As whom they are here (an audience of the provider's list, such as `learner` or `staff`), or what they do for others (`manager`,
    /// `dsl`, `author`, `auditor`, `administrator`); may be given several times
    #[arg(long, required = true)]
    role: Vec<String>,
    /// The group that they belong to, as a path such as `Northfield/Cohort A`, or a name that is unique; made when it is missing
    #[arg(long)]
    group: Option<String>,
    /// What another system of yours knows them by
    #[arg(long)]
    external_id: Option<String>,
    /// A group that they look after as a manager, written likewise; may be given several times
    #[arg(long)]
    manages: Vec<String>,
    /// When they begin, such as 2026-11-22; today when it is missing
    #[arg(long)]
    start_date: Option<NaiveDate>,
    /// The first day on which an auditor is one no longer, such as 2026-12-22: with `--role auditor`, 30 days after the start is usual. Whoever is to
    /// go on is given the duty again on their page, from that day on
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// Read no password of the first administrator, either: write a link, as for everybody else
    #[arg(long)]
    link: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Link {
    /// What they sign in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Unlink {
    /// What they are written to, or sign in with
    #[arg(long)]
    email: String,
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

#[derive(Args)]
pub(super) struct ResetSecondFactor {
    /// What they sign in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    database: Database,
}

/// The roles and the audiences that words on the command line name.
fn roles_and_audiences(
    words: &[String],
    listed: &[ListedAudience],
) -> Result<(Vec<Role>, Vec<Audience>), CommandError> {
    let mut named = (Vec::new(), Vec::new());
    for word in words {
        let audience = Audience::new(word.as_str()).ok();
        let audience = audience.filter(|audience| listed.is_empty() || listed.iter().any(|one| one.id == *audience));
        match (Role::parse(word), audience) {
            (Some(role), _) => named.0.push(role),
            (None, Some(audience)) => named.1.push(audience),
            (None, None) => {
                let audiences = listed.iter().map(|one| one.id.as_str());
                let known: Vec<&str> = audiences.chain(Role::ALL.iter().map(|role| role.code())).collect();
                let said = format!("there is no role {word}; there are {}", known.join(", "));
                return Err(CommandError::Refused(said));
            }
        }
    }
    Ok(named)
}

impl People {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Add(add) => add.run().await,
            Self::Import(import) => import.run().await,
            Self::Link(link) => link.run().await,
            Self::Unlink(unlink) => unlink.run().await,
            Self::ResetSecondFactor(reset) => reset.run().await,
            Self::ResetPassword(reset) => reset.run().await,
        }
    }
}

/// The group that a path means; says so where it has just been made.
async fn group_meant(engine: &Engine, path: &str) -> Result<GroupId, CommandError> {
    let refused = |error: GroupError| CommandError::Refused(error.to_string());
    let meant = engine.group_meant(path, Actor::CommandLine).await.map_err(refused)?;
    if let Some(path) = meant.made {
        say(&format!("The group {path} was not there, and has been made."));
    }
    Ok(meant.id)
}

impl Add {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        // Audiences are those of the list that is published.
        engine.refresh().await?;
        let (roles, audiences) = roles_and_audiences(&self.role, &engine.catalogue().organisation.audiences)?;
        let is_manager = roles.contains(&Role::Manager);
        if is_manager == self.manages.is_empty() {
            let said =
                if is_manager { "say whom they look after: --manages GROUP" } else { "--manages needs --role manager" };
            return Err(CommandError::Refused(said.to_owned()));
        }
        let start_date = self.start_date.unwrap_or_else(|| local_date(engine.now()));
        let until = auditor_until(roles.contains(&Role::Auditor), start_date, self.until)?;
        // Nobody chooses another's password. Where nobody can sign in yet who makes links, it is one's own; a password of ours opens nothing where
        // people sign in with their organisation alone.
        let types = !self.link
            && roles.contains(&Role::Administrator)
            && !self.database.settings(None)?.oidc_only
            && !engine.has_administrator_who_signs_in().await?;
        let password = if types { Some(read_password()?) } else { None };
        let duties = roles.iter().map(|role| NewDuty {
            duty: Duty { role: *role, over: None },
            until: until.filter(|_| *role == Role::Auditor),
        });
        let mut new = NewPerson {
            name: self.name,
            email: self.email,
            external_id: self.external_id,
            password,
            start_date,
            duties: duties.collect(),
            audiences,
            member_of: Vec::new(),
        };
        // Before a group is made for somebody who cannot be added.
        if let Some(fault) = engine.faults_of_new_person(&new).await?.first() {
            return Err(CommandError::Refused(fault.to_string()));
        }
        new.duties.retain(|new| new.duty.role != Role::Manager);
        if let Some(path) = &self.group {
            new.member_of.push(group_meant(&engine, path).await?);
        }
        for path in &self.manages {
            let over = group_meant(&engine, path).await?;
            new.duties.push(Duty { role: Role::Manager, over: Some(over) }.into());
        }
        let id = engine
            .add_person(new, Actor::CommandLine)
            .await
            .map_err(|error| CommandError::Refused(error.to_string()))?;
        put(&id.to_string())?;
        if !types {
            put_link(&engine, id, &self.database).await?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// When somebody is an auditor no longer. `None`: they are none.
fn auditor_until(
    is_auditor: bool,
    start_date: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<Option<NaiveDate>, CommandError> {
    let usual = start_date.checked_add_days(Days::new(30)).unwrap_or(start_date);
    match (is_auditor, until) {
        (false, None) => Ok(None),
        (false, Some(_)) => Err(CommandError::Refused("--until needs --role auditor".to_owned())),
        (true, Some(until)) if until > start_date => Ok(Some(until)),
        (true, Some(until)) => Err(CommandError::Refused(format!(
            "--until {until} is not after the day on which they begin, {start_date}"
        ))),
        (true, None) => {
            Err(CommandError::Refused(format!("say on which day they are an auditor no longer: --until {usual}")))
        }
    }
}

impl Link {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let person = person_of(&engine, &self.email).await?;
        put_link(&engine, person, &self.database).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes a link for somebody, and writes it.
async fn put_link(engine: &Engine, person: PersonId, database: &Database) -> Result<(), CommandError> {
    let made = engine.make_ways_in(&[person], Actor::CommandLine).await;
    for way in made.map_err(|error| CommandError::Refused(error.to_string()))? {
        put_way_in(&way, database)?;
    }
    Ok(())
}

fn put_way_in(way: &WayIn, database: &Database) -> Result<(), CommandError> {
    let until = local(way.expires_at).format("%-d %B %Y at %H:%M");
    say(&format!("Nobody types another's password: they choose it with this link, which works once, until {until}."));
    put(&format!("{}/welcome/{}", database.settings(None)?.base_url, way.secret))
}

impl ResetPassword {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let person = person_of(&engine, &self.email).await?;
        let way = engine
            .reset_password(person, Actor::CommandLine)
            .await
            .map_err(|error| CommandError::Refused(error.to_string()))?;
        say("Their password holds no longer; every session and token of theirs has ended.");
        put_way_in(&way, &self.database)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Unlink {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let person = person_of(&engine, &self.email).await?;
        engine
            .unlink_accounts(person, Actor::CommandLine)
            .await
            .map_err(|error| CommandError::Refused(error.to_string()))?;
        say(
            "No account of their organisation is known as theirs any more; every session of theirs has ended. Whoever has their e-mail address there, or \
             their id of another system, is known as them the next time: change these first if they are somebody else's.",
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl ResetSecondFactor {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let person = person_of(&engine, &self.email).await?;
        engine
            .remove_second_factor(person, Actor::CommandLine)
            .await
            .map_err(|error| CommandError::Refused(error.to_string()))?;
        say(
            "No code is asked of them any more, and no passkey lets them in; every session of theirs has ended. If their password has fewer than 15 characters it has ended as well: induct people link makes a link to choose another.",
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// Who signs in with an address.
async fn person_of(engine: &Engine, email: &str) -> Result<PersonId, CommandError> {
    let found = engine.find_person(email).await?;
    found.ok_or_else(|| CommandError::Refused("nobody has that e-mail address".to_owned()))
}

/// The password of the first administrator.
fn read_password() -> Result<String, CommandError> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = password_in(&line);
    if password.is_empty() {
        let said = "no password came on standard input; say --link, and they choose it with a link";
        return Err(CommandError::Refused(said.to_owned()));
    }
    Ok(password.to_owned())
}

/// The password on a line. Some editors begin a file with a byte order mark, which nobody types when they sign in.
fn password_in(line: &str) -> &str {
    line.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_from_a_file_is_the_one_that_is_typed() {
        for line in ["correct horse\n", "\u{feff}correct horse\r\n", "correct horse"] {
            assert_eq!(password_in(line), "correct horse", "{line:?}");
        }
        assert_eq!(password_in(" kept as it is \n"), " kept as it is ");
    }
}
