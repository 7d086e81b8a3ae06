//! Ways to make a cookie safer, each of which yields a cookie that browsers accept.

use super::{Attribute, Prefix, SameSite, SetCookie};

impl SetCookie {
    /// Returns a cookie for one host that scripts and other sites cannot use.
    pub fn session(name: &str, value: &str) -> Self {
        Self { name: Prefix::strip(name).to_owned(), value: value.to_owned(), attributes: Vec::new() }
            .host_prefixed()
            .http_only()
            .same_site_unless_said(SameSite::Lax)
    }

    /// Returns the cookie with `Secure`.
    pub fn secured(self) -> Self {
        self.with_flag(Attribute::Secure)
    }

    /// Returns the cookie with `HttpOnly`.
    pub fn http_only(self) -> Self {
        self.with_flag(Attribute::HttpOnly)
    }

    /// Returns the cookie with the given `SameSite`, unless it has one already.
    pub fn same_site_unless_said(mut self, same_site: SameSite) -> Self {
        if self.same_site().is_some() {
            return self;
        }
        self.attributes.push(Attribute::SameSite(same_site));
        // Browsers drop `SameSite=None` without `Secure`.
        if same_site == SameSite::None { self.secured() } else { self }
    }

    /// Whether `__Host-` would change nothing but the name: no `Domain`, and `Path=/`.
    pub fn can_be_host_prefixed(&self) -> bool {
        self.domain().is_none() && self.path() == Some("/")
    }

    /// Returns the cookie with `__Host-` before its name and all that this promises.
    ///
    /// `Domain` goes and `Path` becomes `/`: see [`SetCookie::can_be_host_prefixed`] for a cookie of
    /// which only the name changes.
    pub fn host_prefixed(mut self) -> Self {
        self.attributes.retain(|attribute| !matches!(attribute, Attribute::Domain(_)));
        if self.path() != Some("/") {
            self.attributes.retain(|attribute| !matches!(attribute, Attribute::Path(_)));
            self.attributes.push(Attribute::Path("/".into()));
        }
        self.name = [Prefix::Host.as_str(), Prefix::strip(&self.name)].concat();
        self.secured()
    }

    /// Returns the cookie with `__Secure-` before its name, which `Domain` and `Path` leave possible.
    pub fn secure_prefixed(mut self) -> Self {
        if self.prefix().is_none() {
            self.name.insert_str(0, Prefix::Secure.as_str());
        }
        self.secured()
    }

    /// Returns the line that takes this cookie away: same name, domain and path, no value, no age.
    pub fn removed(mut self) -> Self {
        self.value.clear();
        self.attributes.retain(|attribute| !matches!(attribute, Attribute::MaxAge(_) | Attribute::Expires(_)));
        self.attributes.push(Attribute::MaxAge(0));
        self
    }

    fn with_flag(mut self, flag: Attribute) -> Self {
        if !self.attributes.contains(&flag) {
            self.attributes.push(flag);
        }
        self
    }
}
