//! The binary `induct`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
