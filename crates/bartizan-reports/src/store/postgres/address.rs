//! The address of a database, in the form that PostgreSQL's own programs take.

use std::fmt;
use std::path::PathBuf;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::store::place::PlaceError;

/// Where a database is, and who asks; the password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    config: Config,
    encryption: Encryption,
    /// Certificates to trust instead of those of the web.
    authorities: Option<PathBuf>,
}

/// Whether the connection is encrypted; where it is, the certificate is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Never.
    Off,
    /// Always.
    On,
    /// Where the way leads over a network.
    OverNetwork,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// A [`PlaceError`].
    pub fn read(text: &str) -> Result<Self, PlaceError> {
        let (start, query) = text.split_once('?').unwrap_or((text, ""));
        let mut kept = Vec::new();
        let (mut encryption, mut authorities) = (Encryption::OverNetwork, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => {
                    let found = ENCRYPTIONS.iter().find(|(word, _)| *word == value);
                    encryption = found.ok_or(PlaceError::Encryption)?.1;
                }
                "sslrootcert" => authorities = Some(PathBuf::from(&*value)),
                "connect_timeout" | "host" | "port" | "user" | "password" | "dbname" => kept.push((name, value)),
                _ => return Err(PlaceError::Parameter),
            }
        }
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        // A blank is written as + there, which stands for itself here.
        let query = query.replace('+', "%20");
        let mut config: Config = format!("{start}?{query}").parse().map_err(|_| PlaceError::Address)?;
        if config.get_hosts().is_empty() || config.get_user().is_none_or(str::is_empty) {
            return Err(PlaceError::Address);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(super::PATIENCE);
        }
        config.application_name("bartizan");
        let mut address = Self { config, encryption, authorities };
        let mode = if address.is_encrypted() { SslMode::Require } else { SslMode::Disable };
        address.config.ssl_mode(mode);
        Ok(address)
    }

    /// Returns the address with a password that stood elsewhere.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.config.password(password);
        self
    }

    /// Whether a password stands in it.
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn authorities(&self) -> Option<&PathBuf> {
        self.authorities.as_ref()
    }

    /// Whether the connection is encrypted.
    pub fn is_encrypted(&self) -> bool {
        match self.encryption {
            Encryption::Off => false,
            Encryption::On => true,
            Encryption::OverNetwork => !self.config.get_hosts().iter().all(is_this_machine),
        }
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1" | "[::1]"),
        Host::Unix(_) => true,
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}@", self.config.get_user().unwrap_or_default())?;
        for (at, host) in self.config.get_hosts().iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => write!(f, "{name}")?,
                Host::Unix(path) => write!(f, "{}", path.display().to_string().replace('/', "%2F"))?,
            }
            let ports = self.config.get_ports();
            if let Some(port) = ports.get(at).or(ports.first()).filter(|port| **port != USUAL_PORT) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

const USUAL_PORT: u16 = 5432;

/// As libpq has them; what is encrypted at all is checked, or it would keep out nobody who can stand between.
const ENCRYPTIONS: &[(&str, Encryption)] = &[
    ("disable", Encryption::Off),
    ("prefer", Encryption::OverNetwork),
    ("require", Encryption::On),
    ("verify-ca", Encryption::On),
    ("verify-full", Encryption::On),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("postgres://wall:secret@db.example/reports", Ok("postgres://wall@db.example/reports")),
            ("postgresql://wall:s%40cret@db.example:5433/r", Ok("postgres://wall@db.example:5433/r")),
            ("postgres://wall@db.example/r?password=secret&sslmode=require", Ok("postgres://wall@db.example/r")),
            ("postgres://wall@%2Frun%2Fpostgresql/r", Ok("postgres://wall@%2Frun%2Fpostgresql/r")),
            ("postgres:///r?host=/run/postgresql&user=wall", Ok("postgres://wall@%2Frun%2Fpostgresql/r")),
            ("postgres://db.example/r", Err(PlaceError::Address)), // who asks?
            ("postgres://wall:secret@db.example:port/r", Err(PlaceError::Address)),
            ("postgres://wall@db.example/r?sslmode=maybe", Err(PlaceError::Encryption)),
            ("postgres://wall@db.example/r?options=-c%20x", Err(PlaceError::Parameter)),
        ] {
            let read = Address::read(text);
            assert_eq!(
                read.as_ref().map(ToString::to_string).map_err(|error| *error),
                shown.map(str::to_owned),
                "{text}"
            );
            assert!(!format!("{read:?}").contains("secret"), "{text}");
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_that_is_forbidden() {
        for (text, is_encrypted) in [
            ("postgres://a@db.example/r", true),
            ("postgres://a@127.0.0.1/r", false),
            ("postgres://a@127.0.0.1/r?sslmode=verify-full", true),
            ("postgres://a@%2Frun/r", false),
            ("postgres://a@db.example/r?sslmode=prefer", true),
            ("postgres://a@db.example/r?sslmode=disable", false),
        ] {
            assert_eq!(Address::read(text).unwrap().is_encrypted(), is_encrypted, "{text}");
        }
    }
}
