//! `control/crowd`: many visitors at once.

use crate::{
    crowd,
    gate::Gate,
    http::{
        control::{Viewed, changed},
        extract::{
            body::{Input, NoFields},
            lab::At,
        },
        rejection::Rejection,
    },
};
use axum::{Json, extract::State};
use domain::crowd::{CrowdRequest, CrowdResult};
use std::sync::Arc;

/// Send a crowd: so many visitors with cookie jars of their own, through the same balancer. The answer comes when
/// the last one has theirs; `crowd` on the event stream says how far it is. It goes on when nobody waits for it.
#[utoipa::path(
    post, path = "/crowd", request_body = Option<CrowdRequest>,
    responses(
        (status = 200, body = CrowdResult),
        (status = 409, description = "one is under way"),
        (status = 422, description = "too many or too few"),
    ),
)]
pub(super) async fn send(
    State(gate): State<Arc<Gate>>,
    At(lab): At,
    Input(request): Input<CrowdRequest>,
) -> Result<Json<CrowdResult>, Rejection> {
    Ok(Json(crowd::send(gate, lab, request).await?))
}

/// Stop the crowd that is under way, if one is. What it has measured so far stands in the view.
#[utoipa::path(post, path = "/crowd/stop")]
pub(super) async fn stop(At(lab): At, _: Input<NoFields>) -> Viewed {
    lab.crowds.stop().await;
    changed(&lab).await
}
