//! Sessions by tower-sessions: in this process's memory, or in a Redis.

use crate::{
    Failed,
    me::{Broken, LIFETIME, Login, Me, Refused},
};
use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use tower_sessions::{Expiry, MemoryStore, Session, SessionManagerLayer, SessionStore, cookie::time::Duration};
use tower_sessions_redis_store::{
    RedisStore,
    fred::prelude::{ClientLike as _, Config, Pool},
};

/// Under which key the login lies in the session.
const KEY: &str = "login";
/// Connections to Redis, as many as in the store's own example.
const CONNECTIONS: usize = 6;

pub(crate) fn in_memory() -> Router {
    router(MemoryStore::default())
}

pub(crate) async fn in_redis(url: &str) -> Result<Router, Failed> {
    let pool = Pool::new(Config::from_url(url)?, None, None, None, CONNECTIONS)?;
    pool.connect();
    pool.wait_for_connect().await?;
    Ok(router(RedisStore::new(pool)))
}

fn router(store: impl SessionStore + Clone) -> Router {
    let idle = Expiry::OnInactivity(Duration::seconds(LIFETIME.into()));
    // Over http a cookie that is Secure would not come back.
    let sessions = SessionManagerLayer::new(store).with_secure(false).with_expiry(idle);
    Router::new().route("/api/login", post(log_in)).route("/api/me", get(me)).layer(sessions)
}

async fn log_in(session: Session) -> Result<StatusCode, Broken> {
    session.insert(KEY, Login::alice()).await.map_err(|_| Broken)?;
    Ok(StatusCode::OK)
}

async fn me(session: Session) -> Response {
    match session.get::<Login>(KEY).await {
        Ok(Some(Login { user, cart })) => {
            let expires_in = session.expiry_age().whole_seconds();
            Json(Me { user, cart, scheme: "session-cookie", expires_in }).into_response()
        }
        Ok(None) => Refused.into_response(),
        Err(_) => Broken.into_response(),
    }
}
