use chrono::{DateTime, Utc};

use crate::{
    catalogue::Agreement,
    engine::Engine,
    ground::{SignatureId, local_date},
    mail::{LetterAbout, NewLetter},
    people::{Overseer, Person, find_addressees},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change_one},
};

const INSERT_SUBMISSION: &str =
    "INSERT INTO submission (signature_id, person_id, role, submitted_at) VALUES ($1, $2, $3, $4)";

impl Engine {
    /// Hands in what was signed to the role that the agreement names, in the transaction that signs it: it stands in that role's list from then on, and whoever
    /// holds the role that day gets a letter, which waits where there is no mail server yet. Nothing where the agreement names none.
    pub(super) async fn submit_agreement(
        &self,
        tx: &mut Tx,
        signer: &Person,
        agreement: &Agreement,
        signature: SignatureId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(named) = &agreement.submit_to else { return Ok(()) };
        change_one!(tx, sqlx::query(INSERT_SUBMISSION).bind(signature).bind(signer.id).bind(named).bind(now))?;
        if !self.is_present() {
            return Ok(());
        }
        let catalogue = self.catalogue();
        let role = catalogue.organisation.roles.iter().find(|role| role.id == *named);
        let (told, instead) = find_addressees(tx, role, signer.id, local_date(now)).await?;
        let about = |to: &Overseer| LetterAbout::Submitted {
            name: to.name.clone(),
            signer: signer.name.clone(),
            title: agreement.title.clone(),
            version: agreement.current().version.clone(),
            sha256: agreement.canonical.sha256.to_string(),
            role: role.map_or_else(|| named.clone(), |role| role.title.clone()),
            role_id: role.map(|role| role.id.clone()).unwrap_or_default(),
            instead,
            at: now,
            signature,
        };
        let letters: Vec<(&Overseer, LetterAbout)> = told.iter().map(|to| (to, about(to))).collect();
        let new: Vec<NewLetter<'_>> = letters
            .iter()
            .map(|(to, about)| NewLetter { person: to.person_id, address: &to.email, about, instead_of: None })
            .collect();
        self.write_letters(tx, &new, Actor::Person(signer.id)).await.map(drop)
    }
}
