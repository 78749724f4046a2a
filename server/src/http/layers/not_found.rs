//! For people who followed a wrong address: the way to a lab, instead of a problem document.

use crate::{
    http::{
        extract::{self, text},
        html,
    },
    process::labs::is_lab_id,
};
use app::text::Lang;
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use domain::cookie::pairs;
use http::{Method, StatusCode, header, uri::PathAndQuery};
use maud::html;

/// A person: a browser that opens a page.
pub(crate) struct Person {
    lang: Lang,
    /// The address, where that of a lab is asked for.
    lab: Option<PathAndQuery>,
}

impl Person {
    /// Whoever asks, if it is one.
    pub(crate) fn asking(request: &Request) -> Option<Self> {
        let is_person = matches!(*request.method(), Method::GET | Method::HEAD)
            && text(request.headers(), header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
        is_person.then(|| {
            let can_be_lab = request.uri().path().strip_prefix("/lab/").is_some_and(is_lab_id);
            let lab = request.uri().path_and_query().filter(|_| can_be_lab).cloned();
            let mut cookies = text(request.headers(), header::COOKIE).into_iter().flat_map(pairs);
            let chosen = cookies.find(|(name, _)| *name == "lang").and_then(|(_, value)| Lang::parse(value));
            Self { lang: extract::lang(chosen, request.headers()), lab }
        })
    }

    /// The answer, and where nothing lies at the address the way to a lab. What a node answered is part of the lesson and
    /// stays as it is. Whom another site led to a lab that is gone can have a fresh one there; it is not made before they
    /// say so, or any site could have labs made in its readers' names.
    pub(crate) fn answered(self, response: Response, css: &str) -> Response {
        if response.status() != StatusCode::NOT_FOUND || response.headers().contains_key("x-node") {
            return response;
        }
        let words = &self.lang.pages().not_found;
        let page = html! {
            html lang=(self.lang.tag()) {
                (html::styled("Login Lab", css))
                body.api-docs {
                    main {
                        h1 { (words.title) }
                        @if let Some(address) = self.lab {
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
