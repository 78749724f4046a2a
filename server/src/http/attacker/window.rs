//! The attacker's window: it waits for orders, and does nothing else.

use crate::http::attacker::{Existing, OwnPage, html, javascript};
use crate::{
    http::{extract::body::Input, rejection::Rejection, storage_access},
    process::Process,
};
use app::text::Lang;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::attack::Asking;
use std::{sync::Arc, time::Duration};

/// How long a window waits for an order before it asks again.
const PATIENCE: Duration = Duration::from_secs(20);

/// `GET window`.
pub(super) async fn page(State(process): State<Arc<Process>>, Existing(_): Existing, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = accepted.and_then(Lang::accepted).unwrap_or_default();
    let (title, what, close) = match lang {
        Lang::En => (
            "The attacker's site",
            "This is another site. It attacks the lab, by order of the experiments page.",
            "You can close this window.",
        ),
        Lang::Ko => (
            "공격자의 사이트",
            "여기는 다른 사이트예요. 실험 페이지가 시키는 대로 실험실을 공격해요.",
            "이 창은 닫아도 돼요.",
        ),
    };
    let public = &process.origins.public;
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self' {public}; frame-src {public}; \
         form-action {public}; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    );
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" data-embedded=\"{public}{}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">\
         <script type=\"module\" src=\"/window.js\"></script></head>\n\
         <body><main><h1>{title}</h1>\n<p>{what}</p>\n<p>{close}</p></main></body></html>\n",
        lang.tag(),
        storage_access::PATH
    );
    html(&policy, text)
}

/// `GET /window.js`.
pub(super) async fn script() -> Response {
    javascript(include_str!("window.js"))
}

/// `POST next`: the next order, as soon as there is one; nothing when there is none for long.
pub(super) async fn next(
    State(process): State<Arc<Process>>,
    _: OwnPage,
    Existing(lab): Existing,
    Input { value: Asking { third_party }, .. }: Input<Asking>,
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
        () = process.closing() => StatusCode::NO_CONTENT.into_response(),
    }
}
