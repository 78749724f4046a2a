//! `GET api/me`: who you are, as the credential's state has it.

use crate::{error::LessonError, visit::Visit};
use axum::Json;
use domain::api::{Me, Problem};

/// Who am I?
#[utoipa::path(
    get, path = "/lab/{lab}/api/me", tag = "lesson", params(("lab" = String, Path, description = "the lab's id")),
    security(("cookie" = []), ("bearer" = [])),
    responses(
        (status = 200, body = Me), (status = 400, body = Problem, description = "more than one credential"),
        (status = 401, body = Problem), (status = 503, body = Problem),
    )
)]
pub(crate) async fn me(visit: Visit) -> Result<Json<Me>, LessonError> {
    let proof = visit.identify(true).await?;
    let expires_in = proof.expires_in(visit.lab.now());
    Ok(Json(Me { user: proof.user(), cart: proof.cart().to_vec(), scheme: proof.scheme(), expires_in }))
}
