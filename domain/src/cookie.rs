//! What a browser keeps, shows to scripts and sends along (RFC 6265bis), with the reason for each ruling.
//!
//! The rules know the engine, because engines differ; each difference here was seen in the engine itself.
//! A ruling names the [`Rule`] that decided; the words for it are the page's.

use crate::{Seconds, scheme::Credential};
use serde::{Deserialize, Serialize};

pub use probe::{PROBE_BATCH, Probe};
pub use rules::{kept, sent, visible};

mod probe;
mod rules;

/// The most bytes of name and value together before a browser drops a cookie without a word
/// (RFC 6265bis §5.6).
pub const COOKIE_BYTES: usize = 4096;

/// The longest that a cookie may be asked to live: 400 days (RFC 6265bis §5.5).
pub const MAX_AGE: Seconds = 400 * 24 * 60 * 60;

/// The `SameSite` attribute, or its absence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SameSite {
    /// Sent from another site only when the visitor follows a link to here.
    #[default]
    Lax,
    /// Never sent from another site.
    Strict,
    /// Sent from everywhere, if the browser allows third-party cookies at all; needs `Secure`.
    None,
    /// The attribute left away: each engine has its own idea of what that means.
    Unset,
}

impl SameSite {
    /// All four, in the order in which the page offers them.
    pub const ALL: [Self; 4] = [Self::Lax, Self::Strict, Self::None, Self::Unset];

    /// Its name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::None => "none",
            Self::Unset => "unset",
        }
    }

    /// The attribute as `Set-Cookie` spells it; nothing when it is left away.
    #[must_use]
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Lax => Some("Lax"),
            Self::Strict => Some("Strict"),
            Self::None => Some("None"),
            Self::Unset => None,
        }
    }
}

/// The path of the credential's cookie where it is not the lab's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CookiePath {
    /// `/`: sent to the whole origin, other labs included.
    #[serde(rename = "/")]
    Root,
}

/// The name of the balancer's own cookie, which names a node. No credential.
pub const AFFINITY: &str = "lb";

/// How a login asks the browser to keep its cookie. The defaults are the safe ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CookieOptions {
    /// No script may see it (RFC 6265bis §5.7).
    pub http_only: bool,
    /// Kept and sent over secure connections only.
    pub secure: bool,
    /// Which requests of other sites it goes along with.
    pub same_site: SameSite,
    /// Seconds until the browser forgets it; without, when the browser closes.
    pub max_age: Option<Seconds>,
    /// Name it `__Host-…`: the browser then insists on `Secure`, `Path=/` and no `Domain`.
    pub host_prefix: bool,
    /// Where it is sent: the lab's own path, or `/`.
    pub path: Option<CookiePath>,
}

impl Default for CookieOptions {
    fn default() -> Self {
        Self::USUAL
    }
}

impl CookieOptions {
    /// What a login takes where nothing is said.
    pub const USUAL: Self = Self {
        http_only: true,
        secure: false,
        same_site: SameSite::Lax,
        max_age: None,
        host_prefix: false,
        path: None,
    };

    /// What the page proposes. Over https the name bears `__Host-`: then no other host of the site can have set it.
    #[must_use]
    pub const fn proposed(https: bool) -> Self {
        Self { secure: https, host_prefix: https, ..Self::USUAL }
    }

    /// Whether the server writes `Secure`: with the prefix, for without it every browser refuses the name, and always
    /// over https.
    #[must_use]
    pub const fn is_secure(&self, https: bool) -> bool {
        self.secure || self.host_prefix || https
    }

    /// The `Path` that is written: `/` where asked for or where the prefix demands it, else the lab's own,
    /// so that labs in one browser do not disturb each other.
    #[must_use]
    pub fn path_in(&self, lab: &str) -> String {
        if self.host_prefix || self.path == Some(CookiePath::Root) { "/".to_owned() } else { format!("/lab/{lab}") }
    }

    /// The cookie that a login with these options sets, over https or not.
    #[must_use]
    pub fn cookie(&self, credential: Credential, lab: &str, https: bool, value_bytes: usize) -> Cookie {
        let name = credential.cookie_name(self.host_prefix);
        Cookie {
            name: name.to_owned(),
            bytes: name.len().saturating_add(value_bytes),
            http_only: self.http_only,
            secure: self.is_secure(https),
            same_site: self.same_site,
            max_age: self.max_age,
            path: self.path_in(lab),
            age: 0,
        }
    }
}

/// A cookie as far as the rules need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its name, prefix included.
    pub name: String,
    /// The bytes of name and value together.
    pub bytes: usize,
    /// The `HttpOnly` attribute.
    pub http_only: bool,
    /// The `Secure` attribute.
    pub secure: bool,
    /// The `SameSite` attribute.
    pub same_site: SameSite,
    /// The `Max-Age` attribute.
    pub max_age: Option<Seconds>,
    /// The `Path` attribute.
    pub path: String,
    /// Seconds since it was set.
    pub age: Seconds,
}

/// The browser's engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Chromium and its kin.
    #[default]
    Blink,
    /// Firefox.
    Gecko,
    /// Everything on `WebKit`: seen in `WebKitGTK`, and Safari is its kin.
    WebKit,
}

impl Engine {
    /// The engine that a `User-Agent` tells of.
    #[must_use]
    pub fn of_user_agent(user_agent: &str) -> Self {
        if user_agent.contains("Firefox/") {
            Self::Gecko
        } else if user_agent.contains("AppleWebKit/") && !user_agent.contains("Chrome/") {
            Self::WebKit
        } else {
            Self::Blink
        }
    }
}

/// A browser, as far as cookies depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    /// Its engine.
    pub engine: Engine,
    /// Whether it lets requests that another site embeds bring cookies along, which is a setting of each browser's
    /// and of each profile's; `None` where nobody has asked it.
    pub third_party: Option<bool>,
}

impl Browser {
    /// Whether embedded requests bring cookies along: as the browser says, else as is usual. Seen: `WebKitGTK`'s
    /// `MiniBrowser` lets them, and Chromium where its profile allows it, as Chrome's do; Firefox does not, nor do
    /// private windows and Debian's Chromium.
    #[must_use]
    pub fn allows_third_party(self) -> bool {
        self.third_party.unwrap_or(self.engine != Engine::Gecko)
    }
}

impl From<Engine> for Browser {
    fn from(engine: Engine) -> Self {
        Self { engine, third_party: None }
    }
}

/// Where a page or a server is, as far as cookies care. Ports do not matter to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Whether the connection is https.
    pub https: bool,
    /// The host name or address, without the port.
    pub host: String,
}

impl Origin {
    /// Reads `scheme://host[:port]`. `None` when it is no web origin.
    #[must_use]
    pub fn parse(origin: &str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = rest.split('/').next()?;
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next()?,
            None => authority.split(':').next()?,
        };
        (!host.is_empty()).then(|| Self { https, host: host.to_ascii_lowercase() })
    }

    /// Whether Chromium and Firefox take it for secure without https, because it never leaves the machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host.as_str();
        host == "localhost" || host.ends_with(".localhost") || host == "::1" || is_loopback_v4(host)
    }
}

fn is_loopback_v4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// A request that a cookie may go along with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// Anything that a page of this site asks for: a fetch, a frame, a form, a link.
    OwnPage,
    /// A `fetch` or a frame on a page of another site.
    CrossSiteEmbedded,
    /// A form of another site that posts and takes the visitor here.
    CrossSitePost,
    /// A link on another site that the visitor follows.
    CrossSiteLink,
}

/// What decided. The words are the page's; the documentation here names the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Nothing stands against it.
    Nothing,
    /// `Max-Age` of zero, or one that has passed: the cookie is removed (RFC 6265bis §5.7).
    Expired,
    /// Over 4096 bytes of name and value (RFC 6265bis §5.6).
    TooLarge,
    /// `Secure` over plain http (RFC 6265bis §5.7).
    SecureNeedsHttps,
    /// `Secure` over plain http, let through because the host is this machine (Secure Contexts §3.1).
    LoopbackCountsAsSecure,
    /// `SameSite=None` without `Secure` (RFC 6265bis §5.7).
    NoneNeedsSecure,
    /// `__Host-` without `Secure` and `Path=/` (RFC 6265bis §4.1.3.2).
    HostPrefixBroken,
    /// `HttpOnly` hides it from scripts (RFC 6265bis §5.8.3).
    HttpOnly,
    /// The request's path is not below the cookie's (RFC 6265bis §5.1.4).
    PathElsewhere,
    /// The request comes from the cookie's own site (RFC 6265bis §5.2).
    OwnSite,
    /// `SameSite=Strict` stays at home (RFC 6265bis §5.8.3).
    Strict,
    /// `SameSite=Lax` goes along only where a link takes the visitor (RFC 6265bis §5.8.3).
    LaxStaysHome,
    /// `SameSite=Lax`, and a link takes the visitor here.
    LaxFollowsLinks,
    /// Left away: Chromium takes it for `Lax` after two minutes, and lets a POST through before.
    UnsetTwoMinutes,
    /// `SameSite` was left away, and its first two minutes are over.
    UnsetTwoMinutesOver,
    /// `SameSite` was left away, which this engine takes for `Lax`.
    UnsetIsLax,
    /// Left away: the engine takes it for `None`.
    UnsetIsNone,
    /// `SameSite=None` goes along from everywhere.
    NoneGoesAlong,
    /// The browser keeps third-party cookies from embedded requests.
    ThirdPartyBlocked,
}

/// A ruling and what decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it is kept, visible or sent.
    pub yes: bool,
    /// What decided.
    pub because: Rule,
}

impl Ruling {
    const fn yes(because: Rule) -> Self {
        Self { yes: true, because }
    }

    const fn no(because: Rule) -> Self {
        Self { yes: false, because }
    }
}

/// One `Set-Cookie` header, read as a browser would, for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCookie<'a> {
    /// The cookie's name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// The attributes as written, in that order.
    pub attributes: Vec<&'a str>,
}

impl<'a> SetCookie<'a> {
    /// Reads a `Set-Cookie` header. `None` without a name.
    #[must_use]
    pub fn parse(header: &'a str) -> Option<Self> {
        let mut parts = header.split(';').map(|part| part.trim_matches(AROUND));
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim_end_matches(AROUND), value.trim_start_matches(AROUND));
        (!name.is_empty()).then(|| Self { name, value, attributes: parts.filter(|a| !a.is_empty()).collect() })
    }

    /// Whether it removes the cookie: `Max-Age=0`.
    #[must_use]
    pub fn removes(&self) -> bool {
        self.attributes.iter().any(|a| a.eq_ignore_ascii_case("max-age=0"))
    }
}

/// What may stand around a name or a value and is no part of it: space and tab, and nothing else (RFC 6265bis §5.6).
/// Whoever trims more takes another page's cookie for a `__Host-` one.
const AROUND: [char; 2] = [' ', '\t'];

/// The pairs of a `Cookie` header (or of `document.cookie`), duplicates included.
pub fn pairs(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split(';').map(|pair| pair.trim_matches(AROUND)).filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        (name.trim_end_matches(AROUND), value.trim_start_matches(AROUND))
    })
}

#[cfg(test)]
mod tests;
