//! What programs may ask, as JSON: with a token, or on this machine where there are no users.

use bartizan_reports::store::{Filter, Group, NoiseFilter, Order};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::access::{Scope, Visitor, bearer};
use crate::dashboard::{Body, Dashboard, plain};
use crate::pages::{Ask, Fault, Selection};
use crate::query::Query;

/// Something that programs may ask.
#[derive(Debug)]
pub(crate) struct Endpoint {
    path: &'static str,
    scope: Scope,
    build: fn(&mut Ask<'_>) -> Result<Value, Fault>,
}

static ENDPOINTS: &[Endpoint] = &[
    Endpoint { path: "/api/groups", scope: Scope::Reports, build: groups },
    Endpoint { path: "/api/sites", scope: Scope::Reports, build: sites },
    Endpoint { path: "/api/refused", scope: Scope::Wall, build: refused },
];

/// Returns what answers a path.
pub(crate) fn find(path: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().find(|endpoint| endpoint.path == path)
}

/// Answers whoever has a token for it.
pub(crate) async fn answer(
    dashboard: &Dashboard,
    endpoint: &'static Endpoint,
    request: &Request<Bytes>,
) -> Response<Body> {
    let settings = dashboard.settings();
    let is_allowed = match bearer(request.headers()) {
        Some(token) => settings.tokens.iter().any(|known| known.allows(token, endpoint.scope)),
        None => settings.users.is_empty(),
    };
    if !is_allowed {
        let mut response = plain(StatusCode::UNAUTHORIZED, "a token that is good for this is needed\n");
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    let query = Query::parse(request.uri().query().unwrap_or_default().as_bytes());
    let asked = dashboard.clone();
    let build = endpoint.build;
    let built = dashboard.work(move || {
        let sources = asked.sources();
        build(&mut Ask::new(&query, &Visitor::Anybody, asked.now(), sources.wall.as_deref(), sources.store.as_ref()))
    });
    let (status, value) = match built.await {
        Some(Ok(value)) => (StatusCode::OK, value),
        Some(Err(fault)) => (fault.status(), json!({ "error": fault.to_string() })),
        None => (StatusCode::INTERNAL_SERVER_ERROR, json!({ "error": "the answer could not be made" })),
    };
    let mut response = Response::new(Body::new(Full::new(Bytes::from(format!("{value}\n")))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn groups(ask: &mut Ask<'_>) -> Result<Value, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let filter =
        Filter { order: Order::Count, limit: MOST, noise: selection.noise(NoiseFilter::Exclude), ..selection.filter() };
    Ok(ask.store()?.groups(&filter)?.iter().map(group).collect())
}

fn group(group: &Group) -> Value {
    let subject = &group.subject;
    json!({
        "id": group.id.to_string(), "site": group.site, "policy": group.policy, "kind": subject.kind,
        "what": subject.what, "target": subject.target, "source": subject.source,
        "disposition": subject.disposition, "noise": subject.noise.map(|noise| noise.as_str()),
        "count": group.count, "clients": group.clients.estimate(),
        "first_seen": group.first_seen, "last_seen": group.last_seen,
    })
}

fn sites(ask: &mut Ask<'_>) -> Result<Value, Fault> {
    let sites = ask.store()?.sites()?;
    let sites = sites.iter().map(|site| {
        json!({
            "site": site.site, "reports": site.reports, "noise": site.noise, "groups": site.groups,
            "clients": site.clients.estimate(), "last_seen": site.last_seen,
        })
    });
    Ok(sites.collect())
}

fn refused(ask: &mut Ask<'_>) -> Result<Value, Fault> {
    let refused = ask.wall()?.refused();
    Ok(refused.iter().map(|each| json!({ "site": each.site, "refusal": each.refusal, "count": each.count })).collect())
}

/// The groups of one answer.
const MOST: usize = 1000;
