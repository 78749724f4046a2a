//! The attacker's window: it waits for orders, and does nothing else.

use crate::{
    http::{
        Answer, Input, MaybeInput, Rejection,
        attacker::{Existing, OwnPage},
        extract, html, storage_access,
    },
    process::Process,
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::attack::Asking;
use http::{HeaderMap, StatusCode};
use maud::html;
use std::{sync::Arc, time::Duration};

/// How long a window waits for an order before it asks again.
const PATIENCE: Duration = Duration::from_secs(20);

/// `GET window`.
pub(super) async fn page(State(process): State<Arc<Process>>, _: Existing, headers: HeaderMap) -> Answer {
    let lang = extract::lang(None, &headers);
    let words = &lang.pages().attacker;
    let public = &process.origins.public;
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self' {public}; frame-src {public}; \
         form-action {public}; img-src data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    let page = html! {
        html lang=(lang.tag()) data-embedded={ (public) (storage_access::PATH) } {
            (html::scripted(words.title, "/window.js", Some(html::for_reading())))
            body {
                main {
                    h1 { (words.title) }
                    p { (words.what) }
                    p { (words.close) }
                }
            }
        }
    };
    html::guarded(&policy, &page)
}

/// `POST next`: the next order, as soon as there is one; nothing when there is none for long.
pub(super) async fn next(
    State(process): State<Arc<Process>>,
    _: OwnPage,
    Existing(lab): Existing,
    Input(Asking { third_party }): MaybeInput<Asking>,
) -> Response {
    let Some(window) = lab.attacker.wait(third_party) else {
        let detail = "too many windows of the attacker's are open: close one";
        return Rejection::new(StatusCode::TOO_MANY_REQUESTS, detail).into_response();
    };
    if lab.attacker.window_came_or_went() {
        lab.has_changed();
    }
    tokio::select! {
        order = window.order() => Json(order).into_response(),
        () = tokio::time::sleep(PATIENCE) => StatusCode::NO_CONTENT.into_response(),
        () = lab.closed.cancelled() => StatusCode::NO_CONTENT.into_response(),
        () = process.closing.cancelled() => StatusCode::NO_CONTENT.into_response(),
    }
}
