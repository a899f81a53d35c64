use crate::{
    engine::{Engine, Looked},
    ground::local_date,
    people::{Person, names_in_role},
    signing::{CameIn, may_be_told, submitted_to},
    store::{Linked as _, on},
    workshops::{ListedDiscussion, OwnWorkshops, Workshop},
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

/// What there could be, in one row: most people have none of it on most days, and each question to the database costs more than what it does
/// there.
const FIND_NEWS: &str = "SELECT (SELECT d.email FROM person_detail d WHERE d.person_id = $1) AS email, \
       (SELECT COUNT(*) FROM (SELECT 1 FROM workshop w WHERE w.starts_at > $2 AND w.ended_at IS NULL LIMIT 1) one) AS coming, \
       (SELECT COUNT(*) FROM workshop_sign_in s WHERE s.person_id = $1) AS signed_in, \
       (SELECT COUNT(*) FROM discussion d WHERE d.person_id = $1) AS discussions";

#[derive(sqlx::FromRow)]
struct NewsRow {
    email: Option<String>,
    coming: i64,
    signed_in: i64,
    discussions: i64,
}

impl Engine {
    /// What has come to somebody's own page besides what is asked of them.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] when they have left.
    pub async fn own_news(&self, person: &Person) -> Looked<OwnNews> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let row: NewsRow = on!(conn.link(), conn => sqlx::query_as(FIND_NEWS)
            .bind(person.id).bind(now - Workshop::LISTED_SINCE).fetch_one(conn).await)?;
        drop(conn);
        let mut news = OwnNews::default();
        let (roles, today) = (submitted_to(&self.catalogue()), local_date(now));
        let named = |email: &String| roles.iter().any(|role| names_in_role(role, email, today));
        if row.email.as_ref().is_some_and(named) || may_be_told(person) {
            news.came_in = self.came_in(person).await?;
        }
        news.workshops = self.own_workshops_among(person, row.coming > 0, row.signed_in > 0).await?;
        if row.discussions > 0 {
            news.to_answer = self.discussions_to_answer(person).await?;
        }
        Ok(news)
    }
}
