//! The page of Login Lab. The server renders it with what it knows; the browser takes it over from there.
//!
//! The first render in the browser is made from the same [`Boot`] as the server's, so both are equal.

pub mod boot;
pub mod text;

use boot::{Assets, Boot};
use leptos::prelude::*;

/// The whole HTML document.
#[must_use]
pub fn shell(boot: &Boot, assets: &Assets, nonce: &str) -> impl IntoView + use<> {
    let _ = (assets, nonce);
    let lab = boot.lab.clone();
    view! { <!DOCTYPE html><html lang="en"><body><p>{lab}</p></body></html> }
}
