//! What the browser keeps, and what its other tabs hear of it.

use super::{document, listen, window};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::BroadcastChannel;

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

pub(crate) fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

pub(crate) fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

pub(crate) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// What one tab at a time has. It is given back when this is dropped, and when the tab goes.
pub(crate) struct Lock {
    give_back: Option<js_sys::Function>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(give_back) = &self.give_back {
            let _ = give_back.call0(&JsValue::NULL);
        }
    }
}

/// Takes it; `None` when another tab has it. Where a browser has no locks, as for a page that came by plain http from
/// another machine, nobody else is known of.
pub(crate) async fn lock(name: &str) -> Option<Lock> {
    lock_of_browser(name).await.unwrap_or(Some(Lock { give_back: None }))
}

async fn lock_of_browser(name: &str) -> Result<Option<Lock>, JsValue> {
    let navigator = window().ok_or(JsValue::NULL)?.navigator();
    let locks = js_sys::Reflect::get(&navigator, &"locks".into())?;
    let request: js_sys::Function = js_sys::Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let mut asked = Ok(JsValue::NULL);
    let told = js_sys::Promise::new(&mut |tell, _| {
        let granted = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                let _ = tell.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            // It is held until this promise is kept.
            js_sys::Promise::new(&mut |give_back, _| {
                let _ = tell.call1(&JsValue::NULL, &give_back);
            })
            .into()
        });
        asked = request.call3(&locks, &name.into(), &options, &granted);
    });
    asked?;
    let give_back = JsFuture::from(told).await?;
    Ok(give_back.dyn_into().ok().map(|give_back| Lock { give_back: Some(give_back) }))
}

pub(crate) fn script_cookies() -> String {
    document().and_then(|document| document.cookie().ok()).unwrap_or_default()
}

/// Keeps a light preference where the server sees it with the next page request, or forgets it.
pub(crate) fn remember(name: &str, value: Option<&str>) {
    if let Some(document) = document() {
        let (value, age) = value.map_or(("", 0), |value| (value, 31_536_000));
        let secure = if is_https() { "; Secure" } else { "" };
        let _ = document.set_cookie(&format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{secure}"));
    }
}

/// By its address, for a secure context is also what comes from this machine by plain http.
fn is_https() -> bool {
    window().and_then(|window| window.location().protocol().ok()).is_some_and(|protocol| protocol == "https:")
}

/// Calls when another tab changed `localStorage`.
pub(crate) fn on_storage(f: impl Fn() + 'static) {
    if let Some(window) = window() {
        listen(&window, "storage", move |_| f());
    }
}

thread_local! {
    static TABS: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Calls when another tab of this browser says that something has changed.
pub(crate) fn on_tabs(name: &str, f: impl Fn() + 'static) {
    if let Ok(channel) = BroadcastChannel::new(name) {
        listen(&channel, "message", move |_| f());
        TABS.set(Some(channel));
    }
}

/// Says so to the other tabs.
pub(crate) fn tell_tabs() {
    TABS.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&JsValue::NULL);
        }
    });
}

/// Sets a cookie as a script does.
pub(crate) fn set_cookie(cookie: &str) {
    if let Some(document) = document() {
        let _ = document.set_cookie(cookie);
    }
}
