//! One visitor of a crowd: a jar, and what they know of their own cart. They log in once, keep what comes back,
//! and go on whatever is answered, as somebody who clicks *Who am I?* again.

use bytes::Bytes;
use domain::{
    api::{AddItem, Cart, LoggedIn, Login, Me},
    cookie::{COOKIE_BYTES, SetCookie},
    scheme::{Credential, Scheme},
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use std::collections::BTreeMap;

/// Longer than any crowd takes, so that no login ends by itself and no read is a write that pushes the limit on.
const LIFETIME: u64 = 24 * 60 * 60;
/// The most items before the cart is emptied: half of what fits, so that nodes that disagree about a cart do not
/// refuse one more; and a token that holds so many fits into a cookie.
const ITEMS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    LogIn,
    Read,
    Write,
}

/// A visitor's number, from 0, and what they do.
pub(super) type PlannedErrand = (usize, Errand);

#[derive(Debug, Default)]
pub(super) struct Visitor {
    name: String,
    scheme: Scheme,
    cookies: BTreeMap<String, String>,
    token: Option<String>,
    /// How many items they have put into the cart so far.
    added: u32,
    /// How many were in it when they last saw it.
    seen: usize,
    /// What the last request wrote, if it was a write that was acknowledged.
    wrote: Option<Wrote>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrote {
    Item(String),
    Nothing,
}

/// What came of a request, by what the visitor got to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VisitorVerdict {
    Known,
    Refused,
    CutOff,
    Unavailable,
    Failed,
    Mistaken,
}

/// What a visitor makes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) verdict: VisitorVerdict,
    /// Of a read right after an acknowledged write that was answered with yes or no: whether it lacks the write.
    pub(super) stale: Option<bool>,
}

impl Visitor {
    pub(super) fn new(index: usize, scheme: Scheme) -> Self {
        Self { name: format!("visitor-{}", index + 1), scheme, ..Self::default() }
    }

    pub(super) fn is_session(&self) -> bool {
        self.scheme.credential == Credential::SessionId
    }

    pub(super) fn brings_session(&self) -> bool {
        self.is_session()
            && (self.token.is_some() || self.cookies.keys().any(|name| Credential::of_cookie(name).is_some()))
    }

    /// An item's name says whose it is, so that somebody else's is recognised.
    fn item(&self, number: u32) -> String {
        format!("{}.{number}", self.name.trim_start_matches("visitor-"))
    }

    fn owns(&self, cart: &[String]) -> bool {
        let owner = self.name.strip_prefix("visitor-");
        cart.iter().all(|item| item.split_once('.').is_some_and(|(of, _)| owner == Some(of)))
    }

    /// The request for an errand; nothing where it cannot be written, which does not happen.
    pub(super) fn ask(&mut self, errand: Errand, lab: &str) -> Option<Request<Bytes>> {
        let (method, route, body) = match errand {
            Errand::LogIn => (Method::POST, "login", serde_json::to_vec(&self.login()).ok()),
            Errand::Read => (Method::GET, "me", None),
            Errand::Write if self.seen >= ITEMS => (Method::DELETE, "cart", None),
            Errand::Write => {
                self.added += 1;
                (Method::POST, "cart", serde_json::to_vec(&AddItem { item: self.item(self.added) }).ok())
            }
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/lab/{lab}/api/{route}"))
            .header(header::USER_AGENT, format!("{} of a crowd", self.name));
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request.body(body.map(Bytes::from).unwrap_or_default()).ok()
    }

    fn login(&self) -> Login {
        // Of a crowd nobody checks the password; there has to be one.
        let login = Login::new(&self.name, "none", self.scheme);
        Login { lifetime: LIFETIME, idle: LIFETIME, token_lifetime: LIFETIME, ..login }
    }

    /// Takes in an answer: what it says, and what is to be kept of it.
    pub(super) fn hear(&mut self, errand: Errand, status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Judged {
        self.keep_cookies(headers);
        let wrote = self.wrote.take();
        let (verdict, lacks) = match status {
            StatusCode::OK => self.read(errand, body, wrote.as_ref()).unwrap_or((VisitorVerdict::Failed, false)),
            StatusCode::UNAUTHORIZED => (VisitorVerdict::Refused, true),
            StatusCode::BAD_GATEWAY => (VisitorVerdict::CutOff, false),
            StatusCode::SERVICE_UNAVAILABLE => (VisitorVerdict::Unavailable, false),
            _ => (VisitorVerdict::Failed, false),
        };
        let is_told = matches!(verdict, VisitorVerdict::Known | VisitorVerdict::Refused);
        let stale = (errand == Errand::Read && wrote.is_some() && is_told).then_some(lacks);
        Judged { verdict, stale }
    }

    /// Reads an answer that was `200`, if that is what it is. Also whether it lacks what was written before.
    fn read(&mut self, errand: Errand, body: &Bytes, wrote: Option<&Wrote>) -> Option<(VisitorVerdict, bool)> {
        match errand {
            Errand::LogIn => {
                let said: LoggedIn = serde_json::from_slice(body).ok()?;
                self.token = said.access_token;
                Some((
                    if said.user.name == self.name { VisitorVerdict::Known } else { VisitorVerdict::Mistaken },
                    false,
                ))
            }
            Errand::Read => {
                let said: Me = serde_json::from_slice(body).ok()?;
                if said.user.name != self.name || !self.owns(&said.cart) {
                    return Some((VisitorVerdict::Mistaken, false));
                }
                self.seen = said.cart.len();
                let lacks = match wrote {
                    Some(Wrote::Item(item)) => !said.cart.contains(item),
                    Some(Wrote::Nothing) => !said.cart.is_empty(),
                    None => false,
                };
                Some((VisitorVerdict::Known, lacks))
            }
            Errand::Write => {
                let said: Cart = serde_json::from_slice(body).ok()?;
                if !self.owns(&said.cart) {
                    return Some((VisitorVerdict::Mistaken, false));
                }
                self.token = said.access_token.or(self.token.take());
                let (added, is_emptied) = (self.item(self.added), self.seen >= ITEMS);
                self.seen = said.cart.len();
                self.wrote = if is_emptied {
                    said.cart.is_empty().then_some(Wrote::Nothing)
                } else {
                    said.cart.contains(&added).then_some(Wrote::Item(added))
                };
                self.wrote.is_some().then_some((VisitorVerdict::Known, false))
            }
        }
    }

    /// As a browser: what removes is removed, what is too large is dropped without a word (RFC 6265bis §5.6). All
    /// cookies of a lab go to all of its addresses.
    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let Some(set) = value.to_str().ok().and_then(SetCookie::parse) else { continue };
            if set.removes() {
                self.cookies.remove(set.name);
            } else if set.name.len() + set.value.len() <= COOKIE_BYTES {
                self.cookies.insert(set.name.to_owned(), set.value.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use serde_json::json;

    fn headers(set: &[&'static str]) -> HeaderMap {
        set.iter().map(|set| (header::SET_COOKIE, HeaderValue::from_static(set))).collect()
    }

    fn hear(visitor: &mut Visitor, errand: Errand, status: u16, body: &serde_json::Value) -> Judged {
        let status = StatusCode::from_u16(status).unwrap();
        visitor.hear(errand, status, &HeaderMap::new(), &Bytes::from(body.to_string()))
    }

    fn me(name: &str, cart: &[&str]) -> serde_json::Value {
        json!({"user": {"name": name, "role": "user"}, "cart": cart, "scheme": "session-cookie", "expires_in": 1})
    }

    fn cart(cart: &[&str]) -> serde_json::Value {
        json!({"cart": cart, "expires_in": 1})
    }

    #[test]
    fn the_jar_keeps_replaces_removes_and_drops_what_is_too_large() {
        let mut visitor = Visitor::new(0, Scheme::ALL[0]);
        let large: &'static str = Box::leak(format!("sid={}; Path=/", "x".repeat(4096)).into_boxed_str());
        visitor.keep_cookies(&headers(&["sid=1; Path=/lab/x", "lb=2; Path=/lab/x", large]));
        let asked = visitor.ask(Errand::Read, "x").unwrap();
        assert_eq!(asked.headers()["cookie"], "lb=2; sid=1");
        visitor.keep_cookies(&headers(&["sid=; Max-Age=0", "lb=3"]));
        assert_eq!(visitor.ask(Errand::Read, "x").unwrap().headers()["cookie"], "lb=3");
        assert!(!visitor.brings_session());
    }

    #[test]
    fn somebody_else_s_name_or_item_is_a_mistake() {
        let mut visitor = Visitor::new(10, Scheme::ALL[0]);
        let heard = |visitor: &mut Visitor, body| hear(visitor, Errand::Read, 200, &body).verdict;
        assert_eq!(heard(&mut visitor, me("visitor-11", &["11.1"])), VisitorVerdict::Known);
        assert_eq!(heard(&mut visitor, me("visitor-1", &[])), VisitorVerdict::Mistaken);
        assert_eq!(heard(&mut visitor, me("visitor-11", &["1.1"])), VisitorVerdict::Mistaken);
        visitor.ask(Errand::Write, "x").unwrap();
        assert_eq!(hear(&mut visitor, Errand::Write, 200, &cart(&["11.1", "111.1"])).verdict, VisitorVerdict::Mistaken);
        assert_eq!(hear(&mut visitor, Errand::Read, 200, &json!("nonsense")).verdict, VisitorVerdict::Failed);
    }

    #[test]
    fn a_read_is_stale_only_right_after_an_acknowledged_write_that_it_lacks() {
        let mut visitor = Visitor::new(0, Scheme::ALL[0]);
        let write = |visitor: &mut Visitor, status, items: &[&str]| {
            visitor.ask(Errand::Write, "x").unwrap();
            hear(visitor, Errand::Write, status, &cart(items)).verdict
        };
        let read = |visitor: &mut Visitor, status, items: &[&str]| {
            hear(visitor, Errand::Read, status, &me("visitor-1", items)).stale
        };
        assert_eq!(write(&mut visitor, 200, &["1.1"]), VisitorVerdict::Known);
        assert_eq!(read(&mut visitor, 200, &[]), Some(true));
        assert_eq!(read(&mut visitor, 200, &[]), None, "the second read after it is none right after it");
        write(&mut visitor, 200, &["1.2"]);
        assert_eq!(read(&mut visitor, 200, &["1.1", "1.2"]), Some(false));
        write(&mut visitor, 200, &["1.3"]);
        assert_eq!(read(&mut visitor, 401, &[]), Some(true));
        write(&mut visitor, 200, &["1.4"]);
        assert_eq!(read(&mut visitor, 503, &[]), None, "nobody has told anything");
        assert_eq!(write(&mut visitor, 401, &[]), VisitorVerdict::Refused);
        assert_eq!(read(&mut visitor, 200, &[]), None);
        assert_eq!(write(&mut visitor, 200, &["1.1"]), VisitorVerdict::Failed, "an answer without the item is none");
    }

    #[test]
    fn a_cart_that_is_near_full_is_emptied() {
        let mut visitor = Visitor::new(0, Scheme::ALL[0]);
        let items = vec!["1.1"; ITEMS];
        hear(&mut visitor, Errand::Read, 200, &me("visitor-1", &items));
        assert_eq!(visitor.ask(Errand::Write, "x").unwrap().method(), Method::DELETE);
        assert_eq!(hear(&mut visitor, Errand::Write, 200, &cart(&[])).verdict, VisitorVerdict::Known);
        assert_eq!(hear(&mut visitor, Errand::Read, 200, &me("visitor-1", &["1.1"])).stale, Some(true));
    }
}
