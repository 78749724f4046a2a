//! `GET api/me`: who you are, as the credential's state has it.

use crate::{gate::visit::Visit, http::Answer};
use axum::{Json, response::IntoResponse as _};
use domain::api::Me;
use http::header;

/// What nobody should say of an answer that names somebody: the lab does, when `faults.me_cacheable` asks for it,
/// to show why every other answer of it is `no-store`.
const FOR_A_MINUTE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "private, max-age=60")];

/// Who am I?
#[utoipa::path(get, path = "/me", security(("cookie" = []), ("bearer" = [])), responses((status = 200, body = Me)))]
pub(crate) async fn me(visit: Visit) -> Answer {
    let proof = visit.identify(true).await?;
    let expires_in = proof.expires_in(visit.lab.now());
    let me = Json(Me { user: proof.user(), cart: proof.cart().to_vec(), scheme: proof.scheme, expires_in });
    let is_cacheable = visit.lab.world(|world| world.faults.me_cacheable);
    Ok(if is_cacheable { (FOR_A_MINUTE, me).into_response() } else { me.into_response() })
}
