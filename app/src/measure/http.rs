//! What HTTP itself remembers, which is nothing, and what follows from that: sending again, and caches.

use crate::{
    browser::{Answer, Cache, Outgoing},
    measure::{
        asking::{let_in, marked, me},
        rig::{Rig, good, json},
    },
};
use domain::{
    api::{LoggedOut, Orders, PlaceOrder, SetFaults},
    exchange::Did,
    lesson::{
        experiment::{Finding, Repeated, Setting, Trial, What},
        measured::{Failure, Figure, Measured},
    },
};
use std::collections::BTreeSet;

/// How often something is fetched, where caches are asked about.
const TWICE: usize = 2;

pub(crate) async fn measure(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    rig.begin(&trial.setting).await?;
    match trial.what {
        What::Remembered => remembered(rig).await,
        What::Done(what) => done(rig, what).await,
        What::CatalogRequests => requests(rig, "api/catalog").await,
        What::MeRequests => requests(rig, "api/me").await,
        What::NotModified => not_modified(rig).await,
        What::CacheTells => cache_tells(rig).await,
        What::CacheTellsIfAllowed => {
            rig.steer("PUT", "faults", &SetFaults { me_cacheable: Some(true), ..SetFaults::default() }).await?;
            cache_tells(rig).await
        }
        What::NodesAnswering => nodes_answering(rig, &trial.setting).await,
        What::SameAnswer => same_answer(rig, &trial.setting).await,
        // The other questions are asked elsewhere.
        _ => Err(Failure::NotHere),
    }
}

/// Whether the server knows somebody who sends no credential, right after it has answered them.
async fn remembered(rig: &Rig) -> Result<Measured, Failure> {
    // The same connection even, for all that it matters.
    let known = rig.ask().await?;
    me(&known)?.ok_or(Failure::TimedOut)?;
    let url = rig.bench.path(&marked("api/me", Rig::marker()));
    let answer = rig.raw(Outgoing { method: "GET", url, ..Outgoing::default() }).await?;
    // Nothing has ended meanwhile: what the server stores is still there, and the credential is enough to find it.
    let again = rig.ask().await?;
    me(&again)?.ok_or(Failure::TimedOut)?;
    let rows = rig.refresh_view().await?.rows().count();
    Ok(Measured::new(let_in(&answer)?)
        .with(Figure::StatusWith, u64::from(known.status))
        .with(Figure::StatusWithout, u64::from(answer.status))
        .with(Figure::StatusAgain, u64::from(again.status))
        .with(Figure::Rows, u64::try_from(rows).unwrap_or(u64::MAX)))
}

/// How many orders there are more after a request whose answer was lost was sent again.
async fn done(rig: &Rig, what: Repeated) -> Result<Measured, Failure> {
    let before = orders(rig).await?;
    let measured = sent_again(rig, what, &before).await;
    // Nothing is left behind, however it went; what the visitor ordered stays.
    let tidy = Rig::to_tidy_up(rig.bench);
    for order in orders(&tidy).await?.difference(&before) {
        let _: Orders = good(&tidy.lesson("DELETE", &format!("api/orders?order={order}"), None).await?)?;
    }
    measured
}

async fn sent_again(rig: &Rig, what: Repeated, before: &BTreeSet<u64>) -> Result<Measured, Failure> {
    rig.steer("PUT", "faults", &SetFaults { drop_responses: Some(1), ..SetFaults::default() }).await?;
    let n = Rig::marker();
    let outgoing = repeated(rig, what, n);
    // It fails unless the browser sends it again by itself, as browsers do where the connection was used before.
    let _ = rig.raw(outgoing.clone()).await;
    let mut recorded = rig.recorded_with(n).await?;
    let sent_again_by_browser = recorded.len().saturating_sub(1);
    if recorded.len() < 2 {
        rig.raw(outgoing).await?;
        recorded = rig.recorded_with(n).await?;
    }
    let was_lost = recorded.iter().any(|exchange| exchange.steps.iter().any(|step| step.did == Did::LostAnswer));
    if recorded.len() != 2 || !was_lost {
        return Err(Failure::TimedOut);
    }
    if let Some(refused) = recorded.iter().find(|exchange| !(200..300).contains(&exchange.response.status)) {
        let detail = refused.response.body.clone().unwrap_or_default();
        return Err(Failure::Refused { status: refused.response.status, detail });
    }
    let new = orders(rig).await?.difference(before).count();
    Ok(counted(new).with(Figure::SentAgainByBrowser, sent_again_by_browser.try_into().unwrap_or(u64::MAX)))
}

fn repeated(rig: &Rig, what: Repeated, n: u64) -> Outgoing {
    let order = json(&PlaceOrder { item: "pen".to_owned() });
    let (method, route, body) = match what {
        Repeated::Get => ("GET", "api/me", None),
        Repeated::Post | Repeated::PostWithKey => ("POST", "api/orders", order),
    };
    let headers = match what {
        Repeated::PostWithKey => vec![("Idempotency-Key", format!("{n}-{}", Rig::marker()))],
        Repeated::Get | Repeated::Post => Vec::new(),
    };
    let (url, bearer) = (rig.bench.path(&marked(route, n)), rig.bench.stored());
    Outgoing { method, url, bearer, body, cookies: true, headers, ..Outgoing::default() }
}

/// The numbers of alice's orders.
async fn orders(rig: &Rig) -> Result<BTreeSet<u64>, Failure> {
    let all: Orders = good(&rig.lesson("GET", "api/orders", None).await?)?;
    Ok(all.orders.into_iter().map(|order| order.order).collect())
}

/// How many of two fetches reach the server.
async fn requests(rig: &Rig, route: &str) -> Result<Measured, Failure> {
    let n = Rig::marker();
    for _ in 0..TWICE {
        if !let_in(&fetch(rig, route, n, Cache::AsTold).await?)? {
            return Err(Failure::TimedOut);
        }
    }
    Ok(counted(rig.recorded_with(n).await?.len()))
}

/// Whether the server says that the browser's copy still holds, instead of sending it again.
async fn not_modified(rig: &Rig) -> Result<Measured, Failure> {
    let n = Rig::marker();
    fetch(rig, "api/catalog", n, Cache::AsTold).await?;
    fetch(rig, "api/catalog", n, Cache::Revalidate).await?;
    let recorded = rig.recorded_with(n).await?;
    let last = recorded.get(1).ok_or(Failure::TimedOut)?;
    let status = last.response.status;
    Ok(Measured::new(status == 304).with(Figure::Status, u64::from(status)))
}

/// Whether the browser's cache still tells who was logged in, when nobody is any more.
async fn cache_tells(rig: &Rig) -> Result<Measured, Failure> {
    let n = Rig::marker();
    fetch(rig, "api/catalog", n, Cache::AsTold).await?;
    me(&fetch(rig, "api/me", n, Cache::AsTold).await?)?.ok_or(Failure::TimedOut)?;
    let LoggedOut { .. } = good(&rig.lesson("POST", "api/logout", None).await?)?;
    rig.bench.keep(None);
    // What may be kept is found this way: else to find nothing would say nothing.
    kept(rig, "api/catalog", n).await?.filter(Answer::ok).ok_or(Failure::TimedOut)?;
    let tells = kept(rig, "api/me", n).await?.is_some_and(|answer| answer.body.contains("alice"));
    Ok(Measured::new(tells))
}

/// What the browser's cache has, without a request.
async fn kept(rig: &Rig, route: &str, n: u64) -> Result<Option<Answer>, Failure> {
    let before = rig.recorded_with(n).await?.len();
    match fetch(rig, route, n, Cache::Only).await {
        // A browser that asks the server all the same has not found it in its cache.
        Ok(_) if rig.recorded_with(n).await?.len() > before => Ok(None),
        Ok(answer) => Ok(Some(answer)),
        // Where the cache has nothing, the browser answers with an error of its own.
        Err(Failure::Unreachable) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// How many servers answer requests that need nothing remembered, one request for each server.
async fn nodes_answering(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let answers = answers(rig, setting).await?;
    let nodes: BTreeSet<_> = answers.iter().filter_map(|answer| answer.node).collect();
    Ok(counted(nodes.len()))
}

/// Whether they answer the same.
async fn same_answer(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let answers = answers(rig, setting).await?;
    let bodies: BTreeSet<_> = answers.iter().map(|answer| &answer.body).collect();
    Ok(Measured::new(bodies.len() == 1))
}

async fn answers(rig: &Rig, setting: &Setting) -> Result<Vec<Answer>, Failure> {
    let mut answers = Vec::new();
    for _ in 0..setting.topology.nodes {
        // Another number each time: no cache answers.
        let answer = fetch(rig, "api/catalog", Rig::marker(), Cache::AsTold).await?;
        if !let_in(&answer)? {
            return Err(Failure::TimedOut);
        }
        answers.push(answer);
    }
    Ok(answers)
}

/// A `GET` as the page's script sends it, by way of the browser's cache.
async fn fetch(rig: &Rig, route: &str, n: u64, cache: Cache) -> Result<Answer, Failure> {
    let (url, bearer) = (rig.bench.path(&marked(route, n)), rig.bench.stored());
    rig.raw(Outgoing { method: "GET", url, bearer, cookies: true, cache, ..Outgoing::default() }).await
}

fn counted(count: usize) -> Measured {
    Measured::new(Finding::Count(u64::try_from(count).unwrap_or(u64::MAX)))
}
