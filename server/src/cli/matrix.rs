use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use app::pages::{MatrixView, between, said};
use clap::{Args, ValueEnum};
use engine::{AsAt, GroupId, MatrixChoices, MatrixQuery, Refused, local_date};

use super::{CommandError, Database, open_engine, say};
use crate::export;

/// `induct matrix`
#[derive(Args)]
pub(super) struct Matrix {
    /// Only this group and those below it: a path such as `Northfield/Cohort A`, or a name that is unique
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// As at a past day, such as 2026-01-01 for the end of it, or a time, such as 2026-01-01T14:30
    #[arg(long, value_name = "DATE")]
    as_at: Option<String>,
    /// What changed since an earlier day or time, written likewise, in place of how things stand
    #[arg(long, value_name = "DATE")]
    against: Option<String>,
    /// Past days by what is known now, and not by what was recorded by then
    #[arg(long)]
    known_now: bool,
    /// The form of what is written to standard output
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
}

impl Matrix {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let read = |option: &str, text: &Option<String>| {
            let Some(text) = text else { return Ok(None) };
            let moment = AsAt::parse(text).ok_or_else(|| {
                CommandError::Refused(format!(
                    "{option} {text} is no day; write it like 2026-01-31 or 2026-01-31T14:30"
                ))
            })?;
            Ok::<_, CommandError>(Some(AsAt { moment, as_known_now: self.known_now }))
        };
        let (as_at, against) = (read("--as-at", &self.as_at)?, read("--against", &self.against)?);
        if self.known_now && as_at.or(against).is_none() {
            return Err(CommandError::Refused("--known-now goes with --as-at or --against".to_owned()));
        }
        let engine = open_engine(&self.database.settings(None)?).await?;
        engine.refresh().await?;
        let refused = |refused: Refused| match refused {
            Refused::Internal(error) => CommandError::Store(error),
            Refused::NotFound | Refused::NotForYou => CommandError::Refused("there is no such group".to_owned()),
        };
        if [as_at, against].into_iter().flatten().any(|as_at| as_at.moment > engine.now()) {
            return Err(CommandError::Refused("that day lies ahead".to_owned()));
        }
        let first = engine.first_day().await?;
        for moment in [against, as_at].into_iter().flatten() {
            let day = local_date(moment.moment);
            if let Some(first) = first.filter(|first| day < *first) {
                say(&format!("nobody was on record on {day}: the first day on which anybody was is {first}"));
            }
        }
        let mut query = MatrixQuery { as_at, ..MatrixQuery::default() };
        let mut seen = engine.whole_matrix(&query).await.map_err(refused)?;
        if let Some(wanted) = &self.group {
            query.group = Some(found(wanted, &seen.choices)?);
            seen = engine.whole_matrix(&query).await.map_err(refused)?;
        }
        let whom = said(&seen, &MatrixView { query: query.clone(), ..MatrixView::default() });
        let compared = match against {
            Some(against) => Some(engine.compare_everybody(&query, against).await.map_err(refused)?),
            None => None,
        };
        let head = engine.log_head().await?;
        let origin = |as_at: String| export::Origin {
            organisation: engine.catalogue().organisation.name.clone(),
            whom,
            as_at,
            by: "the command line".to_owned(),
            at: engine.now(),
            head,
        };
        let refused_sheet = |error: rust_xlsxwriter::XlsxError| CommandError::Refused(error.to_string());
        let mut out = io::stdout().lock();
        match (self.format, &compared) {
            (Format::Xlsx, Some(compared)) => {
                let written = export::changes_xlsx(compared, &origin(between(compared)));
                out.write_all(&written.map_err(refused_sheet)?)?;
            }
            (Format::Xlsx, None) => {
                let written = export::matrix_xlsx(&seen, &origin(app::pages::as_at(&seen)));
                out.write_all(&written.map_err(refused_sheet)?)?;
            }
            (Format::Csv, Some(compared)) => out.write_all(&export::changes_csv(compared)?)?,
            (Format::Csv, None) => {
                for part in export::matrix_csv(seen) {
                    out.write_all(&part?)?;
                }
            }
        }
        out.flush()?;
        drop(out);
        engine.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// The group at a path, or of a name that only one has.
fn found(wanted: &str, choices: &MatrixChoices) -> Result<GroupId, CommandError> {
    let path: Vec<&str> = wanted.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut fitting = choices.groups.iter().filter(|(_, names)| {
        names.len() >= path.len()
            && names[names.len() - path.len()..].iter().zip(&path).all(|(name, wanted)| name == wanted)
    });
    let exact = choices.groups.iter().find(|(_, names)| names.iter().eq(path.iter()));
    match (exact, fitting.next(), fitting.next()) {
        (Some((group, _)), ..) | (None, Some((group, _)), None) => Ok(*group),
        (None, None, _) => Err(CommandError::Refused(format!("there is no group {wanted}"))),
        (None, Some((_, one)), Some((_, other))) => {
            let (one, other) = (one.join("/"), other.join("/"));
            Err(CommandError::Refused(format!("more than one group is called so: {one}, {other}; give the whole path")))
        }
    }
}
