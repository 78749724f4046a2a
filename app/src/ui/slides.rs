use crate::{
    act,
    browser::{self, Key},
    measure,
    state::{bench::Bench, chosen, results::Slide},
    text::{Text, source},
    ui::results::{
        chips::{self, FirstSetting},
        value::{judged, measured, predicted},
    },
};
use domain::{
    lesson::{
        experiment::{Experiment, does_not_apply},
        tally::{Chosen, Tally},
    },
    scheme::Scheme,
};
use leptos::prelude::*;

/// One experiment at a time, for a room: question, prediction, run, measurement, reason.
#[component]
pub(crate) fn Slides(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.experiments.lecture.with(Option::is_some));
    Effect::new(move |was: Option<()>| {
        if was.is_none() {
            browser::on_key(move |key| pressed(bench, chosen, key));
        }
    });
    move || is_shown.get().then(|| view! { <Shown bench chosen /> })
}

/// What there is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Predict,
    Run,
    Explain,
    Next,
}

fn tally(bench: Bench, chosen: Memo<Chosen>, experiment: Experiment) -> Option<Tally> {
    chosen.with(|chosen| chosen::tally(bench, chosen, experiment, chosen.set.scheme))
}

fn step(slide: Slide, tally: Option<&Tally>) -> Step {
    match tally {
        Some(_) if !slide.predicted => Step::Predict,
        // Another comparison may have been measured before: what counts is the one that is told here.
        Some(tally) if !tally.is_measured() => Step::Run,
        Some(_) if !slide.explained => Step::Explain,
        _ => Step::Next,
    }
}

/// The experiment so many places on, as far as there is one.
fn beside(slide: Slide, by: isize) -> Option<Slide> {
    let at = Experiment::ALL.iter().position(|one| *one == slide.experiment)?;
    Experiment::ALL.get(at.checked_add_signed(by)?).copied().map(Slide::of)
}

/// The focus goes to the heading, so that a screen reader says which experiment it is, and Space is the next step.
fn go(bench: Bench, by: isize) {
    if let Some(next) = bench.experiments.lecture.get_untracked().and_then(|slide| beside(slide, by)) {
        act::show_slide(bench, next);
        browser::after(0, || browser::go_to(act::LECTURE));
    }
}

fn take(bench: Bench, chosen: Memo<Chosen>) {
    let Some(slide) = bench.experiments.lecture.get_untracked() else { return };
    let tally = untrack(|| tally(bench, chosen, slide.experiment));
    match step(slide, tally.as_ref()) {
        Step::Predict => act::show_slide(bench, Slide { predicted: true, ..slide }),
        Step::Run if bench.experiments.running.with_untracked(Option::is_some) => {}
        Step::Run => measure::run(bench, slide.experiment, chosen.with_untracked(|chosen| chosen.set.scheme)),
        Step::Explain => act::show_slide(bench, Slide { explained: true, ..slide }),
        Step::Next => go(bench, 1),
    }
}

/// Whether the key meant the lecture.
fn pressed(bench: Bench, chosen: Memo<Chosen>, key: Key) -> bool {
    if bench.experiments.lecture.with_untracked(Option::is_none) {
        return false;
    }
    match key {
        Key::Left => go(bench, -1),
        Key::Right => go(bench, 1),
        Key::Space => take(bench, chosen),
        Key::Escape => act::leave_lecture(bench),
    }
    true
}

#[component]
fn Shown(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    let text = bench.text();
    let state = bench.experiments;
    let slide = move || state.lecture.get().unwrap_or(Slide::of(Experiment::ALL[0]));
    let experiment = Memo::new(move |_| slide().experiment);
    let tally = Memo::new(move |_| tally(bench, chosen, experiment.get()));
    let servers = chips::servers(bench);
    let count = move || {
        let at = Experiment::ALL.iter().position(|one| *one == experiment.get()).unwrap_or_default();
        (text.lecture.of)(at + 1, Experiment::ALL.len())
    };
    let body = move || {
        let scheme = chosen.with(|chosen| chosen.set.scheme);
        let setting = chosen.with(|chosen| chips::of_first(chosen, servers.get(), experiment.get(), scheme));
        tally.with(|tally| told(text, slide(), tally.as_ref(), setting, scheme))
    };
    let step_now = move || tally.with(|tally| step(slide(), tally.as_ref()));
    let words = move || {
        let t = text;
        match step_now() {
            Step::Predict => t.lecture.show_prediction,
            Step::Run if state.is_running() => t.experiments.running,
            Step::Run if tally.with(|tally| tally.as_ref().is_some_and(|tally| tally.outcome.is_some())) => {
                t.experiments.run_again
            }
            Step::Run => t.experiments.run,
            Step::Explain => t.lecture.show_why,
            Step::Next => t.lecture.next,
        }
    };
    let is_last_step = move || step_now() == Step::Next;
    // A button that is disabled would drop the focus.
    let is_end = move |by| beside(slide(), by).is_none().then_some("true");
    let is_no_step = move || match step_now() {
        Step::Run => state.is_running().then_some("true"),
        Step::Next => is_end(1),
        Step::Predict | Step::Explain => None,
    };
    view! {
        <section class="lecture" id="lecture" aria-label=bench.word(|t| t.lecture.title)>
            <p class="where">
                {move || (text.experiments.axis)(experiment.get().axis())} " · " {count} " · "
                <b>{move || (text.scheme)(chosen.with(|chosen| chosen.set.scheme))}</b>
            </p>
            <h2 id=act::LECTURE tabindex="-1">{move || (text.experiments.about.title)(experiment.get())}</h2>
            <p class="does">{move || (text.experiments.about.does)(experiment.get())}</p>
            <div aria-live="polite">{body}</div>
            <p class="buttons">
                <button type="button" aria-disabled=move || is_end(-1) on:click=move |_| go(bench, -1)>
                    {bench.word(|t| t.lecture.back)}
                </button>
                <button
                    type="button"
                    class="primary"
                    aria-disabled=is_no_step
                    on:click=move |_| take(bench, chosen)
                >
                    {words}
                </button>
                <button
                    type="button"
                    class="quiet"
                    hidden=is_last_step
                    aria-disabled=move || is_end(1)
                    on:click=move |_| go(bench, 1)
                >
                    {bench.word(|t| t.lecture.skip)}
                </button>
                <small>{bench.word(|t| t.lecture.keys)}</small>
                <button type="button" class="quiet" on:click=move |_| act::leave_lecture(bench)>
                    {bench.word(|t| t.lecture.leave)}
                </button>
            </p>
        </section>
    }
    .into_any()
}

/// As much as is told so far.
fn told(t: &Text, slide: Slide, tally: Option<&Tally>, setting: FirstSetting, scheme: Scheme) -> AnyView {
    let Some(tally) = tally else {
        let why = does_not_apply(slide.experiment, scheme).map(t.experiments.because);
        return view! { <p class="not-for"><b>{t.experiments.not_for}</b> " " {why} "."</p> }.into_any();
    };
    let prediction = slide.predicted.then(|| predicted(t, tally.what, tally.predicted.as_ref(), slide.explained));
    // Nobody is to see the result before the prediction.
    let outcome = slide.predicted.then(|| {
        let outcome = tally.outcome.as_ref().map(Result::as_ref);
        view! { {measured(t, tally.what, outcome)} " " {judged(t, tally.verdict)} }
    });
    let count = (slide.predicted && tally.run > 0).then(|| {
        let words = if tally.run < tally.of {
            (t.experiments.so_far)(tally.run, tally.of)
        } else {
            (t.experiments.count)(tally.as_predicted, tally.judged)
        };
        view! { <p class="note">{words}</p> }
    });
    let why = (slide.explained && tally.is_measured()).then(|| {
        view! {
            <p class="because">{(t.experiments.about.rule)(slide.experiment)}</p>
            <p class="note">{t.experiments.proves} ": " <q>{(t.experiments.about.proves)(slide.experiment)}</q> " · " {t.experiments.source} ": " {source(slide.experiment)}</p>
        }
    });
    view! {
        {setting.shown(t)}
        <dl class="beside">
            <div>
                <dt>{t.experiments.predicted}</dt>
                <dd>{prediction.unwrap_or_else(|| "?".into_any())}</dd>
            </div>
            <div>
                <dt>{t.experiments.measured}</dt>
                <dd>{outcome}</dd>
            </div>
        </dl>
        {count}
        {why}
    }
    .into_any()
}
