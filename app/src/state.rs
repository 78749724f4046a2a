//! What the page knows: what was seen of the server and the browser, what was measured, what was said last.

pub(crate) mod bench;
pub mod boot;
pub(crate) mod chosen;
pub(crate) mod guide;
pub(crate) mod lazy;
pub(crate) mod live;
pub(crate) mod read;
pub(crate) mod results;
pub(crate) mod saved;
pub(crate) mod stage;
