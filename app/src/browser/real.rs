//! The real browser, through `web_sys`. Where a browser refuses something (storage switched off, say), the
//! answer is the same as when nothing is there.

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, Event, HtmlDocument, HtmlElement, Window};

pub(crate) use address::*;
pub(crate) use controls::*;
pub(crate) use kept::*;
pub(crate) use menus::*;
pub(crate) use parts::*;
pub(crate) use values::*;
pub(crate) use wire::*;

mod address;
mod controls;
mod kept;
mod menus;
mod parts;
mod values;
mod wire;

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<HtmlDocument> {
    window()?.document()?.dyn_into().ok()
}

pub(crate) async fn copy(text: String) -> bool {
    let Some(window) = window() else { return false };
    // Over plain http on another machine there is no clipboard at all.
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}

fn listen(target: &web_sys::EventTarget, kind: &str, f: impl Fn(Event) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(f);
    let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    // The page's own listeners live as long as the page.
    closure.forget();
}

/// Calls when the visitor first moves, and first presses, anything: at most once for each.
pub(crate) fn once_near<F: Future<Output = ()> + 'static>(f: impl Fn() -> F + 'static) {
    let Some(window) = window() else { return };
    let closure = Closure::<dyn Fn()>::new(move || wasm_bindgen_futures::spawn_local(f()));
    let once = AddEventListenerOptions::new();
    once.set_once(true);
    for kind in ["pointermove", "pointerdown", "keydown"] {
        let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
            kind,
            closure.as_ref().unchecked_ref(),
            &once,
        );
    }
    closure.forget();
}

/// Calls with whether the page can be seen, each time that changes.
pub(crate) fn on_visibility(f: impl Fn(bool) + 'static) {
    if let Some(document) = document() {
        let target = document.clone();
        listen(&target, "visibilitychange", move |_| f(!document.hidden()));
    }
}

/// Lets the visitor keep a text as a file.
pub(crate) fn download(name: &str, kind: &str, text: &str) {
    let Some(document) = document() else { return };
    let escaped: String = js_sys::encode_uri_component(text).into();
    if let Ok(link) = document.create_element("a") {
        let _ = link.set_attribute("href", &format!("data:{kind};charset=utf-8,{escaped}"));
        let _ = link.set_attribute("download", name);
        if let Ok(link) = link.dyn_into::<web_sys::HtmlElement>() {
            link.click();
        }
    }
}

pub(crate) fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// What this selector names.
fn all(selector: &str) -> impl Iterator<Item = HtmlElement> {
    let found = document().and_then(|document| document.query_selector_all(selector).ok());
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |at| found.as_ref()?.item(at)?.dyn_into().ok())
}
