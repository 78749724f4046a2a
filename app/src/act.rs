//! What the buttons do. What has to happen with the click itself is here; the rest is a file of its own (`deeds`), fetched
//! when the visitor first comes near a button.

use crate::{
    browser::{self, Used},
    measure,
    state::{
        bench::Bench,
        boot::{Room, Theme},
    },
};
use deeds::Deed;
#[cfg(feature = "hydrate")]
use domain::user::DEMO_USERS;
use domain::{
    crowd::CrowdRequest,
    lesson::{claim::FIRST, press::Press},
    scheme::{Carrier, Scheme},
    user::demo_password,
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

mod address;
mod deeds;
pub(crate) mod named;
mod slides;
mod tour;

pub(crate) use slides::{leave_slides, show_slide, step, step_back, turn};
pub(crate) use tour::{ask_for_told, measure_claim, open_claim, put_back, stop_tour, tell, try_it};

/// The most actions that wait for their turn; nobody clicks that far ahead.
const WAITING: usize = 32;

thread_local! {
    static QUEUE: RefCell<VecDeque<Deed>> = RefCell::default();
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Does one action after the other, in the order of the clicks: who logs in and at once asks "Who am I?"
/// means the new login.
fn in_turn(bench: Bench, deed: Deed) {
    QUEUE.with_borrow_mut(|queue| {
        if queue.len() < WAITING {
            queue.push_back(deed);
        }
    });
    if !RUNNING.replace(true) {
        spawn_local(async move {
            while let Some(deed) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
                deeds::done(bench, deed).await;
            }
            RUNNING.set(false);
        });
    }
}

/// Shows another room of the page.
pub(crate) fn enter(bench: Bench, room: Room) {
    if room == Room::Slides {
        return show_slide(bench, bench.guide.claim.get_untracked().unwrap_or_else(|| FIRST.to_owned()));
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
    in_turn(bench, Deed::Press(press));
}

/// The attacker sends what it has taken.
pub(crate) fn replay(bench: Bench, loot: u64) {
    spawn_local(deeds::done(bench, Deed::Replay(loot)));
}

/// What the attacker has is forgotten.
pub(crate) fn empty_loot(bench: Bench) {
    in_turn(bench, Deed::EmptyLoot);
}

/// Sends a crowd. Its answer comes when it has ended, so it waits beside the other actions and not among them.
/// `sending` is true for as long as the crowd is on its way.
pub(crate) fn send_crowd(bench: Bench, request: CrowdRequest, sending: RwSignal<bool>) {
    sending.set(true);
    spawn_local(async move {
        deeds::done(bench, Deed::Crowd(request)).await;
        sending.set(false);
    });
}

/// Ends it.
pub(crate) fn stop_crowd(bench: Bench) {
    spawn_local(deeds::done(bench, Deed::StopCrowd));
}

/// Shows the page in this theme, from now on.
fn set_theme(bench: Bench, theme: Option<Theme>) {
    in_turn(bench, Deed::Theme(theme));
}

/// What the visitor does by hand is not to be taken back.
fn by_hand(bench: Bench) {
    if bench.guide.can_put_back.get_untracked() {
        bench.guide.can_put_back.set(false);
        measure::Of::Tour.forget(bench);
    }
}

/// A control was used that the server wrote.
pub(crate) fn used(bench: Bench, Used { name, value, in_window }: Used) {
    match name.as_str() {
        "guide" => {
            let was_shown = bench.guide.is_open.get_untracked() && bench.room.get_untracked() == Room::Desk;
            to_guide(bench);
            bench.guide.is_open.set(!was_shown);
        }
        "to-guide" => to_guide(bench),
        "lang" => browser::remember("lang", Some(bench.lang.other().tag())),
        "theme" => set_theme(bench, Theme::parse(&value)),
        "share" => {
            let boot = bench.boot();
            in_turn(bench, Deed::Share(format!("{}/lab/{}?{}", boot.origin, boot.lab, untrack(|| bench.query()))));
        }
        "new-tab" => browser::open_tab(&format!("{}?scheme={}", bench.path(""), bench.scheme.get_untracked())),
        "user" => choose_password(&value),
        "log-in" => {
            by_hand(bench);
            browser::close_menus();
            in_turn(
                bench,
                Deed::LogIn { username: browser::value_of("username"), password: browser::value_of("password") },
            );
        }
        _ => {
            if let Some(room) = Room::ASKED.into_iter().find(|room| room.name() == name) {
                return enter(bench, if bench.room.get_untracked() == room { Room::Desk } else { room });
            }
            by_hand(bench);
            if in_window {
                measure::open_window(bench);
            }
            in_turn(bench, Deed::Use { name, value });
        }
    }
}

/// The password of each is its name's.
fn choose_password(name: &str) {
    browser::choose("#password", &demo_password(name));
}

/// The same for who was chosen before the page answered, unless a password was entered.
#[cfg(feature = "hydrate")]
pub(crate) fn follow_user() {
    let entered = browser::value_of("password");
    if DEMO_USERS.iter().any(|(name, _)| demo_password(name) == entered) {
        choose_password(&browser::value_of("username"));
    }
}

/// Shows the guide. It stands beside the desk.
fn to_guide(bench: Bench) {
    if bench.room.get_untracked() != Room::Desk {
        enter(bench, Room::Desk);
    }
    bench.guide.is_open.set(true);
}

/// Sends a credential the one way in which a script can send any: as Bearer, without cookies.
pub(crate) fn send_tampered(bench: Bench, credential: String) {
    by_hand(bench);
    in_turn(bench, Deed::SendAsBearer(credential));
}

pub(crate) fn copy(bench: Bench, text: String) {
    in_turn(bench, Deed::Copy(text));
}

fn set_scheme(bench: Bench, scheme: Scheme) {
    bench.scheme.set(scheme);
    bench.begin_flow();
    address::write(bench);
}

/// Whether the cookie options matter for a login with this scheme.
pub(crate) fn has_options(scheme: Scheme) -> bool {
    scheme.carrier == Carrier::Cookie
}

/// Fetches what the visitor will need first: what the buttons do, and what the claims say. Where it does not come, it is
/// tried again when it is asked for, and then said.
#[cfg(feature = "hydrate")]
pub(crate) async fn prepare(bench: Bench) {
    spawn_local(deeds::fetch());
    tour::prepare(bench).await;
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
