//! Giving out a credential: where it goes is the carrier's business alone.

use crate::{cookie, error::LessonError, lab::fresh_jti, token, visit::Visit};
use domain::{
    claims::{Claims, TOKEN_ALG},
    cookie::CookieOptions,
    exchange::Did,
    scheme::{Carrier, Scheme},
};
use std::time::Instant;

/// What of a credential goes into the answer's body.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) access_token: Option<String>,
    pub(crate) token_type: Option<String>,
    pub(crate) warning: Option<String>,
    /// The cookie that went into a header instead.
    pub(crate) cookie: Option<cookie::Written>,
}

impl Visit {
    /// Hands a credential to the browser: in the body for a script to keep, or as a cookie.
    pub(crate) fn give(&self, scheme: Scheme, value: String, options: &CookieOptions) -> Given {
        match scheme.carrier {
            Carrier::LocalStorage => {
                Given { access_token: Some(value), token_type: Some("Bearer".to_owned()), ..Given::default() }
            }
            Carrier::Cookie => {
                let written = cookie::set(&self.cookies, self.place(), scheme.credential, &value, options);
                self.steps.note(Did::SetCookie, format!("{}, {} bytes", written.name, written.bytes));
                let warning = written.is_too_large().then(|| {
                    self.steps.note(Did::CookieTooLarge, format!("{} bytes", written.bytes));
                    format!("the cookie has {} bytes; over 4096 a browser drops it without a word", written.bytes)
                });
                Given { warning, cookie: Some(written), ..Given::default() }
            }
        }
    }

    /// Signs a token with the lab's newest key, under a fresh name.
    pub(crate) fn sign(&self, claims: Claims) -> Result<(String, Claims), LessonError> {
        self.sign_as_named(Claims { jti: fresh_jti(), ..claims })
    }

    /// As [`Self::sign`], under the name that it has: what ended a token since it was first signed ends the one
    /// that is signed in its place, too.
    pub(crate) fn sign_as_named(&self, claims: Claims) -> Result<(String, Claims), LessonError> {
        let start = Instant::now();
        let key = self.lab.world(|world| {
            if claims.family.is_some() {
                world.denylist.outlive(claims.exp);
            }
            world.keys.signing()
        });
        let signed = token::issue(&claims, &key).ok_or(LessonError::TokenTooLarge)?;
        self.steps.took(start, Did::SignedToken, format!("key {}, {TOKEN_ALG}", key.kid));
        Ok((signed, claims))
    }

    /// Ends every token so far of this one's login, if the denylist is on. Whether it is.
    pub(crate) fn deny(&self, claims: &Claims) -> Result<bool, LessonError> {
        let start = Instant::now();
        let denied = self.lab.world(|world| {
            if !world.defences.denylist {
                return Ok(None);
            }
            let now = world.now();
            world.denylist.deny(claims, fresh_jti(), now).map(Some)
        })?;
        if let Some(until) = denied {
            self.steps.took(start, Did::Denied, format!("until {until}"));
        }
        Ok(denied.is_some())
    }

    /// As [`Self::deny`], once more after the rows have gone: a refresh may have used one before, and the name of its
    /// token is newer than the entry. That is there already and only becomes a newer one; without it (the denylist was
    /// switched off and on) everything has ended that could be.
    pub(crate) fn deny_again(&self, claims: &Claims) {
        if let Err(error) = self.deny(claims) {
            tracing::warn!(%error, "tokens from a refresh at the moment of a logout live on");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        lab::{Lab, World},
        server::{Server, Settings},
    };
    use axum::{
        Router,
        body::Body,
        http::{Request, StatusCode},
    };
    use domain::{
        api::{LONGEST, LoggedIn, Login},
        claims::Claims,
        scheme::Scheme,
    };
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    const LAB: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    async fn post(router: &Router, route: &str, bearer: &str, body: String) -> (StatusCode, Vec<u8>) {
        let request = Request::post(format!("/lab/{LAB}/api/{route}")).header("content-type", "application/json");
        let request = if bearer.is_empty() { request } else { request.header("authorization", bearer) };
        let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    #[tokio::test]
    async fn a_retired_token_stays_dead_when_its_lab_is_dropped_and_made_anew() {
        let (server, router) = Server::build(Settings { max_labs: 1, ..Settings::without_site(vec![7; 32], None) });
        let login = serde_json::to_string(&Login::new("alice", "alice-password", Scheme::ALL[3])).unwrap();
        let (_, body) = post(&router, "login", "", login).await;
        let bearer = format!("Bearer {}", serde_json::from_slice::<LoggedIn>(&body).unwrap().access_token.unwrap());
        let cart = || post(&router, "cart", &bearer, r#"{"item":"pen"}"#.to_owned());
        assert_eq!(cart().await.0, StatusCode::OK);
        let lab = server.labs().lab(LAB);
        lab.world(|world| world.keys.rotate(true));
        assert_eq!(cart().await.0, StatusCode::UNAUTHORIZED);
        while !lab.closed.is_cancelled() {
            server.labs().lab("BBBBBBBBBBBBBBBBBBBBBB");
            server.labs().tidy();
        }
        let (status, body) = cart().await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(String::from_utf8_lossy(&body).contains("from before this lab began"));
        assert_eq!(server.labs().lab(LAB).world(|world| world.keys.signing().kid), "1", "which is called the same");
    }

    fn fill_denylist(lab: &Lab, claims: &Claims) {
        lab.world(|world| {
            world.defences.denylist = true;
            let now = world.now();
            let mut other = Claims { exp: now + LONGEST, ..claims.clone() };
            for n in 0.. {
                other.login = n.to_string();
                if world.denylist.deny(&other, other.jti.clone(), now).is_err() {
                    return;
                }
            }
        });
    }

    #[tokio::test]
    async fn with_a_full_denylist_a_logout_is_refused_and_the_login_is_as_it_was() {
        let (server, router) = Server::build(Settings::without_site(vec![7; 32], None));
        let login = Login::new("alice", "alice-password", Scheme::ALL[3]);
        let login = serde_json::to_string(&login).unwrap();
        let (_, body) = post(&router, "login", "", login.clone()).await;
        let token = serde_json::from_slice::<LoggedIn>(&body).unwrap().access_token.unwrap();
        let lab = server.labs().lab(LAB);
        let claims = lab.world(World::verifier).verify(&token).unwrap();
        fill_denylist(&lab, &claims);
        let bearer = format!("Bearer {token}");
        let with_refresh = login.replace(r#""refresh":false"#, r#""refresh":true"#);
        let session = login.replace("token-storage", "session-storage");
        assert!(with_refresh != login && session != login);
        let logins = [login, with_refresh, session].map(|login| ("login", login));
        for (route, body) in
            ["logout", "logout-everywhere"].map(|route| (route, String::new())).into_iter().chain(logins)
        {
            let (status, _) = post(&router, route, &bearer, body).await;
            assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{route}");
        }
        assert_eq!(lab.view().await.unwrap().rows().count(), 0, "a login that is refused leaves no row");
        assert!(!lab.world(|world| world.denylist.lists(&claims)));
    }
}
