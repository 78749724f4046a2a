//! Which questions an experiment asks, under which settings.

use super::{Because, Difference, Ending, Experiment, Limit, Repeated, Setting, Trial, Trick, What};
use crate::{
    attack::Attack,
    cookie::{CookieOptions, SameSite},
    scheme::{Carrier, Credential, Scheme},
    topology::{StoreKind, Strategy},
    view::Defences,
};

/// How many requests are sent where [`What::KnownRequests`] and [`What::StoreOperations`] are asked.
pub const READS: u64 = 12;
/// How often a login is asked for before a server is stopped, and after: twice as often as there are servers, each in
/// turn.
pub const ASKED: u64 = 6;
/// How many changes of the cart are made where [`What::Messages`] is asked.
pub const WRITES: u64 = 3;

/// Why an experiment cannot be asked of a scheme; `None` where it can.
#[must_use]
pub fn does_not_apply(experiment: Experiment, scheme: Scheme) -> Option<Because> {
    match experiment {
        Experiment::CookieRules | Experiment::CookieWall if scheme.carrier != Carrier::Cookie => {
            Some(Because::NoCookie)
        }
        Experiment::Refresh if scheme.credential != Credential::Jwt => Some(Because::SessionNeedsNone),
        _ => None,
    }
}

/// The trials of an experiment. The first answers its question as things are `set` by the visitor, as far as
/// that matters to it; the others compare. `stores` are the shared stores that can be had.
#[must_use]
pub fn trials(experiment: Experiment, set: &Setting, stores: &[StoreKind]) -> Vec<Trial> {
    if does_not_apply(experiment, set.scheme).is_some() {
        return Vec::new();
    }
    let mut list = List { set, all: Vec::new() };
    match experiment {
        Experiment::ScriptReads => script_reads(&mut list),
        Experiment::ScriptActs => script_acts(&mut list),
        Experiment::OtherSite => other_site(&mut list),
        Experiment::Reload => reload(&mut list),
        Experiment::CookieRules => cookie_rules(&mut list),
        Experiment::CookieWall => list.usual(What::CookieDropped),
        Experiment::Ports => ports(&mut list),
        Experiment::CopyAfterLogout => copy_after_logout(&mut list),
        Experiment::RoleChange => role_change(&mut list),
        Experiment::Restart => restart(&mut list, stores),
        Experiment::Expiry => expiry(&mut list),
        Experiment::Payload => list.usual(What::PayloadReads),
        Experiment::Tampered => tampered(&mut list),
        Experiment::StoreCopied => store_copied(&mut list),
        Experiment::Fixation => list.usual(What::PlantedWorks),
        Experiment::Growth => list.each(&[What::RequestGrows, What::RowGrows]),
        Experiment::Cost => cost(&mut list),
        Experiment::Refresh => list.each(&[
            What::RefreshWorks,
            What::RefreshAfterTheft,
            What::RefreshInTwoTabs,
            What::OldRoleAfterRefresh,
            What::RefreshRows,
        ]),
        Experiment::Stateless => list.usual(What::Remembered),
        Experiment::Retry => list.each(&[Repeated::Post, Repeated::PostWithKey, Repeated::Get].map(What::Done)),
        Experiment::Cache => {
            list.each(&[
                What::CatalogRequests,
                What::NotModified,
                What::MeRequests,
                What::CacheTells,
                What::CacheTellsIfAllowed,
            ]);
        }
        Experiment::AnyServer => list.servers(&[What::NodesAnswering, What::SameAnswer], Strategy::Problem, stores),
        Experiment::Problem => {
            list.servers(
                &[What::KnownRequests, What::LostWithNode, What::CrowdUnlikeTheory],
                Strategy::Problem,
                stores,
            );
            // As it was before there were several.
            list.usual(What::KnownRequests);
        }
        Experiment::Sticky => {
            list.servers(&[What::KnownRequests, What::LostWithNode, What::CrowdUnlikeTheory], Strategy::Sticky, stores);
        }
        Experiment::Clustering => list.servers(
            &[What::KnownRequests, What::LostWithNode, What::Messages, What::CrowdUnlikeTheory],
            Strategy::Clustering,
            stores,
        ),
        Experiment::Separate => list.servers(
            &[What::KnownRequests, What::LostWithNode, What::StoreOperations, What::CrowdUnlikeTheory],
            Strategy::Separate,
            stores,
        ),
    }
    // What another site can embed hangs on a setting of the browser's, which is asked as the window opens. Nothing
    // else does.
    for trial in list.all.iter_mut().filter(|trial| trial.what.needs_window()) {
        trial.setting.third_party = set.third_party;
    }
    list.all
}

struct List<'a> {
    set: &'a Setting,
    all: Vec<Trial>,
}

impl List<'_> {
    /// Asks it, unless it was asked under the same setting already.
    fn ask(&mut self, what: What, setting: Setting) {
        let trial = Trial { what, setting };
        if !self.all.contains(&trial) {
            self.all.push(trial);
        }
    }

    fn usual(&mut self, what: What) {
        self.ask(what, self.set.as_usual());
    }

    fn each(&mut self, all: &[What]) {
        for what in all {
            self.usual(*what);
        }
    }

    /// With the visitor's own cookie options and the defences that matter.
    fn as_set(&mut self, what: What, keep: impl FnOnce(&Defences) -> Defences) {
        let defences = keep(&self.set.defences);
        let options = match self.set.scheme.carrier {
            Carrier::Cookie => self.set.options,
            Carrier::LocalStorage => CookieOptions::default(),
        };
        self.ask(what, Setting { options, defences, ..self.set.as_usual() });
    }

    fn with_options(&mut self, what: What, options: CookieOptions) {
        if self.set.scheme.carrier == Carrier::Cookie {
            self.ask(what, Setting { options, ..self.set.as_usual() });
        }
    }

    fn with_defence(&mut self, what: What, options: CookieOptions, defence: Difference) {
        let mut defences = Defences::default();
        match defence {
            Difference::GuestbookCsp => defences.guestbook_csp = true,
            Difference::CheckOrigin => defences.check_origin = true,
            Difference::Denylist => defences.denylist = true,
            Difference::HashIds => defences.hash_ids = true,
            _ => {}
        }
        self.ask(what, Setting { options, defences, ..self.set.as_usual() });
    }

    fn servers(&mut self, all: &[What], strategy: Strategy, stores: &[StoreKind]) {
        let shared = StoreKind::SHARED.into_iter().find(|kind| stores.contains(kind)).unwrap_or(StoreKind::Sqlite);
        for what in all {
            self.ask(*what, Setting { topology: strategy.topology(shared), ..self.set.as_usual() });
        }
    }
}

const USUAL: CookieOptions = CookieOptions::USUAL;
const OPEN: CookieOptions = CookieOptions { http_only: false, ..USUAL };

const fn site(same_site: SameSite, secure: bool) -> CookieOptions {
    CookieOptions { secure, same_site, ..USUAL }
}

/// A trick that needs a readable credential is only interesting where there is one.
fn script_reads(list: &mut List) {
    let csp = |set: &Defences| Defences { guestbook_csp: set.guestbook_csp, ..Defences::default() };
    list.as_set(What::ScriptReads, csp);
    list.usual(What::ScriptReads);
    list.with_options(What::ScriptReads, OPEN);
    let readable = if list.set.scheme.carrier == Carrier::Cookie { OPEN } else { USUAL };
    list.ask(What::LootWorks, Setting { options: readable, ..list.set.as_usual() });
    list.with_defence(What::ScriptReads, readable, Difference::GuestbookCsp);
}

fn script_acts(list: &mut List) {
    let csp = |set: &Defences| Defences { guestbook_csp: set.guestbook_csp, ..Defences::default() };
    list.as_set(What::ScriptActs, csp);
    list.usual(What::ScriptActs);
    list.with_defence(What::ScriptActs, USUAL, Difference::GuestbookCsp);
}

fn other_site(list: &mut List) {
    let origin = |set: &Defences| Defences { check_origin: set.check_origin, ..Defences::default() };
    list.as_set(What::OtherSite(Attack::FormPost), origin);
    for attack in Attack::ALL {
        list.usual(What::OtherSite(attack));
    }
    for attack in [Attack::FormPost, Attack::Link] {
        list.with_options(What::OtherSite(attack), site(SameSite::Strict, false));
    }
    for attack in Attack::ALL {
        list.with_options(What::OtherSite(attack), site(SameSite::Unset, false));
    }
    for attack in Attack::ALL {
        list.with_options(What::OtherSite(attack), site(SameSite::None, true));
    }
    list.with_options(What::OtherSite(Attack::FormPost), site(SameSite::None, false));
    if list.set.scheme.carrier == Carrier::Cookie {
        list.with_defence(What::OtherSite(Attack::FormPost), site(SameSite::Unset, false), Difference::CheckOrigin);
        list.with_options(What::OtherSiteLater, site(SameSite::Unset, false));
    }
}

fn reload(list: &mut List) {
    list.as_set(What::KnownBeforeScript, |_| Defences::default());
    list.usual(What::KnownBeforeScript);
    list.with_options(What::KnownBeforeScript, site(SameSite::Strict, false));
}

fn cookie_rules(list: &mut List) {
    list.each(&[What::ProbesKept, What::ProbesVisible, What::ProbesFetched, What::ProbesFramed]);
    list.each(&Attack::ALL.map(What::ProbesCross));
    list.usual(What::ProbesLater);
}

fn ports(list: &mut List) {
    list.each(&[What::PortGetsIt, What::HostGetsIt]);
    // With a cookie nothing lies in localStorage: to find nothing there would say nothing.
    if list.set.scheme.carrier == Carrier::LocalStorage {
        list.usual(What::PortReadsStorage);
    }
}

fn copy_after_logout(list: &mut List) {
    let denylist = |set: &Defences| Defences { denylist: set.denylist, ..Defences::default() };
    list.as_set_defences(What::CopyWorks(Ending::LogOut), denylist);
    for ending in [Ending::LogOut, Ending::LogOutEverywhere] {
        list.usual(What::CopyWorks(ending));
    }
    for ending in [Ending::LogOut, Ending::LogOutEverywhere] {
        list.with_defence(What::CopyWorks(ending), USUAL, Difference::Denylist);
    }
    list.with_defence(What::DenylistEntries, USUAL, Difference::Denylist);
}

fn role_change(list: &mut List) {
    list.each(&[What::OldRoleWorks, What::DisabledWorks]);
    for what in [What::OldRoleWorks, What::DisabledWorks] {
        list.with_defence(what, USUAL, Difference::Denylist);
    }
}

fn restart(list: &mut List, stores: &[StoreKind]) {
    list.usual(What::SurvivesRestart);
    let clustering = Strategy::Clustering.topology(StoreKind::Sqlite);
    list.ask(What::SurvivesRestart, Setting { topology: clustering, ..list.set.as_usual() });
    for store in StoreKind::SHARED.into_iter().filter(|kind| stores.contains(kind)) {
        let topology = crate::topology::Topology { store, ..Default::default() };
        list.ask(What::SurvivesRestart, Setting { topology, ..list.set.as_usual() });
    }
}

fn expiry(list: &mut List) {
    let limits: &[Limit] = match list.set.scheme.credential {
        Credential::SessionId => &[Limit::Idle, Limit::Absolute],
        Credential::Jwt => &[Limit::Exp],
    };
    for limit in limits {
        list.each(&[What::AliveAt(*limit), What::AliveBefore(*limit)]);
    }
    list.usual(What::UseProlongs);
}

fn tampered(list: &mut List) {
    let tricks: &[Trick] = match list.set.scheme.credential {
        Credential::SessionId => &[Trick::GuessedId, Trick::OneCharacter],
        Credential::Jwt => {
            &[Trick::ChangedClaim, Trick::AlgNone, Trick::OtherKey, Trick::SwappedKid, Trick::OldSignature]
        }
    };
    for trick in tricks {
        list.usual(What::Forgery(*trick));
    }
}

fn store_copied(list: &mut List) {
    let hash_ids = |set: &Defences| Defences { hash_ids: set.hash_ids, ..Defences::default() };
    list.as_set_defences(What::CopiedRowsWork, hash_ids);
    list.usual(What::CopiedRowsWork);
    list.with_defence(What::CopiedRowsWork, USUAL, Difference::HashIds);
    if list.set.scheme.credential == Credential::Jwt {
        list.each(&[What::ForgedWorks, What::ForgedAfterRetiring]);
    }
    list.each(&[What::RotationLogsOut { retire: false }, What::RotationLogsOut { retire: true }]);
}

fn cost(list: &mut List) {
    list.each(&[What::LookUps, What::TimeToIdentify]);
    if list.set.scheme.credential == Credential::Jwt {
        list.with_defence(What::DenylistChecks, USUAL, Difference::Denylist);
    }
}

impl List<'_> {
    /// With the defences that matter; the cookie's options do not.
    fn as_set_defences(&mut self, what: What, keep: impl FnOnce(&Defences) -> Defences) {
        let defences = keep(&self.set.defences);
        self.ask(what, Setting { defences, ..self.set.as_usual() });
    }
}
