//! What happens to a user while a login of theirs lives.

use crate::measure::{
    asking::{let_in, marked, me},
    rig::Rig,
};
use domain::{
    api::ChangeUser,
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
    user::Role,
};

/// Whether carol is still let into the admin area after her role was taken away.
pub(super) async fn old_role_works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.set_up(setting).await?;
    rig.log_in(Rig::login(setting, "carol")).await?;
    take_role_away(rig, "carol").await?;
    visit_admin(rig).await
}

/// Takes the admin's role away.
pub(super) async fn take_role_away(rig: &Rig, name: &str) -> Result<(), Failure> {
    let change = ChangeUser { role: Some(Role::User), disabled: None };
    rig.steer("PUT", &format!("users/{name}"), &change).await
}

/// Whether the admin area lets this browser in.
pub(super) async fn visit_admin(rig: &Rig) -> Result<Measured, Failure> {
    let answer = rig.lesson("GET", &marked("api/admin", Rig::marker()), None).await?;
    Ok(Measured::new(let_in(&answer)?).with(Figure::Status, u64::from(answer.status)))
}

/// Whether alice's login still works after she was disabled.
pub(super) async fn disabled_works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let change = ChangeUser { role: None, disabled: Some(true) };
    rig.steer("PUT", "users/alice", &change).await?;
    let answer = rig.ask().await?;
    Ok(Measured::new(me(&answer)?.is_some()).with(Figure::Status, u64::from(answer.status)))
}
