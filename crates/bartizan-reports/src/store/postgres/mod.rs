//! The store in PostgreSQL: for collectors on several machines, or where a database server is kept anyway.
//!
//! One connection, made when it is needed and made again when it broke. A batch whose commit was not heard of
//! is looked for before it is sent again, so that a broken connection counts nothing twice.

mod address;
mod encryption;
mod migrations;
mod read;
mod tally;
mod text;
mod write;

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

pub use address::Address;

use super::record::{Batch, Group, PageCount, Point, SiteSummary, StoredSample, Totals};
use super::{Fact, Filter, Store, StoreError, Tally};
use crate::subject::Fingerprint;
use encryption::Tls;
use write::Mark;

/// Reports in a database of PostgreSQL.
pub struct Postgres {
    address: Address,
    /// There until it is dropped.
    runtime: Option<Runtime>,
    client: Option<Client>,
    writer: [u8; 16],
    /// The batch that was sent, and nothing heard of it: its mark, and what tells it from others.
    unheard: Option<(Mark, Outline)>,
}

/// Enough to tell one batch from the next.
type Outline = (i64, usize, u64);

impl Postgres {
    /// Makes a store; it is not connected yet.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] where the system has nothing to wait with.
    pub fn new(address: Address) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StoreError::Other(error.into()))?;
        Ok(Self { address, runtime: Some(runtime), client: None, writer: random()?, unheard: None })
    }

    /// Connects, and makes or renews the tables.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn check(&mut self) -> Result<(), StoreError> {
        self.ask(async |_| Ok(()))
    }

    fn ask<T>(&mut self, ask: impl AsyncFnOnce(&mut Client) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let Self { address, runtime, client, .. } = self;
        let runtime = runtime.as_ref().ok_or_else(|| StoreError::Away("closed".into()))?;
        let asked = runtime.block_on(async {
            let asking = async {
                // What broke since the last time is only seen by asking.
                let works = match client.as_ref() {
                    Some(known) => known.check_connection().await.is_ok(),
                    None => false,
                };
                if !works {
                    *client = Some(connect(address).await?);
                }
                let Some(client) = client.as_mut() else { return Err(StoreError::Away("not connected".into())) };
                let asked = ask(client).await;
                undone(client, asked).await
            };
            let asked = tokio::time::timeout(PATIENCE_IN_ALL, asking).await;
            asked.unwrap_or_else(|late| Err(StoreError::Away(late.into())))
        });
        if matches!(asked, Err(StoreError::Away(_))) {
            // Dropped, so that what is half done on it is undone by the server.
            self.client = None;
        }
        asked
    }
}

async fn connect(address: &Address) -> Result<Client, StoreError> {
    let mut client = if address.is_encrypted() {
        let tls = Tls::new(address.authorities().map(|path| path.as_path()));
        let tls = tls.map_err(|error| StoreError::Other(error.into()))?;
        let (client, connection) = address.config().connect(tls).await.map_err(failed)?;
        tokio::spawn(connection);
        client
    } else {
        let (client, connection) = address.config().connect(NoTls).await.map_err(failed)?;
        tokio::spawn(connection);
        client
    };
    client.batch_execute(SETTINGS).await.map_err(failed)?;
    let migrated = migrations::run(&mut client).await;
    undone(&client, migrated).await?;
    Ok(client)
}

/// Has the server undo what failed half-way, and hears that it did: what is only said later keeps its locks until then.
async fn undone<T>(client: &Client, asked: Result<T, StoreError>) -> Result<T, StoreError> {
    if matches!(&asked, Err(error) if !matches!(error, StoreError::Away(_))) {
        let _ = client.batch_execute("ROLLBACK").await;
    }
    asked
}

impl Store for Postgres {
    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let outline = (batch.at, batch.groups.len(), batch.reports());
        if let Some((mark, of)) = self.unheard
            && of == outline
            && self.ask(async |client| write::is_taken(client, mark).await)?
        {
            self.unheard = None;
            return Ok(());
        }
        let mark = Mark { writer: self.writer, batch: random()? };
        self.unheard = Some((mark, outline));
        let applied = self.ask(async |client| write::apply(client, batch, mark).await);
        // Only a broken connection leaves it open whether the server did it.
        if !matches!(applied, Err(StoreError::Away(_))) {
            self.unheard = None;
        }
        applied
    }

    fn client_key(&mut self) -> Result<[u8; 16], StoreError> {
        self.ask(async |client| write::client_key(client).await)
    }

    fn known(&mut self) -> Result<Vec<(Fingerprint, String)>, StoreError> {
        self.ask(async |client| read::known(client).await)
    }

    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, StoreError> {
        self.ask(async |client| read::groups(client, filter).await)
    }

    fn group(&mut self, id: Fingerprint) -> Result<Option<Group>, StoreError> {
        self.ask(async |client| read::group(client, id).await)
    }

    fn pages(&mut self, id: Fingerprint) -> Result<Vec<PageCount>, StoreError> {
        self.ask(async |client| read::pages(client, id).await)
    }

    fn samples(&mut self, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError> {
        self.ask(async |client| read::samples(client, id).await)
    }

    fn series(&mut self, filter: &Filter) -> Result<Vec<Point>, StoreError> {
        self.ask(async |client| read::series(client, filter).await)
    }

    fn sites(&mut self) -> Result<Vec<SiteSummary>, StoreError> {
        self.ask(async |client| read::sites(client).await)
    }

    fn totals(&mut self, filter: &Filter) -> Result<Totals, StoreError> {
        self.ask(async |client| read::totals(client, filter).await)
    }

    fn tally(&mut self, filter: &Filter, fact: Fact, most: usize) -> Result<Vec<Tally>, StoreError> {
        self.ask(async |client| tally::tally(client, filter, fact, most).await)
    }

    fn purge(&mut self, filter: &Filter) -> Result<u64, StoreError> {
        self.ask(async |client| write::purge(client, filter).await)
    }

    fn retain_since(&mut self, millis: i64) -> Result<u64, StoreError> {
        self.ask(async |client| write::retain_since(client, millis).await)
    }

    /// The server does it by itself.
    fn vacuum(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn note(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.ask(async |client| write::note(client, name).await)
    }

    fn set_note(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.ask(async |client| write::set_note(client, name, value).await)
    }

    fn recover(&mut self) -> Result<Option<String>, StoreError> {
        Err(StoreError::Other("a damaged database is for its own tools to mend".into()))
    }
}

impl Drop for Postgres {
    /// Waits for nobody, so that it may be dropped where others wait, too.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Tells failures apart by what can be done about them (PostgreSQL, Appendix A).
fn failed(error: tokio_postgres::Error) -> StoreError {
    let Some(code) = error.code() else {
        // Without a code it is the connection; but a wrong way to encrypt or sign in is no matter of time.
        let is_connection = error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>());
        return if is_connection { StoreError::Away(error.into()) } else { StoreError::Other(error.into()) };
    };
    match code.code().get(..2) {
        _ if *code == SqlState::DISK_FULL => StoreError::Full(error.into()),
        _ if *code == SqlState::LOCK_NOT_AVAILABLE || *code == SqlState::QUERY_CANCELED => {
            StoreError::Away(error.into())
        }
        Some("08" | "40" | "53" | "57") => StoreError::Away(error.into()),
        Some("XX") => StoreError::Corrupt(error.into()),
        _ => StoreError::Other(error.into()),
    }
}

fn random() -> Result<[u8; 16], StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Other(error.into()))?;
    Ok(bytes)
}

/// For a connection; the collector goes on counting meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);

/// For connecting and asking; a batch of a flood takes some seconds.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(30);

/// What is committed is on disk, whatever the server's own setting; nobody is waited for without end.
const SETTINGS: &str = "SET synchronous_commit = on; SET statement_timeout = '25s'; SET lock_timeout = '10s'; SET client_min_messages = error";
