//! What is behind a claim: some of the comparisons of an experiment, with one scheme.

use super::experiment::{Difference, Experiment, Trial, What};
use crate::scheme::{Carrier, Credential, Scheme};

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
}

pub(crate) const SESSION_COOKIE: Scheme = Scheme::new(Credential::SessionId, Carrier::Cookie);
pub(crate) const SESSION_STORAGE: Scheme = Scheme::new(Credential::SessionId, Carrier::LocalStorage);
pub(crate) const JWT_COOKIE: Scheme = Scheme::new(Credential::Jwt, Carrier::Cookie);
pub(crate) const JWT_STORAGE: Scheme = Scheme::new(Credential::Jwt, Carrier::LocalStorage);

pub(crate) const fn part(experiment: Experiment, scheme: Scheme, belongs: fn(What, &[Difference]) -> bool) -> Part {
    Part { experiment, scheme, belongs }
}
