//! What the rules say will happen: a pure function of the question and the setting.

use super::{Because, Ending, Finding, READS, Repeated, Setting, Trick, WRITES, What, has_row};
use crate::{
    attack::Attack,
    cookie::{self, Cookie, Probe, Rule, Ruling, Situation},
    scheme::{Carrier, Credential},
    topology::{StoreKind, Strategy},
};

/// Any lab: no rule depends on which.
const LAB: &str = "x";
/// The bytes of a credential as small as one is; only the wall of 4096 bytes depends on more.
const SMALL: usize = 22;
/// Seconds after which Chromium takes an absent `SameSite` for `Lax`, a form included.
const LATER: u64 = 121;

/// A predicted answer and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The answer.
    pub finding: Finding,
    /// Why.
    pub because: Because,
}

impl Prediction {
    fn new(finding: impl Into<Finding>, because: Because) -> Self {
        Self { finding: finding.into(), because }
    }

    fn count(count: u64, because: Because) -> Self {
        Self { finding: Finding::Count(count), because }
    }
}

/// What the rules say. `None` where no rule says anything: a time can only be measured.
#[must_use]
pub fn predict(what: What, setting: &Setting) -> Option<Prediction> {
    Some(match what {
        What::ScriptReads => script_reads(setting),
        What::LootWorks => match script_reads(setting) {
            Prediction { finding: Finding::Yes, .. } => Prediction::new(true, Because::BearerOfIt),
            _ => Prediction::new(false, Because::NothingTaken),
        },
        What::ScriptActs => script_acts(setting),
        What::OtherSite(attack) => other_site(attack, setting, 0),
        What::OtherSiteLater => other_site(Attack::FormPost, setting, LATER),
        What::KnownBeforeScript => known_before_script(setting),
        What::ProbesKept
        | What::ProbesVisible
        | What::ProbesFetched
        | What::ProbesFramed
        | What::ProbesCross(_)
        | What::ProbesLater => probes(what, setting),
        What::CookieDropped => cookie_dropped(setting),
        What::PortGetsIt | What::HostGetsIt | What::PortReadsStorage => ports(what, setting),
        What::CopyWorks(_) | What::DenylistEntries | What::OldRoleWorks | What::DisabledWorks => ending(what, setting),
        What::SurvivesRestart => survives_restart(setting),
        What::AliveBefore(_) => Prediction::new(true, Because::NotOverYet),
        What::AliveAt(_) => Prediction::new(false, Because::OverAtLimit),
        What::UseProlongs if has_row(setting.scheme.credential) => Prediction::new(true, Because::IdlePushedOn),
        What::UseProlongs => Prediction::new(false, Because::ExpIsFixed),
        What::Forgery(trick) => Prediction::new(false, forgery(trick)),
        What::PayloadReads if has_row(setting.scheme.credential) => Prediction::new(false, Because::IdSaysNothing),
        What::PayloadReads => Prediction::new(true, Because::SignedNotSealed),
        What::CopiedRowsWork => copied_rows(setting),
        What::ForgedWorks => Prediction::new(true, Because::KeySignsAnything),
        What::ForgedAfterRetiring => Prediction::new(false, Because::KeyIsRetired),
        What::RotationLogsOut { retire } => rotation(retire, setting),
        What::PlantedWorks if has_row(setting.scheme.credential) => Prediction::new(false, Because::NewAtLogin),
        What::PlantedWorks => Prediction::new(false, Because::TokenNamesItsUser),
        What::RequestGrows | What::RowGrows => growth(what, setting),
        What::LookUps | What::DenylistChecks => cost(what, setting),
        What::TimeToIdentify => return None,
        What::RefreshWorks => Prediction::new(true, Because::ChangedForNew),
        What::RefreshAfterTheft | What::RefreshInTwoTabs => Prediction::new(false, Because::FamilyEnds),
        What::RefreshRows => Prediction::count(1, Because::RowPerFamily),
        What::OldRoleAfterRefresh => Prediction::new(false, Because::RefreshReadsRow),
        What::Remembered => Prediction::new(false, Because::NothingComesAlong),
        What::Done(Repeated::Get) => Prediction::count(0, Because::SafeToRepeat),
        What::Done(Repeated::Post) => Prediction::count(2, Because::LooksLikeTwo),
        What::Done(Repeated::PostWithKey) => Prediction::count(1, Because::KeySaysSame),
        What::CatalogRequests => Prediction::count(1, Because::FreshForAMinute),
        What::NotModified => Prediction::new(true, Because::EtagStillTrue),
        What::MeRequests => Prediction::count(2, Because::KeptNowhere),
        What::CacheTells => Prediction::new(false, Because::KeptNowhere),
        What::CacheTellsIfAllowed => Prediction::new(true, Because::FreshForAMinute),
        What::NodesAnswering => Prediction::count(u64::from(setting.topology.nodes), Because::NeedsNoMemory),
        What::SameAnswer => Prediction::new(true, Because::NeedsNoMemory),
        What::KnownRequests | What::LostWithNode | What::StoreOperations | What::Messages => servers(what, setting),
        What::CrowdUnlikeTheory => Prediction::count(0, Because::TheoryHolds),
    })
}

/// The cookie of a login, `age` seconds after it.
fn login_cookie(setting: &Setting, age: u64) -> Cookie {
    Cookie { age, ..setting.options.cookie(setting.scheme.credential, LAB, setting.origin.https, SMALL) }
}

fn kept(cookie: &Cookie, setting: &Setting) -> Ruling {
    cookie::kept(cookie, &setting.origin, setting.engine)
}

const fn situation(attack: Attack) -> Situation {
    match attack {
        Attack::FormPost => Situation::CrossSitePost,
        Attack::Link => Situation::CrossSiteLink,
        Attack::Fetch | Attack::Frame => Situation::CrossSiteEmbedded,
    }
}

/// Of the probes, those of which it holds.
fn probes(what: What, setting: &Setting) -> Prediction {
    let sent = |probe: &Probe, below: &str, situation, age| {
        let path = format!("/lab/{LAB}/{below}");
        cookie::sent(&probe.cookie(LAB, age), &path, situation, setting.browser()).yes
    };
    let holds = |probe: &Probe| match what {
        What::ProbesVisible => cookie::visible(&probe.cookie(LAB, 0), &format!("/lab/{LAB}")).yes,
        What::ProbesFetched => sent(probe, "api/probe", Situation::OwnPage, 0),
        What::ProbesFramed => sent(probe, "guestbook", Situation::OwnPage, 0),
        What::ProbesCross(attack) => sent(probe, "api/probe", situation(attack), 0),
        What::ProbesLater => sent(probe, "api/probe", Situation::CrossSitePost, LATER),
        _ => true,
    };
    let kept = |probe: &Probe| kept(&probe.cookie(LAB, 0), setting).yes;
    let which = Probe::all().filter(|probe| kept(probe) && holds(probe)).map(|probe| probe.number).collect();
    let because = match what {
        What::ProbesVisible => Because::ShownBelowPath,
        What::ProbesFetched | What::ProbesFramed => Because::SentBelowPath,
        What::ProbesCross(Attack::Fetch | Attack::Frame) if !setting.browser().allows_third_party() => {
            Because::Rule(Rule::ThirdPartyBlocked)
        }
        What::ProbesCross(_) | What::ProbesLater => Because::EachByItsSameSite,
        _ => Because::KeptWhenValid,
    };
    Prediction { finding: Finding::Probes(which), because }
}

fn script_reads(setting: &Setting) -> Prediction {
    if setting.defences.guestbook_csp {
        return Prediction::new(false, Because::CspBlocks);
    }
    if setting.scheme.carrier == Carrier::LocalStorage {
        return Prediction::new(true, Because::StorageIsOpen);
    }
    let cookie = login_cookie(setting, 0);
    let kept = kept(&cookie, setting);
    if !kept.yes {
        return Prediction::new(false, Because::NotKept(kept.because));
    }
    let visible = cookie::visible(&cookie, &format!("/lab/{LAB}/guestbook"));
    Prediction::new(visible.yes, Because::Rule(visible.because))
}

fn script_acts(setting: &Setting) -> Prediction {
    if setting.defences.guestbook_csp {
        return Prediction::new(false, Because::CspBlocks);
    }
    if setting.scheme.carrier == Carrier::Cookie {
        let kept = kept(&login_cookie(setting, 0), setting);
        if !kept.yes {
            return Prediction::new(false, Because::NotKept(kept.because));
        }
    }
    Prediction::new(true, Because::ScriptIsThePage)
}

fn other_site(attack: Attack, setting: &Setting, age: u64) -> Prediction {
    if setting.scheme.carrier == Carrier::LocalStorage {
        return Prediction::new(false, Because::ScriptMustAttach);
    }
    let kept = kept(&login_cookie(setting, 0), setting);
    if !kept.yes {
        return Prediction::new(false, Because::NotKept(kept.because));
    }
    let (path, changes) = match attack {
        Attack::FormPost | Attack::Fetch => (format!("/lab/{LAB}/api/cart"), true),
        Attack::Link | Attack::Frame => (format!("/lab/{LAB}"), false),
    };
    let sent = cookie::sent(&login_cookie(setting, age), &path, situation(attack), setting.browser());
    if sent.yes && changes && setting.defences.check_origin {
        return Prediction::new(false, Because::OriginChecked);
    }
    Prediction::new(sent.yes, Because::Rule(sent.because))
}

fn known_before_script(setting: &Setting) -> Prediction {
    if setting.scheme.carrier == Carrier::LocalStorage {
        return Prediction::new(false, Because::ScriptMustAttach);
    }
    let cookie = login_cookie(setting, 0);
    let kept = kept(&cookie, setting);
    if !kept.yes {
        return Prediction::new(false, Because::NotKept(kept.because));
    }
    let sent = cookie::sent(&cookie, &format!("/lab/{LAB}/guestbook"), Situation::OwnPage, setting.browser());
    Prediction::new(sent.yes, Because::Rule(sent.because))
}

fn cookie_dropped(setting: &Setting) -> Prediction {
    match setting.scheme.credential {
        Credential::SessionId => Prediction::new(false, Because::IdStaysShort),
        Credential::Jwt => {
            let grown = setting.options.cookie(Credential::Jwt, LAB, setting.origin.https, cookie::COOKIE_BYTES);
            match kept(&grown, setting) {
                Ruling { yes: false, because } => Prediction::new(true, Because::NotKept(because)),
                Ruling { yes: true, .. } => Prediction::new(false, Because::EngineHasNoWall),
            }
        }
    }
}

fn ports(what: What, setting: &Setting) -> Prediction {
    let is_cookie = setting.scheme.carrier == Carrier::Cookie;
    match what {
        What::PortReadsStorage => Prediction::new(false, Because::StorageKnowsPorts),
        _ if !is_cookie => Prediction::new(false, Because::ScriptMustAttach),
        What::PortGetsIt => Prediction::new(true, Because::PortsDoNotMatter),
        _ => Prediction::new(false, Because::HostMatters),
    }
}

/// What is felt of an end that came from the server's side.
fn ending(what: What, setting: &Setting) -> Prediction {
    let is_session = has_row(setting.scheme.credential);
    let denylist = setting.defences.denylist;
    match what {
        What::DenylistEntries if is_session || !denylist => Prediction::count(0, Because::RowIsGone),
        What::DenylistEntries => Prediction::count(1, Because::OnDenylist),
        What::OldRoleWorks if is_session => Prediction::new(false, Because::RowSaysNow),
        What::OldRoleWorks => Prediction::new(true, Because::TokenSaysThen),
        What::CopyWorks(Ending::LogOut | Ending::LogOutEverywhere) | What::DisabledWorks if is_session => {
            Prediction::new(false, Because::RowIsGone)
        }
        _ if denylist => Prediction::new(false, Because::OnDenylist),
        _ => Prediction::new(true, Because::TokenLivesOn),
    }
}

fn survives_restart(setting: &Setting) -> Prediction {
    if !has_row(setting.scheme.credential) {
        return Prediction::new(true, Because::TokenNeedsNoStore);
    }
    match setting.topology.store {
        StoreKind::Memory => Prediction::new(false, Because::MemoryIsGone),
        StoreKind::Replicated => Prediction::new(false, Because::AllAtOnce),
        StoreKind::Sqlite | StoreKind::Redis | StoreKind::Memcached => Prediction::new(true, Because::StoreOutlives),
    }
}

const fn forgery(trick: Trick) -> Because {
    match trick {
        Trick::GuessedId | Trick::OneCharacter => Because::CannotBeGuessed,
        Trick::ChangedClaim | Trick::OldSignature => Because::SignatureCovers,
        Trick::AlgNone => Because::NoneIsRefused,
        Trick::OtherKey => Because::AnotherKey,
        Trick::SwappedKid => Because::KidChoosesKnown,
    }
}

fn copied_rows(setting: &Setting) -> Prediction {
    if !has_row(setting.scheme.credential) {
        Prediction::new(false, Because::NoRows)
    } else if setting.defences.hash_ids {
        Prediction::new(false, Because::HashIsNoId)
    } else {
        Prediction::new(true, Because::IdsInTheClear)
    }
}

fn rotation(retire: bool, setting: &Setting) -> Prediction {
    if has_row(setting.scheme.credential) {
        Prediction::new(false, Because::NoKeyInvolved)
    } else if retire {
        Prediction::new(true, Because::KeyIsRetired)
    } else {
        Prediction::new(false, Because::OldKeyVerifies)
    }
}

fn growth(what: What, setting: &Setting) -> Prediction {
    match (what, setting.scheme.credential) {
        (What::RequestGrows, Credential::Jwt) => Prediction::new(true, Because::StateTravels),
        (What::RequestGrows, Credential::SessionId) => Prediction::new(false, Because::IdStaysShort),
        (_, Credential::SessionId) => Prediction::new(true, Because::StateStays),
        (_, Credential::Jwt) => Prediction::new(false, Because::NoRows),
    }
}

fn cost(what: What, setting: &Setting) -> Prediction {
    match (what, setting.scheme.credential) {
        (What::LookUps, Credential::SessionId) => Prediction::count(10, Because::EachLooksUp),
        (What::LookUps, Credential::Jwt) => Prediction::count(0, Because::NothingToLookUp),
        (_, Credential::Jwt) if setting.defences.denylist => Prediction::count(10, Because::EachAsksDenylist),
        (_, _) => Prediction::count(0, Because::EachLooksUp),
    }
}

/// With several servers and one visitor, whose requests come one after the other.
fn servers(what: What, setting: &Setting) -> Prediction {
    let nodes = u64::from(setting.topology.nodes.max(1));
    let is_token = !has_row(setting.scheme.credential);
    let strategy = Strategy::of(setting.topology, is_token);
    match (what, strategy) {
        (What::KnownRequests, Strategy::Problem) => Prediction::count(READS / nodes, Because::OneInN),
        (What::KnownRequests, _) => Prediction::count(READS, holds_because(strategy)),
        (What::LostWithNode, Strategy::Problem | Strategy::Sticky | Strategy::Single) => {
            Prediction::new(true, Because::ServerTookIt)
        }
        (What::LostWithNode, _) => Prediction::new(false, holds_because(strategy)),
        (What::Messages, Strategy::Clustering) => {
            Prediction::count(WRITES.saturating_mul(nodes.saturating_sub(1)), Because::EachWriteIsSent)
        }
        (What::Messages, _) => Prediction::count(0, Because::NothingToSend),
        (_, Strategy::Token) => Prediction::count(0, Because::NothingToLookUp),
        (_, _) => Prediction::count(READS, Because::EachLooksUp),
    }
}

/// Why every server knows the visitor.
const fn holds_because(strategy: Strategy) -> Because {
    match strategy {
        Strategy::Sticky => Because::LedBack,
        Strategy::Clustering => Because::CopiesEverywhere,
        Strategy::Separate => Because::OneStoreForAll,
        Strategy::Token => Because::EveryServerHasKey,
        Strategy::Single => Because::OneServer,
        Strategy::Problem => Because::OneInN,
    }
}

impl Setting {
    /// Whether the page should say beforehand that the browser will not keep the login's cookie, and why.
    #[must_use]
    pub fn not_kept(&self) -> Option<Rule> {
        let ruling = kept(&login_cookie(self, 0), self);
        (self.scheme.carrier == Carrier::Cookie && !ruling.yes).then_some(ruling.because)
    }
}
