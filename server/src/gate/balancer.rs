//! Picks a node for each request of the lesson and forwards it.
//!
//! With sticky routing a cookie of the balancer's own names the node, as `HAProxy`'s `cookie … insert indirect`
//! does: the node never sees it, a name that is no node's is replaced, and a visitor whose node is down is sent
//! to another one and stays there.

use crate::{
    auth::set_cookie::{self, SetCookies},
    gate::{
        Gate,
        problem::problem,
        visit::{Brought, Steps, Visit},
    },
    lab::{Lab, node::AnsweredBy},
    store::Population,
};
use bytes::Bytes;
use domain::{
    balance::{NodeId, Routing},
    cookie::{AFFINITY, pairs},
    exchange::Did,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use std::{convert::Infallible, sync::Arc};
use tower::ServiceExt as _;

/// The most credentials of one request, refresh tokens among them: each may cost several questions to a store.
const CREDENTIALS: usize = 8;

impl Gate {
    /// Forwards a request to a node. Returns what came back and from which node; `None` when none was up.
    pub(super) async fn forward(
        &self,
        lab: &Arc<Lab>,
        steps: &Steps,
        mut request: Request<Bytes>,
    ) -> (Response<Bytes>, Option<NodeId>) {
        let affinity = take_affinity(request.headers_mut());
        let brought = Brought::read(request.headers());
        if brought.count() > CREDENTIALS {
            steps.note(Did::FoundTooMany, brought.count().to_string());
            let detail = format!("{} credentials came along, and {CREDENTIALS} are the most", brought.count());
            return (problem(StatusCode::BAD_REQUEST, detail), None);
        }
        let Some((node, routing)) = lab.pick(affinity) else {
            return (problem(StatusCode::SERVICE_UNAVAILABLE, "no node is up: start one"), None);
        };
        let visit = Visit {
            process: Arc::clone(&self.process),
            lab: Arc::clone(lab),
            node: Arc::clone(&node),
            population: request.extensions().get().copied().unwrap_or(Population::Visitors),
            steps: steps.clone(),
            cookies: SetCookies::default(),
            brought: Arc::new(brought),
        };
        let cookies = visit.cookies.clone();
        if routing == Routing::Sticky {
            steps.note(Did::Routed, routed(affinity, node.id));
            if affinity != Some(node.id) {
                set_cookie::pin(&cookies, visit.place(), node.id);
            }
        } else if affinity.is_some() {
            // What a sticky balancer left behind has no meaning any more.
            set_cookie::unpin(&cookies, visit.place());
        }
        request.extensions_mut().insert(visit);
        let answer = self.lesson.clone().oneshot(request);
        let mut response = tokio::select! {
            biased;
            () = node.stopped() => {
                let lost = problem(StatusCode::BAD_GATEWAY, "the node stopped before it answered: try again");
                return (lost, Some(node.id));
            }
            answer = answer => answer.unwrap_or_else(|never: Infallible| match never {}),
        };
        node.count_request();
        response.extensions_mut().insert(AnsweredBy(node.run));
        for cookie in cookies.take() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            // As with `HAProxy`'s `nocache`: a shared cache must not hand one visitor's node to another.
            if let Some(control) = response.headers_mut().get_mut(header::CACHE_CONTROL) {
                make_private(control);
            }
        }
        (response, Some(node.id))
    }
}

/// Keeps an answer out of shared caches that was to be kept there.
fn make_private(control: &mut HeaderValue) {
    let private =
        control.to_str().ok().and_then(|text| text.strip_prefix("public")).map(|rest| format!("private{rest}"));
    if let Some(Ok(private)) = private.map(HeaderValue::try_from) {
        *control = private;
    }
}

/// How a sticky balancer came to a node.
fn routed(affinity: Option<NodeId>, node: NodeId) -> String {
    match affinity {
        Some(pinned) if pinned == node => format!("to node {node}, as {AFFINITY} says"),
        Some(pinned) => format!("node {pinned} is not there: to node {node}, and {AFFINITY} says so now"),
        None => format!("a newcomer: to node {node}, and {AFFINITY} says so now"),
    }
}

/// Takes the balancer's own cookie out of a request, and returns the node that it names. What is not the name
/// of a node names none.
fn take_affinity(headers: &mut HeaderMap) -> Option<NodeId> {
    let mut affinity = None;
    let mut rest = Vec::new();
    for value in headers.get_all(header::COOKIE) {
        let Ok(text) = value.to_str() else {
            rest.push(value.clone());
            continue;
        };
        if pairs(text).all(|(name, _)| name != AFFINITY) {
            rest.push(value.clone());
            continue;
        }
        let is_ours = |(name, _): &(&str, &str)| *name == AFFINITY;
        let named = pairs(text).find(is_ours).and_then(|(_, value)| node_named(value));
        affinity = affinity.or(named);
        let others: Vec<String> =
            pairs(text).filter(|pair| !is_ours(pair)).map(|(name, value)| format!("{name}={value}")).collect();
        if let (false, Ok(value)) = (others.is_empty(), HeaderValue::from_str(&others.join("; "))) {
            rest.push(value);
        }
    }
    headers.remove(header::COOKIE);
    for value in rest {
        headers.append(header::COOKIE, value);
    }
    affinity
}

/// The node of this name. `01` or `+1` would parse as well, and are no names.
fn node_named(name: &str) -> Option<NodeId> {
    let node: NodeId = name.parse().ok()?;
    (node.to_string() == name).then_some(node)
}
