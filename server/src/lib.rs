//! The server of Login Lab: labs, each with its nodes, stores, keys and wire record.
//!
//! A request of the lesson takes one path: record → pick a node → identify → do → answer → publish.

pub mod config;

mod auth;
mod bounds;
mod clients;
mod crowd;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod gate;
mod guard;
mod http;
mod lab;
mod lock;
#[cfg(any(test, feature = "measuring"))]
pub mod measuring;
mod metrics;
mod origins;
mod process;
mod rates;
mod security;
mod serve;
mod store;
mod to_its_end;

pub use self::{
    http::{answering::Answering, assets::NoPage, router::Server},
    process::{NoStore, Process, Settings},
    serve::{Log, ServeError, log_to_stderr, serve},
};
