//! The real browser, through `web_sys`. Where a browser refuses something (storage switched off, say), the
//! answer is the same as when nothing is there.

use super::{Answer, Cache, Clicked, Key, News, Outgoing, Unreachable, Used};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, AddEventListenerOptions, BroadcastChannel, CryptoKey, Element, Event, EventSource, Headers,
    HtmlDialogElement, HtmlDocument, HtmlElement, HtmlFormElement, HtmlIFrameElement, HtmlInputElement,
    HtmlSelectElement, KeyboardEvent, MessageEvent, RequestCache, RequestCredentials, RequestInit, RequestMode,
    Response, UrlSearchParams, Window,
};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<HtmlDocument> {
    window()?.document()?.dyn_into().ok()
}

pub(crate) async fn fetch(outgoing: Outgoing) -> Result<Answer, Unreachable> {
    try_fetch(outgoing).await.map_err(|_| Unreachable)
}

async fn try_fetch(outgoing: Outgoing) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    if let Some(bearer) = &outgoing.bearer {
        headers.set("Authorization", &format!("Bearer {bearer}"))?;
    }
    let init = RequestInit::new();
    init.set_method(outgoing.method);
    init.set_credentials(if outgoing.cookies { RequestCredentials::SameOrigin } else { RequestCredentials::Omit });
    if let Some(body) = &outgoing.body {
        headers.set("Content-Type", "application/json")?;
        init.set_body(&JsValue::from_str(body));
    }
    for (name, value) in &outgoing.headers {
        headers.set(name, value)?;
    }
    match outgoing.cache {
        Cache::AsTold => {}
        Cache::Revalidate => init.set_cache(RequestCache::NoCache),
        Cache::Bypass => init.set_cache(RequestCache::NoStore),
        Cache::Only => {
            // A browser allows it to this origin alone.
            init.set_mode(RequestMode::SameOrigin);
            init.set_cache(RequestCache::OnlyIfCached);
        }
    }
    init.set_headers(&headers);
    if let Some(limit) = outgoing.patience.limit() {
        init.set_signal(Some(&AbortSignal::timeout_with_u32(limit)));
    }
    let window = window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(&outgoing.url, &init)).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let node = response.headers().get("x-node")?.and_then(|node| node.parse().ok());
    Ok(Answer { status: response.status(), node, body })
}

pub(crate) async fn copy(text: String) -> bool {
    let Some(window) = window() else { return false };
    // Over plain http on another machine there is no clipboard at all.
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}

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

/// Calls with whether the page can be seen, each time that changes.
pub(crate) fn on_visibility(f: impl Fn(bool) + 'static) {
    if let Some(document) = document() {
        let target = document.clone();
        listen(&target, "visibilitychange", move |_| f(!document.hidden()));
    }
}

/// What an event stream says.
const KINDS: [&str; 8] = ["open", "error", "exchange", "view", "crowd", "newer", "missed", "reset"];

/// An open event stream; dropping it closes it.
pub(crate) struct Stream {
    source: EventSource,
    listener: Closure<dyn Fn(Event)>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
        for kind in KINDS {
            let _ = self.source.remove_event_listener_with_callback(kind, self.listener.as_ref().unchecked_ref());
        }
    }
}

pub(crate) fn events(url: &str, f: impl Fn(News) + 'static) -> Option<Stream> {
    let source = EventSource::new(url).ok()?;
    let of = source.clone();
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let kind = match event.type_().as_str() {
            "open" => return f(News::Open),
            "error" => return f(News::Cut { closed: of.ready_state() == EventSource::CLOSED }),
            "exchange" => "exchange",
            "view" => "view",
            "crowd" => "crowd",
            "newer" => "newer",
            "missed" => "missed",
            _ => "reset",
        };
        if let Ok(message) = event.dyn_into::<MessageEvent>() {
            let data = message.data().as_string().unwrap_or_default();
            f(News::Event { kind, data });
        }
    });
    for kind in KINDS {
        source.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref()).ok()?;
    }
    Some(Stream { source, listener })
}

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
fn timer(milliseconds: i32) -> js_sys::Promise {
    js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    })
}

/// A frame on the page; dropping it removes it.
pub(crate) struct Frame(HtmlIFrameElement);

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}

impl Frame {
    /// Loads a page of this origin into a frame within the element with this id, and waits until it has loaded;
    /// `None` when it has not after ten seconds.
    pub(crate) async fn load(within: &str, title: &str, url: &str) -> Option<Self> {
        let document = document()?;
        let frame: HtmlIFrameElement = document.create_element("iframe").ok()?.dyn_into().ok()?;
        frame.set_title(title);
        frame.set_src(url);
        let of = frame.clone();
        let loaded = js_sys::Promise::new(&mut |resolve, _| of.set_onload(Some(&resolve)));
        document.get_element_by_id(within)?.append_child(&frame).ok()?;
        let frame = Self(frame);
        let first = js_sys::Promise::race(&js_sys::Array::of2(&loaded, &timer(10_000)));
        let event = JsFuture::from(first).await.ok()?;
        (!event.is_undefined()).then_some(frame)
    }

    /// An attribute of the framed page's root element.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.0.content_document()?.document_element()?.get_attribute(name)
    }
}

/// Calls for each control that the server wrote, when it is pressed, chosen in or sent.
pub(crate) fn on_use(f: impl Fn(Used) + Clone + 'static) {
    let Some(window) = window() else { return };
    for (kind, attribute) in [("click", "data-press"), ("change", "data-set"), ("submit", "data-send")] {
        let f = f.clone();
        listen(&window, kind, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let control = target.and_then(|target| target.closest(&format!("[{attribute}]")).ok()).flatten();
            let Some(control) = control else { return };
            if kind == "submit" {
                event.prevent_default();
            }
            let name = control.get_attribute(attribute).unwrap_or_default();
            let in_window = control.has_attribute("data-window");
            f(Used { name, value: chosen_in(&control), in_window });
            // A menu of buttons closes with a press.
            if kind == "click" && control.closest("details.menu.list").is_ok_and(|menu| menu.is_some()) {
                close_menus();
            }
        });
    }
}

fn chosen_in(control: &Element) -> String {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        return if input.type_() == "checkbox" { input.checked().to_string() } else { input.value() };
    }
    control.dyn_ref::<HtmlSelectElement>().map_or_else(String::new, HtmlSelectElement::value)
}

/// What is chosen or entered in the control with this id.
pub(crate) fn value_of(id: &str) -> String {
    element(id).map_or_else(String::new, |element| chosen_in(&element))
}

/// Chooses or enters it in each control that this selector names.
pub(crate) fn choose(selector: &str, value: &str) {
    for element in all(selector) {
        if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
            select.set_value(value);
        } else if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.set_value(value);
        }
    }
}

/// Ticks or chooses each box that this selector names, or unticks it.
pub(crate) fn check(selector: &str, on: bool) {
    for input in all(selector).filter_map(|element| element.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(on);
    }
}

/// Sets or removes an attribute of each element that this selector names.
pub(crate) fn attribute(selector: &str, name: &str, value: Option<&str>) {
    for element in all(selector) {
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }
}

/// Gives each element that this selector names this text.
pub(crate) fn say(selector: &str, text: &str) {
    for element in all(selector) {
        if element.text_content().as_deref() != Some(text) {
            element.set_text_content(Some(text));
        }
    }
}

/// Opens a window of another site. Whether the browser let it: it does so only on a click.
pub(crate) fn open_window(url: &str) -> bool {
    let Some(window) = window() else { return false };
    let features = "popup,width=560,height=420";
    window.open_with_url_and_target_and_features(url, "_blank", features).is_ok_and(|opened| opened.is_some())
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

/// Sets a cookie as a script does.
pub(crate) fn set_cookie(cookie: &str) {
    if let Some(document) = document() {
        let _ = document.set_cookie(cookie);
    }
}

pub(crate) fn unix_seconds() -> f64 {
    js_sys::Date::now() / 1000.0
}

pub(crate) fn open_tab(url: &str) {
    if let Some(window) = window() {
        let _ = window.open_with_url_and_target_and_features(url, "_blank", "noopener");
    }
}

/// Sets or removes an attribute of `<html>`.
pub(crate) fn root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
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

/// The browser's own name for itself.
pub(crate) fn user_agent() -> String {
    window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default()
}

/// The time as ISO 8601.
pub(crate) fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Puts the focus on an element without scrolling to it, and returns where it was.
pub(crate) fn move_focus(id: &str) -> Option<Focus> {
    let document = document()?;
    let before = document.active_element()?.dyn_into().ok()?;
    let to: web_sys::HtmlElement = document.get_element_by_id(id)?.dyn_into().ok()?;
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    to.focus_with_options(&options).ok()?;
    Some(Focus(before))
}

/// Where the focus was.
pub(crate) struct Focus(web_sys::HtmlElement);

impl Focus {
    /// Puts it back, if it is nowhere now.
    pub(crate) fn put_back(&self) {
        let is_nowhere = document()
            .and_then(|document| document.active_element())
            .is_none_or(|active| active.tag_name().eq_ignore_ascii_case("body"));
        if is_nowhere {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = self.0.focus_with_options(&options);
        }
    }
}

/// Opens the page's address anew.
pub(crate) fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Scrolls to an element and puts the focus there.
pub(crate) fn go_to(id: &str) {
    if let Some(element) = element(id) {
        element.scroll_into_view();
        let _ = element.focus();
    }
}

/// Opens a dialog before everything else.
pub(crate) fn open_dialog(id: &str) {
    if let Some(dialog) = element(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok()) {
        let _ = dialog.show_modal();
    }
}

/// Calls for each of the slides' keys that no field or button needs itself; `true` says that it was meant.
pub(crate) fn on_key(f: impl Fn(Key) -> bool + 'static) {
    let Some(window) = window() else { return };
    listen(&window, "keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let (key, not_within) = match event.key().as_str() {
            // A presenter's remote control sends the page keys.
            "ArrowLeft" | "PageUp" => (Key::Left, "input,select,textarea,dialog,[tabindex='0']"),
            "ArrowRight" | "PageDown" => (Key::Right, "input,select,textarea,dialog,[tabindex='0']"),
            " " => (Key::Space, "input,select,textarea,button,a,summary,dialog"),
            "Escape" => (Key::Escape, "input,select,textarea,dialog"),
            _ => return,
        };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_taken = target.is_some_and(|target| target.closest(not_within).is_ok_and(|found| found.is_some()));
        if !is_taken && f(key) {
            event.prevent_default();
        }
    });
}

/// What was clicked within HTML that the server wrote.
pub(crate) fn clicked(event: &Event) -> Option<Clicked> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if let Some(button) = target.closest("button[value]").ok()? {
        let of = |name: &str| button.get_attribute(name).unwrap_or_default();
        let in_window = button.has_attribute("data-window");
        return Some(Clicked::Button { name: of("name"), value: of("value"), in_window });
    }
    let details = target.closest("summary").ok()??.parent_element()?;
    Some(Clicked::Summary { of: details.id(), will_open: !details.has_attribute("open") })
}

/// The texts of all elements that this selector names within an element.
pub(crate) fn texts(within: &str, selector: &str) -> Vec<String> {
    let found = element(within).and_then(|within| within.query_selector_all(selector).ok());
    let Some(found) = found else { return Vec::new() };
    let text = |at| found.item(at)?.text_content();
    (0..found.length()).filter_map(text).map(|text| text.trim().to_owned()).collect()
}

/// The ids of all elements that this selector names.
pub(crate) fn ids(selector: &str) -> Vec<String> {
    all(selector).map(|element| element.id()).collect()
}

/// Whether there is an element with this id.
pub(crate) fn is_there(id: &str) -> bool {
    element(id).is_some()
}

/// Puts each piece of HTML that the server wrote where it says: into the element whose id its `data-of` has. Whether there
/// was one.
pub(crate) fn put(html: &str) -> bool {
    let Some(holder) = document().and_then(|document| document.create_element("div").ok()) else { return false };
    holder.set_inner_html(html);
    let mut is_put = false;
    while let Some(piece) = holder.first_element_child() {
        piece.remove();
        if let Some(of) = piece.get_attribute("data-of").and_then(|of| element(&of)) {
            is_put |= of.append_child(&piece).is_ok();
        }
    }
    is_put
}

/// An attribute of the nearest element around this one that has it.
pub(crate) fn around(id: &str, attribute: &str) -> Option<String> {
    element(id)?.closest(&format!("[{attribute}]")).ok()??.get_attribute(attribute)
}

/// Clicks on what this selector names.
pub(crate) fn click(selector: &str) {
    for element in all(selector) {
        element.click();
    }
}

/// What a button, or what opens a menu, is called.
pub(crate) fn name_of(id: &str) -> Option<String> {
    let element = element(id)?;
    let inside = || element.query_selector("summary,h3,legend").ok().flatten();
    let around = || element.closest("label").ok().flatten();
    // What stands in a menu is called by the menu.
    let menu = || element.closest("details.menu").ok().flatten()?.query_selector("summary").ok().flatten();
    let named = if element.tag_name().eq_ignore_ascii_case("button") {
        Some(Element::clone(&element))
    } else {
        inside().or_else(around).or_else(menu)
    };
    let said = element.get_attribute("aria-label").or_else(|| named?.text_content());
    said.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Gives an element this class and this text.
pub(crate) fn fill(id: &str, class: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_class_name(class);
        element.set_text_content(Some(text));
    }
}

/// Shows only those claims within an element in which all these words are.
pub(crate) fn only_with(within: &str, words: &str) {
    let Some(claims) = element(within).and_then(|within| within.query_selector_all(".claim").ok()) else { return };
    // The browser has the tables of all alphabets; ours would be a part of the page.
    let lower = |text: &str| String::from(js_sys::JsString::from(text).to_lower_case());
    let words = lower(words);
    for at in 0..claims.length() {
        let Some(claim) = claims.item(at).and_then(|claim| claim.dyn_into::<HtmlElement>().ok()) else { continue };
        let text = lower(&claim.text_content().unwrap_or_default());
        let joined = text.split_whitespace().collect::<String>();
        // Korean words are written together or apart, as one likes.
        let has = |word: &str| text.contains(word) || (!word.is_ascii() && joined.contains(word));
        claim.set_hidden(!words.split_whitespace().all(has));
    }
}

/// Brings a button into sight and marks it as pressed for a moment. What it is folded into opens meanwhile; everything
/// else that lies over the page closes.
pub(crate) fn point_at(id: &str) {
    close_menus();
    let Some(element) = element(id) else { return };
    open_around(&element);
    // Once what opened is laid out.
    after(0, move || {
        into_sight(&element);
        let _ = element.class_list().add_1("pressed");
        after(900, move || {
            let _ = element.class_list().remove_1("pressed");
        });
    });
}

/// Opens what an element is folded into. In a narrow window that may be a sheet, or a place behind its cell.
fn open_around(element: &Element) {
    let around = || std::iter::successors(element.parent_element(), |outer| outer.parent_element());
    for outer in around().filter(|outer| outer.tag_name().eq_ignore_ascii_case("details")) {
        let _ = outer.set_attribute("open", "");
    }
    let is_shown = element.dyn_ref::<HtmlElement>().is_some_and(|element| element.offset_parent().is_some());
    for id in around().map(|outer| outer.id()).filter(|id| !is_shown && !id.is_empty()) {
        let opens = format!(".opens[popovertarget='{id}'],[aria-controls='{id}'][aria-expanded='false']");
        let opener = document().and_then(|document| document.query_selector(&opens).ok()).flatten();
        if let Some(opener) = opener.and_then(|opener| opener.dyn_into::<HtmlElement>().ok()) {
            opener.click();
        }
    }
}

/// Whether a button was clicked.
pub(crate) fn is_button(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("button").is_ok_and(|button| button.is_some()))
}

/// Brings an element into sight.
pub(crate) fn show(id: &str) {
    if let Some(element) = element(id) {
        into_sight(&element);
    }
}

fn into_sight(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Closes what lies over the page.
pub(crate) fn close_menus() {
    for menu in all("details.menu[open]") {
        // What had the focus in it is out of reach then.
        if let Ok(Some(_)) = menu.query_selector(":focus")
            && let Ok(Some(opener)) = menu.query_selector("summary")
            && let Ok(opener) = opener.dyn_into::<HtmlElement>()
        {
            let _ = opener.focus();
        }
        let _ = menu.remove_attribute("open");
    }
    for sheet in all("[popover]:popover-open") {
        let _ = sheet.hide_popover();
    }
}

/// What this selector names.
fn all(selector: &str) -> impl Iterator<Item = HtmlElement> {
    let found = document().and_then(|document| document.query_selector_all(selector).ok());
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |at| found.as_ref()?.item(at)?.dyn_into().ok())
}

/// Lets a click beside it, and Escape, close what lies over the page.
pub(crate) fn on_leaving_menus() {
    let Some(window) = window() else { return };
    listen(&window, "pointerdown", |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_none_or(|target| target.closest("details.menu[open],[popover]").is_ok_and(|found| found.is_none()))
        {
            close_menus();
        }
    });
    listen(&window, "keydown", |event| {
        if event.dyn_into::<KeyboardEvent>().is_ok_and(|event| event.key() == "Escape") {
            close_menus();
        }
    });
}

/// What is chosen and entered in a form at this moment, each by its name.
pub(crate) fn chosen(form: &str) -> Vec<(String, String)> {
    let Some(form) = element(form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return Vec::new() };
    let Ok(data) = web_sys::FormData::new_with_form(&form) else { return Vec::new() };
    let pair = |entry: JsValue| {
        let entry: js_sys::Array = entry.dyn_into().ok()?;
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    js_sys::try_iter(&data.entries())
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .filter_map(|entry| pair(entry.ok()?))
        .collect()
}

/// An element in the place of another one, once it is filled.
pub(crate) struct Place {
    old: HtmlElement,
    new: HtmlElement,
}

impl Place {
    /// One that is to stand where the element with this id stands, and like it; `None` where there is none.
    pub(crate) fn new(id: &str) -> Option<Self> {
        let old = element(id)?;
        let new = old.clone_node().ok()?.dyn_into().ok()?;
        Some(Self { old, new })
    }

    /// The new one, to be filled.
    pub(crate) fn element(&self) -> HtmlElement {
        self.new.clone()
    }

    /// Puts it there. What stands in the old one's element with the id `kept` goes along as it is, and what had the
    /// focus has it again.
    pub(crate) fn take(self, kept: &str) {
        // What the server wrote goes where its place is kept.
        let places = self.new.query_selector_all(".kept").ok();
        for at in 0..places.as_ref().map_or(0, web_sys::NodeList::length) {
            let place = places.as_ref().and_then(|places| places.item(at)?.dyn_into::<Element>().ok());
            if let Some(place) = place
                && let Ok(Some(written)) = self.old.query_selector(&format!("#{}", place.id()))
            {
                let _ = place.replace_with_with_node_1(&written);
            }
        }

        let focused = document().and_then(|document| document.active_element()).map(|element| element.id());
        let of_id = |place: &HtmlElement| place.query_selector(&format!("#{kept}")).ok().flatten();
        if let (Some(old), Some(new)) = (of_id(&self.old), of_id(&self.new)) {
            while let Some(child) = old.first_child() {
                if new.append_child(&child).is_err() {
                    break;
                }
            }
        }
        let _ = self.old.replace_with_with_node_1(&self.new);
        if let Some(element) = focused.filter(|id| !id.is_empty()).and_then(|id| element(&id)) {
            let _ = element.focus();
        }
    }
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
