//! Where states are kept: one SQLite file. A step and its reason are there together or not at all.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::client::ClientKey;
use crate::state::{Entry, State};

/// States in a SQLite file.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

/// The store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database refuses.
    #[error("the store of the autopilot cannot be used")]
    Database(#[from] rusqlite::Error),
    /// A state cannot be written.
    #[error("a state cannot be written")]
    Form(#[from] serde_json::Error),
}

impl Store {
    /// Opens a file, and makes what is missing in it.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // A damaged or hostile file must not run what stands in its schema.
        connection.pragma_update(None, "trusted_schema", "OFF")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS pilot_meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS pilot_sites (site TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS pilot_steps (
                 number INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL
             );",
        )?;
        Ok(Self { connection })
    }

    /// Returns the key under which clients are hashed, and keeps the one that is offered if there is none.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn client_key(&self, offered: [u8; 16]) -> Result<ClientKey, StoreError> {
        self.connection.execute(
            "INSERT OR IGNORE INTO pilot_meta (name, value) VALUES ('client-key', ?1)",
            [offered.as_slice()],
        )?;
        let sql = "SELECT value FROM pilot_meta WHERE name = 'client-key'";
        let stored: Vec<u8> = self.connection.query_row(sql, [], |row| row.get(0))?;
        Ok(ClientKey(stored.try_into().unwrap_or(offered)))
    }

    /// Returns what is known of a site; a state that cannot be read is as good as none.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn load(&self, site: &str) -> Result<Option<State>, StoreError> {
        let sql = "SELECT state FROM pilot_sites WHERE site = ?1";
        let bytes: Option<Vec<u8>> = self.connection.query_row(sql, [site], |row| row.get(0)).optional()?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Keeps a state, and the steps that led to it.
    ///
    /// # Errors
    ///
    /// A [`StoreError`]; nothing is changed then.
    pub fn save(&mut self, site: &str, state: &State, steps: &[Entry]) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(state)?;
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO pilot_sites (site, state) VALUES (?1, ?2) ON CONFLICT (site) DO UPDATE SET state = ?2",
            params![site, bytes],
        )?;
        for step in steps {
            let at = i64::try_from(step.at).unwrap_or(i64::MAX);
            transaction.execute(
                "INSERT INTO pilot_steps (site, at, entry) VALUES (?1, ?2, ?3)",
                params![site, at, serde_json::to_string(step)?],
            )?;
        }
        Ok(transaction.commit()?)
    }
}

/// Another process may hold the file for a moment.
const PATIENCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::stage::Stage;
    use crate::state::By;

    #[test]
    fn what_is_kept_survives() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("autopilot.sqlite");
        let mut store = Store::open(&path).unwrap();
        let key = store.client_key([1; 16]).unwrap();
        let mut state = State::new(&Settings::default(), 5);
        state.clients.add(7);
        let step = state.go(Stage::Trial, By::Operator, "because".to_owned(), 9);
        store.save("app.example", &state, &[step]).unwrap();
        drop(store);
        let store = Store::open(&path).unwrap();
        assert_eq!(store.client_key([2; 16]).unwrap(), key);
        assert_eq!(store.load("app.example").unwrap(), Some(state));
        assert_eq!(store.load("other.example").unwrap(), None);
    }
}
