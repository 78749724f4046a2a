//! The bench: what feeds and moves the page, and is not part of the lesson. None of it is recorded.

use crate::{
    body::{JsonBody, OptionalJson},
    error::{ControlError, problem},
    identity,
    lab::Lab,
    labs::is_lab_id,
    origin::{self, CameFrom},
    server::Server,
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, RawQuery, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use domain::{
    api::{Advance, ArrivedCookies, ChangeDefences, ChangeUser, RotateKeys, SetFaults},
    balance::NodeId,
    exchange::{Exchange, ExchangeId},
    topology::ChangeTopology,
    view::ServerView,
};
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

mod attacker;
mod crowd;
mod events;

/// The bench's routes, behind their guard.
pub(crate) fn routes(server: &Arc<Server>) -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(view))
        .routes(routes!(events::events))
        .routes(routes!(exchanges))
        .routes(routes!(cookies))
        .routes(routes!(restart))
        .routes(routes!(topology))
        .routes(routes!(stop_node))
        .routes(routes!(start_node))
        .routes(routes!(faults))
        .routes(routes!(users))
        .routes(routes!(clock))
        .routes(routes!(defences))
        .routes(routes!(rotate_keys))
        .routes(routes!(reset))
        .routes(routes!(attacker::attack, attacker::close_window))
        .routes(routes!(attacker::sign))
        .routes(routes!(attacker::take, attacker::forget))
        .routes(routes!(attacker::replay))
        .routes(routes!(crowd::send))
        .routes(routes!(crowd::stop))
        .layer(middleware::from_fn_with_state(Arc::clone(server), guard))
}

/// No other site may look at a lab or move it, whatever the visitor's cookies.
async fn guard(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    if let CameFrom::Elsewhere(said) = origin::came_from(request.headers(), server.public_origin()) {
        let detail = format!("the request came from elsewhere ({said}); only the lab's own page may do this");
        return problem(StatusCode::FORBIDDEN, detail);
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The lab of the address.
pub(crate) struct At(pub(crate) Arc<Lab>);

impl FromRequestParts<Arc<Server>> for At {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Response> {
        let params = Path::<std::collections::HashMap<String, String>>::from_request_parts(parts, server).await;
        match params.ok().and_then(|Path(mut params)| params.remove("lab")) {
            Some(id) if is_lab_id(&id) => Ok(Self(server.labs().lab(&id))),
            _ => Err(no_lab()),
        }
    }
}

/// The address names no lab.
pub(crate) fn no_lab() -> Response {
    problem(StatusCode::NOT_FOUND, "a lab's id is 22 characters of base64url; / leads to a new lab")
}

type Viewed = Result<Json<ServerView>, ControlError>;

/// The view after a change, which the event streams hear of too.
async fn changed(lab: &Lab) -> Viewed {
    lab.has_changed();
    Ok(Json(lab.view().await?))
}

/// Everything that the server side of the lab holds.
#[utoipa::path(
    get, path = "/lab/{lab}/control/view", tag = "bench",
    responses((status = 200, body = ServerView))
)]
async fn view(At(lab): At) -> Viewed {
    Ok(Json(lab.view().await?))
}

#[derive(serde::Deserialize)]
struct After {
    #[serde(default)]
    after: ExchangeId,
}

/// The recorded exchanges, oldest first, at most 200; with `after`, those whose number is larger.
#[utoipa::path(
    get, path = "/lab/{lab}/control/exchanges", tag = "bench",
    params(("after" = Option<u64>, Query, description = "only exchanges with a larger number")),
    responses((status = 200, body = Vec<Exchange>), (status = 400, description = "no number of an exchange"))
)]
async fn exchanges(At(lab): At, RawQuery(query): RawQuery) -> Result<Json<Vec<Exchange>>, ControlError> {
    let query = query.unwrap_or_default();
    let After { after } = serde_urlencoded::from_str(&query).map_err(|_| ControlError::After)?;
    let all = lab.wire.all();
    Ok(Json(all.iter().filter(|exchange| exchange.id > after).map(|exchange| Exchange::clone(exchange)).collect()))
}

/// The cookies that came along with this very request: how a page learns of those that no script sees.
#[utoipa::path(
    get, path = "/lab/{lab}/control/cookies", tag = "bench", responses((status = 200, body = ArrivedCookies))
)]
async fn cookies(_lab: At, headers: HeaderMap) -> Json<ArrivedCookies> {
    Json(ArrivedCookies { cookies: identity::cookies(&headers) })
}

/// Every node stops and starts again: its memory is gone.
#[utoipa::path(
    post, path = "/lab/{lab}/control/restart", tag = "bench", responses((status = 200, body = ServerView))
)]
async fn restart(At(lab): At) -> Viewed {
    lab.restart().await;
    changed(&lab).await
}

/// How many nodes, how requests are routed, where sessions are kept; what is left away stays as it is. Another
/// store starts empty: no login from before holds.
#[utoipa::path(
    put, path = "/lab/{lab}/control/topology", tag = "bench", request_body = ChangeTopology,
    responses((status = 200, body = ServerView), (status = 422, description = "a topology that cannot be had, or a store that is not configured"))
)]
async fn topology(At(lab): At, JsonBody(change): JsonBody<ChangeTopology>) -> Viewed {
    lab.arrange(change).await?;
    changed(&lab).await
}

#[derive(serde::Deserialize)]
struct NodePath {
    node: String,
}

impl NodePath {
    fn node(&self) -> Result<NodeId, ControlError> {
        self.node.parse().map_err(|_| ControlError::UnknownNode)
    }
}

/// Stop a node: its memory is gone and it answers nothing.
#[utoipa::path(
    post, path = "/lab/{lab}/control/nodes/{node}/stop", tag = "bench",
    params(("node" = u8, Path, description = "1 to 5")),
    responses((status = 200, body = ServerView), (status = 404, description = "no such lab, or no such node"))
)]
async fn stop_node(At(lab): At, Path(path): Path<NodePath>) -> Viewed {
    lab.stop_node(path.node()?).await?;
    changed(&lab).await
}

/// Start a node that was stopped. Its memory is empty, unless the others send it what they know.
#[utoipa::path(
    post, path = "/lab/{lab}/control/nodes/{node}/start", tag = "bench",
    params(("node" = u8, Path, description = "1 to 5")),
    responses((status = 200, body = ServerView), (status = 404, description = "no such lab, or no such node"))
)]
async fn start_node(At(lab): At, Path(path): Path<NodePath>) -> Viewed {
    lab.start_node(path.node()?).await?;
    changed(&lab).await
}

/// Make things go wrong: answers that are lost on the way, a store that is down or slow. What is left away
/// stays as it is.
#[utoipa::path(
    put, path = "/lab/{lab}/control/faults", tag = "bench", request_body = SetFaults,
    responses((status = 200, body = ServerView), (status = 422, description = "a delay over its bound"))
)]
async fn faults(At(lab): At, JsonBody(change): JsonBody<SetFaults>) -> Viewed {
    lab.set_faults(change)?;
    changed(&lab).await
}

#[derive(serde::Deserialize)]
struct UserPath {
    name: String,
}

/// Change a user's role, or let them log in no more. A session learns it at once, a token never.
#[utoipa::path(
    put, path = "/lab/{lab}/control/users/{name}", tag = "bench",
    params(("name" = String, Path, description = "alice, bob or carol")), request_body = ChangeUser,
    responses(
        (status = 200, body = ServerView),
        (status = 404, description = "no such lab, or no such user"),
        (status = 429, description = "the denylist is full"),
    )
)]
async fn users(At(lab): At, Path(path): Path<UserPath>, JsonBody(change): JsonBody<ChangeUser>) -> Viewed {
    lab.change_user(&path.name, change).await?;
    changed(&lab).await
}

/// Set the lab's clock forward.
#[utoipa::path(
    post, path = "/lab/{lab}/control/clock", tag = "bench", request_body = Advance,
    responses((status = 200, body = ServerView), (status = 422, description = "a step or a time over its bound"))
)]
async fn clock(At(lab): At, JsonBody(Advance { advance }): JsonBody<Advance>) -> Viewed {
    lab.crowds.logins_may_end();
    lab.world(|world| world.advance(advance))?;
    lab.sweep().await?;
    changed(&lab).await
}

/// Switch defences. Switching the denylist off forgets its entries; switching `hash_ids` off ends every
/// session, for a hash cannot be turned back into an id.
#[utoipa::path(
    put, path = "/lab/{lab}/control/defences", tag = "bench", request_body = ChangeDefences,
    responses((status = 200, body = ServerView))
)]
async fn defences(At(lab): At, JsonBody(change): JsonBody<ChangeDefences>) -> Viewed {
    lab.defend(change).await?;
    changed(&lab).await
}

/// A new signing key. The old ones still verify, unless they are retired.
#[utoipa::path(
    post, path = "/lab/{lab}/control/keys/rotate", tag = "bench", request_body = Option<RotateKeys>,
    responses((status = 200, body = ServerView))
)]
async fn rotate_keys(At(lab): At, OptionalJson(RotateKeys { retire }): OptionalJson<RotateKeys>) -> Viewed {
    lab.crowds.logins_may_end();
    lab.world(|world| world.keys.rotate(retire));
    changed(&lab).await
}

/// A fresh lab under the same id. No login from before holds.
#[utoipa::path(
    post, path = "/lab/{lab}/control/reset", tag = "bench", responses((status = 200, body = ServerView))
)]
async fn reset(At(lab): At) -> Viewed {
    lab.reset().await?;
    changed(&lab).await
}

impl IntoResponse for crate::store::StoreError {
    fn into_response(self) -> Response {
        ControlError::from(self).into_response()
    }
}
