//! What running a trial found, or why it found nothing.

use super::experiment::{Experiment, Finding, Prediction, Setting, Trial, Verdict, judge, predict};
use crate::{
    balance::NodeId,
    exchange::Exchange,
    scheme::{Credential, Scheme},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The answer.
    pub finding: Finding,
    /// Figures that belong to it, each with what it counts; the words are the page's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<(Figure, u64)>,
    /// Which host and port was asked, as the browser said there; its record is not the wire's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// What was read, literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// The cart's items, the bytes of a request's credential, the bytes of the server's row: a line of the chart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub growth: Vec<Growth>,
    /// What went over the wire for it. It is not written down.
    #[serde(skip)]
    pub exchanges: Vec<Arc<Exchange>>,
}

impl Measured {
    /// One with nothing but its answer.
    pub fn new(finding: impl Into<Finding>) -> Self {
        Self {
            finding: finding.into(),
            figures: Vec::new(),
            asked: None,
            read: None,
            growth: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    /// With one more figure.
    #[must_use]
    pub fn with(mut self, figure: Figure, value: u64) -> Self {
        self.figures.push((figure, value));
        self
    }
}

/// What a figure beside a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// The status of the answer that decided.
    Status,
    /// Credentials that came along with the request that decided.
    CameAlong,
    /// The status of the answer with the credential.
    StatusWith,
    /// The status of the answer without it.
    StatusWithout,
    /// The status with it again.
    StatusAgain,
    /// The status of the answer to the credential that was not forged.
    StatusGenuine,
    /// Bytes with an empty cart.
    BytesEmpty,
    /// Bytes with the fullest cart.
    BytesFull,
    /// Items in the cart when it happened.
    Items,
    /// Bytes of name and value of the largest cookie that was kept.
    LargestKept,
    /// Bytes of name and value of the cookie that was dropped.
    Dropped,
    /// Seconds until a copy is dead by itself.
    SecondsLeft,
    /// Bytes that the attacker got.
    BytesTaken,
    /// The browser itself sent the request again, so often.
    SentAgainByBrowser,
    /// Credentials that were found where they were looked for.
    Found,
    /// Credentials that were found in the page's own localStorage, in the same way.
    FoundAtHome,
    /// The node that was stopped.
    Stopped,
    /// Of a few requests ([`ASKED`](super::experiment::ASKED)) before it stopped, those that met a node which knew the login.
    KnownBefore,
    /// Of as many after it.
    KnownAfter,
    /// Numbers of a crowd that could be held against theory.
    Judged,
    /// Rows in the session store.
    Rows,
    /// Requests that met this node, which knew the login.
    Knew(NodeId),
    /// Requests that met this node, which did not know it.
    DidNotKnow(NodeId),
}

impl Figure {
    /// As it is shown: a status with its reason phrase (RFC 9110 §15), everything else as a number.
    #[must_use]
    pub fn value(self, n: u64) -> String {
        let is_status = matches!(
            self,
            Self::Status | Self::StatusWith | Self::StatusWithout | Self::StatusAgain | Self::StatusGenuine
        );
        let phrase = match n {
            200 => "OK",
            204 => "No Content",
            303 => "See Other",
            304 => "Not Modified",
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            _ => "",
        };
        if is_status && !phrase.is_empty() { format!("{n} {phrase}") } else { n.to_string() }
    }
}

/// How much travels and how much is stored at one size of the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growth {
    /// So many items.
    pub items: u64,
    /// Bytes of a request's credential.
    pub request_bytes: u64,
    /// Bytes of the server's row.
    pub row_bytes: u64,
}

/// Why a run has no finding. Each is said with what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The server gave no answer.
    Unreachable,
    /// The part of the page that measures could not be fetched.
    NotLoaded,
    /// Another tab of the lab measures or tries something at this moment.
    OtherTab,
    /// The browser did not open the attacker's window, or it was closed.
    NoWindow,
    /// The attacker's origin cannot be reached from here.
    NoAttacker,
    /// It cannot be measured at this address: the attacker is no other site, or there is no other port of the
    /// page's host.
    NotHere,
    /// The server refused a step of the run that should have worked.
    Refused {
        /// The status of the answer.
        status: u16,
        /// What the server said.
        detail: String,
    },
    /// A forged credential was refused, but not for what is wrong with it: that says nothing about the forgery.
    RefusedOtherwise {
        /// What the server found wrong.
        why: String,
    },
    /// The browser calculates no signatures for a page that came by plain http from another machine.
    NoSignatures,
    /// The token is to be forged with a key for HMAC, and its own is of another algorithm.
    NotHmac,
    /// Something else happened to the lab while a crowd ran, or the crowd was stopped: theory has no say on it.
    Disturbed,
    /// Something that should have come did not.
    TimedOut,
    /// The visitor stopped it.
    Stopped,
}

/// A trial and what came of it last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The experiment.
    pub experiment: Experiment,
    /// The trial.
    pub trial: Trial,
    /// What came of it.
    pub outcome: Result<Measured, Failure>,
    /// When, in seconds since 1970 by the browser's clock.
    pub at: f64,
}

impl Entry {
    /// What the rules say.
    #[must_use]
    pub fn predicted(&self) -> Option<Prediction> {
        predict(self.trial.what, &self.trial.setting)
    }

    /// Beside its prediction; `None` where there is no finding.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let measured = self.outcome.as_ref().ok()?;
        Some(judge(self.predicted().as_ref(), &measured.finding))
    }
}

/// A browser's rules about cookies do not know what a cookie holds, so both cookie schemes share the result.
#[must_use]
pub fn scheme_of_result(trial: &Trial) -> Scheme {
    let Scheme { carrier, credential } = trial.setting.scheme;
    let credential = if trial.what.is_about_the_carrier_alone() { Credential::SessionId } else { credential };
    Scheme::new(credential, carrier)
}

/// Whether the result of one is the other's, too.
#[must_use]
pub fn same(one: &Trial, other: &Trial) -> bool {
    one.what == other.what
        && scheme_of_result(one) == scheme_of_result(other)
        && Setting { scheme: other.setting.scheme, ..one.setting.clone() } == other.setting
}

/// The outcome of just this trial, if it was run.
#[must_use]
pub fn entry<'a>(entries: &'a [Entry], trial: &Trial) -> Option<&'a Entry> {
    entries.iter().find(|entry| same(&entry.trial, trial))
}
