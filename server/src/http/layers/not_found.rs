//! For people who followed a wrong address: the way to a lab, instead of a problem document.

use app::{boot::Assets, text::Lang};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

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
    let (title, why, way) = match lang {
        Lang::En => (
            "There is no lab at this address",
            "A lab's address ends in 22 letters and digits; a part of it may have got lost when it was copied. \
             A lab that nobody has used for long is gone too, but its address leads to a fresh one.",
            "To a new lab",
        ),
        Lang::Ko => (
            "이 주소에는 실험실이 없어요",
            "실험실 주소는 글자와 숫자 22자로 끝나요. 복사하다가 일부가 빠졌을 수 있어요. 오랫동안 아무도 쓰지 않은 실험실은 \
             사라지지만, 그 주소로 들어가면 새 실험실이 열려요.",
            "새 실험실로 가기",
        ),
    };
    let (lang, css) = (lang.tag(), &assets.css);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>Login Lab</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{css}\"></head>\n\
         <body class=\"api-docs\"><main><h1>{title}</h1>\n<p>{why}</p>\n<p><a href=\"/\">{way}</a></p></main></body></html>\n"
    );
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (StatusCode::NOT_FOUND, [no_store], Html(html)).into_response()
}
