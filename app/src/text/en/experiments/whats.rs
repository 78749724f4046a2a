//! The questions and the settings, in English.

use crate::text::T;
use domain::{
    attack::Attack,
    lesson::experiment::{Difference, Ending, Limit, Repeated, Trick, What},
};

pub(super) fn what(what: What) -> T {
    match what {
        What::ScriptReads => "A hostile script gets the credential",
        What::LootWorks => "What it got lets the attacker in",
        What::ScriptActs => "A hostile script changes the cart as you",
        What::OtherSite(Attack::FormPost) => "A form of another site posts as you",
        What::OtherSite(Attack::Link) => "A link of another site opens the page as you",
        What::OtherSite(Attack::Fetch) => "A fetch of another site is answered as yours",
        What::OtherSite(Attack::Frame) => "A frame on another site shows the page as yours",
        What::OtherSiteLater => "The form, two minutes after the login",
        What::KnownBeforeScript => "A navigation alone is enough to know you",
        What::ProbesKept => "Cookies that the browser keeps",
        What::ProbesVisible => "Cookies that a script sees",
        What::ProbesFetched => "Cookies with a fetch of this page",
        What::ProbesFramed => "Cookies with a frame of this page",
        What::ProbesCross(Attack::FormPost) => "Cookies with a form of another site",
        What::ProbesCross(Attack::Link) => "Cookies with a link of another site",
        What::ProbesCross(Attack::Fetch) => "Cookies with a fetch of another site",
        What::ProbesCross(Attack::Frame) => "Cookies with a frame on another site",
        What::ProbesLater => "Cookies with that form, two minutes later",
        What::CookieDropped => "The browser drops the cookie once the cart has grown",
        What::PortGetsIt => "Another port of this host gets it",
        What::HostGetsIt => "Another host gets it",
        What::PortReadsStorage => "A page from another port finds it in its localStorage",
        What::CopyWorks(Ending::LogOut) => "A copy works after Log out",
        What::CopyWorks(Ending::LogOutEverywhere) => "A copy works after Log out everywhere",
        What::DenylistEntries => "Entries in the denylist after a logout",
        What::OldRoleWorks => "The admin area lets in whose role was taken away",
        What::DisabledWorks => "A disabled user is still let in",
        What::SurvivesRestart => "The login survives a restart of all servers",
        What::AliveBefore(Limit::Idle) => "It works shortly before the idle limit",
        What::AliveBefore(Limit::Absolute) => "It works shortly before the absolute limit",
        What::AliveBefore(Limit::Exp) => "It works shortly before exp",
        What::AliveAt(Limit::Idle) => "It works at the idle limit",
        What::AliveAt(Limit::Absolute) => "It works at the absolute limit",
        What::AliveAt(Limit::Exp) => "It works at exp",
        What::UseProlongs => "Using it makes it live longer",
        What::PayloadReads => "Somebody who sees it, and has no key, reads whose it is",
        What::Forgery(Trick::GuessedId) => "A random id is accepted",
        What::Forgery(Trick::OneCharacter) => "The right id but for one character is accepted",
        What::Forgery(Trick::ChangedClaim) => "Another role in the payload is accepted",
        What::Forgery(Trick::AlgNone) => "alg none without a signature is accepted",
        What::Forgery(Trick::OtherKey) => "A token signed with another key is accepted",
        What::Forgery(Trick::SwappedKid) => "A kid that names no key, signed with an empty key, is accepted",
        What::Forgery(Trick::OldSignature) => "A new payload with an old signature is accepted",
        What::CopiedRowsWork => "The keys of the copied rows let the attacker in",
        What::ForgedWorks => "A token forged with the copied key is accepted",
        What::ForgedAfterRetiring => "It is accepted after the key was retired",
        What::RotationLogsOut { retire: false } => "A new key, the old one still verifying, logs you out",
        What::RotationLogsOut { retire: true } => "A new key, the old one retired, logs you out",
        What::PlantedWorks => "The planted credential speaks for you after the login",
        What::RequestGrows => "The request grows with the cart",
        What::RowGrows => "What is stored grows with the cart",
        What::LookUps => "Look-ups for ten requests",
        What::DenylistChecks => "Questions to the denylist for ten requests",
        What::TimeToIdentify => "Time to identify you",
        What::RefreshWorks => "A refresh token gives a new token after the old one is over",
        What::RefreshAfterTheft => "Your refresh works after a thief used the same one",
        What::RefreshInTwoTabs => "Two tabs that refresh at once get a new token each",
        What::RefreshRows => "Rows that the server keeps for such a login",
        What::OldRoleAfterRefresh => "A role that was taken away is still in force after a refresh",
        What::Remembered => "The server knows who sends no credential",
        What::Done(Repeated::Get) => "What GET api/me changes, sent twice",
        What::Done(Repeated::Post) => "Orders after POST was sent twice",
        What::Done(Repeated::PostWithKey) => "Orders after POST with one Idempotency-Key was sent twice",
        What::CatalogRequests => "Two fetches of the catalog that reach the server",
        What::NotModified => "Asked whether it changed, the server answers 304 without a body",
        What::MeRequests => "Two fetches of api/me that reach the server",
        What::CacheTells => "After the logout the cache tells who you were",
        What::CacheTellsIfAllowed => "The same, if the server allowed api/me to be kept for a minute",
        What::NodesAnswering => "Servers that answer three requests",
        What::SameAnswer => "They all answer the same",
        What::KnownRequests => "The server knows you",
        What::LostWithNode => "A stopped server loses the login",
        What::StoreOperations => "Questions to the store for twelve requests",
        What::Messages => "Messages between servers for three changes of the cart",
        What::CrowdUnlikeTheory => "A crowd of visitors: how many of its numbers differ from theory",
    }
}

pub(super) fn difference(difference: Difference) -> String {
    match difference {
        Difference::NoHttpOnly => "HttpOnly off".to_owned(),
        Difference::Secure => "Secure".to_owned(),
        Difference::SameSite(site) => match site.attribute() {
            Some(value) => format!("SameSite={value}"),
            None => "SameSite unset".to_owned(),
        },
        Difference::MaxAge => "Max-Age".to_owned(),
        Difference::HostPrefix => "__Host-".to_owned(),
        Difference::RootPath => "Path=/".to_owned(),
        Difference::CheckOrigin => "origin checked".to_owned(),
        Difference::Denylist => "denylist on".to_owned(),
        Difference::HashIds => "ids hashed".to_owned(),
        Difference::GuestbookCsp => "guestbook CSP".to_owned(),
        Difference::Servers(strategy, store) => {
            let servers = &super::super::servers::SERVERS;
            let at = domain::topology::Strategy::ALL.iter().position(|one| *one == strategy).unwrap_or_default();
            if store.is_shared() {
                format!("{}, {}", servers.names[at], (servers.stores)(store))
            } else {
                servers.names[at].to_owned()
            }
        }
    }
}
