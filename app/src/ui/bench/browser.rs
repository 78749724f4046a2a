use crate::{
    state::{bench::Bench, lazy::Lazy},
    ui::{
        bench::browser::{next_request::NextRequest, rendered::Rendered, token::Token},
        parts::{
            chip::Chip,
            lazily::{Lazily, once_opened},
            place::{Part, Place},
        },
    },
};
use domain::{
    balance::Routing,
    cookie::{AFFINITY, SetCookie},
    exchange::{Exchange, header},
    scheme::{Credential, storage_key},
    view::Arrived,
};
use leptos::prelude::*;
use std::sync::Arc;

mod next_request;
mod rendered;
pub(crate) mod tamper;
pub(crate) mod token;

/// The first place: cookies, localStorage, what goes along next, and for whom the page was rendered.
#[component]
pub(crate) fn BrowserHolds(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let lab = bench.lab();
    let key = storage_key(&lab);
    let bytes = move || {
        bench.browser.with(|browser| {
            let cookies: usize = browser.cookies().map(|(c, _)| c.name.len() + c.value.len()).sum();
            let stored = browser.stored.as_ref().map_or(0, |value| key.len() + value.len());
            cookies + stored
        })
    };
    let remark = move || match bytes() {
        0 => text.browser.nothing.to_owned(),
        bytes => (text.server.bytes)(bytes),
    };
    view! {
        <Place bench id="browser" title=|t| t.browser.title remark=Signal::derive(remark)>
            <Cookies bench />
            <Stored bench />
            <NextRequest bench />
            <Tampering bench />
            <Rendered bench />
        </Place>
    }
    .into_any()
}

/// Where a credential is changed before it is sent.
#[component]
fn Tampering(bench: Bench) -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <details class="tamper part" id="tamper" on:toggle=move |_| opened.set(true)>
            <summary>{bench.word(|t| t.browser.tamper)}</summary>
            <Lazily bench what=Lazy::Tamper when=once_opened(bench, opened) />
        </details>
    }
    .into_any()
}

#[component]
fn Cookies(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let cookies = move || {
        bench.browser.with(|browser| browser.cookies().map(|(cookie, seen)| (cookie.clone(), seen)).collect::<Vec<_>>())
    };
    let list = move || {
        let cookies = cookies();
        if cookies.is_empty() {
            return view! { <p class="empty">{text.browser.no_cookie}</p> }.into_any();
        }
        cookies.into_iter().map(|(cookie, seen)| view! { <Cookie bench cookie seen /> }).collect_view().into_any()
    };
    view! {
        <Part bench
            title=|t| t.browser.cookies
            remark=|t| t.browser.cookies_how
        >
            {list}
        </Part>
    }
    .into_any()
}

#[component]
fn Cookie(bench: Bench, cookie: Arrived, seen: bool) -> impl IntoView {
    let text = bench.text();
    let size = cookie.name.len() + cookie.value.len();
    let Some(credential) = Credential::of_cookie(&cookie.name) else {
        let (is_balancer, node) = (cookie.name == AFFINITY, cookie.value.clone());
        let is_sticky = move || bench.view.with(|view| view.topology.routing == Routing::Sticky);
        let note = move || match (is_balancer, is_sticky()) {
            (false, _) => text.browser.preference.to_owned(),
            (true, false) => text.browser.affinity_idle.to_owned(),
            (true, true) => (text.browser.affinity)(&node),
        };
        return view! {
            <div class="held">
                <p class="kv"><b>{cookie.name}</b> " = " {cookie.value} " " <small>{(text.server.bytes)(size)}</small></p>
                <p class="note">{note}</p>
            </div>
        }
        .into_any();
    };
    let value = cookie.value.clone();
    let flags = {
        let cookie = cookie.clone();
        move || bench.exchanges.with(|all| attributes(all, &cookie))
    };
    // Before a script has looked, what the cookie was set with tells whether one can.
    let open = flags.clone();
    let is_open = move || seen || open().is_some_and(|flags| !flags.iter().any(|flag| flag == "HttpOnly"));
    let flags = move || match flags() {
        Some(flags) => flags
            .into_iter()
            .map(|flag| view! { <span class="flag on" title=flag.clone()>{shown(&flag)}</span> })
            .collect_view()
            .into_any(),
        None => view! { <span class="flag">{text.browser.unrecorded}</span> }.into_any(),
    };
    view! {
        <div class="held">
            <p class="kv">
                <b>{cookie.name.clone()}</b> " = " <Chip bench value=cookie.value.clone() /> " "
                <small>{(text.server.bytes)(size)}</small>
            </p>
            <p class="flags">{flags}</p>
            <p class="note">{move || if is_open() { text.browser.shown } else { text.browser.hidden }}</p>
            {(credential == Credential::Jwt).then(|| view! { <Token bench token=value /> })}
        </div>
    }
    .into_any()
}

/// The lab's own path is the longest attribute of all and says least.
fn shown(attribute: &str) -> String {
    if attribute.starts_with("Path=/lab/") { "Path=/lab/…".to_owned() } else { attribute.to_owned() }
}

/// The attributes that a cookie was last set with, from the server's record: browsers tell nobody.
fn attributes(all: &[Arc<Exchange>], cookie: &Arrived) -> Option<Vec<String>> {
    all.iter().rev().flat_map(|exchange| header(&exchange.response.headers, "set-cookie")).find_map(|set| {
        let set = SetCookie::parse(set)?;
        (set.name == cookie.name && set.value == cookie.value)
            .then(|| set.attributes.into_iter().map(str::to_owned).collect())
    })
}

#[component]
fn Stored(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let key = storage_key(&bench.lab());
    let stored = Memo::new(move |_| bench.browser.with(|browser| browser.stored.clone()));
    let held = move || match stored.get() {
        None if !bench.hydrated.get() => view! { <p class="empty">{text.browser.looking}</p> }.into_any(),
        None => view! { <p class="empty">{text.browser.nothing}</p> }.into_any(),
        Some(value) => {
            let size = key.len() + value.len();
            view! {
                <div class="held">
                    <p class="kv">
                        <b title=key.clone()>"…:token"</b> " = " <Chip bench value=value.clone() /> " "
                        <small>{(text.server.bytes)(size)}</small>
                    </p>
                    <p class="note">{text.browser.storage_note}</p>
                    <Token bench token=value />
                </div>
            }
            .into_any()
        }
    };
    view! {
        <Part bench
            title=|t| t.browser.storage
            remark=|t| t.browser.storage_how
        >
            {held}
        </Part>
    }
    .into_any()
}
