//! The only place that writes `Set-Cookie`.

use crate::lock::lock;
use domain::{
    Seconds,
    balance::NodeId,
    cookie::{AFFINITY, COOKIE_BYTES, CookieOptions, Probe, SameSite},
    scheme::{Credential, REFRESH_COOKIE},
};
use http::HeaderValue;
use std::sync::{Arc, Mutex};
use tower_cookies::{
    Cookie,
    cookie::{Expiration, SameSite as Attribute, time},
};

/// The `Set-Cookie` headers of one response. No jar, for a name may have to be cleared at two paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct SetCookies(Arc<Mutex<Vec<HeaderValue>>>);

impl SetCookies {
    fn push(&self, cookie: &Cookie<'_>) {
        // What we write has no characters that a header cannot have.
        if let Ok(mut value) = HeaderValue::from_str(&cookie.to_string()) {
            value.set_sensitive(true);
            lock(&self.0).push(value);
        }
    }

    pub(crate) fn take(&self) -> Vec<HeaderValue> {
        std::mem::take(&mut *lock(&self.0))
    }
}

/// Where cookies are set: the lab, and whether the connection is secure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CookieScope<'a> {
    pub(crate) lab: &'a str,
    pub(crate) https: bool,
}

/// A cookie that was set: its name, its bytes, its path.
#[derive(Clone, Debug)]
pub(crate) struct NewCookie {
    pub(crate) name: &'static str,
    pub(crate) bytes: usize,
    path: String,
}

impl NewCookie {
    /// Whether browsers drop it without a word (RFC 6265bis §5.6).
    pub(crate) fn is_too_large(&self) -> bool {
        self.bytes > COOKIE_BYTES
    }
}

fn cookie<'a>(place: CookieScope<'_>, name: &'a str, value: &'a str, options: &CookieOptions) -> Cookie<'a> {
    let mut cookie = Cookie::new(name, value);
    cookie.set_path(options.path_in(place.lab));
    cookie.set_http_only(options.http_only);
    // Said either way: left unsaid, the library adds it for SameSite=None, and leaving it away is a lesson.
    cookie.set_secure(options.is_secure(place.https));
    cookie.set_same_site(attribute(options.same_site));
    cookie
}

fn attribute(same_site: SameSite) -> Option<Attribute> {
    match same_site {
        SameSite::Lax => Some(Attribute::Lax),
        SameSite::Strict => Some(Attribute::Strict),
        SameSite::None => Some(Attribute::None),
        SameSite::Unset => None,
    }
}

pub(crate) fn set(
    cookies: &SetCookies,
    place: CookieScope<'_>,
    credential: Credential,
    value: &str,
    options: &CookieOptions,
) -> NewCookie {
    let name = credential.cookie_name(options.host_prefix);
    let mut cookie = cookie(place, name, value, options);
    cookie.set_max_age(options.max_age.map(seconds));
    cookies.push(&cookie);
    NewCookie { name, bytes: name.len().saturating_add(value.len()), path: options.path_in(place.lab) }
}

/// Sets the balancer's cookie, which names a node. It is no credential; it is guarded like one all the same.
pub(crate) fn pin(cookies: &SetCookies, place: CookieScope<'_>, node: NodeId) {
    cookies.push(&cookie(place, AFFINITY, &node.to_string(), &CookieOptions::default()));
}

pub(crate) fn unpin(cookies: &SetCookies, place: CookieScope<'_>) {
    cookies.push(&expired(cookie(place, AFFINITY, "", &CookieOptions::default())));
}

/// Sets the cookie of a refresh token: for no script, and for all lesson routes: logout and login have to see it, too.
pub(crate) fn set_refresh(cookies: &SetCookies, place: CookieScope<'_>, value: &str, max_age: Seconds) {
    let mut cookie = refresh_cookie(place, value);
    cookie.set_max_age(seconds(max_age));
    cookies.push(&cookie);
}

pub(crate) fn clear_refresh(cookies: &SetCookies, place: CookieScope<'_>) {
    cookies.push(&expired(refresh_cookie(place, "")));
}

fn refresh_cookie<'a>(place: CookieScope<'_>, value: &'a str) -> Cookie<'a> {
    let options = CookieOptions { same_site: SameSite::Strict, ..CookieOptions::default() };
    let mut cookie = cookie(place, REFRESH_COOKIE, value, &options);
    cookie.set_path(format!("/lab/{}/api", place.lab));
    cookie
}

/// Sets a probe with just its own attributes: here the browser is to say what it makes of them.
pub(crate) fn set_probe(cookies: &SetCookies, probe: &Probe) {
    let mut cookie = probe_cookie(probe, "1");
    cookie.set_max_age(probe.max_age.map(seconds));
    cookies.push(&cookie);
}

/// Clears a probe with the attributes that it was set with.
pub(crate) fn clear_probe(cookies: &SetCookies, probe: &Probe) {
    cookies.push(&expired(probe_cookie(probe, "")));
}

fn probe_cookie(probe: &Probe, value: &'static str) -> Cookie<'static> {
    let mut cookie = Cookie::new(probe.name(), value);
    if probe.root {
        cookie.set_path("/");
    }
    cookie.set_http_only(probe.http_only);
    cookie.set_secure(probe.secure);
    cookie.set_same_site(attribute(probe.same_site));
    cookie
}

fn seconds(seconds: Seconds) -> time::Duration {
    time::Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn expired(mut cookie: Cookie<'_>) -> Cookie<'_> {
    cookie.set_max_age(time::Duration::ZERO);
    cookie.set_expires(Expiration::DateTime(time::OffsetDateTime::UNIX_EPOCH));
    cookie
}

/// Clears a cookie of ours that came along. A browser removes it only when name, path and attributes are as
/// they were when it was set. Where they are `known`, one header does; else there is one for each way in
/// which it may have been set. The cookie that is being set stays. Whether there was anything to clear.
pub(crate) fn clear(
    cookies: &SetCookies,
    place: CookieScope<'_>,
    name: &str,
    known: Option<&CookieOptions>,
    except: Option<&NewCookie>,
) -> bool {
    let mut ways = known.map_or_else(|| every_way(place, name), |options| vec![*options]);
    ways.retain(|options| except.is_none_or(|set| set.name != name || set.path != options.path_in(place.lab)));
    for options in &ways {
        cookies.push(&expired(cookie(place, name, "", options)));
    }
    !ways.is_empty()
}

/// Without `Secure` a browser leaves a secure cookie alone; with it, on an insecure connection, any. So both.
fn every_way(place: CookieScope<'_>, name: &str) -> Vec<CookieOptions> {
    let safe = CookieOptions::default();
    if name.starts_with("__Host-") {
        return vec![CookieOptions { host_prefix: true, ..safe }];
    }
    let paths = [None, Some(domain::cookie::CookiePath::Root)];
    let secure: &[bool] = if place.https { &[true] } else { &[false, true] };
    paths
        .into_iter()
        .flat_map(|path| secure.iter().map(move |secure| CookieOptions { path, secure: *secure, ..safe }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAB: CookieScope<'_> = CookieScope { lab: "x", https: false };

    fn written(options: CookieOptions) -> String {
        let cookies = SetCookies::default();
        set(&cookies, LAB, Credential::SessionId, "v", &options);
        cookies.take()[0].to_str().unwrap().to_owned()
    }

    fn cleared(name: &str, known: Option<&CookieOptions>, except: Option<&NewCookie>) -> Vec<String> {
        let cookies = SetCookies::default();
        clear(&cookies, LAB, name, known, except);
        cookies.take().iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn each_option_is_one_attribute_and_nothing_is_added_unasked() {
        let safe = CookieOptions::default();
        assert_eq!(written(safe), "sid=v; HttpOnly; SameSite=Lax; Path=/lab/x");
        let bare = CookieOptions { http_only: false, same_site: SameSite::Unset, ..safe };
        assert_eq!(written(bare), "sid=v; Path=/lab/x");
        let none = CookieOptions { same_site: SameSite::None, ..safe };
        assert_eq!(written(none), "sid=v; HttpOnly; SameSite=None; Path=/lab/x");
        let host = CookieOptions { host_prefix: true, max_age: Some(60), same_site: SameSite::Strict, ..safe };
        assert_eq!(written(host), "__Host-sid=v; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60");
    }

    #[test]
    fn over_https_every_cookie_is_secure() {
        let cookies = SetCookies::default();
        let place = CookieScope { https: true, ..LAB };
        set(&cookies, place, Credential::Jwt, "v", &CookieOptions::default());
        assert_eq!(cookies.take()[0], "token=v; HttpOnly; SameSite=Lax; Secure; Path=/lab/x");
    }

    #[test]
    fn a_refresh_token_s_cookie_goes_to_the_lesson_s_routes_only_and_is_cleared_as_it_was_set() {
        for (https, secure) in [(false, ""), (true, " Secure;")] {
            let (cookies, place) = (SetCookies::default(), CookieScope { https, ..LAB });
            set_refresh(&cookies, place, "v", 60);
            clear_refresh(&cookies, place);
            let [set, cleared] = cookies.take().try_into().unwrap();
            let attributes = format!("; HttpOnly; SameSite=Strict;{secure} Path=/lab/x/api; Max-Age=");
            assert_eq!(set, format!("refresh=v{attributes}60"));
            assert!(cleared.to_str().unwrap().starts_with(&format!("refresh={attributes}0; Expires=")));
        }
    }

    #[test]
    fn what_is_known_is_cleared_with_the_attributes_it_was_set_with() {
        let options = CookieOptions { http_only: false, secure: true, same_site: SameSite::None, ..Default::default() };
        assert_eq!(
            cleared("sid", Some(&options), None),
            ["sid=; SameSite=None; Secure; Path=/lab/x; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
        );
    }

    #[test]
    fn what_is_not_known_is_cleared_in_every_way_it_may_have_been_set_but_for_the_one_being_set() {
        let all = cleared("sid", None, None);
        for part in ["; Path=/lab/x;", "; Path=/;", "Secure; Path=/lab/x;", "Secure; Path=/;"] {
            assert!(all.iter().any(|cookie| cookie.contains(part)), "{part} in {all:?}");
        }
        let cookies = SetCookies::default();
        let set = set(&cookies, LAB, Credential::SessionId, "v", &CookieOptions::default());
        assert!(cleared("sid", None, Some(&set)).iter().all(|cookie| cookie.contains("Path=/;")));
        assert_eq!(cleared("__Host-token", None, Some(&set)).len(), 1);
    }
}
