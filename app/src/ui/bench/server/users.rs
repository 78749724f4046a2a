use crate::{act, state::bench::Bench, ui::parts::place::Part};
use domain::{
    lesson::press::Press,
    user::{DEMO_USERS, Role},
    view::UserView,
};
use leptos::prelude::*;

/// The lab's users, with their roles to change and their logins to disable.
#[component]
pub(crate) fn Users(bench: Bench) -> impl IntoView {
    // The names stay, so a control keeps the focus while its value changes.
    let names =
        Memo::new(move |_| bench.view.with(|view| view.users.iter().map(|u| u.name.clone()).collect::<Vec<_>>()));
    view! {
        <Part bench
            title=|t| t.server.users
            remark=|t| t.server.users_how
        >
            <ul class="users">
                <For each=move || names.get() key=Clone::clone let:name>
                    <OneUser bench name />
                </For>
            </ul>
        </Part>
    }
    .into_any()
}

#[component]
fn OneUser(bench: Bench, name: String) -> impl IntoView {
    let text = bench.text();
    let locked = move || !bench.hydrated.get();
    let user = {
        let name = name.clone();
        Memo::new(move |_| bench.view.with(|view| view.users.iter().find(|user| user.name == name).cloned()))
    };
    let role = move || user.with(|user: &Option<UserView>| user.as_ref().map_or(Role::User, |user| user.role));
    let disabled = move || user.with(|user: &Option<UserView>| user.as_ref().is_some_and(|user| user.disabled));
    let (role_label, disabled_label) = (name.clone(), name.clone());
    // Every lab has the same users.
    let known = DEMO_USERS.iter().find(|(known, _)| *known == name).map_or("", |(known, _)| *known);
    view! {
        <li>
            <b>{name}</b>
            <select
                disabled=locked
                aria-label=(text.server.role_of)(&role_label)
                prop:value=move || role().name()
                on:change=move |event| {
                    let role = if event_target_value(&event) == Role::Admin.name() { Role::Admin } else { Role::User };
                    act::press(bench, Press::Role(known, role));
                }
            >
                {[Role::User, Role::Admin]
                    .map(|one| {
                        view! {
                            <option value=one.name() selected=move || role() == one>
                                {(text.role)(one)}
                            </option>
                        }
                    })}
            </select>
            <label>
                <input
                    type="checkbox"
                    disabled=locked
                    aria-label=(text.server.disabled_of)(&disabled_label)
                    prop:checked=disabled
                    on:change=move |event| {
                        act::press(bench, Press::Disable(known, event_target_checked(&event)));
                    }
                />
                {bench.word(|t| t.server.disabled)}
            </label>
        </li>
    }
    .into_any()
}
