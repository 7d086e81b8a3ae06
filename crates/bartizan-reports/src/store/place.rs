//! Where a store is: a file, or an address of PostgreSQL. A password in it is never shown.

use std::fmt;
use std::path::{Path, PathBuf};

#[cfg(feature = "store-postgres")]
use super::postgres::{Address, Postgres};
use super::{Sqlite, Store, StoreError};

/// Where reports are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file.
    File(PathBuf),
    /// A database of PostgreSQL.
    #[cfg(feature = "store-postgres")]
    Postgres(Box<Address>),
}

impl Place {
    /// Reads a place; what is no address of a database is the name of a file.
    ///
    /// # Errors
    ///
    /// A [`PlaceError`], which holds nothing of the text: it may be a password.
    pub fn read(text: &str) -> Result<Self, PlaceError> {
        if !SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            return Ok(Self::File(PathBuf::from(text)));
        }
        #[cfg(feature = "store-postgres")]
        return Address::read(text).map(|address| Self::Postgres(Box::new(address)));
        #[cfg(not(feature = "store-postgres"))]
        Err(PlaceError::NotBuilt)
    }

    /// Returns the place with a password that stood elsewhere.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        match self {
            #[cfg(feature = "store-postgres")]
            Self::Postgres(address) => Self::Postgres(Box::new(address.with_password(password))),
            file @ Self::File(_) => {
                let _ = password;
                file
            }
        }
    }

    /// Whether a password stands in it.
    pub fn has_password(&self) -> bool {
        match self {
            Self::File(_) => false,
            #[cfg(feature = "store-postgres")]
            Self::Postgres(address) => address.has_password(),
        }
    }

    /// Returns the place as seen from a folder; a database is where it is.
    #[must_use]
    pub fn below(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            #[cfg(feature = "store-postgres")]
            database @ Self::Postgres(_) => database,
        }
    }

    /// Opens the store to write it, making or renewing what is in it; says where a damaged file was put.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn open(&self) -> Result<(Box<dyn Store>, Option<PathBuf>), StoreError> {
        match self {
            Self::File(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(|error| StoreError::Other(error.into()))?;
                }
                let (store, aside) = Sqlite::open_or_replace(path)?;
                Ok((Box::new(store), aside))
            }
            #[cfg(feature = "store-postgres")]
            Self::Postgres(address) => Ok((Box::new(Postgres::new((**address).clone())?), None)),
        }
    }

    /// Opens a store that must be there.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub fn read_store(&self) -> Result<Box<dyn Store>, StoreError> {
        match self {
            Self::File(path) => Ok(Box::new(Sqlite::read(path)?)),
            #[cfg(feature = "store-postgres")]
            Self::Postgres(address) => {
                let mut store = Postgres::new((**address).clone())?;
                store.check()?;
                Ok(Box::new(store))
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "store-postgres")]
            Self::Postgres(address) => write!(f, "{address}"),
        }
    }
}

/// Why a text is no place of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// Not an address.
    #[error("must be like \"postgres://user@host:5432/database\"")]
    Address,
    /// A parameter that is not known.
    #[error("may have the parameters sslmode, sslrootcert, connect_timeout and host, and no others")]
    Parameter,
    /// Encryption of another word.
    #[error("has an sslmode that is none of disable, prefer, require, verify-ca and verify-full")]
    Encryption,
    /// This program was built without it.
    #[error("is an address of PostgreSQL, which this program was built without (feature store-postgres)")]
    NotBuilt,
}

/// How an address of a database begins.
const SCHEMES: &[&str] = &["postgres://", "postgresql://"];
