//! The page's state, and the one way in which it changes.
//!
//! Signals hold what was seen: the server's view, the wire log, what the browser holds. What is shown is
//! derived from them. Nothing here knows a component.

use crate::{
    browser::{self, Outgoing, Patience},
    state::{
        boot::{Boot, Room, Theme},
        guide::Guide,
        lazy::Files,
        read::{facts, read},
        results::Experiments,
    },
    text::{Lang, Text},
};
use domain::{
    Seconds,
    api::ArrivedCookies,
    cookie::{CookieOptions, SameSite, pairs},
    crowd::{CrowdProgress, CrowdRequest},
    exchange::{Exchange, ExchangeId},
    lesson::{
        measured::Failure,
        said::Said,
        standing::{Standing, standing},
    },
    scheme::{Credential, Scheme, storage_key},
    topology::StoreKind,
    view::{Arrived, BrowserView, ServerView},
};
use leptos::prelude::*;
use std::sync::Arc;

/// How many exchanges the page keeps, as many as the server does.
const KEPT: usize = 200;

/// How many credentials keep their colour.
const SHOWN: usize = 600;

/// Whether the server's news reach the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Not open yet, or closed on purpose while nobody looks.
    Waiting,
    /// Open.
    Live,
    /// Cut off; what is shown may be old.
    Cut,
}

/// The page's state. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Bench {
    /// What the server rendered the page from.
    pub(crate) boot: StoredValue<Arc<Boot>>,
    /// The page's language. Another one is another page.
    pub(crate) lang: Lang,
    pub(crate) theme: RwSignal<Option<Theme>>,
    pub(crate) scheme: RwSignal<Scheme>,
    pub(crate) options: RwSignal<CookieOptions>,
    pub(crate) view: RwSignal<ServerView>,
    /// Oldest first.
    pub(crate) exchanges: RwSignal<Vec<Arc<Exchange>>>,
    pub(crate) browser: RwSignal<BrowserView>,
    pub(crate) said: RwSignal<Option<Said>>,
    /// The same in words.
    pub(crate) said_words: RwSignal<String>,
    /// The crowd that is on its way.
    pub(crate) crowd: RwSignal<Option<CrowdProgress>>,
    pub(crate) link: RwSignal<Link>,
    /// Whether the server has a newer page than this one.
    pub(crate) is_old: RwSignal<bool>,
    /// What the experiments measured, and the one that runs.
    pub(crate) experiments: Experiments,
    /// Which room is shown.
    pub(crate) room: RwSignal<Room>,
    /// Whether the lab may have results that are not here. Set again, it is asked for them again.
    pub(crate) keeps_results: RwSignal<bool>,
    /// Whether a JWT was opened: the next one stands in the same place, which is open then.
    pub(crate) opens_tokens: RwSignal<bool>,
    /// The parts of the page that come later.
    pub(crate) files: Files<Bench>,
    /// Where the visitor is in the guide.
    pub(crate) guide: Guide,
    /// The lab's clock, going on between two views.
    pub(crate) now: RwSignal<Seconds>,
    /// The lab's clock minus the browser's.
    pub(crate) offset: StoredValue<f64>,
    /// Whether the page answers to clicks.
    pub(crate) hydrated: RwSignal<bool>,
    /// How many exchanges came in since the page was loaded, for what moves between the places.
    pub(crate) arrivals: RwSignal<u32>,
    /// The last exchange before the switch was moved or the servers arranged: what the flow shows came after it.
    pub(crate) switched_after: RwSignal<ExchangeId>,
    /// The credentials in the order in which the page showed them first, for their colours.
    credentials: StoredValue<Vec<String>>,
    /// Whether *Server stores* shows the crowd.
    pub(crate) shows_crowd: RwSignal<bool>,
    /// How many items the cart had by the last answer about it.
    pub(crate) cart: StoredValue<usize>,
    /// The credential that was held last, whether or not one has logged out since.
    pub(crate) copy: RwSignal<Option<String>>,
    /// Which shared store was picked for *Separate storage*.
    pub(crate) shared: RwSignal<Option<StoreKind>>,
    /// How often it was asked which cookies arrive, and which of the answers is in.
    questions: StoredValue<(u32, u32)>,
    /// How many items this page has put into carts, to take the next one.
    pub(crate) added: StoredValue<usize>,
}

impl Bench {
    pub(crate) fn new(boot: Boot, files: Files<Self>) -> Self {
        let cookies = boot.arrived.clone();
        let said = boot.no_such_claim.then_some(Said::NoSuchClaim).or(boot.outcome.map(Said::Outcome));
        let said_words = said.as_ref().map(|said| said_first(boot.lang, said));
        Self {
            lang: boot.lang,
            theme: RwSignal::new(boot.theme),
            scheme: RwSignal::new(boot.scheme),
            options: RwSignal::new(boot.options),
            view: RwSignal::new(boot.view.clone()),
            exchanges: RwSignal::new(boot.exchanges.iter().cloned().map(Arc::new).collect()),
            browser: RwSignal::new(BrowserView { arrived: cookies, ..BrowserView::default() }),
            said: RwSignal::new(said),
            said_words: RwSignal::new(said_words.unwrap_or_default()),
            crowd: RwSignal::new(boot.view.crowd.running.clone()),
            link: RwSignal::new(Link::Waiting),
            is_old: RwSignal::new(false),
            experiments: Experiments::default(),
            room: RwSignal::new(boot.room),
            keeps_results: RwSignal::new(boot.has_results),
            opens_tokens: RwSignal::new(false),
            files,
            guide: Guide::of(&boot),
            now: RwSignal::new(boot.view.now),
            offset: StoredValue::new(0.0),
            hydrated: RwSignal::new(false),
            arrivals: RwSignal::new(0),
            switched_after: RwSignal::new(0),
            credentials: StoredValue::new(Vec::new()),
            shows_crowd: RwSignal::new(false),
            cart: StoredValue::new(0),
            copy: RwSignal::new(None),
            shared: RwSignal::new(None),
            questions: StoredValue::new((0, 0)),
            added: StoredValue::new(0),
            boot: StoredValue::new(Arc::new(boot)),
        }
    }

    /// What the page's address says: the scheme, the claim that is open, and the room.
    pub(crate) fn query(self) -> String {
        let mut query = format!("scheme={}", self.scheme.get());
        if let Some(claim) = self.guide.claim.get() {
            query.extend(["&claim=", &claim]);
        }
        let room = self.room.get();
        if room != Room::Desk {
            query.extend(["&", room.name(), "=1"]);
        }
        query
    }

    /// The words of the page's language.
    pub(crate) fn text(self) -> &'static Text {
        self.lang.text()
    }

    /// Takes along what was chosen in the page before it answered to clicks.
    pub(crate) fn take_chosen(self, form: &[(String, String)]) {
        let mut options = CookieOptions { http_only: false, ..self.options.get_untracked() };
        for (name, value) in form {
            match name.as_str() {
                "scheme" => {
                    if let Ok(scheme) = value.parse() {
                        self.scheme.set(scheme);
                    }
                }
                // A box that is ticked comes twice: the hidden `false` first.
                "http_only" => options.http_only = value == "true",
                "secure" => options.secure = value == "true",
                "host_prefix" => options.host_prefix = value == "true",
                "same_site" => {
                    if let Some(same_site) = SameSite::ALL.into_iter().find(|one| one.name() == value) {
                        options.same_site = same_site;
                    }
                }
                "max_age" => options.max_age = value.parse().ok(),
                _ => {}
            }
        }
        if form.is_empty() {
            return;
        }
        self.options.set(options);
    }

    /// One word of it.
    pub(crate) fn word(self, pick: fn(&'static Text) -> &'static str) -> &'static str {
        pick(self.text())
    }

    pub(crate) fn boot(self) -> Arc<Boot> {
        self.boot.get_value()
    }

    /// The lab's id.
    pub(crate) fn lab(self) -> String {
        self.boot().lab.clone()
    }

    /// The cookie options as the server writes them.
    pub(crate) fn written(self) -> CookieOptions {
        let options = self.options.get();
        CookieOptions { secure: options.is_secure(self.is_https()), ..options }
    }

    /// Whether the page came by https.
    pub(crate) fn is_https(self) -> bool {
        self.boot.with_value(|boot| boot.origin.starts_with("https:"))
    }

    /// The path of the lab's page, or of something below it.
    pub(crate) fn path(self, below: &str) -> String {
        if below.is_empty() { format!("/lab/{}", self.lab()) } else { format!("/lab/{}/{below}", self.lab()) }
    }

    /// The credential that the page's script holds, if any.
    pub(crate) fn stored(self) -> Option<String> {
        browser::stored(&storage_key(&self.lab()))
    }

    /// As which credential of all this one was first shown: neighbours in time never share a colour.
    pub(crate) fn order_of(self, credential: &str) -> usize {
        let known = self.credentials.with_value(|all| all.iter().position(|known| known == credential));
        known.unwrap_or_else(|| {
            self.credentials.update_value(|all| {
                // A page that is never closed starts over at some time.
                if all.len() >= SHOWN {
                    all.clear();
                }
                all.push(credential.to_owned());
            });
            self.credentials.with_value(Vec::len) - 1
        })
    }

    /// Puts the credential into localStorage, or takes it out. Whether it is so then: a browser may refuse.
    pub(crate) fn keep(self, credential: Option<&str>) -> bool {
        let key = storage_key(&self.lab());
        match credential {
            Some(credential) => browser::store(&key, credential),
            None => browser::forget(&key),
        }
        self.look_at_browser();
        self.browser.with_untracked(|browser| browser.stored.as_deref() == credential)
    }

    /// Reads again what scripts can see of the browser.
    pub(crate) fn look_at_browser(self) {
        let stored = self.stored();
        let cookies = browser::script_cookies();
        let script_cookies: Vec<_> = pairs(&cookies).map(arrived).collect();
        self.browser.update(|browser| {
            browser.stored = stored;
            browser.script_cookies = script_cookies;
        });
        self.copy_held();
    }

    /// Keeps a copy of what is held, as whoever looks over one's shoulder could.
    fn copy_held(self) {
        if let Some(held) = self.browser.with_untracked(|browser| held(browser).into_iter().next())
            && self.copy.with_untracked(|copy| copy.as_ref() != Some(&held.value))
        {
            self.copy.set(Some(held.value));
        }
    }

    /// Asks the server which cookies arrive: the only way to know of those that scripts cannot see. An answer that comes
    /// after that to a later question says nothing any more.
    pub(crate) async fn look_at_arrivals(self) {
        let question = self.questions.try_update_value(|asked| {
            asked.0 += 1;
            asked.0
        });
        let outgoing = Outgoing {
            method: "GET",
            url: self.path("control/cookies"),
            bearer: None,
            body: None,
            cookies: true,
            ..Outgoing::default()
        };
        if let Ok(answer) = browser::fetch(outgoing).await
            && let Some(ArrivedCookies { cookies }) = read(&answer.body)
            && self.questions.with_value(|(_, answered)| question > Some(*answered))
        {
            self.questions.update_value(|(_, answered)| *answered = question.unwrap_or_default());
            self.look_at_browser();
            if self.browser.with_untracked(|browser| browser.arrived != cookies) {
                self.browser.update(|browser| browser.arrived = cookies);
                self.copy_held();
            }
        }
    }

    /// The request that sends a crowd. Its answer takes as long as the crowd does, which may be minutes.
    pub(crate) fn crowd_request(self, request: &CrowdRequest) -> Outgoing {
        Outgoing {
            method: "POST",
            url: self.path("control/crowd"),
            body: serde_json::to_string(request).ok(),
            cookies: true,
            patience: Patience::Endless,
            ..Outgoing::default()
        }
    }

    /// Takes in what the server holds, unless something newer is here already.
    pub(crate) fn take_view(self, view: ServerView) {
        if self.view.with_untracked(|known| view.is_older_than(known)) {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a f64 exactly")]
        self.offset.set_value(view.now as f64 - browser::unix_seconds());
        self.now.set(view.now);
        self.take_crowd(view.crowd.running.clone());
        self.view.set(view);
    }

    /// Takes in how far the crowd is. Of two such news the later one counts, whichever comes first.
    pub(crate) fn take_crowd(self, news: Option<CrowdProgress>) {
        let is_news = self.crowd.with_untracked(|known| match (known, &news) {
            (Some(known), Some(news)) => known.request != news.request || known.elapsed_ms < news.elapsed_ms,
            (known, news) => known.is_some() || news.is_some(),
        });
        if is_news {
            self.crowd.set(news);
        }
    }

    /// Whether something runs that a click would disturb.
    pub(crate) fn is_busy(self) -> bool {
        self.experiments.is_running() || self.guide.tour.with(Option::is_some)
    }

    /// Whether there are several servers, so that it matters which one answered.
    pub(crate) fn has_several(self) -> bool {
        self.view.with_untracked(|view| view.nodes.len() > 1)
    }

    /// Whether a token is chosen or held, so that it matters which keys sign.
    pub(crate) fn uses_tokens(self) -> bool {
        self.scheme.get().credential == Credential::Jwt
            || self.browser.with(|browser| held(browser).iter().any(|held| held.scheme.credential == Credential::Jwt))
    }

    /// Whether each server has a copy of every session, which may be behind another one's.
    pub(crate) fn is_copied(self) -> bool {
        self.view.with(|view| view.topology.store == StoreKind::Replicated)
    }

    /// Whether the attacker has something.
    pub(crate) fn has_loot(self) -> bool {
        self.view.with(|view| !view.attacker.loot.is_empty())
    }

    /// Lets the lab's clock go on.
    pub(crate) fn tick(self) {
        let now = browser::unix_seconds() + self.offset.get_value();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time after 1970")]
        let now = now as Seconds;
        if now > self.now.get_untracked() {
            self.now.set(now);
        }
    }

    /// Takes a new exchange in, in its place, once.
    pub(crate) fn take_exchange(self, exchange: Exchange) {
        let known = self.exchanges.with_untracked(|all| all.iter().any(|known| known.id == exchange.id));
        if known {
            return;
        }
        self.exchanges.update(|all| {
            let at = all.partition_point(|known| known.id < exchange.id);
            all.insert(at, Arc::new(exchange));
            let over = all.len().saturating_sub(KEPT);
            all.drain(..over);
        });
        self.arrivals.update(|n| *n = n.wrapping_add(1));
    }

    /// The exchanges that are here, by their numbers.
    pub(crate) fn known_exchanges(self) -> Vec<ExchangeId> {
        self.exchanges.with_untracked(|all| all.iter().map(|exchange| exchange.id).collect())
    }

    /// Takes the whole record in, which was asked for when these were known. What came in meanwhile stays.
    pub(crate) fn take_exchanges(self, exchanges: Vec<Exchange>, known: &[ExchangeId]) {
        let last = exchanges.last().map(|exchange| exchange.id);
        let since = self.exchanges.with_untracked(|all| {
            let is_new = |exchange: &&Arc<Exchange>| !known.contains(&exchange.id) && Some(exchange.id) > last;
            all.iter().filter(is_new).cloned().collect::<Vec<_>>()
        });
        self.exchanges.set(exchanges.into_iter().map(Arc::new).chain(since).collect());
        // Their numbers began anew with the lab.
        if self.last_exchange().unwrap_or(0) < self.switched_after.get_untracked() {
            self.switched_after.set(0);
        }
    }

    /// The flow shows what happens from now on.
    pub(crate) fn begin_flow(self) {
        self.switched_after.set(self.last_exchange().unwrap_or(0));
    }

    pub(crate) fn last_exchange(self) -> Option<ExchangeId> {
        self.exchanges.with_untracked(|all| all.last().map(|exchange| exchange.id))
    }

    /// Says what came of an action.
    pub(crate) fn say(self, said: Said) {
        self.said_words.set(self.lang.said(&said));
        self.said.set(Some(said));
    }

    /// Says nothing more: what was said last is over.
    pub(crate) fn hush(self) {
        self.said_words.set(String::new());
        self.said.set(None);
    }

    /// The server answers: that it did not is over.
    pub(crate) fn is_reached(self) {
        if self.said.with_untracked(|said| matches!(said, Some(Said::Unreachable))) {
            self.hush();
        }
    }

    /// Says that the file did not come in which all other words are.
    pub(crate) fn say_not_loaded(self) {
        self.said_words.set(self.text().page.part_failed.to_owned());
        self.said.set(Some(Said::Failed(Failure::NotLoaded)));
    }
}

fn arrived((name, value): (&str, &str)) -> Arrived {
    Arrived { name: name.to_owned(), value: value.to_owned() }
}

/// The credential that the browser's next request will carry, and how: what the page shows and what its
/// tamper field starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) scheme: Scheme,
    pub(crate) value: String,
}

/// What is said on the page that the server writes.
#[cfg(feature = "ssr")]
fn said_first(lang: Lang, said: &Said) -> String {
    lang.said(said)
}

/// The browser reads it from there.
#[cfg(not(feature = "ssr"))]
fn said_first(_: Lang, _: &Said) -> String {
    browser::texts("page", "[role=status]").into_iter().next().unwrap_or_default()
}

/// What they are worth, by what both sides show.
pub(crate) fn stands(bench: Bench) -> Standing {
    let held = bench.browser.with(held);
    let held: Vec<_> = held.iter().map(|held| (held.scheme, held.value.as_str())).collect();
    let now = bench.now.get();
    bench.view.with(|view| standing(&held, view, now, facts))
}

/// The credentials that a browser in this state holds. More than one is a mistake that the server refuses.
pub(crate) fn held(browser: &BrowserView) -> Vec<Held> {
    use domain::scheme::Carrier;
    let cookies = browser.cookies().filter_map(|(cookie, _)| {
        let credential = Credential::of_cookie(&cookie.name)?;
        Some(Held { scheme: Scheme::new(credential, Carrier::Cookie), value: cookie.value.clone() })
    });
    let stored = browser.stored.iter().map(|value| Held {
        scheme: Scheme::new(Credential::of_bearer(value), Carrier::LocalStorage),
        value: value.clone(),
    });
    cookies.chain(stored).collect()
}
