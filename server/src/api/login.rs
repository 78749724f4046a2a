//! `POST api/login`: a name and a password for a fresh credential.

use super::{credential::Given, refresh};
use crate::{
    body::Fields,
    error::LessonError,
    identity::{Doubt, Proof, State, presented},
    lab::fresh_jti,
    random,
    store::{Population, StoreError},
    token,
    visit::Visit,
};
use axum::Json;
use domain::{
    Seconds,
    api::{LoggedIn, Login, Problem},
    claims::Claims,
    cookie::CookieOptions,
    exchange::Did,
    scheme::{Carrier, Credential},
    session::{Change, RefreshToken, Session, SessionId},
    user::User,
};
use std::time::Instant;

/// How often a fresh id may turn out to be taken before something is wrong with the random numbers.
const ATTEMPTS: usize = 3;

/// Log in. Always a new credential; the one that came with the request ends.
#[utoipa::path(
    post, path = "/lab/{lab}/api/login", tag = "lesson", params(("lab" = String, Path, description = "the lab's id")),
    request_body(content((Login = "application/json"), (Login = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, body = LoggedIn), (status = 303, description = "back to the page, for a form"),
        (status = 401, body = Problem, description = "wrong name or password"), (status = 422, body = Problem),
        (status = 429, body = Problem, description = "64 live logins"), (status = 503, body = Problem),
    )
)]
pub(crate) async fn login(visit: Visit, body: Fields<Login>) -> Result<Json<LoggedIn>, LessonError> {
    let Fields { value: login, form } = body;
    login.check()?;
    if form && login.scheme.carrier == Carrier::LocalStorage {
        return Err(LessonError::NeedsScript);
    }
    let user = check_password(&visit, &login).await?;
    let old = came_along(&visit).await?;
    let Issued { value, user, expires_in, refresh } = match login.scheme.credential {
        Credential::SessionId => session(&visit, &login, user, &old).await?,
        Credential::Jwt => jwt(&visit, &login, user, &old).await?,
    };
    let Given { access_token, token_type, warning, cookie } = visit.give(login.scheme, value, &login.cookie);
    let refresh_token = refresh.as_ref().and_then(|(token, row)| visit.give_refresh(token, row));
    if refresh.is_none() || refresh_token.is_some() {
        visit.clear_refresh_cookie_of_token();
    }
    visit.clear_cookies(&old, cookie.as_ref());
    visit.steps.note(Did::Identified, format!("{}, {}", user.name, user.role.name()));
    Ok(Json(LoggedIn { user, scheme: login.scheme, access_token, token_type, expires_in, refresh_token, warning }))
}

/// The same work and answer for a wrong password, an unknown name and a disabled user; only the record, which
/// stays in the lab, says which it was.
async fn check_password(visit: &Visit, login: &Login) -> Result<User, LessonError> {
    let start = Instant::now();
    if visit.population == Population::Crowd {
        visit.steps.note(Did::CheckedPassword, "not checked: it is one of a crowd");
        return visit.user(&login.username).ok_or(LessonError::WrongLogin);
    }
    let right = visit.server.passwords().check(&login.username, &login.password).await?;
    let user = visit.user(&login.username).filter(|_| right);
    let said = match (right, &user) {
        (true, Some(_)) => "right",
        (true, None) => "right, but the user is disabled",
        (false, _) => "wrong",
    };
    visit.steps.took(start, Did::CheckedPassword, said);
    user.ok_or(LessonError::WrongLogin)
}

/// The logins that came with the request and hold. One that does not hold is no obstacle.
async fn came_along(visit: &Visit) -> Result<Vec<Proof>, LessonError> {
    let mut all = Vec::new();
    for presented in presented(&visit.headers) {
        match visit.examine(&presented, false).await {
            Ok(proof) => all.push(proof),
            Err(Doubt::Unusable(_)) => {}
            Err(Doubt::Store(error)) => return Err(error.into()),
        }
    }
    Ok(all)
}

/// Ends the logins that came along, but for the one at `spare`.
async fn end(visit: &Visit, old: &[Proof], spare: Option<usize>) -> Result<(), LessonError> {
    // The denylist first: it may be full, and then nothing has happened yet.
    for proof in old {
        if let State::Token(claims) = &proof.state {
            visit.deny(claims)?;
        }
    }
    for (index, proof) in old.iter().enumerate() {
        if let (State::Session(id, _), true) = (&proof.state, spare != Some(index)) {
            let start = Instant::now();
            let deleted = visit.sessions().delete(id).await?;
            visit.steps.took(start, Did::DeletedSession, usize::from(deleted).to_string());
        }
    }
    visit.end_families("replaced by a new login").await
}

/// The cart of the same user's login that came along: logging in again, in whatever way, loses nothing.
fn kept_cart(old: &[Proof], login: &Login) -> Vec<String> {
    old.iter().find(|proof| proof.user().name == login.username).map(|proof| proof.cart().to_vec()).unwrap_or_default()
}

/// The same user's session that came along, whose row is moved rather than written anew.
fn own_session(old: &[Proof], login: &Login) -> Option<usize> {
    let is_own = |proof: &Proof| matches!(proof.state, State::Session(..)) && proof.user().name == login.username;
    old.iter().position(is_own)
}

/// What a login gives.
struct Issued {
    value: String,
    user: User,
    expires_in: Seconds,
    /// The first refresh token, and its row.
    refresh: Option<(RefreshToken, Session)>,
}

async fn session(visit: &Visit, login: &Login, user: User, old: &[Proof]) -> Result<Issued, LessonError> {
    let own = own_session(old, login);
    end(visit, old, own).await?;
    let now = visit.lab.now();
    let mut fresh = Session::begin(user, login.cookie, login.lifetime, login.idle, now);
    fresh.cart = kept_cart(old, login);
    let previous = own.and_then(|index| old.get(index)).and_then(|proof| match &proof.state {
        State::Session(id, _) => Some(id),
        State::Token(_) => None,
    });
    let id = write(visit, fresh.clone(), previous).await?;
    let user = settle(visit, &id, fresh.user.clone()).await?;
    Ok(Issued { value: id.reveal().to_owned(), user, expires_in: fresh.expires_in(now), refresh: None })
}

/// Writes the row under a fresh id: the previous row moved there, or a new one.
async fn write(visit: &Visit, fresh: Session, previous: Option<&SessionId>) -> Result<SessionId, LessonError> {
    let (sessions, now) = (visit.sessions(), visit.lab.now());
    let store = visit.lab.world(|world| world.topology.store.name());
    let mut attempts = 0;
    loop {
        let start = Instant::now();
        let id = SessionId::from_bytes(random::bytes()?);
        let moved = match previous {
            Some(previous) => sessions.rotate(previous, &id, fresh.clone(), now).await.map(|moved| moved.is_some()),
            None => Ok(false),
        };
        let written = match moved {
            Ok(false) => sessions.create(&id, fresh.clone(), now).await.map(|()| store.to_owned()),
            Ok(true) => Ok(format!("{store}; the cart came along, the old id is dead")),
            Err(error) => Err(error),
        };
        attempts += 1;
        match written {
            Ok(how) => {
                visit.steps.took(start, Did::CreatedSession, how);
                return Ok(id);
            }
            Err(StoreError::Exists) if attempts < ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The user may have been changed while the row was being written: then the row was not found by that
/// change, and is put right here.
async fn settle(visit: &Visit, id: &SessionId, user: User) -> Result<User, LessonError> {
    let now = visit.lab.now();
    match visit.user(&user.name) {
        None => {
            visit.sessions().delete(id).await?;
            Err(LessonError::WrongLogin)
        }
        Some(current) if current.role != user.role => {
            visit.sessions().update(id, &Change::SetRole(current.role), now).await?;
            Ok(current)
        }
        Some(current) => Ok(current),
    }
}

async fn jwt(visit: &Visit, login: &Login, user: User, old: &[Proof]) -> Result<Issued, LessonError> {
    let cart = kept_cart(old, login);
    end(visit, old, None).await?;
    let cookie = if login.scheme.carrier == Carrier::Cookie { login.cookie } else { CookieOptions::default() };
    let refresh = if login.refresh { Some(begin_family(visit, login, user.clone(), cookie).await?) } else { None };
    let family = refresh.as_ref().map(|(token, _)| &token.family);
    let now = visit.lab.now();
    let claims = Claims {
        iss: token::ISSUER.to_owned(),
        aud: token::audience(&visit.lab.id),
        sub: user.name,
        role: user.role,
        cart,
        cookie,
        iat: now,
        nbf: None,
        exp: now.saturating_add(login.token_lifetime),
        jti: fresh_jti(),
        family: family.map(|family| family.reveal().to_owned()),
    };
    match sign(visit, claims) {
        Ok((value, claims)) => {
            let expires_in = claims.exp.saturating_sub(now);
            Ok(Issued { value, user: claims.user(), expires_in, refresh })
        }
        Err(error) => {
            // Nobody will ever have a refresh token of this row.
            if let Some(family) = family {
                visit.sessions().delete(family).await?;
            }
            Err(error)
        }
    }
}

/// As in `settle`: a token that was named before its user was changed is put right, or never leaves.
fn sign(visit: &Visit, claims: Claims) -> Result<(String, Claims), LessonError> {
    let (token, claims) = visit.sign(claims)?;
    let current = visit.user(&claims.sub).ok_or(LessonError::WrongLogin)?;
    if current.role == claims.role {
        return Ok((token, claims));
    }
    visit.sign_as_named(Claims { role: current.role, ..claims })
}

/// A row for the refresh tokens of this login, and the first of them.
async fn begin_family(
    visit: &Visit,
    login: &Login,
    user: User,
    cookie: CookieOptions,
) -> Result<(RefreshToken, Session), LessonError> {
    let (secret, row) = refresh::first(visit, login, user, cookie)?;
    let family = write(visit, row.clone(), None).await?;
    settle(visit, &family, row.user.clone()).await?;
    Ok((RefreshToken { family, secret }, row))
}
