//! The program `login-lab`.

use clap::Parser as _;
use server::{config::Config, log_to_stderr, serve};
use std::process::ExitCode;

/// Many small things are taken and given back with each request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let config = Config::parse();
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let (_log, runtime) = match log_to_stderr(config.log_format).and_then(|log| Ok((log, runtime()?))) {
        Ok(started) => started,
        Err(error) => return failed(&format!("the system gives no threads: {error}")),
    };
    let served = runtime.block_on(serve(&config));
    // What still hangs on after the grace period does not keep the process.
    runtime.shutdown_background();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(why: &str) -> ExitCode {
    eprintln!("error: {why}");
    ExitCode::FAILURE
}
