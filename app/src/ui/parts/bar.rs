use crate::text::figures::decimal;
use leptos::prelude::*;

/// A bar that is filled to a share. It repeats what stands beside it in words.
#[component]
pub(crate) fn Bar(
    /// From 0 to 1.
    #[prop(into)]
    share: Signal<f64>,
) -> impl IntoView {
    let width = move || format!("{}%", decimal(100.0 * share.get(), 1));
    view! {
        <svg class="bar" aria-hidden="true">
            <rect class="rest" width="100%" height="100%"></rect>
            <rect class="fill" width=width height="100%"></rect>
        </svg>
    }
    .into_any()
}
