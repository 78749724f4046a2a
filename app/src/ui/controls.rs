//! What the visitor sets and does.

pub(crate) mod actions;
pub(crate) mod adjust;
pub(crate) mod cookie_options;
mod defences;
mod presets;
pub(crate) mod servers;
pub(crate) mod switch;
