//! What a worker needs to know of a site to plan a page: made anew at each step, and never changed.

use std::net::IpAddr;
use std::sync::Arc;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{Policy, PolicyList, Source};
use bartizan_rewrite::{Asker, Depth, Inventory, Page, Unknown as Treatment};
use url::Url;

use crate::candidate::{Candidate, Own};
use crate::client::ClientKey;
use crate::settings::{Integrity, Unknown};
use crate::stage::Stage;

/// What a worker needs to know of a site.
#[derive(Debug, Clone)]
pub struct View {
    pub(crate) key: ClientKey,
    pub(crate) stage: Stage,
    pub(crate) unknown: Unknown,
    pub(crate) candidate: Arc<Candidate>,
    pub(crate) inventory: Arc<Inventory>,
    pub(crate) integrity: Integrity,
    /// Where reports about this step go.
    pub(crate) report: String,
}

/// A page that is about to leave.
#[derive(Debug)]
pub struct Ask<'a> {
    /// Who asked for it.
    pub client: IpAddr,
    /// Its address.
    pub url: Url,
    /// Who asked for it.
    pub asker: Asker,
    /// Its charset, if it names one.
    pub charset: Option<&'a str>,
    /// The policies that the app itself sends, enforced and reported on.
    pub app: Vec<&'a str>,
    /// Those of the configuration.
    pub own: Own<'a>,
    /// A word that nobody can guess.
    pub nonce: String,
}

/// What becomes of a page.
#[derive(Debug)]
pub struct Plan {
    /// How it is rewritten.
    pub page: Page,
    /// What is known of the site.
    pub inventory: Arc<Inventory>,
    /// The policy to enforce, beside the app's own.
    pub enforced: Option<String>,
    /// The policy to report on.
    pub reported: Option<String>,
}

impl View {
    /// Plans a page.
    pub fn plan(&self, ask: Ask<'_>) -> Plan {
        let is_enforced = self.stage.enforces(self.key.place(ask.client));
        let own_nonces = nonces(&ask.app);
        let policy = |configured| self.candidate.written(&ask.nonce, &own_nonces, &self.report, configured);
        let (enforced, reported) = if is_enforced {
            (Some(policy(ask.own.enforced)), None)
        } else {
            (ask.own.enforced.map(str::to_owned), Some(policy(None)))
        };
        let unknown = match (self.stage, self.unknown) {
            (Stage::Learning, _) => Treatment::Bless,
            (_, Unknown::Report) if is_enforced => Treatment::Bless,
            // What is reported on is what would happen; and nothing is blocked by a nonce that is not there.
            _ => Treatment::Withhold,
        };
        let page = Page {
            url: ask.url,
            charset: ask.charset.map(str::to_owned),
            nonce: ask.nonce,
            own_nonces,
            unknown,
            depth: Depth::Everything,
            asker: ask.asker,
        };
        Plan { page, inventory: Arc::clone(&self.inventory), enforced, reported }
    }

    /// Whether the digest of a file that never changes is wanted.
    pub fn wants(&self, address: &str, version: &str) -> bool {
        self.integrity == Integrity::OwnFiles && self.inventory.files.wants(address, version)
    }

    /// Returns the stage.
    pub const fn stage(&self) -> Stage {
        self.stage
    }
}

/// The nonces of the app's own policies: its elements carry them, and only one nonce counts.
fn nonces(policies: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for list in policies.iter().filter_map(|text| PolicyList::parse(&[text]).value) {
        let directives = list.policies.iter().flat_map(Policy::directives);
        for source in directives.flat_map(|directive| directive.value.sources()) {
            if let Source::Nonce(nonce) = source
                && found.len() < MOST_NONCES
                && nonce.bytes().all(is_of_a_nonce)
                && !found.contains(nonce)
            {
                found.push(nonce.clone());
            }
        }
    }
    found
}

/// CSP3, 2.3.1, `base64-value`: what else stands there means nothing to browsers.
const fn is_of_a_nonce(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// Apps have one.
const MOST_NONCES: usize = 4;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn plan(stage: Stage, unknown: Unknown, app: Vec<&str>, enforced: Option<&str>) -> Plan {
        let inventory = Arc::new(Inventory::default());
        let view = View {
            key: ClientKey([0; 16]),
            stage,
            unknown,
            candidate: Arc::new(Candidate::of(&inventory, &BTreeSet::new())),
            inventory,
            integrity: Integrity::Off,
            report: "/r".to_owned(),
        };
        view.plan(Ask {
            client: "192.0.2.1".parse().unwrap(),
            url: Url::parse("https://app.example/").unwrap(),
            asker: Asker::Visit,
            charset: None,
            app,
            own: Own { enforced, reported: Some("img-src 'none'") },
            nonce: "NONCE".to_owned(),
        })
    }

    #[test]
    fn nothing_is_enforced_before_its_time() {
        for (stage, unknown, is_enforced, treatment) in [
            (Stage::Learning, Unknown::StepBack, false, Treatment::Bless),
            (Stage::Trial, Unknown::StepBack, false, Treatment::Withhold),
            (Stage::Trial, Unknown::Report, false, Treatment::Withhold),
            (Stage::Share(0), Unknown::StepBack, false, Treatment::Withhold),
            (Stage::Enforced, Unknown::StepBack, true, Treatment::Withhold),
            (Stage::Enforced, Unknown::Withhold, true, Treatment::Withhold),
            (Stage::Enforced, Unknown::Report, true, Treatment::Bless),
        ] {
            let configured = "object-src 'none'";
            let made = plan(stage, unknown, Vec::new(), Some(configured));
            let enforced = made.enforced.unwrap();
            // A nonce that is only reported on changes nothing of what is enforced.
            assert_eq!(enforced == configured, !is_enforced, "{stage:?}: {enforced}");
            assert_eq!(enforced.contains("NONCE"), is_enforced, "{stage:?}: {enforced}");
            assert_eq!(made.reported.is_some(), !is_enforced, "{stage:?}");
            assert_eq!(made.page.unknown, treatment, "{stage:?} {unknown:?}");
        }
    }

    #[test]
    fn nonces_of_the_app_are_kept() {
        for (app, expected) in [
            (vec!["script-src 'nonce-abc'"], vec!["abc"]),
            (vec!["script-src 'nonce-abc'; style-src 'nonce-abc'", "img-src *"], vec!["abc"]),
            (vec!["script-src 'nonce-a', script-src 'nonce-b'"], vec!["a", "b"]),
            (vec!["script-src 'self'"], vec![]),
            (vec!["script-src 'nonce-a\"b'"], vec![]),
        ] {
            let made = plan(Stage::Enforced, Unknown::StepBack, app.clone(), None);
            assert_eq!(made.page.own_nonces, expected, "{app:?}");
            let policy = made.enforced.unwrap();
            assert!(expected.iter().all(|nonce| policy.contains(&format!("'nonce-{nonce}'"))), "{policy}");
        }
    }
}
