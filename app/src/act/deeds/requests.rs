//! Requests of the lesson and of its controls, and what is said of their answers.

use crate::{
    browser::{self, Answer, Outgoing},
    state::{
        bench::Bench,
        read::{Read, read},
    },
};
use domain::{api::Problem, balance::NodeId, lesson::said::Said, view::ServerView};
use serde::Serialize;

/// One request of the lesson: the script attaches what lies in localStorage, the browser its cookies.
pub(super) async fn lesson(bench: Bench, method: &'static str, route: &str, body: Option<String>) -> Option<Answer> {
    let outgoing =
        Outgoing { method, url: bench.path(route), bearer: bench.stored(), body, cookies: true, ..Outgoing::default() };
    send(bench, outgoing).await
}

pub(super) async fn control(bench: Bench, method: &'static str, route: &str, body: Option<String>) -> Option<Answer> {
    let outgoing = Outgoing {
        method,
        url: bench.path(&format!("control/{route}")),
        bearer: None,
        body,
        cookies: true,
        ..Outgoing::default()
    };
    send(bench, outgoing).await
}

pub(super) async fn send(bench: Bench, outgoing: Outgoing) -> Option<Answer> {
    let answer = browser::fetch(outgoing).await.ok();
    if answer.is_none() {
        bench.say(Said::Unreachable);
    }
    // The answer is in, so the browser has done what its Set-Cookie asks.
    browser::tell_tabs();
    bench.look_at_arrivals().await;
    answer
}

/// A control that answers with the new view.
pub(super) async fn steer(bench: Bench, method: &'static str, route: &str, body: Option<String>, good: Said) {
    let Some(answer) = control(bench, method, route, body).await else { return };
    report(bench, &answer, |view: ServerView| {
        bench.take_view(view);
        good
    });
}

pub(super) fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

/// Says what a refusal says, or what `good` makes of a good answer.
pub(super) fn report<T: Read>(bench: Bench, answer: &Answer, good: impl FnOnce(T) -> Said) -> bool {
    if answer.ok()
        && let Some(body) = read(&answer.body)
    {
        bench.say(good(body));
        return true;
    }
    bench.say(refused(bench, answer));
    false
}

pub(super) fn refused(bench: Bench, answer: &Answer) -> Said {
    Said::Refused { status: answer.status, detail: detail(answer), node: told(bench, answer) }
}

/// Which node answered, where there are several.
pub(super) fn told(bench: Bench, answer: &Answer) -> Option<NodeId> {
    answer.node.filter(|_| bench.has_several())
}

pub(super) fn detail(answer: &Answer) -> String {
    read::<Problem>(&answer.body).map(|problem| problem.detail).unwrap_or_default()
}
