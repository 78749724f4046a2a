//! What goes over the wire: requests, and the event stream.

use super::window;
use crate::browser::{Answer, Cache, News, Outgoing, Unreachable};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Event, EventSource, Headers, MessageEvent, RequestCache, RequestCredentials, RequestInit, RequestMode,
    Response,
};

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
