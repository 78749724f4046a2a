//! The keys that a lab's tokens are signed and verified with.

use crate::{
    auth::{
        core_work::NotDone,
        token::{self, Key, Material},
    },
    bounds,
    clients::Client,
    lab::{Lab, fresh_jti},
};
use domain::{Seconds, api::RotateKeys, claims::Claims, cookie::CookieOptions, user::User, view::KeyView};
use std::sync::Arc;

/// The keys of one lab: the last signs, all verify.
#[derive(Clone, Debug)]
pub(crate) struct KeyRing {
    secret: Arc<Secret>,
    /// Whom its tokens are for.
    pub(super) audience: Arc<str>,
    lab: String,
    pub(super) keys: Arc<Vec<Key>>,
    newest: u64,
}

/// The server's secret, from which every key is derived.
pub(crate) struct Secret(pub(crate) Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl KeyRing {
    pub(crate) fn new(secret: Arc<Secret>, lab: &str) -> Self {
        let first = Key::derive(&secret.0, lab, 1);
        let audience = token::audience(lab).into();
        Self { secret, audience, lab: lab.to_owned(), keys: vec![first].into(), newest: 1 }
    }

    /// A new key signs, made of this or else derived. With `retire` the old ones verify no longer: their tokens end.
    pub(crate) fn rotate(&mut self, retire: bool, made: Option<Material>) {
        self.newest = self.newest.saturating_add(1);
        let keys = Arc::make_mut(&mut self.keys);
        if retire {
            keys.clear();
        } else if keys.len() >= bounds::LAB_KEYS {
            keys.remove(0);
        }
        keys.push(match made {
            Some(material) => Key::of(material, self.newest),
            None => Key::derive(&self.secret.0, &self.lab, self.newest),
        });
    }

    /// The newest key.
    pub(crate) fn signing(&self) -> Key {
        self.keys.last().cloned().unwrap_or_else(|| Key::derive(&self.secret.0, &self.lab, self.newest))
    }

    pub(crate) fn view(&self) -> Vec<KeyView> {
        let newest = self.signing().kid;
        let view = |key: &Key| {
            let (kid, alg) = (key.kid.clone(), key.alg());
            KeyView { signs: kid == newest, kid, alg, bits: alg.bits() }
        };
        self.keys.iter().map(view).collect()
    }
}

impl Lab {
    /// A new key signs. A lab makes one after the other, and nothing else waits for it.
    pub(crate) async fn rotate_keys(
        &self,
        RotateKeys { retire, alg }: RotateKeys,
        client: Option<&Arc<Client>>,
    ) -> Result<(), NotDone> {
        let _alone = self.rotating.lock().await;
        let alg = alg.unwrap_or_else(|| self.world(|world| world.keys.signing().alg()));
        let made = Material::make(alg, client).await?;
        self.crowds.disturbance(|done| done.ended = true);
        self.world(|world| world.keys.rotate(retire, made));
        Ok(())
    }

    /// What a token says that is good from now until then: an empty cart, in a cookie as by default.
    pub(crate) fn claims(&self, user: User, login: String, now: Seconds, exp: Seconds) -> Claims {
        Claims {
            iss: token::ISSUER.to_owned(),
            aud: token::audience(&self.id),
            sub: user.name,
            role: user.role,
            cart: Vec::new(),
            cookie: CookieOptions::default(),
            iat: now,
            exp,
            jti: fresh_jti(),
            login,
            family: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> KeyRing {
        KeyRing::new(Arc::new(Secret(vec![7; 32])), "lab")
    }

    #[test]
    fn a_rotated_key_still_verifies_and_a_retired_one_does_not() {
        let mut ring = ring();
        ring.rotate(false, None);
        let kids = |ring: &KeyRing| ring.view().into_iter().map(|k| (k.kid, k.signs)).collect::<Vec<_>>();
        assert_eq!(kids(&ring), [("1".to_owned(), false), ("2".to_owned(), true)]);
        ring.rotate(true, None);
        assert_eq!(kids(&ring), [("3".to_owned(), true)]);
    }

    #[test]
    fn however_often_keys_are_rotated_eight_verify() {
        let mut ring = ring();
        for _ in 0..20 {
            ring.rotate(false, None);
        }
        assert_eq!(ring.keys.len(), bounds::LAB_KEYS);
        assert_eq!(ring.signing().kid, "21");
    }
}
