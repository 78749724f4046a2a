//! A page with one heading, which Leptos hydrates: what every page made with Leptos takes before it does anything.

use leptos::{prelude::*, tachys::dom::document};

/// Takes `index.html` over, as the script that Leptos writes into a page has it.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(|| view! { <main><h1>"An empty page"</h1></main> });
    // Only where nothing was found to be otherwise than the server wrote it.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
