//! What an operator watches: counts and times of the process, for Prometheus.
//!
//! The counters are the process's, as its log is, so that whoever counts needs no handle. Every label has values from a
//! list that the code holds: nothing that a visitor sends makes a new one. What stands at a moment, such as how many labs
//! there are, is looked at when somebody asks ([`exposition`]).

use domain::{topology::StoreKind, view::Operation};
use http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, prometheus_text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::ConstGauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::Registry,
};
use std::{
    fmt, fs,
    sync::{Arc, LazyLock},
    time::Duration,
};

/// What [`exposition`] is written in.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The name of each begins with it.
const PREFIX: &str = "login_lab";

/// What is on no list: the route of what no route takes, a file or nothing, and a method of somebody's own.
const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Arc<str>,
    status: u16,
}

/// Labels that are all of one type, each with its name.
type Labels<V, const N: usize> = [(&'static str, V); N];

struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    took: Family<Labels<Arc<str>, 1>, Histogram>,
    operations: Family<Labels<&'static str, 3>, Histogram>,
    events: Family<Labels<&'static str, 1>, Counter>,
    brakes: Family<Labels<&'static str, 1>, Counter>,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

impl Metrics {
    fn new() -> Self {
        // 250 µs to 8 s, and 25 µs to 0.4 s: a store that takes longer is given up.
        let took =
            Family::new_with_constructor((|| Histogram::new(exponential_buckets(0.000_25, 2.0, 16))) as fn() -> _);
        let operations =
            Family::new_with_constructor((|| Histogram::new(exponential_buckets(0.000_025, 2.0, 15))) as fn() -> _);
        let (requests, events, brakes) = (Family::default(), Family::default(), Family::default());
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register("requests", "Requests that were answered, by route and status", Family::clone(&requests));
        registry.register("request_seconds", "How long it took until an answer began", Family::clone(&took));
        registry.register(
            "store_operation_seconds",
            "How long a session store took, by store, operation and outcome",
            Family::clone(&operations),
        );
        registry.register("security_events", "Security events, by kind", Family::clone(&events));
        registry.register("brakes", "How often somebody was over a bound, by bound", Family::clone(&brakes));
        Self { registry, requests, took, operations, events, brakes }
    }
}

pub(crate) fn answered(method: &Method, route: Option<&Arc<str>>, status: StatusCode, took: Duration) {
    /// There is no end to the names of methods (RFC 9110 §9.1).
    static METHODS: [Method; 7] =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    static NO_ROUTE: LazyLock<Arc<str>> = LazyLock::new(|| OTHER.into());
    let method = METHODS.iter().find(|known| *known == method).map_or(OTHER, Method::as_str);
    let route = Arc::clone(route.unwrap_or(&NO_ROUTE));
    METRICS.took.get_or_create(&[("route", Arc::clone(&route))]).observe(took.as_secs_f64());
    METRICS.requests.get_or_create(&Answered { method, route, status: status.as_u16() }).inc();
}

/// A session store was asked, and this came of it: whether it answered.
pub(crate) fn asked(store: StoreKind, operation: Operation, answered: bool, took: Duration) {
    let outcome = if answered { "answered" } else { "failed" };
    let asked = [("store", store.name()), ("operation", operation.name()), ("outcome", outcome)];
    METRICS.operations.get_or_create(&asked).observe(took.as_secs_f64());
}

pub(crate) fn happened(event: &'static str) {
    METRICS.events.get_or_create(&[("event", event)]).inc();
}

pub(crate) fn braked(bound: &'static str) {
    METRICS.brakes.get_or_create(&[("bound", bound)]).inc();
}

/// What is so at this moment: a name, what it says, and how much.
pub(crate) type Reading = (&'static str, &'static str, u64);

/// All of it, in the text format of Prometheus (0.0.4).
///
/// # Errors
/// None that a `String` makes.
pub(crate) fn exposition(node: &str, readings: &[Reading]) -> Result<String, fmt::Error> {
    let mut now = Registry::with_prefix(PREFIX);
    let names = [("version", env!("CARGO_PKG_VERSION").to_owned()), ("node", node.to_owned())];
    now.register("build", "This program, and what this process is called", Info::new(names));
    for (name, help, value) in readings {
        now.register(*name, *help, gauge(*value));
    }
    // These two have names that everybody gives them.
    let mut process = Registry::with_prefix("process");
    if let Some(bytes) = resident_bytes() {
        process.register("resident_memory_bytes", "Memory that the system gives this process", gauge(bytes));
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        process.register("open_fds", "Descriptors that are open", gauge(open.count() as u64));
    }
    let mut text = String::new();
    for registry in [&METRICS.registry, &now, &process] {
        encode(&mut text, registry)?;
    }
    Ok(text)
}

fn gauge(value: u64) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Where the system tells.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes.saturating_mul(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_counted_by_method_route_and_status_and_timed() {
        let route = Some(Arc::from("/test/one"));
        answered(&Method::GET, route.as_ref(), StatusCode::OK, Duration::from_millis(3));
        answered(&Method::GET, route.as_ref(), StatusCode::OK, Duration::from_millis(3));
        let brew = Method::from_bytes(b"BREW").unwrap();
        answered(&brew, route.as_ref(), StatusCode::IM_A_TEAPOT, Duration::ZERO);
        let text = exposition("a", &[]).unwrap();
        for line in [
            r#"login_lab_requests_total{method="GET",route="/test/one",status="200"} 2"#,
            r#"login_lab_requests_total{method="other",route="/test/one",status="418"} 1"#,
            r#"login_lab_request_seconds_bucket{route="/test/one",le="0.004"} 3"#,
            r#"login_lab_request_seconds_bucket{route="/test/one",le="0.002"} 1"#,
            r#"login_lab_request_seconds_count{route="/test/one"} 3"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
    }

    #[test]
    fn what_stands_at_the_moment_is_what_was_looked_at() {
        let text = exposition("shop-1", &[("labs", "Labs", 7)]).unwrap();
        assert!(text.contains("# TYPE login_lab_labs gauge\nlogin_lab_labs 7\n"), "{text}");
        assert!(text.contains(r#"node="shop-1""#), "{text}");
    }

    #[test]
    fn a_store_s_answers_and_failures_are_apart() {
        asked(StoreKind::Memcached, Operation::Find, true, Duration::from_micros(40));
        asked(StoreKind::Memcached, Operation::Find, false, Duration::from_millis(300));
        let text = exposition("a", &[]).unwrap();
        let line = |outcome| format!(r#"store="memcached",operation="find",outcome="{outcome}"}} 1"#);
        assert!(text.contains(&line("answered")) && text.contains(&line("failed")), "{text}");
    }
}
