//! No browser: what the server renders with. A render calls nothing of it but what takes a text apart.

use super::{Answer, Clicked, Key, News, Outgoing, Unreachable, Used};

/// An open event stream; dropping it closes it.
pub(crate) struct Stream;

#[expect(clippy::unused_async, reason = "the browser's own is asynchronous")]
pub(crate) async fn fetch(_: Outgoing) -> Result<Answer, Unreachable> {
    Err(Unreachable)
}

#[expect(clippy::unused_async, reason = "the browser's own is asynchronous")]
pub(crate) async fn copy(_: String) -> bool {
    false
}

pub(crate) fn stored(_: &str) -> Option<String> {
    None
}

pub(crate) fn store(_: &str, _: &str) {}

pub(crate) fn forget(_: &str) {}

/// What one tab at a time has.
pub(crate) struct Lock;

impl Drop for Lock {
    fn drop(&mut self) {}
}

#[expect(clippy::unused_async, reason = "the browser's own is asynchronous")]
pub(crate) async fn lock(_: &str) -> Option<Lock> {
    Some(Lock)
}

pub(crate) fn script_cookies() -> String {
    String::new()
}

pub(crate) fn remember(_: &str, _: Option<&str>) {}

pub(crate) fn on_storage(_: impl Fn() + 'static) {}

pub(crate) fn on_tabs(_: &str, _: impl Fn() + 'static) {}

pub(crate) fn tell_tabs() {}

pub(crate) fn on_visibility(_: impl Fn(bool) + 'static) {}

pub(crate) fn events(_: &str, _: impl Fn(News) + 'static) -> Option<Stream> {
    None
}

pub(crate) fn every(_: i32, _: impl Fn() + 'static) {}

pub(crate) fn after(_: i32, _: impl FnOnce() + 'static) {}

#[expect(clippy::unused_async, reason = "the browser's own is asynchronous")]
pub(crate) async fn pause(_: i32) {}

/// A frame on the page; dropping it removes it.
pub(crate) struct Frame;

impl Drop for Frame {
    fn drop(&mut self) {}
}

impl Frame {
    #[expect(clippy::unused_async, reason = "the browser's own is asynchronous")]
    pub(crate) async fn load(_: &str, _: &str, _: &str) -> Option<Self> {
        None
    }

    #[expect(clippy::unused_self, reason = "the browser's own looks into itself")]
    pub(crate) fn attribute(&self, _: &str) -> Option<String> {
        None
    }
}

/// Where the focus was.
pub(crate) struct Focus;

impl Focus {
    #[expect(clippy::unused_self, reason = "the browser's own knows where")]
    pub(crate) fn put_back(&self) {}
}

pub(crate) fn move_focus(_: &str) -> Option<Focus> {
    None
}

pub(crate) fn on_use(_: impl Fn(Used) + Clone + 'static) {}

pub(crate) fn value_of(_: &str) -> String {
    String::new()
}

pub(crate) fn choose(_: &str, _: &str) {}

pub(crate) fn check(_: &str, _: bool) {}

pub(crate) fn attribute(_: &str, _: &str, _: Option<&str>) {}

pub(crate) fn say(_: &str, _: &str) {}

pub(crate) fn open_window(_: &str) -> bool {
    false
}

pub(crate) fn random() -> f64 {
    0.0
}

#[expect(clippy::unused_async, reason = "the browser's own is asynchronous")]
pub(crate) async fn hmac_sha256(_: &[u8], _: &str) -> Option<Vec<u8>> {
    None
}

pub(crate) fn download(_: &str, _: &str, _: &str) {}

pub(crate) fn print() {}

pub(crate) fn set_cookie(_: &str) {}

pub(crate) fn unix_seconds() -> f64 {
    0.0
}

pub(crate) fn open_tab(_: &str) {}

pub(crate) fn root_attribute(_: &str, _: Option<&str>) {}

pub(crate) fn replace_query(_: &str) {}

pub(crate) fn push_query(_: &str) {}

pub(crate) fn asked(_: &str) -> Option<String> {
    None
}

pub(crate) fn on_history(_: impl Fn() + 'static) {}

pub(crate) fn user_agent() -> String {
    String::new()
}

pub(crate) fn now() -> String {
    String::new()
}

pub(crate) fn reload() {}

pub(crate) fn go_to(_: &str) {}

pub(crate) fn open_dialog(_: &str) {}

pub(crate) fn on_key(_: impl Fn(Key) -> bool + 'static) {}

pub(crate) fn clicked<E>(_: &E) -> Option<Clicked> {
    None
}

pub(crate) fn texts(_: &str, _: &str) -> Vec<String> {
    Vec::new()
}

#[cfg(not(feature = "ssr"))]
pub(crate) fn ids(_: &str) -> Vec<String> {
    Vec::new()
}

pub(crate) fn put(_: &str) -> bool {
    false
}

pub(crate) fn is_there(_: &str) -> bool {
    false
}

pub(crate) fn around(_: &str, _: &str) -> Option<String> {
    None
}

pub(crate) fn click(_: &str) {}

pub(crate) fn name_of(_: &str) -> Option<String> {
    None
}

pub(crate) fn fill(_: &str, _: &str, _: &str) {}

pub(crate) fn only_with(_: &str, _: &str) {}

pub(crate) fn point_at(_: &str) {}

pub(crate) fn is_button<E>(_: &E) -> bool {
    false
}

pub(crate) fn show(_: &str) {}

pub(crate) fn close_menus() {}

pub(crate) fn on_leaving_menus() {}

pub(crate) fn html_within(_: &str) -> String {
    String::new()
}

pub(crate) fn decode(part: &str) -> Option<String> {
    domain::claims::decode(part)
}

/// JSON, taken apart.
pub(crate) struct Json(serde_json::Value);

impl Json {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|found| !found.is_null()).cloned().map(Self)
    }

    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        self.0.as_array().map(|items| items.iter().cloned().map(Self).collect())
    }

    pub(crate) fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    pub(crate) fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    pub(crate) fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }
}
