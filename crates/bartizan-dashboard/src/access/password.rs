//! Passwords, as Argon2id hashes in the usual text form (RFC 9106; PHC string format).

use std::fmt;
use std::str::FromStr;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::is_same;

/// What a password must hash to.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// Why a text is no hash that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadHash {
    /// It has another form, or is of another function.
    #[error("not of the form $argon2id$v=19$m=…,t=…,p=…$SALT$HASH")]
    Form,
    /// It is cheap to guess, or so dear that a sign-in would stop the dashboard.
    #[error("the cost is out of bounds: m from 7168 to 262144 KiB, t from 1 to 10, p from 1 to 8")]
    Cost,
    /// There is no randomness, or no memory, to make one.
    #[error("the system has no randomness or memory to give")]
    System,
}

impl PasswordHash {
    /// Hashes a password under a new salt.
    ///
    /// # Errors
    ///
    /// [`BadHash::System`].
    pub fn make(password: &str) -> Result<Self, BadHash> {
        let mut salt = vec![0; 16];
        getrandom::fill(&mut salt).map_err(|_| BadHash::System)?;
        let empty = Self { memory: MEMORY, passes: PASSES, lanes: LANES, salt, hash: vec![0; 32] };
        let hash = empty.hash(password).ok_or(BadHash::System)?;
        Ok(Self { hash, ..empty })
    }

    /// Returns one that no password fits and that costs as much as others: for users who are not there.
    pub(crate) fn of_nobody() -> Self {
        Self { memory: MEMORY, passes: PASSES, lanes: LANES, salt: vec![0; 16], hash: vec![0; 32] }
    }

    /// Returns one that no password fits and that costs as much as this one.
    pub(crate) fn like(&self) -> Self {
        Self { hash: vec![0; self.hash.len()], ..self.clone() }
    }

    /// Whether a password fits; dear on purpose.
    pub(crate) fn fits(&self, password: &str) -> bool {
        self.hash(password).is_some_and(|hash| is_same(&hash, &self.hash)) && self.hash.iter().any(|byte| *byte != 0)
    }

    /// Returns how much work it is.
    pub(crate) const fn cost(&self) -> u64 {
        self.memory as u64 * self.passes as u64
    }

    fn hash(&self, password: &str) -> Option<Vec<u8>> {
        let mut out = vec![0; self.hash.len()];
        let params = Params::new(self.memory, self.passes, self.lanes, Some(out.len())).ok()?;
        let function = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        function.hash_password_into(password.as_bytes(), &self.salt, &mut out).ok()?;
        Some(out)
    }
}

impl FromStr for PasswordHash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, BadHash> {
        let mut parts = text.split('$');
        let mut next = || parts.next().ok_or(BadHash::Form);
        if (next()?, next()?, next()?) != ("", "argon2id", "v=19") {
            return Err(BadHash::Form);
        }
        let mut costs = next()?.split(',');
        let mut cost = |name: &str| {
            let value = costs.next()?.strip_prefix(name)?.strip_prefix('=')?;
            value.parse::<u32>().ok()
        };
        let (Some(memory), Some(passes), Some(lanes)) = (cost("m"), cost("t"), cost("p")) else {
            return Err(BadHash::Form);
        };
        let mut bytes = || next().and_then(|text| STANDARD_NO_PAD.decode(text).map_err(|_| BadHash::Form));
        let (salt, hash) = (bytes()?, bytes()?);
        if parts.next().is_some() || !(8..=64).contains(&salt.len()) || !(16..=64).contains(&hash.len()) {
            return Err(BadHash::Form);
        }
        if !(7168..=262_144).contains(&memory) || !(1..=10).contains(&passes) || !(1..=8).contains(&lanes) {
            return Err(BadHash::Cost);
        }
        Ok(Self { memory, passes, lanes, salt, hash })
    }
}

impl fmt::Display for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, passes, lanes, salt, hash } = self;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        write!(f, "$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}")
    }
}

/// A hash is worth guessing at, so a log does not show it.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What OWASP asks at least: 19 MiB, two passes; some thirty milliseconds.
const MEMORY: u32 = 19 << 10;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_read_again_and_fits_one_password() {
        let made = PasswordHash::make("a long password").unwrap();
        let read: PasswordHash = made.to_string().parse().unwrap();
        assert_eq!(read, made);
        assert!(read.fits("a long password") && !read.fits("a long passwort") && !read.fits(""));
        assert!(!PasswordHash::of_nobody().fits(""));
        assert!(!format!("{made:?}").contains('='));
    }

    #[test]
    fn only_sound_forms_and_costs_are_taken() {
        for (text, expected) in [
            ("$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", Err(BadHash::Form)),
            ("$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", Err(BadHash::Form)),
            ("$argon2id$v=19$m=19456,t=2$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", Err(BadHash::Form)),
            ("$argon2id$v=19$m=19456,t=2,p=1$c2E$AAAAAAAAAAAAAAAAAAAAAA", Err(BadHash::Form)),
            ("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAA", Err(BadHash::Form)),
            ("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", Err(BadHash::Cost)),
            ("$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", Err(BadHash::Cost)),
            ("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", Ok(())),
            ("hunter2", Err(BadHash::Form)),
            ("", Err(BadHash::Form)),
        ] {
            assert_eq!(text.parse::<PasswordHash>().map(drop), expected, "{text}");
        }
    }
}
