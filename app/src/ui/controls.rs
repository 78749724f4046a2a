//! What the visitor sets and does.

pub(crate) mod actions;
mod adjust;
pub(crate) mod cookie_options;
mod more;
pub(crate) mod servers;
pub(crate) mod switch;
