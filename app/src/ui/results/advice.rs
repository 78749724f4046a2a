use crate::state::bench::Bench;
use domain::lesson::results::{Table, advice};
use leptos::prelude::*;

/// What the measured cells advise, each line with the rows that it rests on.
#[component]
pub(super) fn Advised(bench: Bench, all: Memo<Vec<Table>>) -> impl IntoView {
    let given = Memo::new(move |_| all.with(|tables| advice(tables)));
    let lines = move || {
        let t = bench.text();
        let given = given.get();
        if given.is_empty() {
            return view! { <p class="soft">{t.results().no_advice}</p> }.into_any();
        }
        let lines = given.into_iter().map(|given| {
            let rests_on = given.rests_on.iter().map(|subject| view! { <q>{t.subject(*subject)}</q> " " });
            view! {
                <li>
                    {(t.results().advice)(given.advice)} " "
                    <small>{t.results().rests_on} ": " {rests_on.collect_view()}</small>
                </li>
            }
        });
        view! { <ul>{lines.collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="advice">
            <h3>{bench.word(|t| t.results().advice_title)}</h3>
            {lines}
        </div>
    }
    .into_any()
}
