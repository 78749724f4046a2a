//! What people commonly ask, and the comparisons that show the answer.

use crate::{
    attack::Attack,
    cookie::SameSite,
    lesson::experiment::{Difference, Ending, Experiment, Trial, What},
    scheme::{Carrier, Credential, Scheme},
};

/// What people ask, in the page's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why can't I see my cookie in `document.cookie`?
    HiddenCookie,
    /// Why isn't my cookie sent?
    UnsentCookie,
    /// Is localStorage safe?
    LocalStorage,
    /// Is a JWT encrypted?
    EncryptedJwt,
    /// How do I log out a JWT?
    JwtLogout,
    /// Do I need CSRF protection with Bearer?
    CsrfWithBearer,
    /// Why was everybody logged out when we added a server?
    AddedServer,
    /// Are sessions against HTTP being stateless?
    Stateless,
}

/// A part of an answer: those comparisons of an experiment with one scheme that belong to the question.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The experiment.
    pub experiment: Experiment,
    /// The scheme that this part is about.
    pub scheme: Scheme,
    belongs: fn(What, &[Difference]) -> bool,
}

impl Part {
    /// Those trials of the experiment that belong to the question.
    #[must_use]
    pub fn of(&self, mut trials: Vec<Trial>) -> Vec<Trial> {
        trials.retain(|trial| (self.belongs)(trial.what, &trial.setting.differences()));
        trials
    }
}

pub(crate) const SESSION_COOKIE: Scheme = Scheme::new(Credential::SessionId, Carrier::Cookie);
pub(crate) const SESSION_STORAGE: Scheme = Scheme::new(Credential::SessionId, Carrier::LocalStorage);
pub(crate) const JWT_COOKIE: Scheme = Scheme::new(Credential::Jwt, Carrier::Cookie);
pub(crate) const JWT_STORAGE: Scheme = Scheme::new(Credential::Jwt, Carrier::LocalStorage);

pub(crate) const fn part(experiment: Experiment, scheme: Scheme, belongs: fn(What, &[Difference]) -> bool) -> Part {
    Part { experiment, scheme, belongs }
}

impl Question {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::HiddenCookie,
        Self::UnsentCookie,
        Self::LocalStorage,
        Self::EncryptedJwt,
        Self::JwtLogout,
        Self::CsrfWithBearer,
        Self::AddedServer,
        Self::Stateless,
    ];

    /// What shows the answer, part by part. Nothing in it has to wait for minutes.
    #[must_use]
    pub const fn parts(self) -> &'static [Part] {
        match self {
            Self::HiddenCookie => HIDDEN_COOKIE,
            Self::UnsentCookie => UNSENT_COOKIE,
            Self::LocalStorage => LOCAL_STORAGE,
            Self::EncryptedJwt => ENCRYPTED_JWT,
            Self::JwtLogout => JWT_LOGOUT,
            Self::CsrfWithBearer => CSRF_WITH_BEARER,
            Self::AddedServer => ADDED_SERVER,
            Self::Stateless => STATELESS,
        }
    }
}

const HIDDEN_COOKIE: &[Part] = &[
    part(Experiment::ScriptReads, SESSION_COOKIE, |what, set| {
        what == What::ScriptReads && matches!(set, [] | [Difference::NoHttpOnly])
    }),
    part(Experiment::Reload, SESSION_COOKIE, is_usual),
];

const UNSENT_COOKIE: &[Part] = &[
    part(Experiment::OtherSite, SESSION_COOKIE, |what, set| match set {
        [] => true,
        [Difference::SameSite(SameSite::Strict)] => what == What::OtherSite(Attack::Link),
        [Difference::SameSite(SameSite::None), ..] => {
            matches!(what, What::OtherSite(Attack::FormPost | Attack::Fetch))
        }
        _ => false,
    }),
    part(Experiment::Ports, SESSION_COOKIE, |_, _| true),
    part(Experiment::CookieRules, SESSION_COOKIE, |what, _| !what.takes_minutes()),
];

const LOCAL_STORAGE: &[Part] = &[
    part(Experiment::OtherSite, JWT_STORAGE, is_usual),
    part(Experiment::Ports, JWT_STORAGE, |what, _| what == What::PortReadsStorage),
    part(Experiment::ScriptReads, JWT_STORAGE, is_usual),
];

const ENCRYPTED_JWT: &[Part] =
    &[part(Experiment::Payload, JWT_STORAGE, is_usual), part(Experiment::Tampered, JWT_STORAGE, is_usual)];

const JWT_LOGOUT: &[Part] = &[
    part(Experiment::CopyAfterLogout, JWT_STORAGE, is_logout),
    part(Experiment::Cost, JWT_STORAGE, |what, _| what == What::DenylistChecks),
    part(Experiment::Expiry, JWT_STORAGE, |what, _| matches!(what, What::AliveAt(_) | What::AliveBefore(_))),
    part(Experiment::CopyAfterLogout, SESSION_COOKIE, |what, set| is_logout(what, set) && set.is_empty()),
];

const CSRF_WITH_BEARER: &[Part] = &[
    part(Experiment::Stateless, JWT_STORAGE, is_usual),
    part(Experiment::OtherSite, JWT_STORAGE, is_usual),
    part(Experiment::OtherSite, JWT_COOKIE, |what, set| {
        const UNSET: Difference = Difference::SameSite(SameSite::Unset);
        what == What::OtherSite(Attack::FormPost) && matches!(set, [] | [UNSET] | [UNSET, Difference::CheckOrigin])
    }),
];

const ADDED_SERVER: &[Part] = &[
    part(Experiment::Problem, SESSION_COOKIE, |what, set| is_known(what, set) && set.is_empty()),
    part(Experiment::Problem, SESSION_COOKIE, |what, set| is_known(what, set) && !set.is_empty()),
    part(Experiment::Sticky, SESSION_COOKIE, is_known),
    part(Experiment::Clustering, SESSION_COOKIE, is_known),
    part(Experiment::Separate, SESSION_COOKIE, is_known),
    part(Experiment::Problem, JWT_STORAGE, |what, set| is_known(what, set) && !set.is_empty()),
];

const STATELESS: &[Part] =
    &[part(Experiment::Stateless, SESSION_COOKIE, is_usual), part(Experiment::Stateless, JWT_STORAGE, is_usual)];

fn is_usual(_: What, set: &[Difference]) -> bool {
    set.is_empty()
}

fn is_logout(what: What, _: &[Difference]) -> bool {
    matches!(what, What::CopyWorks(Ending::LogOut) | What::DenylistEntries)
}

fn is_known(what: What, _: &[Difference]) -> bool {
    matches!(what, What::KnownRequests | What::LostWithNode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cookie::{CookieOptions, Engine, Origin},
        lesson::experiment::{Finding, Setting, predict, trials},
        topology::StoreKind,
        view::Defences,
    };

    /// As things are after the start, and as a visitor may have set them.
    fn settings(scheme: Scheme) -> [Setting; 2] {
        let origin = Origin::parse("http://localhost:3000").unwrap();
        let usual = Setting::usual(scheme, Engine::Blink, origin);
        let options = CookieOptions { same_site: SameSite::None, secure: true, http_only: false, ..usual.options };
        let defences = Defences { check_origin: true, denylist: true, guestbook_csp: true, ..usual.defences };
        [usual.clone(), Setting { options, defences, ..usual }]
    }

    fn shown(part: &Part, set: &Setting) -> Vec<Trial> {
        part.of(trials(part.experiment, set, &[StoreKind::Sqlite]))
    }

    #[test]
    fn every_part_shows_the_same_comparisons_whatever_the_visitor_has_set_and_none_waits() {
        for question in Question::ALL {
            for part in question.parts() {
                let [usual, set] = settings(part.scheme).map(|set| shown(part, &set));
                assert!(!usual.is_empty(), "{question:?}: {part:?}");
                let whats = |trials: &[Trial]| trials.iter().map(|trial| trial.what).collect::<Vec<_>>();
                for what in whats(&usual) {
                    assert!(whats(&set).contains(&what), "{question:?}: {what:?}");
                    assert!(!what.takes_minutes(), "{question:?}: {what:?}");
                }
            }
        }
    }

    #[test]
    fn a_question_about_why_shows_both_sides() {
        for question in [
            Question::HiddenCookie,
            Question::UnsentCookie,
            Question::LocalStorage,
            Question::JwtLogout,
            Question::CsrfWithBearer,
        ] {
            let parts = question.parts().iter();
            let trials = parts.flat_map(|part| shown(part, &settings(part.scheme)[0]));
            let found: Vec<_> = trials.filter_map(|t| predict(t.what, &t.setting)).map(|p| p.finding).collect();
            assert!(found.contains(&Finding::Yes) && found.contains(&Finding::No), "{question:?}: {found:?}");
        }
    }
}
