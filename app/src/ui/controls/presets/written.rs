use crate::{
    act::named,
    state::{
        bench::Bench,
        chosen::{shared_store, strategy},
    },
};
use domain::{lesson::press::Press, topology::Strategy};
use leptos::prelude::*;

#[component]
pub(crate) fn Presets(bench: Bench) -> impl IntoView {
    let (t, text) = (bench.lang.presets(), bench.text());
    let now = Strategy::of(bench.view.with_untracked(|view| view.topology), false);
    let told = untrack(|| strategy(bench));
    let is_missing = untrack(|| shared_store(bench)).is_none();
    let preset = |(strategy, name): (Strategy, &'static str)| {
        let missing = (strategy == Strategy::Separate && is_missing).then_some(text.desk.no_shared);
        view! {
            <button
                type="button"
                id=format!("preset-{}", strategy.name())
                aria-pressed=if now == strategy { "true" } else { "false" }
                disabled
                title=missing
                data-press=named::name(&Press::Preset(strategy))
            >
                {name}
            </button>
        }
    };
    let what = |(at, strategy): (usize, Strategy)| {
        view! {
            <p class="what" id=format!("what-{}", strategy.name()) hidden=told != strategy>
                {t.what[at]} " " <b>{t.attempt[at]}</b>
            </p>
        }
    };
    let presets =
        Strategy::ALL.into_iter().zip(text.servers.names).filter(|(strategy, _)| *strategy != Strategy::Token);
    view! {
        <div class="strategies" id="strategies">
            <div class="presets" role="group" aria-label=t.label>{presets.map(preset).collect_view()}</div>
            {Strategy::ALL.into_iter().enumerate().map(what).collect_view()}
        </div>
    }
    .into_any()
}
