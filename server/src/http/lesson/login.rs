//! `POST api/login`: a name and a password for a fresh credential.

use crate::{
    auth::{password::TOO_MANY, random},
    gate::{
        identify::{AuthError, LoginState, Proof},
        visit::Visit,
    },
    http::{
        Answer, FormInput, Input, Rejection,
        extract::body::is_form,
        lesson::{credential::Given, refresh},
    },
    security::Event,
    store::{Population, Sessions, StoreError},
};
use axum::Json;
use domain::{
    Seconds,
    api::{LoggedIn, Login},
    claims::Claims,
    cookie::CookieOptions,
    exchange::Did,
    scheme::{Carrier, Credential},
    session::{Change, RefreshToken, Session, SessionId},
    user::User,
};
use http::{HeaderMap, StatusCode};
use std::time::Instant;
use tokio::runtime::Handle;

/// Log in. Always a new credential; the one that came with the request ends.
#[utoipa::path(
    post, path = "/login",
    request_body(content((Login = "application/json"), (Login = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, body = LoggedIn),
        (status = 303, description = "back to the page, for a form"),
        (status = 401, description = "wrong name or password"),
        (status = 422, description = "a time, a name or a combination that cannot be had"),
        (status = 429, description = "64 live logins, too many wrong passwords, or a full denylist"),
        (status = 503, description = "too many passwords are being checked, no node is up, or the session store does not answer"),
    ),
)]
pub(crate) async fn login(visit: Visit, headers: HeaderMap, Input(login): FormInput<Login>) -> Answer<Json<LoggedIn>> {
    login.check()?;
    if is_form(&headers) && login.scheme.carrier == Carrier::LocalStorage {
        let detail = "without a script nobody can attach what lies in localStorage: choose a cookie for a form";
        return Err(Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let user = check_password(&visit, &login).await?;
    let old = came_along(&visit).await?;
    let Issued { value, user, expires_in, refresh, row } = match login.scheme.credential {
        Credential::SessionId => session(&visit, &login, user, &old).await?,
        Credential::Jwt => jwt(&visit, &login, user, &old).await?,
    };
    let Given { access_token, token_type, warning, cookie } = visit.give(login.scheme, value, &login.cookie);
    let refresh_token = refresh.as_ref().and_then(|(token, row)| visit.give_refresh(token, row));
    if refresh.is_none() || refresh_token.is_some() {
        visit.clear_refresh_cookie();
    }
    visit.clear_cookies(&old, cookie.as_ref());
    if let Some(row) = row {
        row.claim();
    }
    visit.steps.note(Did::Identified, format!("{}, {}", user.name, user.role.name()));
    if visit.population == Population::Visitors {
        visit.lab.somebody_logged_in();
        visit.log(Event::LoggedIn, Some(&user.name));
    }
    Ok(Json(LoggedIn { user, scheme: login.scheme, access_token, token_type, expires_in, refresh_token, warning }))
}

fn wrong() -> Rejection {
    Rejection::unauthorized("wrong name or password")
}

/// The same work and answer for a wrong password, an unknown name and a disabled user; only the record, which
/// stays in the lab, says which it was.
async fn check_password(visit: &Visit, login: &Login) -> Result<User, Rejection> {
    let start = Instant::now();
    if visit.population == Population::Crowd {
        visit.steps.note(Did::SparedPassword, "it is one of a crowd");
        return visit.user(&login.username).ok_or_else(wrong);
    }
    visit.lab.guesses.may_try(&login.username)?;
    // A lab has its share of the places, so that who floods one lab keeps nobody else out.
    let checked = match visit.lab.passwords.try_acquire() {
        Ok(_place) => visit.process.passwords.check(visit.client.as_ref(), &login.username, &login.password).await,
        Err(_) => Err(TOO_MANY),
    };
    if checked == Err(TOO_MANY) {
        visit.log(Event::Braked("passwords being checked"), None);
    }
    let right = checked?;
    let user = visit.user(&login.username).filter(|_| right);
    let said = match (right, &user) {
        (true, Some(_)) => "right",
        (true, None) => "right, but the user is disabled",
        (false, _) => "wrong",
    };
    visit.steps.took(start, Did::CheckedPassword, said);
    if let Some(user) = user {
        return Ok(user);
    }
    // A name that nobody has may be a password that was typed into the wrong field.
    let known = visit.lab.world(|world| world.users.iter().any(|user| user.name == login.username));
    let named = known.then_some(login.username.as_str());
    visit.log(Event::LoginRefused(if right { "the user is disabled" } else { "wrong name or password" }), named);
    if !right && visit.lab.guesses.was_wrong(&login.username) {
        visit.log(Event::Braked("wrong passwords for one name"), named);
    }
    Err(wrong())
}

/// The logins that came with the request and hold. One that does not hold is no obstacle.
async fn came_along(visit: &Visit) -> Result<Vec<Proof>, Rejection> {
    let mut all = Vec::new();
    for presented in &visit.brought.credentials {
        match visit.examine(presented, false).await {
            Ok(proof) => all.push(proof),
            Err(AuthError::Store(error)) => return Err(error.into()),
            Err(_) => visit.leave_what_is_not_found().await,
        }
    }
    Ok(all)
}

/// Ends the logins that came along, but for the one at `spare`.
async fn end(visit: &Visit, old: &[Proof], spare: Option<usize>) -> Result<(), Rejection> {
    let rows = async {
        for (index, proof) in old.iter().enumerate() {
            if let (LoginState::Session(id, _), true) = (&proof.state, spare != Some(index)) {
                visit.end_session(id).await?;
            }
        }
        visit.end_families("replaced by a new login").await
    };
    visit.end_tokens(old.iter().filter_map(Proof::token), rows).await?;
    Ok(())
}

/// The cart of the same user's login that came along: logging in again, in whatever way, loses nothing.
fn kept_cart(old: &[Proof], login: &Login) -> Vec<String> {
    old.iter().find(|proof| proof.user().name == login.username).map(|proof| proof.cart().to_vec()).unwrap_or_default()
}

/// The same user's session that came along, whose row is moved rather than written anew.
fn own_session<'a>(old: &'a [Proof], login: &Login) -> Option<(usize, &'a SessionId)> {
    old.iter().enumerate().find_map(|(index, proof)| match &proof.state {
        LoginState::Session(id, session) if session.user.name == login.username => Some((index, id)),
        _ => None,
    })
}

/// What a login gives.
struct Issued {
    value: String,
    user: User,
    expires_in: Seconds,
    /// The first refresh token, and its row.
    refresh: Option<(RefreshToken, Session)>,
    row: Option<Unclaimed>,
}

/// A row that was written for a login whose credential nobody has yet. Whatever happens before it is given out, a node
/// that stops included: then the row is taken back, or moves back.
struct Unclaimed {
    sessions: Sessions,
    id: SessionId,
    from: Option<SessionId>,
    now: Seconds,
    is_claimed: bool,
}

impl Unclaimed {
    /// Its credential is given out.
    fn claim(mut self) {
        self.is_claimed = true;
    }

    /// The user may have been changed while the row was being written: then the row was not found by that change,
    /// and is put right here. Then the logins that came along end, but for the one at `spare`. Where any of it
    /// fails, the row is taken back.
    async fn settle(
        self,
        visit: &Visit,
        user: User,
        old: &[Proof],
        spare: Option<usize>,
    ) -> Result<(Self, User), Rejection> {
        let settled = async {
            let current = visit.settled_user(&user.name).await?.ok_or_else(wrong)?;
            if current.role != user.role {
                visit.sessions()?.update(&self.id, &Change::SetRole(current.role), visit.lab.now()).await?;
            }
            end(visit, old, spare).await?;
            Ok::<_, Rejection>(current)
        };
        let settled = settled.await;
        match settled {
            Ok(current) => Ok((self, current)),
            Err(error) => {
                self.sessions.take_back(&self.id, self.from.as_ref(), self.now).await;
                self.claim();
                Err(error)
            }
        }
    }
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        if let (false, Ok(runtime)) = (self.is_claimed, Handle::try_current()) {
            let (sessions, id, from, now) = (self.sessions.clone(), self.id.clone(), self.from.take(), self.now);
            runtime.spawn(async move { sessions.take_back(&id, from.as_ref(), now).await });
        }
    }
}

async fn session(visit: &Visit, login: &Login, user: User, old: &[Proof]) -> Result<Issued, Rejection> {
    let now = visit.lab.now();
    let mut fresh = Session::begin(user, login.cookie, login.lifetime, login.idle, now);
    fresh.cart = kept_cart(old, login);
    let (id, expires_in) = (SessionId::from_bytes(random::bytes()?), fresh.expires_in(now));
    let (row, user) = match own_session(old, login) {
        Some((own, previous)) => {
            let user = fresh.user.clone();
            write(visit, &id, fresh, Some(previous)).await?.settle(visit, user, old, Some(own)).await?
        }
        None => replace(visit, &id, fresh, old).await?,
    };
    Ok(Issued { value: id.reveal().to_owned(), user, expires_in, refresh: None, row: Some(row) })
}

/// Adds a login's row, and ends the logins that came along: these last, so that a login that is refused has lost
/// nobody anything.
async fn replace(visit: &Visit, id: &SessionId, fresh: Session, old: &[Proof]) -> Result<(Unclaimed, User), Rejection> {
    let user = fresh.user.clone();
    let (row, old) = match write(visit, id, fresh.clone(), None).await {
        Err(StoreError::Full) if holds_a_row(visit, old).await? => {
            // The room that this makes is this login's, unless somebody is faster.
            end(visit, old, None).await?;
            (write(visit, id, fresh, None).await?, &[][..])
        }
        written => (written?, old),
    };
    row.settle(visit, user, old, None).await
}

/// Whether there is a row that goes with the logins that came along.
async fn holds_a_row(visit: &Visit, old: &[Proof]) -> Result<bool, Rejection> {
    if old.iter().any(|proof| matches!(proof.state, LoginState::Session(..))) {
        return Ok(true);
    }
    for id in visit.families() {
        if visit.sessions()?.load_family(&id, visit.lab.now()).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes the row: the previous one moved there, or a new one.
async fn write(
    visit: &Visit,
    id: &SessionId,
    fresh: Session,
    previous: Option<&SessionId>,
) -> Result<Unclaimed, StoreError> {
    let (sessions, now, start) = (visit.sessions()?, visit.lab.now(), Instant::now());
    let store = visit.lab.world(|world| world.topology.store.name());
    let moved = match previous {
        Some(previous) => sessions.rotate(previous, id, fresh.clone(), now).await?.is_some(),
        None => false,
    };
    let how = if moved {
        format!("{store}; moved from the old id, which is dead")
    } else {
        sessions.create(id, fresh, now).await?;
        store.to_owned()
    };
    visit.steps.took(start, Did::CreatedSession, how);
    let from = previous.filter(|_| moved).cloned();
    Ok(Unclaimed { sessions: sessions.clone(), id: id.clone(), from, now, is_claimed: false })
}

/// The id of a login that gives a token, and those that came along and are to end. Nothing can end a token while the
/// denylist is off, so the same user's goes on as one login with the new one: what ends either ends both.
fn begin(visit: &Visit, login: &Login, old: &[Proof], exp: Seconds) -> Result<(String, Vec<Proof>), Rejection> {
    let own = old.iter().filter_map(Proof::token).find(|claims| claims.sub == login.username);
    let goes_on = visit.lab.world(|world| {
        let own = own.filter(|_| !world.defences.denylist)?;
        world.denylist.outlive(own.exp.max(exp));
        Some(own.login.clone())
    });
    let ended =
        old.iter().filter(|proof| goes_on.is_none() || proof.token().map(|claims| &claims.login) != goes_on.as_ref());
    let ended = ended.cloned().collect();
    Ok((goes_on.map_or_else(random::text, Ok)?, ended))
}

async fn jwt(visit: &Visit, login: &Login, user: User, old: &[Proof]) -> Result<Issued, Rejection> {
    let cookie = if login.scheme.carrier == Carrier::Cookie { login.cookie } else { CookieOptions::default() };
    let now = visit.lab.now();
    let exp = now.saturating_add(login.token_lifetime);
    let (login_id, old_logins) = begin(visit, login, old, exp)?;
    let refresh = login.refresh.then(|| refresh::first(visit, login, user.clone(), cookie, &login_id)).transpose()?;
    let claims = Claims {
        cart: kept_cart(old, login),
        cookie,
        family: refresh.as_ref().map(|(token, _)| token.family.reveal().to_owned()),
        ..visit.lab.claims(user, login_id, now, exp)
    };
    let signed = visit.sign(claims)?;
    let row = if let Some((token, row)) = &refresh {
        Some(replace(visit, &token.family, row.clone(), &old_logins).await?.0)
    } else {
        end(visit, &old_logins, None).await?;
        None
    };
    // As `settle` does with a row: it is put right, or never leaves.
    let current = visit.settled_user(&signed.1.sub).await?.ok_or_else(wrong)?;
    let (value, claims) = visit.put_right(signed, current.role)?;
    Ok(Issued { value, user: claims.user(), expires_in: claims.exp.saturating_sub(now), refresh, row })
}
