//! Groups of reports with what a judgement of them needs: pages, and the policies they were sent under.

use bartizan_headers::Field as _;
use bartizan_headers::csp::Policy;
use url::Url;

use crate::store::{Filter, Group, PageCount, Store, StoreError};

/// A group of reports about loads, blocked ones or, from `csp-hash`, allowed ones.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The group.
    pub group: Group,
    /// Its pages, the most frequent first.
    pub pages: Vec<PageCount>,
    /// The policies that its samples were sent under, the newest first, each once.
    pub policies: Vec<Policy>,
    /// When the newest of the samples came.
    pub newest: i64,
}

impl Observed {
    /// Whether something was blocked, and not merely loaded.
    pub fn is_violation(&self) -> bool {
        self.group.subject.kind == VIOLATION
    }

    /// Returns a page for each origin that the group was seen at; the site's name stands in where none is an address.
    pub(super) fn origins(&self) -> Vec<Url> {
        let mut origins: Vec<Url> = Vec::new();
        for page in &self.pages {
            let Some(page) = Url::parse(&page.page).ok().filter(Url::has_host) else { continue };
            if !origins.iter().any(|known| known.origin() == page.origin()) {
                origins.push(page);
            }
        }
        if origins.is_empty() {
            origins.extend(Url::parse(&format!("https://{}/", self.group.site)));
        }
        origins
    }
}

/// Reads the groups that fit and speak of a policy.
///
/// # Errors
///
/// A [`StoreError`].
pub fn observe(store: &mut dyn Store, filter: &Filter) -> Result<Vec<Observed>, StoreError> {
    let mut observed = Vec::new();
    for kind in [VIOLATION, HASH] {
        let filter = Filter { kind: Some(kind.to_owned()), ..filter.clone() };
        for group in store.groups(&filter)? {
            let pages = store.pages(group.id)?;
            let samples = store.samples(group.id)?;
            let newest = samples.first().map_or(group.last_seen, |sample| sample.sample.received);
            let mut policies = Vec::new();
            for policy in samples.iter().filter_map(|sample| original_policy(&sample.sample.body)) {
                if !policies.contains(&policy) {
                    policies.push(policy);
                }
            }
            observed.push(Observed { group, pages, policies, newest });
        }
    }
    Ok(observed)
}

fn original_policy(body: &str) -> Option<Policy> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    Policy::parse(&[body.get("originalPolicy")?.as_str()?]).value
}

const VIOLATION: &str = "csp-violation";

const HASH: &str = "csp-hash";

#[cfg(test)]
pub(super) mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::sketch::{Client, Sketch};
    use crate::subject::Subject;

    /// A group at the site `a.example`, seen once by ten clients.
    pub(in super::super) fn observed(what: &str, target: &str, own: &str, pages: &[&str]) -> Observed {
        let subject = Subject {
            kind: VIOLATION.into(),
            what: Cow::Owned(what.to_owned()),
            target: Cow::Owned(target.to_owned()),
            source: "".into(),
            disposition: "enforce".into(),
            noise: None,
        };
        let mut clients = Sketch::default();
        for client in 0..10_u64 {
            clients.add(Client(client.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
        let group = Group {
            id: subject.fingerprint("a.example", "1"),
            site: "a.example".to_owned(),
            policy: "1".to_owned(),
            subject,
            count: 10,
            first_seen: 1000,
            last_seen: 2000,
            clients,
        };
        let pages = pages.iter().map(|page| PageCount { page: (*page).to_owned(), count: 1 }).collect();
        Observed { group, pages, policies: Policy::parse(&[own]).value.into_iter().collect(), newest: 2000 }
    }
}
