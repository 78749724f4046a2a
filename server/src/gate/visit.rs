//! One request of the lesson under way: where it is, what it did so far, which cookies it sets.

use crate::{
    auth::set_cookie::SetCookies,
    http::{problem::Internal, router::Server},
    lab::{Lab, node::Running},
    store::{Population, Sessions},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use domain::{
    exchange::{Did, Step},
    user::{Role, User},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// The most steps that are recorded of one request.
const STEPS: usize = 64;

/// What the server did for one request, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps(Arc<Mutex<Vec<Step>>>);

impl Steps {
    /// Something that took no time worth telling.
    pub(crate) fn note(&self, did: Did, detail: impl Into<String>) {
        self.push(Step { did, detail: detail.into(), micros: 0.0 });
    }

    /// Something that took the time since `start`.
    pub(crate) fn took(&self, start: Instant, did: Did, detail: impl Into<String>) {
        self.push(Step { did, detail: detail.into(), micros: start.elapsed().as_secs_f64() * 1e6 });
    }

    fn push(&self, step: Step) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.len() < STEPS {
            steps.push(step);
        }
    }

    pub(crate) fn all(&self) -> Vec<Step> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a handler of the lesson works with.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) server: Arc<Server>,
    pub(crate) lab: Arc<Lab>,
    pub(crate) node: Arc<Running>,
    /// Whose request it is.
    pub(crate) population: Population,
    pub(crate) steps: Steps,
    pub(crate) cookies: SetCookies,
    /// The request's own headers.
    pub(crate) headers: Arc<HeaderMap>,
}

impl Visit {
    /// The node's way to the sessions.
    pub(crate) fn sessions(&self) -> &Sessions {
        self.node.sessions(self.population)
    }

    /// A user who may log in. Everybody in a crowd may, as a user of that name.
    pub(crate) fn user(&self, name: &str) -> Option<User> {
        match self.population {
            Population::Visitors => self.lab.world(|world| world.user(name)),
            Population::Crowd => Some(User { name: name.to_owned(), role: Role::User }),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = crate::http::problem::LessonError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // The balancer puts it there; a request that did not come through it is a mistake in here.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Internal("a request passed the balancer by".into()).into())
    }
}
