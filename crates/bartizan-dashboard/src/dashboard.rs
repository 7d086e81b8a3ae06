//! One request from its head to its answer: who asks, for what, and whether they may.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use bartizan_headers::TupleOrigin;
use bartizan_headers::cookie::cookies;
use bartizan_reports::store::{Filter, Lent, NoiseFilter, StoreError};
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, COOKIE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use http_body_util::combinators::UnsyncBoxBody;
use tokio::sync::Semaphore;

use crate::access::names::Way;
use crate::access::{Sessions, Throttle, Ticket, Token, User, Visitor};
use crate::html::{Address, Html};
use crate::pages::{self, Ask, Fault, Page};
use crate::query::Query;
use crate::wall::WallView;
use crate::{api, assets, headers, live, sign_in};

/// The body of an answer; it may flow for as long as somebody watches.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Opens the store for one page.
pub type OpenStore = Box<dyn Fn() -> Result<Lent, StoreError> + Send + Sync>;

/// Who may see what; a reload brings others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who may sign in; where there is nobody, the machine itself may see and do everything.
    pub users: Vec<User>,
    /// Programs that may ask.
    pub tokens: Vec<Token>,
    /// Where browsers reach the dashboard through a proxy.
    pub origins: Vec<TupleOrigin>,
    /// How long somebody stays signed in without asking for anything.
    pub idle: Duration,
    /// How long somebody stays signed in at all.
    pub lifetime: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            users: Vec::new(),
            tokens: Vec::new(),
            origins: Vec::new(),
            // Lunch.
            idle: Duration::from_secs(3600),
            // A working day.
            lifetime: Duration::from_secs(12 * 3600),
        }
    }
}

/// What is shown.
pub struct Sources {
    /// Opens the store of reports; none where nothing is collected.
    pub store: Option<OpenStore>,
    /// The wall; none beside a collector alone.
    pub wall: Option<Arc<dyn WallView>>,
    /// Tells the time, in milliseconds since 1970.
    pub now: fn() -> i64,
}

impl Default for Sources {
    fn default() -> Self {
        Self { store: None, wall: None, now: system_time }
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").field("store", &self.store.is_some()).field("wall", &self.wall).finish()
    }
}

/// The dashboard; clones are the same one.
#[derive(Debug, Clone)]
pub struct Dashboard(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) settings: RwLock<Arc<Settings>>,
    sources: Sources,
    pub(crate) sessions: Sessions,
    pub(crate) throttle: Throttle,
    /// Pages that are made, and passwords that are looked at, at once.
    pub(crate) work: Semaphore,
    watchers: Arc<Semaphore>,
    pulse: Mutex<Option<(Instant, String)>>,
}

impl Dashboard {
    /// Makes it ready.
    pub fn new(settings: Settings, sources: Sources) -> Self {
        Self(Arc::new(Inner {
            settings: RwLock::new(Arc::new(settings)),
            sources,
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            work: Semaphore::new(AT_ONCE),
            watchers: Arc::new(Semaphore::new(WATCHERS)),
            pulse: Mutex::default(),
        }))
    }

    /// Takes over other settings; sessions of users who are gone, or whose password changed, end.
    pub fn reload(&self, settings: Settings) {
        *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    /// Whether it answers a path.
    pub fn is_for(&self, path: &str) -> bool {
        pages::find(path).is_some()
            || assets::find(path).is_some()
            || api::find(path).is_some()
            || matches!(path, LIVE | sign_in::IN | sign_in::OUT)
    }

    /// Whether it may be asked under the name in these headers.
    pub fn is_named(&self, headers: &HeaderMap) -> bool {
        Way::of(headers, &self.settings().origins).is_some()
    }

    /// Answers.
    pub async fn answer(self, request: Request<Bytes>, peer: SocketAddr) -> Response<Body> {
        let mut response = self.reply(&request, peer).await;
        headers::protect(response.headers_mut());
        response
    }

    async fn reply(&self, request: &Request<Bytes>, peer: SocketAddr) -> Response<Body> {
        let settings = self.settings();
        let Some(way) = Way::of(request.headers(), &settings.origins) else {
            return plain(StatusCode::FORBIDDEN, "ask by address, as localhost, or under a configured origin\n");
        };
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if !is_read && *request.method() != Method::POST {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET, HEAD and POST\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            return response;
        }
        if !is_read && !way.is_ours(request.headers()) {
            return plain(StatusCode::FORBIDDEN, "this form was not sent by a page of the dashboard\n");
        }
        let is_here = peer.ip().to_canonical().is_loopback() && way.is_of_this_machine(request.headers());
        if settings.users.is_empty() && !is_here {
            return plain(StatusCode::FORBIDDEN, "without users only this machine may look\n");
        }
        let path = request.uri().path();
        if let Some(asset) = assets::find(path).filter(|_| is_read) {
            return asset.response();
        }
        if let Some(endpoint) = api::find(path).filter(|_| is_read) {
            return api::answer(self, endpoint, request).await;
        }
        let visitor = self.visitor(request.headers(), &way);
        match path {
            sign_in::IN => return sign_in::answer(self, request, &way, client(request.headers(), &way, peer)).await,
            sign_in::OUT if !is_read => return sign_in::out(self, request.headers(), &way),
            _ => {}
        }
        let Some(visitor) = visitor else { return sign_in::first(request) };
        if path == LIVE && is_read {
            let (dashboard, headers) = (self.clone(), request.headers().clone());
            let is_in = Arc::new(move || dashboard.visitor_by_page(&headers, &way).is_some());
            return live::watch(self.clone(), Arc::clone(&self.0.watchers).try_acquire_owned().ok(), is_in);
        }
        match pages::find(path) {
            Some(page) if visitor.role() < page.role => {
                let fault = Fault::NotAllowed(page.role);
                self.framed(page, &visitor, Err(fault))
            }
            Some(page) if is_read => self.page(page, request, visitor).await,
            Some(page) => self.act(page, request, visitor).await,
            None => plain(StatusCode::NOT_FOUND, "there is no such page\n"),
        }
    }

    async fn page(&self, page: &'static Page, request: &Request<Bytes>, visitor: Visitor) -> Response<Body> {
        let query = Query::parse(request.uri().query().unwrap_or_default().as_bytes());
        let dashboard = self.clone();
        let built = self.work(move || {
            let made = (page.build)(&mut dashboard.ask(&query, &visitor));
            dashboard.framed(page, &visitor, made)
        });
        built.await.unwrap_or_else(busy)
    }

    async fn act(&self, page: &'static Page, request: &Request<Bytes>, visitor: Visitor) -> Response<Body> {
        let Some(act) = page.act else { return plain(StatusCode::METHOD_NOT_ALLOWED, "this page takes no form\n") };
        if !is_form(request.headers()) {
            return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "this is no form\n");
        }
        let form = Query::parse(request.body());
        let dashboard = self.clone();
        let done = self.work(move || match act(&mut dashboard.ask(&form, &visitor)) {
            Ok(address) => see_other(&address),
            Err(fault) => dashboard.framed(page, &visitor, Err(fault)),
        });
        done.await.unwrap_or_else(busy)
    }

    /// Returns a page with all that stands around it.
    fn framed(&self, page: &'static Page, visitor: &Visitor, made: Result<Html, Fault>) -> Response<Body> {
        let status = made.as_ref().err().map_or(StatusCode::OK, Fault::status);
        if let Err(Fault::Store(error)) = &made {
            tracing::warn!(error = error as &dyn std::error::Error, "the dashboard cannot read the store of reports");
        }
        let frame = pages::Frame { page, visitor, has_wall: self.0.sources.wall.is_some() };
        html(status, frame.around(made.unwrap_or_else(|fault| fault.told())))
    }

    fn ask<'a>(&'a self, query: &'a Query, visitor: &'a Visitor) -> Ask<'a> {
        Ask::new(query, visitor, self.now(), self.0.sources.wall.as_deref(), self.0.sources.store.as_ref())
    }

    /// Runs what takes long beside the runtime, a few at a time.
    pub(crate) async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _place = self.0.work.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// Returns the sums that change when a page has something new to show.
    pub(crate) async fn pulse(&self) -> String {
        let known = self.0.pulse.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, pulse)) = known.filter(|(at, _)| at.elapsed() < PULSE) {
            return pulse;
        }
        let dashboard = self.clone();
        let pulse = self.work(move || dashboard.sums()).await.unwrap_or_default();
        *self.0.pulse.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), pulse.clone()));
        pulse
    }

    fn sums(&self) -> String {
        let filter = Filter { noise: NoiseFilter::Include, ..Filter::default() };
        let totals = self.0.sources.store.as_ref().and_then(|open| open().ok()?.totals(&filter).ok());
        let totals = totals.unwrap_or_default();
        let refused = self.0.sources.wall.as_ref().map_or_else(Vec::new, |wall| wall.refused());
        let refused: u64 = refused.iter().map(|each| each.count).sum();
        let found = self.0.sources.wall.as_ref().and_then(|wall| wall.matches(1).into_iter().next());
        let found = found.map(|found| found.number).unwrap_or_default();
        let scans = self.0.sources.wall.as_ref().map_or(0, |wall| wall.scans());
        serde_json::json!([totals.reports, totals.groups, refused, found, scans]).to_string()
    }

    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.0.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn now(&self) -> i64 {
        (self.0.sources.now)()
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.0.sources
    }

    fn visitor(&self, headers: &HeaderMap, way: &Way) -> Option<Visitor> {
        use crate::access::Use;
        let use_ = if headers.contains_key(RENEWS) { Use::ByPage } else { Use::ByPerson };
        self.visitor_for(headers, way, use_)
    }

    pub(crate) fn visitor_by_page(&self, headers: &HeaderMap, way: &Way) -> Option<Visitor> {
        self.visitor_for(headers, way, crate::access::Use::ByPage)
    }

    fn visitor_for(&self, headers: &HeaderMap, way: &Way, use_: crate::access::Use) -> Option<Visitor> {
        let settings = self.settings();
        if settings.users.is_empty() {
            return Some(Visitor::Anybody);
        }
        let find = |name: &str| settings.users.iter().find(|user| user.name == name);
        let password = |name: &str| find(name).map(|user| user.password.to_string());
        let lifetimes = crate::access::Lifetimes { idle: settings.idle, whole: settings.lifetime };
        let name =
            self.0.sessions.user(&ticket(headers, way)?, use_, lifetimes, self.now().unsigned_abs(), password)?;
        find(&name).map(|user| Visitor::User { role: user.role, name })
    }
}

/// Returns what the browser holds, under the one name that this way has.
pub(crate) fn ticket(headers: &HeaderMap, way: &Way) -> Option<Ticket> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = lines.flat_map(cookies).filter(|cookie| cookie.name == sign_in::cookie_name(way));
    let value = found.next()?.value;
    (value.len() <= LONGEST_TICKET).then(|| Ticket(value.to_owned()))
}

/// Returns who asks: behind a proxy of this machine, whom the proxy says last.
fn client(headers: &HeaderMap, way: &Way, peer: SocketAddr) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !peer.is_loopback() || matches!(way, Way::Direct(_)) {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back().and_then(|line| line.to_str().ok());
    last.and_then(|line| line.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let form = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    form.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Milliseconds since 1970.
fn system_time() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from_static(text.as_bytes()))));
    *response.status_mut() = status;
    response
}

pub(crate) fn html(status: StatusCode, page: Html) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from(page.document()))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

pub(crate) fn see_other(address: &Address) -> Response<Body> {
    let mut response = plain(StatusCode::SEE_OTHER, "");
    // Addresses are made of what a header may hold.
    if let Ok(address) = HeaderValue::from_str(address.as_str()) {
        response.headers_mut().insert(LOCATION, address);
    }
    response
}

fn busy() -> Response<Body> {
    plain(StatusCode::INTERNAL_SERVER_ERROR, "the page could not be made\n")
}

pub(crate) const LIVE: &str = "/live";

/// Said by our script when a page renews itself.
const RENEWS: &str = "x-bartizan-renew";

/// Each may read ten thousand groups.
const AT_ONCE: usize = 3;

/// Pages that are open somewhere.
const WATCHERS: usize = 32;

const PULSE: Duration = Duration::from_millis(1500);

const LONGEST_TICKET: usize = 128;
