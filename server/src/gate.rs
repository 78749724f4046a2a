//! The path of a request of the lesson. What is done is the lesson's, and comes in as a function.

use crate::process::Process;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use std::sync::Arc;

pub(crate) mod balancer;
pub(crate) mod condition;
pub(crate) mod exchange;
pub(crate) mod identify;
pub(crate) mod mask;
pub(crate) mod problem;
mod proxy;
pub(crate) mod visit;
pub(crate) mod window;

/// The lesson's routes, the same on every node.
pub(crate) type Lesson = Arc<dyn Fn(Request<Bytes>) -> BoxFuture<'static, Response<Bytes>> + Send + Sync>;

pub(crate) use exchange::Arrival;

/// What stands in front of all nodes of all labs.
pub(crate) struct Gate {
    pub(crate) process: Arc<Process>,
    lesson: Lesson,
}

impl Gate {
    pub(crate) fn new(process: Arc<Process>, lesson: Lesson) -> Arc<Self> {
        Arc::new(Self { process, lesson })
    }
}
