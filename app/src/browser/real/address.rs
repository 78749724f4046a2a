//! The address, the history, and windows beside this one.

use super::{listen, window};
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// Opens a window of another site. Whether the browser let it: it does so only on a click.
pub(crate) fn open_window(url: &str) -> bool {
    let Some(window) = window() else { return false };
    let features = "popup,width=560,height=420";
    window.open_with_url_and_target_and_features(url, "_blank", features).is_ok_and(|opened| opened.is_some())
}

pub(crate) fn open_tab(url: &str) {
    if let Some(window) = window() {
        let _ = window.open_with_url_and_target_and_features(url, "_blank", "noopener");
    }
}

/// Shows other settings in the address, without a new entry in the history.
pub(crate) fn replace_query(query: &str) {
    if let Some(window) = window()
        && let (Ok(path), Ok(history)) = (window.location().pathname(), window.history())
    {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{query}")));
    }
}

/// The same with a new entry: *Back* leads to what was before.
pub(crate) fn push_query(query: &str) {
    if let Some(window) = window()
        && let (Ok(path), Ok(history)) = (window.location().pathname(), window.history())
    {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{query}")));
    }
}

/// What the address says under this name.
pub(crate) fn asked(name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(&window()?.location().search().ok()?).ok()?.get(name)
}

/// Calls when the visitor goes back or forward between entries of this page.
pub(crate) fn on_history(f: impl Fn() + 'static) {
    if let Some(window) = window() {
        listen(&window, "popstate", move |_| f());
    }
}

/// Opens the page's address anew.
pub(crate) fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}
