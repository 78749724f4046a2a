//! A hostile script on a page of the origin: the guestbook shows what somebody wrote, and forgets to escape it.

use crate::{
    browser::Frame,
    measure::rig::{Rig, good},
};
use domain::{
    api::Me,
    attack::{Comment, Loot, Purpose, Replayed, Sign},
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
};

/// Whom the attacker wants to be.
const VISITOR: &str = "alice";

/// Does the script get the credential?
pub(super) async fn reads(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let taken = read(rig, setting).await?;
    Ok(Measured::new(taken.is_some()).with(Figure::BytesTaken, taken.as_ref().map_or(0, bytes)))
}

/// Is what it got enough to be the visitor elsewhere?
pub(super) async fn loot_works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let Some(loot) = read(rig, setting).await? else { return Ok(Measured::new(false)) };
    let Replayed { status, user } = rig.control("POST", &format!("loot/{}/replay", loot.id), None).await?;
    let is_visitor = status == 200 && user.as_deref() == Some(VISITOR);
    let measured = Measured::new(is_visitor).with(Figure::Status, u64::from(status));
    Ok(measured.with(Figure::BytesTaken, bytes(&loot)))
}

/// Does the script change the visitor's cart? What the server then says counts, not what the script says.
pub(super) async fn acts(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let Some(done) = let_act(rig).await? else { return Ok(Measured::new(false)) };
    // A new login's cart is empty.
    let cart = match rig.lesson("GET", "api/me", None).await? {
        answer if answer.status == 401 => Vec::new(),
        answer => good::<Me>(&answer)?.cart,
    };
    let measured = Measured::new(!cart.is_empty());
    Ok(match done.parse() {
        Ok(status) => measured.with(Figure::Status, status),
        Err(_) => measured,
    })
}

/// Lets the script act with the login that is there, and returns what it says of it: a status. `None` where the browser
/// did not let it run.
pub(in crate::measure) async fn let_act(rig: &Rig) -> Result<Option<String>, Failure> {
    rig.steer("PUT", "guestbook", &Sign { comment: Some(Comment::Act) }).await?;
    let frame = rig.guestbook(Rig::marker()).await?;
    if !runs(&frame)? {
        return Ok(None);
    }
    let done = rig.finished(&frame).await?;
    // The script may have put a new token where the old one lay.
    rig.bench.look_at_browser();
    Ok(Some(done))
}

/// Logs in, lets the script read, and returns what the attacker got.
async fn read(rig: &Rig, setting: &Setting) -> Result<Option<Loot>, Failure> {
    rig.begin(setting).await?;
    let_read(rig).await
}

/// Lets the script read with the login that is there, and returns what the attacker got.
pub(in crate::measure) async fn let_read(rig: &Rig) -> Result<Option<Loot>, Failure> {
    rig.steer("PUT", "guestbook", &Sign { comment: Some(Comment::Read) }).await?;
    let n = Rig::marker();
    let frame = rig.guestbook(n).await?;
    if !runs(&frame)? {
        return Ok(None);
    }
    rig.finished(&frame).await?;
    // It is noted before it is answered, and the script is done only then.
    let attacker = rig.refresh_view().await?.attacker;
    let delivered = attacker.visits.iter().rfind(|visit| visit.n == n && visit.purpose == Purpose::Deliver);
    let delivered = delivered.ok_or(Failure::NoAttacker)?;
    Ok(attacker.loot.last().filter(|_| delivered.credential).cloned())
}

/// Whether the browser let the script run at all.
fn runs(frame: &Frame) -> Result<bool, Failure> {
    // Another page than the guestbook, an error say, tells nothing.
    frame.attribute("data-rendered-for").ok_or(Failure::Unreachable)?;
    Ok(frame.attribute("data-ran").is_some())
}

fn bytes(loot: &Loot) -> u64 {
    loot.credential.len().try_into().unwrap_or(u64::MAX)
}
