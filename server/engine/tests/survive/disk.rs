//! The disk under SQLite: its writes are counted, and from outside of it one of them fails, or is the last thing that this process does.
//! SQLite lets the system calls of its unix part be exchanged for tests like these.

#![expect(unsafe_code, reason = "SQLite's and the system's own calls are C")]

use std::{
    ffi::{CStr, c_int, c_void},
    mem::transmute,
    sync::atomic::{AtomicI64, AtomicU8, Ordering::SeqCst},
};

use libsqlite3_sys::{sqlite3_initialize, sqlite3_syscall_ptr, sqlite3_vfs_find};

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fate {
    /// The process ends before it.
    EndsBefore = 1,
    /// The process ends when half of it is written.
    EndsWithin = 2,
    /// The process ends after it.
    EndsAfter = 3,
    /// There is no room for it, nor for those after it.
    IsFull = 4,
}

/// How many writes still go well; below zero all of them do.
static UNTIL: AtomicI64 = AtomicI64::new(-1);

static FATE: AtomicU8 = AtomicU8::new(0);

/// Exchanges SQLite's writing for this one, in the whole process.
pub fn take_over() {
    // SAFETY: SQLite is asked as its documentation says; each function has the very type of the call that it stands for.
    unsafe {
        assert_eq!(sqlite3_initialize(), 0);
        let vfs = sqlite3_vfs_find(std::ptr::null());
        let set = (*vfs).xSetSystemCall.unwrap();
        let write: unsafe extern "C" fn(c_int, *const c_void, usize) -> isize = write;
        let pwrite: unsafe extern "C" fn(c_int, *const c_void, usize, libc::off_t) -> isize = pwrite;
        let set = |name: &CStr, call| assert_eq!(set(vfs, name.as_ptr(), call), 0);
        // Where one of them is not used, exchanging it does no harm.
        set(
            c"write",
            transmute::<unsafe extern "C" fn(c_int, *const c_void, usize) -> isize, sqlite3_syscall_ptr>(write),
        );
        set(
            c"pwrite",
            transmute::<unsafe extern "C" fn(c_int, *const c_void, usize, libc::off_t) -> isize, sqlite3_syscall_ptr>(
                pwrite,
            ),
        );
    }
}

/// From now on, that many writes go well, and then one meets its fate.
pub fn after(writes: usize, fate: Fate) {
    FATE.store(fate as u8, SeqCst);
    UNTIL.store(i64::try_from(writes).unwrap(), SeqCst);
}

/// From now on all writes go well.
pub fn is_well() {
    UNTIL.store(-1, SeqCst);
}

/// Ends this process as nothing but the system can: no destructor runs, nothing is sent or written any more.
pub fn end() -> ! {
    // SAFETY: it takes no pointer.
    unsafe { libc::raise(libc::SIGKILL) };
    std::process::abort()
}

unsafe extern "C" fn write(file: c_int, bytes: *const c_void, length: usize) -> isize {
    // SAFETY: it is called as the system's own would be, with the arguments that SQLite gives.
    meets(length, |length| unsafe { libc::write(file, bytes, length) })
}

unsafe extern "C" fn pwrite(file: c_int, bytes: *const c_void, length: usize, place: libc::off_t) -> isize {
    // SAFETY: as above.
    meets(length, |length| unsafe { libc::pwrite(file, bytes, length, place) })
}

fn meets(length: usize, really: impl Fn(usize) -> isize) -> isize {
    let fate = FATE.load(SeqCst);
    let is_met = UNTIL
        .fetch_update(SeqCst, SeqCst, |until| match until {
            ..0 => None,
            0 => Some(0),
            _ => Some(until - 1),
        })
        .is_ok_and(|until| until == 0);
    if !is_met {
        return really(length);
    }
    if fate == Fate::IsFull as u8 {
        // SAFETY: it is this thread's own number of the last error.
        unsafe { *last_error() = libc::ENOSPC };
        return -1;
    }
    if fate == Fate::EndsWithin as u8 {
        really(length / 2);
    } else if fate == Fate::EndsAfter as u8 {
        really(length);
    }
    end()
}

#[cfg(target_os = "macos")]
unsafe fn last_error() -> *mut c_int {
    // SAFETY: it takes nothing.
    unsafe { libc::__error() }
}

#[cfg(not(target_os = "macos"))]
unsafe fn last_error() -> *mut c_int {
    // SAFETY: it takes nothing.
    unsafe { libc::__errno_location() }
}
