use super::Person;
use crate::{
    engine::Engine,
    ground::{SavedViewId, TextFault, typed_line},
    store::{Linked as _, StoreError, change, on},
};

/// A view of the matrix that somebody keeps for themselves.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedView {
    /// Which.
    pub id: SavedViewId,
    /// What its owner calls it.
    pub name: String,
    /// The query of its address. Empty: everything.
    pub query: String,
}

/// Why a view was not kept. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum SaveViewError {
    /// It cannot be called so.
    #[error("the name cannot be used: {0}")]
    Name(TextFault),
    /// They keep [`SavedView::MOST`] already.
    #[error("there are too many views")]
    TooMany,
    /// The address is longer than any that a page of ours leads to.
    #[error("the view cannot be kept")]
    TooLong,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl SavedView {
    /// How many views somebody keeps at most.
    pub const MOST: usize = 50;

    /// How many characters the name of a view has at most.
    pub const LONGEST_NAME: usize = 60;
}

const LONGEST_QUERY: usize = 8_000;

const LIST_VIEWS: &str = "SELECT id, name, query FROM saved_view WHERE person_id = $1 ORDER BY name, id";

/// A view of the same name is replaced. There are never more than $6 of one person's.
const SAVE_VIEW: &str = "INSERT INTO saved_view (id, person_id, name, query, saved_at) SELECT $1, $2, $3, $4, $5 \
     WHERE (SELECT COUNT(*) FROM saved_view v WHERE v.person_id = $2 AND v.name <> $3) < $6 \
     ON CONFLICT (person_id, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at";

const DELETE_VIEW: &str = "DELETE FROM saved_view WHERE id = $1 AND person_id = $2";

impl Engine {
    /// The views that somebody keeps, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn saved_views(&self, owner: &Person) -> Result<Vec<SavedView>, StoreError> {
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_as(LIST_VIEWS).bind(owner.id).fetch_all(conn).await)
    }

    /// Keeps a view for somebody. One of theirs that is called so already is replaced. Gives the name as it was kept.
    ///
    /// # Errors
    /// [`SaveViewError`]; nothing has been written.
    pub async fn save_view(&self, owner: &Person, name: &str, query: &str) -> Result<String, SaveViewError> {
        let name = typed_line(name, SavedView::LONGEST_NAME).map_err(SaveViewError::Name)?;
        if query.len() > LONGEST_QUERY {
            return Err(SaveViewError::TooLong);
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.lock_person(owner.id).await?;
        let most = i64::try_from(SavedView::MOST).unwrap_or(i64::MAX);
        let saved = change!(
            tx,
            sqlx::query(SAVE_VIEW)
                .bind(SavedViewId(self.new_id(now)))
                .bind(owner.id)
                .bind(&name)
                .bind(query)
                .bind(now)
                .bind(most)
        )?;
        if saved == 0 {
            return Err(SaveViewError::TooMany);
        }
        tx.commit().await?;
        Ok(name)
    }

    /// Deletes a view of somebody's own. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn delete_view(&self, owner: &Person, id: SavedViewId) -> Result<bool, StoreError> {
        let mut tx = self.store.write().await?;
        let deleted = change!(tx, sqlx::query(DELETE_VIEW).bind(id).bind(owner.id))?;
        tx.commit().await?;
        Ok(deleted > 0)
    }
}
