use crate::{
    act::named,
    state::bench::Bench,
    ui::parts::{fold::Fold, menu::Menu},
};
use domain::{
    attack::{Attack, Comment, Copied},
    claims::Alg,
    lesson::press::Press,
    user::{DEMO_USERS, demo_password},
    view::ServerView,
};
use leptos::prelude::*;

/// What may happen to a login, where it is folded.
const WHAT_IF: &str = "what-if";

/// The actions. The login is a form that works without script for the cookie schemes, and so are the
/// other actions that a browser can do by itself.
#[component]
pub(crate) fn Actions(bench: Bench) -> impl IntoView {
    let t = bench.lang.actions();
    let path = bench.path("api");
    // Forms carry the page's settings in the address, so that the answer can send the visitor back to them.
    let tells = bench.boot().tells;
    let told = if tells { "&claims=told" } else { "" };
    let to = move |route: &str| format!("{path}/{route}?lang={}&scheme={}{told}", bench.lang.tag(), bench.scheme.get());
    let (login, cart, logout) = (to.clone(), to.clone(), to);
    view! {
        <section class="act" id="actions" aria-label=t.label>
            <Login bench action=Signal::derive(move || login("login")) />
            <form method="get" action=bench.path("") data-send="who-am-i">
                <input type="hidden" name="lang" value=bench.lang.tag() />
                <input type="hidden" name="scheme" value=move || bench.scheme.get().name() />
                {tells.then(|| view! { <input type="hidden" name="claims" value="told" /> })}
                <button id="who-am-i">{t.who_am_i}</button>
            </form>
            <form
                method="post"
                action=move || cart("cart")
                data-send="add-to-cart"
            >
                <input type="hidden" name="item" value="pen" />
                <button id="add-to-cart">{t.add}</button>
            </form>
            <form
                method="post"
                action=move || logout("logout")
                data-send="log-out"
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
    let t = bench.lang.actions();
    let [of_login, requests, of_keys, break_in, of_lab] = t.groups;
    let site = Signal::derive(move || t.another_site.to_owned());
    let script = Signal::derive(move || t.a_script.to_owned());
    let more = Signal::derive(move || t.more.to_owned());
    let has_proxy = bench.view.with_untracked(|view| view.faults.proxy_cache);
    let alg = bench.view.with_untracked(ServerView::alg);
    let attacks = Attack::ALL.into_iter().zip(t.attacks).map(move |(attack, name)| {
        view! { <Button id="" name press=Press::OtherSite(attack) /> }
    });
    view! {
        <span class="lbl">{t.what_if}</span>
        <Button id="restart" name=t.restart press=Press::Restart />
        <Button id="advance" name=t.ten_minutes press=Press::Advance(600) />
        <div id="other-site"><Menu closes=true class="list" title=site>{attacks.collect_view()}</Menu></div>
        <div id="script">
            <Menu closes=true class="list" title=script>
                <Button id="" name=t.script_reads press=Press::Script(Comment::Read) />
                <Button id="" name=t.script_acts press=Press::Script(Comment::Act) />
            </Menu>
        </div>
        <Menu closes=true class="list end" title=more label=t.more_label>
            <fieldset class="group">
                <legend>{of_login}</legend>
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
                    />
                </label>
                <Button id="log-out-everywhere" name=t.log_out_everywhere press=Press::LogOutEverywhere />
                <button
                    type="button"
                    disabled
                    data-wakes
                    data-press="new-tab"
                >
                    {t.new_tab}
                </button>
            </fieldset>
            <fieldset class="group">
                <legend>{requests}</legend>
                <Button id="visit-admin" name=t.admin press=Press::VisitAdmin />
                <Button id="empty-cart" name=t.empty_cart press=Press::EmptyCart />
                <Button id="catalog" name=t.catalog press=Press::Catalog />
            </fieldset>
            <fieldset id="keys" class="group">
                <legend>{of_keys}</legend>
                <label class="pick">
                    {t.alg}
                    <select id="alg" disabled data-wakes>
                        {Alg::ALL
                            .map(|one| view! { <option value=one.name() selected=alg == one>{one.name()}</option> })}
                    </select>
                </label>
                <Button id="" name=t.rotate press=Press::RotateKeys { retire: false } />
                <Button id="" name=t.retire press=Press::RotateKeys { retire: true } />
            </fieldset>
            <fieldset id="take" class="group">
                <legend>{break_in}</legend>
                <Button id="" name=t.take_rows press=Press::Take(Copied::Rows) />
                <Button id="" name=t.take_key press=Press::Take(Copied::Key) />
            </fieldset>
            <fieldset class="group">
                <legend>{of_lab}</legend>
                <Button id="proxy" name=bench.text().desk.proxy[usize::from(has_proxy)] press=Press::Proxy(!has_proxy) />
                <Button id="" name=t.eight_hours press=Press::Advance(8 * 3600) />
                <Button id="reset" name=t.reset press=Press::Reset />
            </fieldset>
        </Menu>
    }
    .into_any()
}

#[component]
fn Button(id: &'static str, name: &'static str, press: Press) -> impl IntoView {
    let id = (!id.is_empty()).then_some(id);
    let opens_window = matches!(press, Press::OtherSite(_)).then_some("");
    view! {
        // Pressed, it leaves the sheet: what comes of it is to be seen.
        <button type="button" id=id popovertarget=WHAT_IF popovertargetaction="hide" disabled data-wakes data-press=named::name(&press) data-window=opens_window>
            {name}
        </button>
    }
    .into_any()
}

#[component]
fn Login(bench: Bench, action: Signal<String>) -> impl IntoView {
    let (text, t) = (bench.text(), bench.lang.actions());
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
            data-send="log-in"
        >
            <select
                id="username"
                name="username"
                aria-label=t.user
                data-set="user"
            >
                {DEMO_USERS.map(|(name, _)| view! { <option value=name>{move || format!("{name} · {}", role(name))}</option> })}
            </select>
            <button class="primary" id="log-in">{t.log_in}</button>
        </form>
    }
    .into_any()
}
