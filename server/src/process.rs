//! What all labs of the process share.

pub(crate) mod labs;
pub(crate) mod origins;
pub(crate) mod replay;
