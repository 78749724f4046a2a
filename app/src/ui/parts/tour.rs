use crate::{act, browser, state::bench::Bench, text::Text};
use leptos::prelude::*;

/// What *Try it* presses at this moment, and how to stop it; afterwards, how to have back what was before.
#[component]
pub(crate) fn Tour(bench: Bench) -> impl IntoView {
    let t: &'static Text = bench.text();
    let guide = bench.guide;
    let is_on = move || guide.tour.with(Option::is_some);
    let how_far = move || {
        let tour = guide.tour.get().filter(|tour| tour.at > 0)?;
        let button = browser::name_of(&tour.button);
        let progress = (t.page.progress)(tour.at, tour.of);
        Some(button.map_or_else(|| progress.clone(), |button| format!("{progress} · {button}")))
    };
    view! {
        <p class="tour" hidden=move || !is_on() && !guide.can_put_back.get()>
            <span>{how_far}</span>
            <button type="button" hidden=move || !is_on() on:click=move |_| act::stop_tour(bench)>{t.guide.stop}</button>
            <button
                type="button"
                hidden=move || is_on() || !guide.can_put_back.get()
                on:click=move |_| act::put_back(bench)
            >
                {t.guide.put_back}
            </button>
        </p>
    }
    .into_any()
}
