//! Everything that is HTTP: the routes, what is read from a request, and the layers around them.

pub(crate) mod answering;
pub(crate) mod assets;
pub(crate) mod attacker;
pub(crate) mod control;
pub(crate) mod docs;
pub(crate) mod extract;
pub(crate) mod guide;
pub(crate) mod html;
pub(crate) mod layers;
pub(crate) mod lesson;
mod operate;
pub(crate) mod rejection;
pub(crate) mod router;
pub(crate) mod storage_access;

pub(crate) use extract::{
    body::{FormInput, Input, MaybeInput, NoFormInput, NoInput},
    lab::{At, Segment},
};
pub(crate) use rejection::Rejection;

/// What a route answers, or why it does not.
pub(crate) type Answer<T = axum::response::Response> = Result<T, Rejection>;
