//! Work that is done to its end, also when whoever waits for it goes away halfway.

use futures::{FutureExt as _, future::BoxFuture};
use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, ready},
    thread,
};
use tokio::runtime::Handle;
use tracing::Instrument as _;

/// Work under way. It is done where it is waited for; dropped before its end, it goes on by itself.
/// Of a panic the log has why.
pub(crate) struct ToItsEnd<T: Send + 'static>(Option<BoxFuture<'static, thread::Result<T>>>);

impl<T: Send + 'static> ToItsEnd<T> {
    pub(crate) fn of(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(Some(AssertUnwindSafe(work).catch_unwind().boxed()))
    }
}

impl<T: Send + 'static> Future for ToItsEnd<T> {
    type Output = thread::Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = &mut self.0 else { return Poll::Pending };
        let done = ready!(work.poll_unpin(context));
        self.0 = None;
        Poll::Ready(done)
    }
}

impl<T: Send + 'static> Drop for ToItsEnd<T> {
    fn drop(&mut self) {
        if let (Some(rest), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(rest.in_current_span());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::{sync::oneshot, time::timeout};

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_any_more_is_done_all_the_same_and_once() {
        let (done, told) = oneshot::channel();
        let work = async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            done.send("done").unwrap();
        };
        assert!(timeout(Duration::from_secs(1), ToItsEnd::of(work)).await.is_err());
        assert_eq!(told.await, Ok("done"));
    }

    #[tokio::test]
    async fn what_is_waited_for_comes_to_whoever_waits_and_a_panic_is_told() {
        assert_eq!(ToItsEnd::of(async { 7 }).await.ok(), Some(7));
        let panics = async { assert!(Handle::try_current().is_err(), "on purpose") };
        assert!(ToItsEnd::of(panics).await.is_err());
    }
}
