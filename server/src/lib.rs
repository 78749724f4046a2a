//! The server of Login Lab: labs, each with its nodes, stores, keys and wire record.
//!
//! A request of the lesson takes one path: record → pick a node → identify → do → answer → publish.

pub mod config;

mod api;
mod assets;
mod attacker;
mod balancer;
mod body;
mod bounds;
#[cfg_attr(not(test), expect(dead_code, reason = "the routes call the rest"))]
mod clients;
mod control;
mod cookie;
mod crowd;
mod denylist;
mod docs;
mod embedded;
mod error;
mod forms;
mod guestbook;
mod headers;
mod identity;
mod lab;
mod labs;
mod lost;
mod node;
mod origin;
mod origins;
mod page;
mod password;
mod random;
mod replay;
#[cfg_attr(not(test), expect(dead_code, reason = "the routes call the rest"))]
mod security;
mod serve;
mod server;
mod store;
mod token;
mod visit;
mod welcome;
mod wire;

pub use assets::NoPage;
pub use serve::{ServeError, log_to_stderr, serve};
pub use server::{NoStore, Server, Settings};
