//! Picks a node for each request of the lesson and forwards it.
//!
//! With sticky routing a cookie of the balancer's own names the node, as `HAProxy`'s `cookie … insert indirect`
//! does: the node never sees it, a name that is no node's is replaced, and a visitor whose node is down is sent
//! to another one and stays there.

use crate::{
    auth::set_cookie::{self, Place, SetCookies},
    gate::visit::{Steps, Visit},
    http::{problem::problem, router::Server},
    lab::{Lab, node::AnsweredBy},
    store::Population,
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    balance::{NodeId, Routing},
    cookie::{AFFINITY, pairs},
    exchange::Did,
};
use std::sync::Arc;
use tower::ServiceExt as _;

/// Forwards a request to a node. Returns what came back and from which node; `None` when none was up.
pub(crate) async fn forward(
    server: &Arc<Server>,
    lab: &Arc<Lab>,
    steps: &Steps,
    mut request: Request,
) -> (Response, Option<NodeId>) {
    let affinity = take_affinity(request.headers_mut());
    let Some((node, routing)) = lab.pick(affinity) else {
        return (problem(StatusCode::SERVICE_UNAVAILABLE, "no node is up: start one"), None);
    };
    let cookies = SetCookies::default();
    if routing == Routing::Sticky {
        steps.note(Did::Routed, routed(affinity, node.id));
        if affinity != Some(node.id) {
            set_cookie::pin(&cookies, Place { lab: &lab.id, https: server.is_https() }, node.id);
        }
    }
    // What a sticky balancer left behind has no meaning any more.
    if routing != Routing::Sticky && affinity.is_some() {
        set_cookie::unpin(&cookies, Place { lab: &lab.id, https: server.is_https() });
    }
    let visit = Visit {
        server: Arc::clone(server),
        lab: Arc::clone(lab),
        node: Arc::clone(&node),
        population: request.extensions().get().copied().unwrap_or(Population::Visitors),
        steps: steps.clone(),
        cookies: cookies.clone(),
        headers: Arc::new(request.headers().clone()),
    };
    request.extensions_mut().insert(visit);
    let answer = server.lesson().oneshot(request);
    let mut response = tokio::select! {
        biased;
        () = node.stopped() => {
            let lost = problem(StatusCode::BAD_GATEWAY, "the node stopped before it answered: try again");
            return (lost, Some(node.id));
        }
        Ok(response) = answer => response.into_response(),
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

#[cfg(test)]
mod tests {
    use crate::http::router::{Server, Settings};
    use axum::{
        Router,
        body::Body,
        http::{Request, StatusCode},
    };
    use domain::{api::Login, scheme::Scheme};
    use std::sync::Arc;
    use tower::ServiceExt as _;

    const LAB: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    fn server() -> (Arc<Server>, Router) {
        Server::build(Settings::without_site(vec![7; 32], None))
    }

    fn login() -> Request<Body> {
        let login = Login::new("alice", "alice-password", Scheme::default());
        Request::post(format!("/lab/{LAB}/api/login"))
            .header("content-type", "application/json")
            .body(Body::from(serde_json::to_vec(&login).unwrap()))
            .unwrap()
    }

    #[tokio::test]
    async fn a_request_under_way_when_its_node_stops_is_answered_with_502_and_leaves_nothing_behind() {
        let (server, router) = server();
        let held = server.passwords().hold().await;
        let under_way = tokio::spawn(router.clone().oneshot(login()));
        while server.passwords().waiting() == 0 {
            tokio::task::yield_now().await;
        }
        let lab = server.labs().lab(LAB);
        lab.restart().await;
        let response = under_way.await.unwrap().unwrap();
        assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
        assert_eq!(response.headers()["x-node"], "1");
        assert!(!response.headers().contains_key("set-cookie"));
        drop(held);
        assert_eq!(lab.view().await.unwrap().rows().count(), 0);
        assert_eq!(lab.wire.all()[0].response.status, 502);
        assert_eq!(router.oneshot(login()).await.unwrap().status(), StatusCode::OK, "the next one is answered again");
    }

    #[tokio::test]
    async fn with_no_node_up_the_answer_is_503_and_the_bench_still_shows_the_lab() {
        let (server, router) = server();
        let lab = server.labs().lab(LAB);
        lab.stop_node(1).await.unwrap();
        let response = router.oneshot(login()).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()["retry-after"], "1");
        assert!(!response.headers().contains_key("x-node"));
        let view = lab.view().await.unwrap();
        assert!(!view.nodes[0].up);
        assert_eq!(lab.wire.all()[0].node, None);
    }
}
