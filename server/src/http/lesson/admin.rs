//! `GET api/admin`: only for the role admin, as the credential's state has it, which may be stale.

use crate::{
    gate::visit::Visit,
    http::{Answer, Rejection},
    security::Event,
};
use axum::Json;
use domain::{
    api::AdminArea,
    user::{Role, User},
};

/// What only an admin sees.
#[utoipa::path(
    get, path = "/admin", security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, body = AdminArea), (status = 403, description = "not an admin"))
)]
pub(crate) async fn admin(visit: Visit) -> Answer<Json<AdminArea>> {
    let user = visit.identify(true).await?.user();
    if user.role != Role::Admin {
        visit.log(Event::NotAllowed("the role is not admin"), Some(&user.name));
        return Err(Rejection::not_allowed(
            "this needs the role admin; the role is taken from the session or the token",
        ));
    }
    let users = visit
        .lab
        .world(|world| world.users.iter().map(|user| User { name: user.name.clone(), role: user.role }).collect());
    Ok(Json(AdminArea { user, users }))
}
