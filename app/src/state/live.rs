//! Keeps the page in step with the server: the event stream, the clock, other tabs.

use crate::{
    browser::{self, News, Outgoing},
    state::{
        bench::{Bench, Link},
        read::read,
    },
};
use domain::{crowd::CrowdProgress, exchange::Exchange, lesson::said::Outcome, view::ServerView};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, rc::Rc};

/// How long to wait before asking again, where the browser does not do so by itself.
const AGAIN_MS: i32 = 1000;

type Slot = Rc<RefCell<Option<browser::Stream>>>;

/// Starts everything that goes on by itself. Called once, in the browser, after hydration.
pub(crate) fn start(bench: Bench) {
    bench.take_view(bench.view.get_untracked());
    bench.look_at_browser();
    browser::on_leaving_menus();
    browser::every(1000, move || bench.tick());
    browser::on_storage(move || bench.look_at_browser());
    // The server's news of another tab's login may come before the browser has stored that tab's cookie.
    browser::on_tabs(&format!("login-lab:{}", bench.lab()), move || spawn_local(bench.look_at_arrivals()));

    let slot = Slot::default();
    open(bench, &slot);
    // A tab that nobody looks at holds no connection: a browser grants six to a server, and a seventh tab
    // would find none left. Back in sight, it catches up.
    browser::on_visibility(move |visible| {
        if visible {
            open(bench, &slot);
            // Another tab may have measured meanwhile.
            bench.keeps_results.set(true);
        } else {
            slot.borrow_mut().take();
            bench.link.set(Link::Waiting);
        }
    });
}

fn open(bench: Bench, slot: &Slot) {
    let since = bench.last_exchange().unwrap_or(0);
    let url = format!("{}?last_event_id={since}&build={}", bench.path("control/events"), bench.boot().build);
    let again = slot.clone();
    let stream = browser::events(&url, move |news| match news {
        News::Open => {
            bench.link.set(Link::Live);
            bench.is_reached();
            // It is said anew where it still is so.
            bench.is_old.set(false);
        }
        News::Cut { closed } => {
            bench.link.set(Link::Cut);
            if closed {
                let again = again.clone();
                browser::after(AGAIN_MS, move || {
                    if bench.link.get_untracked() == Link::Cut {
                        spawn_local(return_to(bench, again));
                    }
                });
            }
        }
        News::Event { kind, data } => take(bench, kind, &data),
    });
    *slot.borrow_mut() = stream;
    spawn_local(bench.look_at_arrivals());
}

/// Listens again. Where the lab is gone, for nobody used it for long or the server began anew, only a visit makes a
/// fresh one: so the page is opened again, and says so.
async fn return_to(bench: Bench, slot: Slot) {
    let url = bench.path("control/exchanges?after=18446744073709551615");
    let outgoing = Outgoing { method: "GET", url, bearer: None, body: None, cookies: true, ..Outgoing::default() };
    match browser::fetch(outgoing).await {
        Ok(answer) if answer.status == 404 => {
            let query = untrack(|| bench.query());
            browser::replace_query(&format!("?{query}&outcome={}", Outcome::Anew.name()));
            browser::reload();
        }
        _ => open(bench, &slot),
    }
}

fn take(bench: Bench, kind: &str, data: &str) {
    match kind {
        "exchange" => {
            if let Some(exchange) = read::<Exchange>(data) {
                bench.take_exchange(exchange);
                // It may have changed the cookies of this browser, also when another tab sent it.
                spawn_local(bench.look_at_arrivals());
            }
        }
        "view" => {
            if let Some(view) = read::<ServerView>(data) {
                bench.take_view(view);
            }
        }
        "crowd" => {
            if let Some(progress) = read::<CrowdProgress>(data) {
                bench.take_crowd(Some(progress));
            }
        }
        "newer" => bench.is_old.set(true),
        // Some exchanges will not come by themselves any more, or all are gone: take the log as it is now.
        _ => spawn_local(catch_up(bench)),
    }
}

async fn catch_up(bench: Bench) {
    let known = bench.known_exchanges();
    let url = bench.path("control/exchanges");
    let outgoing = Outgoing { method: "GET", url, bearer: None, body: None, cookies: true, ..Outgoing::default() };
    if let Ok(answer) = browser::fetch(outgoing).await
        && let Some(exchanges) = read(&answer.body)
    {
        bench.take_exchanges(exchanges, &known);
    }
    bench.look_at_arrivals().await;
}
