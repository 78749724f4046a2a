//! `api/cart`: the state that a login carries. With a session the server's row changes; a token cannot be
//! changed, so there is a new one.

use crate::{
    gate::{
        identify::{AuthError, LoginState},
        visit::Visit,
    },
    http::{Answer, FormInput, Input, NoInput, lesson::credential::Given},
};
use axum::Json;
use domain::{
    api::{AddItem, Cart},
    claims::Claims,
    exchange::Did,
    scheme::Scheme,
    session::{Change, SessionId},
    user::{add_to_cart, check_item},
};
use std::time::Instant;

/// Put an item into the cart.
#[utoipa::path(
    post, path = "/cart", security(("cookie" = []), ("bearer" = [])),
    request_body(content((AddItem = "application/json"), (AddItem = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, body = Cart),
        (status = 303, description = "back to the page, for a form"),
        (status = 422, description = "no item, one that is too long, or a full cart or token"),
    ),
)]
pub(crate) async fn add(visit: Visit, Input(AddItem { item }): FormInput<AddItem>) -> Answer<Json<Cart>> {
    check_item(&item)?;
    change(&visit, &Change::AddToCart(item)).await
}

/// Empty the cart.
#[utoipa::path(
    delete, path = "/cart", security(("cookie" = []), ("bearer" = [])), responses((status = 200, body = Cart))
)]
pub(crate) async fn empty(visit: Visit, _: NoInput) -> Answer<Json<Cart>> {
    change(&visit, &Change::EmptyCart).await
}

async fn change(visit: &Visit, change: &Change) -> Answer<Json<Cart>> {
    let proof = visit.identify(false).await?;
    match &proof.state {
        LoginState::Session(id, _) => change_row(visit, id, change).await,
        LoginState::Token(claims) => renew_token(visit, proof.scheme, claims, change),
    }
}

async fn change_row(visit: &Visit, id: &SessionId, change: &Change) -> Answer<Json<Cart>> {
    let (start, now) = (Instant::now(), visit.lab.now());
    let updated = visit.sessions()?.update(id, change, now).await?;
    let session = updated.ok_or_else(|| AuthError::Unusable("the session ended meanwhile".to_owned()))?;
    visit.steps.took(start, Did::UpdatedSession, "the cart");
    let expires_in = session.expires_in(now);
    Ok(Json(Cart { cart: session.cart, access_token: None, token_type: None, expires_in, warning: None }))
}

/// The new token dies when the old one would have: shopping does not prolong a login.
fn renew_token(visit: &Visit, scheme: Scheme, old: &Claims, change: &Change) -> Answer<Json<Cart>> {
    let now = visit.lab.now();
    let mut claims = Claims { iat: now, ..old.clone() };
    match change {
        Change::AddToCart(item) => add_to_cart(&mut claims.cart, item)?,
        Change::EmptyCart => claims.cart.clear(),
        Change::SetRole(_) | Change::Refresh { .. } => {}
    }
    let (signed, claims) = visit.sign(claims)?;
    // Ended while this was under way: then the new one, whose name is newer, must not outlive it.
    if !visit.still_holds(old) {
        return Err(AuthError::Unusable("it was ended meanwhile".to_owned()).into());
    }
    let Given { access_token, token_type, warning, .. } = visit.give(scheme, signed, &claims.cookie);
    let expires_in = claims.exp.saturating_sub(now);
    Ok(Json(Cart { cart: claims.cart, access_token, token_type, expires_in, warning }))
}
