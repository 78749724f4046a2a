//! The server of Login Lab: labs, each with its nodes, stores, keys and wire record.
//!
//! A request of the lesson takes one path: record → pick a node → identify → do → answer → publish.

pub mod config;

mod api;
mod assets;
mod attacker;
mod balancer;
mod body;
mod compression;
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
mod html;
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
mod serve;
mod server;
mod store;
mod token;
mod visit;
mod welcome;
mod wire;

pub use assets::NoPage;
pub use serve::{ServeError, serve};
pub use server::{NoStore, Server, Settings};
