use crate::{act, browser, state::bench::Bench, ui::controls::more::More};
use domain::{
    lesson::press::Press,
    user::{DEMO_USERS, demo_password},
};
use leptos::prelude::*;

/// The actions. The login is a form that works without script for the cookie schemes, and so are the
/// other actions that a browser can do by itself.
#[component]
pub(crate) fn Actions(bench: Bench) -> impl IntoView {
    let path = bench.path("api");
    let page = bench.path("");
    // Forms carry the page's settings in the address, so that the answer can send the visitor back to them.
    let to = move |route: &str| format!("{path}/{route}?lang={}&scheme={}", bench.lang.tag(), bench.scheme.get());
    let (login, cart, logout, everywhere) = (to.clone(), to.clone(), to.clone(), to);
    let locked = move || !bench.hydrated.get();
    view! {
        <section class="actions" id="actions" aria-label=bench.word(|t| t.actions.label)>
            <Login bench action=Signal::derive(move || login("login")) />
            <form method="get" action=page on:submit=move |event| { event.prevent_default(); act::press(bench, Press::WhoAmI); }>
                <input type="hidden" name="lang" value=bench.lang.tag() />
                <input type="hidden" name="scheme" value=move || bench.scheme.get().name() />
                <button>{bench.word(|t| t.actions.who_am_i)}</button>
            </form>
            <form
                method="post"
                action=move || cart("cart")
                on:submit=move |event| { event.prevent_default(); act::press(bench, Press::AddToCart); }
            >
                <input type="hidden" name="item" value="pen" />
                <button>{bench.word(|t| t.actions.add)}</button>
            </form>
            <form
                method="post"
                action=move || logout("logout")
                on:submit=move |event| { event.prevent_default(); act::press(bench, Press::LogOut); }
            >
                <button>{bench.word(|t| t.actions.log_out)}</button>
            </form>
            <span class="sep"></span>
            <form
                method="post"
                action=move || everywhere("logout-everywhere")
                on:submit=move |event| { event.prevent_default(); act::press(bench, Press::LogOutEverywhere); }
            >
                <button>{bench.word(|t| t.actions.log_out_everywhere)}</button>
            </form>
            <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::Restart)>
                {bench.word(|t| t.actions.restart)}
            </button>
            <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::Advance(600))>
                {bench.word(|t| t.actions.ten_minutes)}
            </button>
            <button
                type="button"
                disabled=locked
                on:click=move |_| browser::open_tab(&format!("{}?scheme={}", bench.path(""), bench.scheme.get_untracked()))
            >
                {bench.word(|t| t.actions.new_tab)}
            </button>
            <More bench />
        </section>
    }
    .into_any()
}

#[component]
fn Login(bench: Bench, action: Signal<String>) -> impl IntoView {
    let text = bench.text();
    let user = RwSignal::new(DEMO_USERS[0].0.to_owned());
    let password = RwSignal::new(demo_password(DEMO_USERS[0].0));
    let role = move |name: &str| {
        bench
            .view
            .with(|view| view.users.iter().find(|user| user.name == name).map_or("", |user| (text.role)(user.role)))
    };
    view! {
        <form
            id="login"
            class="login"
            method="post"
            action=action
            on:submit=move |event| {
                event.prevent_default();
                act::log_in(bench, user.get_untracked(), password.get_untracked());
            }
        >
            <span class="pick">
                <label for="username">{bench.word(|t| t.actions.user)}</label>
                <select
                    id="username"
                    name="username"
                    prop:value=move || user.get()
                    on:change=move |event| {
                        let name = event_target_value(&event);
                        password.set(demo_password(&name));
                        user.set(name);
                    }
                >
                    {DEMO_USERS
                        .map(|(name, _)| view! { <option value=name>{move || format!("{name} · {}", role(name))}</option> })}
                </select>
            </span>
            <span class="pick">
                <label for="password">{bench.word(|t| t.actions.password)}</label>
                // Shown on purpose: the demo users' passwords are no secret.
                <input
                    type="text"
                    id="password"
                    name="password"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="128"
                    required
                    value=demo_password(DEMO_USERS[0].0)
                    prop:value=move || password.get()
                    on:input=move |event| password.set(event_target_value(&event))
                />
            </span>
            <button class="primary">{bench.word(|t| t.actions.log_in)}</button>
        </form>
    }
    .into_any()
}
