//! The collector of reports behind the wall: what the wall hands over, in the collector's words.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bartizan_proxy::services::{Answering, LocalRequest, LocalService};
use bartizan_proxy::stages::Answer;
use bartizan_reports::address::Queries;
use bartizan_reports::alerts::{Inbox, Watch};
use bartizan_reports::collector::{Collector, Keeper, Settings};
use bartizan_reports::endpoint::{Ask, Endpoint, Opening};
use bartizan_reports::rules::{SiteRules, Sites};
use bytes::Bytes;

use crate::autopilot::Cockpit;
use crate::command::open_store;
use crate::config::{ENDPOINT, ReportsPlan, SitePlan};

/// The collector, as a service of the wall.
#[derive(Debug)]
pub(crate) struct Reporting {
    endpoint: Endpoint,
    /// The sites that collect.
    sites: RwLock<BTreeSet<String>>,
    /// Is told what came in.
    autopilot: Option<Arc<Cockpit>>,
    watch: Watch,
}

impl Reporting {
    /// Starts to collect, if any site does.
    pub(crate) fn start(
        plan: &ReportsPlan,
        autopilot: Option<Arc<Cockpit>>,
        inbox: Arc<Inbox>,
    ) -> anyhow::Result<Option<(Arc<Self>, Keeper)>> {
        if !plan.sites.iter().any(|site| site.collect) {
            return Ok(None);
        }
        let store = open_store(&plan.store)?;
        let settings = Settings {
            flush: plan.flush.max(Duration::from_millis(1)),
            keep: plan.keep,
            sites: rules(plan),
            ..Settings::default()
        };
        let (collector, keeper) = Collector::start(settings, store)?;
        let endpoint = Endpoint::new(collector, ENDPOINT);
        let watch = Watch::start(plan.alerts.clone(), plan.store.clone(), inbox)?;
        Ok(Some((Arc::new(Self { endpoint, sites: RwLock::new(names(plan)), watch, autopilot }), keeper)))
    }

    /// Takes over which sites collect; before the wall takes over the same configuration.
    pub(crate) fn reload(&self, plan: &ReportsPlan) {
        self.endpoint.collector().set_sites(rules(plan));
        *self.sites.write().unwrap_or_else(PoisonError::into_inner) = names(plan);
    }
}

impl LocalService for Reporting {
    fn prefix(&self) -> &str {
        self.endpoint.prefix()
    }

    fn is_for(&self, site: &str) -> bool {
        self.sites.read().unwrap_or_else(PoisonError::into_inner).contains(site)
    }

    fn largest_body(&self) -> usize {
        self.endpoint.collector().settings().body.bytes
    }

    fn answer(&self, request: LocalRequest) -> Answering<Answer> {
        let ask = Ask {
            method: &request.method,
            path: request.target.path(),
            headers: &request.headers,
            client: request.client,
            site: Some(&request.site),
        };
        let answer = match self.endpoint.open(&ask) {
            Opening::Answer(answer) => answer,
            Opening::Read(_) => {
                let body = request.body.as_deref().ok();
                if let (Some(autopilot), Some(body)) = (&self.autopilot, body) {
                    autopilot.reported(&request.site, ask.path, request.client, ask.headers, body);
                }
                self.endpoint.take(&ask, body)
            }
        };
        let answer = Answer { status: answer.status, headers: answer.headers, body: Bytes::new() };
        Box::pin(std::future::ready(answer))
    }

    fn metrics(&self) -> String {
        self.endpoint.collector().metrics() + &self.watch.counters().render()
    }
}

fn names(plan: &ReportsPlan) -> BTreeSet<String> {
    plan.sites.iter().filter(|site| site.collect).map(|site| site.site.clone()).collect()
}

fn rules(plan: &ReportsPlan) -> Sites {
    let rules = |site: &SitePlan| SiteRules {
        name: site.site.clone(),
        hosts: site.host_names(),
        queries: if site.dangerous_keep_queries { Queries::Keep } else { Queries::Drop },
        quota: site.quota.map(|quota| quota.get().into()),
        sample: f64::from(site.sample) / 100.0,
    };
    // Nobody else's reports: the name of a site is a host here, and any other is forged.
    Sites { named: plan.sites.iter().filter(|site| site.collect).map(rules).collect(), others: None }
}
