//! What the buttons do: each is one request that curl could make as well, and then says what came of it.

use crate::{
    browser::{self, Answer, Outgoing},
    state::bench::{Bench, held},
};
use domain::{
    Seconds,
    api::{AdminArea, Advance, Cart, ChangeDefences, ChangeUser, LoggedIn, LoggedOut, Login, Me, Problem, RotateKeys},
    balance::NodeId,
    lesson::said::Said,
    scheme::{Carrier, Credential, Scheme},
    user::Role,
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
mod servers;

pub(crate) use crowd::{send_crowd, stop_crowd};
pub(crate) use experiments::{
    LECTURE, address_of, empty_loot, leave_lecture, link_experiment, open_lecture, replay, show_experiment, show_slide,
    visit,
};
pub(crate) use servers::{adopt, arrange, restart, slow_store, start_node, stop_node, stop_store};

/// What goes into the cart, one after the other.
const ITEMS: [&str; 5] = ["pen", "mug", "book", "lamp", "tea"];

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

pub(crate) fn log_in(bench: Bench, username: String, password: String) {
    in_turn(async move {
        let scheme = bench.scheme.get_untracked();
        let login = Login { cookie: bench.options.get_untracked(), ..Login::new(&username, &password, scheme) };
        let Some(answer) = lesson(bench, "POST", "api/login", json(&login)).await else { return };
        let logged_in = report(bench, &answer, |body: LoggedIn| {
            // Whatever lay in localStorage came along and was ended; with a cookie login nothing takes its place.
            bench.keep(body.access_token.as_deref());
            Said::LoggedIn { name: body.user.name, scheme, dropped: body.warning.is_some() }
        });
        let kept = bench.browser.with_untracked(|browser| held(browser).iter().any(|held| held.scheme == scheme));
        if logged_in && !kept {
            bench.say(Said::NotKept);
        }
    });
}

pub(crate) fn who_am_i(bench: Bench) {
    in_turn(async move {
        let Some(answer) = lesson(bench, "GET", "api/me", None).await else { return };
        let node = told(bench, &answer);
        report(bench, &answer, |me: Me| Said::Me { name: me.user.name, role: me.user.role, scheme: me.scheme, node });
    });
}

pub(crate) fn add_to_cart(bench: Bench) {
    let next = bench.added.get_value();
    bench.added.set_value(next.wrapping_add(1));
    let item = ITEMS.get(next % ITEMS.len()).copied().unwrap_or("pen");
    change_cart(bench, "POST", Some(serde_json::json!({ "item": item }).to_string()));
}

pub(crate) fn empty_cart(bench: Bench) {
    change_cart(bench, "DELETE", None);
}

fn change_cart(bench: Bench, method: &'static str, body: Option<String>) {
    in_turn(async move {
        let Some(answer) = lesson(bench, method, "api/cart", body).await else { return };
        report(bench, &answer, |cart: Cart| {
            if cart.access_token.is_some() {
                bench.keep(cart.access_token.as_deref());
            }
            Said::Cart { items: cart.cart.len(), dropped: cart.warning.is_some() }
        });
    });
}

pub(crate) fn log_out(bench: Bench, everywhere: bool) {
    in_turn(async move {
        let credential = bench.browser.with_untracked(|browser| {
            held(browser).first().map_or(Credential::SessionId, |held| held.scheme.credential)
        });
        let route = if everywhere { "api/logout-everywhere" } else { "api/logout" };
        let Some(answer) = lesson(bench, "POST", route, None).await else { return };
        report(bench, &answer, |body: LoggedOut| Said::LoggedOut { revoked: body.revoked, credential, everywhere });
        // What lies in localStorage only a script can take out again.
        if bench.stored().is_some() {
            bench.keep(None);
            if !answer.ok() {
                bench.say(Said::Forgotten);
            }
        }
    });
}

pub(crate) fn visit_admin(bench: Bench) {
    in_turn(async move {
        let Some(answer) = lesson(bench, "GET", "api/admin", None).await else { return };
        report(bench, &answer, |area: AdminArea| Said::LetIn { users: area.users.len() });
    });
}

/// Sends a changed credential the one way in which a script can send any: as Bearer, without cookies.
pub(crate) fn send_tampered(bench: Bench, credential: String) {
    in_turn(async move {
        let outgoing = Outgoing {
            method: "GET",
            url: bench.path("api/me"),
            bearer: Some(credential),
            body: None,
            cookies: false,
            ..Outgoing::default()
        };
        if let Some(answer) = send(bench, outgoing).await {
            bench.say(Said::Tampered { status: answer.status, detail: detail(&answer) });
        }
    });
}

fn steer(bench: Bench, method: &'static str, route: String, body: Option<String>, good: Said) {
    in_turn(async move {
        let Some(answer) = control(bench, method, &route, body).await else { return };
        report(bench, &answer, |view: ServerView| {
            bench.take_view(view);
            good
        });
    });
}

pub(crate) fn advance(bench: Bench, seconds: Seconds) {
    steer(bench, "POST", "clock".to_owned(), json(&Advance { advance: seconds }), Said::Advanced(seconds));
}

pub(crate) fn set_role(bench: Bench, name: String, role: Role) {
    let body = json(&ChangeUser { role: Some(role), disabled: None });
    steer(bench, "PUT", format!("users/{name}"), body, Said::RoleSet { name, role });
}

pub(crate) fn set_disabled(bench: Bench, name: String, disabled: bool) {
    let body = json(&ChangeUser { role: None, disabled: Some(disabled) });
    steer(bench, "PUT", format!("users/{name}"), body, Said::DisabledSet { name, disabled });
}

pub(crate) fn set_defences(bench: Bench, change: ChangeDefences, on: bool) {
    steer(bench, "PUT", "defences".to_owned(), json(&change), Said::DefenceSet { on });
}

pub(crate) fn rotate_keys(bench: Bench, retire: bool) {
    let body = json(&RotateKeys { retire });
    steer(bench, "POST", "keys/rotate".to_owned(), body, Said::Rotated { retired: retire });
}

pub(crate) fn reset(bench: Bench) {
    in_turn(async move {
        // The server forgets everything; this browser has to be asked to.
        if bench.browser.with_untracked(|browser| !held(browser).is_empty()) {
            lesson(bench, "POST", "api/logout", None).await;
        }
        bench.keep(None);
    });
    steer(bench, "POST", "reset".to_owned(), None, Said::Reset);
}

pub(crate) fn copy(bench: Bench, text: String) {
    in_turn(async move {
        let done = browser::copy(text).await;
        bench.say(Said::Copied(done));
    });
}

/// The switch was moved: only the next login is another one.
pub(crate) fn switch_to(bench: Bench, scheme: Scheme) {
    set_scheme(bench, scheme);
    let held = bench.browser.with_untracked(|browser| held(browser).first().map(|held| held.scheme));
    bench.say(Said::Switched { scheme, held: held.filter(|held| *held != scheme) });
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
