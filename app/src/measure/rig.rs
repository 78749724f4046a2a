//! What a trial works with: requests as a visitor sends them, the controls, the record, a frame, and the
//! attacker's window.

use crate::{
    browser::{self, Answer, Frame, Outgoing},
    state::bench::{Bench, held},
};
use domain::{
    api::{LoggedIn, Login, Problem},
    attack::{Attack, Attacking, Ordered, Target},
    cookie::Origin,
    exchange::{Exchange, ExchangeId, Sender, header},
    lesson::{
        experiment::Setting,
        measured::{Failure, Measured},
    },
    scheme::{Carrier, refresh_key},
    user::demo_password,
    view::ServerView,
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::Cell, sync::Arc};

/// The element in which frames are shown while a trial runs.
pub(crate) const FRAMES: &str = "frames";

/// How long to wait between two looks at the server.
const LOOK_MS: i32 = 50;
/// How often to look before giving up: ten seconds.
const LOOKS: usize = 200;
/// The most exchanges that a trial keeps for showing.
const SHOWN: usize = 40;

/// A trial's hands.
pub(crate) struct Rig {
    pub(crate) bench: Bench,
    /// The last exchange before the trial.
    since: Cell<ExchangeId>,
    /// Whether it gives up when the visitor wants the run to end.
    stops: bool,
}

impl Rig {
    pub(crate) fn new(bench: Bench) -> Self {
        Self { bench, since: Cell::new(bench.last_exchange().unwrap_or(0)), stops: true }
    }

    /// One that goes on although the visitor wants the run to end: what was changed has to be put back.
    pub(crate) fn to_tidy_up(bench: Bench) -> Self {
        Self { stops: false, ..Self::new(bench) }
    }

    /// Whether the visitor wants the run to end.
    pub(crate) fn check_stop(&self) -> Result<(), Failure> {
        if self.stops && self.bench.experiments.stopping.get_untracked() { Err(Failure::Stopped) } else { Ok(()) }
    }

    /// Ends whatever this browser holds.
    pub(crate) async fn log_everything_out(&self) -> Result<(), Failure> {
        self.bench.look_at_arrivals().await;
        if self.bench.browser.with_untracked(|browser| !held(browser).is_empty()) {
            self.lesson("POST", "api/logout", None).await?;
        }
        self.bench.keep(None);
        browser::forget(&refresh_key(&self.bench.lab()));
        Ok(())
    }

    async fn send(&self, outgoing: Outgoing) -> Result<Answer, Failure> {
        self.check_stop()?;
        let answer = browser::fetch(outgoing).await.map_err(|_| Failure::Unreachable)?;
        self.bench.look_at_arrivals().await;
        Ok(answer)
    }

    /// A request of the lesson, as the page's script sends it: with what lies in localStorage, and with cookies.
    pub(crate) async fn lesson(
        &self,
        method: &'static str,
        route: &str,
        body: Option<String>,
    ) -> Result<Answer, Failure> {
        let bearer = self.bench.stored();
        let url = self.bench.path(route);
        self.send(Outgoing { method, url, bearer, body, cookies: true, ..Outgoing::default() }).await
    }

    /// A request of the lesson and nothing else: no look at the cookies afterwards, and sent although the visitor
    /// wants the run to end, for what was set has to be cleared.
    pub(crate) async fn bare(
        &self,
        method: &'static str,
        route: &str,
        body: Option<String>,
    ) -> Result<Answer, Failure> {
        let (url, bearer) = (self.bench.path(route), self.bench.stored());
        let outgoing = Outgoing { method, url, bearer, body, cookies: true, ..Outgoing::default() };
        browser::fetch(outgoing).await.map_err(|_| Failure::Unreachable)
    }

    /// A request by somebody else who has a copy of a credential: another machine, no cookies of this browser.
    pub(crate) async fn as_thief(&self, credential: &str, route: &str) -> Result<Answer, Failure> {
        let (url, bearer) = (self.bench.path(route), Some(credential.to_owned()));
        self.send(Outgoing { method: "GET", url, bearer, cookies: false, ..Outgoing::default() }).await
    }

    /// Any request at all.
    pub(crate) async fn raw(&self, outgoing: Outgoing) -> Result<Answer, Failure> {
        self.send(outgoing).await
    }

    /// Logs in, and keeps in localStorage what is to lie there.
    pub(crate) async fn log_in(&self, login: Login) -> Result<LoggedIn, Failure> {
        let answer = self.lesson("POST", "api/login", json(&login)).await?;
        let body: LoggedIn = good(&answer)?;
        self.bench.keep(body.access_token.as_deref());
        if let Some(refresh) = &body.refresh_token {
            browser::store(&refresh_key(&self.bench.lab()), refresh);
        }
        self.bench.look_at_arrivals().await;
        Ok(body)
    }

    /// A login as a demo user, as the setting asks for it.
    pub(crate) fn login(setting: &Setting, name: &str) -> Login {
        Login { cookie: setting.options, ..Login::new(name, &demo_password(name), setting.scheme) }
    }

    /// Puts an item into the cart; a new token is kept as the page keeps it.
    pub(crate) async fn add_to_cart(&self, item: &str) -> Result<Answer, Failure> {
        let body = serde_json::json!({ "item": item }).to_string();
        let answer = self.lesson("POST", "api/cart", Some(body)).await?;
        let cart: Option<domain::api::Cart> = serde_json::from_str(&answer.body).ok();
        if let Some(token) = cart.and_then(|cart| cart.access_token) {
            self.bench.keep(Some(&token));
        }
        Ok(answer)
    }

    /// The credential that this browser holds: of a cookie that no script sees, the server says what arrived.
    pub(crate) fn credential(&self) -> Option<String> {
        self.bench.browser.with_untracked(|browser| held(browser).into_iter().next().map(|held| held.value))
    }

    /// Sends a control, and takes the new view in.
    pub(crate) async fn steer(&self, method: &'static str, route: &str, body: &impl Serialize) -> Result<(), Failure> {
        let view: ServerView = self.control(method, route, json(body)).await?;
        self.bench.take_view(view);
        Ok(())
    }

    /// Sends a control without a body, and takes the new view in.
    pub(crate) async fn command(&self, method: &'static str, route: &str) -> Result<(), Failure> {
        let view: ServerView = self.control(method, route, None).await?;
        self.bench.take_view(view);
        Ok(())
    }

    /// Sends a control and reads what it answers.
    pub(crate) async fn control<T: DeserializeOwned>(
        &self,
        method: &'static str,
        route: &str,
        body: Option<String>,
    ) -> Result<T, Failure> {
        let url = self.bench.path(&format!("control/{route}"));
        let body = body.filter(|body| body != "null");
        let outgoing = Outgoing { method, url, body, cookies: true, ..Outgoing::default() };
        let answer = browser::fetch(outgoing).await.map_err(|_| Failure::Unreachable)?;
        good(&answer)
    }

    /// The server's view as it is now.
    pub(crate) async fn refresh_view(&self) -> Result<ServerView, Failure> {
        let view: ServerView = self.control("GET", "view", None).await?;
        self.bench.take_view(view.clone());
        Ok(view)
    }

    /// What is recorded from now on belongs to the trial.
    pub(super) async fn begin_record(&self) -> Result<(), Failure> {
        let after = self.bench.last_exchange().unwrap_or(0);
        let all: Vec<Exchange> = self.control("GET", &format!("exchanges?after={after}"), None).await?;
        self.since.set(all.last().map_or(after, |exchange| exchange.id));
        Ok(())
    }

    /// What was recorded since the trial was set up.
    pub(crate) async fn recorded(&self) -> Result<Vec<Exchange>, Failure> {
        self.control("GET", &format!("exchanges?after={}", self.since.get()), None).await
    }

    /// Waits until something shows in the record, and returns it.
    pub(crate) async fn awaited(&self, is_it: impl Fn(&Exchange) -> bool) -> Result<Exchange, Failure> {
        for _ in 0..LOOKS {
            self.check_stop()?;
            if let Some(found) = self.recorded().await?.into_iter().rfind(|exchange| is_it(exchange)) {
                return Ok(found);
            }
            browser::pause(LOOK_MS).await;
        }
        Err(Failure::TimedOut)
    }

    /// Waits until what was recorded is so, and returns it.
    pub(crate) async fn recorded_when(&self, is_so: impl Fn(&[Exchange]) -> bool) -> Result<Vec<Exchange>, Failure> {
        for _ in 0..LOOKS {
            self.check_stop()?;
            let all = self.recorded().await?;
            if is_so(&all) {
                return Ok(all);
            }
            browser::pause(LOOK_MS).await;
        }
        Err(Failure::TimedOut)
    }

    /// Waits until the view is so, and returns it.
    pub(crate) async fn view_when(&self, is_so: impl Fn(&ServerView) -> bool) -> Result<ServerView, Failure> {
        for _ in 0..LOOKS {
            self.check_stop()?;
            let view = self.refresh_view().await?;
            if is_so(&view) {
                return Ok(view);
            }
            browser::pause(LOOK_MS).await;
        }
        Err(Failure::TimedOut)
    }

    /// Waits so many seconds by the browser's clock, and says so on the page.
    pub(crate) async fn wait(&self, seconds: u32) -> Result<(), Failure> {
        let until = browser::unix_seconds() + f64::from(seconds);
        loop {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few minutes")]
            let left = (until - browser::unix_seconds()).ceil().max(0.0) as u32;
            let waiting = (left > 0).then_some(left);
            self.bench.experiments.running.update(|running| {
                if let Some(running) = running {
                    running.waiting = waiting;
                }
            });
            if left == 0 {
                return Ok(());
            }
            self.check_stop()?;
            browser::pause(250).await;
        }
    }

    /// Has the attacker's window do something, and returns what the server recorded of it.
    pub(crate) async fn attack(&self, attack: Attack, target: Target) -> Result<Exchange, Failure> {
        let view = self.view_when(|view| view.attacker.window).await.map_err(|failure| match failure {
            Failure::TimedOut => Failure::NoWindow,
            other => other,
        })?;
        if view.attacker.same_site {
            return Err(Failure::NotHere);
        }
        let ordered = self.control("POST", "attacks", json(&Attacking { attack, target })).await;
        let Ordered { n } = ordered.map_err(|failure| match failure {
            Failure::Refused { status: 409, .. } => Failure::NoWindow,
            other => other,
        })?;
        // A form that the shop answers leads on to the page: the first request of the two is the attack.
        let is_it = |exchange: &Exchange| is_marked(exchange, n) && is_first(attack, target, exchange);
        let exchange = match self.awaited(is_it).await {
            Err(Failure::TimedOut) if !self.refresh_view().await?.attacker.window => return Err(Failure::NoWindow),
            awaited => awaited?,
        };
        // Under another of the server's names no cookie of this page would go along from anywhere.
        let own = self
            .bench
            .exchanges
            .with_untracked(|all| all.iter().rev().find(|own| own.from == Sender::Page).and_then(|own| host_of(own)));
        if own == host_of(&exchange) { Ok(exchange) } else { Err(Failure::NotHere) }
    }

    /// Shows the guestbook in a frame. `n` marks the request.
    pub(crate) async fn guestbook(&self, n: u64) -> Result<Frame, Failure> {
        let url = self.bench.path(&format!("guestbook?n={n}"));
        let title = self.bench.text().experiments().guestbook;
        Frame::load(FRAMES, title, &url).await.ok_or(Failure::Unreachable)
    }

    /// Waits until the script in the guestbook is done, and returns what it says of it.
    pub(crate) async fn finished(&self, frame: &Frame) -> Result<String, Failure> {
        for _ in 0..LOOKS {
            self.check_stop()?;
            if let Some(done) = frame.attribute("data-done") {
                return Ok(done);
            }
            browser::pause(LOOK_MS).await;
        }
        Err(Failure::TimedOut)
    }

    /// A number for something that has to be found again in the record.
    pub(crate) fn marker() -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of 2^40")]
        let marker = (browser::random() * 1_099_511_627_776.0) as u64;
        marker
    }

    /// The finding with what went over the wire for it.
    pub(crate) async fn finish(&self, mut measured: Measured) -> Result<Measured, Failure> {
        let mut all = self.recorded().await?;
        let over = all.len().saturating_sub(SHOWN);
        all.drain(..over);
        measured.exchanges = all.into_iter().map(Arc::new).collect();
        Ok(measured)
    }
}

/// The name of the host that was asked, without the port.
fn host_of(exchange: &Exchange) -> Option<String> {
    let host = header(&exchange.request.headers, "host").next()?;
    Origin::parse(&format!("http://{host}")).map(|origin| origin.host)
}

/// Whether the request has this number in its query.
pub(crate) fn is_marked(exchange: &Exchange, n: u64) -> bool {
    let query = exchange.request.path.split_once('?').map_or("", |(_, query)| query);
    let marker = format!("n={n}");
    query.split('&').any(|pair| pair == marker)
}

/// Whether the exchange is the attack itself rather than the page that it leads to.
fn is_first(attack: Attack, target: Target, exchange: &Exchange) -> bool {
    match (attack, target) {
        (Attack::FormPost | Attack::Fetch, Target::Shop) => exchange.request.method == "POST",
        _ => true,
    }
}

/// Whether a credential of a cookie scheme, or a Bearer, came along.
pub(crate) fn brought_credential(exchange: &Exchange, carrier: Carrier) -> bool {
    use domain::{cookie::pairs, scheme::Credential};
    let headers = &exchange.request.headers;
    match carrier {
        Carrier::Cookie => header(headers, "cookie")
            .any(|cookies| pairs(cookies).any(|(name, _)| Credential::of_cookie(name).is_some())),
        Carrier::LocalStorage => header(headers, "authorization").next().is_some(),
    }
}

/// The body of a good answer; else why there is none.
pub(crate) fn good<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if answer.ok()
        && let Ok(body) = serde_json::from_str(&answer.body)
    {
        return Ok(body);
    }
    let detail = serde_json::from_str::<Problem>(&answer.body).map(|problem| problem.detail).unwrap_or_default();
    Err(Failure::Refused { status: answer.status, detail })
}

pub(crate) fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}
