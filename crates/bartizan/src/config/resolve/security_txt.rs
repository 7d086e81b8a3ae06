//! `[site.security_txt]` (RFC 9116).

use std::collections::BTreeMap;

use bartizan_proxy::config::SecurityTxt;

use super::super::raw::At;
use super::super::raw::site;
use super::Resolver;

impl Resolver<'_> {
    pub(super) fn security_txt(&mut self, written: &At<site::SecurityTxt>) -> SecurityTxt {
        if let Some(file) = &written.file {
            if written.contact.is_some() || written.expires.is_some() {
                self.error(file.span(), "`file` is served as it is, so the other keys have no effect", "leave one out");
            }
            return SecurityTxt { file: Some(self.readable("security_txt.file", file)), ..SecurityTxt::default() };
        }
        let contacts = written.contact.as_deref().unwrap_or_default();
        if contacts.is_empty() {
            self.error(written.span(), "`contact` is missing in `security_txt`", "RFC 9116, 2.5.3: at least one");
        }
        for contact in contacts {
            if !["mailto:", "https://", "tel:"].iter().any(|scheme| contact.starts_with(scheme)) {
                let label = "must begin with mailto:, https:// or tel: (RFC 9116, 2.5.3)";
                self.error(contact.span(), "`contact` is no address", label);
            }
        }
        if written.expires.is_none() {
            self.error(written.span(), "`expires` is missing in `security_txt`", "RFC 9116, 2.5.5: exactly one");
        }
        let mut others = BTreeMap::new();
        let languages = written.preferred_languages.clone().map(|languages| vec![languages]);
        for (name, values) in [
            ("Encryption", &written.encryption),
            ("Acknowledgments", &written.acknowledgments),
            ("Preferred-Languages", &languages),
            ("Canonical", &written.canonical),
            ("Policy", &written.policy),
            ("Hiring", &written.hiring),
        ] {
            if let Some(values) = values {
                // A line break would begin a field of someone else's.
                if values.iter().any(|value| value.contains(['\r', '\n'])) {
                    self.error(written.span(), format!("{name} has a line break"), "");
                }
                others.insert(name.to_owned(), values.clone());
            }
        }
        SecurityTxt {
            contact: contacts.iter().map(|contact| String::clone(contact)).collect(),
            expires: written.expires.as_ref().map(|time| time.0.0.clone()).unwrap_or_default(),
            others,
            file: None,
        }
    }
}
