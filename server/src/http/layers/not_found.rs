//! For people who followed a wrong address: the way to a lab, instead of a problem document.

use crate::{
    http::{extract, html},
    process::labs::is_lab_id,
};
use app::{boot::Assets, text::Lang};
use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::html;

/// A person who asks: a browser that opens a page.
pub(crate) struct Person {
    lang: Lang,
    /// The address that they came to, if a lab can be there.
    lab: Option<String>,
}

/// Whether it is a person who asks.
pub(crate) fn person(request: &Request) -> Option<Person> {
    let text = |name| extract::text(request.headers(), name);
    if !matches!(*request.method(), Method::GET | Method::HEAD) || !text(header::ACCEPT)?.contains("text/html") {
        return None;
    }
    let lang = text(header::ACCEPT_LANGUAGE).and_then(Lang::accepted).unwrap_or_default();
    let can_be = request.uri().path().strip_prefix("/lab/").is_some_and(is_lab_id);
    let lab = request.uri().path_and_query().filter(|_| can_be).map(ToString::to_string);
    Some(Person { lang, lab })
}

/// Whether nothing lies at the address. What a node answered is part of the lesson and stays as it is.
pub(crate) fn is_lost(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::NOT_FOUND && !headers.contains_key("x-node")
}

impl Person {
    /// The page. Whom another site led to a lab that is gone can have a fresh one there; it is not made before they
    /// say so, or any site could have labs made in its readers' names.
    pub(crate) fn page(&self, assets: &Assets) -> Response {
        let words = &self.lang.pages().not_found;
        let page = html! {
            html lang=(self.lang.tag()) {
                (html::styled("Login Lab", &assets.css))
                body.api-docs {
                    main {
                        h1 { (words.title) }
                        @if let Some(address) = &self.lab {
                            p { (words.gone) }
                            p { a href=(address) { (words.here) } }
                        } @else {
                            p { (words.why) }
                        }
                        p { a href="/" { (words.way) } }
                    }
                }
            }
        };
        (StatusCode::NOT_FOUND, html::document(&page)).into_response()
    }
}
