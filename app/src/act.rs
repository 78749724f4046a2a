//! What the buttons do: each is one request that curl could make as well, and then says what came of it.

use crate::{
    browser::{self, Answer, Outgoing},
    measure,
    state::{
        bench::Bench,
        boot::{Room, Theme},
    },
};
use domain::{
    api::Problem,
    balance::NodeId,
    lesson::{claim::seen::Done, press::Press, said::Said},
    scheme::{Carrier, Scheme},
    topology::Strategy,
    view::ServerView,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    pin::Pin,
};

mod address;
mod attacker;
mod crowd;
mod pressed;
mod servers;
mod slides;
mod tour;

pub(crate) use attacker::{empty_loot, replay};
pub(crate) use crowd::{send_crowd, stop_crowd};
pub(crate) use slides::{leave_slides, show_slide, step, step_back, turn};
pub(crate) use tour::{measure_claim, open_claim, put_back, stop_tour, try_it};

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

/// Shows another room of the page.
pub(crate) fn enter(bench: Bench, room: Room) {
    if room == Room::Slides {
        return show_slide(bench, untrack(|| bench.guide.on_slide()));
    }
    bench.room.set(room);
    address::push(bench);
}

/// Presses a button of the desk: it is done when its turn has come.
pub(crate) fn press(bench: Bench, press: Press) {
    by_hand(bench);
    if matches!(press, Press::OtherSite(_)) {
        measure::open_window(bench);
    }
    in_turn(async move {
        pressed::done(bench, press.clone()).await;
        note(bench, press);
    });
}

/// Notes what was pressed by hand, for the guide.
fn note(bench: Bench, press: Press) {
    bench.guide.note(Done {
        press,
        scheme: bench.scheme.get_untracked(),
        options: bench.options.get_untracked(),
        strategy: bench.view.with_untracked(|view| Strategy::of(view.topology, false)),
        defences: bench.view.with_untracked(|view| view.defences),
    });
}

/// Shows the page in this theme, from now on.
pub(crate) fn set_theme(bench: Bench, theme: Option<Theme>) {
    in_turn(pressed::set_theme(bench, theme));
}

/// What the visitor does by hand is not to be taken back.
fn by_hand(bench: Bench) {
    if bench.guide.can_put_back.get_untracked() {
        bench.guide.can_put_back.set(false);
        measure::Of::Tour.forget(bench);
    }
}

/// Logs in with what was entered.
pub(crate) fn log_in(bench: Bench, username: String, password: String) {
    by_hand(bench);
    in_turn(async move {
        pressed::log_in(bench, &username, &password).await;
        note(bench, Press::LogIn(""));
    });
}

/// Sends a credential the one way in which a script can send any: as Bearer, without cookies.
pub(crate) fn send_tampered(bench: Bench, credential: String) {
    by_hand(bench);
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
    address::write(bench);
}

/// Whether the cookie options matter for a login with this scheme.
pub(crate) fn has_options(scheme: Scheme) -> bool {
    scheme.carrier == Carrier::Cookie
}

/// Goes where the page's address leads, now and whenever the visitor goes back or forward.
pub(crate) fn arrive(bench: Bench) {
    tour::look_after(bench);
    browser::on_history(move || slides::follow(bench));
    // What a form did is said once, and not again with each reload.
    if bench.boot().outcome.is_some() {
        address::write(bench);
    }
    if bench.room.get_untracked() != Room::Slides
        && let Some(claim) = bench.guide.claim.get_untracked()
    {
        browser::point_at(&format!("claim-{claim}"));
    }
}
