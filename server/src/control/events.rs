//! `GET control/events`: what happens in a lab, as it happens (Server-Sent Events).

use super::At;
use crate::{
    error::ControlError,
    lab::Lab,
    server::Server,
    wire::{Event as Happened, Missed, Subscription},
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{
    crowd::CrowdProgress,
    exchange::{Exchange, ExchangeId},
};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::{broadcast::error::RecvError, watch},
    time::{Instant, interval, sleep_until},
};

/// The shortest time between two views: many changes at once are one to look at.
const VIEWS_APART: Duration = Duration::from_millis(50);
/// How often a silent stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Exchanges as they are recorded, views as they change, and how far a crowd is. `Last-Event-ID` resumes, and says so if some were
/// missed.
#[utoipa::path(
    get, path = "/lab/{lab}/control/events", tag = "bench",
    params(
        ("Last-Event-ID" = Option<u64>, Header, description = "the last exchange that was heard"),
        ("last_event_id" = Option<u64>, Query, description = "the same, where a header cannot be set"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", description = "`view` (a ServerView), `exchange` (an Exchange), `crowd` (a CrowdProgress), `missed` ({\"missed\":n or null}), `reset`"),
        (status = 429, description = "32 streams are open"),
    )
)]
pub(super) async fn events(
    State(server): State<Arc<Server>>,
    At(lab): At,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ControlError> {
    let permit = Arc::clone(&lab.streams).try_acquire_owned().map_err(|_| ControlError::Streams)?;
    let resume = resume(&headers, query.as_deref().unwrap_or_default());
    let Subscription { replay, missed, events } = lab.wire.subscribe(resume.known());
    let missed = missed.or(resume.unreadable());
    let mut changes = lab.changes();
    changes.mark_unchanged();
    let mut listener = Listener {
        events,
        changes,
        crowd: lab.crowds.listen(),
        next_view: Instant::now(),
        touch: interval(server.labs().touch_every().min(HEARTBEAT)),
        dirty: false,
    };
    let stream = async_stream::stream! {
        // Given back when the stream ends, however it does.
        let _permit = permit;
        if let Some(event) = view(&lab).await {
            yield Ok::<_, Infallible>(event);
        }
        if let Some(number) = missed {
            yield Ok(missed_event(number));
        }
        for exchange in replay {
            yield Ok(exchange_event(&exchange));
        }
        while let Some(next) = listener.next(&lab, &server).await {
            match next {
                Next::Exchange(exchange) => yield Ok(exchange_event(&exchange)),
                Next::Missed(number) => yield Ok(missed_event(number)),
                Next::Crowd(progress) => yield Ok(crowd_event(&progress)),
                Next::Reset => yield Ok(Event::default().event("reset").data("{}")),
                Next::View => if let Some(event) = view(&lab).await {
                    yield Ok(event);
                },
            }
        }
    };
    // nginx would keep the events back until it has a buffer full.
    Ok(([("x-accel-buffering", "no")], Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT))))
}

/// What a stream has to say next.
enum Next {
    Exchange(Arc<Exchange>),
    Missed(Missed),
    Crowd(Arc<CrowdProgress>),
    Reset,
    View,
}

/// One stream's ear.
struct Listener {
    events: tokio::sync::broadcast::Receiver<Happened>,
    changes: watch::Receiver<()>,
    crowd: watch::Receiver<Option<Arc<CrowdProgress>>>,
    next_view: Instant,
    touch: tokio::time::Interval,
    /// Whether the view has changed since it was last sent.
    dirty: bool,
}

impl Listener {
    /// Waits for it. `None` when the lab or the server closes.
    async fn next(&mut self, lab: &Lab, server: &Server) -> Option<Next> {
        loop {
            // Exchanges go first, so that a view comes after what changed it; but a flood of them does not
            // keep the view away.
            if self.dirty && Instant::now() >= self.next_view + VIEWS_APART {
                return Some(self.view_is_due());
            }
            tokio::select! {
                biased;
                () = server.closing() => return None,
                () = lab.closed.cancelled() => return None,
                happened = self.events.recv() => return match happened {
                    Ok(Happened::Exchange(exchange)) => Some(Next::Exchange(exchange)),
                    Ok(Happened::Reset) => Some(Next::Reset),
                    Err(RecvError::Lagged(number)) => Some(Next::Missed(Missed::Number(number))),
                    Err(RecvError::Closed) => None,
                },
                said = self.crowd.changed() => {
                    said.ok()?;
                    if let Some(progress) = self.crowd.borrow_and_update().clone() {
                        return Some(Next::Crowd(progress));
                    }
                }
                changed = self.changes.changed(), if !self.dirty => {
                    changed.ok()?;
                    self.dirty = true;
                    self.next_view = self.next_view.max(Instant::now());
                }
                () = sleep_until(self.next_view), if self.dirty => return Some(self.view_is_due()),
                _ = self.touch.tick() => server.labs().touch(&lab.id),
            }
        }
    }

    fn view_is_due(&mut self) -> Next {
        self.changes.mark_unchanged();
        self.dirty = false;
        self.next_view = Instant::now() + VIEWS_APART;
        Next::View
    }
}

async fn view(lab: &Lab) -> Option<Event> {
    let view = lab.view().await.inspect_err(|error| tracing::warn!(%error, "a view could not be made")).ok()?;
    Event::default().event("view").json_data(view).ok()
}

fn exchange_event(exchange: &Exchange) -> Event {
    let event = Event::default().event("exchange").id(exchange.id.to_string());
    event.json_data(exchange).unwrap_or_else(|_| Event::default().comment("an exchange that cannot be written"))
}

fn crowd_event(progress: &CrowdProgress) -> Event {
    let json = serde_json::to_string(progress).unwrap_or_default();
    Event::default().event("crowd").data(json)
}

fn missed_event(missed: Missed) -> Event {
    let number = match missed {
        Missed::Number(number) => number.to_string(),
        Missed::Unknown => "null".to_owned(),
    };
    Event::default().event("missed").data(format!(r#"{{"missed":{number}}}"#))
}

/// From where a stream goes on.
enum Resume {
    Now,
    After(ExchangeId),
    /// Something was said, and it is no number of ours.
    Unreadable,
}

impl Resume {
    fn known(&self) -> Option<ExchangeId> {
        if let Self::After(id) = self { Some(*id) } else { None }
    }

    fn unreadable(&self) -> Option<Missed> {
        matches!(self, Self::Unreadable).then_some(Missed::Unknown)
    }
}

/// The header is what a browser says when it reconnects by itself, so it is the newer one.
fn resume(headers: &HeaderMap, query: &str) -> Resume {
    let header = headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let in_query = || query.split('&').find_map(|pair| pair.strip_prefix("last_event_id=")).map(ToOwned::to_owned);
    match header.or_else(in_query) {
        None => Resume::Now,
        Some(text) if text.is_empty() => Resume::Now,
        Some(text) => text.parse().map_or(Resume::Unreadable, Resume::After),
    }
}
