use crate::state::bench::Bench;
use domain::{user::Role, view::UserView};
use leptos::prelude::*;

/// The lab's users, with their roles to change and their logins to disable.
#[component]
pub(crate) fn Users(bench: Bench) -> impl IntoView {
    let t = bench.lang.users();
    let users = bench.view.with_untracked(|view| view.users.clone());
    view! {
        <div class="part" id="users">
            <h3>{t.title} " " <small>{t.how}</small></h3>
            <ul class="users">{users.into_iter().map(|user| view! { <OneUser bench user /> }).collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn OneUser(bench: Bench, user: UserView) -> impl IntoView {
    let (text, t) = (bench.text(), bench.lang.users());
    let UserView { name, role, disabled } = user;
    view! {
        <li>
            <b>{name.clone()}</b>
            <select disabled data-wakes aria-label=(t.role_of)(&name) data-set=format!("role-{name}")>
                {[Role::User, Role::Admin]
                    .map(|one| view! { <option value=one.name() selected=role == one>{(text.role)(one)}</option> })}
            </select>
            <label>
                <input
                    type="checkbox"
                    disabled
                    data-wakes
                    aria-label=(t.disabled_of)(&name)
                    checked=disabled
                    data-set=format!("disable-{name}")
                />
                {t.disabled}
            </label>
        </li>
    }
    .into_any()
}
