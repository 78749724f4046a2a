use crate::{bench::Bench, text::Note};
use leptos::prelude::*;

/// The ideas, each with what to do on this page to see it.
#[component]
pub(crate) fn Notes(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let notes = move || {
        let see = text().notes.see;
        text().notes.all.iter().map(|note| view! { <OneNote see note /> }).collect_view()
    };
    view! {
        <section class="notes" id="notes" aria-labelledby="notes-title">
            <h2 id="notes-title">{bench.word(|t| t.notes.title)}</h2>
            <p class="lede">{bench.word(|t| t.notes.lede)}</p>
            <div class="cards">{notes}</div>
        </section>
    }
    .into_any()
}

#[component]
fn OneNote(see: &'static str, note: &'static Note) -> impl IntoView {
    view! {
        <article id=format!("note-{}", note.id)>
            <h3>{note.title}</h3>
            {note.text.iter().map(|paragraph| view! { <p>{*paragraph}</p> }).collect_view()}
            <p class="see">
                <a href=format!("#{}", note.place)>{see}</a>
                " " {note.see}
            </p>
        </article>
    }
    .into_any()
}
