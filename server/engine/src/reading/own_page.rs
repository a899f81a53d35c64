use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::{AgreementSlug, ModuleSlug, Status};

use crate::{
    catalogue::{Catalogue, Module, Programme, Schedule},
    engine::{Engine, Looked},
    ground::{CompletionId, PersonId, SignatureId, local_date},
    people::Person,
    people::is_for,
    quiz::{RENEWAL_WINDOW, StuckLearner},
    record::{Completion, Signature, Standing, find_completions, find_signatures},
    store::{Linked, StoreError, on},
};

/// A due date this many days away or fewer is "soon".
pub(crate) const SOON: Days = Days::new(7);

/// What somebody has to do and has done.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// What is to be done: overdue first, then by due date, then in the programme's order.
    pub due: Vec<Due>,
    /// What is done and counts, newest first.
    pub done: Vec<Done>,
    /// How far they are with each programme that is for them.
    pub programmes: Vec<ProgrammeStanding>,
    /// Learners in their groups who have used up their attempts.
    pub stuck: Vec<StuckLearner>,
}

/// How far somebody is with a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeStanding {
    /// Its title.
    pub title: String,
    /// How many of its modules and agreements are done for now. In a programme that is done once, what is to be renewed counts
    /// until it expires.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// By when the last of what is to be done is due, or all of it the next time; none when it is done for good.
    pub by: Option<NaiveDate>,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What it is.
    pub thing: DueThing,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
    /// The programme that asks for it.
    pub programme: String,
    /// By when.
    pub by: NaiveDate,
    /// Where the person stands.
    pub status: Status,
    /// Whether what they did before still counts.
    pub renews: bool,
}

/// What it is that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueThing {
    /// A module, and how long it takes in minutes.
    Module(ModuleSlug, u32),
    /// An agreement, and how many of the modules that it requires are still to be passed.
    Agreement(AgreementSlug, usize),
}

/// Something done that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// A module was passed.
    Module {
        /// Which.
        module: ModuleSlug,
        /// Its title.
        title: String,
        /// The completion.
        completion: CompletionId,
        /// When.
        at: DateTime<Utc>,
        /// Until when it counts.
        until: DateTime<Utc>,
    },
    /// An agreement was signed.
    Agreement {
        /// Its title.
        title: String,
        /// The signature.
        signature: SignatureId,
        /// When.
        at: DateTime<Utc>,
        /// Until when it counts; none for ever.
        until: Option<DateTime<Utc>>,
    },
}

impl Done {
    /// When it was done.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Module { at, .. } | Self::Agreement { at, .. } => *at,
        }
    }
}

const FIND_BEGUN: &str = "SELECT module FROM page_read WHERE person_id = $1 \
     UNION SELECT module FROM attempt WHERE person_id = $1";

const FIND_OPEN: &str = "SELECT module FROM attempt WHERE person_id = $1 AND submitted_at IS NULL";

/// What a person has done, read once.
struct Record {
    completions: Vec<Completion>,
    signatures: Vec<Signature>,
    /// The modules of which they have read or tried something, ever.
    begun: BTreeSet<String>,
    /// The modules with an attempt that is open now.
    open: BTreeSet<String>,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Engine {
    /// What somebody has to do and has done.
    ///
    /// # Errors
    /// [`crate::Refused::Internal`] when the database fails.
    pub async fn own_page(&self, person: &Person) -> Looked<OwnPage> {
        let catalogue = self.catalogue();
        let stuck = self.stuck_learners(person).await?;
        let record = self.record(person.id).await?;
        let mut due: Vec<Due> = Vec::new();
        let mut programmes = Vec::new();
        for programme in catalogue.programmes.iter().filter(|programme| is_for(&programme.audience, person)) {
            let items = record.due_of(&catalogue, programme, person);
            let of = programme.modules.len() + programme.agreements.len();
            let is_once = matches!(programme.schedule, Schedule::Once { .. });
            let missing = items.iter().filter(|item| !(is_once && item.renews)).count();
            let next = || programme.next_due(person.start_date, record.today);
            programmes.push(ProgrammeStanding {
                title: programme.title.clone(),
                done: of.saturating_sub(missing),
                of,
                by: items.iter().map(|item| item.by).max().or_else(next),
            });
            for item in items {
                match due.iter_mut().find(|other| other.thing == item.thing) {
                    Some(other) if item.by < other.by => *other = item,
                    Some(_) => {}
                    None => due.push(item),
                }
            }
        }
        due.extend(record.other_renewals(&catalogue, person, &due));
        due.sort_by_key(|item| (item.status != Status::Overdue, item.by));
        Ok(OwnPage { due, done: record.done(&catalogue), programmes, stuck })
    }

    async fn record(&self, person: PersonId) -> Result<Record, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let begun: Vec<String> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_BEGUN).bind(person).fetch_all(conn).await)?;
        let open: Vec<String> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_OPEN).bind(person).fetch_all(conn).await)?;
        Ok(Record {
            completions: find_completions(&mut conn, person).await?,
            signatures: find_signatures(&mut conn, person).await?,
            begun: begun.into_iter().collect(),
            open: open.into_iter().collect(),
            now,
            today: local_date(now),
        })
    }
}

fn due_module(module: &Module, programme: &str, by: NaiveDate, status: Status, renews: bool) -> Due {
    Due {
        thing: DueThing::Module(module.slug.clone(), module.minutes),
        title: module.title.clone(),
        summary: module.summary.clone(),
        programme: programme.to_owned(),
        by,
        status,
        renews,
    }
}

impl Record {
    fn standing(&self, catalogue: &Catalogue, slug: &ModuleSlug) -> Standing {
        let edition = catalogue.modules.get(slug).map(|module| module.edition);
        let last = self.completions.iter().filter(|completion| completion.module == *slug);
        let last = last.max_by_key(|completion| (completion.edition, completion.expires_at));
        Standing::of(last.cloned(), edition, self.now)
    }

    fn due_of(&self, catalogue: &Catalogue, programme: &Programme, person: &Person) -> Vec<Due> {
        let due_after = |done: Option<NaiveDate>| programme.part_due(person.start_date, done, self.today);
        // In a company year its own dates decide, and not when what was done before expires.
        let is_once = matches!(programme.schedule, Schedule::Once { .. });
        // Without anything done there is always something due.
        let first_due = due_after(None).unwrap_or(self.today);
        let mut due = Vec::new();
        for slug in &programme.modules {
            let Some(module) = catalogue.modules.get(slug) else { continue };
            let begun = self.begun.contains(slug.as_str());
            let standing = self.standing(catalogue, slug);
            let renews = matches!(standing, Standing::Current(_));
            let (by, status) = match standing {
                Standing::Current(pass) | Standing::Expired(pass) if !is_once => {
                    match due_after(Some(self.last_passed(&pass))) {
                        Some(by) => (by, self.status(self.open.contains(slug.as_str()), by)),
                        None => continue,
                    }
                }
                Standing::Current(pass) => match self.renewal(&pass) {
                    Some(renewal) => renewal,
                    None => continue,
                },
                Standing::Expired(pass) => (local_date(pass.expires_at), Status::Expired),
                Standing::Superseded(_) => (self.today.max(first_due), Status::Expired),
                Standing::Never => (first_due, self.status(begun, first_due)),
            };
            due.push(due_module(module, &programme.title, by, status, renews));
        }
        for slug in &programme.agreements {
            let Some(agreement) = catalogue.agreements.get(slug) else { continue };
            let of_it = || self.signatures.iter().rev().filter(|signature| signature.agreement == *slug);
            let counts = of_it().find(|signature| signature.counts(agreement.canonical.sha256, self.now));
            let renews = counts.is_some();
            let (by, status) = match (counts, of_it().next()) {
                (Some(signature), _) => {
                    let renewal = signature.expires_at.filter(|expires_at| self.now >= *expires_at - RENEWAL_WINDOW);
                    let anew = due_after(Some(local_date(signature.signed_at)));
                    match if is_once { renewal.map(local_date) } else { anew } {
                        Some(by) => (by, self.status(false, by)),
                        None => continue,
                    }
                }
                (None, Some(_)) => (self.today.max(first_due), Status::Expired),
                (None, None) => (first_due, self.status(false, first_due)),
            };
            let missing =
                agreement.requires.iter().filter(|module| self.standing(catalogue, module).current().is_none());
            due.push(Due {
                thing: DueThing::Agreement(slug.clone(), missing.count()),
                title: agreement.title.clone(),
                summary: agreement.summary.first().cloned().unwrap_or_default(),
                programme: programme.title.clone(),
                by,
                status,
                renews,
            });
        }
        due
    }

    /// When a module was last passed in the edition of this pass, which is the one that counts longest.
    fn last_passed(&self, pass: &Completion) -> NaiveDate {
        let same = self.completions.iter().filter(|other| other.module == pass.module && other.edition == pass.edition);
        local_date(same.map(|other| other.completed_at).max().unwrap_or(pass.completed_at))
    }

    /// When and how a pass is to be renewed, once that counts.
    fn renewal(&self, pass: &Completion) -> Option<(NaiveDate, Status)> {
        let by = local_date(pass.expires_at);
        let begun = self.open.contains(pass.module.as_str());
        (self.now >= pass.expires_at - RENEWAL_WINDOW).then(|| (by, self.status(begun, by)))
    }

    /// What is to be renewed of the modules that no programme asks for.
    fn other_renewals(&self, catalogue: &Catalogue, person: &Person, due: &[Due]) -> Vec<Due> {
        let modules = catalogue.modules.values().filter(|module| is_for(&module.audience, person)).filter(|module| {
            !due.iter().any(|due| matches!(&due.thing, DueThing::Module(slug, _) if *slug == module.slug))
        });
        let renewals = modules.filter_map(|module| {
            let (by, status) = self.renewal(&self.standing(catalogue, &module.slug).current()?)?;
            Some(due_module(module, "Renewal", by, status, true))
        });
        renewals.collect()
    }

    fn status(&self, begun: bool, by: NaiveDate) -> Status {
        if by < self.today {
            Status::Overdue
        } else if by <= self.today + SOON {
            Status::DueSoon
        } else if begun {
            Status::InProgress
        } else {
            Status::NotStarted
        }
    }

    fn done(&self, catalogue: &Catalogue) -> Vec<Done> {
        let modules = catalogue.modules.values().filter_map(|module| {
            let pass = self.standing(catalogue, &module.slug).current()?;
            Some(Done::Module {
                module: module.slug.clone(),
                title: module.title.clone(),
                completion: pass.id,
                at: pass.completed_at,
                until: pass.expires_at,
            })
        });
        let agreements = catalogue.agreements.values().filter_map(|agreement| {
            let counts = |signature: &&Signature| {
                signature.agreement == agreement.slug && signature.counts(agreement.canonical.sha256, self.now)
            };
            let signature = self.signatures.iter().rev().find(counts)?;
            Some(Done::Agreement {
                title: agreement.title.clone(),
                signature: signature.id,
                at: signature.signed_at,
                until: signature.expires_at,
            })
        });
        let mut done: Vec<Done> = modules.chain(agreements).collect();
        done.sort_by_key(|item| std::cmp::Reverse(item.at()));
        done
    }
}
