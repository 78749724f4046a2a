//! What `make bench` holds Login Lab against: small servers with its route and its answer, each as its library's own
//! documentation shows it.
//!
//! ```text
//! peers bare | sessions | sessions-redis REDIS_URL | token
//! ```

use axum::{Router, serve::ListenerExt as _};
use std::{env, error::Error};
use tokio::net::TcpListener;

mod bare;
mod me;
mod sessions;
mod token;

/// Whatever keeps a server from starting or a request from its answer.
type Failed = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let words: Vec<String> = env::args().skip(1).collect();
    let router = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare"] => bare::router(),
        ["sessions"] => sessions::in_memory(),
        ["sessions-redis", url] => sessions::in_redis(url).await?,
        ["token"] => token::router(),
        _ => return Err("usage: peers bare | sessions | sessions-redis REDIS_URL | token".into()),
    };
    listen(router).await
}

/// Listens on a free port, and says which.
async fn listen(router: Router) -> Result<(), Failed> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    // An answer goes out at once.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}
