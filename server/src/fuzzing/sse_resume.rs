use crate::{
    http::control::events::{heard_frame, resume},
    lab::record::{Heard, Missed, Record, kept::Kept},
};
use domain::exchange::{Did, Exchange, ExchangeId, Request, Response, Sender, Step};
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;
use url::form_urlencoded;

/// The record that is listened to: this many exchanges, the first of which a reset has taken.
const LAST: ExchangeId = 5;
const RESET_AT: ExchangeId = 3;

/// A line as `Last-Event-ID`, where there is more than one, and the rest as a query. Both are read alike, the header goes
/// first, and nothing but a number as it was written is one. What comes then is all that is there, each event one frame.
///
/// # Panics
/// Where that does not hold.
pub fn sse_resume(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == b'\n').collect::<Vec<_>>();
    let query = String::from_utf8_lossy(parts.pop().unwrap_or_default()).into_owned();
    let header = parts.pop().and_then(|line| HeaderValue::from_bytes(line.trim_ascii()).ok());
    let none = HeaderMap::new();
    let mut headers = HeaderMap::new();
    if let Some(value) = header {
        let text = super::text_of(&value);
        headers.insert("last-event-id", value);
        assert_eq!(resume(&headers, &query), number(&text), "the header, whatever the query");
        if !text.contains('&') {
            assert_eq!(resume(&none, &format!("last_event_id={text}")), number(&text), "its twin");
        }
    }
    // Without `=` it says nothing, and whoever wrote a number wrote no escapes.
    if !query.contains(['%', '+']) && query.split('&').all(|pair| pair != "last_event_id") {
        let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "last_event_id");
        let said = named.map(|(_, value)| value.into_owned()).unwrap_or_default();
        assert_eq!(resume(&none, &query), number(&said), "{query}");
    }
    let said = resume(&headers, &query);
    let heard = hear(said.unwrap_or_default(), &query);
    let (ids, missed) = match said {
        Ok(Some(after)) if after > LAST => (Vec::new(), Some(Missed::Unknown)),
        Ok(Some(after)) if after < RESET_AT => (numbers(RESET_AT), Some(Missed::Number(RESET_AT - after))),
        Ok(Some(after)) => (numbers(after), None),
        Ok(None) | Err(_) => (Vec::new(), None),
    };
    let is_heard = |heard: &Heard| if let Heard::Exchange(exchange) = heard { Some(exchange.id) } else { None };
    assert_eq!(heard.iter().filter_map(is_heard).collect::<Vec<_>>(), ids);
    let others: Vec<_> = heard.iter().filter(|heard| is_heard(heard).is_none()).cloned().collect();
    assert_eq!(others, missed.map(Heard::Missed).into_iter().collect::<Vec<_>>());
    for one in &heard {
        is_one_event(one);
    }
}

/// A number of an exchange, as the stream writes it.
fn number(text: &str) -> Result<Option<ExchangeId>, Missed> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(id) if digits && (text == "0" || !text.starts_with('0')) => Ok(Some(id)),
        _ => Err(Missed::Unknown),
    }
}

/// Those that come after this one.
fn numbers(after: ExchangeId) -> Vec<ExchangeId> {
    (after + 1..=LAST).collect()
}

/// What a listener hears at once, of a record whose exchanges have this text wherever text can be.
fn hear(after: Option<ExchangeId>, text: &str) -> Vec<Heard> {
    let record = Record::new(&Arc::default());
    let exchange = Exchange {
        id: 0,
        at: 0,
        from: Sender::Other,
        node: Some(1),
        request: Request {
            method: "GET".to_owned(),
            path: text.to_owned(),
            headers: vec![("x".to_owned(), text.to_owned())],
            body: Some(text.to_owned()),
            body_base64: None,
        },
        response: Response { status: 200, headers: Vec::new(), body: Some(text.to_owned()) },
        steps: vec![Step { did: Did::Refused, detail: text.to_owned().into(), micros: 0.0 }],
    };
    let kept = Kept::of(&exchange);
    for id in 1..=LAST {
        if let Some(kept) = &kept {
            record.push(kept.clone(), None);
        }
        if id == RESET_AT {
            record.reset();
        }
    }
    let mut listener = record.listen(after);
    std::iter::from_fn(|| listener.heard()).collect()
}

/// Read as a browser reads it (HTML Standard, "Interpreting an event stream"), a frame is one event with all of it.
fn is_one_event(heard: &Heard) {
    let frame = heard_frame(heard);
    let text = String::from_utf8_lossy(&frame);
    let lines = text.strip_suffix("\n\n").map(|text| text.split(['\n', '\r']).collect::<Vec<_>>());
    let lines = lines.unwrap_or_default();
    let field = |name: &str| lines.iter().filter_map(|line| line.strip_prefix(name)).collect::<Vec<_>>();
    let (events, ids, data) = (field("event: "), field("id: "), field("data: "));
    assert_eq!((events.len(), data.len(), events.len() + ids.len() + data.len()), (1, 1, lines.len()), "{text}");
    let data = data.concat();
    match heard {
        Heard::Exchange(exchange) => {
            assert_eq!((events.concat(), ids.concat()), ("exchange".to_owned(), exchange.id.to_string()));
            assert!(serde_json::from_str::<Exchange>(&data).is_ok_and(|read| read == **exchange), "{data}");
        }
        Heard::Missed(_) | Heard::Reset => {
            assert!(ids.is_empty() && serde_json::from_str::<serde_json::Value>(&data).is_ok(), "{text}");
        }
    }
}
