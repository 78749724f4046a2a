//! Picks a node for each request of the lesson and forwards it.
//!
//! With sticky routing a cookie of the balancer's own names the node, as `HAProxy`'s `cookie … insert indirect`
//! does: the node never sees it, a name that is no node's is replaced, and a visitor whose node is down is sent
//! to another one and stays there.

use crate::{
    auth::set_cookie::{self, SetCookies},
    bounds,
    gate::{
        Gate,
        problem::problem,
        visit::{Brought, Particulars, Steps, Visit},
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
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use memchr::memmem;
use std::sync::Arc;

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
        let (count, most) = (brought.count(), bounds::REQUEST_CREDENTIALS);
        if count > most {
            steps.note(Did::FoundTooMany, count.to_string());
            let detail = format!("{count} credentials came along, and {most} are the most");
            return (problem(StatusCode::BAD_REQUEST, detail), None);
        }
        let picked = lab.pick(affinity);
        // The page comes also while every node is stopped: on it one can be started.
        let is_page = request.method() == Method::GET && request.uri().path().split('/').count() == 3;
        if picked.is_none() && !is_page {
            return (problem(StatusCode::SERVICE_UNAVAILABLE, "no server is up: start one"), None);
        }
        let visit = Visit(Arc::new(Particulars {
            process: Arc::clone(&self.process),
            lab: Arc::clone(lab),
            node: picked.as_ref().map(|(node, _)| Arc::clone(node)),
            population: request.extensions().get().copied().unwrap_or(Population::Visitors),
            steps: steps.clone(),
            cookies: SetCookies::default(),
            brought,
            client: request.extensions().get().cloned(),
        }));
        let cookies = visit.cookies.clone();
        match &picked {
            Some((node, Routing::Sticky)) => {
                let said = match affinity {
                    Some(pinned) if pinned == node.id => format!("to server {pinned}, as {AFFINITY} says"),
                    Some(pinned) => {
                        format!("server {pinned} is not there: to server {}, and {AFFINITY} says so now", node.id)
                    }
                    None => format!("a newcomer: to server {}, and {AFFINITY} says so now", node.id),
                };
                steps.note(Did::Routed, said);
                if affinity != Some(node.id) {
                    set_cookie::pin(&cookies, visit.place(), node.id);
                }
            }
            // What a sticky balancer left behind has no meaning any more.
            Some(_) if affinity.is_some() => set_cookie::unpin(&cookies, visit.place()),
            _ => {}
        }
        request.extensions_mut().insert(visit);
        let answer = (self.lesson)(request);
        let Some((node, _)) = picked else { return (answer.await, None) };
        let mut response = tokio::select! {
            biased;
            () = node.stopped.cancelled() => {
                let lost = problem(StatusCode::BAD_GATEWAY, "the server stopped before it answered: try again");
                return (lost, Some(node.id));
            }
            answer = answer => answer,
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
    if let Some(rest) = control.to_str().ok().and_then(|text| text.strip_prefix("public"))
        && let Ok(private) = HeaderValue::try_from(format!("private{rest}"))
    {
        *control = private;
    }
}

/// Takes the balancer's own cookie out of a request, and returns the node that it names. What is not the name
/// of a node names none. Other applications' cookies stay as they are, byte for byte.
pub(crate) fn take_affinity(headers: &mut HeaderMap) -> Option<NodeId> {
    let is_named = |value: &HeaderValue| memmem::find(value.as_bytes(), AFFINITY.as_bytes()).is_some();
    if !headers.get_all(header::COOKIE).iter().any(is_named) {
        return None;
    }
    let header::Entry::Occupied(came) = headers.entry(header::COOKIE) else { return None };
    let (mut affinity, mut rest) = (None, Vec::new());
    for value in came.remove_entry_mult().1 {
        let (mut others, mut is_ours) = (Vec::new(), false);
        for cookie in value.as_bytes().split(|byte| *byte == b';') {
            match pairs(&String::from_utf8_lossy(cookie)).next() {
                Some((AFFINITY, named)) => {
                    is_ours = true;
                    // `01` or `+1` would parse as well, and are no names.
                    affinity =
                        affinity.or_else(|| named.parse().ok().filter(|node: &NodeId| node.to_string() == named));
                }
                Some(_) => others.push(cookie),
                None => {}
            }
        }
        let left = others.join(&b";"[..]);
        let left = HeaderValue::from_bytes(left.trim_ascii_start()).ok().filter(|left| !left.is_empty());
        rest.push(if is_ours { left } else { Some(value) });
    }
    for value in rest.into_iter().flatten() {
        headers.append(header::COOKIE, value);
    }
    affinity
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of these `Cookie` headers, and the node that they name.
    fn taken(came: &[&[u8]]) -> (Vec<Vec<u8>>, Option<NodeId>) {
        let mut headers = HeaderMap::new();
        for value in came {
            headers.append(header::COOKIE, HeaderValue::from_bytes(value).unwrap());
        }
        let affinity = take_affinity(&mut headers);
        (headers.get_all(header::COOKIE).iter().map(|value| value.as_bytes().to_vec()).collect(), affinity)
    }

    #[test]
    fn the_balancer_s_cookie_is_taken_out_and_the_others_stay_byte_for_byte() {
        type Headers<'a> = &'a [&'a [u8]];
        let table: [(Headers<'_>, Headers<'_>, Option<NodeId>); 11] = [
            (&["shop_name=서울책방; lb=2".as_bytes()], &["shop_name=서울책방".as_bytes()], Some(2)),
            (&["lb=2; shop_name=서울책방".as_bytes()], &["shop_name=서울책방".as_bytes()], Some(2)),
            (&[b"x=\xff\xfe; lb=3;y= 1 ;;z"], &[b"x=\xff\xfe;y= 1 ;z"], Some(3)),
            (&[b"a=1; lb=1; sid=x"], &[b"a=1; sid=x"], Some(1)),
            (&[b"a=1 ;; b"], &[b"a=1 ;; b"], None),
            (&[b"lb=2"], &[], Some(2)),
            (&[b"lb=01; lb=2; lb=3"], &[], Some(2)),
            (&[b"a=1", b"lb=2", b"b=2"], &[b"a=1", b"b=2"], Some(2)),
            (&["\u{2000}lb=2".as_bytes()], &["\u{2000}lb=2".as_bytes()], None),
            (&[b"LB=2; xlb=3; lb"], &[b"LB=2; xlb=3; lb"], None),
            (&[], &[], None),
        ];
        for (came, left, named) in table {
            let left: Vec<_> = left.iter().map(|value| value.to_vec()).collect();
            assert_eq!(taken(came), (left, named), "{came:?}");
        }
    }
}
