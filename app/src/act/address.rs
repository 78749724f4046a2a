//! The page's address: what is chosen and looked at, so that it can be passed on and gone back to.

use crate::{
    browser,
    state::{bench::Bench, boot::Room},
};
use leptos::prelude::*;

fn query(bench: Bench) -> String {
    let mut query = format!("?scheme={}", bench.scheme.get_untracked());
    if let Some(claim) = bench.guide.claim.get_untracked() {
        query.push_str("&claim=");
        query.push_str(&claim);
    }
    let room = bench.room.get_untracked();
    if room != Room::Desk {
        query.extend(["&", room.name(), "=1"]);
    }
    query
}

/// Says in the address how things are now.
pub(super) fn write(bench: Bench) {
    browser::replace_query(&query(bench));
}

/// The same as a step from which *Back* leads to the one before.
pub(super) fn push(bench: Bench) {
    browser::push_query(&query(bench));
}
