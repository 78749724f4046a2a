//! The answer that all of them give, as Login Lab's `GET api/me` does.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// How long a login lives, in seconds.
pub(crate) const LIFETIME: u32 = 8 * 60 * 60;

/// Who somebody is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) role: String,
}

/// What a login is: the row of a session, or what a token carries.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Login {
    pub(crate) user: User,
    pub(crate) cart: Vec<String>,
}

impl Login {
    /// Who logs in here. Nobody asks for a password: that is not what is measured.
    pub(crate) fn alice() -> Self {
        Self { user: User { name: "alice".to_owned(), role: "user".to_owned() }, cart: Vec::new() }
    }
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Me {
    pub(crate) user: User,
    pub(crate) cart: Vec<String>,
    pub(crate) scheme: &'static str,
    pub(crate) expires_in: i64,
}

/// Nobody who is known.
#[derive(Debug)]
pub(crate) struct Refused;

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// The store or the key does not do what it should.
#[derive(Debug)]
pub(crate) struct Broken;

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}
