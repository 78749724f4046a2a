//! What is read from a request.

pub(crate) mod body;
pub(crate) mod form;
