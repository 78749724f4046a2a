//! Reads what the server says into the types of `domain`. The browser takes JSON apart, and each type says which of its
//! parts it wants: a tenth of what `serde` would add to the page's first file.

use crate::{
    browser::{self, Json},
    state::boot::{Boot, Room, Theme},
    text::Lang,
};
use domain::{
    api::{AdminArea, ArrivedCookies, Cart, LoggedIn, LoggedOut, Me, Problem},
    attack::{AttackerView, Comment, FoundIn, Loot, Purpose, Replayed, SeenVisit},
    balance::Routing,
    claims::{Alg, Beginning, Facts, parts},
    cookie::{CookieOptions, CookiePath, Engine, SameSite},
    crowd::{CrowdProgress, CrowdRequest, CrowdResult, CrowdView, Expected, Measure, NodeLoad, Outcomes, Quantity},
    exchange::{Did, Exchange, Request, Response, Sender, Step},
    lesson::said::Outcome,
    scheme::Scheme,
    topology::{Link, StoreKind, Topology},
    user::{Role, User},
    view::{
        Arrived, Defences, Denied, Fate, Faults, HeldAs, KeyView, Message, NodeView, Operation, OperationView,
        RenderedFor, Replication, Row, ServerView, StoreOffer, StoreView, UserView,
    },
};
use std::borrow::Cow;

/// What a token says that decides about it; `None` where it is none. For showing, never for deciding.
pub(crate) fn facts(token: &str) -> Option<Facts> {
    let (header, payload, _) = parts(token)?;
    let read = |part| Json::parse(&browser::decode(part)?);
    let (header, payload) = (read(header)?, read(payload)?);
    let text = |of: &Json, name: &str| field(of, name).unwrap_or_default();
    Some(Facts {
        kid: text(&header, "kid"),
        user: text(&payload, "sub"),
        jti: text(&payload, "jti"),
        login: text(&payload, "login"),
        iat: field(&payload, "iat").unwrap_or_default(),
        exp: field(&payload, "exp")?,
    })
}

/// Can be read from JSON.
pub(crate) trait Read: Sized {
    /// `None` where it is something else.
    fn read(json: &Json) -> Option<Self>;

    /// What it is where it was left away.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads a text as JSON.
pub(crate) fn read<T: Read>(text: &str) -> Option<T> {
    T::read(&Json::parse(text)?)
}

fn field<T: Read>(of: &Json, name: &str) -> Option<T> {
    of.get(name).map_or_else(T::absent, |json| T::read(&json))
}

impl Read for String {
    fn read(json: &Json) -> Option<Self> {
        json.text()
    }
}

impl Read for Cow<'static, str> {
    fn read(json: &Json) -> Option<Self> {
        json.text().map(Self::Owned)
    }
}

impl Read for bool {
    fn read(json: &Json) -> Option<Self> {
        json.truth()
    }
}

impl Read for f64 {
    fn read(json: &Json) -> Option<Self> {
        json.number()
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl Read for $number {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, which the server wrote as one")]
            fn read(json: &Json) -> Option<Self> {
                json.number().map(|number| number as Self)
            }
        })*
    };
}

numbers! { u8 u16 u32 u64 usize }

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Option<Self> {
        T::read(json).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Option<Self> {
        json.items()?.iter().map(T::read).collect()
    }
}

impl Read for (String, String) {
    fn read(json: &Json) -> Option<Self> {
        let mut both = json.items()?.into_iter();
        Some((both.next()?.text()?, both.next()?.text()?))
    }
}

/// What has these fields; those after the semicolon may be left away.
macro_rules! fields {
    ($($of:ident { $($field:ident)* $(; $($left:ident)*)? })*) => {
        $(impl Read for $of {
            fn read(json: &Json) -> Option<Self> {
                Some(Self {
                    $($field: field(json, stringify!($field))?,)*
                    $($($left: field::<Option<_>>(json, stringify!($left))?.unwrap_or_default(),)*)?
                })
            }
        })*
    };
}

fields! {
    Boot {
        lab lang theme scheme rendered_for arrived view exchanges outcome build origin engine options claim no_such_claim
        has_results room tells
    }
    ServerView {
        number now began topology nodes store operations replication faults crowd keys users denylist defences attacker
        stores
    }
    Beginning { at jti }
    Topology { nodes routing store replication }
    Link { delay_ms loss seed }
    NodeView { id up requests sessions crowd_sessions }
    StoreView { kind address available listable sessions operations }
    OperationView { operation count failed mean_micros slowest_micros }
    Row { key user role cart created_at idle_until expires_at bytes held; refresh }
    HeldAs { key value ttl }
    Replication { messages bytes lost in_flight transfers transfer_bytes recent }
    Message { number from to bytes removes fate }
    Faults { drop_responses store_down store_delay_ms me_cacheable proxy_cache }
    KeyView { kid alg bits signs }
    UserView { name role disabled }
    Denied { jti login user expires_at }
    Defences { check_origin denylist hash_ids guestbook_csp }
    StoreOffer { kind available how }
    Arrived { name value }
    ArrivedCookies { cookies }
    CookieOptions { http_only secure same_site max_age host_prefix path }
    AttackerView { origin neighbour same_site window third_party comment loot visits }
    Loot { id at found_in scheme credential replayed }
    SeenVisit { n host purpose credential }
    Replayed { status user }
    CrowdView { running results }
    CrowdProgress { request topology logins outcomes nodes elapsed_ms }
    CrowdRequest { visitors requests scheme write_fraction seed rate }
    CrowdResult { request topology disturbed stopped logins outcomes nodes measures took_ms }
    Outcomes { known refused cut_off unavailable failed mistaken }
    NodeLoad { id up requests }
    Measure { what measured expected }
    Expected { value low high }
    Exchange { id at from node request response steps }
    Request { method path headers body body_base64 }
    Response { status headers body }
    Step { did detail micros }
    User { name role }
    LoggedIn { user scheme access_token token_type expires_in refresh_token warning }
    LoggedOut { revoked }
    Me { user cart scheme expires_in }
    Cart { cart access_token token_type expires_in warning }
    AdminArea { user users }
}

impl Read for Problem {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            kind: field(json, "type")?,
            title: field(json, "title")?,
            status: field(json, "status")?,
            detail: field(json, "detail")?,
        })
    }
}

impl Read for RenderedFor {
    fn read(json: &Json) -> Option<Self> {
        if let Some(known) = json.get("known") {
            return Some(Self::Known { user: field(&known, "user")?, cart: field(&known, "cart")? });
        }
        match json.text()?.as_str() {
            "nobody" => Some(Self::Nobody),
            "refused" => Some(Self::Refused),
            "untold" => Some(Self::Untold),
            _ => None,
        }
    }
}

/// What is one of a list, each with a name.
macro_rules! named {
    ($($of:ident)*) => {
        $(impl Read for $of {
            fn read(json: &Json) -> Option<Self> {
                let name = json.text()?;
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        })*
    };
}

named! { Alg Scheme StoreKind Operation SameSite Outcome Did }

/// The same where the names stand here.
macro_rules! names {
    ($($of:ident { $($one:ident $name:literal)* })*) => {
        $(impl Read for $of {
            fn read(json: &Json) -> Option<Self> {
                match json.text()?.as_str() {
                    $($name => Some(Self::$one),)*
                    _ => None,
                }
            }
        })*
    };
}

names! {
    Lang { En "en" Ko "ko" }
    Theme { Light "light" Dark "dark" }
    Room { Desk "desk" Results "results" Slides "slides" }
    Role { User "user" Admin "admin" }
    Routing { RoundRobin "round-robin" Sticky "sticky" }
    Engine { Blink "blink" Gecko "gecko" WebKit "webkit" }
    CookiePath { Root "/" }
    Sender { Page "page" Attacker "attacker" Crowd "crowd" Other "other" }
    Fate { InFlight "in-flight" Arrived "arrived" Lost "lost" }
    Comment { Read "read" Act "act" Ports "ports" }
    Purpose { Deliver "deliver" Port "port" Peek "peek" }
    FoundIn { DocumentCookie "document-cookie" LocalStorage "local-storage" CookieHeader "cookie-header" Store "store" Key "key" }
    Quantity {
        KnownShare "known-share" LoginsLost "logins-lost" Messages "messages" MessageBytes "message-bytes"
        MessagesLost "messages-lost" StaleShare "stale-share" Rows "rows" StoreOperations "store-operations"
        Unavailable "unavailable" Mistaken "mistaken" LoadGini "load-gini" LoadVariation "load-variation"
        LoadPeak "load-peak" LatencyMedian "latency-median" LatencyNinety "latency-ninety"
        LatencyNinetyNine "latency-ninety-nine"
    }
}

#[cfg(all(test, not(feature = "hydrate")))]
mod tests;
