//! The path of a request of the lesson: record, pick a node, identify, do, answer.

pub(crate) mod balancer;
pub(crate) mod exchange;
pub(crate) mod headers;
pub(crate) mod identify;
pub(crate) mod mask;
pub(crate) mod visit;
pub(crate) mod window;
