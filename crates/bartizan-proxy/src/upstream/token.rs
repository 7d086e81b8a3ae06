//! One bearer token: read from a token response (RFC 6749, 5.1), with the time it lasts.

use std::fmt;
use std::time::{Duration, Instant};

use http::HeaderValue;
use serde::Deserialize;

use super::CredentialsError;

/// A token ready to be sent.
pub(super) struct Token {
    value: HeaderValue,
    /// When to fetch the next, and when this one ends; `None` where the endpoint did not say.
    life: Option<Life>,
}

struct Life {
    renew: Instant,
    end: Instant,
}

impl Token {
    /// Reads a token response. Its life is counted from the question, so that it never seems longer than it is.
    pub(super) fn parse(answer: &[u8], asked: Instant) -> Result<Self, CredentialsError> {
        // serde's error may quote the token, so it is not kept as the source.
        let answer: Answer = serde_json::from_slice(answer).map_err(|_| CredentialsError::Malformed)?;
        let is_bearer = answer.token_type.is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
        let token = answer.access_token;
        if !is_bearer || token.is_empty() || !token.bytes().all(is_token_byte) {
            return Err(CredentialsError::Malformed);
        }
        let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| CredentialsError::Malformed)?;
        value.set_sensitive(true);
        let seconds = match answer.expires_in {
            Some(Seconds::Number(seconds)) => Some(seconds),
            Some(Seconds::Text(text)) => Some(text.parse().map_err(|_| CredentialsError::Malformed)?),
            None => None,
        };
        Ok(Self { value, life: seconds.and_then(|seconds| Life::new(asked, Duration::from_secs(seconds))) })
    }

    /// Returns the value of `Authorization`.
    pub(super) fn value(&self) -> &HeaderValue {
        &self.value
    }

    /// Returns whether it need not be renewed yet.
    pub(super) fn lasts(&self, now: Instant) -> bool {
        self.life.as_ref().is_none_or(|life| now < life.renew)
    }

    /// Returns whether it can still be sent.
    pub(super) fn is_valid(&self, now: Instant) -> bool {
        self.life.as_ref().is_none_or(|life| now < life.end)
    }
}

impl Life {
    /// Renewed 30 seconds before the end, so that clocks and queues have room; short lives give a tenth.
    fn new(start: Instant, length: Duration) -> Option<Self> {
        let margin = (length / 10).min(Duration::from_secs(30));
        let end = start.checked_add(length)?;
        Some(Self { renew: end.checked_sub(margin)?, end })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// The fields that matter of a token response.
#[derive(Deserialize)]
struct Answer {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<Seconds>,
}

/// A number, which some endpoints write as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u64),
    Text(String),
}

/// RFC 6750, 2.1: `b64token`.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bearer_tokens_are_read() {
        for (answer, expected) in [
            (r#"{"access_token":"abc","token_type":"Bearer","expires_in":60}"#, Some("Bearer abc")),
            (r#"{"access_token":"a.b-c~d+e/f==","token_type":"bearer"}"#, Some("Bearer a.b-c~d+e/f==")),
            (r#"{"access_token":"abc","expires_in":"3600","more":[1]}"#, Some("Bearer abc")),
            (r#"{"access_token":"abc","token_type":"mac"}"#, None),
            (r#"{"access_token":"","token_type":"Bearer"}"#, None),
            (r#"{"access_token":"a b","token_type":"Bearer"}"#, None),
            (r#"{"access_token":"a\r\nX: y","token_type":"Bearer"}"#, None),
            (r#"{"access_token":"abc","expires_in":-1}"#, None),
            (r#"{"token_type":"Bearer"}"#, None),
            ("<html>", None),
            ("", None),
        ] {
            let token = Token::parse(answer.as_bytes(), Instant::now()).ok();
            assert_eq!(token.as_ref().and_then(|token| token.value().to_str().ok()), expected, "{answer}");
        }
    }

    #[test]
    fn a_token_is_renewed_before_it_ends() {
        // (life, still lasting at, still valid at) in seconds from the question
        for (life, lasts, valid) in [(3600, 3569, 3599), (60, 53, 59), (0, -1, -1)] {
            let asked = Instant::now();
            let token = Token::parse(format!(r#"{{"access_token":"a","expires_in":{life}}}"#).as_bytes(), asked);
            let token = token.unwrap();
            for (last, is) in [(lasts, Token::lasts as fn(&Token, Instant) -> bool), (valid, Token::is_valid)] {
                for (second, expected) in [(last, true), (last + 1, false)] {
                    if let Ok(second) = u64::try_from(second) {
                        assert_eq!(is(&token, asked + Duration::from_secs(second)), expected, "{life}: {second}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::parse(br#"{"access_token":"abc"}"#, Instant::now()).unwrap();
        assert!(!format!("{token:?} {:?}", token.value()).contains("abc"));
    }
}
