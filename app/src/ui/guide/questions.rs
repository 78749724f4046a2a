use crate::{
    act, measure,
    state::bench::Bench,
    ui::results::{Opened, card, look_into, matrix::Matrix, trials},
};
use domain::lesson::{
    experiment::Experiment,
    question::{Part, Question},
    tally::Chosen,
};
use leptos::{ev, prelude::*};

/// What people ask, answered shortly and then shown.
#[component]
pub(crate) fn Questions(bench: Bench, chosen: Memo<Chosen>, opened: Opened) -> impl IntoView {
    let all = Question::ALL.map(|question| view! { <One bench chosen opened question /> });
    view! {
        <section class="questions" id="questions" aria-labelledby="questions-title">
            <h2 id="questions-title">{bench.word(|t| t.questions.title)}</h2>
            <p class="lede">{bench.word(|t| t.questions.lede)}</p>
            <p class="note">{bench.word(|t| t.verdict.legend)}</p>
            <div class="sheet">{all.into_iter().collect_view()}</div>
        </section>
    }
    .into_any()
}

#[component]
fn One(bench: Bench, chosen: Memo<Chosen>, opened: Opened, question: Question) -> impl IntoView {
    let asked = move || (bench.text().questions.asked)(question);
    let is_open = RwSignal::new(false);
    let toggle = move |event: ev::MouseEvent| {
        event.prevent_default();
        is_open.update(|open| *open = !*open);
    };
    view! {
        <details open=move || is_open.get()>
            <summary on:click=toggle>{move || asked().question}</summary>
            <p>{move || asked().answer}</p>
            {move || is_open.get().then(|| view! { <Shown bench chosen opened question /> })}
        </details>
    }
    .into_any()
}

/// The comparisons that show the answer, and the button that measures them.
#[component]
fn Shown(bench: Bench, chosen: Memo<Chosen>, opened: Opened, question: Question) -> impl IntoView {
    let of = move |part: &Part| {
        let all = chosen.with(|chosen| chosen.trials(part.experiment, part.scheme));
        trials::with_entries(bench, part.of(all))
    };
    let was_run = Memo::new(move |_| question.parts().iter().flat_map(of).all(|(_, entry)| entry.is_some()));
    let words = move || {
        let t = bench.text();
        if was_run.get() { t.experiments.run_again } else { t.questions.run }
    };
    let label = move || format!("{}: {}", words(), (bench.text().questions.asked)(question).question);
    let parts = question.parts().iter().enumerate().map(move |(at, part)| {
        let was_run = Signal::derive(move || of(part).iter().any(|(_, entry)| entry.is_some()));
        view! {
            <tbody>
                <tr class="lead">
                    <th colspan="5" scope="rowgroup"><Lead bench opened question at part was_run /></th>
                </tr>
                {move || trials::body(bench.text(), &of(part))}
            </tbody>
        }
    });
    let cookies = question.parts().iter().find(|part| part.experiment == Experiment::CookieRules);
    view! {
        <p class="buttons">
            <button
                type="button"
                class="primary"
                aria-disabled=move || bench.experiments.is_running().then_some("true")
                aria-label=label
                on:click=move |_| measure::answer(bench, question)
            >
                {words}
            </button>
        </p>
        <trials::Table bench>{parts.collect_view()}</trials::Table>
        {cookies.map(|part| view! { <Matrix bench chosen scheme=part.scheme /> })}
    }
    .into_any()
}

/// What a part shows, with which scheme, and the way to the experiment.
#[component]
fn Lead(
    bench: Bench,
    opened: Opened,
    question: Question,
    at: usize,
    part: &'static Part,
    was_run: Signal<bool>,
) -> impl IntoView {
    let Part { experiment, scheme, .. } = *part;
    let label = move || {
        let t = bench.text();
        format!("{}: {}", t.questions.whole, (t.experiments.about.title)(experiment))
    };
    let wire_label = move || {
        let t = bench.text();
        format!("{}: {}, {}", t.questions.wire, (t.experiments.about.title)(experiment), (t.scheme)(scheme))
    };
    let wire = move || {
        was_run.get().then(|| {
            view! {
                " · "
                <button
                    type="button"
                    class="as-link"
                    aria-haspopup="dialog"
                    aria-label=wire_label
                    on:click=move |_| look_into(opened, experiment, scheme)
                >
                    {bench.word(|t| t.questions.wire)}
                </button>
            }
        })
    };
    view! {
        <p>{move || (bench.text().questions.asked)(question).parts.get(at).copied()}</p>
        <p class="note">
            {(bench.text().scheme)(scheme)} " · "
            <a href=format!("#{}", card::id(experiment)) aria-label=label on:click=move |_| act::visit(bench, experiment, scheme)>
                {bench.word(|t| t.questions.whole)}
            </a>
            {wire}
        </p>
    }
    .into_any()
}
