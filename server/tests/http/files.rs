//! The built files, out of a directory.

use crate::callers::*;
use clap::Parser as _;
use server::config::Config;
use std::{fs, path::PathBuf};

/// A server of a built page, compressed files beside the plain ones.
fn lab(name: &str) -> Lab {
    let site = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg).unwrap();
    for kind in ["js", "wasm", "css"] {
        fs::write(pkg.join(format!("login-lab.AbCdEf12AbCdEf12AbCdEf.{kind}")), "plain text").unwrap();
        fs::write(pkg.join(format!("login-lab.AbCdEf12AbCdEf12AbCdEf.{kind}.br")), "brotli").unwrap();
        fs::write(pkg.join(format!("login-lab.AbCdEf12AbCdEf12AbCdEf.{kind}.gz")), "gzip").unwrap();
    }
    fs::write(site.join("favicon.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    let config = Config::try_parse_from(["login-lab".into(), "--site".into(), site.into_os_string()]).unwrap();
    Lab::of(config.settings().unwrap())
}

const WASM: &str = "/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.wasm";
const FOREVER: &str = "public, max-age=31536000, immutable";

#[tokio::test]
async fn whatever_is_answered_a_cache_is_told_that_it_hangs_on_what_the_browser_accepts() {
    let lab = lab("site-of-vary");
    for (accepted, body) in [("", "plain text"), ("br", "brotli"), ("gzip", "gzip"), ("identity", "plain text")] {
        let accepted: &[_] = if accepted.is_empty() { &[] } else { &[("accept-encoding", accepted)] };
        let answer = lab.get(WASM, accepted).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (200, body.as_bytes()), "{accepted:?}");
        assert_eq!((answer.header("vary"), answer.header("cache-control")), ("accept-encoding", FOREVER));

        let since = answer.header("last-modified");
        let checked = lab.get(WASM, &[accepted, &[("if-modified-since", since)]].concat()).await;
        assert_eq!((checked.status.as_u16(), checked.header("vary")), (304, "accept-encoding"), "{accepted:?}");
        assert_eq!(checked.header("cache-control"), FOREVER);

        let part = lab.get(WASM, &[accepted, &[("range", "bytes=0-1")]].concat()).await;
        assert_eq!((part.status.as_u16(), part.header("vary")), (206, "accept-encoding"), "{accepted:?}");
        assert_eq!(part.body.as_ref(), &body.as_bytes()[..2]);
        let beyond = lab.get(WASM, &[accepted, &[("range", "bytes=900-")]].concat()).await;
        assert_eq!((beyond.status.as_u16(), beyond.header("vary")), (416, "accept-encoding"), "{accepted:?}");
    }
    let icon = lab.get("/favicon.svg", &[("accept-encoding", "br")]).await;
    assert_eq!((icon.header("vary"), icon.header("cache-control")), ("accept-encoding", "public, max-age=300"));
}

#[tokio::test]
async fn what_is_not_there_is_kept_by_nobody() {
    let lab = lab("site-of-nothing");
    for path in ["/pkg/nothing.js", "/pkg", "/pkg/", "/../Cargo.toml", "/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.wasm/x"] {
        let answer = lab.get(path, &[("accept-encoding", "br")]).await;
        answer.problem(404);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_name_too_long_for_any_file_is_not_there() {
    let lab = lab("site-of-long-names");
    for path in [format!("/{}", "a".repeat(300)), format!("/pkg/{}.js", "a".repeat(300)), "/a".repeat(3000)] {
        lab.get(&path, &[]).await.problem(404);
    }
    lab.get(&format!("/{}", "a".repeat(255)), &[]).await.problem(404);
}

#[tokio::test]
#[cfg(unix)]
async fn a_file_that_cannot_be_read_is_a_problem_that_may_pass() {
    let lab = lab("site-of-loops");
    let site = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("site-of-loops");
    let _ = fs::remove_file(site.join("loop"));
    std::os::unix::fs::symlink("loop", site.join("loop")).unwrap();
    let answer = lab.get("/loop", &[]).await;
    answer.problem(503);
    assert_eq!((answer.header("retry-after"), answer.header("cache-control")), ("1", "no-store"));
}
