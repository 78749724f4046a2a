//! What was measured in a lab, as the page keeps it.

use crate::http::{
    extract::{body::Input, lab::At},
    rejection::Rejection,
};
use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::api::{KeepResults, KeptResults, ResultsVersion};

/// What was measured in this lab, as the page keeps it, and its version.
#[utoipa::path(get, path = "/results", operation_id = "results", responses((status = 200, body = KeptResults)))]
pub(super) async fn read(At(lab): At) -> Response {
    let (version, json) = lab.results.read();
    let text = format!(r#"{{"version":{version},"results":{}}}"#, json.as_deref().unwrap_or("null"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
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
pub(super) async fn keep(
    At(lab): At,
    Input(KeepResults { version, results }): Input<KeepResults>,
) -> Result<Json<ResultsVersion>, Rejection> {
    let json = serde_json::to_string(&results).map_err(Rejection::internal)?;
    Ok(Json(ResultsVersion { version: lab.results.keep(version, json)? }))
}
