//! `GET api/catalog`: the same for everybody, so it asks nobody who they are, and caches may keep it.

use crate::gate::condition::{names, tag};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::api::Catalog;
use http::{HeaderMap, StatusCode, header};

const ITEMS: [&str; 8] = ["pen", "book", "lamp", "mug", "notebook", "eraser", "ruler", "bag"];

/// Browsers and shared caches may answer with it for a minute without asking again.
const CACHED: &str = "public, max-age=60";

/// What the shop sells: the same for everybody, and nobody has to say who they are.
#[utoipa::path(
    get, path = "/catalog",
    params(("If-None-Match" = Option<String>, Header, description = "the ETag of the copy that you have")),
    responses(
        (status = 200, body = Catalog, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 304, description = "your copy is still good"),
    ),
)]
pub(crate) async fn catalog(headers: HeaderMap) -> Response {
    let catalog = Catalog { items: ITEMS.map(str::to_owned).to_vec() };
    let tag = tag(&serde_json::to_vec(&catalog).unwrap_or_default());
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, CACHED.to_owned())];
    if names(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, Json(catalog)).into_response()
}
