//! Tokens for programs: random, shown once, stored as a hash, good for named scopes and no more.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::is_same;

/// A program that may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is called in logs.
    pub name: String,
    /// What the token hashes to.
    pub hash: TokenHash,
    /// What it may ask.
    pub scopes: Vec<Scope>,
}

impl Token {
    /// Whether this is the token.
    pub(crate) fn is(&self, token: &str) -> bool {
        is_same(&digest(token), &self.hash.0)
    }

    /// Whether this is the token, and it may ask this.
    pub(crate) fn allows(&self, token: &str, scope: Scope) -> bool {
        self.is(token) && self.scopes.contains(&scope)
    }
}

/// What a token may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// What browsers reported.
    Reports,
    /// What the wall refused and found, without the addresses of clients.
    Wall,
    /// Everything that the wall knows, and what an operator tells it.
    Operate,
}

/// What a token hashes to. A fast function is enough: nobody guesses 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

/// A text that is no hash of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of the form sha256:HASH, as `bartizan dashboard new-token` writes it")]
pub struct BadToken;

impl FromStr for TokenHash {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        let text = text.strip_prefix("sha256:").ok_or(BadToken)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadToken)?;
        bytes.try_into().map(Self).map_err(|_| BadToken)
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// Makes a token, and what a configuration keeps of it; none where the system has no randomness.
pub fn new_token() -> Option<(String, TokenHash)> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    let token = format!("bartizan_{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = TokenHash(digest(&token));
    Some((token, hash))
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_scopes() {
        let (text, hash) = new_token().unwrap();
        let token = Token { name: "a".into(), hash: hash.to_string().parse().unwrap(), scopes: vec![Scope::Reports] };
        for (said, scope, expected) in [
            (text.as_str(), Scope::Reports, true),
            (text.as_str(), Scope::Wall, false),
            ("bartizan_", Scope::Reports, false),
            ("", Scope::Reports, false),
        ] {
            assert_eq!(token.allows(said, scope), expected, "{said}");
        }
        assert_eq!("sha256:AAAA".parse::<TokenHash>(), Err(BadToken));
        assert_eq!(text.parse::<TokenHash>(), Err(BadToken));
    }
}
