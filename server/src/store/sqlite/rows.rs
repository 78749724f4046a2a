//! The table: one lab's and population's rows in it, read and written one at a time.

use super::Failed;
use crate::store::{Namespace, Population, SessionKey, row};
use domain::{
    Seconds,
    session::Session,
    user::User,
    view::{HeldAs, Row},
};
use rusqlite::{Connection, OptionalExtension as _, params, types::Type};
use serde::de::DeserializeOwned;

/// Everything that a row is; readable for whoever opens the file with another program.
pub(super) const TABLE: &str = "
CREATE TABLE session (
    lab TEXT NOT NULL,
    population TEXT NOT NULL,
    key TEXT NOT NULL,
    user TEXT NOT NULL,
    role TEXT NOT NULL,
    cart TEXT NOT NULL,
    cookie TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    idle INTEGER NOT NULL,
    idle_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    stored_at INTEGER NOT NULL DEFAULT (unixepoch()),
    refresh TEXT,
    PRIMARY KEY (lab, population, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_expires_at ON session (expires_at);
";

/// From the first version of the table, which knew no refresh tokens, to the second.
pub(super) const TO_SECOND: &str = "ALTER TABLE session ADD COLUMN refresh TEXT";

const COLUMNS: &str = "key, user, role, cart, cookie, created_at, idle, idle_until, expires_at, turn, refresh";
const OURS: &str = "lab = ?1 AND population = ?2";

/// Where a row stands among the others of its lab: it keeps its turn when it is written again.
pub(super) type Turn = i64;

/// The rows of one lab and population.
pub(super) struct SqliteRows<'a> {
    connection: &'a Connection,
    lab: &'a str,
    population: &'static str,
}

impl<'a> SqliteRows<'a> {
    pub(super) fn of(connection: &'a Connection, namespace: &'a Namespace) -> Self {
        let population = match namespace.population {
            Population::Visitors => "visitors",
            Population::Crowd => "crowd",
        };
        Self { connection, lab: &namespace.lab, population }
    }

    pub(super) fn live(&self, key: &SessionKey, now: Seconds) -> Result<Option<(Session, Turn)>, Failed> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE {OURS} AND key = ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_row(params![self.lab, self.population, key.reveal()], read).optional()?;
        Ok(found.filter(|(_, session, _)| session.is_live(now)).map(|(_, session, turn)| (session, turn)))
    }

    /// Every row, live or not, oldest first.
    pub(super) fn all(&self) -> Result<Vec<(SessionKey, Session, Turn)>, Failed> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE {OURS} ORDER BY turn");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![self.lab, self.population], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The live rows as the bench shows them, oldest first.
    pub(super) fn shown(&self, now: Seconds) -> Result<Vec<Row>, Failed> {
        let all = self.all()?.into_iter();
        let live = all.filter(|(_, session, _)| session.is_live(now));
        live.map(|(key, session, turn)| Ok(row(&key, &session, Some(self.held(&key, &session, turn)?)))).collect()
    }

    /// A row as the table holds it.
    fn held(&self, key: &SessionKey, session: &Session, turn: Turn) -> Result<HeldAs, Failed> {
        let refresh = session.refresh.as_ref().map(json).transpose()?.map(|json| format!("\nrefresh={json}"));
        let value = format!(
            "user={}\nrole={}\ncart={}\ncookie={}\ncreated_at={}\nidle={}\nidle_until={}\nexpires_at={}\nturn={turn}{}",
            session.user.name,
            session.user.role.name(),
            json(&session.cart)?,
            json(&session.cookie)?,
            session.created_at,
            session.idle,
            session.idle_until,
            session.expires_at,
            refresh.unwrap_or_default(),
        );
        Ok(HeldAs { key: format!("{}/{}/{}", self.lab, self.population, key.reveal()), value, ttl: None })
    }

    /// A number that all rows make, live or not.
    fn number(&self, what: &str) -> Result<i64, Failed> {
        let sql = format!("SELECT {what} FROM session WHERE {OURS}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![self.lab, self.population], |row| row.get(0))?)
    }

    /// How many rows there are, live or not.
    pub(super) fn len(&self) -> Result<usize, Failed> {
        Ok(usize::try_from(self.number("count(*)")?).unwrap_or(usize::MAX))
    }

    /// The turn after the last one.
    pub(super) fn next_turn(&self) -> Result<Turn, Failed> {
        Ok(self.number("coalesce(max(turn), 0)")?.saturating_add(1))
    }

    /// Writes a row, whatever lies there.
    pub(super) fn write(&self, key: &SessionKey, session: &Session, turn: Turn) -> Result<(), Failed> {
        let sql = format!(
            "INSERT OR REPLACE INTO session (lab, population, {COLUMNS}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        );
        self.connection.prepare_cached(&sql)?.execute(params![
            self.lab,
            self.population,
            key.reveal(),
            session.user.name,
            session.user.role.name(),
            json(&session.cart)?,
            json(&session.cookie)?,
            integer(session.created_at),
            integer(session.idle),
            integer(session.idle_until),
            integer(session.expires_at),
            turn,
            session.refresh.as_ref().map(json).transpose()?,
        ])?;
        Ok(())
    }

    /// Deletes a row. Whether there was one.
    pub(super) fn remove(&self, key: &SessionKey) -> Result<bool, Failed> {
        let sql = format!("DELETE FROM session WHERE {OURS} AND key = ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.execute(params![self.lab, self.population, key.reveal()])? > 0)
    }

    /// The keys of the rows that are over.
    pub(super) fn over(&self, now: Seconds) -> Result<Vec<SessionKey>, Failed> {
        let all = self.all()?.into_iter();
        Ok(all.filter(|(_, session, _)| !session.is_live(now)).map(|(key, ..)| key).collect())
    }

    /// Deletes the rows that are over. How many.
    pub(super) fn sweep(&self, now: Seconds) -> Result<usize, Failed> {
        let over = self.over(now)?;
        for key in &over {
            self.remove(key)?;
        }
        Ok(over.len())
    }

    /// Deletes every row. How many.
    pub(super) fn clear(&self) -> Result<usize, Failed> {
        let sql = format!("DELETE FROM session WHERE {OURS}");
        Ok(self.connection.prepare_cached(&sql)?.execute(params![self.lab, self.population])?)
    }
}

/// The database counts up to 2^63 - 1, which no lab's clock reaches.
pub(super) fn integer(seconds: Seconds) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

fn json(value: &impl serde::Serialize) -> Result<String, Failed> {
    let json = serde_json::to_string(value);
    Ok(json.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?)
}

/// Reads [`COLUMNS`]. What somebody else wrote into the file may be anything, and is an error then.
fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(SessionKey, Session, Turn)> {
    let seconds = |column| {
        let value: i64 = row.get(column)?;
        Seconds::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
    };
    let role: String = row.get(2)?;
    let role = serde_json::from_value(role.into()).map_err(|error| unreadable(2, error))?;
    let (cart, cookie, refresh): (String, String, Option<String>) = (row.get(3)?, row.get(4)?, row.get(10)?);
    let session = Session {
        user: User { name: row.get(1)?, role },
        cart: parse(3, &cart)?,
        cookie: parse(4, &cookie)?,
        refresh: refresh.map(|json| parse(10, &json)).transpose()?,
        created_at: seconds(5)?,
        idle: seconds(6)?,
        idle_until: seconds(7)?,
        expires_at: seconds(8)?,
    };
    Ok((SessionKey(row.get(0)?), session, row.get(9)?))
}

fn unreadable(column: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

fn parse<T: DeserializeOwned>(column: usize, json: &str) -> rusqlite::Result<T> {
    serde_json::from_str(json).map_err(|error| unreadable(column, error))
}
