//! Keeps what was measured and seen in the lab itself, so that a reload, another tab and the shared link show the same.

use crate::{
    browser::{self, Answer, Outgoing},
    state::bench::Bench,
};
use domain::{
    api::{KeepResults, KeptResults, ResultsVersion},
    lesson::{
        claim::claims,
        saved::{Saved, same_run},
    },
};
use leptos::{prelude::*, task::spawn_local};

/// How often it is tried again when another tab was faster.
const TIMES: u8 = 4;

/// Reads what the lab keeps, and from now on keeps in it what is measured and seen. Called once.
pub(crate) fn start(bench: Bench) {
    Effect::new(move || {
        bench.keeps_results.track();
        ask(bench, true);
    });
    // While something runs, with each experiment that has come to its end: whoever loads the page anew has those.
    Effect::new(move |before: Option<Option<_>>| {
        bench.guide.seen.track();
        let now = bench.experiments.running.with(|run| Some(run.as_ref()?.now.first()?.0));
        if before.is_some_and(|before| before != now || now.is_none()) {
            ask(bench, false);
        }
        now
    });
}

/// One after the other.
fn ask(bench: Bench, read: bool) {
    let was_busy = bench.experiments.agreed.try_update_value(|agreed| {
        agreed.wanted = Some(agreed.wanted.unwrap_or(false) || read);
        std::mem::replace(&mut agreed.is_busy, true)
    });
    if was_busy == Some(false) {
        spawn_local(async move {
            while let Some(read) = next(bench) {
                agree(bench, read).await;
            }
        });
    }
}

fn next(bench: Bench) -> Option<bool> {
    bench.experiments.agreed.try_update_value(|agreed| {
        let wanted = agreed.wanted.take();
        agreed.is_busy = wanted.is_some();
        wanted
    })?
}

/// Reads if need be, and writes what is new here. When another tab was faster, both are put together.
async fn agree(bench: Bench, read: bool) {
    if read {
        take_over(bench).await;
    }
    for _ in 0..TIMES {
        let mine = mine(bench);
        let (version, new, whole) = bench.experiments.agreed.with_value(|agreed| {
            let new = mine.since(&agreed.saved);
            (agreed.version, !new.is_empty(), agreed.saved.clone().with(new))
        });
        if !new {
            return;
        }
        let Ok(body) = serde_json::to_string(&KeepResults { version, results: whole.write() }) else { return };
        match send(bench, "PUT", Some(body)).await {
            Some(answer) if answer.ok() => {
                if let Ok(ResultsVersion { version }) = serde_json::from_str(&answer.body) {
                    bench.experiments.agreed.update_value(|agreed| (agreed.version, agreed.saved) = (version, whole));
                }
                return;
            }
            Some(Answer { status: 409, .. }) => take_over(bench).await,
            // What cannot be kept now is kept with the next run.
            _ => return,
        }
    }
}

/// Takes over what the lab keeps, and leaves what is new here.
async fn take_over(bench: Bench) {
    let Some(answer) = send(bench, "GET", None).await.filter(Answer::ok) else { return };
    let Ok(KeptResults { version, results }) = serde_json::from_str(&answer.body) else { return };
    if bench.experiments.agreed.with_value(|agreed| agreed.version == version) {
        return;
    }
    let theirs = Saved::read(results.unwrap_or_default());
    let mine = mine(bench);
    let new = bench.experiments.agreed.with_value(|agreed| mine.since(&agreed.saved));
    let whole = theirs.clone().with(new);
    bench.experiments.agreed.update_value(|agreed| (agreed.version, agreed.saved) = (version, theirs));
    // What was measured here still has its exchanges.
    let entries = whole.entries.into_iter().map(|entry| {
        let known = mine.entries.iter().find(|known| same_run(known, &entry));
        known.cloned().unwrap_or(entry)
    });
    let entries: Vec<_> = entries.collect();
    if bench.experiments.entries.with_untracked(|known| *known != entries) {
        bench.experiments.entries.set(entries);
    }
    let seen = claims().map(|(_, claim)| claim.id).filter(|id| whole.seen.contains(*id)).collect();
    if bench.guide.seen.with_untracked(|known| *known != seen) {
        bench.guide.seen.set(seen);
    }
}

fn mine(bench: Bench) -> Saved {
    Saved {
        entries: bench.experiments.entries.get_untracked(),
        seen: bench.guide.seen.with_untracked(|seen| seen.iter().map(|id| (*id).to_owned()).collect()),
    }
}

async fn send(bench: Bench, method: &'static str, body: Option<String>) -> Option<Answer> {
    let url = bench.path("control/results");
    let outgoing = Outgoing { method, url, bearer: None, body, cookies: true, ..Outgoing::default() };
    browser::fetch(outgoing).await.ok()
}
