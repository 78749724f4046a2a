//! The settings: flags, and `LOGIN_LAB_*` variables for each.

use crate::{
    assets::{self, NoPage},
    lab::Secret,
    random,
    server::Settings,
    store::{Database, Stores},
};
use clap::Parser;
use std::{
    fs, io,
    net::SocketAddr,
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
    #[arg(long, env = "LOGIN_LAB_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// The origin under which visitors see this server, such as `https://lab.example`; with https, cookies
    /// are Secure and browsers are told to come back by https only
    #[arg(long, env = "LOGIN_LAB_PUBLIC_ORIGIN", value_parser = origin)]
    pub public_origin: Option<String>,

    /// A file with a secret of at least 32 bytes, from which every lab's token keys are derived; without,
    /// the secret is random and tokens die with this process
    #[arg(long, env = "LOGIN_LAB_SECRET_FILE", value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// The file in which the store SQLite keeps sessions over a restart; made if it is not there. Without, it
    /// is a temporary file, which goes with the process
    #[arg(long, env = "LOGIN_LAB_SQLITE", value_name = "FILE")]
    pub sqlite: Option<PathBuf>,

    /// The built page; by default target/site here, else ../site beside the program's directory
    #[arg(long, env = "LOGIN_LAB_SITE", value_name = "DIR")]
    pub site: Option<PathBuf>,

    /// The most labs at once; with one more, the one that lay idle longest goes
    #[arg(long, env = "LOGIN_LAB_MAX_LABS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub max_labs: u64,

    /// The seconds after which an idle lab goes
    #[arg(long, env = "LOGIN_LAB_LAB_IDLE", default_value_t = 3600, value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    pub lab_idle: u64,
}

/// The settings cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The secret cannot be read.
    #[error("the secret file {} cannot be read ({source}); name a readable one with --secret-file", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The secret is too short.
    #[error(
        "the secret in {} has {bytes} bytes; it needs at least {SECRET_BYTES}: head -c 32 /dev/urandom > FILE",
        path.display()
    )]
    ShortSecret {
        /// The file.
        path: PathBuf,
        /// How many it has.
        bytes: usize,
    },
    /// The sessions' database cannot be used.
    #[error(
        "the sessions' database {} cannot be used ({why}); name another file with --sqlite, or none for a temporary one",
        path.display()
    )]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
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

/// Reads `http(s)://host[:port]`.
fn origin(text: &str) -> Result<String, String> {
    let origin = text.strip_suffix('/').unwrap_or(text);
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    let plain = authority.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    match domain::cookie::Origin::parse(origin) {
        Some(_) if plain => Ok(origin.to_ascii_lowercase()),
        _ => Err("it is not an origin; write http(s)://host or http(s)://host:port".to_owned()),
    }
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
            public_origin: self.public_origin.clone(),
            assets,
            site: Some(site),
            max_labs: self.max_labs,
            lab_idle: Duration::from_secs(self.lab_idle),
        })
    }

    fn site(&self) -> PathBuf {
        let here = Path::new("target/site");
        let beside = || std::env::current_exe().ok()?.parent()?.parent().map(|above| above.join("site"));
        match &self.site {
            Some(site) => site.clone(),
            None if here.is_dir() => here.to_owned(),
            None => beside().filter(|site| site.is_dir()).unwrap_or_else(|| here.to_owned()),
        }
    }

    fn stores(&self) -> Result<Stores, ConfigError> {
        let Some(path) = &self.sqlite else {
            // Nobody asked for it, so that there is none is no reason not to start.
            let temporary = Database::temporary().or_else(|error| {
                tracing::warn!(%error, "there is no temporary file for SQLite; it keeps sessions in memory");
                Database::in_memory()
            });
            return Ok(temporary.map(Stores::with_sqlite).unwrap_or_default());
        };
        let database =
            Database::open(path).map_err(|error| ConfigError::Sqlite { path: path.clone(), why: error.to_string() })?;
        Ok(Stores::with_sqlite(database))
    }

    fn secret(&self) -> Result<Secret, ConfigError> {
        let Some(path) = &self.secret_file else {
            let secret = random::bytes::<SECRET_BYTES>().map_err(|error| ConfigError::Random(error.to_string()))?;
            return Ok(Secret(secret.to_vec()));
        };
        let secret = fs::read(path).map_err(|source| ConfigError::SecretFile { path: path.clone(), source })?;
        if secret.len() < SECRET_BYTES {
            return Err(ConfigError::ShortSecret { path: path.clone(), bytes: secret.len() });
        }
        Ok(Secret(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn every_flag_is_documented_with_its_variable() {
        let mut command = Config::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        for name in ["ADDR", "PUBLIC_ORIGIN", "SECRET_FILE", "SQLITE", "SITE", "MAX_LABS", "LAB_IDLE"] {
            assert!(help.contains(&format!("LOGIN_LAB_{name}")), "{name}");
        }
        assert!(command.get_arguments().all(|arg| arg.is_global_set() || arg.get_help().is_some()));
    }

    #[test]
    fn an_origin_is_scheme_and_host_and_nothing_more() {
        assert_eq!(origin("https://Lab.example/").as_deref(), Ok("https://lab.example"));
        assert_eq!(origin("http://[::1]:3000").as_deref(), Ok("http://[::1]:3000"));
        for text in ["lab.example", "ftp://x", "https://x/y", "https://", "https://a b", "https://x?y"] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
