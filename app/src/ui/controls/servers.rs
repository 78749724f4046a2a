use crate::{
    act,
    state::{
        bench::Bench,
        chosen::{shared_store, stores},
        lazy::Lazy,
    },
    ui::{
        controls::{defences::Defences, presets::Presets},
        parts::{
            lazily::{Lazily, once_opened},
            menu::Menu,
        },
    },
};
use domain::{
    lesson::press::Press,
    topology::{ChangeTopology, StoreKind, Strategy},
    view::Defences as Flags,
};
use leptos::prelude::*;

/// The third choice, beside the credential and the carrier: how several servers share logins.
#[component]
pub(crate) fn Servers(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let offered = Memo::new(move |_| stores(bench));
    let shared = Memo::new(move |_| shared_store(bench));
    let cookie = Signal::derive(move || text.desk.options(&bench.written()));
    let servers = Signal::derive(move || {
        let (count, has_proxy) = bench.view.with(|view| (view.nodes.len(), view.faults.proxy_cache));
        let proxy = if has_proxy { text.servers.with_proxy } else { "" };
        format!("{}{proxy}", (text.servers.count)(count))
    });
    let is_cookie = move || act::has_options(bench.scheme.get());
    let (of_cookie, of_servers) = (RwSignal::new(false), RwSignal::new(false));
    // Without a script its fields go along with the form.
    let is_asked_for = if cfg!(feature = "hydrate") { once_opened(bench, of_cookie) } else { Signal::stored(true) };
    view! {
        <section class="servers" id="servers" aria-labelledby="servers-title">
            <h2 id="servers-title" class="off-screen">{text.servers.title}</h2>
            <Presets bench />
            <div class="menus">
                <div hidden=move || !is_cookie()>
                    <Menu class="of-cookie" title=cookie opened=of_cookie>
                        <Lazily bench what=Lazy::CookieOptions when=is_asked_for />
                    </Menu>
                </div>
                <Menu class="of-servers" title=servers opened=of_servers>
                    <Shared bench offered shared />
                    <Lazily bench what=Lazy::Adjust when=once_opened(bench, of_servers) />
                </Menu>
                <Menu class="of-defences" title=Signal::derive(move || defences_on(bench))><Defences bench /></Menu>
            </div>
        </section>
    }
    .into_any()
}

/// What is set, in short: the servers and, where there is one, the cookie.
pub(crate) fn summary(bench: Bench) -> String {
    let text = bench.text();
    let now = Strategy::of(bench.view.with(|view| view.topology), false);
    let at = Strategy::ALL.iter().position(|one| *one == now).unwrap_or_default();
    let cookie = act::has_options(bench.scheme.get()).then(|| text.desk.options(&bench.written()));
    [Some(text.servers.names[at].to_owned()), cookie].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// How many defences are on.
fn defences_on(bench: Bench) -> String {
    let Flags { denylist, check_origin, hash_ids, guestbook_csp } = bench.view.with(|view| view.defences);
    let on = [denylist, check_origin, hash_ids, guestbook_csp].into_iter().filter(|on| *on).count();
    (bench.text().desk.defences_on)(on)
}

/// Which store *Separate storage* means, where there is a choice.
#[component]
fn Shared(bench: Bench, offered: Memo<Vec<StoreKind>>, shared: Memo<Option<StoreKind>>) -> impl IntoView {
    let name = move || shared.get().map_or("", StoreKind::name);
    let options = move || {
        let option = |kind: StoreKind| {
            view! { <option value=kind.name() selected=move || shared.get() == Some(kind)>{(bench.text().servers.stores)(kind)}</option> }
        };
        offered.get().into_iter().map(option).collect_view()
    };
    view! {
        <span class="pick" hidden=move || offered.with(Vec::len) < 2>
            <label for="shared-store">{bench.word(|t| t.servers.shared)}</label>
            <select
                id="shared-store"
                disabled=move || !bench.hydrated.get()
                prop:value=name
                on:change=move |event| {
                    let name = event_target_value(&event);
                    let Some(kind) = StoreKind::SHARED.into_iter().find(|kind| kind.name() == name) else { return };
                    bench.shared.set(Some(kind));
                    if bench.view.with_untracked(|view| view.topology.store.is_shared()) {
                        act::press(bench, Press::Arrange(ChangeTopology { store: Some(kind), ..ChangeTopology::default() }));
                    }
                }
            >
                {options}
            </select>
        </span>
    }
    .into_any()
}
