//! The page of Login Lab. The server renders it with what it knows; the browser takes it over from there.
//!
//! The first render in the browser is made from the same [`boot::Boot`] as the server's, so both show the same.
//! What only the browser knows, its localStorage and what scripts see of its cookies, is read afterwards.

// What only the browser calls lies idle in the server's build.
#![cfg_attr(not(feature = "hydrate"), allow(dead_code))]

mod act;
mod browser;
mod measure;
#[cfg(feature = "ssr")]
mod shell;
mod state;
pub mod text;
mod ui;

#[cfg(feature = "ssr")]
pub use shell::{shell, told};
pub use state::boot;

/// Renders the page in the browser, from the same [`boot::Boot`] as the server did, and puts it in the place of the
/// server's. Nothing hangs on that one being as it came: a translator or an extension may have been at it. What was
/// chosen in it meanwhile is taken along. Called by the page's script, which is told whether the page could start.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub async fn start() -> bool {
    use leptos::{mount::mount_to, prelude::*};

    console_error_panic_hook::set_once();
    let Some(boot) = browser::boot().and_then(|json| state::read::read::<boot::Boot>(&json)) else { return false };
    let bench = state::bench::Bench::new(boot, ui::later::files());
    ui::later::first(bench).await;
    let Some(place) = browser::Place::new("page") else { return false };
    for part in ui::PARTS {
        // Between them the browser may answer to whoever scrolls already.
        browser::pause(0).await;
        mount_to(place.element(), move || part(bench)).forget();
    }
    bench.take_chosen(&browser::chosen("login"));
    place.take(ui::guide::CLAIMS);
    act::follow_user();
    browser::on_use(move |used| act::used(bench, used));
    state::live::start(bench);
    act::arrive(bench);
    browser::once_near(move || act::prepare(bench));
    bench.hydrated.set(true);
    browser::attribute("[data-wakes]", "disabled", None);
    browser::root_attribute("data-hydrated", Some(""));
    true
}
