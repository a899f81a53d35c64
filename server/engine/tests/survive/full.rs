//! A disk that is full in the middle of something, on SQLite.

use std::{env, time::Duration};

use engine::{Refused, SignError, StoreError, Trouble};

use crate::{
    ORDERS,
    deed::Deed,
    disk::{self, Fate},
    of_its_own, said,
};
use world::{Kind, World, run};

/// The disk fills up at one write of a signing after the other: nothing is signed, people read on and are told so, and once there is room
/// the same form signs once.
#[test]
fn a_signing_that_finds_the_disk_full_is_not_there_and_goes_well_once_there_is_room() {
    if env::var_os(ORDERS).is_none() {
        // Not in this process, in which other tests may be writing.
        let child =
            of_its_own("full::a_signing_that_finds_the_disk_full_is_not_there_and_goes_well_once_there_is_room", "");
        assert!(child.status.success(), "{}", said(&child));
        return;
    }
    disk::take_over();
    run(Kind::Sqlite, async |world: World| {
        // For half a second it counts as ready after it was.
        tokio::time::sleep(Duration::from_millis(600)).await;
        let mut was_full = 0;
        for writes in 0.. {
            let orders = Deed::Sign.is_prepared(&world, writes, Fate::IsFull).await;
            disk::after(writes, Fate::IsFull);
            let signed = orders.is_tried(&world).await;
            if signed.is_ok() {
                disk::is_well();
                break;
            }
            let Err(SignError::Refused(Refused::Internal(error))) = signed else { panic!("{signed:?}") };
            assert_eq!(error.trouble(), Some(Trouble::Full), "{error}");
            assert!(!orders.is_done(&world).await);
            orders.is_read_on(&world).await;
            assert_eq!(world.engine.ready().await.err().as_ref().and_then(StoreError::trouble), Some(Trouble::Full));
            disk::is_well();
            orders.are_followed_again(&world, false).await;
            was_full += 1;
        }
        assert!(was_full > 2, "{was_full}");
        world.engine.ready().await.unwrap();
        world.is_sound().await;
    });
}
