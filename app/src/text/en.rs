//! English.

use super::Lang;
use super::{
    Browser, Desk, Flow, Guide, OpenedToken, Options, Page, Server, Slides, Standing, T, Tamper, Text, Token, Wire,
};
use domain::{
    attack::{Comment, Copied},
    balance::NodeId,
    cookie::Rule,
    exchange::Did,
    lesson::{
        claim::Chapter,
        press::Defence,
        said::{CatalogFrom, Outcome, Said},
    },
    scheme::{Credential, Scheme},
    user::Role,
};

#[cfg(any(feature = "ssr", test))]
mod claims;
pub(super) mod crowd;
pub(super) mod experiments;
mod pages;
pub(super) mod results;
pub(super) mod servers;
#[cfg(feature = "ssr")]
pub(super) mod written;

#[cfg(any(feature = "ssr", test))]
pub(super) use claims::CLAIMS;
pub(super) use pages::PAGES;

pub(super) const TEXT: Text = Text {
    lang: Lang::En,
    page: Page {
        attacker: "Attacker",
        close: "Close",
        results: "Results",
        slides: "Slides",
        under_way: "An experiment is running.",
        send_copy: "Send the copy",
        progress: |done, of| format!("{done} of {of}"),
        skip: "Skip to the desk",
        part_failed: "This part of the page could not be fetched. See that the server runs, and load the page again.",
        cut: "Cut off from the server. What you see may be old; trying again …",
        newer: "A newer version of this page is here.",
        load: "Load it",
        yes: "yes",
        no: "no",
        welcome: "Pick how to log in, press Log in, and watch the three places.",
    },
    desk: Desk {
        same_site_unset: "SameSite unset",
        lead: "Where is it kept?",
        proxy: ["Put a caching proxy before the servers", "Take the caching proxy away"],
        defences_on: |n| if n == 0 { "Defences".to_owned() } else { format!("Defences: {n}") },
        no_shared: "Separate storage needs a store, and none is configured here. Adjust says how to get one.",
    },
    browser: Browser {
        tamper: "Tamper with it",
        title: "Browser holds",
        cookies: "Cookies",
        cookies_how: "sent with every request to this lab",
        hidden: "A script cannot read this one: it is HttpOnly. You see it because the server says that it arrived.",
        shown: "Any script on this page can read this one, from document.cookie.",
        no_cookie: "no cookie",
        preference: "A light preference, no credential.",
        affinity: |node| {
            format!(
                "The load balancer's: your requests go to server {node}. It says where you were, not who you are: no credential."
            )
        },
        affinity_idle: "The load balancer's, from when it was sticky. Now nobody reads it. No credential.",
        storage: "localStorage",
        storage_how: "sent only by the page's own script",
        storage_note: "Any script on this page can read it. It stays when the browser closes, and no request carries it unless a script puts it there.",
        nothing: "nothing here",
        next: "The next request will carry",
        next_how: "by itself, or because the script adds it",
        next_nothing: "no credential: HTTP remembers nothing, so the server will not know you",
        next_two: "Two credentials at once: the server refuses to guess which one counts. Log out, or log in anew.",
        unrecorded: "set before the wire log begins",
        looking: "only a script can look in here: read as soon as one runs",
    },
    wire: Wire {
        title: "On the wire",
        how: "as the server saw it",
        empty: "Nothing yet. Log in, and each request and its answer appear here, newest first.",
        attacker: "from another site",
        crowd: "a visitor of the crowd",
        other: "not from a browser page",
        page: "the page itself",
        open: "All headers and body",
        request: "Request",
        response: "Response",
        no_body: "no body, or one that is not recorded",
        steps: "What the server did",
        curl: "Copy as curl",
        no_credential: "no credential came along",
        all: |n| format!("Show all {n}"),
        in_body: "in the body",
        forgets: "forget it",
    },
    servers: servers::SERVERS,
    nodes: servers::NODES,
    server: Server {
        crowd: "Crowd",
        title: "Server stores",
        now: "Stored now",
        summary: |sessions, rows, bytes| {
            let what = match sessions {
                0 => return "no session".to_owned(),
                1 => "1 session".to_owned(),
                n => format!("{n} sessions"),
            };
            let copies = if rows > sessions { format!(" in {rows} copies") } else { String::new() };
            format!("{what}{copies} · {bytes}\u{a0}B")
        },
        nodes: "Servers",
        nodes_how: "each with its own memory",
        node: |n| format!("server {n}"),
        requests: |n| if n == 1 { "1 request".to_owned() } else { format!("{n} requests") },
        stopped: "stopped",
        sessions: "Sessions",
        sessions_how: "in the server's memory",
        columns: ["id", "user", "role", "cart", "idle in", "ends in"],
        no_sessions: "No session row. Log in with a session ID, and one appears here.",
        no_sessions_jwt: "No row: with a JWT the server writes no login down. It keeps the key below and, where it is on, the denylist; who somebody is travels inside the token.",
        hashed: "Only SHA-256 of each id is kept: this table alone lets nobody in.",
        cart_empty: "empty",
        keys: "Signing key",
        keys_how: "the same on every server",
        key: |kid, alg, bits| format!("{alg} · kid {kid} · {bits} bits"),
        signs: "signs",
        verifies: "verifies only",
        secret: "The key itself is never shown: whoever has it can be anyone.",
        denylist: "Denylist",
        denylist_how: "ended logins: all their tokens up to this jti",
        denylist_empty: "empty: log out with a JWT to put it here",
        denylist_all: |name| format!("all of {name}'s up to now"),
        gone_in: "kept for",
        bytes: |n| format!("{n}\u{a0}B"),
        over: "over",
    },
    token: Token {
        open: "Open this JWT",
        left: "left",
        over: "expired",
        opaque: "An opaque id: 128 random bits that say nothing by themselves. What they stand for lies on the server.",
    },
    flow: Flow {
        session: "The flow of a session",
        token: "The flow of a token",
        session_cookie: [
            ("Log in", "name and password go up"),
            ("Session made", "the server writes a row"),
            ("Set-Cookie", "the id comes down"),
            ("Next request", "the cookie goes along by itself"),
            ("Looked up", "the row says who you are"),
        ],
        session_storage: [
            ("Log in", "name and password go up"),
            ("Session made", "the server writes a row"),
            ("ID in the body", "the script keeps it"),
            ("Next request", "the script adds the id"),
            ("Looked up", "the row says who you are"),
        ],
        token_cookie: [
            ("Log in", "name and password go up"),
            ("Token signed", "payload and signature, no row"),
            ("Set-Cookie", "the browser keeps the token"),
            ("Next request", "the cookie goes along by itself"),
            ("Verified", "the token is valid: it says who"),
        ],
        token_storage: [
            ("Log in", "name and password go up"),
            ("Token signed", "payload and signature, no row"),
            ("Token kept", "the script keeps it"),
            ("Next request", "the script adds the token"),
            ("Verified", "the token is valid: it says who"),
        ],
        refused: "refused here",
    },
    guide: Guide {
        title: "Guide",
        seen: |seen, of| format!("{seen} of {of} seen"),
        was_seen: "✓",
        search: "Search: XSS, CSRF, 401 …",
        chapters: "Chapters",
        chapter: |chapter| match chapter {
            Chapter::Cookie => "Cookie",
            Chapter::Session => "Session",
            Chapter::Token => "Token",
            Chapter::Stateless => "HTTP is stateless",
            Chapter::Servers => "Several servers",
            Chapter::Attacks => "Attacks",
            Chapter::Choice => "Which one?",
        },
        try_it: "Try it",
        measure: "Measure",
        stop: "Stop",
        put_back: "Put back what was before",
        case: "Case",
        measured: "Measured",
        predicted: "Predicted",
        not_measured: "not measured",
        why: "Why?",
    },
    standing: Standing {
        label: "At this moment:",
        nobody: "not logged in",
        dead: "dead, the server would refuse it",
        unclear: "the store keeps hashes, ask Who am I?",
        too_many: "two credentials, neither counts",
        known_to: |nodes| match nodes {
            [node] => format!("known to server {node} only"),
            nodes => format!("known to servers {} only", listed(nodes)),
        },
        store_silent: "cannot be told, the store is down",
        nodes_silent: "cannot be told, no server is up",
    },
    did,
    detail: str::to_owned,
    rule,
    role: |role| match role {
        Role::User => "user",
        Role::Admin => "admin",
    },
    scheme,
};

pub(super) const OPTIONS: Options = Options {
    legend: "Cookie options",
    http_only: "No script may read it",
    secure: "Over https only",
    host_prefix: "A name that the browser takes only with Secure, for this host and every path of it",
    lifetime: "Cookie lifetime",
    until_close: "until the browser closes",
    one_minute: "1 minute",
    one_day: "1 day",
    beforehand: "What your browser will do with the cookie",
    kept: "keeps it",
    visible: "scripts read it",
    own: "sends it from this page",
    link: "sends it when another site links here",
    form: "sends it when another site posts a form here",
    embedded: "sends it when another site fetches or frames this",
    dropped: "Your browser will drop this cookie: after logging in you would not be logged in.",
    storage: "localStorage has no options: every script of this origin can read it, no request carries it by itself, and it stays until a script takes it out.",
};

pub(super) const OPENED_TOKEN: OpenedToken = OpenedToken {
    anyone: "Anyone who gets hold of it can read it: it is encoded, not encrypted. Nobody without the key can change it.",
    header: "Header",
    payload: "Payload",
    signature: "Signature",
    signature_why: "Made with the server's key over header and payload. Change one letter and it no longer fits.",
    claim,
};

pub(super) const TAMPER: Tamper = Tamper {
    lede: "Change the credential and send it. A session ID has to be guessed; a JWT can be rewritten by anyone, but not signed again.",
    field: "Credential to send",
    take: "Take the current one",
    flip: "Change one character",
    admin: "Claim role: admin",
    none: "Claim alg: none",
    send: "Send it",
    how: "Sent by a script as Authorization: Bearer, without cookies: a script cannot write a Cookie header.",
    nothing: "Log in first, then take the credential and change it.",
    not_ascii: "A header takes printable ASCII only: remove the other characters.",
};

pub(super) const SLIDES: Slides = Slides {
    of: |at, all| format!("{at} of {all}"),
    show_prediction: "Show prediction",
    show: "Show",
    measure_again: "Measure again",
    back: "Back",
    next: "Next slide",
    next_chapter: |chapter| format!("Next: {chapter}"),
    skip: "Skip",
    leave: "To the desk",
    keys: "Space →  next step · ←  back · Esc  desk",
};

fn scheme(scheme: Scheme) -> T {
    match scheme.name() {
        "session-cookie" => "Session cookie",
        "session-storage" => "Session ID in localStorage",
        "token-cookie" => "JWT in a cookie",
        _ => "JWT in localStorage",
    }
}

/// What the server knew somebody by, within a sentence.
fn known_by(scheme: Scheme) -> T {
    match scheme.name() {
        "session-cookie" => "session ID in your cookie",
        "session-storage" => "session ID from localStorage",
        "token-cookie" => "JWT in your cookie",
        _ => "JWT from localStorage",
    }
}

fn did(did: Did) -> T {
    match did {
        Did::Routed => "the balancer sent it",
        Did::FoundNothing => "found no credential",
        Did::FoundCookie => "found a credential in the cookie",
        Did::FoundBearer => "found a Bearer credential",
        Did::FoundTooMany => "found more than one credential",
        Did::LookedUp => "looked the session up",
        Did::Verified => "verified signature and claims",
        Did::CheckedDenylist => "looked into the denylist",
        Did::Identified => "knows who it is",
        Did::CheckedPassword => "checked the password (Argon2id)",
        Did::SparedPassword => "checked no password",
        Did::CheckedOrigin => "checked where it came from",
        Did::CreatedSession => "wrote a session row",
        Did::UpdatedSession => "changed the session row",
        Did::DeletedSession => "deleted the session row",
        Did::SignedToken => "signed a token",
        Did::Denied => "put it on the denylist",
        Did::SetCookie => "asked the browser to keep a cookie",
        Did::ClearedCookie => "asked the browser to forget a cookie",
        Did::CookieTooLarge => "the cookie is too large: browsers drop it silently",
        Did::RefreshedToken => "used up the refresh token",
        Did::EndedFamily => "ended all refresh tokens of the login",
        Did::PlacedOrder => "placed an order",
        Did::ReplayedAnswer => "answered as before, with no second order",
        Did::Rendered => "rendered the page",
        Did::Refused => "refused",
        Did::LostAnswer => "lost the answer on the way",
        Did::KeptWindow => "answered 204 so that the attacker's window stays where it is; its own status would be",
        Did::ProxyAnswered => "the caching proxy answered with its copy and asked no server; its age in seconds:",
        Did::ProxyKept => "the caching proxy kept a copy; fresh for so many seconds:",
        Did::ProxyPassed => "the caching proxy let it through and kept nothing",
    }
}

fn defence(defence: Defence) -> T {
    match defence {
        Defence::CheckOrigin => "The check of the origin",
        Defence::Denylist => "The denylist for tokens",
        Defence::HashIds => "Storing only a hash of each id",
        Defence::GuestbookCsp => "The guestbook's Content Security Policy",
    }
}

fn rule(rule: Rule) -> T {
    match rule {
        Rule::Nothing => "nothing stands against it",
        Rule::Expired => "its lifetime is over",
        Rule::TooLarge => "over 4096 bytes",
        Rule::SecureNeedsHttps => "Secure, and this is plain http",
        Rule::LoopbackCountsAsSecure => "Secure, and this machine counts as secure",
        Rule::NoneNeedsSecure => "SameSite=None needs Secure",
        Rule::HostPrefixBroken => "__Host- needs Secure and Path=/",
        Rule::HttpOnly => "HttpOnly hides it",
        Rule::PathElsewhere => "its path is elsewhere",
        Rule::OwnSite => "it is the cookie's own site",
        Rule::Strict => "SameSite=Strict stays at home",
        Rule::LaxStaysHome => "SameSite=Lax stays at home",
        Rule::LaxFollowsLinks => "SameSite=Lax follows links",
        Rule::UnsetTwoMinutes => "SameSite left away: let through for its first two minutes",
        Rule::UnsetTwoMinutesOver => "SameSite left away: its first two minutes are over",
        Rule::UnsetIsLax => "SameSite left away counts as Lax: with links only",
        Rule::UnsetIsNone => "SameSite left away: taken for None",
        Rule::NoneGoesAlong => "SameSite=None goes along",
        Rule::ThirdPartyBlocked => "third-party cookies are blocked",
    }
}

fn claim(name: &str) -> T {
    match name {
        "alg" => "the algorithm of the signature; the server takes only the one of its key",
        "typ" => "what kind of token it is, so that no other kind passes for it",
        "kid" => "which key signed it",
        "iss" => "who issued it",
        "aud" => "whom it is for: this lab and no other",
        "sub" => "whom it speaks of",
        "role" => "what you may do, as it was when the token was issued",
        "cart" => "your cart: the state lies here, not on the server",
        "cookie" => "how the cookie was set, so that it can be cleared again",
        "iat" => "when it was issued",
        "nbf" => "not valid before",
        "exp" => "dead from this second on",
        "family" => "which refresh tokens came with it, so that a logout ends them too",
        "jti" => "its own name. Names sort by when they were given",
        "login" => "the login that it belongs to: the denylist ends all tokens of one",
        _ => "",
    }
}

pub(super) fn said(said: &Said) -> String {
    match said {
        Said::Outcome(outcome) => match outcome {
            Outcome::LoggedIn => "Logged in.".to_owned(),
            Outcome::WrongLogin => "Wrong name or password. The password is the name and -password; the menu ⋯ has it.".to_owned(),
            Outcome::CartChanged => "The cart has changed.".to_owned(),
            Outcome::LoggedOut => "Logged out.".to_owned(),
            Outcome::NotLoggedIn => "You are not logged in, or not any more.".to_owned(),
            Outcome::Refused => "The server refused that. The wire log says why.".to_owned(),
            Outcome::Anew => "This lab began anew: its server was replaced, or nobody used it for long. Every login from before is over.".to_owned(),
        },
        Said::LoggedIn { name, scheme: with, dropped: false } => format!("Logged in as {name}: {}.", scheme(*with)),
        Said::LoggedIn { dropped: true, .. } => {
            "Logged in, but the cookie is over 4096 bytes and the browser dropped it.".to_owned()
        }
        Said::NotStored => {
            "The server handed out a credential, but localStorage did not take it: it is full, or this browser blocks it. The one that lies there is the old one, or none.".to_owned()
        }
        Said::NotKept => {
            "The server logged you in, but the browser dropped the cookie. Cookie options says why.".to_owned()
        }
        Said::Me { name, role, scheme: with, node } => {
            let who = node.map_or_else(|| "The server".to_owned(), |node| format!("Server {node}"));
            format!("You are {name}, role {}. {who} knows you by the {}.", (TEXT.role)(*role), known_by(*with))
        }
        Said::CartBehind { items, node } => format!(
            "{items} in the cart, by server {node}: less than before. A message between the servers was lost or is late, so this one does not know of the last write. That is the data inconsistency of clustering."
        ),
        Said::Cart { items, dropped: false } => match items {
            0 => "The cart is empty.".to_owned(),
            1 => "1 item in the cart.".to_owned(),
            n => format!("{n} items in the cart."),
        },
        Said::Cart { dropped: true, .. } => {
            "The new token is over 4096 bytes: the browser drops the cookie and keeps the old one, without a word."
                .to_owned()
        }
        Said::LoggedOut { revoked: true, everywhere: false, .. } => {
            "Logged out. A copy of the credential is dead as well.".to_owned()
        }
        Said::LoggedOut { revoked: true, everywhere: true, .. } => "Logged out everywhere.".to_owned(),
        Said::LoggedOut { revoked: false, credential, .. } => match credential {
            Credential::Jwt => {
                "The browser let go of the JWT, but a copy stays valid until exp: the server keeps no list.".to_owned()
            }
            Credential::SessionId => "Logged out.".to_owned(),
        },
        Said::Forgotten => "The server did not know it any more; the browser has let go of it now.".to_owned(),
        Said::LetIn { users } => format!("Let in: an admin sees all {users} users."),
        Said::Refused { status, detail, node } => match status {
            401 if detail.contains("password") => "Wrong name or password (401). Nobody is told which.".to_owned(),
            401 => {
                let who = node.map_or_else(|| "the server".to_owned(), |node| format!("server {node}"));
                format!("401: {who} does not know you ({}).", why(detail))
            }
            403 => format!("403: the server knows you, but you may not ({}).", why(detail)),
            _ => format!("{status}: refused ({}).", why(detail)),
        },
        Said::Tampered { status, detail } if *status >= 400 => format!("{status}: refused ({}).", why(detail)),
        Said::Tampered { status, .. } => {
            format!("{status}: accepted. Whoever has an unchanged copy is you.")
        }
        Said::Servers(what) => servers::said(what),
        Said::Advanced(seconds) => format!("The lab's clock went {} forward. Your browser's clock did not: a cookie's Max-Age runs by that one.", span(*seconds)),
        Said::RoleSet { name, role } => {
            format!(
                "{name} is {} now. A session feels it at once; a JWT keeps its old role until exp.",
                (TEXT.role)(*role)
            )
        }
        Said::DisabledSet { name, disabled: true } => {
            format!("{name} may not log in any more. The session rows are gone; a JWT lives on until exp.")
        }
        Said::DisabledSet { name, disabled: false } => format!("{name} may log in again."),
        Said::ProxySet { on: true } => "A caching proxy stands before the servers now: what is the same for everybody, it gives out by itself.".to_owned(),
        Said::ProxySet { on: false } => "The caching proxy is gone, and so is what it kept.".to_owned(),
        Said::DefenceSet { defence: of, on } => format!("{} is {} now.", defence(*of), if *on { "on" } else { "off" }),
        Said::Rotated { retired: false } => "A new key signs now; tokens of the old ones still verify.".to_owned(),
        Said::Rotated { retired: true } => "A new key signs now; every older token is dead.".to_owned(),
        Said::Reset => "The lab is as new, and you are logged out.".to_owned(),
        Said::Switched { scheme: next, held: None } => format!("Your next login: {}.", scheme(*next)),
        Said::Switched { scheme: next, held: Some(held) } => {
            format!("Your next login: {}. Until then you are logged in by: {}.", scheme(*next), scheme(*held))
        }
        Said::Copied(true) => "Copied.".to_owned(),
        Said::Shared => "Copied the address of this lab, with what is chosen and open. Whoever has it is in this lab, too.".to_owned(),
        Said::Copied(false) => "The browser allows no copying here: it needs https or localhost.".to_owned(),
        Said::NoSuchClaim => "There is no such claim. This is the first one.".to_owned(),
        Said::Unreachable => "The server gave no answer. See that it runs.".to_owned(),
        Said::Ran(ending) => experiments::ended(ending),
        Said::Replayed { status, user } => experiments::replayed(*status, user.as_deref()),
        Said::LootEmptied => experiments::LOOT_EMPTIED.to_owned(),
        Said::Script { .. } | Said::OtherSite { .. } | Said::Took { .. } | Said::Catalog { .. } => by_others(said),
        Said::PutBack => "What you had before is there again; you are logged in anew if you were logged in.".to_owned(),
        Said::Failed(failure) => experiments::failure(failure),
    }
}

/// What others did, and what is the same for all.
fn by_others(said: &Said) -> String {
    match said {
        Said::Script { comment: Comment::Read, did: true, .. } => {
            "The script read your credential and sent it to the attacker: look at the fourth place.".to_owned()
        }
        Said::Script { did: false, was_barred: true, .. } => {
            "Nothing was read and nothing done: with its Content Security Policy the guestbook lets no such script run."
                .to_owned()
        }
        Said::Script { comment: Comment::Read, did: false, .. } => {
            "The script looked for a credential and got none.".to_owned()
        }
        Said::Script { did: true, .. } => "The script put something into your cart, as you.".to_owned(),
        Said::Script { did: false, .. } => "The script could do nothing as you.".to_owned(),
        Said::OtherSite { as_you: true, .. } => {
            "Another site's request was answered as yours: your browser sent the cookie along.".to_owned()
        }
        Said::OtherSite { came_along: true, .. } => {
            "Your browser sent the cookie along with another site's request, and the server refused it all the same."
                .to_owned()
        }
        Said::OtherSite { .. } => "Another site's request came without your credential: it was nobody's.".to_owned(),
        Said::Took { copied: Copied::Rows, pieces: 0 } => "The store was copied: there was no row in it.".to_owned(),
        Said::Took { copied: Copied::Rows, pieces } => {
            format!("The store was copied: the attacker has {pieces} more of what look like session IDs.")
        }
        Said::Took { copied: Copied::Key, .. } => {
            "The signing key was copied, and a token forged with it for the admin carol.".to_owned()
        }
        Said::Catalog { from: CatalogFrom::Server(node) } => {
            format!("The catalog, from server {node}: the same for everybody.")
        }
        Said::Catalog { from: CatalogFrom::Proxy } => {
            "The catalog, from the proxy's copy. No server was asked: it is the same for everybody.".to_owned()
        }
        Said::Catalog { from: CatalogFrom::Browser } => {
            "The catalog, from this browser's own cache. No request was sent.".to_owned()
        }
        _ => String::new(),
    }
}

/// The reason alone: the advice around it does not fit every place.
fn why(detail: &str) -> &str {
    let detail = detail.strip_prefix("the credential cannot be used: ").unwrap_or(detail);
    detail.strip_suffix("; log in again").or(detail.strip_suffix(": log in first")).unwrap_or(detail)
}

fn listed(nodes: &[NodeId]) -> String {
    nodes.iter().map(NodeId::to_string).collect::<Vec<_>>().join(", ")
}

fn span(seconds: u64) -> String {
    match seconds {
        s if s % 3600 == 0 => format!("{} h", s / 3600),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}
