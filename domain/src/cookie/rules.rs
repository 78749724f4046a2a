//! The rulings. Each is a chain of questions in the order in which a browser asks them.

use super::{Browser, COOKIE_BYTES, Cookie, Engine, Origin, Rule, Ruling, SameSite, Situation};

/// How long Chromium lets a cross-site POST carry a cookie whose `SameSite` was left away.
const LAX_POST_SECONDS: u64 = 120;

/// Whether a browser of this engine keeps a cookie that a server at `origin` sets.
#[must_use]
pub fn kept(cookie: &Cookie, origin: &Origin, engine: Engine) -> Ruling {
    if cookie.max_age.is_some_and(|max_age| max_age <= cookie.age) {
        return Ruling::no(Rule::Expired);
    }
    // Seen: WebKitGTK keeps a cookie of 4098 bytes.
    if cookie.bytes > COOKIE_BYTES && engine != Engine::WebKit {
        return Ruling::no(Rule::TooLarge);
    }
    // Seen: WebKitGTK knows nothing of prefixes.
    if breaks_its_prefix(cookie) && engine != Engine::WebKit {
        return Ruling::no(Rule::HostPrefixBroken);
    }
    if cookie.secure && !origin.https {
        return if origin.is_loopback() && engine != Engine::WebKit {
            Ruling::yes(Rule::LoopbackCountsAsSecure)
        } else {
            Ruling::no(Rule::SecureNeedsHttps)
        };
    }
    // Seen: WebKitGTK keeps SameSite=None without Secure.
    if cookie.same_site == SameSite::None && !cookie.secure && engine != Engine::WebKit {
        return Ruling::no(Rule::NoneNeedsSecure);
    }
    Ruling::yes(Rule::Nothing)
}

/// Whether a script on a page of the cookie's own origin, at `page_path`, sees it in `document.cookie`.
#[must_use]
pub fn visible(cookie: &Cookie, page_path: &str) -> Ruling {
    if cookie.http_only {
        Ruling::no(Rule::HttpOnly)
    } else if !path_matches(page_path, &cookie.path) {
        Ruling::no(Rule::PathElsewhere)
    } else {
        Ruling::yes(Rule::Nothing)
    }
}

/// Whether a kept cookie goes along with a request for `path` of its own host.
#[must_use]
pub fn sent(cookie: &Cookie, path: &str, situation: Situation, browser: impl Into<Browser>) -> Ruling {
    let browser = browser.into();
    if !path_matches(path, &cookie.path) {
        return Ruling::no(Rule::PathElsewhere);
    }
    if situation == Situation::OwnPage {
        return Ruling::yes(Rule::OwnSite);
    }
    match cookie.same_site {
        SameSite::Strict => Ruling::no(Rule::Strict),
        SameSite::Lax if situation == Situation::CrossSiteLink => Ruling::yes(Rule::LaxFollowsLinks),
        SameSite::Lax => Ruling::no(Rule::LaxStaysHome),
        SameSite::None => unrestricted(situation, browser, Rule::NoneGoesAlong),
        SameSite::Unset if browser.engine != Engine::Blink => unrestricted(situation, browser, Rule::UnsetIsNone),
        SameSite::Unset => match situation {
            Situation::CrossSiteLink => Ruling::yes(Rule::UnsetIsLax),
            Situation::CrossSitePost if cookie.age < LAX_POST_SECONDS => Ruling::yes(Rule::UnsetTwoMinutes),
            Situation::CrossSitePost => Ruling::no(Rule::UnsetTwoMinutesOver),
            Situation::CrossSiteEmbedded | Situation::OwnPage => Ruling::no(Rule::UnsetIsLax),
        },
    }
}

/// A cookie without restriction of its own: only the browser's ban on third-party cookies is left.
fn unrestricted(situation: Situation, browser: Browser, because: Rule) -> Ruling {
    if situation == Situation::CrossSiteEmbedded && !browser.allows_third_party() {
        Ruling::no(Rule::ThirdPartyBlocked)
    } else {
        Ruling::yes(because)
    }
}

/// RFC 6265bis §5.1.4: `/lab/x` matches itself and `/lab/x/api`, not `/lab/xy`.
fn path_matches(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

fn breaks_its_prefix(cookie: &Cookie) -> bool {
    has_prefix(&cookie.name, "__Host-") && !(cookie.secure && cookie.path == "/")
        || has_prefix(&cookie.name, "__Secure-") && !cookie.secure
}

/// Prefixes are recognised whatever their case (RFC 6265bis §5.7).
fn has_prefix(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
