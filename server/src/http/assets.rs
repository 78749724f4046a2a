//! The built files: the page's script, code and style, and what else lies in the site directory.

use crate::{
    http::{Answer, Rejection},
    process::Process,
};
use app::boot::Assets;
use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
};
use http::{HeaderValue, Method, StatusCode, header};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};
use tower_http::services::ServeDir;

/// The name that the build gives the page's files.
const NAME: &str = "login-lab";

/// The built page cannot be found.
#[derive(Debug, thiserror::Error)]
#[error("{} has no pkg/{NAME}*.{kind}: build the page (cargo leptos build) or say where it is (--site)", site.display())]
pub struct NoPage {
    site: PathBuf,
    kind: &'static str,
}

/// Finds the newest of each file that the page needs.
pub(crate) fn find(site: &Path) -> Result<Assets, NoPage> {
    let one = |kind| {
        newest(&site.join("pkg"), kind)
            .map(|name| format!("/pkg/{name}"))
            .ok_or_else(|| NoPage { site: site.to_owned(), kind })
    };
    Ok(Assets { js: one("js")?, wasm: one("wasm")?, css: one("css")?, reload: reload_port() })
}

/// Where the page's files are: as they were at the start, and in development as they are now.
pub(crate) async fn current(process: &Process) -> Arc<Assets> {
    if let (Some(_), Some(site)) = (process.assets.reload, process.site.clone())
        && let Ok(Ok(assets)) = tokio::task::spawn_blocking(move || find(&site)).await
    {
        return Arc::new(assets);
    }
    Arc::clone(&process.assets)
}

/// Where `cargo leptos watch`, which sets these variables, tells the page to load itself again.
fn reload_port() -> Option<u16> {
    let watching = std::env::var("LEPTOS_WATCH").is_ok_and(|watch| watch == "true");
    watching.then(|| std::env::var("LEPTOS_RELOAD_PORT").ok()?.parse().ok()).flatten()
}

fn newest(pkg: &Path, kind: &str) -> Option<String> {
    let files = fs::read_dir(pkg).ok()?.filter_map(Result::ok).filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let stem = name.strip_suffix(kind)?.strip_suffix('.')?;
        let ours = stem == NAME || name_of(stem) == Some(NAME);
        let built = entry.metadata().and_then(|meta| meta.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        ours.then_some((built, name))
    });
    files.max().map(|(_, name)| name)
}

/// What a file is called before its hash, as in `{name}.{hash}`: 22 characters of base64url.
fn name_of(stem: &str) -> Option<&str> {
    let (name, hash) = stem.rsplit_once('.')?;
    let is_hash = hash.len() == 22 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    is_hash.then_some(name)
}

/// Whether what lies at this path never changes: its name is made from its content.
fn is_hashed(path: &str) -> bool {
    let parts = path.strip_prefix("/pkg/").and_then(|name| name.rsplit_once('.'));
    parts.is_some_and(|(stem, _)| name_of(stem).is_some())
}

/// Whether no file can have this path: file systems refuse longer names with an error of their own.
fn is_too_long(path: &str) -> bool {
    path.len() > 4096 || path.split('/').any(|name| name.len() > 255)
}

/// Serves the files of a site directory, compressed where a compressed one lies beside it.
pub(crate) fn files(site: &Path) -> Router {
    let files = ServeDir::new(site).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    Router::new().fallback_service(files).layer(middleware::from_fn(answer))
}

async fn answer(request: Request, next: Next) -> Answer {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || is_too_long(path) {
        return Err(Rejection::nothing_here());
    }
    let hashed = is_hashed(path);
    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_client_error() && status != StatusCode::RANGE_NOT_SATISFIABLE {
        return Err(Rejection::nothing_here());
    }
    if status.is_server_error() {
        let detail = "the file cannot be read now: try again in a second";
        return Err(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, detail));
    }
    let kept = match (status.is_success() || status == StatusCode::NOT_MODIFIED, hashed) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "public, max-age=300",
        (false, _) => "no-store",
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    // Also where nothing is sent but that the copy is still good (RFC 9110 §15.4.5).
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_made_from_the_content_is_kept_forever() {
        const HASH: &str = "1GodMa3IBHxzxPEu0yx-_g";
        for name in ["login-lab", "split_measure", "__wasm_split"] {
            assert!(is_hashed(&format!("/pkg/{name}.{HASH}.js")), "{name}");
            assert!(!is_hashed(&format!("/{name}.{HASH}.js")), "{name}");
        }
        for path in ["/pkg/login-lab.js", "/favicon.svg", "/pkg/login-lab.AbC123xy.js", "/pkg/login-lab.d.ts"] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
