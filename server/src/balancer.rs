//! Picks a node for each request of the lesson and forwards it.

use crate::{
    cookie::SetCookies,
    error::problem,
    lab::Lab,
    server::Server,
    visit::{Steps, Visit},
};
use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::balance::NodeId;
use std::sync::Arc;
use tower::ServiceExt as _;

/// Forwards a request to a node. Returns what came back and from which node; `None` when none was up.
pub(crate) async fn forward(
    server: &Arc<Server>,
    lab: &Arc<Lab>,
    steps: &Steps,
    mut request: Request,
) -> (Response, Option<NodeId>) {
    let Some(node) = lab.pick(None) else {
        return (problem(StatusCode::SERVICE_UNAVAILABLE, "no node is up: start one"), None);
    };
    let cookies = SetCookies::default();
    let visit = Visit {
        server: Arc::clone(server),
        lab: Arc::clone(lab),
        node: Arc::clone(&node),
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
    for cookie in cookies.take() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    (response, Some(node.id))
}

#[cfg(test)]
mod tests {
    use crate::server::{Server, Settings};
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
        lab.restart();
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
        for node in lab.nodes() {
            node.stop();
        }
        let response = router.oneshot(login()).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()["retry-after"], "1");
        assert!(!response.headers().contains_key("x-node"));
        let view = lab.view().await.unwrap();
        assert!(!view.nodes[0].up);
        assert_eq!(lab.wire.all()[0].node, None);
    }
}
