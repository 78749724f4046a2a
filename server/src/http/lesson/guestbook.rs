//! The guestbook: a page of the lab that shows what visitors wrote, and forgets to escape it. What somebody
//! hostile writes is a fixed list of scripts.

use crate::{
    gate::{identify::AuthError, visit::Visit},
    http::{assets, layers::form_redirect::Settings, lesson::page::lang, rejection::Rejection},
};
use app::text::Lang;
use axum::{
    extract::RawQuery,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use domain::{attack::Comment, exchange::Did, scheme::storage_key};
use std::time::Instant;

/// With the defence: no script in the page runs, whoever wrote it.
const STRICT: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/// Without: every script does, and may talk to anybody.
const LAX: &str = "default-src 'self' 'unsafe-inline'; connect-src *; frame-src *; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

/// The guestbook, with every comment as it was written.
#[utoipa::path(
    get, path = "/lab/{lab}/guestbook", tag = "lesson",
    params(
        ("lab" = String, Path, description = "the lab's id"),
        ("lang" = Option<String>, Query, description = "en or ko"),
        ("n" = Option<u64>, Query, description = "a number of your own, which a script in it hands on"),
    ),
    responses((status = 200, content_type = "text/html", description = "the guestbook"))
)]
pub(crate) async fn guestbook(
    visit: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Rejection> {
    let start = Instant::now();
    let whom = match visit.identify(true).await {
        Ok(proof) => proof.user().name,
        Err(AuthError::Missing | AuthError::Unusable(_) | AuthError::TooMany(_)) => "nobody".to_owned(),
        Err(error) => return Err(error.into()),
    };
    let settings = Settings::of(query.as_deref().unwrap_or_default());
    let lang = lang(settings, &visit.brought.cookies, &headers);
    let css = assets::current(&visit.process).await.css.clone();
    let text = html(lang, &whom, &css, script(&visit).as_deref());
    visit.steps.took(start, Did::Rendered, format!("for {whom}"));
    let is_strict = visit.lab.world(|world| world.defences.guestbook_csp);
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(if is_strict { STRICT } else { LAX })),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("Cookie, Authorization, Accept-Language")),
    ];
    Ok((headers, Html(text)).into_response())
}

/// The hostile comment, if there is one. Nothing goes into it but the lab's id and the server's own origins.
fn script(visit: &Visit) -> Option<String> {
    let payload = match visit.lab.attacker.comment()? {
        Comment::Read => include_str!("guestbook/read.js"),
        Comment::Act => include_str!("guestbook/act.js"),
        Comment::Ports => include_str!("guestbook/ports.js"),
    };
    let (origins, lab) = (&visit.process.origins, visit.lab.id.as_str());
    let filled = payload
        .replace("{{lab}}", lab)
        .replace("{{key}}", &storage_key(lab))
        .replace("{{attacker}}", &origins.attacker)
        .replace("{{neighbour}}", origins.neighbour.as_deref().unwrap_or_default());
    Some(filled)
}

/// What others wrote: a name, and a comment.
fn comments(lang: Lang) -> [(&'static str, &'static str); 3] {
    match lang {
        Lang::En => [
            ("bob", "The pens are very good."),
            ("carol", "Fast delivery. Thank you!"),
            ("dave", "Are there blue ones, too?"),
        ],
        Lang::Ko => {
            [("bob", "펜이 아주 좋아요."), ("carol", "배송이 빨라요. 고맙습니다!"), ("dave", "파란색도 있나요?")]
        }
    }
}

fn html(lang: Lang, whom: &str, css: &str, script: Option<&str>) -> String {
    let (title, hello, to_read) = match (lang, whom) {
        (Lang::En, "nobody") => ("Guestbook", "You are not logged in.".to_owned(), "Nice shop."),
        (Lang::En, name) => ("Guestbook", format!("You are logged in as {}.", escape(name)), "Nice shop."),
        (Lang::Ko, "nobody") => ("방명록", "로그인하지 않았어요.".to_owned(), "좋은 가게네요."),
        (Lang::Ko, name) => ("방명록", format!("{} 님으로 로그인했어요.", escape(name)), "좋은 가게네요."),
    };
    let [one, two, three] = comments(lang).map(|(by, said)| format!("<li><cite>{by}</cite>: {said}</li>\n"));
    let hostile = script
        .map(|script| format!("<li><cite>mallory</cite>: {to_read}<script>{script}</script></li>\n"))
        .unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" data-rendered-for=\"{}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"{}\"></head>\n\
         <body class=\"guestbook\"><main><h1>{title}</h1>\n<p>{hello}</p>\n<ul>\n{one}{two}{three}{hostile}</ul></main></body></html>\n",
        lang.tag(),
        escape(whom),
        escape(css),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
