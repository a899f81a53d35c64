use audit::Fact;

use crate::{
    engine::Engine,
    log::{Row, Said},
    record::Actor,
    store::StoreError,
};

impl Engine {
    /// Says in the signed log that the clock is right although it differs from the log's time, so that it takes entries again. Gives by how
    /// many seconds the clock is ahead of the last entry; behind it, when that is negative. Whoever checks the log is told.
    ///
    /// # Errors
    /// [`StoreError`] when the log takes nothing for another reason, or the database fails.
    pub async fn accept_clock(&self, by: Actor) -> Result<i64, StoreError> {
        let tx = self.store.write().await?;
        let now = self.clock.now();
        self.log
            .accept_clock(tx, |seconds| {
                let id = self.new_id(now);
                self.act_of_all(now, by).saying(Said::Plain(Fact::ClockStepped { seconds }), Row::of("clock", id))
            })
            .await
    }
}
