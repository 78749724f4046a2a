//! What lies in a file of its own, which is fetched when it is needed first.

use leptos::wasm_split::SplitLoaderError;
use std::pin::Pin;

/// Something that goes on while the page lives.
pub(super) type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// The code that measures did not come.
pub(super) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}
