//! From a request to who it is, step by step.

use crate::{
    auth::{presented::Presented, set_cookie},
    gate::visit::Visit,
    lab::World,
    security::Event,
    store::{Population, StoreError},
};
use domain::{
    Seconds,
    claims::{Claims, TOKEN_BYTES},
    cookie::CookieOptions,
    exchange::Did,
    scheme::{Carrier, Credential, Scheme},
    session::{Session, SessionId},
    user::User,
};
use std::time::Instant;

/// A credential that holds, and how it came. Whether it holds does not depend on how it came: whoever has a
/// copy can send it either way, and a server that forgot that would only seem safer.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) scheme: Scheme,
    pub(crate) state: LoginState,
}

/// Where the state of a login is: what the id points to, or what the token says.
#[derive(Clone)]
pub(crate) enum LoginState {
    Session(SessionId, Session),
    Token(Claims),
}

/// Why nobody is identified (RFC 6750 §3.1).
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    #[error("no credential came along: log in first")]
    Missing,
    #[error("{0} credentials came along and none was taken: send one cookie or one Authorization: Bearer")]
    TooMany(usize),
    #[error("the credential cannot be used: {0}; log in again")]
    Unusable(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token would be over {TOKEN_BYTES} bytes: empty the cart first")]
pub(crate) struct TokenTooLarge;

impl Proof {
    pub(crate) fn user(&self) -> User {
        match &self.state {
            LoginState::Session(_, session) => session.user.clone(),
            LoginState::Token(claims) => claims.user(),
        }
    }

    /// What the token says, if it is one.
    pub(crate) fn token(&self) -> Option<&Claims> {
        if let LoginState::Token(claims) = &self.state { Some(claims) } else { None }
    }

    pub(crate) fn cart(&self) -> &[String] {
        match &self.state {
            LoginState::Session(_, session) => &session.cart,
            LoginState::Token(claims) => &claims.cart,
        }
    }

    pub(crate) fn cookie_options(&self) -> &CookieOptions {
        match &self.state {
            LoginState::Session(_, session) => &session.cookie,
            LoginState::Token(claims) => &claims.cookie,
        }
    }

    pub(crate) fn expires_in(&self, now: Seconds) -> Seconds {
        match &self.state {
            LoginState::Session(_, session) => session.expires_in(now),
            LoginState::Token(claims) => claims.exp.saturating_sub(now),
        }
    }
}

impl Visit {
    /// Who it is. With `touch` a session counts as used; what changes or ends it next needs no write for that.
    pub(crate) async fn identify(&self, touch: bool) -> Result<Proof, AuthError> {
        match self.brought.credentials.as_slice() {
            [] => {
                self.steps.note(Did::FoundNothing, "");
                Err(AuthError::Missing)
            }
            // Nobody is there who could tell.
            _ if self.node.is_none() => Err(AuthError::Store(StoreError::Unavailable)),
            [one] => {
                let proof = self.examine(one, touch).await.inspect_err(|error| {
                    if let AuthError::Unusable(why) = error {
                        self.log(Event::CredentialRefused(why), None);
                    }
                })?;
                let user = proof.user();
                self.steps.note(Did::Identified, format!("{}, {}", user.name, user.role.name()));
                Ok(proof)
            }
            many => {
                self.steps.note(Did::FoundTooMany, many.len().to_string());
                self.log(Event::CredentialRefused("more than one came along"), None);
                Err(AuthError::TooMany(many.len()))
            }
        }
    }

    pub(crate) async fn examine(&self, presented: &Presented, touch: bool) -> Result<Proof, AuthError> {
        match (&presented.cookie, presented.scheme.credential) {
            (Some(name), _) => self.steps.note(Did::FoundCookie, name.clone()),
            (None, Credential::SessionId) => self.steps.note(Did::FoundBearer, "session id"),
            (None, Credential::Jwt) => self.steps.note(Did::FoundBearer, "JWT"),
        }
        let state = match presented.scheme.credential {
            Credential::SessionId => self.look_up(&presented.value, touch).await?,
            Credential::Jwt => self.verify(&presented.value)?,
        };
        Ok(Proof { scheme: presented.scheme, state })
    }

    async fn look_up(&self, value: &str, touch: bool) -> Result<LoginState, AuthError> {
        let start = Instant::now();
        let Some(id) = SessionId::parse(value) else {
            self.steps.took(start, Did::LookedUp, "not the form of an id");
            return Err(AuthError::Unusable("it does not have the form of a session id".to_owned()));
        };
        let found = match self.sessions() {
            Ok(sessions) => sessions.load(&id, touch, self.lab.now()).await,
            Err(error) => Err(error),
        };
        let found = found.inspect_err(|error| self.steps.took(start, Did::LookedUp, error.to_string()))?;
        if let Some(session) = found.and_then(|row| self.reconciled(row)) {
            self.steps.took(start, Did::LookedUp, "found");
            return Ok(LoginState::Session(id, session));
        }
        self.steps.took(start, Did::LookedUp, "not found");
        let topology = self.lab.world(|world| world.topology);
        // A node that keeps its own sessions speaks for itself alone.
        let why = if topology.nodes > 1 && !topology.store.is_shared() {
            "this server has no such session: another one may have it, or it is over"
        } else {
            "there is no such session, or it is over"
        };
        Err(AuthError::Unusable(why.to_owned()))
    }

    /// A row as the lab has its user, where the two may differ; nothing where the user may not log in any more.
    pub(crate) fn reconciled(&self, row: Session) -> Option<Session> {
        if self.population == Population::Crowd {
            return Some(row);
        }
        let user = self.lab.reconciled(row.user)?;
        Some(Session { user, ..row })
    }

    fn verify(&self, token: &str) -> Result<LoginState, AuthError> {
        let start = Instant::now();
        let verified = self.lab.world(World::verifier).verify(token);
        let said = verified.as_ref().map_or_else(ToString::to_string, |_| "valid".to_owned());
        self.steps.took(start, Did::Verified, said);
        let claims = verified.map_err(|why| AuthError::Unusable(why.to_string()))?;
        if self.is_denied(&claims) {
            return Err(AuthError::Unusable("it was ended before its time".to_owned()));
        }
        Ok(LoginState::Token(claims))
    }

    /// What the tokens that came along say, if they were signed here: also those that are over. It lets nobody in.
    pub(crate) fn signed_here(&self) -> Vec<Claims> {
        let verifier = self.lab.world(World::verifier);
        let all = self.brought.credentials.iter().filter(|one| one.scheme.credential == Credential::Jwt);
        all.filter_map(|one| verifier.signed_here(&one.value)).collect()
    }

    /// Whether a token that came along is good still: its key, its login or its lab may have come to an end since.
    pub(crate) fn still_holds(&self, claims: &Claims) -> bool {
        let (verifier, is_denied) =
            self.lab.world(|world| (world.verifier(), world.defences.denylist && world.denylist.lists(claims)));
        let is_good = |value: &str| verifier.verify(value).is_ok_and(|good| good == *claims);
        !is_denied && self.brought.credentials.iter().any(|one| is_good(&one.value))
    }

    /// Whether the denylist lists it; where that is off, nobody looks.
    fn is_denied(&self, claims: &Claims) -> bool {
        let start = Instant::now();
        let listed = self.lab.world(|world| world.defences.denylist.then(|| world.denylist.lists(claims)));
        if let Some(listed) = listed {
            self.steps.took(start, Did::CheckedDenylist, if listed { "listed" } else { "not listed" });
        }
        listed == Some(true)
    }

    /// Clears every credential's cookie that came along, but for the one being set.
    pub(crate) fn clear_cookies(&self, known: &[Proof], except: Option<&set_cookie::NewCookie>) {
        let mut names: Vec<String> = self.brought.credentials.iter().filter_map(|one| one.cookie.clone()).collect();
        names.sort();
        for same in names.chunk_by(|one, other| one == other) {
            let [name, others @ ..] = same else { continue };
            // Of one that came alone and holds, it is known how it was set.
            let options = known.iter().filter(|_| others.is_empty()).find_map(|proof| {
                let (scheme, options) = (proof.scheme, proof.cookie_options());
                let is_it =
                    scheme.carrier == Carrier::Cookie && scheme.credential.cookie_name(options.host_prefix) == name;
                is_it.then_some(options)
            });
            if set_cookie::clear(&self.cookies, self.place(), name, options, except) {
                self.steps.note(Did::ClearedCookie, name.clone());
            }
        }
    }
}
