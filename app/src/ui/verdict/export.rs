use crate::{act, bench::Bench, browser, experiments::Chosen, report::Format};
use leptos::prelude::*;

/// The verdict as a file, or on paper.
#[component]
pub(super) fn Export(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    let locked = move || !bench.hydrated.get();
    let button = |format: Format| {
        let words = move || {
            let t = &bench.text().verdict;
            match format {
                Format::Markdown => t.markdown,
                Format::Csv => t.csv,
                Format::Json => t.json,
            }
        };
        view! {
            <button type="button" disabled=locked on:click=move |_| act::export(bench, &chosen.get_untracked(), format)>
                {words}
            </button>
        }
    };
    view! {
        <div class="buttons export" role="group" aria-label=bench.word(|t| t.verdict.export)>
            <span>{bench.word(|t| t.verdict.export)}</span>
            {[Format::Markdown, Format::Csv, Format::Json].map(button).into_iter().collect_view()}
            <button type="button" disabled=locked on:click=move |_| browser::print()>
                {bench.word(|t| t.verdict.print)}
            </button>
        </div>
    }
    .into_any()
}
