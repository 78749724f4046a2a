//! `api/orders`: what must not happen twice. A request whose answer got lost is sent again with the same
//! `Idempotency-Key`, and there is one order all the same.

use crate::{
    gate::visit::Visit,
    http::{Answer, Input, NoInput, Rejection, extract},
    lab::orders::Placement,
};
use axum::{Json, extract::RawQuery, response::IntoResponse as _};
use domain::{
    api::{Orders, PlaceOrder, PlacedOrder},
    exchange::Did,
    user::check_item,
};
use http::{HeaderMap, StatusCode};

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";
/// The longest key.
pub(crate) const KEY_BYTES: usize = 128;

/// Place an order. With an `Idempotency-Key`, the same request again is answered as the first time and places
/// no second order. A key is remembered as long as its order is there; of cancelled orders' keys, the newest that 100 have
/// room for.
#[utoipa::path(
    post, path = "/orders",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 visible ASCII characters of your choice"),
    ),
    security(("cookie" = []), ("bearer" = [])), request_body(content((PlaceOrder = "application/json"))),
    responses(
        (status = 200, body = PlacedOrder, headers(("Idempotency-Replayed" = String))),
        (status = 400, description = "a body that cannot be read, more than one credential or key, or a key that is none"),
        (status = 422, description = "the key came with another body before, or 100 orders"),
    ),
)]
pub(crate) async fn place(visit: Visit, headers: HeaderMap, Input(PlaceOrder { item }): Input<PlaceOrder>) -> Answer {
    check_item(&item)?;
    let key = key(&headers)?;
    let user = visit.identify(true).await?.user();
    let (order, did, replayed) = match visit.lab.world(|world| world.orders.place(&user.name, item, key))? {
        Placement::New(order) => (order, Did::PlacedOrder, None),
        Placement::Repeated(order) => (order, Did::ReplayedAnswer, Some([(REPLAYED, "true")])),
    };
    visit.steps.note(did, order.order.to_string());
    Ok((replayed, Json(order)).into_response())
}

/// Your orders.
#[utoipa::path(
    get, path = "/orders", security(("cookie" = []), ("bearer" = [])), responses((status = 200, body = Orders))
)]
pub(crate) async fn list(visit: Visit) -> Answer<Json<Orders>> {
    let user = visit.identify(true).await?.user();
    Ok(Json(Orders { orders: visit.lab.world(|world| world.orders.of(&user.name)) }))
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    order: Option<u64>,
}

/// Cancel your orders, or one of them. What is left is answered; an order that is not there is as good as cancelled.
#[utoipa::path(
    delete, path = "/orders",
    params(("order" = Option<u64>, Query, description = "only the order with this number")),
    security(("cookie" = []), ("bearer" = [])),
    responses(
        (status = 200, body = Orders),
        (status = 400, description = "a query that names no order, or more than one credential"),
    ),
)]
pub(crate) async fn cancel(visit: Visit, RawQuery(query): RawQuery, _: NoInput) -> Answer<Json<Orders>> {
    let should = "say which order: ?order=1, a number and nothing else; without a query all of yours are cancelled";
    let Which { order } = extract::query(query.as_deref(), should)?;
    let user = visit.identify(true).await?.user();
    let orders = visit.lab.world(|world| {
        world.orders.cancel(&user.name, order);
        world.orders.of(&user.name)
    });
    Ok(Json(Orders { orders }))
}

/// The one key, if there is one.
fn key(headers: &HeaderMap) -> Result<Option<&str>, Rejection> {
    let keys: Vec<_> = headers.get_all(KEY).iter().map(|key| key.to_str().unwrap_or_default()).collect();
    match keys.as_slice() {
        [] => Ok(None),
        [key] if (1..=KEY_BYTES).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => Ok(Some(*key)),
        _ => {
            let detail = "send one Idempotency-Key at most, of 1 to 128 visible ASCII characters";
            Err(Rejection::new(StatusCode::BAD_REQUEST, detail))
        }
    }
}
