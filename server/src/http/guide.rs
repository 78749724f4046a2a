//! `GET /guide/{lang}`: what the guide tells of each claim. The page has the claims alone at first, for this is most of
//! its HTML; its script fetches it with the visitor's first move.

use crate::{
    gate::condition::{names, tag},
    http::{Answer, Rejection},
};
use app::text::Lang;
use axum::{body::Bytes, extract::Path, response::IntoResponse as _};
use http::{HeaderMap, StatusCode, header};
use std::sync::LazyLock;

/// What is told in each language, and its tag. The same for everybody, so it is made once.
static TOLD: LazyLock<[(Lang, Bytes, String); 2]> = LazyLock::new(|| {
    Lang::ALL.map(|lang| {
        let html = Bytes::from(app::told(lang));
        // A weak one, for it is compressed for who takes that (RFC 9110 §8.8.1).
        let tag = format!("W/{}", tag(&html));
        (lang, html, tag)
    })
});

/// What the guide tells of each claim, as HTML to be put into the page: `data-of` says where.
#[utoipa::path(
    get, path = "/guide/{lang}",
    params(
        ("lang" = String, Path, description = "en or ko"),
        ("If-None-Match" = Option<String>, Header, description = "the ETag of the copy that you have"),
    ),
    responses(
        (status = 200, content_type = "text/html", headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 304, description = "your copy is still good"),
        (status = 404, description = "no language of the page"),
    ),
)]
pub(crate) async fn told(Path(lang): Path<String>, headers: HeaderMap) -> Answer {
    let Some((_, html, tag)) = TOLD.iter().find(|(one, ..)| one.tag() == lang) else {
        return Err(Rejection::new(StatusCode::NOT_FOUND, "the guide is told in en and ko"));
    };
    // Kept, and asked for anew each time: a copy from before a deploy has not all of the page's claims.
    let caching = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if names(&headers, tag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html.clone()).into_response())
}
