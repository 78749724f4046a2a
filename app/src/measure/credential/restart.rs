//! All servers stop and start again.

use crate::measure::{asking::me, rig::Rig};
use domain::lesson::{
    experiment::Setting,
    measured::{Failure, Figure, Measured},
};

/// Whether alice is still logged in.
pub(super) async fn survives(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    // Every copy that is made of the login has been made.
    rig.settled().await?;
    rig.command("POST", "restart").await?;
    let answer = rig.ask().await?;
    Ok(Measured::new(me(&answer)?.is_some()).with(Figure::Status, u64::from(answer.status)))
}
