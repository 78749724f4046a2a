//! What was measured in a lab, as the page keeps it.

use super::Asking;
use crate::{
    bounds,
    http::{
        Answer, At,
        extract::{body, error::BodyError},
    },
};
use axum::{
    Json,
    body::Bytes,
    extract::Request,
    response::{IntoResponse, Response},
};
use domain::api::{KeepResults, KeptResults, ResultsVersion};
use http::header;
use serde_json::{Map, Value, value::RawValue};

/// What was measured in this lab, as the page keeps it, and its version.
#[utoipa::path(get, path = "/results", operation_id = "results", responses((status = 200, body = KeptResults)))]
pub(super) async fn read(At(lab): At) -> Response {
    let (version, json) = lab.results.read();
    let (head, json) = (format!(r#"{{"version":{version},"results":"#), json.unwrap_or(Bytes::from_static(b"null")));
    // Without room that nothing fills: who does not read it holds no more than counts.
    let text = [head.as_bytes(), &json, b"}"].concat();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// [`KeepResults`], and the results as they came: what the page keeps is nobody's business here.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u64,
    results: Box<RawValue>,
}

/// Keep what was measured, in place of the version that was read: reload, another tab and the shared link show the same.
#[utoipa::path(
    put, path = "/results", operation_id = "keep_results", request_body = KeepResults,
    responses(
        (status = 200, body = ResultsVersion),
        (status = 409, description = "the version is not the newest"),
        (status = 413, description = "results over 512 KiB"),
        (status = 503, description = "there is no room for more results, or too much is under way"),
    ),
)]
pub(super) async fn keep(At(lab): At, client: Asking, request: Request) -> Answer<Json<ResultsVersion>> {
    let (parts, body) = request.into_parts();
    // With room for what stands around them.
    let bytes = body::read(bounds::LAB_RESULTS + 1024, body).await?;
    if !body::is("application/json", &parts.headers) {
        return Err(BodyError::Type(false).into());
    }
    let Kept { version, results } = body::object_with_lists(&bytes)?;
    drop(bytes);
    // What is nested too deep, nobody could read again.
    if serde_json::from_str::<Map<String, Value>>(results.get()).is_err() {
        let why = "results are an object, and nested no deeper than 126 times";
        return Err(BodyError::Unreadable(why.to_owned()).into());
    }
    let json = Bytes::from(String::from(Box::<str>::from(results)));
    Ok(Json(ResultsVersion { version: lab.results.keep(version, json, client.as_deref())? }))
}
