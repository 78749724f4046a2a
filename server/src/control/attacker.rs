//! The attacker, as the bench moves it: orders for its window, the comment in the guestbook, what it took.

use super::{At, Viewed, changed};
use crate::{attacker::MARK, body::JsonBody, error::ControlError, lab::NoWindow, server::Server};
use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    attack::{Attack, Attacking, Copied, Ordered, Replayed, Sign, Take, Target},
    view::ServerView,
};
use std::sync::Arc;

/// Have the attacker's window attack: it must be open and ask for orders. Of two orders at once the later counts.
#[utoipa::path(
    post, path = "/lab/{lab}/control/attacks", tag = "bench", request_body = Attacking,
    responses((status = 200, body = Ordered), (status = 409, description = "no window is open"))
)]
pub(super) async fn attack(
    State(server): State<Arc<Server>>,
    At(lab): At,
    JsonBody(Attacking { attack, target }): JsonBody<Attacking>,
) -> Result<Json<Ordered>, ControlError> {
    let url = |n| address(&server, &lab.id, attack, target, n);
    let attacked = lab.attacker.attack(attack, url);
    let n = attacked.map_err(|NoWindow| ControlError::NoWindow(window(&server, &lab.id)))?;
    lab.has_changed();
    Ok(Json(Ordered { n }))
}

/// The address that an attack is aimed at.
fn address(server: &Server, lab: &str, attack: Attack, target: Target, n: u64) -> String {
    let below = match (target, attack) {
        // Nothing that the lesson records, so nothing has to be marked as an attack in its record.
        (Target::Itself, _) => return format!("{}/lab/{lab}/port?n={n}", server.origins().attacker),
        (Target::Shop, Attack::FormPost | Attack::Fetch) => "/api/cart",
        (Target::Shop, Attack::Link | Attack::Frame) => "",
        (Target::Probe, _) => "/api/probe",
    };
    format!("{}/lab/{lab}{below}?{MARK}&n={n}", server.origins().public)
}

fn window(server: &Server, lab: &str) -> String {
    format!("{}/lab/{lab}/window", server.origins().attacker)
}

/// Close the attacker's window, if one is open.
#[utoipa::path(
    delete, path = "/lab/{lab}/control/attacks", tag = "bench", responses((status = 200, body = ServerView))
)]
pub(super) async fn close_window(At(lab): At) -> Viewed {
    lab.attacker.close_window();
    changed(&lab).await
}

/// Write a hostile comment into the guestbook, out of a fixed list; `null` wipes it out.
#[utoipa::path(
    put, path = "/lab/{lab}/control/guestbook", tag = "bench", request_body = Sign,
    responses((status = 200, body = ServerView))
)]
pub(super) async fn sign(At(lab): At, JsonBody(Sign { comment }): JsonBody<Sign>) -> Viewed {
    lab.attacker.sign(comment);
    changed(&lab).await
}

/// Copy what somebody finds who got into the server: the rows of the session store, or the signing key, with
/// which a token is forged.
#[utoipa::path(
    post, path = "/lab/{lab}/control/loot", tag = "bench", request_body = Take,
    responses((status = 200, body = ServerView), (status = 503, description = "the store does not answer"))
)]
pub(super) async fn take(At(lab): At, JsonBody(Take { take }): JsonBody<Take>) -> Viewed {
    match take {
        Copied::Rows => lab.copy_rows().await?,
        Copied::Key => lab.copy_key()?,
    }
    changed(&lab).await
}

/// Forget what was taken, and who came by.
#[utoipa::path(
    delete, path = "/lab/{lab}/control/loot", tag = "bench", responses((status = 200, body = ServerView))
)]
pub(super) async fn forget(At(lab): At) -> Viewed {
    lab.attacker.forget_loot();
    changed(&lab).await
}

#[derive(serde::Deserialize)]
pub(super) struct LootPath {
    id: String,
}

/// Use what was taken: `GET api/me` as the attacker, through the front door.
#[utoipa::path(
    post, path = "/lab/{lab}/control/loot/{id}/replay", tag = "bench",
    params(("id" = u64, Path, description = "the number of the loot")),
    responses(
        (status = 200, body = Replayed),
        (status = 404, description = "no such lab, or no such loot"),
        (status = 422, description = "what was taken is no header"),
        (status = 503, description = "no answer within two seconds"),
    )
)]
pub(super) async fn replay(
    State(server): State<Arc<Server>>,
    At(lab): At,
    Path(path): Path<LootPath>,
) -> Result<Json<Replayed>, ControlError> {
    let id = path.id.parse().map_err(|_| ControlError::UnknownLoot)?;
    let credential = lab.attacker.credential(id).ok_or(ControlError::UnknownLoot)?;
    let replayed = server.replayer().replay(&lab.id, &credential).await?;
    lab.attacker.replayed(id, replayed.status);
    lab.has_changed();
    Ok(Json(replayed))
}
