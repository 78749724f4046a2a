//! The rules of Login Lab, and nothing else: no server, no page, no clock, no I/O.
//!
//! Everything here is a pure function of its arguments; time comes in as seconds since the Unix epoch.
//! The server enforces with this code and the page predicts with it, so the two cannot drift apart.

pub mod api;
pub mod attack;
pub mod balance;
pub mod claims;
pub mod cookie;
pub mod crowd;
pub mod exchange;
pub mod lesson;
pub mod scheme;
pub mod session;
pub mod theory;
pub mod topology;
pub mod user;
pub mod view;

/// Seconds since the Unix epoch, by the clock of a lab.
pub type Seconds = u64;
