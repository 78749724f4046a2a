//! A connection's stream: how long the other end may take nothing, and how it ends.

use crate::bounds;
use std::{pin::Pin, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy, sink},
    net::TcpStream,
};
use tokio_io_timeout::TimeoutStream;

/// A stream on which writing fails where the other end takes nothing for too long.
pub(super) type Stream = Pin<Box<TimeoutStream<TcpStream>>>;

pub(super) fn stream(stream: TcpStream, patience: Duration) -> Stream {
    // Where one of the two cannot be had, the connection works as well.
    let _ = stream.set_nodelay(true);
    // What is not sent yet lies better here, where it is counted, than in the system.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(bounds::UNSENT);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    Box::pin(stream)
}

/// Ends it so that the other end gets the answer: of a connection that is closed while something still comes, the system
/// throws away what it has not delivered yet (RFC 9112 §9.6).
pub(super) async fn linger(mut stream: Stream) {
    let end = async {
        stream.shutdown().await?;
        copy(&mut stream.take(bounds::LINGER_BYTES), &mut sink()).await
    };
    // Who goes on sending, or does not close, is cut off.
    let _ = tokio::time::timeout(bounds::LINGER, end).await;
}
