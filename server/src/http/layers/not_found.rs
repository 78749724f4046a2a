//! For people who followed a wrong address: the way to a lab, instead of a problem document.

use crate::http::html;
use app::{boot::Assets, text::Lang};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::html;

/// In which language to say it, if it is a person who asks: a browser that opens a page.
pub(crate) fn person(request: &Request) -> Option<Lang> {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let opens_a_page = request.method() == Method::GET && text(header::ACCEPT)?.contains("text/html");
    opens_a_page.then(|| text(header::ACCEPT_LANGUAGE).and_then(Lang::accepted).unwrap_or_default())
}

/// Whether nothing lies at the address. What a node answered is part of the lesson and stays as it is.
pub(crate) fn is_lost(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::NOT_FOUND && !headers.contains_key("x-node")
}

/// The page.
pub(crate) fn page(lang: Lang, assets: &Assets) -> Response {
    let words = &lang.pages().not_found;
    let page = html! {
        html lang=(lang.tag()) {
            (html::styled("Login Lab", &assets.css))
            body.api-docs {
                main {
                    h1 { (words.title) }
                    p { (words.why) }
                    p { a href="/" { (words.way) } }
                }
            }
        }
    };
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (StatusCode::NOT_FOUND, [no_store], html::document(&page)).into_response()
}
