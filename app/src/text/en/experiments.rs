//! The experiments and what stands around them, in English.

use crate::text::{Abouts, Attacker, Experiments, T, Verdict};
use domain::{
    attack::FoundIn,
    lesson::{
        experiment::{ASKED, Finding, READS, Repeated, What},
        measured::{Failure, Figure},
        tally::Ending,
    },
};

mod abouts;
mod reasons;
mod whats;

pub(in crate::text) const EXPERIMENTS: Experiments = Experiments {
    guestbook: "The guestbook",
    about: Abouts { title: abouts::title, rule: abouts::rule },
    what: whats::what,
    finding,
    because: reasons::because,
    difference: whats::difference,
    figure,
    failure,
    not_run: "not run",
    failed: "could not be measured",
    nothing_predicted: "nothing: it can only be measured",
    as_predicted: "as predicted",
    not_as_predicted: "not as predicted",
    measured_only: "measured only",
    good: "good for you",
    bad: "bad for you",
    asked: "asked",
    read: "read without a key",
    trials: "Every comparison",
    columns: ["question", "predicted", "measured", "why", "figures"],
    usual: "usual setting",
    measured_with: |scheme| format!("measured with: {}", (super::TEXT.scheme)(scheme)),
    running: "Running",
    waiting: |seconds| format!("waiting, {seconds} s left; Stop keeps what is measured"),
    stop: "Stop",
    stopping: "Stopping after this step …",
};

fn finding(what: What, finding: &Finding) -> String {
    match finding {
        Finding::Yes => "yes".to_owned(),
        Finding::No => "no".to_owned(),
        Finding::Count(n) => count(what, *n),
        Finding::Micros(micros) => format!("{micros} µs"),
        Finding::Probes(which) => format!("{} of 192", which.len()),
    }
}

fn count(what: What, n: u64) -> String {
    match what {
        What::KnownRequests => format!("{n} of {READS} requests"),
        What::LookUps | What::DenylistChecks => format!("{n} in 10 requests"),
        What::StoreOperations => format!("{n} in {READS} requests"),
        What::CatalogRequests | What::MeRequests => format!("{n} of 2 requests"),
        What::NodesAnswering => format!("{n} of 3 servers"),
        What::Done(Repeated::Get) => counted(n, "change", "changes"),
        What::Done(_) if n == 1 => "once".to_owned(),
        What::Done(_) if n == 2 => "twice".to_owned(),
        What::Done(_) => format!("{n} times"),
        What::Messages => counted(n, "message", "messages"),
        What::RefreshRows => counted(n, "row", "rows"),
        What::DenylistEntries => counted(n, "entry", "entries"),
        What::CrowdUnlikeTheory if n == 0 => "none".to_owned(),
        What::CrowdUnlikeTheory => counted(n, "number", "numbers"),
        _ => n.to_string(),
    }
}

fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

fn figure(figure: Figure) -> String {
    let words = match figure {
        Figure::Status => "status",
        Figure::CameAlong => "credentials that came along",
        Figure::StatusWith => "asked with the credential",
        Figure::StatusWithout => "asked without it",
        Figure::StatusAgain => "asked with it again",
        Figure::StatusGenuine => "status of the genuine one",
        Figure::BytesEmpty => "bytes with an empty cart",
        Figure::BytesFull => "bytes with 30 items",
        Figure::Items => "items in the cart",
        Figure::LargestKept => "largest cookie kept, bytes",
        Figure::Dropped => "cookie dropped, bytes",
        Figure::SecondsLeft => "seconds until it is dead by itself",
        Figure::BytesTaken => "bytes taken",
        Figure::SentAgainByBrowser => "sent again by the browser itself",
        Figure::Found => "found there",
        Figure::FoundAtHome => "found in this page's own localStorage",
        Figure::Stopped => "then this server stopped",
        Figure::KnownBefore => return format!("known before, of {ASKED} requests"),
        Figure::KnownAfter => return format!("known after that, of {ASKED} requests"),
        Figure::Judged => "numbers held against theory",
        Figure::Rows => "rows in the session store",
        Figure::Knew(node) => return format!("server {node}, which knew you, answered"),
        Figure::DidNotKnow(node) => return format!("server {node}, which did not know you, answered"),
    };
    words.to_owned()
}

pub(super) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => "The server gave no answer. See that it runs, then run again.".to_owned(),
        Failure::OtherTab => "Another tab of this lab is measuring or trying something. Wait until it is done.".to_owned(),
        Failure::NotLoaded => "The part of the page that measures could not be fetched. See that the server runs, or load the page again.".to_owned(),
        Failure::NoWindow => {
            "The browser did not open the attacker's window, or it was closed: allow pop-ups for this page and run again."
                .to_owned()
        }
        Failure::NoAttacker => {
            "The attacker's origin cannot be reached from this browser: open this page on the machine that serves it, or start Login Lab with an --attacker-addr that this browser can reach, and run again."
                .to_owned()
        }
        Failure::NotHere => {
            "It cannot be measured at this address: no other site attacks it from here, or its host has no other port. Open the page at http://localhost on the machine that serves it."
                .to_owned()
        }
        Failure::Refused { status, detail } if detail.is_empty() => {
            format!("A step that should have worked was refused with {status}. The wire log says which; run again.")
        }
        Failure::Refused { status, detail } => {
            format!("A step that should have worked was refused with {status}: {detail}. Run again.")
        }
        Failure::RefusedOtherwise { why } => format!(
            "The server refused the forged credential, but for another reason than the one that is asked about: {why}. So nothing is known about the forgery. Look at the wire log."
        ),
        Failure::NoSignatures => {
            "Your browser calculates no signatures on this page, because it came by plain http from another machine: open it by https, or at http://localhost on the machine that serves it."
                .to_owned()
        }
        Failure::NotHmac => {
            "This forgery signs with a key for HMAC, and your token has another algorithm. Choose HS256 under More, make a new signing key, log in anew and try again."
                .to_owned()
        }
        Failure::Disturbed => {
            "Something else happened to this lab while the crowd ran, or the crowd was stopped, so theory has no say on all of its numbers. Leave the lab alone, in other tabs too, and run again."
                .to_owned()
        }
        Failure::TimedOut => "Something that had to happen first did not, so nothing was measured. The wire log shows what did. Run again.".to_owned(),
        Failure::Stopped => "You stopped it.".to_owned(),
    }
}

pub(super) fn ended(ending: &Ending) -> String {
    match ending {
        Ending::Stopped => "Stopped. Your settings are as they were; you are logged in anew if you were logged in. The lab's clock and the signing key's name may have moved on. What was measured stays.".to_owned(),
        Ending::NotBegun(why) => format!(
            "Nothing was run: your login could not be looked up, so it could not be made anew afterwards. {} Log out, or mend that first.",
            failure(why)
        ),
        Ending::NotPutBack(why) => format!(
            "The run has ended and what was measured stays, but not everything could be put back as it was. {} Look at the settings, or press Start this lab afresh under More…",
            failure(why)
        ),
        Ending::One { experiment, what, finding: found, unlike, .. } => {
            let verdict = match unlike {
                None => "nothing was predicted",
                Some(false) => "as predicted",
                Some(true) => "NOT as predicted",
            };
            format!("{} Measured: {}, {verdict}.", abouts::title(*experiment), finding(*what, found))
        }
        Ending::Failed { experiment, failure: why } => format!("{} {}", abouts::title(*experiment), failure(why)),
        Ending::Many { measured, unlike, failed } => {
            let failed = if *failed == 0 { String::new() } else { format!(" {failed} could not be measured.") };
            let unlike = if *unlike == 0 {
                "none differs from its prediction".to_owned()
            } else {
                format!("{unlike} not as predicted")
            };
            let measured = if *measured == 1 { "1 comparison".to_owned() } else { format!("{measured} comparisons") };
            format!("{measured} measured, {unlike}.{failed}")
        }
    }
}

pub(in crate::text) const VERDICT: Verdict = Verdict {
    lede: "Measured in this browser, against this server. A cell says what the comparison that decides came to, and beside it the settings in which it is not so. Press it to see every comparison and what went over the wire for it.",
    run_all: "Run all",
    run_all_how: "Every comparison with all four logins, in three to four minutes. Two of them are only waiting: Chromium treats a cookie without SameSite another way after that time. Then your settings are as they were, and your login is made anew.",
    does_not_apply: "does not apply",
    legend: "▲ good for you, ▼ bad for you, no mark: neither.",
    exchanges: |n| format!("What went over the wire ({n})"),
    export: "Export",
    markdown: "Markdown",
    csv: "CSV",
    json: "JSON",
    print: "Print",
    matrix: "Every combination of cookie attributes",
    matrix_how: "One row for each of the 192 cookies, one column for each comparison. A cell that differs from its prediction is marked. A cookie without Path belongs to the directory that set it, /lab/…/api: this page's script asks in there, the frame lies outside. Where a browser blocks third-party cookies, no fetch and no frame of another site brings any, whatever its attributes.",
    cookie: "cookie",
    matrix_differs: |measured, predicted| format!("{measured}, predicted {predicted}"),
    growth: "What grows with the cart",
    growth_how: "One line a scheme, as it was measured.",
    request_bytes: "Bytes of the credential on each request",
    row_bytes: "Bytes that the server stores",
    items: "items",
    as_table: "The same as a table",
    yes: "yes",
    no: "no",
};

pub(in crate::text) const ATTACKER: Attacker = Attacker {
    remark: |n| match n {
        1 => "1 stolen item".to_owned(),
        n => format!("{n} stolen items"),
    },
    how: "Replay sends it from the attacker's machine, as Bearer and without any cookie of your browser. A session ID is worthless once its login has ended (401); a JWT works until exp, the time at which it ends (200), unless it is on the denylist (401).",
    found_in,
    of: |scheme| format!("its owner uses it as: {}", (super::TEXT.scheme)(scheme)),
    replay: "Replay",
    replayed: |status| format!("last replay: {status}"),
    empty: "Empty it",
};

fn found_in(found: FoundIn) -> T {
    match found {
        FoundIn::DocumentCookie => "a script read document.cookie",
        FoundIn::LocalStorage => "a script read localStorage",
        FoundIn::CookieHeader => "the browser sent it to another port",
        FoundIn::Store => "a key of the copied session store",
        FoundIn::Key => "forged with the copied signing key",
    }
}

pub(super) const LOOT_EMPTIED: T =
    "The attacker has nothing any more. What it had copied still works as long as the server says so.";

pub(super) fn replayed(status: u16, user: Option<&str>) -> String {
    let said: fn(u16, Option<&str>) -> String = |status, user| match user {
        Some(user) => format!("{status}: the server took the attacker for {user}."),
        None => format!("{status}: the attacker was refused."),
    };
    said(status, user)
}
