//! What is behind a claim: some of the comparisons of an experiment, with one scheme.

use super::experiment::{Difference, Experiment, Trial, What};
use crate::{
    attack::Attack,
    scheme::{Carrier, Credential, Scheme},
};

/// Those comparisons of an experiment with one scheme that belong to a claim.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The experiment.
    pub experiment: Experiment,
    /// The scheme that it is about.
    pub scheme: Scheme,
    belongs: fn(What, &[Difference]) -> bool,
}

impl Part {
    /// Those trials of the experiment that belong to the claim.
    #[must_use]
    pub fn of(&self, mut trials: Vec<Trial>) -> Vec<Trial> {
        trials.retain(|trial| (self.belongs)(trial.what, &trial.setting.differences()));
        trials
    }

    /// Whether another site has to ask for one of them, from the attacker's window, which the browser opens only on a
    /// click. Known without making the trials.
    #[must_use]
    pub fn needs_window(&self) -> bool {
        let belongs = |what| (self.belongs)(what, &[]);
        match self.experiment {
            Experiment::OtherSite => true,
            Experiment::Ports => belongs(What::HostGetsIt),
            Experiment::CookieRules => {
                belongs(What::ProbesLater) || Attack::ALL.into_iter().any(|attack| belongs(What::ProbesCross(attack)))
            }
            _ => false,
        }
    }
}

pub(crate) const SESSION_COOKIE: Scheme = Scheme::new(Credential::SessionId, Carrier::Cookie);
pub(crate) const SESSION_STORAGE: Scheme = Scheme::new(Credential::SessionId, Carrier::LocalStorage);
pub(crate) const JWT_COOKIE: Scheme = Scheme::new(Credential::Jwt, Carrier::Cookie);
pub(crate) const JWT_STORAGE: Scheme = Scheme::new(Credential::Jwt, Carrier::LocalStorage);

pub(crate) const fn part(experiment: Experiment, scheme: Scheme, belongs: fn(What, &[Difference]) -> bool) -> Part {
    Part { experiment, scheme, belongs }
}
