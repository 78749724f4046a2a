//! The results, in English.

use crate::text::{Results, T};
use domain::{
    lesson::{experiment::Axis, results::Advice},
    scheme::{Carrier, Credential},
};

pub(in crate::text) const RESULTS: Results = Results {
    seconds_left: |left| format!("{left} s left"),
    table: |axis| match axis {
        Axis::Carrier => "Who attaches it?",
        Axis::Credential => "Who remembers you?",
        Axis::Servers => "Several servers",
        Axis::Http => "HTTP itself",
    },
    question: "question",
    carrier: |carrier| match carrier {
        Carrier::Cookie => "cookie",
        Carrier::LocalStorage => "localStorage",
    },
    credential: |credential| match credential {
        Credential::SessionId => "session ID",
        Credential::Jwt => "JWT",
    },
    any: "whoever logs in, and how",
    not_measured: "not measured",
    folded: |n| {
        if n == 1 {
            "1 row in which all are the same".to_owned()
        } else {
            format!("{n} rows in which all are the same")
        }
    },
    other_axis,
    other_axis_open: "Does the other question matter here? Not measured yet with both answers.",
    advice_title: "What it advises",
    advice,
    rests_on: "rests on",
    no_advice: "No advice yet: what it would rest on is not measured. Run all.",
    summary: ["When", "Browser", "Settings", "Measured"],
    settings: |scheme, differences, servers| format!("{scheme}; {differences}; {servers}"),
    measured: |measured, unlike| {
        let comparisons = if measured == 1 { "comparison" } else { "comparisons" };
        format!("{measured} {comparisons}, {unlike} not as predicted")
    },
    report_title: "results",
    columns: ["question", "with", "setting", "predicted", "measured", "as predicted?", "why", "figures"],
};

fn other_axis(axis: Axis, same: usize, differ: &[T]) -> String {
    let other = if axis == Axis::Carrier { "a session ID or a JWT" } else { "a cookie or localStorage" };
    let rows = same + differ.len();
    if differ.is_empty() {
        format!("Measured with {other}: the same answer in {same} of {rows} rows.")
    } else {
        format!("Measured with {other}: the same answer in {same} of {rows} rows. Another one in: {}", differ.join(" "))
    }
}

const fn advice(advice: Advice) -> T {
    match advice {
        Advice::HttpOnly => {
            "Keep the credential in a cookie with HttpOnly: no script got it there, and from localStorage one did. And keep foreign scripts out: one that runs acts as you all the same."
        }
        Advice::SameSite => {
            "Say SameSite=Lax or Strict with the cookie: without it another site's form posted as you, with Lax it did not."
        }
        Advice::SessionToEnd => {
            "Where a logout or a lost role has to count at once, take a session ID: a JWT went on working after both."
        }
        Advice::JwtToSave => {
            "Where servers are not to ask a store, take a JWT: it needed no look-up. Put little into it: it grew with the cart, and travels with each request."
        }
        Advice::StoreApart => {
            "With several servers, keep sessions in a store of their own: each server knew you, and a server that stopped took no login along. With sticky sessions it did."
        }
    }
}
