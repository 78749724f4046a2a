use crate::{
    act,
    state::{
        bench::{Bench, Link, held, stands},
        boot::Room,
    },
};
use domain::lesson::{
    press::Press,
    said::Said,
    standing::{KnownTo, Silent, Standing},
};
use leptos::prelude::*;

/// Announces the result of each action, and whether the server's news still come.
#[component]
pub(crate) fn Status(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let words = move || {
        // What was said last is not about what runs now.
        if bench.experiments.is_running() {
            return text.page.under_way.to_owned();
        }
        let said = bench.said_words.get();
        // For whoever comes first, and has the places before them.
        if said.is_empty() && bench.room.get() == Room::Desk && stands(bench) == Standing::Nobody {
            return text.page.welcome.to_owned();
        }
        said
    };
    // Whoever has logged out has a copy all the same: what is it worth?
    let has_copy = move || {
        bench.said.with(|said| matches!(said, Some(Said::LoggedOut { .. } | Said::Forgotten | Said::Tampered { .. })))
            && bench.copy.with(Option::is_some)
            && bench.browser.with(|browser| held(browser).is_empty())
            && bench.room.get() != Room::Results
    };
    let bad =
        move || !bench.experiments.is_running() && bench.said.with(|said| said.as_ref().is_some_and(Said::is_bad));
    view! {
        <div class="status-line">
            <p class="status" role="status" class:bad=bad>{words}</p>
            <button
                type="button"
                id="send-copy"
                hidden=move || !has_copy()
                disabled=move || !bench.hydrated.get()
                on:click=move |_| act::press(bench, Press::SendCopy)
            >
                {text.page.send_copy}
            </button>
            <Badge bench />
            <div class="news">
                <p class="cut" role="alert">
                    {move || match bench.link.get() {
                        Link::Cut => text.page.cut,
                        _ if bench.is_old.get() => text.page.newer,
                        _ => "",
                    }}
                </p>
                <button type="button" hidden=move || bench.link.get() == Link::Cut || !bench.is_old.get() on:click=move |_| act::press(bench, Press::Reload)>
                    {text.page.load}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Who one is at this moment, whatever was said last: another tab, the clock or a restart may have changed it.
#[component]
fn Badge(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let standing = Memo::new(move |_| stands(bench));
    let words = move || {
        let t = text;
        match standing.get() {
            Standing::Nobody => t.standing.nobody.to_owned(),
            Standing::Known { user, scheme, to: KnownTo::All } => format!("{user} · {}", (t.scheme)(scheme)),
            Standing::Known { user, to: KnownTo::Only(nodes), .. } => {
                format!("{user} · {}", (t.standing.known_to)(&nodes))
            }
            Standing::Untold(scheme, silent) => {
                let why = match silent {
                    Silent::Store => t.standing.store_silent,
                    Silent::Nodes => t.standing.nodes_silent,
                };
                format!("{}: {why}", (t.scheme)(scheme))
            }
            Standing::Dead(scheme) => format!("{}: {}", (t.scheme)(scheme), t.standing.dead),
            Standing::Unclear(scheme) => format!("{}: {}", (t.scheme)(scheme), t.standing.unclear),
            Standing::TooMany => t.standing.too_many.to_owned(),
        }
    };
    view! {
        <p
            class="badge"
            class:known=move || matches!(standing.get(), Standing::Known { to: KnownTo::All, .. })
            class:partly=move || matches!(standing.get(), Standing::Known { to: KnownTo::Only(_), .. })
            class:dead=move || {
                matches!(standing.get(), Standing::Dead(_) | Standing::TooMany | Standing::Untold(..))
            }
        >
            <span class="off-screen">{bench.word(|t| t.standing.label)} " "</span>
            {words}
        </p>
    }
    .into_any()
}

/// Something small that runs from the browser to the server and back when an exchange has come in.
#[component]
pub(crate) fn Traffic(bench: Bench) -> impl IntoView {
    // Two alternating names start the animation anew each time.
    let class = move || match bench.arrivals.get() {
        0 => "traffic",
        n if n % 2 == 0 => "traffic even",
        _ => "traffic odd",
    };
    view! { <div class=class aria-hidden="true"><i></i></div> }.into_any()
}
