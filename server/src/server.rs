//! The server: all labs, and the one router in front of them.

use crate::{
    api, assets, attacker, control, docs, embedded,
    error::{LessonError, method_not_allowed, not_found, problem},
    headers,
    lab::Secret,
    labs::{Labs, is_lab_id},
    lost,
    origins::{self, Configured, Origins},
    password::Passwords,
    random, replay,
    store::{Database, Stores},
    welcome, wire,
};
use app::boot::Assets;
use axum::{
    Json, Router,
    extract::{RawQuery, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use domain::api::{Ready, StoreAnswers};
use futures::future::join_all;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How often labs are swept of what is over.
const SWEEP: Duration = Duration::from_secs(5);

/// How long the stores may take to close.
const CLOSING: Duration = Duration::from_secs(2);

/// What a server is made from.
#[derive(Debug)]
pub struct Settings {
    pub(crate) secret: Arc<Secret>,
    pub(crate) stores: Arc<Stores>,
    pub(crate) configured: Configured,
    /// Where the page and the attacker are listened for; nowhere in most tests.
    pub(crate) listens: Option<(SocketAddr, SocketAddr)>,
    pub(crate) assets: Assets,
    pub(crate) site: Option<PathBuf>,
    pub(crate) max_labs: u64,
    pub(crate) lab_idle: Duration,
}

impl Settings {
    /// A server without a built page: everything works but the files. `SQLite` keeps sessions in memory.
    #[must_use]
    pub fn without_site(secret: Vec<u8>, public_origin: Option<String>) -> Self {
        let name = |kind| format!("/pkg/login-lab.{kind}");
        Self {
            secret: Arc::new(Secret(secret)),
            stores: Arc::new(Database::in_memory().map(Stores::with_sqlite).unwrap_or_default()),
            configured: Configured { public: public_origin, attacker: None },
            listens: None,
            assets: Assets { js: name("js"), wasm: name("wasm"), css: name("css"), reload: None },
            site: None,
            max_labs: 1000,
            lab_idle: Duration::from_hours(1),
        }
    }

    /// Listening at these two addresses: the page's, and the attacker's.
    #[must_use]
    pub fn listening(mut self, addr: SocketAddr, attacker_addr: SocketAddr) -> Self {
        self.listens = Some((addr, attacker_addr));
        self
    }
}

/// What a test or a measurement asked for is no address of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no address of a store")]
pub struct NoStore;

impl Settings {
    /// With these servers as stores, as `--redis-url` and `--memcached-url` take them.
    ///
    /// # Errors
    /// [`NoStore`] when one is no address. Whether there is anybody at it, requests find out.
    pub fn with_servers(mut self, redis: Option<&str>, memcached: Option<&str>) -> Result<Self, NoStore> {
        let stores = Arc::get_mut(&mut self.stores).ok_or(NoStore)?;
        redis.map_or(Ok(()), |url| stores.use_redis(url)).map_err(|_| NoStore)?;
        memcached.map_or(Ok(()), |address| stores.use_memcached(address)).map_err(|_| NoStore)?;
        Ok(self)
    }
}

/// All labs of this process, and what they share.
#[derive(Debug)]
pub struct Server {
    labs: Labs,
    stores: Arc<Stores>,
    passwords: Passwords,
    assets: Arc<Assets>,
    site: Option<PathBuf>,
    origins: Arc<Origins>,
    replayer: replay::Replayer,
    lesson: Router,
    closing: CancellationToken,
}

impl Server {
    /// The server and the router in front of it.
    pub fn build(settings: Settings) -> (Arc<Self>, Router) {
        // Rendering needs it; that it is there already is no error.
        let _ = leptos_axum::generate_route_list(|| ());
        let (lesson, lesson_docs) = api::routes().split_for_parts();
        let (addr, attacker_addr) = settings.listens.unwrap_or((origins::ADDR, origins::ATTACKER_ADDR));
        let origins = Arc::new(Origins::new(settings.configured, addr, attacker_addr));
        let stores = Arc::clone(&settings.stores);
        let server = Arc::new(Self {
            labs: Labs::new(settings.secret, stores, Arc::clone(&origins), settings.max_labs, settings.lab_idle),
            stores: settings.stores,
            passwords: Passwords::new(),
            assets: Arc::new(settings.assets),
            site: settings.site.clone(),
            replayer: replay::Replayer::new(settings.listens.map(|(addr, _)| addr), &origins.public),
            origins,
            lesson: api::service(lesson),
            closing: CancellationToken::new(),
        });
        let (router, mut documented) = OpenApiRouter::new()
            .routes(routes!(home))
            .routes(routes!(healthz))
            .routes(routes!(readyz))
            .routes(routes!(embedded::page))
            .merge(control::routes(&server))
            .split_for_parts();
        documented.merge(lesson_docs);
        let docs = docs::Docs::new(documented, &server.assets);
        let router = router
            .route("/openapi.json", get(docs::json))
            .route("/api-docs", get(docs::page))
            .layer(axum::Extension(Arc::new(docs)))
            .route(embedded::SCRIPT, get(embedded::script))
            .route("/lab/{lab}", any(lesson_route))
            .route("/lab/{lab}/guestbook", any(lesson_route))
            .route("/lab/{lab}/api/{*rest}", any(lesson_route))
            .with_state(Arc::clone(&server))
            .method_not_allowed_fallback(method_not_allowed);
        let router = match &settings.site {
            Some(site) => router.fallback_service(assets::files(site)),
            None => router.fallback(not_found),
        };
        let router = router
            .layer(middleware::from_fn_with_state(Arc::clone(&server), welcome::at_the_public_origin))
            .layer(middleware::from_fn_with_state(Arc::clone(&server), guard_response));
        (server, router)
    }

    /// The router of the attacker's own listener.
    pub fn attacker_router(self: &Arc<Self>) -> Router {
        attacker::router(self)
    }

    /// Ends the event streams: the server is going down.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Closes the stores, and removes what is temporary. For the very end: nothing is kept any more.
    pub(crate) async fn close_stores(&self) {
        let stores = Arc::clone(&self.stores);
        if tokio::time::timeout(CLOSING, tokio::task::spawn_blocking(move || stores.close())).await.is_err() {
            tracing::warn!("the stores did not close within {} seconds", CLOSING.as_secs());
        }
    }

    /// Sweeps every lab from time to time, until the server closes. One that cannot be swept is left for the
    /// next time.
    pub async fn keep_tidy(&self) {
        let mut tick = interval(SWEEP);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.closing() => return,
                _ = tick.tick() => {}
            }
            self.labs.tidy();
            self.stores.check_all().await;
            for lab in self.labs.all() {
                // Both are asked: each notes what it sees.
                if lab.store_came_or_went().await | lab.attacker.window_came_or_went() {
                    lab.has_changed();
                }
                match lab.sweep().await {
                    Ok(true) => lab.has_changed(),
                    Ok(false) => {}
                    Err(error) => tracing::debug!(%error, "a lab could not be swept"),
                }
            }
        }
    }

    pub(crate) async fn closing(&self) {
        self.closing.cancelled().await;
    }

    pub(crate) fn labs(&self) -> &Labs {
        &self.labs
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Where the page's files are: as they were at the start, and in development as they are now.
    pub(crate) async fn assets(&self) -> Arc<Assets> {
        if let (Some(_), Some(site)) = (self.assets.reload, self.site.clone())
            && let Ok(Ok(assets)) = tokio::task::spawn_blocking(move || assets::find(&site)).await
        {
            return Arc::new(assets);
        }
        Arc::clone(&self.assets)
    }

    /// On which port the page hears of a new build, in development.
    pub(crate) fn reload_port(&self) -> Option<u16> {
        self.assets.reload
    }

    pub(crate) fn public_origin(&self) -> Option<&str> {
        self.origins.configured.as_deref()
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.origins
    }

    pub(crate) fn replayer(&self) -> &replay::Replayer {
        &self.replayer
    }

    pub(crate) fn is_https(&self) -> bool {
        self.public_origin().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// The lesson's service, the same on every node.
    pub(crate) fn lesson(&self) -> Router {
        self.lesson.clone()
    }
}

async fn guard_response(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let person = lost::person(&request);
    let mut response = next.run(request).await;
    if let Some(lang) = person.filter(|_| lost::is_lost(response.status(), response.headers())) {
        response = lost::page(lang, &server.assets);
    }
    headers::guard(response.headers_mut(), server.is_https());
    response
}

/// A request of the lesson, whatever it asks for.
async fn lesson_route(State(server): State<Arc<Server>>, request: Request) -> Response {
    let id = request.uri().path().split('/').nth(2).unwrap_or_default();
    if !is_lab_id(id) {
        return control::no_lab();
    }
    let lab = server.labs.lab(id);
    wire::take(server, lab, request).await
}

/// To a new lab.
#[utoipa::path(
    get, path = "/", tag = "server", responses((status = 303, description = "to a new lab; the query stays"))
)]
async fn home(RawQuery(query): RawQuery) -> Response {
    let id = match random::text() {
        Ok(id) => id,
        Err(error) => return LessonError::from(error).into_response(),
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    match HeaderValue::from_str(&format!("/lab/{id}{query}")) {
        Ok(to) => {
            let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, to), no_store]).into_response()
        }
        Err(_) => problem(StatusCode::BAD_REQUEST, "the query has characters that an address cannot have"),
    }
}

/// Whether the server is alive.
#[utoipa::path(get, path = "/healthz", tag = "server", responses((status = 200, body = String)))]
async fn healthz() -> Response {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], "ok").into_response()
}

/// Whether the stores that all nodes share answer; those that are not configured are left out.
#[utoipa::path(
    get, path = "/readyz", tag = "server",
    responses((status = 200, body = Ready), (status = 503, body = Ready, description = "one of them does not answer"))
)]
async fn readyz(State(server): State<Arc<Server>>) -> Response {
    let server = &server;
    let answers = |kind| async move { StoreAnswers { kind, answers: server.stores.answers(kind).await } };
    let stores = join_all(server.stores.configured().map(answers)).await;
    let all = stores.iter().all(|store| store.answers);
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, [no_store], Json(Ready { stores })).into_response()
}
