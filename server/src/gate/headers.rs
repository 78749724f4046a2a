//! The headers that guard every response, whatever it is.

use ::headers::{HeaderMapExt as _, IfNoneMatch};
use http::{HeaderMap, HeaderName, HeaderValue, header};

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// The content security policy. A page that starts a script passes the nonce of that script, and in
/// development the port on which it hears of a new build.
pub(crate) fn policy(nonce: Option<&str>, reload: Option<u16>) -> String {
    let reload = reload.map(|port| format!(" ws://localhost:{port} ws://127.0.0.1:{port}")).unwrap_or_default();
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'{reload}; \
         img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'"
    )
}

/// Whether `If-None-Match` names this tag (RFC 9110 §13.1.2). It is compared weakly: `W/` makes no difference.
/// What cannot be read names nothing.
pub(crate) fn names(headers: &HeaderMap, tag: &str) -> bool {
    let condition = headers.typed_get::<IfNoneMatch>();
    matches!((condition, tag.parse()), (Some(condition), Ok(tag)) if !condition.precondition_passes(&tag))
}

/// Adds what is missing; what a handler has set stays.
pub(crate) fn guard(headers: &mut HeaderMap, https: bool) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "no-referrer");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if https {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&policy(None, None))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}
