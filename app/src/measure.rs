//! Measuring: what a comparison does in the browser and at the server, and running one after the other.

use leptos::wasm_split::SplitLoaderError;
use std::pin::Pin;

pub(crate) use before::{put_back, remember};
pub(crate) use hand::{hand, open_window};
pub(crate) use rig::FRAMES;
pub(crate) use run::{claim, run, run_all, stop};

mod asking;
mod before;
mod carrier;
mod credential;
mod hand;
mod http;
mod probes;
mod rig;
mod run;
mod servers;
mod surroundings;

/// Something that goes on while the page lives.
type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// The code that measures did not come.
pub(crate) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}
