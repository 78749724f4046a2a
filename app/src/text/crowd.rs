//! The words about the crowd.

use super::T;
use domain::{
    crowd::{CrowdResult, Quantity},
    topology::Strategy,
};

pub(crate) struct Crowd {
    pub(crate) lede: T,
    pub(crate) visitors: T,
    pub(crate) requests: T,
    pub(crate) writes: T,
    pub(crate) seed: T,
    pub(crate) pace: T,
    pub(crate) per_second: fn(u32) -> String,
    pub(crate) as_fast: T,
    pub(crate) scheme: T,
    pub(crate) send: T,
    pub(crate) stop: T,
    pub(crate) honest: T,
    pub(crate) running: T,
    pub(crate) progress: fn(u64, u32, u32) -> String,
    pub(crate) watch: T,
    pub(crate) load: T,
    pub(crate) load_columns: [T; 3],
    pub(crate) outcomes: T,
    pub(crate) outcome_columns: [T; 2],
    /// Known, refused, cut off, unavailable, failed, mistaken.
    pub(crate) outcome: [T; 6],
    pub(crate) result: T,
    pub(crate) of: fn(&CrowdResult) -> String,
    pub(crate) disturbed: T,
    pub(crate) stopped: T,
    pub(crate) measures: T,
    pub(crate) measure_columns: [T; 5],
    pub(crate) exactly: T,
    pub(crate) between: fn(&str, &str) -> String,
    pub(crate) no_say: T,
    pub(crate) within: T,
    pub(crate) not_as_predicted: T,
    pub(crate) quantity: fn(Quantity) -> T,
    pub(crate) why: fn(Quantity, Strategy) -> T,
    pub(crate) compared: T,
    pub(crate) compared_lede: T,
    pub(crate) compared_columns: [T; 8],
    pub(crate) not_run: T,
    pub(crate) messages: fn(&str, &str) -> String,
}
