//! The server through its own router: each test has a lab to itself.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod attacker;
mod attacks;
mod callers;
mod catalog;
mod compression;
mod control;
mod cookies;
mod crowd;
mod described;
mod docs;
mod events;
mod faults;
mod files;
mod forms;
mod guestbook;
mod guide;
mod headers;
mod isolation;
mod keys;
mod labs;
mod life;
mod limits;
mod login;
mod malformed;
mod nodes;
mod orders;
mod page;
mod probes;
mod proxy;
mod public_origin;
mod refresh;
mod refusals;
mod replay;
mod replication;
mod results;
mod time;
mod whole;
mod wire;
