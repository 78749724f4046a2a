//! What goes on while the page lives.

use std::pin::Pin;

/// Something that goes on while the page lives.
pub(super) type Later<T> = Pin<Box<dyn Future<Output = T>>>;
