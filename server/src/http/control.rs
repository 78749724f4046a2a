//! The bench: what feeds and moves the page, and is not part of the lesson. None of it is recorded.

use crate::{
    auth::presented,
    clients::{Client, UnderWay},
    crowd::{self, NoCrowd},
    gate::Gate,
    http::{Answer, At, Input, MaybeInput, NoInput, Rejection, Segment, extract, layers::origin},
    lab::{Lab, LabError, record::Record},
    process::Process,
    security::{Event, Whom},
    to_its_end::ToItsEnd,
};
use axum::{
    Extension, Json,
    body::Body,
    extract::{RawQuery, Request, State},
    middleware::{self, Next},
    response::IntoResponse as _,
};
use domain::{
    api::{Advance, ArrivedCookies, ChangeDefences, ChangeUser, RotateKeys, SetFaults},
    balance::NodeId,
    crowd::{CrowdRequest, CrowdResult},
    exchange::{Exchange, ExchangeId},
    topology::ChangeTopology,
    view::ServerView,
};
use futures::Stream;
use http::{HeaderMap, header};
use std::{convert::Infallible, sync::Arc};
use utoipa_axum::{router::OpenApiRouter, routes};

mod attacker;
pub(crate) mod events;
mod results;

/// The bench's routes, behind their guard.
pub(crate) fn routes(process: &Arc<Process>) -> OpenApiRouter<Arc<Gate>> {
    let below = OpenApiRouter::new()
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
        .routes(routes!(results::read, results::keep))
        .routes(routes!(send_crowd))
        .routes(routes!(stop_crowd))
        .layer(middleware::from_fn_with_state(Arc::clone(process), guard));
    OpenApiRouter::new().nest("/lab/{lab}/control", below)
}

/// No other site may look at a lab or move it, whatever the visitor's cookies.
async fn guard(State(process): State<Arc<Process>>, request: Request, next: Next) -> Answer {
    let came_from = origin::came_from(request.headers(), process.public_origin().as_slice());
    came_from.or_refuse("; only the lab's own page may do this").inspect_err(|_| {
        let client = request.extensions().get::<Arc<Client>>().map(Arc::as_ref);
        Event::NotAllowed("a control route, from another site").log(Whom { client, ..Whom::default() });
    })?;
    if request.method().is_safe() {
        return Ok(next.run(request).await);
    }
    // A change happens as a whole, also when whoever asked for it goes away halfway. It stays theirs until it is done.
    let under_way = request.extensions().get::<UnderWay>().cloned();
    let change = ToItsEnd::of(async move {
        let _held = under_way;
        next.run(request).await
    });
    change.await.map_err(|_| Rejection::internal("a change died"))
}

/// Who asks, where there is somebody.
type Asking = Option<Extension<Arc<Client>>>;

type Viewed = Answer<Json<ServerView>>;

/// The view after a change, which the event streams hear of too.
async fn changed(lab: &Lab) -> Viewed {
    lab.has_changed();
    Ok(Json(lab.view().await))
}

/// Everything that the server side of the lab holds.
#[utoipa::path(get, path = "/view", responses((status = 200, body = ServerView)))]
async fn view(At(lab): At) -> Viewed {
    Ok(Json(lab.view().await))
}

#[derive(serde::Deserialize)]
struct After {
    #[serde(default)]
    after: ExchangeId,
}

/// The recorded exchanges, oldest first, at most 200; with `after`, those whose number is larger.
#[utoipa::path(
    get, path = "/exchanges",
    params(("after" = Option<u64>, Query, description = "only exchanges with a larger number")),
    responses((status = 200, body = Vec<Exchange>), (status = 400, description = "no number of an exchange"))
)]
async fn exchanges(At(lab): At, RawQuery(query): RawQuery) -> Answer {
    let should = "say ?after= once, with the number of an exchange, or leave it away";
    let After { after } = extract::query(query.as_deref(), should)?;
    let list = Body::from_stream(as_list(Arc::clone(&lab.record), after));
    Ok(([(header::CONTENT_TYPE, "application/json")], list).into_response())
}

/// The exchanges after this one as a JSON array, each read from the record when there is room to send it: an answer
/// that nobody reads holds one of them at the most.
fn as_list(record: Arc<Record>, after: ExchangeId) -> impl Stream<Item = Result<Vec<u8>, Infallible>> {
    let (last, mut place, mut comma) = (record.last(), after, &b""[..]);
    async_stream::stream! {
        yield Ok(b"[".to_vec());
        while let Some(exchange) = record.after(place).filter(|exchange| exchange.id <= last) {
            place = exchange.id;
            yield Ok([comma, &serde_json::to_vec(&exchange).unwrap_or_default()].concat());
            comma = b",";
        }
        yield Ok(b"]".to_vec());
    }
}

/// The cookies that came along with this very request: how a page learns of those that no script sees.
#[utoipa::path(get, path = "/cookies", responses((status = 200, body = ArrivedCookies)))]
async fn cookies(_lab: At, headers: HeaderMap) -> Json<ArrivedCookies> {
    Json(ArrivedCookies { cookies: presented::cookies(&headers) })
}

/// Every node stops and starts again: its memory is gone.
#[utoipa::path(post, path = "/restart")]
async fn restart(At(lab): At, _: NoInput) -> Viewed {
    lab.restart().await;
    changed(&lab).await
}

/// How many nodes, how requests are routed, where sessions are kept; what is left away stays as it is. Another
/// store starts empty: no login from before holds.
#[utoipa::path(
    put, path = "/topology", request_body = ChangeTopology,
    responses((status = 422, description = "a topology that cannot be had, or a store that is not configured"))
)]
async fn topology(At(lab): At, Input(change): Input<ChangeTopology>) -> Viewed {
    lab.arrange(change).await?;
    changed(&lab).await
}

fn node(text: &str) -> Result<NodeId, LabError> {
    extract::number(text).ok_or(LabError::UnknownNode)
}

/// Stop a node: its memory is gone and it answers nothing.
#[utoipa::path(
    post, path = "/nodes/{node}/stop", params(("node" = u8, Path, description = "1 to 5")),
    responses((status = 404, description = "no such lab, or no such node"))
)]
async fn stop_node(At(lab): At, Segment(id): Segment, _: NoInput) -> Viewed {
    lab.stop_node(node(&id)?).await?;
    changed(&lab).await
}

/// Start a node that was stopped. Its memory is empty, unless the others send it what they know.
#[utoipa::path(
    post, path = "/nodes/{node}/start", params(("node" = u8, Path, description = "1 to 5")),
    responses((status = 404, description = "no such lab, or no such node"))
)]
async fn start_node(At(lab): At, Segment(id): Segment, _: NoInput) -> Viewed {
    lab.start_node(node(&id)?).await?;
    changed(&lab).await
}

/// Make things go wrong: answers that are lost on the way, a store that is down or slow. What is left away
/// stays as it is.
#[utoipa::path(
    put, path = "/faults", request_body = SetFaults,
    responses((status = 422, description = "a delay over its bound"))
)]
async fn faults(At(lab): At, Input(change): Input<SetFaults>) -> Viewed {
    lab.set_faults(change)?;
    changed(&lab).await
}

/// Change a user's role, or let them log in no more. A session learns it at once, a token never.
#[utoipa::path(
    put, path = "/users/{name}", params(("name" = String, Path, description = "alice, bob or carol")),
    request_body = ChangeUser,
    responses(
        (status = 404, description = "no such lab, or no such user"),
        (status = 429, description = "the denylist is full"),
    ),
)]
async fn users(At(lab): At, Segment(name): Segment, Input(change): Input<ChangeUser>) -> Viewed {
    lab.change_user(&name, change).await?;
    if change.disabled == Some(true) {
        Event::Revoked("user disabled").log(Whom { lab: Some(&lab.id), user: Some(&name), client: None });
    }
    changed(&lab).await
}

/// Set the lab's clock forward.
#[utoipa::path(
    post, path = "/clock", request_body = Advance,
    responses((status = 422, description = "a step or a time over its bound"))
)]
async fn clock(At(lab): At, Input(Advance { advance }): Input<Advance>) -> Viewed {
    lab.crowds.disturbance(|done| done.ended = true);
    lab.world(|world| world.advance(advance))?;
    // What could not be swept now is judged by its own limits all the same.
    let _ = lab.sweep().await;
    changed(&lab).await
}

/// Switch defences. Switching the denylist off forgets its entries; switching `hash_ids` off ends every
/// session, for a hash cannot be turned back into an id.
#[utoipa::path(put, path = "/defences", request_body = ChangeDefences)]
async fn defences(At(lab): At, Input(change): Input<ChangeDefences>) -> Viewed {
    lab.defend(change).await?;
    changed(&lab).await
}

/// A new signing key. The old ones still verify, each under its own algorithm, unless they are retired.
#[utoipa::path(
    post, path = "/keys/rotate", request_body = Option<RotateKeys>,
    responses((status = 503, description = "too many keys are being made"))
)]
async fn rotate_keys(At(lab): At, client: Asking, Input(change): MaybeInput<RotateKeys>) -> Viewed {
    lab.rotate_keys(change, client.as_deref()).await?;
    if change.retire {
        Event::Revoked("key retired").log(Whom { lab: Some(&lab.id), user: None, client: None });
    }
    changed(&lab).await
}

/// A fresh lab under the same id. No login from before holds.
#[utoipa::path(post, path = "/reset")]
async fn reset(At(lab): At, _: NoInput) -> Viewed {
    lab.reset().await?;
    changed(&lab).await
}

/// Send a crowd: so many visitors with cookie jars of their own, through the same balancer. The answer comes when
/// the last one has theirs; `crowd` on the event stream says how far it is. It goes on when nobody waits for it.
#[utoipa::path(
    post, path = "/crowd", operation_id = "send", request_body = Option<CrowdRequest>,
    responses(
        (status = 200, body = CrowdResult),
        (status = 409, description = "one is under way"),
        (status = 422, description = "too many or too few"),
        (status = 503, description = "32 crowds from one address are under way, or too much else is"),
    ),
)]
async fn send_crowd(
    State(gate): State<Arc<Gate>>,
    At(lab): At,
    client: Asking,
    under_way: Option<Extension<UnderWay>>,
    Input(request): MaybeInput<CrowdRequest>,
) -> Answer<Json<CrowdResult>> {
    let share = client.as_deref().map(|client| client.crowd().ok_or(NoCrowd::TooMany)).transpose()?;
    let crowd = crowd::send(gate, lab, request, share);
    // It may take minutes, and stopping it needs a turn, too.
    if let Some(Extension(turn)) = under_way {
        turn.give_back();
    }
    Ok(Json(crowd.await?))
}

/// Stop the crowd that is under way, if one is. What it has measured so far stands in the view.
#[utoipa::path(post, path = "/crowd/stop", operation_id = "stop")]
async fn stop_crowd(At(lab): At, _: NoInput) -> Viewed {
    lab.crowds.stop().await;
    changed(&lab).await
}
