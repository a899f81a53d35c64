//! The binary `induct`.

use std::process::ExitCode;

/// Drawing a page is many small allocations; this allocator makes them markedly faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
