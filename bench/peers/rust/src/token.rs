//! A token by jsonwebtoken, HS256, which an extractor verifies as axum's own example does.

use crate::me::{Broken, LIFETIME, Login, Me, Refused};
use axum::{
    Json, Router,
    extract::{FromRef, FromRequestParts, State},
    http::{header, request::Parts},
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// 256 bits, as long as the algorithm's own hash. What it is makes no difference to how long it takes.
const SECRET: &[u8; 32] = b"this secret is known to everyone";

struct Keys {
    signs: EncodingKey,
    verifies: DecodingKey,
    validation: Validation,
}

#[derive(Clone, Deserialize, Serialize)]
struct Claims {
    exp: i64,
    #[serde(flatten)]
    login: Login,
}

#[derive(Serialize)]
struct Given {
    access_token: String,
}

pub(crate) fn router() -> Router {
    let keys = Keys {
        signs: EncodingKey::from_secret(SECRET),
        verifies: DecodingKey::from_secret(SECRET),
        validation: Validation::new(Algorithm::HS256),
    };
    Router::new().route("/api/login", post(log_in)).route("/api/me", get(me)).with_state(Arc::new(keys))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

async fn log_in(State(keys): State<Arc<Keys>>) -> Result<Json<Given>, Broken> {
    let claims = Claims { exp: now() + i64::from(LIFETIME), login: Login::alice() };
    let token = encode(&Header::new(Algorithm::HS256), &claims, &keys.signs);
    token.map(|access_token| Json(Given { access_token })).map_err(|_| Broken)
}

impl<S: Send + Sync> FromRequestParts<S> for Claims
where
    Arc<Keys>: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let keys = Arc::<Keys>::from_ref(state);
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refused)?;
        decode::<Self>(token, &keys.verifies, &keys.validation).map(|data| data.claims).map_err(|_| Refused)
    }
}

async fn me(Claims { exp, login: Login { user, cart } }: Claims) -> Json<Me> {
    Json(Me { user, cart, scheme: "token-storage", expires_in: exp - now() })
}
