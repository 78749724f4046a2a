//! The desk's controls by their names, which stand in the HTML that the server writes.

use domain::{
    attack::{Attack, Comment, Copied},
    lesson::press::{Defence, Press},
    topology::Strategy,
    user::{DEMO_USERS, Role},
};

/// What puts a caching proxy there, and what takes it away.
pub(crate) const PROXY: [&str; 2] = ["proxy", "no-proxy"];

/// The defences, each by the name of its box.
pub(crate) const DEFENCES: [(&str, Defence); 4] = [
    ("denylist", Defence::Denylist),
    ("check-origin", Defence::CheckOrigin),
    ("hash-ids", Defence::HashIds),
    ("guestbook-csp", Defence::GuestbookCsp),
];

/// Every button that does one thing.
fn buttons() -> [(&'static str, Press); 25] {
    [
        ("who-am-i", Press::WhoAmI),
        ("add-to-cart", Press::AddToCart),
        ("log-out", Press::LogOut),
        ("restart", Press::Restart),
        ("ten-minutes", Press::Advance(600)),
        ("eight-hours", Press::Advance(8 * 3600)),
        ("form-post", Press::OtherSite(Attack::FormPost)),
        ("link", Press::OtherSite(Attack::Link)),
        ("fetch", Press::OtherSite(Attack::Fetch)),
        ("frame", Press::OtherSite(Attack::Frame)),
        ("read", Press::Script(Comment::Read)),
        ("act", Press::Script(Comment::Act)),
        ("log-out-everywhere", Press::LogOutEverywhere),
        ("visit-admin", Press::VisitAdmin),
        ("empty-cart", Press::EmptyCart),
        ("catalog", Press::Catalog),
        (PROXY[0], Press::Proxy(true)),
        (PROXY[1], Press::Proxy(false)),
        ("rotate", Press::RotateKeys { retire: false }),
        ("retire", Press::RotateKeys { retire: true }),
        ("take-rows", Press::Take(Copied::Rows)),
        ("take-key", Press::Take(Copied::Key)),
        ("reset", Press::Reset),
        ("send-copy", Press::SendCopy),
        ("reload", Press::Reload),
    ]
}

/// What a control is called that does this; a box is called the same whether it is ticked or not.
#[cfg(any(feature = "ssr", test))]
pub(crate) fn name(press: &Press) -> String {
    match press {
        Press::Preset(strategy) => format!("preset-{}", strategy.name()),
        Press::Defend(of, _) => DEFENCES.into_iter().find(|(_, one)| one == of).map_or("", |(name, _)| name).to_owned(),
        _ => buttons().into_iter().find(|(_, one)| one == press).map_or("", |(name, _)| name).to_owned(),
    }
}

/// What a control with this name does, with what is chosen in it.
pub(super) fn press(name: &str, value: &str) -> Option<Press> {
    if let Some(name) = name.strip_prefix("preset-") {
        return Strategy::ALL.into_iter().find(|one| one.name() == name).map(Press::Preset);
    }
    if let Some(user) = name.strip_prefix("role-") {
        return Some(Press::Role(known(user)?, if value == Role::Admin.name() { Role::Admin } else { Role::User }));
    }
    if let Some(user) = name.strip_prefix("disable-") {
        return Some(Press::Disable(known(user)?, value == "true"));
    }
    if name == "scheme" {
        return value.parse().ok().map(Press::Switch);
    }
    let defence = DEFENCES.into_iter().find(|(one, _)| *one == name);
    let defence = defence.map(|(_, defence)| Press::Defend(defence, value == "true"));
    defence.or_else(|| buttons().into_iter().find(|(one, _)| *one == name).map(|(_, press)| press))
}

/// Every lab has the same users.
fn known(user: &str) -> Option<&'static str> {
    DEMO_USERS.into_iter().map(|(name, _)| name).find(|name| *name == user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_does_what_it_is_called_by() {
        let presets = Strategy::ALL.map(Press::Preset);
        let defences = DEFENCES.map(|(_, defence)| Press::Defend(defence, true));
        for press in buttons().into_iter().map(|(_, press)| press).chain(presets).chain(defences) {
            assert_eq!(super::press(&name(&press), "true"), Some(press));
        }
        assert_eq!(press("role-carol", "admin"), Some(Press::Role("carol", Role::Admin)));
        assert_eq!(press("disable-bob", "false"), Some(Press::Disable("bob", false)));
        assert_eq!(press("role-mallory", "admin"), None);
        assert_eq!(press("scheme", "token-cookie"), "token-cookie".parse().ok().map(Press::Switch));
        assert_eq!(press("nothing", ""), None);
    }
}
