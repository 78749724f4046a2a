//! axum alone: the same answer, and nothing is checked. Nobody can be faster.

use crate::me::{LIFETIME, Login, Me};
use axum::{Json, Router, routing::get};

pub(crate) fn router() -> Router {
    Router::new().route("/api/me", get(me))
}

async fn me() -> Json<Me> {
    let Login { user, cart } = Login::alice();
    Json(Me { user, cart, scheme: "session-cookie", expires_in: LIFETIME.into() })
}
