//! A short-lived token, and a refresh token for the next one.

use crate::{
    browser::{self, Answer, Outgoing},
    measure::{
        asking::{let_in, me, speaks_of},
        credential::{changes, expiry::advance},
        rig::{Rig, good, json},
    },
};
use domain::{
    Seconds,
    api::{Login, Refresh, Refreshed},
    cookie::SetCookie,
    exchange::header,
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
    scheme::{Carrier, REFRESH_COOKIE, refresh_key},
};
use std::{future::poll_fn, pin::pin, task::Poll};

/// How long a token lives.
const SHORT: Seconds = 60;

/// Whether a refresh token gives a new token when the old one is over.
pub(super) async fn works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    begin(rig, setting, "alice").await?;
    advance(rig, SHORT + 1).await?;
    if me(&rig.ask().await?)?.is_some() {
        return Err(Failure::TimedOut);
    }
    let refreshed = refresh(rig, setting).await?;
    let works = let_in(&refreshed)? && speaks_of(&rig.ask().await?, "alice")?;
    Ok(Measured::new(works).with(Figure::Status, u64::from(refreshed.status)))
}

/// Whether the visitor's refresh token still works after a thief was faster with a copy of it.
pub(super) async fn works_after_theft(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    begin(rig, setting, "alice").await?;
    let copy = copied(rig, setting).await?;
    let body = json(&Refresh { refresh_token: Some(copy) });
    let url = rig.bench.path("api/refresh");
    let Refreshed { .. } = good(&rig.raw(Outgoing { method: "POST", url, body, ..Outgoing::default() }).await?)?;
    let refreshed = refresh(rig, setting).await?;
    Ok(Measured::new(let_in(&refreshed)?).with(Figure::Status, u64::from(refreshed.status)))
}

/// How often two requests are sent until they go out at the same moment.
const MOMENTS: usize = 10;

/// Whether two tabs that refresh at once, each with the refresh token that both of them hold, get a token each.
pub(super) async fn works_in_two_tabs(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    for _ in 0..MOMENTS {
        begin(rig, setting, "alice").await?;
        let body = body(rig, setting);
        let tab = || rig.lesson("POST", "api/refresh", body.clone());
        let (one, other) = both(tab(), tab()).await;
        let (one, other) = (one?, other?);
        // A browser may send the second only when the first is answered, and then with the new cookie: that was
        // not at once, and says nothing about it.
        if brought_the_same(rig, setting).await? {
            let works = let_in(&one)? && let_in(&other)?;
            let refused = [one.status, other.status].into_iter().max().unwrap_or_default();
            return Ok(Measured::new(works).with(Figure::Status, u64::from(refused)));
        }
    }
    Err(Failure::TimedOut)
}

/// How many rows the server stores for one such login.
pub(super) async fn rows(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.set_up(setting).await?;
    let keys = rig.log_in_for_rows(short(setting, "alice")).await?;
    Ok(Measured::new(super::count(keys.len())))
}

/// Whether carol is let into the admin area by a token that she got after her role was taken away.
pub(super) async fn old_role_works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    begin(rig, setting, "carol").await?;
    changes::take_role_away(rig, "carol").await?;
    let Refreshed { .. } = good(&refresh(rig, setting).await?)?;
    changes::visit_admin(rig).await
}

fn short(setting: &Setting, name: &str) -> Login {
    Login { refresh: true, token_lifetime: SHORT, ..Rig::login(setting, name) }
}

async fn begin(rig: &Rig, setting: &Setting, name: &str) -> Result<(), Failure> {
    rig.set_up(setting).await?;
    rig.log_in(short(setting, name)).await.map(drop)
}

/// As the page's script would: out of localStorage, or with nothing, for then a cookie goes along.
fn body(rig: &Rig, setting: &Setting) -> Option<String> {
    match setting.scheme.carrier {
        Carrier::Cookie => None,
        Carrier::LocalStorage => json(&Refresh { refresh_token: browser::stored(&refresh_key(&rig.bench.lab())) }),
    }
}

/// Refreshes, and keeps what comes of it.
async fn refresh(rig: &Rig, setting: &Setting) -> Result<Answer, Failure> {
    let answer = rig.lesson("POST", "api/refresh", body(rig, setting)).await?;
    if let Ok(refreshed) = serde_json::from_str::<Refreshed>(&answer.body) {
        if let Some(token) = &refreshed.access_token {
            rig.bench.keep(Some(token));
        }
        if let Some(token) = &refreshed.refresh_token {
            browser::store(&refresh_key(&rig.bench.lab()), token);
        }
    }
    Ok(answer)
}

/// The refresh token as somebody has it who read localStorage, or who sat on the wire when the cookie was set.
async fn copied(rig: &Rig, setting: &Setting) -> Result<String, Failure> {
    let copy = match setting.scheme.carrier {
        Carrier::LocalStorage => browser::stored(&refresh_key(&rig.bench.lab())),
        Carrier::Cookie => {
            let recorded = rig.recorded().await?;
            let cookies = recorded.iter().flat_map(|exchange| header(&exchange.response.headers, "set-cookie"));
            let set = cookies.filter_map(SetCookie::parse).filter(|cookie| cookie.name == REFRESH_COOKIE);
            set.filter(|cookie| !cookie.removes()).last().map(|cookie| cookie.value.to_owned())
        }
    };
    copy.ok_or(Failure::TimedOut)
}

/// Whether both tabs came with the same token, rather than the second with what the first one had got.
async fn brought_the_same(rig: &Rig, setting: &Setting) -> Result<bool, Failure> {
    let recorded = rig.recorded().await?;
    let refreshes: Vec<_> = recorded.iter().filter(|exchange| exchange.request.route() == "api/refresh").collect();
    let brought = |at: usize| {
        let request = &refreshes.get(at)?.request;
        match setting.scheme.carrier {
            Carrier::LocalStorage => request.body.clone(),
            Carrier::Cookie => {
                let mut cookies = header(&request.headers, "cookie").flat_map(domain::cookie::pairs);
                cookies.find(|(name, _)| *name == REFRESH_COOKIE).map(|(_, value)| value.to_owned())
            }
        }
    };
    Ok(refreshes.len() == 2 && brought(0).is_some() && brought(0) == brought(1))
}

/// Awaits two at the same time.
async fn both<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> (T, T) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut of_one, mut of_other) = (None, None);
    poll_fn(|context| {
        if of_one.is_none()
            && let Poll::Ready(done) = one.as_mut().poll(context)
        {
            of_one = Some(done);
        }
        if of_other.is_none()
            && let Poll::Ready(done) = other.as_mut().poll(context)
        {
            of_other = Some(done);
        }
        match (of_one.take(), of_other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (one, other) => {
                (of_one, of_other) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}
