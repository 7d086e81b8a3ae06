//! `[server]`: listeners, limits, TLS and log.

use std::net::SocketAddr;
use std::ops::Range;

use bartizan_proxy::config::{ClientCertificates, Limits, ProxyProtocol, Server, Suite, TlsPlan, TlsVersion};

use super::super::raw;
use super::super::raw::{At, Choice, Written};
use super::super::words::Workers;
use super::Resolver;

impl Resolver<'_> {
    pub(super) fn server(&mut self, written: &raw::server::Server) -> Server {
        let mut server = Server { state_dir: self.environment.state_dir(), ..Server::default() };
        let addresses = |all: &Vec<At<Written<SocketAddr>>>| all.iter().map(|one| one.0).collect();
        set(&mut server.listen, written.listen.as_ref().map(addresses));
        set(&mut server.listen_http, written.listen_http.as_ref().map(addresses));
        // Who writes one of the two means that one: the other's default follows it only where the ports are the usual
        // ones, so that nobody opens port 80 to the world with a wall on 127.0.0.1:8443.
        match (&written.listen, &written.listen_http) {
            (Some(_), None) => server.listen_http = beside(&server.listen, 443, 80),
            (None, Some(_)) => server.listen = beside(&server.listen_http, 80, 443),
            _ => {}
        }
        set(&mut server.admin, written.admin.as_ref().map(|admin| admin.0));
        server.admin_if_free = written.admin.is_none();
        match written.workers {
            Some(Written(Workers::Count(count))) => server.workers = count,
            Some(Written(Workers::Cores)) | None => {}
        }
        set(
            &mut server.trusted_proxies,
            written.trusted_proxies.as_ref().map(|all| all.iter().map(|net| net.0).collect()),
        );
        set(&mut server.proxy_protocol, written.proxy_protocol.as_ref().map(|choice| choice.0));
        set(&mut server.drain, written.drain.map(|drain| drain.0));
        set(&mut server.state_dir, written.state_dir.as_ref().map(|folder| self.folder.join(folder)));
        if let Some(log) = &written.log {
            set(&mut server.access_log, log.access.map(|access| access.0));
        }
        if let Some(limits) = &written.limits {
            self.limits(limits, &mut server.limits);
        }
        if let Some(tls) = &written.tls {
            server.tls = self.tls(tls, &server.tls);
        }
        self.listeners_differ(written, &server);
        if server.proxy_protocol == ProxyProtocol::Required && server.trusted_proxies.is_empty() {
            let span = written.proxy_protocol.as_ref().map_or(0..0, At::span);
            let label = "name the proxies in `trusted_proxies`: only they may connect";
            self.error(span, "the PROXY protocol is required, but nobody may speak it", label);
        }
        server
    }

    fn limits(&mut self, written: &raw::server::Limits, limits: &mut Limits) {
        set(&mut limits.header_timeout, written.header_timeout.map(|time| time.0));
        set(&mut limits.body_timeout, written.body_timeout.map(|time| time.0));
        set(&mut limits.write_timeout, written.write_timeout.map(|time| time.0));
        set(&mut limits.keep_alive, written.keep_alive.map(|time| time.0));
        set(&mut limits.handshake_timeout, written.handshake_timeout.map(|time| time.0));
        set(&mut limits.minimum_rate, written.minimum_rate.map(|rate| rate.0));
        set(&mut limits.request_line, written.request_line.map(|bytes| to_usize(bytes.0.0)));
        set(&mut limits.head, written.head.map(|bytes| to_usize(bytes.0.0)));
        set(&mut limits.headers, written.headers.map(|count| to_usize(count.get().into())));
        set(&mut limits.body, written.body.map(|bytes| bytes.0.map(|bytes| bytes.0)));
        set(&mut limits.connections, written.connections.map(|count| count.0));
        set(&mut limits.connections_per_client, written.connections_per_client.map(|count| count.0));
        set(&mut limits.requests_per_client, written.requests_per_client.map(|rate| rate.0));
        set(&mut limits.streams, written.streams);
    }

    /// Returns how TLS is spoken; keys that are not written are those of `base`.
    pub(super) fn tls(&mut self, written: &raw::server::Tls, base: &TlsPlan) -> TlsPlan {
        let mut plan = base.clone();
        set(&mut plan.versions, self.one_at_least("versions", written.versions.as_ref()));
        set(&mut plan.groups, self.one_at_least("groups", written.groups.as_ref()));
        set(&mut plan.suites, self.one_at_least("suites", written.suites.as_ref()));
        set(&mut plan.tickets, written.tickets.map(|tickets| tickets.0));
        if let Some(client) = &written.client_certificates {
            plan.client_certificates = Some(ClientCertificates {
                authorities: self.readable("client_certificates.authorities", &client.authorities),
                required: client.required.unwrap_or(true),
            });
        }
        for version in &plan.versions {
            if !plan.suites.iter().any(|suite| version_of(*suite) == *version) {
                let span = written.suites.as_ref().map(At::span).or(written.versions.as_ref().map(At::span));
                let name = raw::Choices::word(*version);
                let label = format!("name a suite of TLS {name}, or leave {name} out of `versions`");
                self.error(span.unwrap_or(0..0), format!("no cipher suite is left for TLS {name}"), label);
            }
        }
        plan
    }

    fn one_at_least<T: Copy>(&mut self, key: &str, list: Option<&At<Vec<Choice<T>>>>) -> Option<Vec<T>> {
        let list = list?;
        if list.is_empty() {
            self.error(list.span(), format!("`{key}` is empty"), "leave the key out for the default");
            return None;
        }
        Some(list.iter().map(|choice| choice.0).collect())
    }

    /// Two listeners on one port would take each other's connections or stop the start.
    fn listeners_differ(&mut self, written: &raw::server::Server, server: &Server) {
        let mut all: Vec<(&str, SocketAddr, Range<usize>)> = Vec::new();
        for (key, list, plain) in
            [("listen", &written.listen, &server.listen), ("listen_http", &written.listen_http, &server.listen_http)]
        {
            let span = |index: usize| list.as_ref().and_then(|list| list.get(index)).map_or(0..0, At::span);
            all.extend(plain.iter().enumerate().map(|(index, address)| (key, *address, span(index))));
        }
        all.extend(server.admin.map(|address| ("admin", address, written.admin.as_ref().map_or(0..0, At::span))));
        if server.listen.is_empty() && server.listen_http.is_empty() {
            self.error(0..0, "`listen` and `listen_http` are both empty", "nothing could ever connect");
        }
        for (index, (key, address, span)) in all.iter().enumerate() {
            let Some((other, _, _)) = all.iter().take(index).find(|(_, earlier, _)| overlap(*earlier, *address)) else {
                continue;
            };
            let message = format!("`{key}` and `{other}` share the port {}", address.port());
            self.error(span.clone(), message, format!("{address} is taken by `{other}`"));
        }
    }
}

/// Whether two listeners could not both be opened. Port 0 is a new port each time.
fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() != 0
        && one.port() == other.port()
        && one.is_ipv4() == other.is_ipv4()
        && (one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified())
}

fn version_of(suite: Suite) -> TlsVersion {
    match suite {
        Suite::Tls13Aes128GcmSha256 | Suite::Tls13Aes256GcmSha384 | Suite::Tls13Chacha20Poly1305Sha256 => {
            TlsVersion::V1_3
        }
        Suite::EcdheEcdsaAes256GcmSha384
        | Suite::EcdheEcdsaAes128GcmSha256
        | Suite::EcdheEcdsaChacha20Poly1305Sha256
        | Suite::EcdheRsaAes256GcmSha384
        | Suite::EcdheRsaAes128GcmSha256
        | Suite::EcdheRsaChacha20Poly1305Sha256 => TlsVersion::V1_2,
    }
}

/// Replaces a default by what was written.
pub(super) fn set<T>(place: &mut T, written: Option<T>) {
    if let Some(written) = written {
        *place = written;
    }
}

/// Sizes above the machine's word cannot be met, so the largest word says the same.
pub(super) fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns the same addresses on the sister port, for those that stand on the usual one.
fn beside(addresses: &[SocketAddr], usual: u16, sister: u16) -> Vec<SocketAddr> {
    let on_usual = addresses.iter().filter(|address| address.port() == usual);
    on_usual.map(|address| SocketAddr::new(address.ip(), sister)).collect()
}
