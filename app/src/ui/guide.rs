//! What the page tells in words.

pub(crate) mod notes;
pub(crate) mod questions;
