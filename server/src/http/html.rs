//! What the small pages have in common. They are written with `maud`, which escapes whatever is put in.

use crate::http::{Answer, Rejection};
use axum::response::{Html, IntoResponse as _};
use http::{HeaderName, HeaderValue, header};
use maud::{DOCTYPE, Markup, html};

/// A whole document, around its `html` element.
pub(crate) fn document(root: &Markup) -> Html<String> {
    Html(html! { (DOCTYPE) (root) }.into_string())
}

/// The head of a page that people read, in the lab's own style.
pub(crate) fn styled(title: &str, css: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            title { (title) }
            (for_reading())
            link rel="icon" href="/favicon.svg" type="image/svg+xml";
            link rel="stylesheet" href=(css);
        }
    }
}

/// The head of a page that is there for its script. Without an icon of its own, a browser would ask for one.
pub(crate) fn scripted(title: &str, script: &str, more: Option<Markup>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            title { (title) }
            @if let Some(more) = more { (more) }
            link rel="icon" href="data:,";
            script type="module" src=(script) {}
        }
    }
}

/// A page with its own policy.
pub(crate) fn guarded(policy: &str, page: &Markup) -> Answer {
    let policy = HeaderValue::from_str(policy).map_err(Rejection::internal)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], document(page)).into_response())
}

pub(crate) fn javascript(text: &'static str) -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
}

/// For a page on a screen of any size, light or dark.
pub(crate) fn for_reading() -> Markup {
    html! {
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
    }
}
