//! The attacker, as the bench moves it: orders for its window, the comment in the guestbook, what it took.

use crate::{
    clients::UnderWay,
    gate::{Gate, window::MARK},
    http::{
        Answer, At, Input, NoInput, Rejection, Segment,
        control::{Viewed, changed},
        extract,
    },
    lab::NoWindow,
    origins::Origins,
};
use axum::{Extension, Json, extract::State};
use domain::attack::{Attack, Attacking, Copied, Ordered, Replayed, Sign, Take, Target};
use http::StatusCode;
use std::sync::Arc;

/// Have the attacker's window attack: it must be open and ask for orders. Of two orders at once the later counts.
#[utoipa::path(
    post, path = "/attacks", request_body = Attacking,
    responses((status = 200, body = Ordered), (status = 409, description = "no window is open"))
)]
pub(super) async fn attack(
    State(gate): State<Arc<Gate>>,
    At(lab): At,
    Input(Attacking { attack, target }): Input<Attacking>,
) -> Answer<Json<Ordered>> {
    let url = |n| address(&gate.process.origins, &lab.id, attack, target, n);
    let n = lab.attacker.attack(attack, url).map_err(|NoWindow| {
        let (attacker, lab) = (&gate.process.origins.attacker, &lab.id);
        Rejection::new(StatusCode::CONFLICT, format!("open the attacker's window first: {attacker}/lab/{lab}/window"))
    })?;
    lab.has_changed();
    Ok(Json(Ordered { n }))
}

/// The address that an attack is aimed at.
fn address(origins: &Origins, lab: &str, attack: Attack, target: Target, n: u64) -> String {
    let below = match (target, attack) {
        // Nothing that the lesson records, so nothing has to be marked as an attack in its record.
        (Target::Itself, _) => return format!("{}/lab/{lab}/port?n={n}", origins.attacker),
        (Target::Shop, Attack::FormPost | Attack::Fetch) => "/api/cart",
        (Target::Shop, Attack::Link | Attack::Frame) => "",
        (Target::Probe, _) => "/api/probe",
    };
    format!("{}/lab/{lab}{below}?{MARK}&n={n}", origins.public)
}

/// Close the attacker's window, if one is open.
#[utoipa::path(delete, path = "/attacks")]
pub(super) async fn close_window(At(lab): At, _: NoInput) -> Viewed {
    lab.attacker.close_window();
    changed(&lab).await
}

/// Write a hostile comment into the guestbook, out of a fixed list; `null` wipes it out.
#[utoipa::path(put, path = "/guestbook", request_body = Sign)]
pub(super) async fn sign(At(lab): At, Input(Sign { comment }): Input<Sign>) -> Viewed {
    lab.attacker.state(|attacker| attacker.comment = comment);
    changed(&lab).await
}

/// Copy what somebody finds who got into the server: the rows of the session store, or the signing key, with
/// which a token is forged.
#[utoipa::path(
    post, path = "/loot", request_body = Take, responses((status = 503, description = "the store does not answer"))
)]
pub(super) async fn take(At(lab): At, Input(Take { take }): Input<Take>) -> Viewed {
    match take {
        Copied::Rows => lab.copy_rows().await?,
        Copied::Key => lab.copy_key().map_err(Rejection::internal)?,
    }
    changed(&lab).await
}

/// Forget what was taken, and who came by.
#[utoipa::path(delete, path = "/loot")]
pub(super) async fn forget(At(lab): At, _: NoInput) -> Viewed {
    lab.attacker.forget_loot();
    changed(&lab).await
}

/// Use what was taken: `GET api/me` as the attacker, through the front door.
#[utoipa::path(
    post, path = "/loot/{id}/replay", params(("id" = u64, Path, description = "the number of the loot")),
    responses(
        (status = 200, body = Replayed),
        (status = 404, description = "no such lab, or no such loot"),
        (status = 422, description = "what was taken is no header"),
        (status = 503, description = "no answer within two seconds"),
    ),
)]
pub(super) async fn replay(
    State(gate): State<Arc<Gate>>,
    At(lab): At,
    Segment(id): Segment,
    under_way: Option<Extension<UnderWay>>,
    _: NoInput,
) -> Answer<Json<Replayed>> {
    let detail = "there is no loot of this number; GET control/view lists what was taken";
    let unknown = || Rejection::new(StatusCode::NOT_FOUND, detail);
    let id = extract::number(&id).ok_or_else(unknown)?;
    let credential = lab.attacker.loot(id, |loot| loot.credential.clone()).ok_or_else(unknown)?;
    // What is sent takes a turn of its own, perhaps of the same client's.
    if let Some(Extension(turn)) = under_way {
        turn.give_back();
    }
    let replayed = gate.process.replayer.replay(&lab.id, &credential).await?;
    lab.attacker.loot(id, |loot| loot.replayed = Some(replayed.status));
    lab.has_changed();
    Ok(Json(replayed))
}
