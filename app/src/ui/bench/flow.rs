use crate::state::bench::Bench;
use domain::{
    lesson::flow::passed,
    scheme::{Carrier, Credential},
};
use leptos::prelude::*;

/// The five steps, with the ones lit that just happened.
#[component]
pub(crate) fn Flow(bench: Bench) -> impl IntoView {
    let text = bench.text();
    // What happened since the switch was moved or the servers arranged; before that, the steps that the scheme will take.
    let last = Memo::new(move |_| {
        let since = bench.switched_after.get();
        bench.exchanges.with(|all| all.iter().rev().take_while(|exchange| exchange.id > since).find_map(|e| passed(e)))
    });
    let scheme = move || last.get().and_then(|passed| passed.scheme).unwrap_or_else(|| bench.scheme.get());
    let steps = move || {
        let flow = &text.flow;
        match (scheme().credential, scheme().carrier) {
            (Credential::SessionId, Carrier::Cookie) => flow.session_cookie,
            (Credential::SessionId, Carrier::LocalStorage) => flow.session_storage,
            (Credential::Jwt, Carrier::Cookie) => flow.token_cookie,
            (Credential::Jwt, Carrier::LocalStorage) => flow.token_storage,
        }
    };
    let lit = move |step: usize| last.get().is_some_and(|passed| (passed.first..=passed.last).contains(&step));
    let now = move |step: usize| last.get().is_some_and(|passed| passed.last == step);
    let refused = move |step: usize| last.get().is_some_and(|passed| passed.last == step && passed.refused);
    let title = move || match scheme().credential {
        Credential::SessionId => text.flow.session,
        Credential::Jwt => text.flow.token,
    };
    view! {
        <section class="flow" id="flow" aria-label=title>
            <ol>
                {(0..5)
                    .map(|step| {
                        view! {
                            <li
                                class:lit=move || lit(step)
                                class:now=move || now(step)
                                class:refused=move || refused(step)
                                aria-current=move || now(step).then_some("step")
                            >
                                <b>{step + 1}</b> " " {move || steps()[step].1}
                                {move || {
                                    refused(step)
                                        .then(|| {
                                            view! { " " <em aria-hidden="true">"✕"</em> <span class="off-screen">{text.flow.refused}</span> }
                                        })
                                }}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
    .into_any()
}
