//! What is read from a request.

pub(crate) mod body;
pub(crate) mod content;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod lab;
pub(crate) mod visit;
