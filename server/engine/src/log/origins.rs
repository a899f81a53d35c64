use audit::Origin;

use super::head::Head;
use crate::store::{Linked, StoreError, on};

/// The names of a log: the one that it has, and those that it had until it was gone on with from a copy.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    /// Each with the number of the first leaf that is no longer of it, in their order.
    former: Vec<(u64, Origin)>,
    now: Origin,
}

const EVERY_FORMER: &str = "SELECT ends, origin FROM log_former ORDER BY ends";

impl Origins {
    /// The name that it has.
    pub(crate) fn now(&self) -> &Origin {
        &self.now
    }

    /// The number of the first leaf that is of the log as it is called now.
    pub(crate) fn begins(&self) -> u64 {
        self.former.last().map_or(0, |(ends, _)| *ends)
    }

    /// The name from which follows what opens a leaf.
    pub(super) fn of(&self, leaf: u64) -> &Origin {
        self.former.iter().find(|(ends, _)| leaf < *ends).map_or(&self.now, |(_, origin)| origin)
    }
}

/// The names of the log that has this head.
pub(crate) async fn find_origins(on_what: &mut impl Linked, head: &Head) -> Result<Origins, StoreError> {
    let unreadable = || StoreError::unreadable("name of the log");
    let rows: Vec<(i64, String)> = on!(on_what.link(), conn => sqlx::query_as(EVERY_FORMER).fetch_all(conn).await)?;
    let former = rows.into_iter().map(|(ends, origin)| {
        let ends = u64::try_from(ends).map_err(|_| unreadable())?;
        Ok((ends, Origin::new(origin).map_err(|_| unreadable())?))
    });
    let former = former.collect::<Result<_, StoreError>>()?;
    Ok(Origins { former, now: Origin::new(head.origin.clone()).map_err(|_| unreadable())? })
}
