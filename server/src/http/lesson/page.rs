//! The page: rendered here with what the request brought along, taken over by the browser.

use crate::{
    auth::random,
    bounds,
    gate::{identify::AuthError, visit::Visit},
    guard,
    http::{
        Answer, Rejection, assets,
        extract::{self, host, text},
        layers::form_redirect::AddressSettings,
    },
};
use app::{
    boot::{Assets, Boot, Room, Theme},
    text::Lang,
};
use axum::{
    body::{Body, to_bytes},
    extract::{RawQuery, Request},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    cookie::{CookieOptions, Engine},
    exchange::Did,
    view::RenderedFor,
};
use http::{HeaderMap, HeaderValue, header};
use leptos::{nonce::Nonce, prelude::provide_context};
use std::{sync::Arc, time::Instant};

/// The page itself. A cookie comes along with this request; what lies in localStorage does not.
#[utoipa::path(
    get, path = "/lab/{lab}",
    params(
        ("scheme" = Option<String>, Query, description = "the scheme that the switch stands on"),
        ("lang" = Option<String>, Query, description = "en or ko"),
        ("claim" = Option<String>, Query, description = "the claim of the guide that is open"),
        ("claims" = Option<String>, Query, description = "told, for what each claim says without asking for it anew"),
        ("slides" = Option<String>, Query, description = "1 for one claim at a time, for a room full of people"),
        ("http-only" = Option<String>, Query, description = "on or off; so are secure and host-prefix"),
        ("same-site" = Option<String>, Query, description = "lax, strict, none or unset"),
        ("results" = Option<String>, Query, description = "1 for what it all comes to"),
        ("outcome" = Option<String>, Query, description = "what brought the visitor here: what a form did, or anew"),
    ),
    responses((status = 200, content_type = "text/html", description = "the page"))
)]
pub(crate) async fn page(visit: Visit, RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    let start = Instant::now();
    let (rendered_for, scheme) = match visit.identify(true).await {
        Ok(proof) => (RenderedFor::Known { user: proof.user(), cart: proof.cart().to_vec() }, Some(proof.scheme)),
        Err(AuthError::Missing) => (RenderedFor::Nobody, None),
        Err(AuthError::Unusable(_) | AuthError::TooMany(_)) => (RenderedFor::Refused, None),
        // Also then somebody wants to see it, and may be who can start the store, or a node, again.
        Err(AuthError::Store(_)) => (RenderedFor::Untold, None),
    };
    let nonce = STANDARD.encode(random::bytes::<16>()?);
    let whom = match &rendered_for {
        RenderedFor::Known { user, .. } => user.name.clone(),
        RenderedFor::Nobody => "nobody".to_owned(),
        RenderedFor::Refused => "somebody whose credential was refused".to_owned(),
        RenderedFor::Untold => "somebody whom nobody could tell".to_owned(),
    };
    let assets = assets::current(&visit.process).await;
    let query = query.as_deref().unwrap_or_default();
    let settings = AddressSettings::departing_from(CookieOptions::proposed(visit.process.is_https()), query);
    let here = || format!("http://{}", host(&headers).unwrap_or("localhost"));
    let boot = Boot {
        lab: visit.lab.id.clone(),
        lang: lang(settings, &visit, &headers),
        theme: visit.brought.cookies_named("theme").next().and_then(Theme::parse),
        scheme: settings.scheme.or(scheme).unwrap_or_default(),
        rendered_for,
        view: visit.lab.view().await,
        exchanges: visit.lab.record.newest(bounds::PAGE_RECORD),
        outcome: settings.outcome,
        build: assets.wasm.clone(),
        origin: visit.process.public_origin().map_or_else(here, str::to_owned),
        options: settings.options,
        claim: settings.claim.map(str::to_owned),
        no_such_claim: settings.no_such_claim,
        has_results: visit.lab.results.read().1.is_some(),
        room: settings.room,
        tells: settings.tells || settings.claim.is_some() || settings.room == Room::Slides,
        engine: Engine::of_user_agent(text(&headers, header::USER_AGENT).unwrap_or_default()),
        arrived: visit.brought.cookies.clone(),
    };
    let mut response = render(assets, boot, nonce.clone()).await?;
    visit.steps.took(start, Did::Rendered, format!("for {whom}"));
    let policy =
        HeaderValue::from_str(&guard::policy(&nonce, visit.process.assets.reload)).map_err(Rejection::internal)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    Ok(response)
}

/// In which language: what the address says, else what was chosen before, else what the browser prefers.
pub(crate) fn lang(settings: AddressSettings, visit: &Visit, headers: &HeaderMap) -> Lang {
    let chosen = settings.lang.or_else(|| visit.brought.cookies_named("lang").next().and_then(Lang::parse));
    extract::lang(chosen, headers)
}

/// Leptos adds scripts of its own, for data that was loaded while rendering: they get the same nonce.
async fn render(assets: Arc<Assets>, boot: Boot, nonce: String) -> Answer {
    let script_nonce = nonce.clone();
    let handler = leptos_axum::render_app_async_with_context(
        move || provide_context(Nonce::from_value(script_nonce.as_str())),
        move || app::shell(&boot, &assets, &nonce),
    );
    // The renderer would offer the request to the page's code; the page has its `Boot` instead.
    let (parts, body) = handler(Request::new(Body::empty())).await.into_parts();
    // It lies in memory already, so its size is known; what did not come whole is no page.
    let whole = to_bytes(body, usize::MAX).await.map_err(Rejection::internal)?;
    Ok(Response::from_parts(parts, Body::from(whole)))
}
