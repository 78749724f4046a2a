use crate::{
    state::bench::Bench,
    ui::{bench::browser::token::countdown, parts::place::Part},
};
use domain::view::{Denied, KeyView};
use leptos::prelude::*;

/// The keys that sign and verify, where it matters which.
#[component]
pub(crate) fn Keys(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.uses_tokens());
    move || is_shown.get().then(|| view! { <ShownKeys bench /> })
}

#[component]
fn ShownKeys(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let keys = move || {
        let keys = bench.view.with(|view| view.keys.clone());
        keys.into_iter()
            .map(|KeyView { kid, alg, bits, signs }| {
                view! {
                    <li class="kv">
                        {(text.server.key)(&kid, alg.name(), bits)} " "
                        <span class="flag" class:on=signs>
                            {if signs { text.server.signs } else { text.server.verifies }}
                        </span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Part bench
            title=|t| t.server.keys
            remark=|t| t.server.keys_how
        >
            <ul class="plain">{keys}</ul>
            <p class="note">{bench.word(|t| t.server.secret)}</p>
        </Part>
    }
    .into_any()
}

/// The denylist, when it is on.
#[component]
pub(crate) fn Denylist(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let entries = Memo::new(move |_| bench.view.with(|view| view.defences.denylist.then(|| view.denylist.clone())));
    let list = move |entries: Vec<Denied>| {
        if entries.is_empty() {
            return view! { <p class="empty">{text.server.denylist_empty}</p> }.into_any();
        }
        let entries = entries
            .into_iter()
            .map(|entry| {
                let end = entry.expires_at;
                let what = match entry.user {
                    Some(user) => (text.server.denylist_all)(&user),
                    None => entry.jti,
                };
                view! {
                    <li class="kv">
                        {what} " "
                        <small>{text.server.gone_in} " " {move || countdown(end.saturating_sub(bench.now.get()))}</small>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="plain">{entries}</ul> }.into_any()
    };
    move || {
        entries.get().map(|entries| {
            view! {
                <Part bench
                    title=|t| t.server.denylist
                    remark=|t| t.server.denylist_how
                >
                    {move || list(entries.clone())}
                </Part>
            }
        })
    }
}
