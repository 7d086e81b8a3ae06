//! One Set-Cookie line, as `tough-cookie` reads it.

use bartizan_rules::observatory::{SameSiteWord, trim};

use super::date;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cookie {
    /// Its name.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
    /// The domain for which it asks.
    pub(super) domain: Option<String>,
    /// The path for which it asks.
    pub(super) path: Option<String>,
    /// Whether it goes over HTTPS only.
    pub(super) is_secure: bool,
    /// Whether scripts cannot read it.
    pub(super) is_http_only: bool,
    /// The last of its words on requests from other sites, if that is known.
    pub(super) same_site: Option<SameSiteWord>,
    /// When it ends: not at all, at once, after seconds, or at a time.
    life: Life,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Life {
    max_age: Option<bool>,
    expires: Option<i64>,
}

impl Cookie {
    /// Reads a line; nothing without a name.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let line = trim(line);
        let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
        let pair = pair.split(['\n', '\r', '\0']).next().unwrap_or_default();
        let (name, value) = pair.split_once('=').filter(|(name, _)| !name.is_empty())?;
        let (name, value) = (trim(name), trim(value));
        if name.chars().chain(value.chars()).any(|c| c < ' ') {
            return None;
        }
        let mut cookie = Self { name: name.to_owned(), value: value.to_owned(), ..Self::default() };
        for attribute in trim(rest).split(';').map(trim).filter(|attribute| !attribute.is_empty()) {
            cookie.attribute(attribute);
        }
        Some(cookie)
    }

    fn attribute(&mut self, attribute: &str) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = trim(value);
        match trim(name).to_lowercase().as_str() {
            "domain" => {
                let domain = value.strip_prefix('.').unwrap_or(value);
                if !domain.is_empty() {
                    self.domain = Some(domain.to_lowercase());
                }
            }
            "expires" => self.life.expires = date::parse(value).or(self.life.expires),
            "httponly" => self.is_http_only = true,
            "max-age" => {
                let digits = value.strip_prefix('-').unwrap_or(value);
                if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    let is_over = value.starts_with('-') || digits.bytes().all(|byte| byte == b'0');
                    self.life.max_age = Some(is_over);
                }
            }
            "path" => self.path = value.starts_with('/').then(|| value.to_owned()),
            "samesite" => {
                self.same_site = match value.to_lowercase().as_str() {
                    "lax" => Some(SameSiteWord::Lax),
                    "none" => Some(SameSiteWord::None),
                    "strict" => Some(SameSiteWord::Strict),
                    _ => None,
                };
            }
            "secure" => self.is_secure = true,
            _ => {}
        }
    }

    /// Whether it has ended, in seconds since 1970; a session is too short for an age that is not past at once.
    pub(super) fn is_expired(&self, now: i64) -> bool {
        self.life.max_age.unwrap_or_else(|| self.life.expires.is_some_and(|end| end <= now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let cookie = Cookie::parse(" a = b=c ; secure=1; HTTPONLY; Samesite = lax; Path=x; Domain=.A.example").unwrap();
        assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("a", "b=c"));
        assert!(cookie.is_secure && cookie.is_http_only);
        assert_eq!(
            (cookie.same_site, cookie.path, cookie.domain.as_deref()),
            (Some(SameSiteWord::Lax), None, Some("a.example"))
        );
        for line in ["", "a", "=a", " =a", ";a=b"] {
            assert_eq!(Cookie::parse(line), None, "{line:?}");
        }
    }

    #[test]
    fn the_last_attribute_counts() {
        let cookie = Cookie::parse("a=b; SameSite=Lax; SameSite=true; Path=/x; Path=y").unwrap();
        assert_eq!((cookie.same_site, cookie.path), (None, None));
    }

    #[test]
    fn ages_come_before_dates() {
        for (line, is_expired) in [
            ("a=b", false),
            ("a=b; Max-Age=0", true),
            ("a=b; Max-Age=-1", true),
            ("a=b; Max-Age=9; Expires=Thu, 01 Jan 1970 00:00:00 GMT", false),
            ("a=b; Max-Age=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true),
            ("a=b; Expires=Thu, 01 Jan 2099 00:00:00 GMT", false),
            ("a=b; Expires=never", false),
        ] {
            assert_eq!(Cookie::parse(line).unwrap().is_expired(1_700_000_000), is_expired, "{line}");
        }
    }
}
