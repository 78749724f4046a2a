use crate::{
    act, measure,
    state::{bench::Bench, chosen::tally},
    text::{Text, source},
    ui::results::{
        chips::{self, FirstSetting},
        matrix::Matrix,
        trials::Trials,
        value::{judged, measured, predicted},
    },
};
use domain::lesson::{
    experiment::{Experiment, does_not_apply},
    tally::{Chosen, Tally},
};
use leptos::{ev, prelude::*};

/// The id of an experiment's card, which notes and addresses lead to.
pub(crate) fn id(experiment: Experiment) -> String {
    format!("experiment-{}", experiment.name())
}

/// One experiment.
#[component]
pub(crate) fn Card(bench: Bench, chosen: Memo<Chosen>, experiment: Experiment) -> impl IntoView {
    let text = bench.text();
    let state = bench.experiments;
    let tally = Memo::new(move |_| chosen.with(|chosen| tally(bench, chosen, experiment, chosen.set.scheme)));
    let servers = chips::servers(bench);
    let setting =
        Memo::new(move |_| chosen.with(|chosen| chips::of_first(chosen, servers.get(), experiment, chosen.set.scheme)));
    let is_linked = move || state.linked.get() == Some(experiment);
    let is_hidden = move || state.filter.get().is_some_and(|axis| axis != experiment.axis());
    let is_busy = move || state.running.with(|running| running.as_ref().is_some_and(|r| r.experiment == experiment));
    let is_open = RwSignal::new(state.linked.get_untracked() == Some(experiment));
    // A link that is followed later opens it, too.
    Effect::new(move |_| {
        if is_linked() {
            is_open.set(true);
        }
    });
    let toggle = move |event: ev::MouseEvent| {
        event.prevent_default();
        is_open.update(|open| *open = !*open);
        act::link_experiment(bench, experiment, is_open.get_untracked());
    };
    view! {
        <article
            class="experiment"
            class:linked=is_linked
            class:busy=is_busy
            id=id(experiment)
            hidden=is_hidden
            tabindex="-1"
            aria-labelledby=format!("{}-title", id(experiment))
        >
            <h3 id=format!("{}-title", id(experiment))>{(text.experiments.about.title)(experiment)}</h3>
            <p class="does">{(text.experiments.about.does)(experiment)}</p>
            {move || tally.with(|tally| glance(text, tally.as_ref(), setting.get(), experiment, chosen))}
            <RunButton bench chosen tally experiment />
            <details open=move || is_open.get()>
                <summary on:click=toggle>{bench.word(|t| t.experiments.why)}</summary>
                {move || is_open.get().then(|| view! { <Why bench chosen experiment /> })}
            </details>
        </article>
    }
    .into_any()
}

/// Predicted beside measured, by the first trial, and its setting where that is worth a word.
fn glance(
    t: &Text,
    tally: Option<&Tally>,
    setting: FirstSetting,
    experiment: Experiment,
    chosen: Memo<Chosen>,
) -> AnyView {
    let Some(tally) = tally else {
        let scheme = chosen.with(|chosen| chosen.set.scheme);
        let why = does_not_apply(experiment, scheme).map(t.experiments.because);
        return view! { <p class="not-for"><b>{t.experiments.not_for}</b> " " {why} "."</p> }.into_any();
    };
    let outcome = tally.outcome.as_ref().map(Result::as_ref);
    // The switch may have moved since: what is shown is of this scheme.
    let scheme = (t.scheme)(chosen.with(|chosen| chosen.set.scheme));
    let count = match tally.run {
        0 => None,
        run if run < tally.of => Some((t.experiments.so_far)(run, tally.of)),
        _ => Some((t.experiments.count)(tally.as_predicted, tally.judged)),
    };
    view! {
        {setting.shown(t)}
        <dl class="beside">
            <div>
                <dt>{t.experiments.predicted}</dt>
                <dd>{predicted(t, tally.what, tally.predicted.as_ref(), true)}</dd>
            </div>
            <div class:is-run=tally.is_measured()>
                <dt>{t.experiments.measured}</dt>
                <dd>{measured(t, tally.what, outcome)} " " {judged(t, tally.verdict)}</dd>
            </div>
        </dl>
        {count.map(|count| view! { <p class="count" class:bad={tally.unlike > 0}>{count} " · " {scheme}</p> })}
    }
    .into_any()
}

/// Runs it, where it can be run.
#[component]
pub(crate) fn RunButton(
    bench: Bench,
    chosen: Memo<Chosen>,
    tally: Memo<Option<Tally>>,
    experiment: Experiment,
) -> impl IntoView {
    let state = bench.experiments;
    let words = move || {
        let was_run = tally.with(|tally| tally.as_ref().is_some_and(|tally| tally.run > 0));
        let t = &bench.text().experiments;
        if was_run { t.run_again } else { t.run }
    };
    let minutes = move || {
        let carrier = chosen.with(|chosen| chosen.set.scheme.carrier);
        if experiment.takes_minutes(carrier) { bench.text().experiments.minutes } else { "" }
    };
    let label = move || format!("{}: {}", words(), (bench.text().experiments.about.title)(experiment));
    view! {
        // Beside the button it would push the reasons out of the card.
        <p class="count" hidden=move || minutes().is_empty()>{minutes}</p>
        <p class="buttons" hidden=move || tally.with(Option::is_none)>
            <button
                type="button"
                class="primary"
                disabled=move || !bench.hydrated.get()
                // It keeps the focus while it runs.
                aria-disabled=move || state.is_running().then_some("true")
                aria-label=label
                on:click=move |_| {
                    if !state.running.with_untracked(Option::is_some) {
                        measure::run(bench, experiment, chosen.with_untracked(|chosen| chosen.set.scheme));
                    }
                }
            >
                {words}
            </button>
        </p>
    }
    .into_any()
}

/// The rule, where it is written, what it proves, and every comparison.
#[component]
pub(crate) fn Why(bench: Bench, chosen: Memo<Chosen>, experiment: Experiment) -> impl IntoView {
    let scheme = Signal::derive(move || chosen.with(|chosen| chosen.set.scheme));
    let words = move || {
        let t = &bench.text().experiments;
        let lang = bench.lang.tag();
        let address = chosen.with(|chosen| act::address_of(&chosen.set, experiment));
        view! {
            <dl class="reasons">
                <dt>{t.rule}</dt>
                <dd>{(t.about.rule)(experiment)}</dd>
                <dt>{t.source}</dt>
                <dd>{source(experiment)}</dd>
                <dt>{t.proves}</dt>
                <dd><q lang=lang>{(t.about.proves)(experiment)}</q></dd>
            </dl>
            <p class="note"><a href=address target="_blank">{t.link}</a></p>
        }
    };
    let has_matrix =
        move || experiment == Experiment::CookieRules && does_not_apply(experiment, scheme.get()).is_none();
    view! {
        {words}
        <Trials bench chosen experiment scheme />
        {move || has_matrix().then(|| view! { <Matrix bench chosen scheme=scheme.get() /> })}
    }
    .into_any()
}
