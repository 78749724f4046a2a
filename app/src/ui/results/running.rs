use crate::{
    browser, measure,
    state::{bench::Bench, boot::Room},
    ui::results::live::Live,
};
use leptos::prelude::*;

/// What runs at this moment, how far it is, and how to stop it. Stands at the bottom of the window.
#[component]
pub(crate) fn Strip(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.experiments.is_running());
    move || is_shown.get().then(|| view! { <Shown bench /> })
}

/// The button that stops a run. The focus is on it while something runs: Enter stops, and so does Escape.
const STOP: &str = "stop-run";

#[component]
fn Shown(bench: Bench) -> impl IntoView {
    let focus = StoredValue::new_local(None);
    // On slides the keys are the slides'.
    if bench.room.get_untracked() != Room::Slides {
        Effect::new(move || focus.set_value(browser::move_focus(STOP)));
    }
    on_cleanup(move || {
        let before: Option<browser::Focus> = focus.try_update_value(Option::take).flatten();
        // Once the button is gone.
        browser::after(0, move || {
            if let Some(before) = before {
                before.put_back();
            }
        });
    });
    let state = bench.experiments;
    let t = move || bench.text().experiments();
    let numbers = move || state.running.with(|running| running.as_ref().map_or((0, 1), |r| (r.done, r.of)));
    let words = move || {
        let (experiment, trial) = state.running.get()?.now.into_iter().next()?;
        let title = (t().about.title)(experiment);
        let scheme = (bench.text().scheme)(trial.setting.scheme);
        let what = (t().what)(trial.what);
        let setting = trial.setting.differences();
        let setting: Vec<_> = setting.into_iter().map(t().difference).collect();
        let setting = if setting.is_empty() { t().usual.to_owned() } else { setting.join(", ") };
        Some(view! { <b>{title}</b> " " <span>{scheme} " · " {what} " · " {setting}</span> })
    };
    let waiting = move || state.running.with(|r| r.as_ref().and_then(|r| r.waiting)).map(t().waiting);
    view! {
        <aside class="strip" aria-label=bench.word(|t| t.experiments().running)>
            <p class="what">{words}</p>
            <p class="how-far">
                <progress
                    max=move || numbers().1.to_string()
                    value=move || numbers().0.to_string()
                    aria-label=bench.word(|t| t.experiments().running)
                ></progress>
                <span>{move || (bench.text().page.progress)(numbers().0, numbers().1)}</span>
                <span class="waiting">{waiting}</span>
                <button
                    type="button"
                    id=STOP
                    aria-disabled=move || state.stopping.get().then_some("true")
                    on:click=move |_| measure::stop(bench)
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            measure::stop(bench);
                        }
                    }
                >
                    {move || if state.stopping.get() { t().stopping } else { t().stop }}
                </button>
            </p>
            <Live bench />
        </aside>
    }
    .into_any()
}
