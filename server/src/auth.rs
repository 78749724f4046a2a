//! What proves somebody: passwords, tokens, cookies, and the random numbers behind them.

pub(crate) mod core_work;
pub(crate) mod password;
pub(crate) mod presented;
pub(crate) mod random;
pub(crate) mod set_cookie;
pub(crate) mod token;
