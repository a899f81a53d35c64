/// Does what may take long, or takes all cores, where nobody else waits for it. Once it is begun it goes on to its end, also where nobody waits for
/// it any more.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The same while something is held, such as a turn, and gives that back: until the work is at its end nobody else has it.
pub(crate) async fn aside_holding<H: Send + 'static, T: Send + 'static>(
    held: H,
    work: impl FnOnce() -> T + Send + 'static,
) -> (T, H) {
    aside(move || (work(), held)).await
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc::channel},
        time::Duration,
    };

    use tokio::{sync::Mutex, time::timeout};

    use super::*;

    #[tokio::test]
    async fn a_turn_is_held_to_the_end_of_the_work_also_where_nobody_waits_for_it() {
        let lock = Arc::new(Mutex::new(()));
        let (end, waits) = channel::<()>();
        let turn = Arc::clone(&lock).lock_owned().await;
        let work = aside_holding(turn, move || waits.recv().unwrap());
        assert!(timeout(Duration::from_millis(20), work).await.is_err());
        assert!(lock.try_lock().is_err());
        end.send(()).unwrap();
        drop(timeout(Duration::from_secs(5), lock.lock()).await.unwrap());
    }
}
