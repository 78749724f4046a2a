//! The guestbook: a page of the lab that shows what visitors wrote, and forgets to escape it. What somebody
//! hostile writes is a fixed list of scripts.

use crate::{
    gate::{identify::AuthError, visit::Visit},
    http::{Answer, assets, html, layers::form_redirect::AddressSettings, lesson::page::lang},
};
use app::text::Lang;
use axum::{
    extract::RawQuery,
    response::{Html, IntoResponse as _},
};
use domain::{attack::Comment, exchange::Did, scheme::storage_key};
use http::{HeaderMap, header};
use maud::{PreEscaped, html};
use std::time::Instant;

/// For whom it is rendered when nobody is logged in.
const NOBODY: &str = "nobody";

/// With the defence: no script in the page runs, whoever wrote it.
const STRICT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; \
    frame-ancestors 'self'";
/// Without: every script does, and may talk to anybody.
const LAX: &str = "default-src 'self' 'unsafe-inline'; connect-src *; frame-src *; base-uri 'none'; object-src 'none'; \
    form-action 'none'; frame-ancestors 'self'";

/// The guestbook, with every comment as it was written.
#[utoipa::path(
    get, path = "/lab/{lab}/guestbook",
    params(
        ("lang" = Option<String>, Query, description = "en or ko"),
        ("n" = Option<u64>, Query, description = "a number of your own, which a script in it hands on"),
    ),
    responses((status = 200, content_type = "text/html", description = "the guestbook"))
)]
pub(crate) async fn guestbook(visit: Visit, RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    let start = Instant::now();
    let user = match visit.identify(true).await {
        Ok(proof) => Some(proof.user().name),
        Err(AuthError::Missing | AuthError::Unusable(_) | AuthError::TooMany(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let settings = AddressSettings::of(query.as_deref().unwrap_or_default());
    let lang = lang(settings, &visit, &headers);
    let css = assets::current(&visit.process).await.css.clone();
    let page = page(lang, user.as_deref(), &css, script(&visit));
    visit.steps.took(start, Did::Rendered, format!("for {}", user.as_deref().unwrap_or(NOBODY)));
    let is_strict = visit.lab.world(|world| world.defences.guestbook_csp);
    let headers = [
        (header::CONTENT_SECURITY_POLICY, if is_strict { STRICT } else { LAX }),
        (header::VARY, "Cookie, Authorization, Accept-Language"),
    ];
    Ok((headers, page).into_response())
}

/// The hostile comment, if there is one. Nothing goes into it but the lab's id and the server's own origins.
fn script(visit: &Visit) -> Option<String> {
    let payload = match visit.lab.attacker.state(|attacker| attacker.comment)? {
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

/// The page. Only the hostile comment is not escaped, for that is the lesson; everything else is.
fn page(lang: Lang, user: Option<&str>, css: &str, script: Option<String>) -> Html<String> {
    let words = &lang.pages().guestbook;
    html::document(&html! {
        html lang=(lang.tag()) data-rendered-for=(user.unwrap_or(NOBODY)) {
            (html::styled(words.title, css))
            body.guestbook {
                main {
                    h1 { (words.title) }
                    p { @if let Some(user) = user { ((words.somebody)(user)) } @else { (words.nobody) } }
                    ul {
                        @for (by, said) in words.comments { li { cite { (by) } ": " (said) } }
                        @if let Some(script) = script {
                            li { cite { "mallory" } ": " (words.hostile) script { (PreEscaped(script)) } }
                        }
                    }
                }
            }
        }
    })
}
