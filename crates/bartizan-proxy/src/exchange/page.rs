//! What the pilot is asked and told of an answer: pages to be rewritten, files that never change, visits from elsewhere.

use std::sync::Arc;

use bartizan_rewrite::coding::{Coding, Encoder};
use bartizan_rewrite::{Rewriter, Summary};
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::{Method, StatusCode};

use super::Step;
use crate::files::{self, FixedFile, Hashing};
use crate::head::ResponseHead;
use crate::pages::{self, Form, PageAsk, PageSight, Rewriting, SentPolicies};
use crate::visits::{self, Act, Visit};

/// A page whose rewriting is decided.
pub(super) struct PlannedPage {
    coding: Coding,
    rewriter: Rewriter,
    tell: Box<dyn FnOnce(Summary)>,
}

impl Step<'_> {
    /// Asks the pilot what becomes of a page; its policies go into the exchange.
    pub(super) fn plan_page(&mut self, head: &ResponseHead) -> Option<Box<PlannedPage>> {
        let pilot = self.worker.shared.services.pilot.as_ref()?;
        let site = self.site?;
        let form = Form::of(head.status, &head.headers);
        if form.is_none() && head.status != StatusCode::NOT_MODIFIED {
            return None;
        }
        let ask = PageAsk {
            site: site.counters.name(),
            client: self.exchange.client,
            host: self.trail.host.as_ref().and_then(|host| host.to_str().ok()).unwrap_or_default(),
            path: self.exchange.path.as_str(),
            https: self.exchange.https,
            asker: self.exchange.kept.as_ref().map(|kept| kept.asker).unwrap_or_default(),
            headers: &head.headers,
            configured: &self.policy.plan.headers,
            charset: form.as_ref().and_then(|form| form.charset.as_deref()),
        };
        let plan = pilot.plan(&ask)?;
        let (host, https) = (ask.host.to_owned(), ask.https);
        let Some(form) = form else {
            // The browser keeps the policies of the page that it has, whose nonce is not this one's.
            self.exchange.page_policy = Some(Box::default());
            return None;
        };
        let lines = head.headers.get_all(CONTENT_SECURITY_POLICY).iter().filter_map(|line| line.to_str().ok());
        let policies = SentPolicies {
            app: lines.map(str::to_owned).collect(),
            ours: plan.policy.clone(),
            nonce: plan.page.nonce.clone(),
        };
        let rewriter = Rewriter::new(plan.page, plan.inventory).ok()?;
        self.exchange.page_policy = Some(Box::new(plan.policy));
        let sight = PageSight {
            site: Arc::from(site.counters.name()),
            client: self.exchange.client,
            host,
            https,
            path: self.exchange.path.path().to_owned(),
            status: head.status,
            policies,
        };
        let pilot = Arc::clone(pilot);
        Some(Box::new(PlannedPage {
            coding: form.coding,
            rewriter,
            tell: Box::new(move |seen| pilot.saw(sight, seen)),
        }))
    }

    /// Has the digest of a file be told that never changes, where it is wanted.
    pub(super) fn hash_file(&self, head: &ResponseHead) -> Option<Box<Hashing>> {
        let pilot = self.worker.shared.services.pilot.as_ref()?;
        let site = self.site?;
        let path = &self.exchange.path;
        let coding = files::coding(&self.exchange.method, head.status, path.path(), &head.headers)?;
        let file = FixedFile {
            site: Arc::from(site.counters.name()),
            client: self.exchange.client,
            address: path.as_str().to_owned(),
            version: files::version(&head.headers),
        };
        if !pilot.wants(&file) {
            return None;
        }
        let pilot = Arc::clone(pilot);
        Some(Box::new(Hashing::new(coding, Box::new(move |digest| pilot.hashed(file, digest)))))
    }

    /// Tells the pilot what other sites' pages do, and what cookies are for whole domains.
    pub(super) fn tell_visits(&self, head: &ResponseHead) {
        let (Some(pilot), Some(site)) = (&self.worker.shared.services.pilot, self.site) else { return };
        let tell = |act, target: &str| {
            pilot.visited(Visit {
                site: Arc::from(site.counters.name()),
                client: self.exchange.client,
                act,
                target: target.to_owned(),
                path: self.exchange.path.path().to_owned(),
            });
        };
        if let Some(foreign) = self.exchange.kept.as_ref().and_then(|kept| kept.foreign.as_ref()) {
            foreign.act(head.status, self.exchange.has_session).for_each(|act| tell(act, foreign.origin()));
        }
        let plain = &self.exchange.plain_session_cookies;
        for name in plain.iter().filter(|name| self.exchange.mapped_cookies.contains(name)) {
            tell(Act::BringsBothNames, name);
        }
        if head.headers.contains_key(SET_COOKIE) {
            let names = visits::for_domain(&head.headers, &self.policy.plan.cookies);
            names.iter().for_each(|name| tell(Act::SetsSessionForDomain, name));
        }
    }

    /// Makes head and body of a page ready to be rewritten.
    pub(super) fn rewrite(&self, page: PlannedPage, head: &mut ResponseHead) -> Option<Box<Rewriting>> {
        let accepted = self.exchange.kept.as_ref().map_or("", |kept| &kept.accept_encoding);
        let folded = pages::adjust(&mut head.headers, page.coding, accepted);
        // Without memory for its tables there is none for the page either.
        let encoder = Encoder::new(folded).ok()?;
        (self.exchange.method != Method::HEAD)
            .then(|| Box::new(Rewriting::new(page.rewriter, page.coding, encoder, page.tell)))
    }
}
