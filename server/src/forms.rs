//! Answers to forms: whatever came of it, the browser goes back to the page and is told in the address.

use crate::body::{self, Format};
use app::{boot::Outcome, text::Lang};
use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::scheme::Scheme;

/// Turns the answer to a form into a way back. Cookies stay on it.
pub(crate) async fn way_back(request: Request, next: Next) -> Response {
    if request.method() != Method::POST || body::format(request.headers()) != Format::Form {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let kept = kept(request.uri().query().unwrap_or_default());
    let answer = next.run(request).await;
    let Some((page, route)) = path.split_once("/api/") else { return answer };
    let outcome = outcome(route, answer.status());
    let Ok(location) = HeaderValue::from_str(&format!("{page}?{kept}outcome={}", outcome.name())) else {
        return answer;
    };
    let mut back = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    for cookie in answer.headers().get_all(header::SET_COOKIE) {
        back.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    // Among them why it was refused, for the record.
    *back.extensions_mut() = answer.extensions().clone();
    back
}

/// The settings that the form's address had: a scheme and a language, nothing else.
fn kept(query: &str) -> String {
    let settings = Settings::of(query);
    let scheme = settings.scheme.map(|scheme| format!("scheme={scheme}&"));
    let lang = settings.lang.map(|lang| format!("lang={}&", lang.tag()));
    [scheme, lang].into_iter().flatten().collect()
}

/// What a page's address may say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) scheme: Option<Scheme>,
    pub(crate) lang: Option<Lang>,
    pub(crate) outcome: Option<Outcome>,
}

impl Settings {
    /// Reads a query; what is no setting is passed over.
    pub(crate) fn of(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let mut settings = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "scheme" => settings.scheme = value.parse().ok(),
                "lang" => settings.lang = Lang::parse(&value),
                "outcome" => settings.outcome = Outcome::parse(&value),
                _ => {}
            }
        }
        settings
    }
}

fn outcome(route: &str, status: StatusCode) -> Outcome {
    match (route, status) {
        ("login", StatusCode::UNAUTHORIZED) => Outcome::WrongLogin,
        ("login", status) if status.is_success() => Outcome::LoggedIn,
        ("cart", status) if status.is_success() => Outcome::CartChanged,
        ("logout" | "logout-everywhere", status) if status.is_success() => Outcome::LoggedOut,
        (_, StatusCode::UNAUTHORIZED) => Outcome::NotLoggedIn,
        _ => Outcome::Refused,
    }
}
