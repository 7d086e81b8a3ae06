//! The autopilot behind the wall: pages and reports go to it, its plans to the wall, its answers to the operator.
//!
//! Workers read views that never change; what they saw waits in a bounded queue for one thread, which alone decides.

mod admin;
mod overlay;

pub(crate) use overlay::raised;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use bartizan_pilot::{
    Act, Ask, Autopilot, Entry, News, NewsSort, Own, Policies, Sends, Served, Status, Store, Traffic, View, Violation,
    Visit, read_violations,
};
use bartizan_proxy::config::{HeaderMode, HeaderRule};
use bartizan_proxy::files::FixedFile;
use bartizan_proxy::pages::{PageAsk, PagePlan, PagePolicy, PageSight, Pilot};
use bartizan_proxy::visits as proxy;
use bartizan_proxy::waf::ledger::{Ledger, SignedIn};
use bartizan_reports::alerts::{Happened, Happening, Inbox};
use bartizan_reports::receive::Labels;
use bartizan_reports::store::Store as Reports;
use bartizan_rewrite::{Digest, Summary};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::{error, info, warn};
use url::Url;

use crate::command::open_store;
use crate::config::{AutopilotPlan, ENDPOINT, ReportsPlan};

/// The autopilot, as the wall and the operator know it.
#[derive(Debug)]
pub(crate) struct Cockpit {
    views: RwLock<Arc<BTreeMap<String, Arc<View>>>>,
    core: Mutex<Core>,
    events: SyncSender<Event>,
    /// Pages and reports that found the queue full.
    lost: AtomicU64,
    /// Who is told of what the operator should know.
    inbox: Arc<Inbox>,
}

/// What the ramps of each site put in the place of the configuration's own.
pub(crate) type Raised = BTreeMap<String, Vec<Sends>>;

/// What one thread changes, and the operator's commands.
struct Core {
    autopilot: Autopilot,
    store: Store,
    reports: Box<dyn Reports>,
    /// Each site's hosts, to tell reports of other pages.
    hosts: BTreeMap<String, Vec<String>>,
    /// Whether a failure was told of.
    is_failing: bool,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("autopilot", &self.autopilot).finish_non_exhaustive()
    }
}

/// What happened.
#[derive(Debug)]
enum Event {
    Page { sight: PageSight, summary: Box<Summary> },
    Visit(proxy::Visit),
    File { file: FixedFile, digest: Digest },
    Reports { site: Arc<str>, step: Option<u64>, client: IpAddr, violations: Vec<Violation> },
    End,
}

/// Keeps the autopilot going; dropping it keeps what was learnt and ends it.
#[derive(Debug)]
pub(crate) struct Flight {
    cockpit: Arc<Cockpit>,
    thread: Option<JoinHandle<()>>,
}

impl Cockpit {
    /// Starts the autopilot, if it is on for any site.
    pub(crate) fn start(
        plan: &AutopilotPlan,
        reports: &ReportsPlan,
        inbox: Arc<Inbox>,
    ) -> anyhow::Result<Option<(Arc<Self>, Flight)>> {
        if !plan.is_on() {
            return Ok(None);
        }
        let place = |path: &std::path::Path| format!("cannot open {}", path.display());
        if let Some(folder) = plan.store.parent() {
            std::fs::create_dir_all(folder).with_context(|| place(folder))?;
        }
        let store = Store::open(&plan.store).with_context(|| place(&plan.store))?;
        let mut offered = [0; 16];
        getrandom::fill(&mut offered).context("the system has no random numbers")?;
        let autopilot = Autopilot::new(store.client_key(offered)?);
        let core =
            Core { autopilot, store, reports: open_store(&reports.store)?, hosts: BTreeMap::new(), is_failing: false };
        let (events, queue) = sync_channel(QUEUE);
        let lost = AtomicU64::new(0);
        let cockpit = Arc::new(Self { views: RwLock::default(), core: Mutex::new(core), events, lost, inbox });
        cockpit.reload(plan, reports);
        let keeper = Arc::clone(&cockpit);
        let thread = std::thread::Builder::new().name("autopilot".to_owned()).spawn(move || keeper.run(&queue))?;
        Ok(Some((Arc::clone(&cockpit), Flight { cockpit, thread: Some(thread) })))
    }

    /// Takes over which sites it is on for.
    pub(crate) fn reload(&self, plan: &AutopilotPlan, reports: &ReportsPlan) {
        let mut core = self.core();
        let core = &mut *core;
        let mut names = BTreeSet::new();
        for (name, settings) in &plan.sites {
            let Some(settings) = settings else { continue };
            names.insert(name.clone());
            let store = &core.store;
            let kept = || {
                store.load(name).unwrap_or_else(|error| {
                    warn!(site = name, error = &error as &dyn std::error::Error, "what was learnt cannot be read");
                    None
                })
            };
            core.autopilot.configure(name, settings.clone(), kept, now());
        }
        core.autopilot.keep_only(&names);
        core.hosts = reports.sites.iter().map(|site| (site.site.clone(), site.host_names())).collect();
        self.publish(core);
    }

    /// Takes note of reports that came for a site, by the version of the policy that they are about.
    pub(crate) fn reported(&self, site: &Arc<str>, path: &str, client: IpAddr, headers: &HeaderMap, body: &[u8]) {
        let version = path.strip_prefix(ENDPOINT).and_then(|rest| rest.strip_prefix(VERSION));
        let step = version.and_then(|number| number.parse().ok());
        let hosts = self.core().hosts.get(&**site).cloned().unwrap_or_default();
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let labels = Labels { content_type: text(CONTENT_TYPE), content_encoding: text(CONTENT_ENCODING) };
        let violations = read_violations(body, labels, &hosts);
        if !violations.is_empty() {
            self.tell(Event::Reports { site: Arc::clone(site), step, client, violations });
        }
    }

    /// Takes note of what the firewall counted of requests with a session.
    pub(crate) fn counted(&self, ledger: &Ledger) {
        let mut core = self.core();
        let sites: Vec<String> = core.autopilot.sends().into_keys().collect();
        for site in sites {
            let SignedIn { all, refused } = ledger.signed_in(&site);
            core.autopilot.counted(&site, Traffic { signed_in: all, refused });
        }
    }

    /// Returns what the ramps of each site put in the place of the configuration's own.
    pub(crate) fn sends(&self) -> Raised {
        self.core().autopilot.sends()
    }

    /// Returns what is told of a site.
    pub(crate) fn status(&self, site: &str) -> Option<Status> {
        self.core().autopilot.status_of(site, now())
    }

    fn tell(&self, event: Event) {
        // A worker never waits: what finds no room is one sight of many.
        if self.events.try_send(event).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn run(&self, queue: &Receiver<Event>) {
        let mut is_over = false;
        while !is_over {
            let first = match queue.recv_timeout(TICK) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut core = self.core();
            // All that waits is taken at once, and no more than fits, so that steps are never put off.
            for event in first.into_iter().chain(queue.try_iter().take(QUEUE)) {
                match event {
                    Event::Page { sight, summary } => {
                        let (client, path, is_https) = (sight.client, sight.path.as_str(), sight.https);
                        let text = |value: &'_ Option<HeaderValue>| {
                            value.as_ref().and_then(|value| value.to_str().ok().map(str::to_owned))
                        };
                        let (enforced, reported) =
                            (text(&sight.policies.ours.enforced), text(&sight.policies.ours.reported));
                        let policies = Policies {
                            app: &sight.policies.app,
                            enforced: enforced.as_deref(),
                            reported: reported.as_deref(),
                            nonce: &sight.policies.nonce,
                        };
                        let served = Served { client, host: name_of(&sight.host), path, is_https, policies };
                        core.autopilot.saw(&sight.site, served, &summary, now());
                    }
                    Event::File { file, digest } => {
                        let FixedFile { site, client, address, version } = &file;
                        core.autopilot.hashed(site, *client, address, version, digest);
                    }
                    Event::Visit(visit) => {
                        let proxy::Visit { site, client, act, target, path } = &visit;
                        let visit = Visit { client: *client, act: act_of(*act), target, path };
                        core.autopilot.visited(site, visit);
                    }
                    Event::Reports { site, step, client, violations } => {
                        core.autopilot.reported(&site, step, client, &violations);
                    }
                    Event::End => is_over = true,
                }
            }
            self.step(&mut core, is_over);
        }
    }

    fn step(&self, core: &mut Core, is_over: bool) {
        let mut failure = None;
        match core.autopilot.tick(now(), &mut *core.reports) {
            Ok(steps) => steps.iter().for_each(|(site, step)| tell(site, step)),
            Err(error) => failure = Some(anyhow::Error::from(error)),
        }
        self.publish(core);
        if let Err(error) = core.autopilot.save(&mut core.store, now(), is_over) {
            failure = Some(error.into());
        }
        match failure {
            Some(failure) if !core.is_failing => {
                error!("the autopilot stays where it is: {failure:#}");
                core.is_failing = true;
            }
            None if core.is_failing => {
                info!("the autopilot goes on");
                core.is_failing = false;
            }
            _ => {}
        }
    }

    fn publish(&self, core: &mut Core) {
        core.autopilot.take_news().into_iter().for_each(|news| self.inbox.tell(happening(news)));
        if let Some(views) = core.autopilot.new_views() {
            *self.views.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(views);
        }
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what happened: a step back is something to look at.
fn tell(site: &str, step: &Entry) {
    let Entry { about, from, to, reason, .. } = step;
    if step.is_step_back {
        warn!(site, about, from, to, "the autopilot steps back: {reason}");
    } else {
        info!(site, about, from, to, "the autopilot goes on: {reason}");
    }
}

/// The same in the words of the autopilot.
const fn act_of(act: proxy::Act) -> Act {
    match act {
        proxy::Act::BringsBothNames => Act::BringsBothNames,
        proxy::Act::LoadsFromOtherSite => Act::LoadsFromOtherSite,
        proxy::Act::LoadsFromSameSite => Act::LoadsFromSameSite,
        proxy::Act::MissesSession => Act::MissesSession,
        proxy::Act::SetsSessionForDomain => Act::SetsSessionForDomain,
        proxy::Act::UsesSession => Act::UsesSession,
    }
}

/// The same in the words of alerts.
fn happening(news: News) -> Happening {
    let News { site, sort, key, title, facts } = news;
    let what = match sort {
        NewsSort::Held => Happened::Held,
        NewsSort::NewCandidate => Happened::NewCandidate,
        NewsSort::StepBack => Happened::StepBack,
        NewsSort::UnknownCode => Happened::UnknownCode,
    };
    Happening { what, site, key, title, facts }
}

impl Pilot for Cockpit {
    fn plan(&self, ask: &PageAsk<'_>) -> Option<PagePlan> {
        let views = Arc::clone(&self.views.read().unwrap_or_else(PoisonError::into_inner));
        let view = views.get(ask.site)?;
        let scheme = if ask.https { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{}{}", ask.host, ask.path)).ok()?;
        let mut bytes = [0; 16];
        // Without random numbers there is no nonce, and the page leaves as it came.
        getrandom::fill(&mut bytes).ok()?;
        let lines = [CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY]
            .into_iter()
            .flat_map(|name| ask.headers.get_all(name).iter().filter_map(|line| line.to_str().ok()));
        let app_enforces = ask.headers.contains_key(CONTENT_SECURITY_POLICY);
        let plan = view.plan(Ask {
            client: ask.client,
            url,
            asker: ask.asker,
            charset: ask.charset,
            app: lines.collect(),
            own: Own {
                enforced: sent(ask.configured.csp.as_ref(), app_enforces),
                reported: sent(ask.configured.csp_report_only.as_ref(), true),
            },
            nonce: STANDARD_NO_PAD.encode(bytes),
        });
        let value = |text: Option<String>| text.and_then(|text| HeaderValue::try_from(text).ok());
        let policy = PagePolicy { enforced: value(plan.enforced), reported: value(plan.reported) };
        Some(PagePlan { page: plan.page, inventory: plan.inventory, policy })
    }

    fn saw(&self, sight: PageSight, summary: Summary) {
        self.tell(Event::Page { sight, summary: Box::new(summary) });
    }

    fn wants(&self, file: &FixedFile) -> bool {
        let views = Arc::clone(&self.views.read().unwrap_or_else(PoisonError::into_inner));
        views.get(&*file.site).is_some_and(|view| view.wants(&file.address, &file.version))
    }

    fn hashed(&self, file: FixedFile, digest: Digest) {
        self.tell(Event::File { file, digest });
    }

    fn visited(&self, visit: proxy::Visit) {
        self.tell(Event::Visit(visit));
    }
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// The value of a header of the configuration, where it is sent beside what the app sends.
fn sent(rule: Option<&HeaderRule>, app_says: bool) -> Option<&str> {
    let rule = rule.filter(|rule| match rule.mode {
        HeaderMode::Off => false,
        HeaderMode::Keep => !app_says,
        HeaderMode::Set | HeaderMode::Tighten => true,
    })?;
    rule.value.to_str().ok()
}

impl Drop for Flight {
    fn drop(&mut self) {
        // The queue may be full; the thread empties it.
        let _ = self.cockpit.events.send(Event::End);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so on standard error.
            let _ = thread.join();
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// What follows the endpoint in the address of reports about a step: then comes its number.
const VERSION: &str = "/pilot-";

/// Pages of a busy second; each is some kilobytes.
const QUEUE: usize = 2000;

/// Soon enough for a person who looks; a look costs little.
const TICK: Duration = Duration::from_millis(250);
