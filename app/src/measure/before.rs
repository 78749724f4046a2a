//! What the visitor had before a run, and putting it back.

use crate::{
    browser,
    measure::{
        asking::me,
        later::Later,
        rig::{Rig, good},
        surroundings::Surroundings,
    },
    state::{
        bench::{Bench, held},
        lazy::NotLoaded,
    },
};
use domain::{
    api::{LoggedOut, Login, Me},
    cookie::{AFFINITY, CookieOptions},
    lesson::measured::Failure,
    scheme::{Carrier, Credential, Scheme},
    user::demo_password,
    view::ServerView,
};
use leptos::{prelude::*, wasm_split::wasm_split};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// As whom trials log in.
const RUN_AS: [&str; 3] = ["alice", "bob", "carol"];

/// A login that can be made anew.
#[derive(Serialize, Deserialize)]
struct Known {
    name: String,
    cart: Vec<String>,
}

/// What the visitor had before the run.
#[derive(Serialize, Deserialize)]
pub(crate) struct Before {
    scheme: Scheme,
    options: CookieOptions,
    surroundings: Surroundings,
    /// The keys of the rows that were there, but for the one of this browser's own login: a run takes that login
    /// away, so it has to end the row as well.
    rows: BTreeSet<String>,
    had_loot: bool,
    login: Option<(Scheme, Known)>,
}

impl Before {
    /// As it is now. A login that cannot be looked up could not be made anew either, so then nothing should be run.
    pub(super) async fn of(bench: Bench) -> Result<Self, Failure> {
        let rig = Rig::new(bench);
        bench.look_at_arrivals().await;
        let view = rig.refresh_view().await?;
        let held = bench.browser.with_untracked(|browser| held(browser).into_iter().next());
        let login = match &held {
            Some(held) => known(&rig, &held.value, &view).await?.map(|login| (held.scheme, login)),
            None => None,
        };
        let is_own = |key: &str| held.as_ref().is_some_and(|held| held.value == key);
        Ok(Self {
            scheme: bench.scheme.get_untracked(),
            options: bench.options.get_untracked(),
            surroundings: Surroundings::of(&view),
            rows: view.rows().map(|row| row.key.clone()).filter(|key| !is_own(key)).collect(),
            had_loot: !view.attacker.loot.is_empty(),
            login,
        })
    }

    /// As far as it can be: a login is made anew, for the old one had to end. Each step is worth trying, whatever
    /// became of the one before it; the first that failed is reported.
    pub(super) async fn put_back(&self, bench: Bench, close_window: bool, sweep: bool) -> Result<(), Failure> {
        let rig = &Rig::to_tidy_up(bench);
        let mut steps = vec![
            rig.log_everything_out().await,
            rig.refresh_view().await.map(drop),
            // Faults come last: what has to be done meanwhile would suffer from them.
            self.surroundings.without_faults().arrange(rig).await,
            self.end_what_is_left(rig).await,
        ];
        if sweep && !self.had_loot {
            steps.push(rig.command("DELETE", "loot").await);
        }
        if close_window {
            steps.push(rig.command("DELETE", "attacks").await);
            // The next run would take a window that is about to close for an open one. One that the visitor has
            // closed is missed a little later, which is no harm.
            let _ = rig.view_when(|view| !view.attacker.window).await;
        }
        if let Some((scheme, login)) = &self.login {
            steps.push(self.log_in_anew(rig, *scheme, login).await);
        }
        steps.push(self.surroundings.arrange(rig).await);
        bench.options.set(self.options);
        bench.scheme.set(self.scheme);
        bench.look_at_arrivals().await;
        steps.into_iter().collect()
    }

    /// A login whose cookie the browser did not keep has a row that nobody can end any more but all at once. The
    /// balancer's cookie goes with the first request that meets another routing.
    async fn end_what_is_left(&self, rig: &Rig) -> Result<(), Failure> {
        let view = rig.refresh_view().await?;
        let new = view.rows().filter(|row| !self.rows.contains(&row.key));
        let users: BTreeSet<String> = new.map(|row| row.user.clone()).collect();
        // A JWT is known to every node, whatever the routing.
        let scheme = Scheme::new(Credential::Jwt, Carrier::LocalStorage);
        for name in users.iter().filter(|name| RUN_AS.contains(&name.as_str())) {
            rig.log_in(Login::new(name, &demo_password(name), scheme)).await?;
            let LoggedOut { .. } = good(&rig.lesson("POST", "api/logout-everywhere", None).await?)?;
            rig.bench.keep(None);
        }
        if rig.bench.browser.with_untracked(|browser| browser.arrived.iter().any(|cookie| cookie.name == AFFINITY)) {
            rig.lesson("GET", "api/catalog", None).await?;
        }
        Ok(())
    }

    async fn log_in_anew(&self, rig: &Rig, scheme: Scheme, Known { name, cart }: &Known) -> Result<(), Failure> {
        rig.log_in(Login { cookie: self.options, ..Login::new(name, &demo_password(name), scheme) }).await?;
        for item in cart {
            let mut answer = rig.add_to_cart(item).await?;
            for _ in 1..nodes(rig) {
                if answer.ok() {
                    break;
                }
                answer = rig.add_to_cart(item).await?;
            }
            let _: serde_json::Value = good(&answer)?;
        }
        Ok(())
    }
}

/// Whom this browser's login is for; `None` when it is worth nothing. Where each node knows its own logins only, the
/// next request may go to the next one; a balancer that leads to a node that does not know it is no reason to lose it.
async fn known(rig: &Rig, credential: &str, view: &ServerView) -> Result<Option<Known>, Failure> {
    for _ in 0..nodes(rig) {
        let answer = rig.ask().await?;
        // Two credentials at once are none.
        let found = if answer.status == 400 { None } else { me(&answer)? };
        if let Some(Me { user, cart, .. }) = found {
            return Ok(Some(Known { name: user.name, cart }));
        }
    }
    let row = view.rows().find(|row| row.key == credential);
    Ok(row.map(|row| Known { name: row.user.clone(), cart: row.cart.clone() }))
}

fn nodes(rig: &Rig) -> u8 {
    rig.bench.view.with_untracked(|view| view.topology.nodes)
}

/// What was before, kept where it outlives the page: a reload in the middle must not leave the lab as a run had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// A claim that is tried: it is put back when the visitor wants it.
    Tour,
    /// A run: it is put back at its end, by whoever comes next if need be.
    Run,
}

impl Of {
    fn key(self, bench: Bench) -> String {
        let what = match self {
            Self::Tour => "before-tour",
            Self::Run => "before-run",
        };
        format!("login-lab:{}:{what}", bench.lab())
    }

    /// Whether there is something to be put back.
    pub(crate) fn is_noted(self, bench: Bench) -> bool {
        browser::stored(&self.key(bench)).is_some()
    }

    /// Nothing is to be put back any more.
    pub(crate) fn forget(self, bench: Bench) {
        browser::forget(&self.key(bench));
    }

    pub(super) fn note(self, bench: Bench, before: &Before) {
        if let Ok(json) = serde_json::to_string(before) {
            browser::store(&self.key(bench), &json);
        }
    }
}

/// Notes what there is, to be had back by [`put_back`].
pub(crate) async fn remember(bench: Bench) -> Result<(), Failure> {
    noted(bench).await.map_err(|NotLoaded| Failure::NotLoaded)?.await
}

/// Puts back what was noted.
pub(crate) async fn put_back(bench: Bench, of: Of) -> Result<(), Failure> {
    had_back(bench, of).await.map_err(|NotLoaded| Failure::NotLoaded)?.await
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(measure, wasm_split_path = leptos::wasm_split, fallible)]
fn noted(bench: Bench) -> Result<Later<Result<(), Failure>>, NotLoaded> {
    Ok(Box::pin(async move {
        Of::Tour.note(bench, &Before::of(bench).await?);
        Ok(())
    }))
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(measure, wasm_split_path = leptos::wasm_split, fallible)]
fn had_back(bench: Bench, of: Of) -> Result<Later<Result<(), Failure>>, NotLoaded> {
    Ok(Box::pin(async move {
        let before = browser::stored(&of.key(bench)).and_then(|json| serde_json::from_str::<Before>(&json).ok());
        if let Some(before) = before {
            let has_window = bench.view.with_untracked(|view| view.attacker.window);
            before.put_back(bench, has_window, true).await?;
        }
        of.forget(bench);
        Ok(())
    }))
}
