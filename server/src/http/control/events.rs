//! `GET control/events`: what happens in a lab, as it happens (Server-Sent Events).

use super::Asking;
use crate::{
    gate::Gate,
    http::{Answer, At, Rejection, assets, extract::number},
    lab::{
        Lab,
        record::{self, Heard, Missed},
    },
    process::Process,
};
use axum::{
    body::{Body, Bytes},
    extract::{RawQuery, State},
    response::IntoResponse as _,
};
use domain::{crowd::CrowdProgress, exchange::ExchangeId};
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::Serialize;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, interval_at, sleep_until},
};

/// The shortest time between two views: many changes at once are one to look at.
const VIEWS_APART: Duration = Duration::from_millis(50);
/// How often a silent stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Exchanges as they are recorded, views as they change, whether there is a newer page, and how far a crowd is. `Last-Event-ID` resumes, and says so if some were
/// missed.
#[utoipa::path(
    get, path = "/events",
    params(
        ("Last-Event-ID" = Option<u64>, Header, description = "the last exchange that was heard"),
        ("last_event_id" = Option<u64>, Query, description = "the same, where a header cannot be set"),
        ("build" = Option<String>, Query, description = "where the page's code lies, as the page was told"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", description = "`view` (a ServerView), `newer` (where the code of the newest page lies, if that is not the `build` that was named), `exchange` (an Exchange), `crowd` (a CrowdProgress), `missed` ({\"missed\":n or null}), `reset`"),
        (status = 429, description = "32 streams are open"),
    ),
)]
pub(super) async fn events(
    State(gate): State<Arc<Gate>>,
    At(lab): At,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    client: Asking,
) -> Answer {
    let too_many = |whose: &str, most: u16| {
        let detail = format!("{whose} has {most} event streams open, and that is the most: close one");
        Rejection::new(StatusCode::TOO_MANY_REQUESTS, detail)
    };
    let permit = Arc::clone(&lab.streams).try_acquire_owned().map_err(|_| too_many("this lab", 32))?;
    let share = client.as_deref().map(|client| client.stream().ok_or_else(|| too_many("your address", 256)));
    let held = (permit, share.transpose()?);
    let query = query.unwrap_or_default();
    let resume = resume(&headers, &query);
    let record = lab.record.listen(resume.unwrap_or_default());
    let mut changes = lab.changed.subscribe();
    changes.mark_unchanged();
    let heartbeat = gate.process.labs.touch_every().min(HEARTBEAT);
    let mut listener = EventStream {
        record,
        changes,
        crowd: lab.crowds.progress.subscribe(),
        next_view: Instant::now(),
        heartbeat: interval_at(Instant::now() + heartbeat, heartbeat),
        dirty: false,
    };
    let build = assets::current(&gate.process).await.wasm.clone();
    let is_old = named("build", &query).is_some_and(|named| named != build);
    let newer = is_old.then(|| frame("newer", None, &json(&build)));
    let missed = resume.err().map(|missed| heard_frame(&Heard::Missed(missed)));
    let stream = async_stream::stream! {
        // The places are given back when the stream ends, however it does.
        let _held = held;
        yield Ok::<_, Infallible>(view(&lab).await);
        for first in [newer, missed].into_iter().flatten() {
            yield Ok(first);
        }
        while let Some(frame) = listener.next(&lab, &gate.process).await {
            yield Ok(frame);
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // nginx would keep events back until it has many.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// What one stream waits for.
struct EventStream {
    record: record::Listener,
    changes: watch::Receiver<()>,
    crowd: watch::Receiver<Option<Arc<CrowdProgress>>>,
    next_view: Instant,
    heartbeat: tokio::time::Interval,
    /// Whether the view has changed since it was last sent.
    dirty: bool,
}

impl EventStream {
    /// Waits for it. `None` when the lab or the server closes.
    async fn next(&mut self, lab: &Lab, process: &Process) -> Option<Bytes> {
        loop {
            // Exchanges go first, so that a view comes after what changed it; but a flood of them does not
            // keep the view away.
            if self.dirty && Instant::now() >= self.next_view + VIEWS_APART {
                return Some(self.view(lab).await);
            }
            tokio::select! {
                biased;
                () = process.closing.cancelled() => return None,
                () = lab.closed.cancelled() => return None,
                heard = self.record.next(heard_frame) => return heard,
                said = self.crowd.changed() => {
                    said.ok()?;
                    if let Some(progress) = self.crowd.borrow_and_update().clone() {
                        return Some(frame("crowd", None, &json(&*progress)));
                    }
                }
                changed = self.changes.changed(), if !self.dirty => {
                    changed.ok()?;
                    self.dirty = true;
                    self.next_view = self.next_view.max(Instant::now());
                }
                () = sleep_until(self.next_view), if self.dirty => return Some(self.view(lab).await),
                _ = self.heartbeat.tick() => {
                    process.labs.existing(&lab.id);
                    return Some(Bytes::from_static(b":\n\n"));
                }
            }
        }
    }

    async fn view(&mut self, lab: &Lab) -> Bytes {
        self.changes.mark_unchanged();
        self.dirty = false;
        self.next_view = Instant::now() + VIEWS_APART;
        let view = view(lab).await;
        // What it shows was brought about by these.
        match self.record.written(heard_frame) {
            Some(heard) => [heard, view].concat().into(),
            None => view,
        }
    }
}

/// The view, written once for all who look.
async fn view(lab: &Lab) -> Bytes {
    frame("view", None, &lab.shown().await)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// An event as it is written (HTML Standard, "Server-sent events"). JSON has no line's end in it, so one line of data is
/// all of it.
fn frame(event: &str, id: Option<ExchangeId>, data: &[u8]) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    [format!("event: {event}\n{id}data: ").as_bytes(), data, b"\n\n"].concat().into()
}

pub(crate) fn heard_frame(heard: &Heard) -> Bytes {
    match heard {
        Heard::Exchange(exchange) => frame("exchange", Some(exchange.id), &json(exchange)),
        Heard::Missed(Missed::Number(number)) => frame("missed", None, format!(r#"{{"missed":{number}}}"#).as_bytes()),
        Heard::Missed(Missed::Unknown) => frame("missed", None, br#"{"missed":null}"#),
        Heard::Reset => frame("reset", None, b"{}"),
    }
}

/// After which exchange a stream goes on, if one is named; what is no number of ours is as good as one that was missed. The
/// header is what a browser says when it reconnects by itself, so it is the newer one.
pub(crate) fn resume(headers: &HeaderMap, query: &str) -> Result<Option<ExchangeId>, Missed> {
    let header = headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let said = header.or_else(|| named("last_event_id", query).map(ToOwned::to_owned)).filter(|text| !text.is_empty());
    said.map(|text| number(&text).ok_or(Missed::Unknown)).transpose()
}

/// What a query says under a name, as it is written.
fn named<'a>(name: &str, query: &'a str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find_map(|(of, value)| (of == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_stream_goes_on_after_a_number_as_it_was_written_and_after_no_other_spelling_of_one() {
        let by_header = |text: &'static str| {
            let headers = HeaderMap::from_iter([("last-event-id".parse().unwrap(), HeaderValue::from_static(text))]);
            resume(&headers, "")
        };
        let by_query = |text: &str| resume(&HeaderMap::new(), &format!("x=1&last_event_id={text}"));
        for (text, said) in [("", Ok(None)), ("0", Ok(Some(0))), ("42", Ok(Some(42)))] {
            assert_eq!((by_header(text), by_query(text)), (said, said), "{text}");
        }
        for text in ["+42", "042", "-1", "4 2", "0x2a", "18446744073709551616"] {
            assert_eq!((by_header(text), by_query(text)), (Err(Missed::Unknown), Err(Missed::Unknown)), "{text}");
        }
    }
}
