//! What is done once its turn has come: a file of the page of its own.

use super::named;
use crate::{
    browser,
    measure::Of,
    state::{bench::Bench, boot::Theme, lazy::NotLoaded},
};
use domain::{
    crowd::CrowdRequest,
    lesson::{claim::seen::Done, press::Press, said::Said},
    topology::Strategy,
};
use leptos::{prelude::*, wasm_split::wasm_split};
use requests::steer;
use std::pin::Pin;

mod attacker;
mod crowd;
mod play;
mod pressed;
mod requests;
mod servers;

/// Something to be done.
pub(crate) enum Deed {
    /// A button of the desk.
    Press(Press),
    /// A control of the desk, by its name, with what is chosen in it.
    Use { name: String, value: String },
    /// Another theme.
    Theme(Option<Theme>),
    /// Log in with what was entered.
    LogIn { username: String, password: String },
    /// Send a credential the one way in which a script can send any.
    SendAsBearer(String),
    /// Copy a text.
    Copy(String),
    /// Copy the page's address.
    Share(String),
    /// Try the claim with this id.
    Try(String),
    /// Put back what was before.
    PutBack(Of),
    /// The attacker sends what it has taken.
    Replay(u64),
    /// What the attacker has is forgotten.
    EmptyLoot,
    /// Send a crowd.
    Crowd(CrowdRequest),
    /// End the crowd.
    StopCrowd,
}

/// Does it, to its end.
pub(super) async fn done(bench: Bench, deed: Deed) {
    if let Ok(done) = loaded(bench, deed).await {
        done.await;
    } else {
        bench.say_not_loaded();
        // What was chosen has not been done, so the controls show again what is.
        bench.scheme.notify();
        bench.theme.notify();
        bench.view.notify();
    }
}

/// Fetches what is needed for it, before the first one.
#[cfg(feature = "hydrate")]
pub(super) async fn fetch() {
    let _ = preload().await;
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(act, wasm_split_path = leptos::wasm_split, fallible, preload(preload))]
fn loaded(bench: Bench, deed: Deed) -> Result<Pin<Box<dyn Future<Output = ()>>>, NotLoaded> {
    Ok(Box::pin(act(bench, deed)))
}

async fn act(bench: Bench, deed: Deed) {
    match deed {
        Deed::Press(press) => press_and_note(bench, press).await,
        Deed::Use { name, value } => {
            if let Some(press) = named::press(&name, &value) {
                press_and_note(bench, press).await;
            }
        }
        Deed::Theme(theme) => pressed::set_theme(bench, theme).await,
        Deed::LogIn { username, password } => {
            pressed::log_in(bench, &username, &password).await;
            note(bench, Press::LogIn(""));
        }
        Deed::SendAsBearer(credential) => pressed::send_as_bearer(bench, credential).await,
        Deed::Copy(text) => bench.say(Said::Copied(browser::copy(text).await)),
        Deed::Share(address) => {
            bench.say(if browser::copy(address).await { Said::Shared } else { Said::Copied(false) });
        }
        Deed::Try(claim) => play::tried(bench, &claim).await,
        Deed::PutBack(of) => play::had_back(bench, of).await,
        Deed::Replay(loot) => attacker::replayed(bench, loot).await,
        Deed::EmptyLoot => steer(bench, "DELETE", "loot", None, Said::LootEmptied).await,
        Deed::Crowd(request) => crowd::sent(bench, &request).await,
        Deed::StopCrowd => crowd::stopped(bench).await,
    }
}

async fn press_and_note(bench: Bench, press: Press) {
    pressed::done(bench, press.clone()).await;
    note(bench, press);
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
