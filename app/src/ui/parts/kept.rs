use leptos::prelude::*;

/// The place of an element that the server wrote: the browser takes it over as it stands.
#[component]
pub(crate) fn Kept(id: &'static str) -> impl IntoView {
    view! { <i class="kept" id=id></i> }.into_any()
}
