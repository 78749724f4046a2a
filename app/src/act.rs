//! What the buttons do: each is one request that curl could make as well, and then says what came of it.

use crate::{
    browser::{self, Answer, Outgoing},
    measure,
    state::{bench::Bench, boot::Theme},
};
use domain::{
    api::Problem,
    balance::NodeId,
    lesson::{press::Press, said::Said},
    scheme::{Carrier, Scheme},
    view::ServerView,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    pin::Pin,
};

mod crowd;
mod experiments;
mod pressed;
mod servers;

pub(crate) use crowd::{send_crowd, stop_crowd};
pub(crate) use experiments::{
    LECTURE, address_of, empty_loot, leave_lecture, link_experiment, open_lecture, replay, show_experiment, show_slide,
    visit,
};

/// The most actions that wait for their turn; nobody clicks that far ahead.
const WAITING: usize = 32;

thread_local! {
    static QUEUE: RefCell<VecDeque<Pin<Box<dyn Future<Output = ()>>>>> = RefCell::default();
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Does one action after the other, in the order of the clicks: who logs in and at once asks "Who am I?"
/// means the new login.
fn in_turn(action: impl Future<Output = ()> + 'static) {
    QUEUE.with_borrow_mut(|queue| {
        if queue.len() < WAITING {
            queue.push_back(Box::pin(action));
        }
    });
    if !RUNNING.replace(true) {
        spawn_local(async {
            while let Some(action) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
                action.await;
            }
            RUNNING.set(false);
        });
    }
}

/// One request of the lesson: the script attaches what lies in localStorage, the browser its cookies.
async fn lesson(bench: Bench, method: &'static str, route: &str, body: Option<String>) -> Option<Answer> {
    let outgoing =
        Outgoing { method, url: bench.path(route), bearer: bench.stored(), body, cookies: true, ..Outgoing::default() };
    send(bench, outgoing).await
}

async fn control(bench: Bench, method: &'static str, route: &str, body: Option<String>) -> Option<Answer> {
    let outgoing = Outgoing {
        method,
        url: bench.path(&format!("control/{route}")),
        bearer: None,
        body,
        cookies: true,
        ..Outgoing::default()
    };
    send(bench, outgoing).await
}

async fn send(bench: Bench, outgoing: Outgoing) -> Option<Answer> {
    let answer = browser::fetch(outgoing).await.ok();
    if answer.is_none() {
        bench.say(Said::Unreachable);
    }
    // The answer is in, so the browser has done what its Set-Cookie asks.
    browser::tell_tabs();
    bench.look_at_arrivals().await;
    answer
}

/// A control that answers with the new view.
async fn steer(bench: Bench, method: &'static str, route: &str, body: Option<String>, good: Said) {
    let Some(answer) = control(bench, method, route, body).await else { return };
    report(bench, &answer, |view: ServerView| {
        bench.take_view(view);
        good
    });
}

fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

/// Says what a refusal says, or what `good` makes of a good answer.
fn report<T: for<'de> serde::Deserialize<'de>>(bench: Bench, answer: &Answer, good: impl FnOnce(T) -> Said) -> bool {
    if answer.ok()
        && let Ok(body) = serde_json::from_str(&answer.body)
    {
        bench.say(good(body));
        return true;
    }
    bench.say(refused(bench, answer));
    false
}

fn refused(bench: Bench, answer: &Answer) -> Said {
    Said::Refused { status: answer.status, detail: detail(answer), node: told(bench, answer) }
}

/// Which node answered, where there are several.
fn told(bench: Bench, answer: &Answer) -> Option<NodeId> {
    answer.node.filter(|_| bench.has_several())
}

fn detail(answer: &Answer) -> String {
    serde_json::from_str::<Problem>(&answer.body).map(|problem| problem.detail).unwrap_or_default()
}

/// Presses a button of the desk: it is done when its turn has come.
pub(crate) fn press(bench: Bench, press: Press) {
    if matches!(press, Press::OtherSite(_)) {
        measure::open_window(bench);
    }
    in_turn(pressed::done(bench, press));
}

/// Shows the page in this theme, from now on.
pub(crate) fn set_theme(bench: Bench, theme: Option<Theme>) {
    in_turn(pressed::set_theme(bench, theme));
}

/// Logs in with what was entered.
pub(crate) fn log_in(bench: Bench, username: String, password: String) {
    in_turn(async move { pressed::log_in(bench, &username, &password).await });
}

/// Sends a credential the one way in which a script can send any: as Bearer, without cookies.
pub(crate) fn send_tampered(bench: Bench, credential: String) {
    in_turn(pressed::send_as_bearer(bench, credential));
}

pub(crate) fn copy(bench: Bench, text: String) {
    in_turn(async move {
        let done = browser::copy(text).await;
        bench.say(Said::Copied(done));
    });
}

fn set_scheme(bench: Bench, scheme: Scheme) {
    bench.scheme.set(scheme);
    bench.switched_after.set(bench.last_exchange().unwrap_or(0));
    experiments::write_address(bench);
}

/// Whether the cookie options matter for a login with this scheme.
pub(crate) fn has_options(scheme: Scheme) -> bool {
    scheme.carrier == Carrier::Cookie
}

/// Goes where the page's address leads.
pub(crate) fn arrive(bench: Bench) {
    let state = bench.experiments;
    if state.lecture.with_untracked(Option::is_some) {
        browser::go_to(LECTURE);
    } else if let Some(experiment) = state.linked.get_untracked() {
        browser::go_to(&format!("experiment-{}", experiment.name()));
    }
}
