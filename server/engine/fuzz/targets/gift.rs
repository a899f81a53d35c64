//! Any bytes as a GIFT file: it is read as far as it can be, and never panics.
#![no_main]

use engine::gift::import_gift;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = import_gift("any.gift", bytes);
});
