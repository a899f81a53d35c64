use crate::{
    engine::{Engine, Looked},
    ground::local_date,
    people::{Person, find_maybe_news, names_in_role},
    signing::{CameIn, may_be_told, submitted_to},
    workshops::{ListedDiscussion, OwnWorkshops},
};

/// What has come to somebody's own page besides what is asked of them.
#[derive(Clone, Debug, Default)]
pub struct OwnNews {
    /// What came in for the named roles that they hold; see [`Engine::came_in`].
    pub came_in: Vec<CameIn>,
    /// Their workshops; see [`Engine::own_workshops`].
    pub workshops: OwnWorkshops,
    /// The discussions of which they are asked whether they were held; see [`Engine::discussions_to_answer`].
    pub to_answer: Vec<ListedDiscussion>,
}

impl Engine {
    /// What has come to somebody's own page besides what is asked of them. Whether there can be any was read with their session, in the same
    /// request; where there can be none, the database is not asked again.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] when they have left.
    pub async fn own_news(&self, person: &Person) -> Looked<OwnNews> {
        let now = self.clock.now();
        let asked;
        let maybe = match person.found_in.as_ref().and_then(|found| found.news.as_ref()) {
            Some(news) => news,
            None => {
                asked = find_maybe_news(&mut self.store.read().await?, person.id, now).await?;
                &asked
            }
        };
        let mut news = OwnNews::default();
        if may_be_told(person) || self.may_hold_a_role(maybe.email.as_deref()) {
            news.came_in = self.came_in(person).await?;
        }
        news.workshops = self.own_workshops_among(person, maybe.coming > 0, maybe.signed_in > 0).await?;
        if maybe.discussions > 0 {
            news.to_answer = self.discussions_to_answer(person).await?;
        }
        Ok(news)
    }

    /// Whether an address is named today in a role to which agreements are submitted.
    fn may_hold_a_role(&self, email: Option<&str>) -> bool {
        let Some(email) = email else { return false };
        let today = local_date(self.clock.now());
        submitted_to(&self.catalogue()).iter().any(|role| names_in_role(role, email, today))
    }
}
