use super::{stop_reminders::stopped_since, write_reminders::Suppressed};
use crate::{
    engine::{Engine, Refused},
    mail::{LetterAbout, LetterToSend, Reminded},
    record::Thing,
    standing::Situation,
    store::{Linked as _, StoreError, change},
};

const SUPPRESS: &str = "UPDATE reminder SET suppressed = $4, suppressed_at = $5 \
     WHERE letter_id = $1 AND kind = $2 AND slug = $3 AND suppressed IS NULL";

/// Why a letter is given up that has nothing left to tell.
const NOTHING_LEFT: &str = "nothing of it is wanted any more";

impl Engine {
    /// What a letter that was claimed tells at this moment: of a reminder what is still wanted by the day that it says and was not stopped meanwhile,
    /// to managers what they were to be told while they are here, and of any other letter all. `None`: nothing, and then it has been given up.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn still_tells(&self, letter: &LetterToSend) -> Result<Option<LetterAbout>, StoreError> {
        if !matches!(letter.about, LetterAbout::Reminder { .. } | LetterAbout::Digest { .. }) {
            return Ok(Some(letter.about.clone()));
        }
        let situation = match self.situation(letter.person).await {
            Ok(situation) => Some(situation),
            Err(Refused::Internal(error)) => return Err(error),
            Err(Refused::NotFound | Refused::NotForYou) => None,
        };
        // Whoever has left has a situation, and is nobody.
        let situation = situation.filter(|situation| situation.person().is_ok());
        let LetterAbout::Reminder { name, things } = &letter.about else {
            if situation.is_some() {
                return Ok(Some(letter.about.clone()));
            }
            let mut tx = self.store.write().await?;
            self.give_up_letter(&mut tx, letter, NOTHING_LEFT).await?;
            tx.commit().await?;
            return Ok(None);
        };
        let has_stopped = stopped_since(&mut self.store.read().await?, letter.person).await?.is_some();
        let (mut left, mut gone): (Vec<Reminded>, Vec<(&Thing, Suppressed)>) = (Vec::new(), Vec::new());
        for one in things {
            match situation.as_ref().map(|situation| situation.cell(&one.thing).wanted.clone()) {
                None => gone.push((&one.thing, Suppressed::Left)),
                Some(_) if has_stopped && one.occasion.may_be_stopped() => gone.push((&one.thing, Suppressed::Stopped)),
                Some(_) if situation.as_ref().is_some_and(|situation| is_declined(situation, &one.thing)) => {
                    gone.push((&one.thing, Suppressed::Declined));
                }
                Some(Some(wanted)) if wanted.programme.is_some() && wanted.by == one.due_on => left.push(one.clone()),
                Some(_) => gone.push((&one.thing, Suppressed::Done)),
            }
        }
        if gone.is_empty() {
            return Ok(Some(letter.about.clone()));
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        for (thing, why) in gone {
            change!(
                tx,
                sqlx::query(SUPPRESS).bind(letter.id).bind(thing.kind()).bind(thing.slug()).bind(why.name()).bind(now)
            )?;
        }
        let is_nothing = left.is_empty();
        if is_nothing {
            self.give_up_letter(&mut tx, letter, NOTHING_LEFT).await?;
        }
        tx.commit().await?;
        Ok((!is_nothing).then(|| LetterAbout::Reminder { name: name.clone(), things: left }))
    }
}

/// Whether they declined to sign it and are not asked again yet.
fn is_declined(situation: &Situation, thing: &Thing) -> bool {
    let Thing::Agreement(agreement) = thing else { return false };
    situation.declined(agreement).is_some_and(|decline| decline.waits_on(situation.today))
}
