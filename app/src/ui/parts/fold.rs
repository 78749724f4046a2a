use crate::state::bench::Bench;
use leptos::prelude::*;

/// What a narrow window folds into a line with its present value and opens as a sheet. A wide one has it as it is.
#[component]
pub(crate) fn Fold(
    bench: Bench,
    /// The sheet's.
    id: &'static str,
    title: &'static str,
    /// What is set now.
    #[prop(into, optional)]
    now: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class="opens" popovertarget=id><span>{title}</span> <b>{now}</b></button>
        <div class="unfolded" id=id popover="auto">
            {children()}
            <button type="button" class="close" popovertarget=id popovertargetaction="hide">
                {bench.word(|t| t.page.close)}
            </button>
        </div>
    }
    .into_any()
}
