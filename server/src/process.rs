//! What all labs of the process share: the state behind the routes.

use crate::{
    auth::password::Passwords,
    bounds,
    lab::{Lab, Secret, Shared},
    metrics::Reading,
    origins::{self, Configured, Origins},
    process::{labs::Labs, replay::Replayer},
    store::{Database, Stores},
};
use app::boot::Assets;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

pub(crate) mod labs;
pub(crate) mod replay;

/// How often labs are swept of what is over.
const SWEEP: Duration = Duration::from_secs(5);

/// How long the stores may take to close.
const CLOSING: Duration = Duration::from_secs(2);

/// What a process is made from.
#[derive(Debug)]
pub struct Settings {
    pub(crate) secret: Arc<Secret>,
    pub(crate) stores: Arc<Stores>,
    pub(crate) configured: Configured,
    /// Where the page and the attacker are listened for; nowhere in most tests.
    pub(crate) listens: Option<(SocketAddr, SocketAddr)>,
    pub(crate) assets: Assets,
    pub(crate) site: Option<PathBuf>,
    /// What this process is called among others, if anything.
    pub(crate) node_name: Option<String>,
    /// Whether `/metrics` is told on an address of its own.
    pub(crate) metrics_apart: bool,
    /// Whether what crosses the wire is recorded.
    pub(crate) is_recording: bool,
    pub(crate) max_labs: u64,
    pub(crate) lab_idle: Duration,
}

/// What a test or a measurement asked for is no address of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no address of a store")]
pub struct NoStore;

impl Settings {
    /// A server without a built page: everything works but the files. `SQLite` keeps sessions in memory, and may take
    /// longer than any store takes, however slow the machine is.
    #[must_use]
    pub fn without_site(secret: Vec<u8>, public_origin: Option<String>) -> Self {
        let name = |kind| format!("/pkg/login-lab.{kind}");
        let stores = Database::in_memory().map(Stores::with_sqlite).unwrap_or_default();
        Self {
            secret: Arc::new(Secret(secret)),
            stores: Arc::new(stores.with_patience(Duration::from_mins(1))),
            configured: Configured { public: public_origin, attacker: None },
            listens: None,
            assets: Assets { js: name("js"), wasm: name("wasm"), css: name("css"), reload: None },
            site: None,
            node_name: None,
            metrics_apart: false,
            is_recording: true,
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

    /// With room for so many labs, each of which goes when it was idle for so long.
    #[must_use]
    pub fn with_labs(mut self, most: u64, idle: Duration) -> Self {
        (self.max_labs, self.lab_idle) = (most, idle);
        self
    }

    /// With these servers as stores, as `--redis-url` and `--memcached-url` take them.
    ///
    /// # Errors
    /// [`NoStore`] when one is no address. Whether there is anybody at it, requests find out.
    pub fn with_servers(mut self, redis: Option<&str>, memcached: Option<&str>) -> Result<Self, NoStore> {
        let stores = Arc::get_mut(&mut self.stores).ok_or(NoStore)?;
        redis.map_or(Some(()), |url| stores.use_redis(url)).ok_or(NoStore)?;
        memcached.map_or(Some(()), |address| stores.use_memcached(address)).ok_or(NoStore)?;
        Ok(self)
    }
}

/// All labs of this process, and what they share.
#[derive(Debug)]
pub struct Process {
    pub(crate) labs: Labs,
    pub(crate) stores: Arc<Stores>,
    pub(crate) passwords: Passwords,
    /// Where the page's files were at the start.
    pub(crate) assets: Arc<Assets>,
    pub(crate) site: Option<PathBuf>,
    pub(crate) origins: Arc<Origins>,
    pub(crate) replayer: Replayer,
    pub(crate) node_name: Option<String>,
    pub(crate) metrics_apart: bool,
    pub(crate) is_recording: bool,
    /// Places for requests of the lesson under way, and among them for those of crowds.
    pub(crate) work: Arc<Semaphore>,
    pub(crate) crowd_work: Arc<Semaphore>,
    /// Ends when the server is going down.
    pub(crate) closing: CancellationToken,
}

impl Process {
    pub(crate) fn new(settings: Settings) -> Self {
        let (addr, attacker_addr) = settings.listens.unwrap_or((origins::ADDR, origins::ATTACKER_ADDR));
        let origins = Arc::new(Origins::new(settings.configured, addr, attacker_addr));
        let stores = Arc::clone(&settings.stores);
        let shared = Shared { secret: settings.secret, stores, origins: Arc::clone(&origins), budget: Arc::default() };
        Self {
            labs: Labs::new(shared, settings.max_labs, settings.lab_idle),
            stores: settings.stores,
            passwords: Passwords::new(),
            assets: Arc::new(settings.assets),
            site: settings.site,
            node_name: settings.node_name,
            metrics_apart: settings.metrics_apart,
            is_recording: settings.is_recording,
            replayer: Replayer::new(settings.listens.map(|(addr, _)| addr), &origins.public),
            origins,
            work: Arc::new(Semaphore::new(bounds::REQUESTS)),
            crowd_work: Arc::new(Semaphore::new(bounds::CROWD_REQUESTS)),
            closing: CancellationToken::new(),
        }
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

    /// Sweeps every lab from time to time, until the server closes. One that cannot be is left for the next time.
    pub async fn keep_tidy(&self) {
        let mut tick = interval(SWEEP);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.closing.run_until_cancelled(tick.tick()).await.is_some() {
            self.labs.tidy();
            self.stores.check_all().await;
            for lab in self.labs.all() {
                // Both are asked: each notes what it sees.
                if lab.store_came_or_went().await | lab.attacker.window_came_or_went() {
                    lab.has_changed();
                }
                lab.record.pack();
                match lab.sweep().await {
                    Ok(true) => lab.has_changed(),
                    Ok(false) => {}
                    Err(error) => tracing::debug!(%error, "a lab could not be swept"),
                }
            }
        }
    }

    pub(crate) fn readings(&self) -> [Reading; 6] {
        let labs = self.labs.all();
        let under_way = bounds::REQUESTS - self.work.available_permits();
        let sum = |count: fn(&Lab) -> usize| labs.iter().map(|lab| count(lab) as u64).sum();
        [
            ("labs", "Labs", labs.len() as u64),
            ("labs_lived_in", "Labs in which somebody has logged in or listens", sum(|lab| lab.is_lived_in().into())),
            ("event_streams", "Event streams that are open", sum(Lab::streams)),
            ("memory_sessions", "Sessions in the memory of labs' own servers", sum(Lab::in_memory)),
            ("crowds", "Crowds on their way", sum(|lab| lab.crowds.is_running().into())),
            ("requests_under_way", "Requests of the lesson that are worked on", under_way as u64),
        ]
    }

    pub(crate) fn public_origin(&self) -> Option<&str> {
        self.origins.configured.public.as_deref()
    }

    pub(crate) fn is_https(&self) -> bool {
        self.public_origin().is_some_and(|origin| origin.starts_with("https://"))
    }
}
