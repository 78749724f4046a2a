//! What lies in which file of the page, and how a file comes.

use crate::{
    state::{
        bench::Bench,
        boot::Room,
        lazy::{Fetched, File, Files, Lazy, Maker, NotLoaded},
        saved,
    },
    ui::{
        bench::{
            attacker::Attacker,
            browser::{tamper::Tamper, token::Opened},
            server::{
                crowd::Crowd,
                nodes::several::{Load, Rows},
                replication::Replication,
                store::{Held, Operations, Store},
                tokens::{Denylist, Keys},
            },
            wire::everything::Everything,
        },
        controls::{adjust::Adjust, cookie_options::CookieOptions},
        guide::behind::Behind,
        results::{Results, running::Strip},
        slides::Slides,
    },
};
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};

/// Where the page is rendered as a whole, all its files are at hand.
pub(crate) fn files() -> Files<Bench> {
    let at_first = |file| {
        if cfg!(feature = "hydrate") {
            return Fetched::NotYet;
        }
        Fetched::Here(match file {
            File::Rooms => make_room,
            File::Measure => make_of_measuring,
            File::More => make_more,
        })
    };
    Files::new(at_first, |fetched, file| spawn_local(bring(fetched, file)))
}

/// Fetches what the page's address asks for, before the server's page goes.
pub(crate) async fn first(bench: Bench) {
    if bench.room.get_untracked() != Room::Desk {
        bring(bench.files.of(Lazy::Slides), File::Rooms).await;
    }
    if untrack(|| shows_more(bench)) {
        bring(bench.files.of(Lazy::Store), File::More).await;
    }
}

/// Whether the desk shows more than after a lab's start: several servers, a store of theirs, tokens, loot.
fn shows_more(bench: Bench) -> bool {
    bench.uses_tokens()
        || bench.view.with(|view| {
            view.nodes.len() > 1
                || view.nodes.iter().any(|node| !node.up)
                || view.store.is_some()
                || view.defences.denylist
                || !view.attacker.loot.is_empty()
        })
}

/// Fetches a file.
async fn bring(fetched: RwSignal<Fetched<Bench>>, file: File) {
    let made = match file {
        File::Rooms => rooms().await,
        File::Measure => measuring().await,
        File::More => more().await,
    };
    fetched.set(made.map_or(Fetched::Failed, Fetched::Here));
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(rooms, wasm_split_path = leptos::wasm_split, fallible)]
fn rooms() -> Result<Maker<Bench>, NotLoaded> {
    Ok(make_room)
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(measure, wasm_split_path = leptos::wasm_split, fallible)]
fn measuring() -> Result<Maker<Bench>, NotLoaded> {
    Ok(make_of_measuring)
}

#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(more, wasm_split_path = leptos::wasm_split, fallible)]
fn more() -> Result<Maker<Bench>, NotLoaded> {
    Ok(make_more)
}

fn make_room(bench: Bench, lazy: Lazy) -> AnyView {
    match lazy {
        Lazy::Results => view! { <Results bench /> }.into_any(),
        Lazy::Slides => view! { <Slides bench /> }.into_any(),
        _ => ().into_any(),
    }
}

fn make_of_measuring(bench: Bench, lazy: Lazy) -> AnyView {
    match lazy {
        Lazy::Strip => view! { <Strip bench /> }.into_any(),
        Lazy::Behind => view! { <Behind bench /> }.into_any(),
        Lazy::Saved => {
            saved::start(bench);
            ().into_any()
        }
        _ => ().into_any(),
    }
}

fn make_more(bench: Bench, lazy: Lazy) -> AnyView {
    match lazy {
        Lazy::Attacker => view! { <Attacker bench /> }.into_any(),
        Lazy::Crowd => view! { <Crowd bench /> }.into_any(),
        Lazy::Replication => view! { <Replication bench /> }.into_any(),
        Lazy::Tamper => view! { <Tamper bench /> }.into_any(),
        Lazy::Adjust => view! { <Adjust bench /> }.into_any(),
        Lazy::CookieOptions => view! { <CookieOptions bench /> }.into_any(),
        Lazy::Token(token) => view! { <Opened bench token=token.get_value() /> }.into_any(),
        Lazy::Exchange(exchange) => view! { <Everything bench exchange=exchange.get_value() /> }.into_any(),
        Lazy::Load(id) => view! { <Load bench id /> }.into_any(),
        Lazy::Rows(id) => view! { <Rows bench id /> }.into_any(),
        Lazy::Store => view! { <Store bench /> }.into_any(),
        Lazy::Held => view! { <Held bench /> }.into_any(),
        Lazy::Operations => view! { <Operations bench /> }.into_any(),
        Lazy::Keys => view! { <Keys bench /> }.into_any(),
        Lazy::Denylist => view! { <Denylist bench /> }.into_any(),
        _ => ().into_any(),
    }
}
