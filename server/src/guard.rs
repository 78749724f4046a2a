//! The headers that guard every response, whatever it is.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What a page may load: what lies here, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
    object-src 'none'; frame-ancestors 'none'";

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// The last one is for https alone.
static GUARDS: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains")),
];

/// Those that a response has unless it says something else.
pub(crate) fn headers(https: bool) -> &'static [(HeaderName, HeaderValue)] {
    let all = GUARDS.as_slice();
    if https { all } else { all.get(..6).unwrap_or(all) }
}

/// Adds what is missing; what a handler has set stays.
pub(crate) fn guard(response: &mut HeaderMap, https: bool) {
    // Nobody else sets it: all are there already.
    if response.contains_key("permissions-policy") {
        return;
    }
    response.reserve(GUARDS.len());
    for (name, value) in headers(https) {
        response.entry(name).or_insert_with(|| value.clone());
    }
}

/// The policy of a page that starts a script: with its nonce, and in development the port that tells of new builds.
pub(crate) fn policy(nonce: &str, reload: Option<u16>) -> String {
    let policy = POLICY.replacen("script-src 'self'", &format!("script-src 'self' 'nonce-{nonce}'"), 1);
    let Some(port) = reload else { return policy };
    let to = format!("connect-src 'self' ws://localhost:{port} ws://127.0.0.1:{port}");
    policy.replacen("connect-src 'self'", &to, 1)
}
