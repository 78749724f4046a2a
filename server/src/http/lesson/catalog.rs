//! `GET api/catalog`: the same for everybody, so it asks nobody who they are, and caches may keep it.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::api::Catalog;
use sha2::{Digest, Sha256};

const ITEMS: [&str; 8] = ["pen", "book", "lamp", "mug", "notebook", "eraser", "ruler", "bag"];

/// Browsers and shared caches may answer with it for a minute without asking again.
const CACHED: &str = "public, max-age=60";

/// What the shop sells: the same for everybody, and nobody has to say who they are.
#[utoipa::path(
    get, path = "/lab/{lab}/api/catalog", tag = "lesson",
    params(
        ("lab" = String, Path, description = "the lab's id"),
        ("If-None-Match" = Option<String>, Header, description = "the ETag of the copy that you have"),
    ),
    responses(
        (status = 200, body = Catalog, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 304, description = "your copy is still good"),
    )
)]
pub(crate) async fn catalog(headers: HeaderMap) -> Response {
    let catalog = Catalog { items: ITEMS.map(str::to_owned).to_vec() };
    let tag = tag(&catalog);
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, CACHED.to_owned())];
    if has_copy(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, Json(catalog)).into_response()
}

/// A strong tag: another byte in the answer is another tag.
fn tag(catalog: &Catalog) -> String {
    let json = serde_json::to_vec(catalog).unwrap_or_default();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(&json)))
}

/// Whether `If-None-Match` names this tag (RFC 9110 §13.1.2). It is compared weakly: `W/` makes no difference.
/// A header that cannot be read names nothing.
fn has_copy(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH);
    values.iter().any(|value| value.to_str().is_ok_and(|list| list.trim() == "*" || names(list, tag)))
}

/// A tag may have commas in it, so a list is not simply cut at them.
fn names(list: &str, tag: &str) -> bool {
    let mut rest = list;
    let mut found = false;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return found;
        }
        let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"');
        let Some((inside, after)) = opaque.and_then(|opaque| opaque.split_once('"')) else { return false };
        found |= tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) == Some(inside);
        let after = after.trim_start_matches([' ', '\t']);
        if !after.is_empty() && !after.starts_with(',') {
            return false;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_read_as_the_standard_has_it() {
        for list in [r#""a""#, r#"W/"a""#, r#""b", "a""#, r#""b,c" ,W/"a","#, "\t\"a\" ", r#", "a""#] {
            assert!(names(list, r#""a""#), "{list}");
        }
        for list in ["", "a", r#""a"#, r#""A""#, r#""b,"a"#, r#""a" "b""#, r#"w/"a""#, r#"W/ "a""#, r#""b", "a"x"#] {
            assert!(!names(list, r#""a""#), "{list}");
        }
        assert!(names(r#""a,b", "c""#, r#""a,b""#) && !names(r#""a,b""#, r#""b""#));
    }
}
