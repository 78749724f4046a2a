//! Where a browser stands with the server, as far as both sides' holdings tell.

use crate::{
    balance::NodeId,
    claims::{Facts, Names},
    scheme::{Credential, Scheme},
    view::{Row, ServerView},
};

/// What the credential that a browser holds is worth at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The browser holds none.
    Nobody,
    /// The server would take it for this user.
    Known {
        /// The user's name.
        user: String,
        /// How.
        scheme: Scheme,
        /// Which nodes would.
        to: KnownTo,
    },
    /// The server would refuse it: no row, expired, ended or signed with a key that is out.
    Dead(Scheme),
    /// An id, where the store keeps only hashes: from outside nobody can tell which row it is.
    Unclear(Scheme),
    /// Nobody is there who could tell.
    Untold(Scheme, Silent),
    /// More than one: the server refuses to guess.
    TooMany,
}

/// Which nodes know a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownTo {
    /// Every node that is up.
    All,
    /// Only these of those that are up.
    Only(Vec<NodeId>),
}

/// Who does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silent {
    /// The store that all nodes ask.
    Store,
    /// Every node.
    Nodes,
}

/// Where a browser that holds these credentials stands. It asks nobody: it compares what both sides show, at
/// the second of the view's clock. `read` says what a token says.
#[must_use]
pub fn standing(
    held: &[(Scheme, &str)],
    view: &ServerView,
    now: crate::Seconds,
    read: impl Fn(&str) -> Option<Facts>,
) -> Standing {
    match held {
        [] => Standing::Nobody,
        [(scheme, _)] if view.nodes.iter().all(|node| !node.up) => Standing::Untold(*scheme, Silent::Nodes),
        [(scheme, value)] => match scheme.credential {
            Credential::SessionId => session(*scheme, value, view, now),
            Credential::Jwt => token(*scheme, read(value), view, now),
        },
        _ => Standing::TooMany,
    }
}

fn session(scheme: Scheme, id: &str, view: &ServerView, now: crate::Seconds) -> Standing {
    if view.store.as_ref().is_some_and(|store| !store.available) {
        return Standing::Untold(scheme, Silent::Store);
    }
    if view.defences.hash_ids {
        return Standing::Unclear(scheme);
    }
    let is_it = |row: &&Row| row.key == id && now < row.idle_until && now < row.expires_at;
    if let Some(store) = &view.store {
        return match store.sessions.iter().find(is_it) {
            Some(row) => Standing::Known { user: row.user.clone(), scheme, to: KnownTo::All },
            None => Standing::Dead(scheme),
        };
    }
    let up = || view.nodes.iter().filter(|node| node.up);
    let knowing: Vec<_> = up().filter_map(|node| Some((node.id, node.sessions.iter().find(is_it)?))).collect();
    let Some((_, row)) = knowing.first() else { return Standing::Dead(scheme) };
    let to = if knowing.len() == up().count() {
        KnownTo::All
    } else {
        KnownTo::Only(knowing.iter().map(|(node, _)| *node).collect())
    };
    Standing::Known { user: row.user.clone(), scheme, to }
}

fn token(scheme: Scheme, facts: Option<Facts>, view: &ServerView, now: crate::Seconds) -> Standing {
    let Some(Facts { kid, user, jti, login, iat, exp }) = facts else { return Standing::Dead(scheme) };
    let names = Names { user: &user, login: &login, jti: &jti };
    let denied = view.defences.denylist && view.denylist.iter().any(|entry| entry.ends(names));
    let is_from_before = view.began.is_after(iat, &jti);
    let key_is_out = !view.keys.iter().any(|key| key.kid == kid);
    let over = exp.is_none_or(|exp| now >= exp);
    if denied || is_from_before || key_is_out || over {
        Standing::Dead(scheme)
    } else {
        Standing::Known { user, scheme, to: KnownTo::All }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        claims::{Alg, UnverifiedToken},
        crowd::CrowdView,
        topology::{StoreKind, Topology},
        user::Role,
        view::{Defences, Denied, Faults, KeyView, NodeView, Replication, StoreView},
    };
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    fn standing(held: &[(Scheme, &str)], view: &ServerView, now: crate::Seconds) -> Standing {
        super::standing(held, view, now, |token| {
            let read = UnverifiedToken::read_unverified(token)?;
            let text = |json: &serde_json::Value, name: &str| json[name].as_str().unwrap_or_default().to_owned();
            Some(Facts {
                kid: text(&read.header, "kid"),
                user: text(&read.payload, "sub"),
                jti: text(&read.payload, "jti"),
                login: text(&read.payload, "login"),
                iat: read.seconds("iat").unwrap_or_default(),
                exp: read.seconds("exp"),
            })
        })
    }

    fn view() -> ServerView {
        let row = Row {
            key: "id".into(),
            user: "alice".into(),
            role: Role::User,
            cart: vec![],
            created_at: 0,
            idle_until: 100,
            expires_at: 200,
            bytes: 0,
            held: None,
            refresh: false,
        };
        ServerView {
            number: 0,
            now: 0,
            began: crate::claims::Beginning::default(),
            topology: Topology::default(),
            nodes: vec![NodeView { id: 1, up: true, requests: 0, sessions: vec![row], crowd_sessions: 0 }],
            store: None,
            operations: vec![],
            replication: Replication::default(),
            faults: Faults::default(),
            crowd: CrowdView::default(),
            keys: vec![KeyView { kid: "2".into(), alg: Alg::Hs256, bits: 256, signs: true }],
            users: vec![],
            denylist: vec![],
            defences: Defences::default(),
            attacker: crate::attack::AttackerView::default(),
            stores: vec![],
        }
    }

    fn jwt(kid: &str) -> String {
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let payload = serde_json::json!({"sub": "bob", "login": "l", "iat": 3, "exp": 50, "jti": "05"});
        format!("{}.{}.s", part(serde_json::json!({"kid": kid})), part(payload))
    }

    const SID: Scheme = Scheme::ALL[0];
    const JWT: Scheme = Scheme::ALL[3];

    #[test]
    fn a_session_is_worth_what_its_row_is() {
        let known = Standing::Known { user: "alice".into(), scheme: SID, to: KnownTo::All };
        assert_eq!(standing(&[(SID, "id")], &view(), 99), known);
        assert_eq!(standing(&[(SID, "id")], &view(), 100), Standing::Dead(SID));
        assert_eq!(standing(&[(SID, "other")], &view(), 0), Standing::Dead(SID));
        let hashed = ServerView { defences: Defences { hash_ids: true, ..Defences::default() }, ..view() };
        assert_eq!(standing(&[(SID, "id")], &hashed, 0), Standing::Unclear(SID));
    }

    fn node(id: NodeId, up: bool, sessions: Vec<Row>) -> NodeView {
        NodeView { id, up, requests: 0, sessions, crowd_sessions: 0 }
    }

    #[test]
    fn a_session_is_known_to_the_nodes_that_hold_it_and_are_up() {
        let row = view().nodes[0].sessions[0].clone();
        let with = |nodes| standing(&[(SID, "id")], &ServerView { nodes, ..view() }, 0);
        let known = |to| Standing::Known { user: "alice".into(), scheme: SID, to };
        let apart = vec![node(1, true, vec![row.clone()]), node(2, true, vec![]), node(3, false, vec![])];
        assert_eq!(with(apart), known(KnownTo::Only(vec![1])));
        let copied = vec![node(1, true, vec![row.clone()]), node(2, true, vec![row]), node(3, false, vec![])];
        assert_eq!(with(copied), known(KnownTo::All), "one that is down is asked nothing");
        assert_eq!(with(vec![node(1, true, vec![]), node(2, true, vec![])]), Standing::Dead(SID));
    }

    #[test]
    fn a_token_is_known_to_every_node_and_nobody_is_known_when_none_is_up() {
        let good = jwt("2");
        let with = |nodes| standing(&[(JWT, &good)], &ServerView { nodes, ..view() }, 0);
        let known = Standing::Known { user: "bob".into(), scheme: JWT, to: KnownTo::All };
        assert_eq!(with(vec![node(1, false, vec![]), node(2, true, vec![])]), known);
        assert_eq!(with(vec![node(1, false, vec![])]), Standing::Untold(JWT, Silent::Nodes));
    }

    #[test]
    fn what_a_shared_store_holds_every_node_knows_and_nobody_can_tell_while_it_is_down() {
        let row = view().nodes[0].sessions[0].clone();
        let with = |available| {
            let sessions = if available { vec![row.clone()] } else { vec![] };
            let store =
                StoreView { kind: StoreKind::Redis, address: None, available, listable: true, sessions, operations: 0 };
            let nodes = vec![node(1, true, vec![]), node(2, true, vec![])];
            standing(&[(SID, "id")], &ServerView { nodes, store: Some(store), ..view() }, 0)
        };
        assert_eq!(with(true), Standing::Known { user: "alice".into(), scheme: SID, to: KnownTo::All });
        assert_eq!(with(false), Standing::Untold(SID, Silent::Store));
    }

    #[test]
    fn a_token_is_worth_something_until_exp_while_its_key_verifies_and_nobody_ended_it() {
        let (good, old) = (jwt("2"), jwt("1"));
        let known = Standing::Known { user: "bob".into(), scheme: JWT, to: KnownTo::All };
        assert_eq!(standing(&[(JWT, &good)], &view(), 49), known);
        assert_eq!(standing(&[(JWT, &good)], &view(), 50), Standing::Dead(JWT));
        assert_eq!(standing(&[(JWT, &old)], &view(), 0), Standing::Dead(JWT));
        assert_eq!(standing(&[(JWT, "no.token")], &view(), 0), Standing::Dead(JWT));
        let entry = |jti: &str, login: Option<&str>, user: Option<&str>| {
            let [login, user] = [login, user].map(|name| name.map(Into::into));
            let entry = Denied { jti: jti.into(), login, user, expires_at: 50 };
            let defences = Defences { denylist: true, ..Defences::default() };
            let view = ServerView { denylist: vec![entry], defences, ..view() };
            standing(&[(JWT, &good)], &view, 0)
        };
        assert_eq!(entry("05", Some("l"), None), Standing::Dead(JWT));
        assert_ne!(entry("06", Some("another"), None), Standing::Dead(JWT));
        assert_ne!(entry("04", Some("l"), None), Standing::Dead(JWT), "it was issued afterwards");
        assert_eq!(entry("06", None, Some("bob")), Standing::Dead(JWT));
        assert_ne!(entry("06", None, Some("alice")), Standing::Dead(JWT));
        assert_ne!(entry("04", None, Some("bob")), Standing::Dead(JWT), "it was issued afterwards");
        assert_ne!(entry("05", None, None), Standing::Dead(JWT), "it stands for nobody");
    }

    #[test]
    fn a_token_from_before_the_lab_is_dead_though_its_key_is_called_the_same() {
        let good = jwt("2");
        let with = |at, jti: &str| {
            let began = crate::claims::Beginning { at, jti: jti.into() };
            standing(&[(JWT, &good)], &ServerView { began, ..view() }, 4)
        };
        assert_ne!(with(3, "04"), Standing::Dead(JWT));
        assert_eq!(with(3, "05"), Standing::Dead(JWT), "named before");
        assert_eq!(with(4, "04"), Standing::Dead(JWT), "issued before");
    }

    #[test]
    fn none_is_nobody_and_two_are_too_many() {
        assert_eq!(standing(&[], &view(), 0), Standing::Nobody);
        assert_eq!(standing(&[(SID, "id"), (JWT, "x")], &view(), 0), Standing::TooMany);
    }
}
