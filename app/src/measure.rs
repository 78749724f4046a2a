//! Measuring: what a comparison does in the browser and at the server, and running one after the other.

pub(crate) use rig::FRAMES;
pub(crate) use run::{answer, run, run_all, stop};

mod asking;
mod before;
mod carrier;
mod credential;
mod http;
mod probes;
mod rig;
mod run;
mod servers;
mod surroundings;
