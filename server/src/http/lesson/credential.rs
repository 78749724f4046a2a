//! Giving out a credential: where it goes is the carrier's business alone.

use crate::{
    auth::{set_cookie, token},
    gate::{identify::TokenTooLarge, visit::Visit},
    http::Rejection,
    lab::{
        denylist::{Denial, DenylistFull},
        fresh_jti,
    },
    store::StoreError,
};
use domain::{
    claims::Claims,
    cookie::CookieOptions,
    exchange::Did,
    scheme::{Carrier, Scheme},
    session::SessionId,
    user::Role,
};
use std::time::Instant;

/// What of a credential goes into the answer's body.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) access_token: Option<String>,
    pub(crate) token_type: Option<String>,
    pub(crate) warning: Option<String>,
    /// The cookie that went into a header instead.
    pub(crate) cookie: Option<set_cookie::NewCookie>,
}

impl Visit {
    /// Hands a credential to the browser: in the body for a script to keep, or as a cookie.
    pub(crate) fn give(&self, scheme: Scheme, value: String, options: &CookieOptions) -> Given {
        match scheme.carrier {
            Carrier::LocalStorage => {
                Given { access_token: Some(value), token_type: Some("Bearer".to_owned()), ..Given::default() }
            }
            Carrier::Cookie => {
                let written = set_cookie::set(&self.cookies, self.place(), scheme.credential, &value, options);
                self.steps.note(Did::SetCookie, format!("{}, {} bytes", written.name, written.bytes));
                let warning = written.is_too_large().then(|| {
                    self.steps.note(Did::CookieTooLarge, format!("{} bytes", written.bytes));
                    format!("the cookie has {} bytes; over 4096 a browser drops it without a word", written.bytes)
                });
                Given { warning, cookie: Some(written), ..Given::default() }
            }
        }
    }

    /// Signs a token with the lab's newest key, under a fresh name.
    pub(crate) fn sign(&self, claims: Claims) -> Result<(String, Claims), TokenTooLarge> {
        self.sign_as_named(Claims { jti: fresh_jti(), ..claims })
    }

    /// A token that was named before its user's role was changed to this one is signed anew, under the name that it
    /// has: what ended it since ends the one in its place, too.
    pub(crate) fn put_right(&self, signed: (String, Claims), role: Role) -> Result<(String, Claims), TokenTooLarge> {
        if signed.1.role == role { Ok(signed) } else { self.sign_as_named(Claims { role, ..signed.1 }) }
    }

    fn sign_as_named(&self, claims: Claims) -> Result<(String, Claims), TokenTooLarge> {
        let start = Instant::now();
        let key = self.lab.world(|world| {
            if claims.family.is_some() {
                world.denylist.outlive(claims.exp);
            }
            world.keys.signing()
        });
        let signed = token::issue(&claims, &key).ok_or(TokenTooLarge)?;
        self.steps.took(start, Did::SignedToken, format!("key {}, {}", key.kid, key.alg().name()));
        Ok((signed, claims))
    }

    /// Ends every token so far of these logins, if the denylist is on, and what else is to end with them: where that
    /// fails, the tokens have not ended either. Whether the list is on.
    pub(crate) async fn end_tokens<'a, E>(
        &self,
        tokens: impl Iterator<Item = &'a Claims> + Clone,
        rest: impl Future<Output = Result<(), E>>,
    ) -> Result<bool, Rejection>
    where
        Rejection: From<E>,
    {
        // The denylist first: it may be full, and then nothing has happened yet.
        let mut denied = Vec::new();
        let start = Instant::now();
        let listed = tokens.clone().try_for_each(|claims| {
            let Some(denial) = self.deny(claims)? else { return Ok(()) };
            let left = denial.until().saturating_sub(self.lab.now());
            self.steps.took(start, Did::Denied, format!("for another {left} seconds"));
            denied.push(denial);
            Ok::<_, DenylistFull>(())
        });
        let ended = match listed {
            Ok(()) => rest.await.map_err(Rejection::from),
            Err(full) => Err(full.into()),
        };
        if let Err(error) = ended {
            self.lab.world(|world| denied.into_iter().rev().for_each(|denial| world.denylist.take_back(denial)));
            return Err(error);
        }
        // Once more, now that the rows have gone: a refresh may have used one before, and the name of its token is newer
        // than the entry. That is there already and only becomes a newer one; without it (the denylist was switched off
        // and on) everything has ended that could be.
        for error in tokens.filter(|_| !denied.is_empty()).filter_map(|claims| self.deny(claims).err()) {
            tracing::warn!(%error, "tokens from a refresh at the moment of a logout live on");
        }
        Ok(!denied.is_empty())
    }

    fn deny(&self, claims: &Claims) -> Result<Option<Denial>, DenylistFull> {
        self.lab.world(|world| {
            if !world.defences.denylist {
                return Ok(None);
            }
            let now = world.now();
            world.denylist.deny(claims, fresh_jti(), now).map(Some)
        })
    }

    /// Deletes a session's row.
    pub(crate) async fn end_session(&self, id: &SessionId) -> Result<(), StoreError> {
        let start = Instant::now();
        let deleted = self.sessions()?.delete(id).await?;
        self.steps.took(start, Did::DeletedSession, usize::from(deleted).to_string());
        Ok(())
    }
}
