//! The three places, the fourth, and the flow between them.

pub(crate) mod attacker;
pub(crate) mod browser;
pub(crate) mod cells;
pub(crate) mod flow;
pub(crate) mod server;
pub(crate) mod wire;
