//! Answers to forms: whatever came of it, the browser goes back to the page and is told in the address.

use crate::http::extract::body::is_form;
use app::{boot::Room, text::Lang};
use axum::{
    body::Bytes,
    response::{IntoResponse, Response},
};
use domain::{
    cookie::{CookieOptions, SameSite},
    lesson::{claim, said::Outcome},
    scheme::Scheme,
};
use http::{HeaderValue, Method, Request, StatusCode, header};

/// Turns the answer to a form into a way back. Cookies stay on it.
pub(crate) async fn way_back<F>(request: Request<Bytes>, answer: impl FnOnce(Request<Bytes>) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if request.method() != Method::POST || !is_form(request.headers()) {
        return answer(request).await;
    }
    let path = request.uri().path().to_owned();
    let asked = AddressSettings::of(request.uri().query().unwrap_or_default());
    // A login's form says itself which scheme was chosen, and the page comes back with that one.
    let chosen = AddressSettings::of(&String::from_utf8_lossy(request.body())).scheme.or(asked.scheme);
    let kept = AddressSettings { scheme: chosen, ..asked }.kept();
    let answer = answer(request).await;
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

/// What a page's address may say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AddressSettings {
    pub(crate) scheme: Option<Scheme>,
    pub(crate) lang: Option<Lang>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) options: CookieOptions,
    /// The claim of the guide that is open.
    pub(crate) claim: Option<&'static str>,
    /// Whether it stands for one that there is not.
    pub(crate) no_such_claim: bool,
    pub(crate) room: Room,
    /// Whether the page is to tell what each claim says, for who has no scripts.
    pub(crate) tells: bool,
}

impl AddressSettings {
    /// What stays in the address: the scheme, the language, and that the claims are told; nothing else.
    fn kept(self) -> String {
        let scheme = self.scheme.map(|scheme| format!("scheme={scheme}&"));
        let lang = self.lang.map(|lang| format!("lang={}&", lang.tag()));
        let tells = self.tells.then(|| "claims=told&".to_owned());
        [scheme, lang, tells].into_iter().flatten().collect()
    }

    /// Reads a query; what is no setting is passed over.
    pub(crate) fn of(query: &str) -> Self {
        Self::departing_from(CookieOptions::USUAL, query)
    }

    /// The same, where other cookie options are proposed than the usual ones.
    pub(crate) fn departing_from(proposed: CookieOptions, query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let mut settings = Self { options: proposed, ..Self::default() };
        for (name, value) in pairs {
            match name.as_str() {
                "scheme" => settings.scheme = value.parse().ok(),
                "lang" => settings.lang = Lang::parse(&value),
                "claim" => {
                    let named = claim::named(&value);
                    settings.no_such_claim = named.is_none();
                    settings.claim = Some(named.unwrap_or(claim::first()).id);
                }
                "claims" => settings.tells = value == "told",
                "http-only" => settings.options.http_only = value != "off",
                "secure" => settings.options.secure = value == "on",
                "host-prefix" => settings.options.host_prefix = value == "on",
                "same-site" => {
                    let found = SameSite::ALL.into_iter().find(|same_site| same_site.name() == value);
                    settings.options.same_site = found.unwrap_or_default();
                }
                "outcome" => settings.outcome = Outcome::parse(&value),
                // Addresses from before call the slides a lecture.
                "lecture" if value == "1" => settings.room = Room::Slides,
                name => {
                    let room = Room::ASKED.into_iter().find(|room| room.name() == name);
                    settings.room = room.filter(|_| value == "1").unwrap_or(settings.room);
                }
            }
        }
        settings
    }
}

fn outcome(route: &str, status: StatusCode) -> Outcome {
    match (route, status) {
        ("login", StatusCode::UNAUTHORIZED) => Outcome::WrongLogin,
        ("login" | "refresh", status) if status.is_success() => Outcome::LoggedIn,
        ("cart", status) if status.is_success() => Outcome::CartChanged,
        ("logout" | "logout-everywhere", status) if status.is_success() => Outcome::LoggedOut,
        (_, StatusCode::UNAUTHORIZED) => Outcome::NotLoggedIn,
        _ => Outcome::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_a_claim_with_its_cookie_options() {
        let query = "scheme=token-cookie&claim=http-only&slides=1&http-only=off&secure=on&same-site=none";
        let settings = AddressSettings::of(query);
        assert_eq!(settings.scheme.map(Scheme::name), Some("token-cookie"));
        assert_eq!((settings.claim, settings.no_such_claim, settings.room), (Some("http-only"), false, Room::Slides));
        let expected =
            CookieOptions { http_only: false, secure: true, same_site: SameSite::None, ..CookieOptions::default() };
        assert_eq!(settings.options, expected);
    }

    #[test]
    fn what_is_no_setting_is_passed_over_and_never_comes_back() {
        let settings = AddressSettings::of("experiment=steal&slides=yes&same-site=x&http-only=%00&sid=secret&lang=ko");
        assert_eq!((settings.claim, settings.no_such_claim, settings.room), (None, false, Room::Desk));
        assert_eq!(settings.options, CookieOptions::default());
        assert_eq!(settings.kept(), "lang=ko&");
    }

    #[test]
    fn over_https_the_prefix_is_proposed_and_an_address_may_say_otherwise() {
        let of = |query| AddressSettings::departing_from(CookieOptions::proposed(true), query).options;
        assert!(of("").secure && of("").host_prefix);
        assert!(!of("host-prefix=off").host_prefix && of("host-prefix=off").secure);
    }

    #[test]
    fn a_claim_that_there_is_not_is_the_first_one_and_that_is_known() {
        let settings = AddressSettings::of("claim=%3Cnonsense%3E&slides=1");
        assert_eq!((settings.claim, settings.no_such_claim), (Some(claim::first().id), true));
    }

    #[test]
    fn a_lecture_of_before_is_slides() {
        assert_eq!(AddressSettings::of("experiment=stateless&lecture=1").room, Room::Slides);
        assert_eq!(AddressSettings::of("results=1").room, Room::Results);
    }
}
