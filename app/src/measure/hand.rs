//! What a hostile script, another site and a thief do when the visitor presses it: the hands of the comparisons, on
//! the login that is there.

use crate::{
    browser::{self, Cache, Outgoing},
    measure::{
        asking::me,
        carrier,
        credential::{forge, take},
        later::Later,
        rig::{Rig, good},
    },
    state::{bench::Bench, lazy::NotLoaded},
};
use domain::{
    api::Problem,
    attack::{Attack, Comment, Copied, Sign},
    lesson::{
        experiment::{Finding, Trick},
        measured::{Failure, Figure},
        press::Press,
        said::{CatalogFrom, Said},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};

/// Opens the attacker's window, unless it is open. Called by a click: only then may a window be opened.
pub(crate) fn open_window(bench: Bench) {
    if !bench.view.with_untracked(|view| view.attacker.window) {
        let origin = bench.view.with_untracked(|view| view.attacker.origin.clone());
        browser::open_window(&format!("{origin}{}", bench.path("window")));
    }
}

/// Does it, and says what came of it.
pub(crate) async fn hand(bench: Bench, press: Press) -> Said {
    match loaded(bench, press).await {
        Ok(done) => done.await.unwrap_or_else(Said::Failed),
        Err(NotLoaded) => Said::Failed(Failure::NotLoaded),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(measure, wasm_split_path = leptos::wasm_split, fallible)]
fn loaded(bench: Bench, press: Press) -> Result<Later<Result<Said, Failure>>, NotLoaded> {
    Ok(Box::pin(done(bench, press)))
}

async fn done(bench: Bench, press: Press) -> Result<Said, Failure> {
    let rig = &Rig::new(bench);
    rig.begin_record().await?;
    match press {
        Press::Script(comment) => script(rig, comment).await,
        Press::OtherSite(attack) => other_site(rig, attack).await,
        Press::Take(copied) => taken(rig, copied).await,
        Press::Tamper(trick) => tampered(rig, trick).await,
        Press::Catalog => {
            let has_proxy = rig.bench.view.with_untracked(|view| view.faults.proxy_cache);
            catalog(rig, has_proxy).await
        }
        // The other buttons do without it.
        _ => Err(Failure::NotHere),
    }
}

/// Fetches the catalog. Behind a caching proxy it is asked for as by a browser that has nothing yet and takes a copy of
/// the last hour: what this one has would keep the proxy out of it.
async fn catalog(rig: &Rig, has_proxy: bool) -> Result<Said, Failure> {
    let (cache, headers) = if has_proxy {
        (Cache::Bypass, vec![("Cache-Control", "max-age=3600".to_owned())])
    } else {
        (Cache::AsTold, Vec::new())
    };
    let url = rig.bench.path("api/catalog");
    let outgoing = Outgoing { method: "GET", url, cookies: true, cache, headers, ..Outgoing::default() };
    let _: serde_json::Value = good(&rig.raw(outgoing).await?)?;
    let recorded = rig.recorded().await?;
    let asked = recorded.iter().rfind(|exchange| exchange.request.route() == "api/catalog");
    let from = match asked.map(|exchange| exchange.node) {
        Some(Some(node)) => CatalogFrom::Server(node),
        Some(None) => CatalogFrom::Proxy,
        None => CatalogFrom::Browser,
    };
    Ok(Said::Catalog { from })
}

/// The guestbook shows what somebody hostile wrote, and forgets to escape it.
async fn script(rig: &Rig, comment: Comment) -> Result<Said, Failure> {
    let did = match comment {
        Comment::Read => carrier::let_read(rig).await.map(|loot| loot.is_some()),
        Comment::Act => carrier::let_act(rig).await.map(|done| done.is_some_and(|status| status == "200")),
        Comment::Ports => carrier::let_look(rig).await,
    };
    let washed = rig.steer("PUT", "guestbook", &Sign { comment: None }).await;
    let was_barred = rig.bench.view.with_untracked(|view| view.defences.guestbook_csp);
    let said = Said::Script { comment, did: did?, was_barred };
    washed.map(|()| said)
}

async fn other_site(rig: &Rig, attack: Attack) -> Result<Said, Failure> {
    // The window stays: the next press may need it, and a claim's presses are not clicks that may open one.
    let measured = carrier::attacked(rig, attack).await?;
    let came_along = measured.figures.contains(&(Figure::CameAlong, 1));
    Ok(Said::OtherSite { attack, came_along, as_you: measured.finding == Finding::Yes })
}

async fn taken(rig: &Rig, copied: Copied) -> Result<Said, Failure> {
    let before = rig.refresh_view().await?.attacker.loot.len();
    let after = take(rig, copied).await?.len();
    Ok(Said::Took { copied, pieces: after.saturating_sub(before) })
}

async fn tampered(rig: &Rig, trick: Trick) -> Result<Said, Failure> {
    let genuine = rig.held()?;
    let forged = forge(rig, &genuine, trick).await?;
    let answer = rig.as_thief(&forged, "api/me").await?;
    me(&answer)?;
    let detail = serde_json::from_str::<Problem>(&answer.body).map(|problem| problem.detail).unwrap_or_default();
    Ok(Said::Tampered { status: answer.status, detail })
}
