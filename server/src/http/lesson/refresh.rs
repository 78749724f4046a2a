//! `POST api/refresh`: a refresh token for a new access token and the next refresh token.
//!
//! Each refresh token is used once. One that comes a second time has been copied, by whoever it was, so all of that
//! login's end (RFC 9700 §4.14.2). An answer that is lost costs the login, too: the next try
//! is the second. Where nodes replicate their memory, two of them may each take a token once, and one that has not
//! heard of a new token yet takes it for a copy.

use crate::{
    auth::{random, set_cookie},
    gate::{identify::AuthError, visit::Visit},
    http::{Answer, Input, MaybeInput, Rejection, lesson::credential::Given},
    security::Event,
    store::StoreError,
};
use axum::Json;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    api::{Login, Refresh, Refreshed},
    claims::Claims,
    cookie::CookieOptions,
    exchange::Did,
    scheme::{Carrier, Credential, REFRESH_COOKIE, Scheme},
    session::{Change, Family, RefreshToken, Session, SessionId},
    user::User,
};
use sha2::{Digest, Sha256};
use std::time::Instant;

/// Use up a refresh token for a new token. The cart comes from the old token where that one comes along, be it
/// expired or not, as a cookie or as Bearer; else it is empty, for the server keeps none.
#[utoipa::path(
    post, path = "/refresh",
    request_body(content((Refresh = "application/json")), description = "nothing, with the token in the cookie `refresh`"),
    responses(
        (status = 200, body = Refreshed),
        (status = 400, description = "a body that cannot be read, or more than one refresh token"),
        (status = 401, description = "none, an unknown one, or one that was used before"),
        (status = 422, description = "the token would be over 32 KiB"),
    ),
)]
pub(crate) async fn refresh(visit: Visit, Input(body): MaybeInput<Refresh>) -> Answer<Json<Refreshed>> {
    let visit = &visit;
    let token = RefreshToken::parse(&brought(visit, body)?)
        .ok_or_else(|| AuthError::Unusable("it does not have the form of a refresh token".to_owned()))?;
    let (row, family) = look_up(visit, &token.family).await?;
    let presented = hash(&token.secret);
    // Signed before the refresh token is used up: whatever ends this login meanwhile ends this token, too.
    let signed = visit.sign(claims(visit, &token.family, &row, &family))?;
    let next = RefreshToken { secret: SessionId::from_bytes(random::bytes()?), ..token };
    let row = rotate(visit, &next, presented).await?;
    // A change of the user that is under way has not reached the row perhaps, or takes it with it.
    let Some(user) = visit.settled_user(&row.user.name).await? else {
        return Err(ended(visit, &next.family, Instant::now()).await.into());
    };
    let (signed, claims) = visit.put_right(signed, user.role)?;
    visit.steps.note(Did::Identified, format!("{}, {}", row.user.name, row.user.role.name()));
    let given = visit.give(Scheme::new(Credential::Jwt, family.carrier), signed, &claims.cookie);
    let refresh_token = visit.give_refresh(&next, &row);
    let Given { access_token, token_type, warning, .. } = given;
    let expires_in = claims.exp.saturating_sub(claims.iat);
    Ok(Json(Refreshed { access_token, token_type, expires_in, refresh_token, warning }))
}

/// The one refresh token that came.
fn brought(visit: &Visit, body: Refresh) -> Result<String, Rejection> {
    let from_cookies: Vec<_> = visit.brought.cookies_named(REFRESH_COOKIE).collect();
    let count = from_cookies.len() + usize::from(body.refresh_token.is_some());
    if count > 1 {
        visit.steps.note(Did::FoundTooMany, count.to_string());
        let detail =
            format!("{count} refresh tokens came along and none was taken: send one, in the body or as a cookie");
        return Err(Rejection::ambiguous(detail));
    }
    if !from_cookies.is_empty() {
        visit.steps.note(Did::FoundCookie, REFRESH_COOKIE);
    }
    from_cookies.first().map(|value| (*value).to_owned()).or(body.refresh_token).ok_or_else(|| {
        visit.steps.note(Did::FoundNothing, "");
        Rejection::unauthorized(format!(
            "no refresh token came along: send it in the body, or as the cookie {REFRESH_COOKIE}"
        ))
    })
}

async fn look_up(visit: &Visit, id: &SessionId) -> Result<(Session, Family), Rejection> {
    let start = Instant::now();
    let row = visit.sessions()?.load_family(id, visit.lab.now()).await;
    let row = row.inspect_err(|error| visit.steps.took(start, Did::LookedUp, error.to_string()))?;
    let row = row.and_then(|row| visit.reconciled(row));
    let found = row.and_then(|row| row.refresh.clone().map(|family| (row, family)));
    visit.steps.took(start, Did::LookedUp, if found.is_some() { "found" } else { "not found" });
    Ok(found.ok_or_else(over)?)
}

fn over() -> AuthError {
    AuthError::Unusable("there is no such refresh token, or it is over".to_owned())
}

/// What is true now goes into the token, the cart excepted: that is what the old token says. It ends with the login.
fn claims(visit: &Visit, id: &SessionId, row: &Session, family: &Family) -> Claims {
    let now = visit.lab.now();
    let exp = now.saturating_add(family.token_lifetime).min(row.expires_at);
    // A row of an earlier version has none.
    let login = if family.login.is_empty() { id.reveal() } else { &family.login };
    let old = visit.signed_here().into_iter().find(|old| old.family.as_deref() == Some(id.reveal()));
    Claims {
        cart: old.map(|old| old.cart).unwrap_or_default(),
        cookie: row.cookie,
        family: Some(id.reveal().to_owned()),
        ..visit.lab.claims(row.user.clone(), login.to_owned(), now, exp)
    }
}

/// Uses the refresh token up, if it is the one whose turn it is. The store decides, not what was looked up: somebody
/// else may have been here since, and where nodes replicate, the news of this token's turn may have come.
async fn rotate(visit: &Visit, next: &RefreshToken, presented: String) -> Result<Session, Rejection> {
    let (start, now, hashed) = (Instant::now(), visit.lab.now(), hash(&next.secret));
    let change = Change::Refresh { presented, next: hashed.clone() };
    let row = visit.sessions()?.update(&next.family, &change, now).await?.ok_or_else(over)?;
    if row.refresh.as_ref().is_some_and(|family| family.next == hashed) {
        visit.steps.took(
            start,
            Did::RefreshedToken,
            format!("for another {} seconds", row.expires_at.saturating_sub(now)),
        );
        return Ok(row);
    }
    Err(ended(visit, &next.family, start).await.into())
}

/// The row is over already; what is left of it goes, with the next sweep if it does not get through now.
async fn ended(visit: &Visit, id: &SessionId, start: Instant) -> AuthError {
    if let Ok(sessions) = visit.sessions() {
        let _ = sessions.delete(id).await;
    }
    visit.steps.took(start, Did::EndedFamily, "it was used before or is not genuine");
    visit.clear_refresh_cookie();
    visit.log(Event::Revoked("refresh token used twice"), None);
    AuthError::Unusable(
        "it is not the one whose turn it is: it was used before or is not genuine, so every refresh token of this login \
         is ended"
            .to_owned(),
    )
}

/// A database that is read by somebody else lets them in nowhere. The secret is as random as an id, so it needs
/// no salt and no work.
fn hash(secret: &SessionId) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.reveal().as_bytes()))
}

/// A login's first refresh token, and the row that its store is to keep.
pub(super) fn first(
    visit: &Visit,
    login: &Login,
    user: User,
    cookie: CookieOptions,
    login_id: &str,
) -> Result<(RefreshToken, Session), Rejection> {
    let [id, secret] = [random::bytes()?, random::bytes()?].map(SessionId::from_bytes);
    let family = Family {
        next: hash(&secret),
        login: login_id.to_owned(),
        carrier: login.scheme.carrier,
        token_lifetime: login.token_lifetime,
    };
    let row = Session::begin_family(user, cookie, family, login.lifetime, visit.lab.now());
    Ok((RefreshToken { family: id, secret }, row))
}

impl Visit {
    /// Hands a refresh token to the browser. Returns it where it goes into the body.
    pub(super) fn give_refresh(&self, token: &RefreshToken, row: &Session) -> Option<String> {
        let value = token.reveal();
        if row.refresh.as_ref().is_some_and(|family| family.carrier == Carrier::LocalStorage) {
            return Some(value);
        }
        let bytes = REFRESH_COOKIE.len().saturating_add(value.len());
        self.steps.note(Did::SetCookie, format!("{REFRESH_COOKIE}, {bytes} bytes"));
        set_cookie::set_refresh(&self.cookies, self.place(), &value, row.expires_in(self.lab.now()));
        None
    }

    /// Has the browser forget the refresh token that came along as a cookie.
    pub(super) fn clear_refresh_cookie(&self) {
        if self.brought.cookies_named(REFRESH_COOKIE).next().is_some() {
            set_cookie::clear_refresh(&self.cookies, self.place());
            self.steps.note(Did::ClearedCookie, REFRESH_COOKIE);
        }
    }

    /// The families of the refresh tokens that came along as cookies, and of the tokens that did, be those expired
    /// or not.
    pub(super) fn families(&self) -> Vec<SessionId> {
        let of_tokens = self.signed_here().into_iter().filter_map(|claims| SessionId::parse(&claims.family?));
        let of_cookies =
            self.brought.cookies_named(REFRESH_COOKIE).filter_map(|value| Some(RefreshToken::parse(value)?.family));
        let mut ids: Vec<SessionId> = of_tokens.chain(of_cookies).collect();
        ids.sort_by(|a, b| a.reveal().cmp(b.reveal()));
        ids.dedup();
        ids
    }

    /// Ends the refresh tokens that came along.
    pub(super) async fn end_families(&self, why: &'static str) -> Result<(), StoreError> {
        for id in self.families() {
            let start = Instant::now();
            if self.sessions()?.delete(&id).await? {
                self.steps.took(start, Did::EndedFamily, why);
            }
        }
        Ok(())
    }
}
