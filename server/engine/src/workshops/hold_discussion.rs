use audit::{Digest, Fact, PartKind};
use chrono::{Days, NaiveDate};
use model::ModuleSlug;
use serde::Serialize;

use crate::{
    engine::{Engine, Refused},
    ground::{DiscussionId, PersonId, TextFault, local_date, typed_line},
    log::{Row, Said},
    mail::LetterAbout,
    people::{Person, Right, Scope, find_in_scope, tell},
    quiz::{QuizState, quiz_state},
    record::{Actor, Discussion, find_discussions, find_unused_discussion},
    store::{Linked as _, StoreError, change_one},
};

/// A discussion to be marked as held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDiscussion {
    /// With whom.
    pub person: PersonId,
    /// Which module was worked through.
    pub module: ModuleSlug,
    /// The number of the version whose run sheet was followed.
    pub version: u32,
    /// On which day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
}

impl NewDiscussion {
    /// For how many days after it a discussion is marked as held.
    pub const MARKED_WITHIN: Days = Days::new(7);
    /// How many characters its place has at most.
    pub const LONGEST_PLACE: usize = 200;
}

/// Why no discussion was marked as held. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// They are nobody for whoever asks to teach, have left, or are who asks.
    #[error("this is nobody whom you look after")]
    NotTheirs,
    /// No such module is published for them, or its author does not have it worked through side by side.
    #[error("this module is not worked through side by side with them")]
    NoSuchModule,
    /// Another edition of the module has replaced that version.
    #[error("a new edition has replaced what you worked through")]
    Superseded,
    /// They have passed it, and cannot take its quiz now.
    #[error("they have passed it, and do not take it again yet")]
    Passed,
    /// A discussion of it waits for their answer, or is confirmed and no pass has come after it yet.
    #[error("a discussion of it is marked as held already")]
    Already,
    /// The day lies ahead, or more than a week back.
    #[error("choose a day of the last week")]
    Day,
    /// The place cannot be kept.
    #[error("the place cannot be used: {0}")]
    Place(TextFault),
    /// The database failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for HoldError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const INSERT_DISCUSSION: &str = "INSERT INTO discussion (id, person_id, module, version, edition, held_on, place, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Where it was held, as the signed log has it apart from the rest.
#[derive(Serialize)]
pub(crate) struct WhereHeld<'d> {
    pub place: &'d str,
}

impl Engine {
    /// Marks a discussion as held, in which whoever marks it worked a module through with somebody: of whom they may give programmes to at that moment, and
    /// never of themselves. It counts for nothing until that person says that it was held, and passes the quiz.
    /// They are asked by letter, too, where letters are sent.
    ///
    /// # Errors
    /// [`HoldError`]; nothing has been written.
    pub async fn hold_discussion(&self, by: &Person, new: &NewDiscussion) -> Result<DiscussionId, HoldError> {
        let scope = Scope::of(by, Right::Assign, self.clock.now()).ok_or(HoldError::NotTheirs)?;
        let place = typed_line(&new.place, NewDiscussion::LONGEST_PLACE).map_err(HoldError::Place)?;
        let mut tx = self.store.write_for(new.person).await?;
        tx.hold_off_publishing().await?;
        tx.lock_person(new.person).await?;
        if find_in_scope(&mut tx, &scope, &[new.person]).await?.is_empty() {
            return Err(HoldError::NotTheirs);
        }
        let situation = self.situation_on(&mut tx, new.person).await?;
        let now = situation.now;
        let today = local_date(now);
        let current = situation.catalogue().modules.get(&new.module).filter(|module| !module.side_by_side.is_empty());
        let current = current.ok_or(HoldError::NoSuchModule)?;
        if !situation.is_theirs(&situation.person()?, &**current) {
            return Err(HoldError::NoSuchModule);
        }
        if !(1..=current.number).contains(&new.version) {
            return Err(HoldError::Superseded);
        }
        let module = self.module_version(&mut tx, &new.module, new.version).await?;
        if module.edition != current.edition {
            return Err(HoldError::Superseded);
        }
        if !(today - NewDiscussion::MARKED_WITHIN..=today).contains(&new.held_on) {
            return Err(HoldError::Day);
        }
        if matches!(quiz_state(&situation, current), QuizState::Passed(_)) {
            return Err(HoldError::Passed);
        }
        let all = find_discussions(&mut tx, new.person).await?;
        let of_it = |held: &&Discussion| held.module == new.module && held.edition == current.edition;
        let waits = all.iter().filter(of_it).any(|held| held.waits_at(now));
        if waits || find_unused_discussion(&mut tx, new.person, &new.module, current.edition).await?.is_some() {
            return Err(HoldError::Already);
        }
        let id = DiscussionId(self.new_id(now));
        let actor = Actor::Person(by.id);
        change_one!(
            tx,
            sqlx::query(INSERT_DISCUSSION)
                .bind(id)
                .bind(new.person)
                .bind(new.module.as_str())
                .bind(i64::from(module.number))
                .bind(i64::from(module.edition))
                .bind(new.held_on)
                .bind(&place)
                .bind(now)
                .bind(actor.to_string())
        )?;
        let fact = Fact::Discussed {
            module: new.module.as_str().to_owned(),
            version: module.number,
            sha256: Digest(module.canonical.sha256.0),
            edition: module.edition,
            day: new.held_on.to_string(),
        };
        tell(self, &mut tx, new.person, actor, |name| LetterAbout::Discussed {
            name,
            tutor: by.name.clone(),
            held_on: new.held_on,
            discussion: id,
            until: now + Discussion::ANSWERED_WITHIN,
        })
        .await?;
        let act = self.act(new.person, now, actor).saying(Said::Plain(fact), Row::of("discussion", id));
        self.seal(tx, [act.with(PartKind::Act, &WhereHeld { place: &place })]).await?;
        Ok(id)
    }
}
