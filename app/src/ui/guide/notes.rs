use crate::{act, state::bench::Bench, text::Note};
use domain::lesson::experiment::Experiment;
use leptos::prelude::*;

/// The ideas, each with what to do on this page to see it.
#[component]
pub(crate) fn Notes(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let notes = move || {
        let see = text.notes.see;
        text.notes.all.iter().map(|note| view! { <OneNote bench see note /> }).collect_view()
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
fn OneNote(bench: Bench, see: &'static str, note: &'static Note) -> impl IntoView {
    let proof = proof(note.id).map(|experiment| {
        // The notes are made anew in another language.
        let t = bench.text();
        let follow = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            act::show_experiment(bench, experiment);
        };
        view! {
            <br />
            {t.notes.prove} " "
            <a href=format!("#experiment-{}", experiment.name()) on:click=follow>{(t.experiments.about.title)(experiment)}</a>
        }
    });
    view! {
        <article id=format!("note-{}", note.id)>
            <h3>{note.title}</h3>
            {note.text.iter().map(|paragraph| view! { <p>{*paragraph}</p> }).collect_view()}
            <p class="see">
                <a href=format!("#{}", note.place)>{see}</a>
                " " {note.see} {proof}
            </p>
        </article>
    }
    .into_any()
}

/// The experiment that proves a note.
fn proof(id: &str) -> Option<Experiment> {
    Some(match id {
        "cookie-or-session" => Experiment::Reload,
        "cookie" => Experiment::ScriptReads,
        "session" | "where-state-is" => Experiment::Growth,
        "both" => Experiment::CookieWall,
        "token" => Experiment::Tampered,
        "bearer" => Experiment::OtherSite,
        "stateless" | "against-http" => Experiment::Stateless,
        "stateless-buys" => Experiment::Retry,
        "state-needed" => Experiment::Restart,
        "session-consistency" => Experiment::Problem,
        "sticky-session" => Experiment::Sticky,
        "session-clustering" => Experiment::Clustering,
        "separate-storage" => Experiment::Separate,
        "token-at-scale" => Experiment::CopyAfterLogout,
        _ => return None,
    })
}
