//! How long it takes to find a session among few and among many, with either in turn. For `make bench`, which starts two
//! Redis for it, for the few and for the many.
//!
//! Writes a line of JSON for each store: `{"store", "few", "many", "rounds": [[µs among few, µs among many]]}`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on has failed")]

use domain::topology::StoreKind;
use serde_json::json;
use server::measuring::ManySessions;
use std::{
    env,
    time::{Duration, Instant},
};

const FEW: u64 = 1_000;
/// So many look-ups between two looks at the clock.
const AT_ONCE: u32 = 200;

/// The mean of one look-up, in microseconds.
async fn measure(sessions: &ManySessions, lasts: Duration, dice: &mut fastrand::Rng) -> f64 {
    let (start, mut looked) = (Instant::now(), 0);
    while start.elapsed() < lasts {
        for _ in 0..AT_ONCE {
            assert!(sessions.look_up(dice.u64(..sessions.count())).await.unwrap(), "a session is lost");
        }
        looked += AT_ONCE;
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(looked)
}

#[tokio::main]
async fn main() {
    let number = |name: &str, default: u64| env::var(name).map_or(default, |text| text.parse().expect(name));
    let (many, rounds) = (number("SESSIONS", 1_000_000), number("ROUNDS", 5));
    let lasts = Duration::from_millis(number("MS", 500));
    let redis = ["FEW_REDIS", "MANY_REDIS"].map(|name| env::var(name).ok());
    let mut dice = fastrand::Rng::with_seed(1);
    for kind in [StoreKind::Memory, StoreKind::Sqlite, StoreKind::Redis] {
        if kind == StoreKind::Redis && redis.iter().any(Option::is_none) {
            continue;
        }
        let few_of_them = ManySessions::make(kind, FEW, redis[0].as_deref()).await.unwrap();
        let many_of_them = ManySessions::make(kind, many, redis[1].as_deref()).await.unwrap();
        let mut took = Vec::new();
        // The first round is for warming up.
        for round in 0..=rounds {
            let among_few = measure(&few_of_them, lasts, &mut dice).await;
            let among_many = measure(&many_of_them, lasts, &mut dice).await;
            if round > 0 {
                took.push([among_few, among_many]);
            }
        }
        println!("{}", json!({ "store": kind.name(), "few": FEW, "many": many, "rounds": took }));
    }
}
