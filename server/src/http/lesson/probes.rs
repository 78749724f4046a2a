//! `api/probes` and `api/probe`: one cookie for every combination of attributes, to see what a browser makes
//! of it. They are no credentials, and identify nobody.

use crate::{
    auth::set_cookie,
    gate::visit::Visit,
    http::{
        extract::body::{Input, NoFields},
        rejection::Rejection,
    },
};
use axum::{Json, extract::RawQuery, http::StatusCode};
use domain::{
    api::{ProbeRange, ProbesArrived},
    cookie::{PROBE_BATCH, Probe},
    exchange::Did,
};

/// Set some of the probe cookies, as they are, even where a browser must refuse them.
#[utoipa::path(
    put, path = "/lab/{lab}/api/probes", tag = "lesson",
    params(
        ("from" = usize, Query, description = "the number of the first"),
        ("to" = usize, Query, description = "the number after the last, at most 32 more and at most 192"),
    ),
    responses(
        (status = 204, description = "the cookies stand in the header"),
        (status = 400, description = "a query that is no range of numbers"),
        (status = 422, description = "a range that is not there, or too long"),
    )
)]
pub(crate) async fn set(visit: Visit, RawQuery(query): RawQuery, _: Input<NoFields>) -> Result<StatusCode, Rejection> {
    let range = range(query.as_deref())?;
    for probe in probes(range) {
        set_cookie::set_probe(&visit.cookies, &probe);
    }
    visit.steps.note(Did::SetCookie, told(range));
    Ok(StatusCode::NO_CONTENT)
}

/// Clear some of the probe cookies, with the attributes that they were set with.
#[utoipa::path(
    delete, path = "/lab/{lab}/api/probes", tag = "lesson",
    params(
        ("from" = usize, Query, description = "the number of the first"),
        ("to" = usize, Query, description = "the number after the last, at most 32 more and at most 192"),
    ),
    responses(
        (status = 204, description = "the cookies are cleared"),
        (status = 400, description = "a query that is no range of numbers"),
        (status = 422, description = "a range that is not there, or too long"),
    )
)]
pub(crate) async fn clear(
    visit: Visit,
    RawQuery(query): RawQuery,
    _: Input<NoFields>,
) -> Result<StatusCode, Rejection> {
    let range = range(query.as_deref())?;
    for probe in probes(range) {
        set_cookie::clear_probe(&visit.cookies, &probe);
    }
    visit.steps.note(Did::ClearedCookie, told(range));
    Ok(StatusCode::NO_CONTENT)
}

/// Which probe cookies came along?
#[utoipa::path(
    get, path = "/lab/{lab}/api/probe", tag = "lesson", responses((status = 200, body = ProbesArrived))
)]
pub(crate) async fn arrived(visit: Visit) -> Json<ProbesArrived> {
    came_along(&visit)
}

/// Which probe cookies came along with a form? What is in it does not matter.
#[utoipa::path(
    post, path = "/lab/{lab}/api/probe", tag = "lesson", responses((status = 200, body = ProbesArrived))
)]
pub(crate) async fn arrived_with_form(visit: Visit) -> Json<ProbesArrived> {
    came_along(&visit)
}

fn came_along(visit: &Visit) -> Json<ProbesArrived> {
    let names = visit.brought.cookies.iter().map(|cookie| &cookie.name);
    Json(ProbesArrived { arrived: names.filter(|name| is_probe(name)).cloned().collect() })
}

fn is_probe(name: &str) -> bool {
    let probe = Probe::number_of(name).and_then(|number| Probe::all().nth(number));
    probe.is_some_and(|probe| probe.name() == name)
}

fn probes(range: ProbeRange) -> impl Iterator<Item = Probe> {
    Probe::all().take(range.to).skip(range.from)
}

fn told(range: ProbeRange) -> String {
    format!("probes {} to {}", range.from, range.to.saturating_sub(1))
}

fn range(query: Option<&str>) -> Result<ProbeRange, Rejection> {
    let range: ProbeRange = serde_urlencoded::from_str(query.unwrap_or_default()).map_err(|_| {
        Rejection::new(
            StatusCode::BAD_REQUEST,
            "say which probes: ?from=0&to=32, both of them numbers, and nothing else",
        )
    })?;
    let count = Probe::all().count();
    let is_some = range.from < range.to && range.to <= count;
    if is_some && range.to.saturating_sub(range.from) <= PROBE_BATCH {
        return Ok(range);
    }
    let detail = format!("from is less than to, at most {PROBE_BATCH} at once, and there are {count}");
    Err(Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, detail))
}
