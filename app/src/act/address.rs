//! The page's address: what is chosen and looked at, so that it can be passed on and gone back to.

use crate::{browser, state::bench::Bench};
use leptos::prelude::*;

fn query(bench: Bench) -> String {
    format!("?{}", untrack(|| bench.query()))
}

/// Says in the address how things are now.
pub(super) fn write(bench: Bench) {
    browser::replace_query(&query(bench));
}

/// The same as a step from which *Back* leads to the one before.
pub(super) fn push(bench: Bench) {
    browser::push_query(&query(bench));
}
