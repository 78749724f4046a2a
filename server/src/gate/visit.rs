//! One request of the lesson under way: where it is, what it brought, what it did so far, which cookies it sets.

use crate::{
    auth::{
        presented::{Presented, cookies, presented},
        set_cookie::{CookieScope, SetCookies},
    },
    bounds,
    clients::Client,
    lab::{Lab, node::Running},
    lock::lock,
    process::Process,
    security::{Event, Whom},
    store::{Population, Sessions, StoreError},
};
use domain::{
    exchange::{Did, Step},
    scheme::{Credential, REFRESH_COOKIE},
    session::SessionId,
    user::{Role, User},
    view::Arrived,
};
use http::HeaderMap;
use std::{
    borrow::Cow,
    ops::Deref,
    sync::{Arc, Mutex},
    time::Instant,
};

/// What the server did for one request, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps(Arc<Mutex<Vec<Step>>>);

impl Steps {
    /// Something that took no time worth telling.
    pub(crate) fn note(&self, did: Did, detail: impl Into<Cow<'static, str>>) {
        self.push(Step { did, detail: detail.into(), micros: 0.0 });
    }

    /// Something that took the time since `start`.
    pub(crate) fn took(&self, start: Instant, did: Did, detail: impl Into<Cow<'static, str>>) {
        self.push(Step { did, detail: detail.into(), micros: start.elapsed().as_secs_f64() * 1e6 });
    }

    fn push(&self, step: Step) {
        let mut steps = lock(&self.0);
        if steps.len() < bounds::RECORDED_STEPS {
            steps.push(step);
        }
    }

    /// All of them; nothing is noted any more.
    pub(crate) fn take(&self) -> Vec<Step> {
        std::mem::take(&mut *lock(&self.0))
    }
}

/// What a request brought, read once.
pub(crate) struct Brought {
    pub(crate) cookies: Vec<Arrived>,
    /// Every credential, not yet believed.
    pub(crate) credentials: Vec<Presented>,
}

impl Brought {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let cookies = cookies(headers);
        let credentials = presented(headers, &cookies);
        Self { cookies, credentials }
    }

    /// How many credentials came, refresh tokens among them.
    pub(crate) fn count(&self) -> usize {
        self.credentials.len().saturating_add(self.cookies_named(REFRESH_COOKIE).count())
    }

    /// The values of the cookies of this name.
    pub(crate) fn cookies_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.cookies.iter().filter(move |cookie| cookie.name == name).map(|cookie| cookie.value.as_str())
    }
}

/// What a handler of the lesson works with. Copying it copies a handle.
#[derive(Clone)]
pub(crate) struct Visit(pub(super) Arc<Particulars>);

impl Deref for Visit {
    type Target = Particulars;

    fn deref(&self) -> &Particulars {
        &self.0
    }
}

pub(crate) struct Particulars {
    pub(crate) process: Arc<Process>,
    pub(crate) lab: Arc<Lab>,
    /// Who answers; nobody where every node is stopped, and then it is the page that was asked for.
    pub(crate) node: Option<Arc<Running>>,
    pub(crate) population: Population,
    pub(crate) steps: Steps,
    pub(crate) cookies: SetCookies,
    pub(crate) brought: Brought,
    /// Who is at the other end, where that is known.
    pub(crate) client: Option<Arc<Client>>,
}

impl Visit {
    /// The node's way to the sessions. Without a node there is none.
    pub(crate) fn sessions(&self) -> Result<&Sessions, StoreError> {
        self.node.as_ref().map(|node| node.sessions(self.population)).ok_or(StoreError::Unavailable)
    }

    /// A user who may log in. Everybody in a crowd may, as a user of that name.
    pub(crate) fn user(&self, name: &str) -> Option<User> {
        match self.population {
            Population::Visitors => self.lab.world(|world| world.user(name)),
            Population::Crowd => Some(User { name: name.to_owned(), role: Role::User }),
        }
    }

    /// The same, for what takes a user along: it waits for a change that is under way, for that may still fail.
    pub(crate) async fn settled_user(&self, name: &str) -> Result<Option<User>, StoreError> {
        if self.population == Population::Visitors {
            self.lab.settled(name).await?;
        }
        Ok(self.user(name))
    }

    /// Whoever presented ids that were not found leaves: no row moves back to one of them.
    pub(crate) async fn leave_what_is_not_found(&self) {
        let Ok(sessions) = self.sessions() else { return };
        let ids = self.brought.credentials.iter().filter(|one| one.scheme.credential == Credential::SessionId);
        for id in ids.filter_map(|one| SessionId::parse(&one.value)) {
            sessions.leave(&id).await;
        }
    }

    /// Writes a security event to the server's log. What a crowd does is play, and none.
    pub(crate) fn log(&self, event: Event<'_>, user: Option<&str>) {
        if self.population == Population::Visitors {
            event.log(Whom { lab: Some(&self.lab.id), user, client: self.client.as_deref() });
        }
    }

    pub(crate) fn place(&self) -> CookieScope<'_> {
        CookieScope { lab: &self.lab.id, https: self.process.is_https() }
    }
}
