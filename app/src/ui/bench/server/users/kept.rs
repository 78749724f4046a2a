use crate::{browser, state::bench::Bench, ui::parts::kept::Kept};
use leptos::prelude::*;

#[component]
pub(crate) fn Users(bench: Bench) -> impl IntoView {
    Effect::new(move || {
        bench.view.with(|view| {
            for user in &view.users {
                browser::choose(&format!("[data-set=role-{}]", user.name), user.role.name());
                browser::check(&format!("[data-set=disable-{}]", user.name), user.disabled);
            }
        });
    });
    view! { <Kept id="users" /> }
}
