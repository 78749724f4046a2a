//! A recorded request as a curl command, so that anybody can repeat it.

use crate::{
    exchange::Request,
    user::{DEMO_USERS, demo_password},
};

/// What a recorded password looks like.
pub const MASKED: &str = "•••";

/// Headers that belong to the lesson; the rest is the browser's own business and curl adds its own.
const KEPT: [&str; 4] = ["authorization", "content-type", "cookie", "idempotency-key"];

/// The command that sends the same request to `origin` again. A demo user's password, which stands on the
/// page, is filled in where the record masks it.
#[must_use]
pub fn curl(request: &Request, origin: &str) -> String {
    let mut words = vec!["curl".to_owned(), "-i".to_owned(), quote(&format!("{origin}{}", request.path))];
    if request.method != "GET" {
        words.extend(["-X".to_owned(), quote(&request.method)]);
    }
    for (name, value) in &request.headers {
        if KEPT.iter().any(|kept| name.eq_ignore_ascii_case(kept)) {
            words.extend(["-H".to_owned(), quote(&format!("{name}: {value}"))]);
        }
    }
    if let Some(body) = &request.body {
        words.extend(["--data-raw".to_owned(), quote(&unmask(body))]);
    }
    words.join(" ")
}

fn unmask(body: &str) -> String {
    match DEMO_USERS.iter().find(|(name, _)| body.contains(name)) {
        Some((name, _)) => body.replace(MASKED, &demo_password(name)),
        None => body.to_owned(),
    }
}

/// A word for a POSIX shell, whatever it has in it.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, headers: &[(&str, &str)], body: Option<&str>) -> Request {
        Request {
            method: method.into(),
            path: "/lab/x/api/login".into(),
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn a_login_can_be_repeated_with_the_demo_password_filled_in() {
        let login = request(
            "POST",
            &[("content-type", "application/json"), ("user-agent", "x"), ("sec-fetch-site", "same-origin")],
            Some(r#"{"username":"bob","password":"•••","scheme":"token-storage"}"#),
        );
        assert_eq!(
            curl(&login, "http://localhost:3000"),
            r#"curl -i http://localhost:3000/lab/x/api/login -X POST -H 'content-type: application/json' --data-raw '{"username":"bob","password":"bob-password","scheme":"token-storage"}'"#
        );
    }

    #[test]
    fn no_value_breaks_out_of_its_quotes() {
        let evil = request("GET", &[("cookie", "sid=a'; rm -rf /; '")], None);
        assert!(curl(&evil, "http://h").ends_with(r"-H 'cookie: sid=a'\''; rm -rf /; '\'''"));
    }
}
