use crate::{act::named::PROXY, browser, state::bench::Bench, ui::parts::kept::Kept};
use domain::view::ServerView;
use leptos::prelude::*;

#[component]
pub(crate) fn Actions(bench: Bench) -> impl IntoView {
    Effect::new(move || {
        let text = bench.text();
        bench.view.with(|view| {
            for user in &view.users {
                let role = (text.role)(user.role);
                browser::say(&format!("#username [value={}]", user.name), &format!("{} · {role}", user.name));
            }
            let has_proxy = usize::from(view.faults.proxy_cache);
            browser::say("#proxy", text.desk.proxy[has_proxy]);
            browser::attribute("#proxy", "data-press", Some(PROXY[has_proxy]));
        });
    });
    // Only when it has become another, for the next one may have been chosen already.
    let alg = Memo::new(move |_| bench.view.with(ServerView::alg));
    Effect::new(move || browser::choose("#alg", alg.get().name()));
    // A click would disturb what runs.
    Effect::new(move || browser::attribute("#actions", "inert", bench.is_busy().then_some("")));
    view! { <Kept id="actions" /> }
}
