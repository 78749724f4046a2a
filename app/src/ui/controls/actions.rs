use crate::{
    act, browser,
    state::bench::Bench,
    ui::parts::{fold::Fold, menu::Menu},
};
use domain::{
    attack::{Attack, Comment, Copied},
    lesson::press::Press,
    user::{DEMO_USERS, demo_password},
};
use leptos::prelude::*;

/// What may happen to a login, where it is folded.
const WHAT_IF: &str = "what-if";

/// The actions. The login is a form that works without script for the cookie schemes, and so are the
/// other actions that a browser can do by itself.
#[component]
pub(crate) fn Actions(bench: Bench, is_busy: Signal<bool>) -> impl IntoView {
    let t = &bench.text().actions;
    let path = bench.path("api");
    // Forms carry the page's settings in the address, so that the answer can send the visitor back to them.
    let to = move |route: &str| format!("{path}/{route}?lang={}&scheme={}", bench.lang.tag(), bench.scheme.get());
    let (login, cart, logout) = (to.clone(), to.clone(), to);
    view! {
        <section class="act" id="actions" aria-label=t.label inert=move || is_busy.get()>
            <Login bench action=Signal::derive(move || login("login")) />
            <form method="get" action=bench.path("") on:submit=move |event| { event.prevent_default(); act::press(bench, Press::WhoAmI); }>
                <input type="hidden" name="lang" value=bench.lang.tag() />
                <input type="hidden" name="scheme" value=move || bench.scheme.get().name() />
                <button id="who-am-i">{t.who_am_i}</button>
            </form>
            <form
                method="post"
                action=move || cart("cart")
                on:submit=move |event| { event.prevent_default(); act::press(bench, Press::AddToCart); }
            >
                <input type="hidden" name="item" value="pen" />
                <button id="add-to-cart">{t.add}</button>
            </form>
            <form
                method="post"
                action=move || logout("logout")
                on:submit=move |event| { event.prevent_default(); act::press(bench, Press::LogOut); }
            >
                <button id="log-out">{t.log_out}</button>
            </form>
            <span class="sep"></span>
            <Fold bench id=WHAT_IF title=t.what_if><WhatIf bench /></Fold>
        </section>
    }
    .into_any()
}

/// What may happen to a login, done by hand.
#[component]
fn WhatIf(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let t = &text.actions;
    let site = Signal::derive(move || t.another_site.to_owned());
    let script = Signal::derive(move || t.a_script.to_owned());
    let more = Signal::derive(move || t.more.to_owned());
    let has_proxy = Memo::new(move |_| bench.view.with(|view| view.faults.proxy_cache));
    let attacks = Attack::ALL.into_iter().zip(t.attacks).map(move |(attack, name)| {
        view! { <Button bench id="" name press=Press::OtherSite(attack) /> }
    });
    view! {
        <span class="lbl">{t.what_if}</span>
        <Button bench id="restart" name=t.restart press=Press::Restart />
        <Button bench id="advance" name=t.ten_minutes press=Press::Advance(600) />
        <div id="other-site"><Menu closes=true class="list" title=site>{attacks.collect_view()}</Menu></div>
        <div id="script">
            <Menu closes=true class="list" title=script>
                <Button bench id="" name=t.script_reads press=Press::Script(Comment::Read) />
                <Button bench id="" name=t.script_acts press=Press::Script(Comment::Act) />
            </Menu>
        </div>
        <Menu closes=true class="list end" title=more label=t.more_label>
            <label class="pick">
                {t.password}
                // Shown on purpose: the demo users' passwords are no secret.
                <input
                    type="text"
                    id="password"
                    name="password"
                    form="login"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="128"
                    value=demo_password(DEMO_USERS[0].0)
                    prop:value=move || bench.password.get()
                    on:input=move |event| bench.password.set(event_target_value(&event))
                />
            </label>
            <button
                type="button"
                disabled=move || !bench.hydrated.get()
                on:click=move |_| browser::open_tab(&format!("{}?scheme={}", bench.path(""), bench.scheme.get_untracked()))
            >
                {t.new_tab}
            </button>
            <Button bench id="log-out-everywhere" name=t.log_out_everywhere press=Press::LogOutEverywhere />
            <Button bench id="visit-admin" name=t.admin press=Press::VisitAdmin />
            <Button bench id="empty-cart" name=t.empty_cart press=Press::EmptyCart />
            <Button bench id="catalog" name=t.catalog press=Press::Catalog />
            {move || {
                let on = has_proxy.get();
                view! { <Button bench id="proxy" name=t.proxy[usize::from(on)] press=Press::Proxy(!on) /> }
            }}
            <Button bench id="" name=t.eight_hours press=Press::Advance(8 * 3600) />
            <span id="keys" class="group">
                <Button bench id="" name=t.rotate press=Press::RotateKeys { retire: false } />
                <Button bench id="" name=t.retire press=Press::RotateKeys { retire: true } />
            </span>
            <span id="take" class="group">
                <Button bench id="" name=t.take_rows press=Press::Take(Copied::Rows) />
                <Button bench id="" name=t.take_key press=Press::Take(Copied::Key) />
            </span>
            <Button bench id="reset" name=t.reset press=Press::Reset />
        </Menu>
    }
    .into_any()
}

#[component]
fn Button(bench: Bench, id: &'static str, name: &'static str, press: Press) -> impl IntoView {
    let id = (!id.is_empty()).then_some(id);
    view! {
        // Pressed, it leaves the sheet: what comes of it is to be seen.
        <button type="button" id=id popovertarget=WHAT_IF popovertargetaction="hide" disabled=move || !bench.hydrated.get() on:click=move |_| act::press(bench, press.clone())>
            {name}
        </button>
    }
    .into_any()
}

#[component]
fn Login(bench: Bench, action: Signal<String>) -> impl IntoView {
    let text = bench.text();
    let (user, password) = (bench.username, bench.password);
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
            <select
                id="username"
                name="username"
                aria-label=text.actions.user
                prop:value=move || user.get()
                on:change=move |event| {
                    let name = event_target_value(&event);
                    password.set(demo_password(&name));
                    user.set(name);
                }
            >
                {DEMO_USERS.map(|(name, _)| view! { <option value=name>{move || format!("{name} · {}", role(name))}</option> })}
            </select>
            <button class="primary" id="log-in">{text.actions.log_in}</button>
        </form>
    }
    .into_any()
}
