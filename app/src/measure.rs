//! Measuring: what a comparison does in the browser and at the server, and running one after the other.

pub(crate) use before::{Of, put_back, remember};
pub(crate) use hand::{hand, open_window};
pub(crate) use rig::FRAMES;
pub(crate) use run::{claim, one_at_a_time, run_all, stop};

mod asking;
mod before;
mod carrier;
mod credential;
mod hand;
mod http;
mod later;
mod minutes;
mod probes;
mod rig;
mod run;
mod servers;
mod surroundings;
