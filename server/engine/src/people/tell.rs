use super::way_in::find_for;
use crate::{
    engine::Engine,
    ground::{PersonId, local_date},
    mail::{LetterAbout, NewLetter, SignInNews},
    record::Actor,
    store::{StoreError, Tx},
};

/// Tells somebody by letter of something that was done to them, in the transaction that does it: whoever is here or is to begin, and has an address,
/// where there is a mail server. `about`: what it tells, by their name.
pub(crate) async fn tell(
    engine: &Engine,
    tx: &mut Tx,
    person: PersonId,
    by: Actor,
    about: impl FnOnce(String) -> LetterAbout,
) -> Result<(), StoreError> {
    if !engine.sends_letters() {
        return Ok(());
    }
    let Some(to) = find_for(tx, person, local_date(engine.clock.now())).await? else { return Ok(()) };
    let new = NewLetter { person, address: &to.email, about: &about(to.name), instead_of: None };
    engine.write_letter(tx, &new, by).await
}

/// Tells somebody by letter what has happened to how they sign in.
pub(super) async fn tell_news(
    engine: &Engine,
    tx: &mut Tx,
    person: PersonId,
    by: Actor,
    what: SignInNews,
) -> Result<(), StoreError> {
    let at = engine.clock.now();
    tell(engine, tx, person, by, |name| LetterAbout::News { name, at, what }).await
}
