//! Session fixation: the attacker's own credential lies in the victim's browser before the victim logs in.

use crate::{
    browser::{self, Outgoing},
    measure::{
        asking::{me, speaks_of},
        rig::{Rig, good, json},
    },
};
use domain::{
    api::{LoggedIn, Login},
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
    scheme::{Carrier, Scheme},
    user::demo_password,
};

/// Whether the attacker's credential speaks for alice once she has logged in on top of it.
pub(super) async fn works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.set_up(setting).await?;
    let planted = attackers_own(rig, setting).await?;
    plant(rig, setting, &planted);
    // It lies where the victim's own would lie: else the login would meet nothing.
    if !speaks_of(&rig.ask().await?, "bob")? {
        return Err(Failure::TimedOut);
    }
    rig.log_in(Rig::login(setting, "alice")).await?;
    let answer = rig.ask_as_thief(&planted).await?;
    let speaks_of_alice = me(&answer)?.is_some_and(|me| me.user.name == "alice");
    Ok(Measured::new(speaks_of_alice).with(Figure::Status, u64::from(answer.status)))
}

/// What bob gets when he logs in on a machine of his own; there he can read it, whatever the carrier.
async fn attackers_own(rig: &Rig, setting: &Setting) -> Result<String, Failure> {
    let scheme = Scheme::new(setting.scheme.credential, Carrier::LocalStorage);
    let login = Login::new("bob", &demo_password("bob"), scheme);
    let outgoing =
        Outgoing { method: "POST", url: rig.bench.path("api/login"), body: json(&login), ..Outgoing::default() };
    let body: LoggedIn = good(&rig.raw(outgoing).await?)?;
    body.access_token.ok_or(Failure::TimedOut)
}

/// As a hostile script would, or a subdomain for a cookie.
fn plant(rig: &Rig, setting: &Setting, planted: &str) {
    match setting.scheme.carrier {
        Carrier::LocalStorage => {
            rig.bench.keep(Some(planted));
        }
        Carrier::Cookie => {
            let name = setting.scheme.credential.cookie_name(setting.options.host_prefix);
            let path = setting.options.path_in(&rig.bench.lab());
            browser::set_cookie(&format!("{name}={planted}; Path={path}"));
        }
    }
}
