//! The attacker uses what was taken: a request of its own, over the network, through the front door.

use crate::{auth::random, origins::reachable};
use bytes::Bytes;
use domain::{api::Me, attack::Replayed};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, time::Duration};
use subtle::ConstantTimeEq as _;
use tokio::net::TcpStream;

/// How long the front door may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most bytes of an answer that are read.
const ANSWER_BYTES: usize = 64 * 1024;

/// By this header the record knows such a request for the attacker's. Its value is this process's secret.
const SIGN: HeaderName = HeaderName::from_static("x-login-lab-attacker");

#[derive(Debug)]
pub(crate) struct Replayer {
    front: Option<SocketAddr>,
    host: String,
    sign: Option<HeaderValue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoReplay {
    #[error("this server listens nowhere, so nothing can be sent to it; start it as a program")]
    NoFront,
    #[error("what was taken cannot be sent as a header")]
    Header,
    #[error("the front door gave no answer within 2 seconds; try again")]
    NoAnswer,
}

impl Replayer {
    /// To a server that listens there and is called by this origin.
    pub(crate) fn new(front: Option<SocketAddr>, public: &str) -> Self {
        let host = public.split_once("://").map_or("localhost", |(_, host)| host).to_owned();
        Self { front: front.map(reachable), host, sign: random::text().ok().and_then(|sign| secret(&sign)) }
    }

    /// Whether a request is one of these. The sign is taken off, so that nobody learns it.
    pub(crate) fn takes_sign_off(&self, headers: &mut HeaderMap) -> bool {
        // Compared without telling by the time taken how far they agree.
        let both = headers.get(SIGN).zip(self.sign.as_ref());
        let is_ours = both.is_some_and(|(came, sign)| came.as_bytes().ct_eq(sign.as_bytes()).into());
        if is_ours {
            headers.remove(SIGN);
        }
        is_ours
    }

    /// Asks the lab who this credential is.
    pub(crate) async fn replay(&self, lab: &str, credential: &str) -> Result<Replayed, NoReplay> {
        let (Some(front), Some(sign)) = (self.front, &self.sign) else { return Err(NoReplay::NoFront) };
        let bearer = secret(&format!("Bearer {credential}")).ok_or(NoReplay::Header)?;
        let request = Request::get(format!("/lab/{lab}/api/me"))
            .header(header::HOST, &self.host)
            .header(header::USER_AGENT, "the attacker")
            .header(header::AUTHORIZATION, bearer)
            .header(SIGN, sign)
            .body(Empty::new())
            .map_err(|_| NoReplay::Header)?;
        let answer = tokio::time::timeout(PATIENCE, ask(front, request)).await;
        let (status, body) = answer.ok().flatten().ok_or(NoReplay::NoAnswer)?;
        let user = serde_json::from_slice::<Me>(&body).ok().map(|me| me.user.name);
        Ok(Replayed { status: status.as_u16(), user })
    }
}

/// A header that no `Debug` shows.
fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

async fn ask(front: SocketAddr, request: Request<Empty<Bytes>>) -> Option<(StatusCode, Bytes)> {
    let stream = TcpStream::connect(front).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let answer = async move {
        let (parts, body) = sender.send_request(request).await.ok()?.into_parts();
        let body = Limited::new(body, ANSWER_BYTES).collect().await.ok()?.to_bytes();
        Some((parts.status, body))
    };
    // The connection ends when the sender is gone.
    futures::future::join(answer, connection).await.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_sign_is_taken_for_the_attacker_s() {
        let replayer = Replayer::new(None, "http://localhost:3000");
        let mut headers = HeaderMap::new();
        assert!(!replayer.takes_sign_off(&mut headers));
        let sign = replayer.sign.as_ref().unwrap().to_str().unwrap().to_owned();
        for wrong in ["", "x", &sign[1..], &format!("{sign}x"), &"A".repeat(sign.len())] {
            headers.insert(SIGN, HeaderValue::from_str(wrong).unwrap());
            assert!(!replayer.takes_sign_off(&mut headers), "{wrong}");
        }
        headers.insert(SIGN, HeaderValue::from_str(&sign).unwrap());
        assert!(replayer.takes_sign_off(&mut headers));
        assert!(headers.is_empty(), "and nobody else sees it");
    }
}
