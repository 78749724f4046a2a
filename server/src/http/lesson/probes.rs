//! `api/probes` and `api/probe`: one cookie for every combination of attributes, to see what a browser makes
//! of it. They are no credentials, and identify nobody.

use crate::{
    auth::set_cookie::{self, SetCookies},
    gate::visit::Visit,
    http::{Answer, NoInput, Rejection, extract},
};
use axum::{Json, extract::RawQuery};
use domain::{
    api::{ProbeRange, ProbesArrived},
    cookie::{PROBE_BATCH, Probe},
    exchange::Did,
};
use http::StatusCode;

/// Set some of the probe cookies, as they are, even where a browser must refuse them.
#[utoipa::path(
    put, path = "/probes",
    params(ProbeRange),
    responses(
        (status = 204, description = "the cookies stand in the header"),
        (status = 400, description = "a query that is no range of numbers"),
        (status = 422, description = "a range that is not there, or too long"),
    ),
)]
pub(crate) async fn set(visit: Visit, RawQuery(query): RawQuery, _: NoInput) -> Answer<StatusCode> {
    change(&visit, query.as_deref(), set_cookie::set_probe, Did::SetCookie)
}

/// Clear some of the probe cookies, with the attributes that they were set with.
#[utoipa::path(
    delete, path = "/probes",
    params(ProbeRange),
    responses(
        (status = 204, description = "the cookies are cleared"),
        (status = 400, description = "a query that is no range of numbers"),
        (status = 422, description = "a range that is not there, or too long"),
    ),
)]
pub(crate) async fn clear(visit: Visit, RawQuery(query): RawQuery, _: NoInput) -> Answer<StatusCode> {
    change(&visit, query.as_deref(), set_cookie::clear_probe, Did::ClearedCookie)
}

fn change(visit: &Visit, query: Option<&str>, write: fn(&SetCookies, &Probe), did: Did) -> Answer<StatusCode> {
    let ProbeRange { from, to } =
        extract::query(query, "say which probes: ?from=0&to=32, both of them numbers, and nothing else")?;
    let count = Probe::all().count();
    if from >= to || to > count || to - from > PROBE_BATCH {
        let detail = format!("from is less than to, at most {PROBE_BATCH} at once, and there are {count}");
        return Err(Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    Probe::all().take(to).skip(from).for_each(|probe| write(&visit.cookies, &probe));
    visit.steps.note(did, format!("probes {from} to {}", to - 1));
    Ok(StatusCode::NO_CONTENT)
}

/// Which probe cookies came along?
#[utoipa::path(get, path = "/probe", responses((status = 200, body = ProbesArrived)))]
pub(crate) async fn arrived(visit: Visit) -> Json<ProbesArrived> {
    let names = visit.brought.cookies.iter().map(|cookie| &cookie.name);
    Json(ProbesArrived { arrived: names.filter(|name| is_probe(name)).cloned().collect() })
}

/// Which probe cookies came along with a form? What is in it does not matter.
#[utoipa::path(post, path = "/probe", responses((status = 200, body = ProbesArrived)))]
pub(crate) async fn arrived_with_form(visit: Visit) -> Json<ProbesArrived> {
    arrived(visit).await
}

fn is_probe(name: &str) -> bool {
    let probe = Probe::number_of(name).and_then(|number| Probe::all().nth(number));
    probe.is_some_and(|probe| probe.name() == name)
}
