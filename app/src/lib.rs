//! The page of Login Lab. The server renders it with what it knows; the browser takes it over from there.
//!
//! The first render in the browser is made from the same [`boot::Boot`] as the server's, so both are equal.
//! What only the browser knows, its localStorage and what scripts see of its cookies, is read afterwards.

// What only the browser calls lies idle in the server's build.
#![cfg_attr(not(feature = "hydrate"), allow(dead_code))]

mod act;
mod browser;
mod measure;
mod shell;
mod state;
pub mod text;
mod ui;

pub use shell::shell;
pub use state::boot;

/// Takes the server-rendered page over. Called by the page's script.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    use leptos::prelude::*;

    console_error_panic_hook::set_once();
    let Some(boot) = browser::boot().and_then(|json| serde_json::from_str(&json).ok()) else { return };
    let bench = state::bench::Bench::new(boot);
    leptos::mount::hydrate_body(move || {
        Effect::new(move || {
            if !bench.hydrated.get_untracked() {
                state::live::start(bench);
                act::arrive(bench);
                bench.hydrated.set(true);
                browser::root_attribute("data-hydrated", Some(""));
            }
        });
        view! { <ui::Page bench /> }
    });
}
