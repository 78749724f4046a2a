//! The settings: flags, and `LOGIN_LAB_*` variables for each.

use crate::{
    auth::random,
    clients::ForwardedHeader,
    http::assets::{self, NoPage},
    lab::Secret,
    origins::{self, Configured},
    process::Settings,
    store::{Database, Stores},
};
use clap::{Parser, ValueEnum};
use ipnet::IpNet;
use std::{
    fmt, fs, io,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// The least bytes of a secret: 256 bits, as long as the keys that are derived from it.
const SECRET_BYTES: usize = 32;

/// Who holds your login, the browser or the server? A lab to watch it in.
#[derive(Debug, Parser)]
#[allow(clippy::doc_markdown, reason = "these comments are what --help prints")]
#[command(name = "login-lab", version, max_term_width = 100)]
pub struct Config {
    /// Where to listen; port 0 takes a free one, which is printed
    #[arg(long, env = "LOGIN_LAB_ADDR", default_value = "127.0.0.1:3000", value_parser = address)]
    pub addr: SocketAddr,

    /// The origin under which visitors see this server, such as `https://lab.example`; with https, the cookies
    /// that the server sets are Secure (the probes apart, which are as they are) and browsers are told to come back
    /// by https only. Browsers that open the page under another name are sent there, so a proxy in front must pass
    /// Host on, or say it in X-Forwarded-Host
    #[arg(long, env = "LOGIN_LAB_PUBLIC_ORIGIN", value_parser = origin)]
    pub public_origin: Option<String>,

    /// The addresses of proxies in front of this server, or networks such as 10.0.0.0/8, with commas between them. They
    /// say for whom they ask, so that each visitor has bounds of their own; without, all who come by a proxy share one's
    #[arg(long, env = "LOGIN_LAB_TRUSTED_PROXY", value_name = "IP", value_delimiter = ',', value_parser = network)]
    pub trusted_proxy: Vec<IpNet>,

    /// Where these proxies say for whom they ask. They have to write it themselves: what a client sends under this name
    /// must not come through
    #[arg(long, env = "LOGIN_LAB_FORWARDED_HEADER", value_name = "HEADER", default_value = "x-forwarded-for")]
    pub forwarded_header: ForwardedHeader,

    /// Where the attacker of the experiments listens, by default 127.0.0.1:3666, or a free port of 127.0.0.1 if
    /// that one is taken; port 0 takes a free one, which is printed
    #[arg(long, env = "LOGIN_LAB_ATTACKER_ADDR", value_name = "ADDR", value_parser = address)]
    pub attacker_addr: Option<SocketAddr>,

    /// The origin under which visitors' browsers reach the attacker, such as `https://evil.example`; by default
    /// the address where it listens. For the experiments to show anything it has to be another site than the
    /// page's
    #[arg(long, env = "LOGIN_LAB_ATTACKER_ORIGIN", value_name = "ORIGIN", value_parser = origin)]
    pub attacker_origin: Option<String>,

    /// What this process is called among several, in `/readyz` and `/metrics`
    #[arg(long, env = "LOGIN_LAB_NODE_NAME", value_name = "NAME", value_parser = name)]
    pub node_name: Option<String>,

    /// Where `/metrics` is told, apart from the page; without, it is told at --addr. Port 0 takes a free one, which is
    /// printed
    #[arg(long, env = "LOGIN_LAB_METRICS_ADDR", value_name = "ADDR", value_parser = address)]
    pub metrics_addr: Option<SocketAddr>,

    /// How the log is written, on stderr: for people, or an object of JSON a line
    #[arg(long, env = "LOGIN_LAB_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// A file with a secret of at least 32 bytes, from which every lab's token keys are derived, for a lab that is spread over
    /// several processes; without, the secret is random. No token outlives this process either way
    #[arg(long, env = "LOGIN_LAB_SECRET_FILE", value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// The file in which the store SQLite keeps sessions over a restart; made if it is not there. Without, it
    /// is a temporary file, which goes with the process
    #[arg(long, env = "LOGIN_LAB_SQLITE", value_name = "FILE")]
    pub sqlite: Option<PathBuf>,

    /// The Redis (6 or newer) that the page offers as a store, such as redis://127.0.0.1:6379, with
    /// redis://:PASSWORD@HOST:PORT/DB or unix:///path/to.sock where need be; no TLS. It may be out of reach
    // The variable's value is not shown, for there may be a password in it.
    #[arg(long, env = "LOGIN_LAB_REDIS_URL", value_name = "URL", hide_env_values = true)]
    pub redis_url: Option<StoreUrl>,

    /// The memcached (1.6.12 or newer) that the page offers as a store, such as 127.0.0.1:11211 or
    /// unix:///path/to.sock; without a password. It may be out of reach
    #[arg(long, env = "LOGIN_LAB_MEMCACHED_URL", value_name = "HOST:PORT", hide_env_values = true)]
    pub memcached_url: Option<StoreUrl>,

    /// The built page; by default target/site here, else ../site beside the program's directory
    #[arg(long, env = "LOGIN_LAB_SITE", value_name = "DIR")]
    pub site: Option<PathBuf>,

    /// The most labs at once; with one more, the one that lay idle longest goes
    #[arg(long, env = "LOGIN_LAB_MAX_LABS", default_value_t = 1000, allow_negative_numbers = true, value_parser = |text: &str| within(text, 1..=1_000_000))]
    pub max_labs: u64,

    /// The seconds after which an idle lab goes
    #[arg(long, env = "LOGIN_LAB_LAB_IDLE", default_value_t = 3600, allow_negative_numbers = true, value_parser = |text: &str| within(text, 1..=31_536_000))]
    pub lab_idle: u64,

    /// Whether what crosses the wire is recorded. Without, the page shows nothing of it: for measuring what the record
    /// costs
    #[arg(long, env = "LOGIN_LAB_RECORD", value_name = "WHETHER", default_value = "on")]
    pub record: Whether,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Whether {
    /// It is.
    On,
    /// It is not.
    Off,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A line of JSON.
    Json,
}

/// Where a store is. There may be a password in it, so nothing shows it.
#[derive(Clone)]
pub struct StoreUrl(String);

// Whether it is one is seen later: here, the message would repeat it.
impl From<String> for StoreUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreUrl(…)")
    }
}

/// The settings cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The secret cannot be read.
    #[error("the secret file {} cannot be read ({}); name a readable one with --secret-file", .0.display(), .1)]
    SecretFile(PathBuf, #[source] io::Error),
    /// The secret has only so many bytes.
    #[error(
        "the secret in {} has {} bytes; it needs at least {SECRET_BYTES}: head -c 32 /dev/urandom > FILE",
        .0.display(),
        .1
    )]
    ShortSecret(PathBuf, usize),
    /// The sessions' database cannot be used, and why.
    #[error(
        "the sessions' database {} cannot be used ({}); name another file with --sqlite, or none for a temporary one",
        .0.display(),
        .1
    )]
    Sqlite(PathBuf, String),
    /// The address of Redis is none.
    #[error("what --redis-url says is no address; write redis://HOST:PORT, or redis://:PASSWORD@HOST:PORT/DB")]
    RedisUrl,
    /// The address of memcached is none.
    #[error("what --memcached-url says is no address; write HOST:PORT, without user and password")]
    MemcachedUrl,
    /// The system gives no random numbers.
    #[error("{0}")]
    Random(String),
    /// The built page is nowhere.
    #[error("there is no directory {}: build the page (cargo leptos build) or say where it is (--site)", .0.display())]
    NoSite(PathBuf),
    /// The built page is incomplete.
    #[error(transparent)]
    NoPage(#[from] NoPage),
}

/// Reads a number within its bounds.
fn within(text: &str, bounds: RangeInclusive<u64>) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| bounds.contains(number));
    number.ok_or_else(|| format!("it takes a whole number from {} to {}", bounds.start(), bounds.end()))
}

/// Whether it can stand in labels and lines of the log as it is.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

/// Reads a name.
fn name(text: &str) -> Result<String, &'static str> {
    is_name(text).then(|| text.to_owned()).ok_or("it takes 1 to 64 letters, digits, - _ and .")
}

/// Reads an address to listen on.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "it takes an IP address and a port, such as 127.0.0.1:3000 or [::1]:3000".to_owned())
}

/// Reads a network, or an address, which is the smallest one.
fn network(text: &str) -> Result<IpNet, &'static str> {
    let alone = || text.parse::<IpAddr>().map(|ip| IpNet::from(ip.to_canonical()));
    let network = text.parse::<IpNet>().or_else(|_| alone()).ok();
    // Addresses of IPv4 that are written as IPv6 are looked at as IPv4.
    let network = network.filter(|network| network.addr() == network.addr().to_canonical());
    network.ok_or("it takes an IP address or a network, such as 10.0.0.7 or 10.0.0.0/8")
}

/// Reads `http(s)://host[:port]`, and writes it as browsers do: in small letters, without the scheme's own port.
fn origin(text: &str) -> Result<String, &'static str> {
    let origin = origins::parse(text.strip_suffix('/').unwrap_or(text)).filter(|_| !text.ends_with(':'));
    let origin = origin.ok_or("it is not an origin; write http(s)://host or http(s)://host:port")?;
    Ok(origin.ascii_serialization())
}

impl Config {
    /// Reads the secret and finds the page.
    ///
    /// # Errors
    /// [`ConfigError`], which says what to do.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let site = self.site();
        if !site.is_dir() {
            return Err(ConfigError::NoSite(site));
        }
        let assets = assets::find(&site)?;
        Ok(Settings {
            secret: Arc::new(self.secret()?),
            stores: Arc::new(self.stores()?),
            configured: Configured { public: self.public_origin.clone(), attacker: self.attacker_origin.clone() },
            listens: None,
            assets,
            site: Some(site),
            node_name: self.node_name.clone(),
            metrics_apart: self.metrics_addr.is_some(),
            is_recording: self.record == Whether::On,
            max_labs: self.max_labs,
            lab_idle: Duration::from_secs(self.lab_idle),
        })
    }

    fn site(&self) -> PathBuf {
        let here = Path::new("target/site");
        let beside = || std::env::current_exe().ok()?.parent()?.parent().map(|above| above.join("site"));
        let found = || if here.is_dir() { None } else { beside().filter(|site| site.is_dir()) };
        self.site.clone().or_else(found).unwrap_or_else(|| here.to_owned())
    }

    fn stores(&self) -> Result<Stores, ConfigError> {
        let mut stores = self.database()?.map(Stores::with_sqlite).unwrap_or_default();
        if let Some(StoreUrl(url)) = &self.redis_url {
            stores.use_redis(url).ok_or(ConfigError::RedisUrl)?;
        }
        if let Some(StoreUrl(url)) = &self.memcached_url {
            stores.use_memcached(url).ok_or(ConfigError::MemcachedUrl)?;
        }
        Ok(stores)
    }

    fn database(&self) -> Result<Option<Database>, ConfigError> {
        let Some(path) = &self.sqlite else {
            // Nobody asked for it, so that there is none is no reason not to start.
            let temporary = Database::temporary().or_else(|error| {
                tracing::warn!(%error, "there is no temporary file for SQLite; it keeps sessions in memory");
                Database::in_memory()
            });
            return Ok(temporary.ok());
        };
        Database::open(path).map(Some).map_err(|error| ConfigError::Sqlite(path.clone(), error.to_string()))
    }

    fn secret(&self) -> Result<Secret, ConfigError> {
        let Some(path) = &self.secret_file else {
            let secret = random::bytes::<SECRET_BYTES>().map_err(|error| ConfigError::Random(error.to_string()))?;
            return Ok(Secret(secret.to_vec()));
        };
        let secret = fs::read(path).map_err(|why| ConfigError::SecretFile(path.clone(), why))?;
        if secret.len() < SECRET_BYTES {
            return Err(ConfigError::ShortSecret(path.clone(), secret.len()));
        }
        Ok(Secret(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;
    use domain::topology::StoreKind;

    #[test]
    fn every_flag_is_documented_with_its_variable() {
        let mut command = Config::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        for name in [
            "ADDR",
            "PUBLIC_ORIGIN",
            "TRUSTED_PROXY",
            "FORWARDED_HEADER",
            "NODE_NAME",
            "METRICS_ADDR",
            "LOG_FORMAT",
            "ATTACKER_ADDR",
            "ATTACKER_ORIGIN",
            "SECRET_FILE",
            "SQLITE",
            "REDIS_URL",
            "MEMCACHED_URL",
            "SITE",
            "MAX_LABS",
            "LAB_IDLE",
        ] {
            assert!(help.contains(&format!("LOGIN_LAB_{name}")), "{name}");
        }
        assert!(command.get_arguments().all(|arg| arg.is_global_set() || arg.get_help().is_some()));
    }

    #[test]
    fn what_is_no_address_and_no_number_in_its_bounds_is_refused_with_what_it_takes() {
        for (arguments, says) in [
            (["--addr", "localhost:4000"], "such as 127.0.0.1:3000"),
            (["--attacker-addr", "4000"], "such as 127.0.0.1:3000"),
            (["--trusted-proxy", "::ffff:10.0.0.0/104"], "such as 10.0.0.7 or 10.0.0.0/8"),
            (["--trusted-proxy", "10.0.0.0/33"], "such as 10.0.0.7 or 10.0.0.0/8"),
            (["--lab-idle", "-5"], "from 1 to 31536000"),
            (["--max-labs", "0"], "from 1 to 1000000"),
        ] {
            let error = Config::try_parse_from(["login-lab"].into_iter().chain(arguments)).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn an_address_of_a_store_is_checked_at_the_start_and_its_password_shown_nowhere() {
        let config =
            |flag, url| Config::try_parse_from(["login-lab", flag, url]).expect("refused later, without the url");
        let good = config("--redis-url", "redis://:hunter2@redis.example:7000/1");
        let stores = good.stores().unwrap();
        assert_eq!(stores.address(StoreKind::Redis).as_deref(), Some("redis.example:7000"));
        assert_eq!(stores.address(StoreKind::Memcached), None);
        assert!(!format!("{good:?} {stores:?} {:?}", stores.offers()).contains("hunter2"));
        for (flag, urls) in [
            ("--redis-url", ["", "hunter2", "http://hunter2@h", "redis://:hunter2@h:port", "rediss://:hunter2@h"]),
            ("--memcached-url", ["", "hunter2", "a:hunter2@h:1", "memcached://h:hunter2", "http://hunter2"]),
        ] {
            for url in urls {
                let error = config(flag, url).stores().expect_err(url);
                assert!(
                    error.to_string().contains(flag) && !format!("{error} {error:?}").contains("hunter2"),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn an_origin_is_scheme_and_host_and_nothing_more() {
        for (text, is) in [
            ("https://Lab.example/", "https://lab.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://lab.example:443", "https://lab.example"),
            ("HTTP://lab.example:80", "http://lab.example"),
            ("http://lab.example:443", "http://lab.example:443"),
            ("http://[0:0::1]", "http://[::1]"),
            ("https://lab_1.example.", "https://lab_1.example."),
        ] {
            assert_eq!(origin(text).as_deref(), Ok(is), "{text}");
        }
        for text in [
            "",
            "lab.example",
            "ftp://x",
            "https://x/y",
            "https://x//",
            "https://",
            "https:///",
            "https:///x",
            "https:x",
            "https:/x",
            "https://a b",
            " https://x",
            "https://x ",
            "https://x\n",
            "https://x?y",
            "https://x?",
            "https://x#",
            "https://x/?y",
            "https://x:abc",
            "http://x:99999",
            "http://x:-1",
            "http://x:",
            "http://:80",
            "https://[zz]:1",
            "https://[::1",
            "https://::1",
            "https://user@x",
            "https://user:pw@x",
            "https://x\\y",
            "https://999.1.1.1",
            "null",
        ] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
