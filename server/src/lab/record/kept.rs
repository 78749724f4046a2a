//! An exchange as the record keeps it: bytes as they came and went, which become words when somebody looks.
//!
//! Most are forgotten before anybody does. Those that stay are packed after a while, against another one of the same lab:
//! of two requests of one browser most is the same.

use crate::{bounds, guard};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::{
    Seconds,
    balance::NodeId,
    exchange::{Exchange, ExchangeId, Header, Request, Response, Sender, Step},
};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The bytes of the one that others are packed against.
const DICTIONARY: usize = 4096;

/// The bytes of what an exchange in words has besides: the headers that guard every response, and JSON's own.
const AROUND: usize = 2048;

/// Headers: names and values.
pub(crate) type Lines<'a> = Vec<(&'a str, &'a serde_bytes::Bytes)>;

/// What came, without passwords.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Asked<'a> {
    pub(crate) from: Sender,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    #[serde(borrow)]
    pub(crate) headers: Lines<'a>,
    #[serde(borrow)]
    pub(crate) body: &'a serde_bytes::Bytes,
}

/// What went back, and what was done in between.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Answered<'a> {
    pub(crate) at: Seconds,
    pub(crate) node: Option<NodeId>,
    pub(crate) status: u16,
    /// Its own: those that guard every response are not written down again and again.
    #[serde(borrow)]
    pub(crate) headers: Lines<'a>,
    /// Whether it is guarded as what goes over https.
    pub(crate) https: bool,
    /// Empty where it is not shown.
    #[serde(borrow)]
    pub(crate) body: &'a serde_bytes::Bytes,
    pub(crate) steps: Cow<'a, [Step]>,
}

/// The headers in order, as far as the bound allows.
pub(crate) fn lines(headers: &HeaderMap) -> Lines<'_> {
    let mut room = bounds::RECORDED_HEADERS;
    let mut all = Lines::with_capacity(headers.len());
    for (name, value) in headers {
        let Some(left) = room.checked_sub(name.as_str().len().saturating_add(value.len())) else {
            all.push(("…", serde_bytes::Bytes::new(b"more than 64 KiB of headers; the rest is not recorded")));
            break;
        };
        room = left;
        all.push((name.as_str(), serde_bytes::Bytes::new(value.as_bytes())));
    }
    all
}

/// A request that is written down, and whose answer is not there yet.
#[derive(Debug)]
pub(crate) struct Begun(Vec<u8>);

impl Begun {
    /// `None` where it cannot be written down, which nothing that comes can bring about.
    pub(crate) fn with(asked: &Asked<'_>) -> Option<Self> {
        // Room for what most requests and answers take.
        postcard::to_extend(asked, Vec::with_capacity(2048)).ok().map(Self)
    }

    /// What came, in words.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn request(&self) -> Option<Request> {
        postcard::from_bytes(&self.0).ok().as_ref().map(request)
    }

    pub(crate) fn answered(self, answered: &Answered<'_>) -> Option<Kept> {
        // Without the room that is left.
        let bytes = postcard::to_extend(answered, self.0).ok()?.into_boxed_slice().into();
        Some(Kept { bytes, packed: None })
    }
}

/// An exchange that is written down.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    bytes: Bytes,
    /// Where they are packed: against this dictionary, from so many.
    packed: Option<(Bytes, usize)>,
}

impl Kept {
    /// What it takes: this many bytes.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len() + size_of::<Self>()
    }

    /// About the bytes that it takes in words.
    pub(crate) fn words(&self) -> usize {
        self.packed.as_ref().map_or(self.bytes.len(), |(_, plain)| *plain) + AROUND
    }

    pub(crate) const fn is_packed(&self) -> bool {
        self.packed.is_some()
    }

    /// What others of the same lab can be packed against.
    pub(crate) fn dictionary(&self) -> Bytes {
        Bytes::copy_from_slice(self.bytes.get(..DICTIONARY).unwrap_or(&self.bytes))
    }

    pub(crate) fn packed(self, dictionary: &Bytes) -> Self {
        if self.is_packed() {
            return self;
        }
        let bytes = lz4_flex::block::compress_with_dict(&self.bytes, dictionary).into_boxed_slice().into();
        Self { bytes, packed: Some((Bytes::clone(dictionary), self.bytes.len())) }
    }

    /// An exchange written down, whatever it says.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn of(exchange: &Exchange) -> Option<Self> {
        fn lines(headers: &[Header]) -> Lines<'_> {
            headers.iter().map(|(name, value)| (name.as_str(), serde_bytes::Bytes::new(value.as_bytes()))).collect()
        }
        let Exchange { request, response, .. } = exchange;
        let body = |text: &Option<String>| text.clone().unwrap_or_default().into_bytes();
        let (asked, answered) = (body(&request.body), body(&response.body));
        let begun = Begun::with(&Asked {
            from: exchange.from,
            method: &request.method,
            path: &request.path,
            headers: lines(&request.headers),
            body: serde_bytes::Bytes::new(&asked),
        });
        begun?.answered(&Answered {
            at: exchange.at,
            node: exchange.node,
            status: response.status,
            headers: lines(&response.headers),
            https: false,
            body: serde_bytes::Bytes::new(&answered),
            steps: Cow::Borrowed(&exchange.steps),
        })
    }

    /// In words.
    pub(crate) fn exchange(&self, id: ExchangeId) -> Option<Exchange> {
        let plain = match &self.packed {
            None => Bytes::clone(&self.bytes),
            Some((dictionary, bytes)) => {
                lz4_flex::block::decompress_with_dict(&self.bytes, *bytes, dictionary).ok()?.into()
            }
        };
        let (asked, rest) = postcard::take_from_bytes::<Asked<'_>>(&plain).ok()?;
        let answered = postcard::from_bytes::<Answered<'_>>(rest).ok()?;
        let (request, response) = (request(&asked), response(&answered));
        let Answered { at, node, steps, .. } = answered;
        Some(Exchange { id, at, from: asked.from, node, request, response, steps: steps.into_owned() })
    }
}

fn request(asked: &Asked<'_>) -> Request {
    let (body, body_base64) = match str::from_utf8(asked.body) {
        Ok("") => (None, None),
        Ok(text) => (Some(text.to_owned()), None),
        Err(_) => (None, Some(STANDARD.encode(asked.body))),
    };
    let (method, path) = (asked.method.to_owned(), asked.path.to_owned());
    Request { method, path, headers: asked.headers.iter().map(words).collect(), body, body_base64 }
}

fn response(answered: &Answered<'_>) -> Response {
    let mut headers: Vec<_> = answered.headers.iter().map(words).collect();
    for (name, value) in guard::headers(answered.https) {
        if !headers.iter().any(|(own, _)| own == name.as_str()) {
            headers.push(words(&(name.as_str(), serde_bytes::Bytes::new(value.as_bytes()))));
        }
    }
    let body = (!answered.body.is_empty()).then(|| String::from_utf8_lossy(answered.body).into_owned());
    Response { status: answered.status, headers, body }
}

/// What is no UTF-8 is shown byte for byte, as ISO 8859-1, which headers once were in (RFC 9110 §5.5).
fn words((name, value): &(&str, &serde_bytes::Bytes)) -> Header {
    let text = str::from_utf8(value).map_or_else(|_| value.iter().copied().map(char::from).collect(), str::to_owned);
    ((*name).to_owned(), text)
}
