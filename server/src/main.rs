//! The program `attain`.

// A page is one type as deep as its nesting, unless it is built with `--cfg erase_components`.
#![recursion_limit = "512"]

use std::process::ExitCode;

fn main() -> ExitCode {
    server::command::run(std::env::args_os())
}
