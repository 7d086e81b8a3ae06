//! The Cookie field of a request (RFC 6265bis, 5.8.3): names and values, as they came.
//!
//! Lossless and without allocation. It says nothing of who set a cookie: a request does not know.

use crate::syntax::trim;

/// One cookie of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookie<'a> {
    /// The name; empty for a cookie that was set without one.
    pub name: &'a str,
    /// The value as written, quotes included.
    pub value: &'a str,
}

/// Returns the cookies of one Cookie line, in order; empty parts are passed over.
pub fn cookies(line: &str) -> impl Iterator<Item = Cookie<'_>> {
    line.split(';').map(trim).filter(|part| !part.is_empty()).map(|part| match part.split_once('=') {
        Some((name, value)) => Cookie { name: trim(name), value: trim(value) },
        None => Cookie { name: "", value: part },
    })
}

impl std::fmt::Display for Cookie<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.name.is_empty() && !self.value.is_empty() && !self.value.contains('=') {
            return f.write_str(self.value);
        }
        write!(f, "{}={}", self.name, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_come_in_order_and_whole() {
        for (line, expected) in [
            ("a=1; b=2", vec![("a", "1"), ("b", "2")]),
            ("a=1;a=2", vec![("a", "1"), ("a", "2")]),
            ("a=b=c; ;d=\"x y\"", vec![("a", "b=c"), ("d", "\"x y\"")]),
            ("alone; =x=y; e=", vec![("", "alone"), ("", "x=y"), ("e", "")]),
            ("", vec![]),
        ] {
            let read: Vec<_> = cookies(line).collect();
            assert_eq!(read.iter().map(|cookie| (cookie.name, cookie.value)).collect::<Vec<_>>(), expected, "{line}");
            let written = read.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            assert_eq!(cookies(&written).collect::<Vec<_>>(), read, "{line}");
        }
    }
}
