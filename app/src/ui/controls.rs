//! What the visitor sets and does.

pub(crate) mod actions;
mod adjust;
mod cookie_options;
mod defences;
pub(crate) mod servers;
pub(crate) mod switch;
