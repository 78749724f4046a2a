//! `POST api/logout` and `…/logout-everywhere`: a session's row goes, and with it the login. A token can only
//! be forgotten by the browser, unless the server remembers that it has ended.

use crate::{
    gate::{
        identify::{AuthError, LoginState, Proof},
        visit::Visit,
    },
    http::{Answer, NoFormInput, Rejection},
    security::Event,
};
use axum::Json;
use domain::{api::LoggedOut, exchange::Did};
use std::time::Instant;

/// Log out here.
#[utoipa::path(
    post, path = "/logout", security(("cookie" = []), ("bearer" = [])),
    responses(
        (status = 200, body = LoggedOut),
        (status = 303, description = "back to the page, for a form"),
        (status = 429, description = "the denylist is full"),
    ),
)]
pub(crate) async fn logout(visit: Visit, _: NoFormInput) -> Answer<Json<LoggedOut>> {
    let proof = leaving(&visit).await?;
    let rows = async {
        if let LoginState::Session(id, _) = &proof.state {
            visit.end_session(id).await?;
        }
        visit.end_families("logged out").await
    };
    let denied = visit.end_tokens(proof.token().into_iter(), rows).await?;
    let revoked = denied || proof.token().is_none();
    visit.clear_refresh_cookie();
    if revoked {
        visit.log(Event::Revoked("logout"), Some(&proof.user().name));
    }
    visit.clear_cookies(&[proof], None);
    Ok(Json(LoggedOut { revoked }))
}

/// Log out everywhere: every login of this user.
#[utoipa::path(
    post, path = "/logout-everywhere", security(("cookie" = []), ("bearer" = [])),
    responses(
        (status = 200, body = LoggedOut),
        (status = 303, description = "back to the page, for a form"),
        (status = 429, description = "the denylist is full"),
    ),
)]
pub(crate) async fn everywhere(visit: Visit, _: NoFormInput) -> Answer<Json<LoggedOut>> {
    let proof = leaving(&visit).await?;
    let user = proof.user().name;
    let start = Instant::now();
    let (deleted, denied) = visit.lab.end_all_of(&user, visit.population).await?;
    if let Some(until) = denied {
        let left = until.saturating_sub(visit.lab.now());
        visit.steps.note(Did::Denied, format!("every token of {user} so far, for another {left} seconds"));
    }
    visit.steps.took(start, Did::DeletedSession, deleted.to_string());
    // Once more, as `end_tokens` does.
    if denied.is_some()
        && let Err(error) = visit.lab.deny_all_of(&user)
    {
        tracing::warn!(%error, "tokens from a refresh at the moment of a logout live on");
    }
    visit.end_families("logged out").await?;
    let revoked = denied.is_some() || proof.token().is_none();
    visit.log(Event::Revoked("logout everywhere"), Some(&user));
    visit.clear_refresh_cookie();
    visit.clear_cookies(&[proof], None);
    Ok(Json(LoggedOut { revoked }))
}

/// Whose login is to end. What cannot be used is still forgotten by the browser: it asked for that. And a token
/// that is over may have left others of its login that are not.
async fn leaving(visit: &Visit) -> Result<Proof, Rejection> {
    let proof = visit.identify(false).await;
    if matches!(proof, Err(AuthError::Unusable(_) | AuthError::Missing)) {
        visit.leave_what_is_not_found().await;
        let over = visit.signed_here();
        visit.end_tokens(over.iter(), visit.end_families("logged out")).await?;
    }
    if matches!(proof, Err(AuthError::Unusable(_) | AuthError::Missing | AuthError::TooMany(_))) {
        visit.clear_refresh_cookie();
        visit.clear_cookies(&[], None);
    }
    Ok(proof?)
}
