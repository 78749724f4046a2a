//! The keys that tokens are signed and verified with. Each has one algorithm, for good.

use crate::{
    auth::core_work::{CoreWork, NotDone},
    bounds,
    clients::Client,
};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    error::Unspecified,
    rsa::KeySize,
    signature::{Ed25519KeyPair, KeyPair, RsaKeyPair},
};
use domain::claims::Alg;
use hkdf::Hkdf;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use sha2::Sha256;
use std::{
    fmt,
    sync::{Arc, LazyLock},
};
use tokio::sync::Semaphore;

#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// What tokens call it.
    pub(crate) kid: String,
    pub(super) material: Material,
}

/// What a key is made of, before it has a name.
#[derive(Clone)]
pub(crate) struct Material {
    alg: Alg,
    pub(super) signs: EncodingKey,
    pub(super) verifies: DecodingKey,
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Material").field("alg", &self.alg).finish_non_exhaustive()
    }
}

impl Key {
    /// The key of this lab and number, for HMAC: any process with the same secret derives the same one, so none needs
    /// to ask another before it verifies a token (RFC 5869).
    pub(crate) fn derive(secret: &[u8], lab: &str, kid: u64) -> Self {
        let mut key = [0; 32];
        let info = format!("login-lab/token/v1/{lab}/{kid}");
        // Fails only for more than 255 times the length of the hash.
        let derived = Hkdf::<Sha256>::new(None, secret).expand(info.as_bytes(), &mut key);
        debug_assert!(derived.is_ok());
        let (signs, verifies) = (EncodingKey::from_secret(&key), DecodingKey::from_secret(&key));
        Self::of(Material { alg: Alg::Hs256, signs, verifies }, kid)
    }

    /// It has this number from now on.
    pub(crate) fn of(material: Material, kid: u64) -> Self {
        Self { kid: kid.to_string(), material }
    }

    /// Its only algorithm.
    pub(crate) const fn alg(&self) -> Alg {
        self.material.alg
    }

    /// The same, as the library calls it.
    pub(super) const fn algorithm(&self) -> Algorithm {
        match self.material.alg {
            Alg::Hs256 => Algorithm::HS256,
            Alg::EdDsa => Algorithm::EdDSA,
            Alg::Rs256 => Algorithm::RS256,
        }
    }
}

impl Material {
    /// What a new key is made of, for a client, where one is known: nothing for HMAC, whose keys are derived. A pair is
    /// random, and this process alone has it.
    pub(crate) async fn make(alg: Alg, client: Option<&Arc<Client>>) -> Result<Option<Self>, NotDone> {
        static PAIRS: LazyLock<CoreWork> = LazyLock::new(|| pairs(bounds::KEYS_MADE));
        match alg {
            Alg::Hs256 => Ok(None),
            Alg::EdDsa => make_pair(&PAIRS, Self::ed25519, client).await.map(Some),
            Alg::Rs256 => make_pair(&PAIRS, Self::rsa, client).await.map(Some),
        }
    }

    fn ed25519() -> Result<Self, Unspecified> {
        let pair = Ed25519KeyPair::generate()?;
        Ok(Self {
            alg: Alg::EdDsa,
            signs: EncodingKey::from_ed_der(pair.to_pkcs8v1()?.as_ref()),
            verifies: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        })
    }

    fn rsa() -> Result<Self, Unspecified> {
        /// What stands before the key itself in PKCS #8 (RFC 5208 §5). It is the same for all of this size.
        const FRAME: usize = 26;
        let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
        let framed: Pkcs8V1Der<'_> = pair.as_der()?;
        // To sign, the library wants it without (RFC 8017 §A.1.2).
        let key = framed.as_ref().get(FRAME..).ok_or(Unspecified)?;
        RsaKeyPair::from_der(key)?;
        Ok(Self {
            alg: Alg::Rs256,
            signs: EncodingKey::from_rsa_der(key),
            verifies: DecodingKey::from_rsa_der(pair.public_key().as_ref()),
        })
    }
}

/// The making of pairs, one after the other: one of RSA takes a core for a while.
fn pairs(places: usize) -> CoreWork {
    CoreWork {
        name: "making of a key",
        too_many: NotDone::Busy("keys are being made"),
        of_client: |client| &client.keys,
        at_once: Arc::new(Semaphore::new(1)),
        places: Arc::new(Semaphore::new(places)),
    }
}

async fn make_pair(
    pairs: &CoreWork,
    pair: fn() -> Result<Material, Unspecified>,
    client: Option<&Arc<Client>>,
) -> Result<Material, NotDone> {
    let made = pairs.done(client, pair).await?;
    made.map_err(|Unspecified| NotDone::Broken("the library made no key".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pairs_are_made_one_after_the_other_and_over_the_bound_is_refused() {
        static PAIRS: LazyLock<CoreWork> = LazyLock::new(|| pairs(2));
        let held = PAIRS.at_once.acquire().await.unwrap();
        let first = tokio::spawn(make_pair(&PAIRS, Material::ed25519, None));
        let second = tokio::spawn(make_pair(&PAIRS, Material::rsa, None));
        while PAIRS.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(make_pair(&PAIRS, Material::rsa, None).await.unwrap_err(), PAIRS.too_many);
        drop(held);
        assert_eq!(first.await.unwrap().unwrap().alg, Alg::EdDsa);
        assert_eq!(second.await.unwrap().unwrap().alg, Alg::Rs256);
        assert_eq!(PAIRS.places.available_permits(), 2);
    }

    #[test]
    fn no_key_is_written_into_a_log() {
        for material in [Material::ed25519().unwrap(), Material::rsa().unwrap(), Key::derive(b"s", "lab", 1).material] {
            let alg = material.alg;
            let key = Key::of(material, 1);
            assert_eq!(format!("{key:?}"), format!("Key {{ kid: \"1\", material: Material {{ alg: {alg:?}, .. }} }}"));
        }
    }
}
