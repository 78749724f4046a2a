//! Where the rules are written down: what it is called there, and the address.

/// A source: its name and its address.
pub(super) type Source = (&'static str, &'static str);

macro_rules! draft {
    ($section:literal) => {
        concat!("https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-", $section)
    };
}

macro_rules! rfc {
    ($number:literal, $section:literal) => {
        concat!("https://www.rfc-editor.org/rfc/rfc", $number, "#section-", $section)
    };
}

macro_rules! asvs {
    ($file:literal) => {
        concat!("https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/", $file, ".md")
    };
}

macro_rules! owasp {
    ($sheet:literal) => {
        concat!("https://cheatsheetseries.owasp.org/cheatsheets/", $sheet, "_Cheat_Sheet.html")
    };
}

pub(super) const COOKIE_OVERVIEW: Source = ("RFC 6265bis §3, Overview", draft!("3"));
pub(super) const COOKIE_SECURE: Source = ("RFC 6265bis §4.1.2.5, Secure", draft!("4.1.2.5"));
pub(super) const COOKIE_SAME_SITE: Source = ("RFC 6265bis §8.8, SameSite", draft!("8.8"));
pub(super) const COOKIE_LAX_AT_FIRST: Source = ("RFC 6265bis §5.6.7.2, Lax-Allowing-Unsafe", draft!("5.6.7.2"));
pub(super) const COOKIE_SIZE: Source = ("RFC 6265bis §5.6, 4096 octets", draft!("5.6"));
pub(super) const COOKIE_STORED: Source = ("RFC 6265bis §5.7, HttpOnly", draft!("5.7"));
pub(super) const COOKIE_SENT: Source = ("RFC 6265bis §5.8, Which cookies are sent", draft!("5.8"));
pub(super) const COOKIE_PORTS: Source = ("RFC 6265bis §8.5, No isolation by port", draft!("8.5"));
pub(super) const COOKIE_SESSION_ID: Source = ("RFC 6265bis §8.4, Session identifiers", draft!("8.4"));

pub(super) const STATELESS: Source = ("RFC 9110 §3.3, Connections, clients and servers", rfc!("9110", "3.3"));
pub(super) const PERSISTENCE: Source = ("RFC 9112 §9.3, Persistence", rfc!("9112", "9.3"));
pub(super) const IDEMPOTENT: Source = ("RFC 9110 §9.2.2, Idempotent methods", rfc!("9110", "9.2.2"));
pub(super) const SAFE: Source = ("RFC 9110 §9.2.1, Safe methods", rfc!("9110", "9.2.1"));
pub(super) const UNAUTHORIZED: Source = ("RFC 9110 §15.5.2, 401 Unauthorized", rfc!("9110", "15.5.2"));
pub(super) const UNAVAILABLE: Source = ("RFC 9110 §15.6.4, 503 Service Unavailable", rfc!("9110", "15.6.4"));
pub(super) const ETAG: Source = ("RFC 9110 §8.8.3, ETag", rfc!("9110", "8.8.3"));
pub(super) const CACHE: Source = ("RFC 9111 §3, Storing responses", rfc!("9111", "3"));
pub(super) const CACHE_STATUS: Source = ("RFC 9211 §2, Cache-Status", rfc!("9211", "2"));
pub(super) const CACHE_PUBLIC: Source = ("RFC 9111 §5.2.2.9, public", rfc!("9111", "5.2.2.9"));
pub(super) const IDEMPOTENCY_KEY: Source =
    ("Idempotency-Key", "https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header");

pub(super) const BEARER: Source = ("RFC 6750 §2.1, Authorization: Bearer", rfc!("6750", "2.1"));
pub(super) const BEARER_CHALLENGE: Source = ("RFC 6750 §3, WWW-Authenticate", rfc!("6750", "3"));
pub(super) const JWT: Source = ("RFC 7519 §3, JSON Web Token", rfc!("7519", "3"));
pub(super) const JWT_CLAIMS: Source = ("RFC 7519 §4, JWT claims", rfc!("7519", "4"));
pub(super) const JWT_EXP: Source = ("RFC 7519 §4.1.4, exp", rfc!("7519", "4.1.4"));
pub(super) const JWT_PRIVACY: Source = ("RFC 7519 §12, Privacy", rfc!("7519", "12"));
pub(super) const JWS_VERIFY: Source = ("RFC 7515 §5.2, Validation of a signature", rfc!("7515", "5.2"));
pub(super) const JWS_KID: Source = ("RFC 7515 §4.1.4, kid", rfc!("7515", "4.1.4"));
pub(super) const JWT_PRACTICE: Source = ("RFC 8725 §3.1, Verify the algorithm", rfc!("8725", "3.1"));
pub(super) const JWT_INPUT: Source = ("RFC 8725 §3.10, Do not trust received claims", rfc!("8725", "3.10"));
pub(super) const HMAC_KEY: Source = ("RFC 7518 §3.2, HMAC keys", rfc!("7518", "3.2"));
pub(super) const REFRESH: Source = ("RFC 9700 §4.14, Refresh tokens", rfc!("9700", "4.14"));

pub(super) const ASVS_COOKIES: Source = ("OWASP ASVS 5.0 V3.3, Cookies", asvs!("0x12-V3-Web-Frontend-Security"));
pub(super) const ASVS_SESSION: Source =
    ("OWASP ASVS 5.0 V7.2, Session management", asvs!("0x16-V7-Session-Management"));
pub(super) const ASVS_TIMEOUT: Source = ("OWASP ASVS 5.0 V7.3, Timeouts", asvs!("0x16-V7-Session-Management"));
pub(super) const ASVS_LOGOUT: Source = ("OWASP ASVS 5.0 V7.4.1, Termination", asvs!("0x16-V7-Session-Management"));
pub(super) const ASVS_ALL_SESSIONS: Source =
    ("OWASP ASVS 5.0 V7.5.2, Ending all sessions", asvs!("0x16-V7-Session-Management"));
pub(super) const ASVS_DISABLED: Source =
    ("OWASP ASVS 5.0 V7.4.2, Disabled accounts", asvs!("0x16-V7-Session-Management"));
pub(super) const ASVS_TOKENS: Source =
    ("OWASP ASVS 5.0 V9.1, Self-contained tokens", asvs!("0x18-V9-Self-contained-Tokens"));

pub(super) const OWASP_CSRF: Source = ("OWASP, CSRF prevention", owasp!("Cross-Site_Request_Forgery_Prevention"));
pub(super) const OWASP_XSS: Source = ("OWASP, XSS prevention", owasp!("Cross_Site_Scripting_Prevention"));
pub(super) const OWASP_SESSION: Source = ("OWASP, Session management", owasp!("Session_Management"));
pub(super) const OWASP_FRAMES: Source = ("OWASP, Clickjacking defense", owasp!("Clickjacking_Defense"));
pub(super) const OWASP_HTML5: Source = ("OWASP, HTML5 security: local storage", owasp!("HTML5_Security"));

pub(super) const WEB_STORAGE: Source =
    ("HTML Standard, Web storage", "https://html.spec.whatwg.org/multipage/webstorage.html");
pub(super) const CORS: Source = ("Fetch Standard, CORS", "https://fetch.spec.whatwg.org/#http-cors-protocol");
pub(super) const CSP: Source =
    ("Content Security Policy, script-src", "https://www.w3.org/TR/CSP3/#directive-script-src");
pub(super) const MDN_SET_COOKIE: Source =
    ("MDN, Set-Cookie", "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie");
pub(super) const CHROMIUM_SAME_SITE: Source =
    ("Chromium, SameSite updates", "https://www.chromium.org/updates/same-site/");
pub(super) const SERVER_TIMING: Source = ("W3C, Server Timing", "https://www.w3.org/TR/server-timing/");

pub(super) const HAPROXY_COOKIE: Source =
    ("HAProxy, cookie", "https://docs.haproxy.org/2.6/configuration.html#4.2-cookie");
pub(super) const TOMCAT_CLUSTER: Source =
    ("Apache Tomcat, Clustering", "https://tomcat.apache.org/tomcat-10.1-doc/cluster-howto.html");
pub(super) const REDIS: Source =
    ("Redis, Replication", "https://redis.io/docs/latest/operate/oss_and_stack/management/replication/");
pub(super) const MEMCACHED: Source = ("memcached, About", "https://memcached.org/about");
pub(super) const TWELVE_FACTORS: Source = ("The Twelve-Factor App, Processes", "https://12factor.net/processes");
