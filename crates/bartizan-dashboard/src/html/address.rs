//! Addresses of our own pages: a fixed path, and a query whose values are encoded.

use url::form_urlencoded::byte_serialize;

/// The address of a page of ours; nothing foreign stands in it unencoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// Names a page.
    pub(crate) fn of(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// Adds a pair to the query.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(byte_serialize(value.as_bytes()));
        self
    }

    /// Adds a pair where there is a value.
    pub(crate) fn with_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a query that came from outside, read and written anew.
    pub(crate) fn with_query(mut self, query: &str) -> Self {
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(MOST) {
            self.0.push(if self.0.contains('?') { '&' } else { '?' });
            self.0.extend(byte_serialize(name.as_bytes()));
            self.0.push('=');
            self.0.extend(byte_serialize(value.as_bytes()));
        }
        self
    }

    /// Returns it as it is sent.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The pairs that are kept; no page of ours has half as many.
const MOST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded() {
        let address = Address::of("/a").with("site", "a&b=c#d").with_some("none", None).with("text", "\" onx=\"ü");
        assert_eq!(address.as_str(), "/a?site=a%26b%3Dc%23d&text=%22+onx%3D%22%C3%BC");
    }
}
