//! The credentials that a request brings, as they came: nothing here is believed yet.

use domain::{
    cookie::pairs,
    exchange::bearer,
    scheme::{Carrier, Credential, Scheme},
    view::Arrived,
};
use http::{HeaderMap, HeaderValue, header};

/// A credential as it came. It has no `Debug`, so that no log has it.
#[derive(Clone)]
pub(crate) struct Presented {
    pub(crate) scheme: Scheme,
    /// The cookie's name.
    pub(crate) cookie: Option<String>,
    pub(crate) value: String,
}

/// Every cookie that came, in all `Cookie` headers, in order.
pub(crate) fn cookies(headers: &HeaderMap) -> Vec<Arrived> {
    let mut all = Vec::new();
    for header in headers.get_all(header::COOKIE) {
        let text = String::from_utf8_lossy(header.as_bytes());
        all.extend(pairs(&text).map(|(name, value)| Arrived { name: name.to_owned(), value: value.to_owned() }));
    }
    all
}

/// Every credential among these cookies and in the `Authorization` headers, and nothing that is none of ours.
pub(crate) fn presented(headers: &HeaderMap, cookies: &[Arrived]) -> Vec<Presented> {
    let of_cookie = |cookie: &Arrived| {
        let scheme = Scheme::new(Credential::of_cookie(&cookie.name)?, Carrier::Cookie);
        Some(Presented { scheme, cookie: Some(cookie.name.clone()), value: cookie.value.clone() })
    };
    let of_header = |header: &HeaderValue| {
        let text = String::from_utf8_lossy(header.as_bytes());
        let value = bearer(&text)?;
        let scheme = Scheme::new(Credential::of_bearer(value), Carrier::LocalStorage);
        Some(Presented { scheme, cookie: None, value: value.to_owned() })
    };
    let headers = headers.get_all(header::AUTHORIZATION).iter();
    cookies.iter().filter_map(of_cookie).chain(headers.filter_map(of_header)).collect()
}
