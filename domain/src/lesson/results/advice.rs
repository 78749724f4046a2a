//! Advice, each line from measured cells alone. Where one of its cells is not measured, or says otherwise, there is none.

use super::{Cell, Column, Subject, Table};
use crate::{
    cookie::SameSite,
    lesson::experiment::{Axis, Difference, Experiment, Finding, READS, What},
    scheme::{Carrier, Credential},
    topology::Strategy,
};

/// A line of advice. Its words are the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Keep it in a cookie with `HttpOnly`, and foreign scripts out all the same.
    HttpOnly,
    /// Give the cookie a `SameSite`.
    SameSite,
    /// A session ID where a logout or a role has to count at once.
    SessionToEnd,
    /// A JWT where servers are not to ask anybody, and as little in it as can be.
    JwtToSave,
    /// With several servers, sessions belong into a store of their own.
    StoreApart,
}

impl Advice {
    /// All of them, in the page's order.
    pub const ALL: [Self; 5] = [Self::HttpOnly, Self::SameSite, Self::SessionToEnd, Self::JwtToSave, Self::StoreApart];

    /// The rows that it rests on.
    #[must_use]
    pub const fn rests_on(self) -> &'static [Subject] {
        match self {
            Self::HttpOnly => {
                &[Subject::Experiment(Experiment::ScriptReads), Subject::Experiment(Experiment::ScriptActs)]
            }
            Self::SameSite => &[Subject::Experiment(Experiment::OtherSite)],
            Self::SessionToEnd => {
                &[Subject::Experiment(Experiment::CopyAfterLogout), Subject::Experiment(Experiment::RoleChange)]
            }
            Self::JwtToSave => &[Subject::Experiment(Experiment::Cost), Subject::Experiment(Experiment::Growth)],
            Self::StoreApart => &[Subject::What(What::KnownRequests), Subject::What(What::LostWithNode)],
        }
    }
}

/// A line of advice that what was measured bears out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The advice.
    pub advice: Advice,
    /// The rows that it rests on.
    pub rests_on: &'static [Subject],
}

/// What the measured cells of these tables advise.
#[must_use]
pub fn advice(tables: &[Table]) -> Vec<Given> {
    let holds = |advice: &Advice| holds(*advice, &Cells(tables)).unwrap_or(false);
    Advice::ALL.into_iter().filter(holds).map(|advice| Given { advice, rests_on: advice.rests_on() }).collect()
}

struct Cells<'a>(&'a [Table]);

impl Cells<'_> {
    fn cell(&self, axis: Axis, subject: Subject, column: Column) -> Option<&Cell> {
        self.0.iter().find(|table| table.axis == axis)?.cell(subject, column)
    }

    fn carrier(&self, experiment: Experiment, carrier: Carrier) -> Option<&Cell> {
        self.cell(Axis::Carrier, Subject::Experiment(experiment), Column::Carrier(carrier))
    }

    fn credential(&self, experiment: Experiment, credential: Credential) -> Option<&Finding> {
        self.cell(Axis::Credential, Subject::Experiment(experiment), Column::Credential(credential))?.finding()
    }

    fn strategy(&self, what: What, strategy: Strategy) -> Option<&Finding> {
        self.cell(Axis::Servers, Subject::What(what), Column::Strategy(strategy))?.finding()
    }
}

/// `None` where a cell that it rests on is not measured.
fn holds(advice: Advice, cells: &Cells) -> Option<bool> {
    let yes = &Finding::Yes;
    let no = &Finding::No;
    let both = |experiment| {
        let of = |credential| cells.credential(experiment, credential);
        Some((of(Credential::SessionId)?, of(Credential::Jwt)?))
    };
    Some(match advice {
        Advice::HttpOnly => {
            let reads = |carrier| cells.carrier(Experiment::ScriptReads, carrier)?.finding();
            let acts = cells.carrier(Experiment::ScriptActs, Carrier::Cookie)?.finding()?;
            (reads(Carrier::Cookie)?, reads(Carrier::LocalStorage)?, acts) == (no, yes, yes)
        }
        Advice::SameSite => {
            let form = cells.carrier(Experiment::OtherSite, Carrier::Cookie)?;
            let is_lax = |(set, found): &(Vec<Difference>, Finding)| set.is_empty() && found == no;
            let is_absent = form.trial.setting.options.same_site == SameSite::Unset;
            is_absent && form.finding()? == yes && form.otherwise.iter().any(is_lax)
        }
        Advice::SessionToEnd => {
            both(Experiment::CopyAfterLogout)? == (no, yes) && both(Experiment::RoleChange)? == (no, yes)
        }
        Advice::JwtToSave => {
            let (with_session, with_jwt) = both(Experiment::Cost)?;
            let saves = matches!((with_session, with_jwt), (Finding::Count(some), Finding::Count(0)) if *some > 0);
            saves && both(Experiment::Growth)? == (no, yes)
        }
        Advice::StoreApart => {
            let all = &Finding::Count(READS);
            let known = |strategy| cells.strategy(What::KnownRequests, strategy);
            let lost = |strategy| cells.strategy(What::LostWithNode, strategy);
            let apart = known(Strategy::Separate)? == all && lost(Strategy::Separate)? == no;
            apart && known(Strategy::Problem)? != all && lost(Strategy::Sticky)? == yes
        }
    })
}
