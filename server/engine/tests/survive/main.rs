//! What is left of a signing, a handing-in, a beginning or an answer when the process is killed in the middle of it, or when the disk fills
//! up: all of it or nothing, and who tries again succeeds once.
//!
//! Each is done by a process of its own, which is this very program with orders in its environment. On SQLite that process is killed at one
//! write after the other, before it, within it or after it; on PostgreSQL at one message to the server after the other. Handing in and beginning, which write
//! most often, are killed at every other one of them. With `INDUCT_PROVE=1` every kind of death is tried at every write of everything.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]
#![expect(clippy::print_stdout, reason = "`make prove` reads what came of it")]

mod deed;
mod disk;
mod full;

use std::{
    env,
    os::unix::process::ExitStatusExt as _,
    process::{Command, Output},
};

use deed::{Deed, Orders};
use disk::Fate;
use world::{Kind, World, run};

macro_rules! cut_off {
    ($($test:ident: $deed:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[test]
                fn $test() {
                    super::cut_off(super::Kind::Sqlite, concat!("sqlite::", stringify!($test)), super::Deed::$deed);
                }
            )*
        }

        mod postgres {
            $(
                #[test]
                fn $test() {
                    super::cut_off(super::Kind::Postgres, concat!("postgres::", stringify!($test)), super::Deed::$deed);
                }
            )*
        }
    };
}

cut_off![
    a_signing_is_there_or_not: Sign,
    a_handing_in_is_there_or_not: HandIn,
    a_beginning_is_there_or_not: Begin,
    an_answer_is_there_or_not: Answer,
];

/// In this variable stands what a process that is to be killed has to do.
const ORDERS: &str = "INDUCT_TEST_ORDERS";

/// How far somebody goes who looks for the last write of a deed in vain.
const MOST_WRITES: usize = 400;

/// How often somebody tries to end a deed right after its last write.
const MOST_TRIES: usize = 100;

fn cut_off(kind: Kind, test: &str, deed: Deed) {
    if let Ok(orders) = env::var(ORDERS) {
        return Orders::read(&orders).follow(kind);
    }
    run(kind, async |world: World| {
        world.closes().await;
        let fates = match kind {
            Kind::Sqlite => &[Fate::EndsBefore, Fate::EndsWithin, Fate::EndsAfter][..],
            // What is sent is sent whole.
            Kind::Postgres => &[Fate::EndsBefore, Fate::EndsAfter],
        };
        let proves = env::var_os("INDUCT_PROVE").is_some();
        let step = if proves || matches!(deed, Deed::Sign | Deed::Answer) { 1 } else { 2 };
        let (mut done, mut not_done) = (0, 0);
        let mut count = |is_done| if is_done { done += 1 } else { not_done += 1 };
        for round in 0..if proves { fates.len() } else { 1 } {
            let mut writes = 0;
            while let Some(is_done) = {
                let fate = fates[(writes / step + round) % fates.len()];
                is_cut_off(world.url(), test, deed, writes, fate).await
            } {
                assert!(writes < MOST_WRITES, "{deed:?} has no end");
                count(is_done);
                writes += step;
            }
            // The last of them once more, and after it, until it was done nevertheless. Which one is the last is not always the same,
            // for signs of life are among them: one goes back when it was over too soon, and on when it was cut off too soon.
            for _ in 0..MOST_TRIES {
                match is_cut_off(world.url(), test, deed, writes.saturating_sub(1), Fate::EndsAfter).await {
                    Some(is_done) => {
                        count(is_done);
                        if is_done {
                            break;
                        }
                        writes += 1;
                    }
                    None => writes = writes.saturating_sub(1),
                }
            }
        }
        println!("{deed:?} on {kind:?}: killed {} times; it was done {done} times", done + not_done);
        assert!(done > 0 && not_done > 2, "{deed:?}: done {done} times, not done {not_done} times");
    });
}

/// Whether the deed was done nevertheless. `None`: it was over before it could be cut off.
async fn is_cut_off(url: &str, test: &str, deed: Deed, writes: usize, fate: Fate) -> Option<bool> {
    let world = World::at(url).await;
    let orders = deed.is_prepared(&world, writes, fate).await;
    // Whoever opens it next is the only one, and has to clear up.
    world.closes().await;
    let child = of_its_own(test, &orders.write());
    // PostgreSQL may still be about to do what it was told last.
    world::Raw::open(url).await.becomes_alone().await;
    let world = World::at(url).await;
    let is_done = orders.is_done(&world).await;
    let killed = child.status.signal() == Some(libc::SIGKILL);
    assert!(killed || child.status.success() && is_done, "{}", said(&child));
    orders.are_followed_again(&world, is_done).await;
    world.is_sound().await;
    world.closes().await;
    killed.then_some(is_done)
}

/// Runs a test of this program in a process of its own, which has orders.
fn of_its_own(test: &str, orders: &str) -> Output {
    Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(ORDERS, orders)
        .output()
        .unwrap()
}

fn said(child: &Output) -> String {
    format!("{}\n{}\n{}", child.status, String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr))
}
