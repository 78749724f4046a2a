//! What the browser knows and calculates: time, chance, HMAC, JSON.

use super::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

pub(crate) fn every(milliseconds: i32, f: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(f);
    if let Some(window) = window() {
        let _ = window
            .set_interval_with_callback_and_timeout_and_arguments_0(closure.as_ref().unchecked_ref(), milliseconds);
    }
    closure.forget();
}

pub(crate) fn after(milliseconds: i32, f: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(f);
    if let Some(window) = window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), milliseconds);
    }
}

/// Resolves after so long.
pub(crate) async fn pause(milliseconds: i32) {
    let _ = JsFuture::from(timer(milliseconds)).await;
}

/// Resolves with nothing after so long.
pub(super) fn timer(milliseconds: i32) -> js_sys::Promise {
    js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    })
}

/// Random bits, for ids that nobody is to guess.
pub(crate) fn random() -> f64 {
    js_sys::Math::random()
}

/// HMAC with SHA-256 of a text; `None` where the browser does not calculate one: it does so only for a page that came
/// by https or from this machine.
pub(crate) async fn hmac_sha256(key: &[u8], text: &str) -> Option<Vec<u8>> {
    if !window()?.is_secure_context() {
        return None;
    }
    try_hmac_sha256(key, text).await.ok()
}

async fn try_hmac_sha256(key: &[u8], text: &str) -> Result<Vec<u8>, JsValue> {
    // HMAC fills a short key up with zeros (RFC 2104), so this is the empty one; browsers take none without a byte.
    let key = if key.is_empty() { &[0] } else { key };
    let subtle = window().ok_or(JsValue::NULL)?.crypto()?.subtle();
    let algorithm = js_sys::Object::new();
    js_sys::Reflect::set(&algorithm, &"name".into(), &"HMAC".into())?;
    js_sys::Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    let usages = js_sys::Array::of1(&"sign".into());
    let bytes = js_sys::Uint8Array::from(key);
    let key = subtle.import_key_with_object("raw", &bytes, &algorithm, false, &usages)?;
    let key: CryptoKey = JsFuture::from(key).await?.dyn_into()?;
    let mac = subtle.sign_with_str_and_u8_array("HMAC", &key, text.as_bytes())?;
    Ok(js_sys::Uint8Array::new(&JsFuture::from(mac).await?).to_vec())
}

pub(crate) fn unix_seconds() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// The browser's own name for itself.
pub(crate) fn user_agent() -> String {
    window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default()
}

/// The time as ISO 8601.
pub(crate) fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// The JSON that the server left in the page.
pub(crate) fn boot() -> Option<String> {
    document()?.get_element_by_id("boot")?.text_content()
}

/// A part of a token as text (RFC 7515 §2): what `domain::claims::decode` makes of it, without a table of our own.
pub(crate) fn decode(part: &str) -> Option<String> {
    let bytes = window()?.atob(&part.replace('-', "+").replace('_', "/")).ok()?;
    // A letter for each byte.
    let bytes = bytes.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

/// JSON that the browser has taken apart.
pub(crate) struct Json(JsValue);

impl Json {
    /// Takes a text apart.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        js_sys::JSON::parse(text).ok().map(Self)
    }

    /// What an object has under this name, unless that is `null`.
    pub(crate) fn get(&self, name: &str) -> Option<Self> {
        let found = js_sys::Reflect::get(&self.0, &JsValue::from_str(name)).ok()?;
        (!found.is_undefined() && !found.is_null()).then_some(Self(found))
    }

    /// What a list has.
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        self.0.dyn_ref::<js_sys::Array>().map(|items| items.iter().map(Self).collect())
    }

    pub(crate) fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    pub(crate) fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    pub(crate) fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }
}
