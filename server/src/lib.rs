//! The server of Login Lab: labs, each with its nodes, stores, keys and wire record.
//!
//! A request of the lesson takes one path: record → pick a node → identify → do → answer → publish.

pub mod config;

mod auth;
mod crowd;
mod gate;
mod http;
mod lab;
mod process;
mod serve;
mod store;

pub use http::{
    assets::NoPage,
    router::{NoStore, Server, Settings},
};
pub use serve::{ServeError, serve};
