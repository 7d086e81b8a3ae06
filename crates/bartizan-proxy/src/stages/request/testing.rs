//! One request for the tables of the stages' tests.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use http::header::HeaderName;
use http::{HeaderValue, Method, Version};

use crate::config::Limits;
use crate::context::{ConnectionFacts, Exchange, TlsFacts, Wants};
use crate::head::RequestHead;
use crate::request_id::RequestId;
use crate::stages::{RequestStage, Verdict};

/// A request over HTTPS to `app.example` by 192.0.2.1, unless said otherwise.
pub(crate) struct Ask {
    pub(crate) head: RequestHead,
    pub(crate) exchange: Exchange,
}

impl Ask {
    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn new(method: &str, path: &str) -> Self {
        let peer = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 50_000));
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 443));
        let tls = Some(TlsFacts { server_name: "app.example".parse().ok(), site: 0, client_certificate: false });
        let connection = ConnectionFacts { peer, socket_peer: peer, local, tls };
        let request =
            http::Request::builder().method(method).uri(path).header("host", "app.example").version(Version::HTTP_11);
        let parts = request.body(()).unwrap().into_parts().0;
        let limits = Limits::default();
        let head = crate::stages::request::framing::admit(parts, &limits, &connection).unwrap();
        let exchange = Exchange {
            id: RequestId::random(),
            started: Instant::now(),
            client: peer.ip(),
            connection: Arc::new(connection),
            https: true,
            trusted_peer: false,
            forwarded_for: Vec::new(),
            mapped_cookies: Vec::new(),
            plain_session_cookies: Vec::new(),
            has_session: false,
            origin: None,
            wants: Wants::Html,
            path: head.target.path_and_query().clone(),
            method: head.method.clone(),
            kept: None,
            page_policy: None,
        };
        Self { head, exchange }
    }

    pub(crate) fn plain(mut self) -> Self {
        self.exchange.https = false;
        Arc::get_mut(&mut self.exchange.connection).unwrap().tls = None;
        self
    }

    pub(crate) fn from(mut self, peer: &str) -> Self {
        Arc::get_mut(&mut self.exchange.connection).unwrap().peer = SocketAddr::new(peer.parse().unwrap(), 1);
        self.exchange.client = peer.parse().unwrap();
        self
    }

    pub(crate) fn to(mut self, host: &str) -> Self {
        self.head.authority = host.parse().unwrap();
        self.head.host = HeaderValue::from_str(host).unwrap();
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.head.headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    pub(crate) fn line(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Returns `pass`, the id of the refusal, or status and `Location` of the answer.
pub(crate) fn outcome(stage: &dyn RequestStage, ask: &mut Ask) -> String {
    assert!(!stage.describe().is_empty() && !stage.name().is_empty());
    ask.exchange.method = Method::clone(&ask.head.method);
    match stage.head(&mut ask.head, &mut ask.exchange) {
        Verdict::Pass => "pass".to_owned(),
        Verdict::Refuse(refusal) => refusal.kind.about.id.to_owned(),
        Verdict::Serve(service) => format!("serve {}", service.prefix()),
        Verdict::Answer(answer) => {
            let location = answer.headers.get("location").map(|value| value.to_str().unwrap()).unwrap_or_default();
            format!("{} {location}", answer.status.as_u16()).trim_end().to_owned()
        }
    }
}
