use axum::response::{IntoResponse as _, Redirect, Response};
use engine::{AllowError, TutorTaskId};

use crate::door::{Fail, Path, Visit};

/// `POST /tutor-tasks/ID/allow`: gives a learner more attempts.
pub(crate) async fn allow(visit: Visit, Path(id): Path<TutorTaskId>) -> Result<Response, Fail> {
    match visit.state.engine.allow_attempts(&visit.reader()?.person, id).await {
        // The own page says what was done; when somebody else has been quicker, it shows what is left.
        Ok(_) => Ok(Redirect::to(&format!("/?given={id}")).into_response()),
        Err(AllowError::NotFound) => Err(Fail::NotFound),
        Err(AllowError::Internal(error)) => Err(error.into()),
    }
}
