//! What answers say of whoever asked, and finding requests again in the record.

use crate::{
    browser::Answer,
    measure::rig::{Rig, good},
};
use domain::{
    api::{Login, Me, Problem},
    exchange::Exchange,
    lesson::measured::Failure,
    view::{Row, ServerView},
};
use std::collections::BTreeSet;

/// Whether an answer let whoever asked in. An answer that says neither is no finding.
pub(super) fn let_in(answer: &Answer) -> Result<bool, Failure> {
    match answer.status {
        200..300 => Ok(true),
        401 | 403 => Ok(false),
        status => Err(Failure::Refused { status, detail: detail(answer) }),
    }
}

fn detail(answer: &Answer) -> String {
    serde_json::from_str::<Problem>(&answer.body).map(|problem| problem.detail).unwrap_or_default()
}

/// Whom an answer of `api/me` speaks of; `None` when it was refused.
pub(super) fn me(answer: &Answer) -> Result<Option<Me>, Failure> {
    if let_in(answer)? { good(answer).map(Some) } else { Ok(None) }
}

/// Whether an answer of `api/me` speaks of this user.
pub(super) fn speaks_of(answer: &Answer, name: &str) -> Result<bool, Failure> {
    Ok(me(answer)?.is_some_and(|me| me.user.name == name))
}

/// A route whose requests can be found again in the record.
pub(super) fn marked(route: &str, n: u64) -> String {
    format!("{route}?n={n}")
}

/// The rows with these keys, each once, however many nodes hold a copy.
pub(super) fn rows_of(view: &ServerView, keys: &BTreeSet<String>) -> Vec<Row> {
    let mut rows: Vec<Row> = view.rows().filter(|row| keys.contains(&row.key)).cloned().collect();
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    rows.dedup_by(|a, b| a.key == b.key);
    rows
}

impl Rig {
    /// Asks who this browser is: at an address of its own, so that no cache answers for the server.
    pub(super) async fn ask(&self) -> Result<Answer, Failure> {
        self.lesson("GET", &marked("api/me", Self::marker()), None).await
    }

    /// Asks who this browser is, and returns what the server recorded of it as well.
    pub(super) async fn ask_recorded(&self) -> Result<(Answer, Exchange), Failure> {
        let n = Self::marker();
        let answer = self.lesson("GET", &marked("api/me", n), None).await?;
        let exchange = self.recorded_with(n).await?.pop().ok_or(Failure::TimedOut)?;
        Ok((answer, exchange))
    }

    /// Asks as somebody else who has a copy of a credential. Another machine has a cache of its own.
    pub(super) async fn ask_as_thief(&self, credential: &str) -> Result<Answer, Failure> {
        self.as_thief(credential, &marked("api/me", Self::marker())).await
    }

    /// The recorded requests with this marker. What was answered is recorded already.
    pub(super) async fn recorded_with(&self, n: u64) -> Result<Vec<Exchange>, Failure> {
        let end = format!("?n={n}");
        let mut all = self.recorded().await?;
        all.retain(|exchange| exchange.request.path.ends_with(&end));
        Ok(all)
    }

    /// Logs in, and returns the keys of the rows that the stores have got by it.
    pub(super) async fn log_in_for_rows(&self, login: Login) -> Result<BTreeSet<String>, Failure> {
        let keys = |view: &ServerView| view.logins().into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let before = keys(&self.refresh_view().await?);
        self.log_in(login).await?;
        let after = keys(&self.refresh_view().await?);
        Ok(after.difference(&before).cloned().collect())
    }

    /// Waits until nothing is under way between the nodes.
    pub(super) async fn settled(&self) -> Result<ServerView, Failure> {
        self.view_when(|view| view.replication.in_flight == 0).await
    }

    /// The credential that this browser holds. Without one there is nothing to measure.
    pub(super) fn held(&self) -> Result<String, Failure> {
        self.credential().ok_or(Failure::TimedOut)
    }
}
