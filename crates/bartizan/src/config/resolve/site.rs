//! `[[site]]`: names, certificate, redirects, uploads, routes.

use std::collections::BTreeMap;

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{Certificate, Https, Redirect, RoutePlan, Server, Site, Upload};
use http::{HeaderName, HeaderValue};

use super::super::raw::policy::PolicyKeys;
use super::super::raw::{self, At};
use super::super::words::ProfileName;
use super::Resolver;
use super::server::set;

impl Resolver<'_> {
    pub(super) fn site(&mut self, index: usize, written: &At<raw::site::Site>, server: &Server) -> Site {
        let mut site = Site {
            hosts: written.hosts.iter().flatten().map(|host| host.0.clone()).collect(),
            upstream: self.upstream(index, written),
            ..Site::default()
        };
        if site.hosts.is_empty() && !self.is_spoiled(&format!("site[{index}].hosts")) {
            self.problems.push(
                super::Problem::warning("a site without `hosts` answers to any name")
                    .at(written.span())
                    .label("whoever asks names the host that the app puts into its links and mails")
                    .hint("name the hosts: hosts = [\"app.example\"]"),
            );
        }
        set(&mut site.unknown_host, written.unknown_host.map(|choice| choice.0));
        let paths = written.health_paths.as_ref();
        set(&mut site.health_paths, paths.map(|paths| paths.iter().map(|path| path.0.0.clone()).collect()));
        set(&mut site.encoded_slashes, written.encoded_slashes.map(|choice| choice.0));
        if let Some(certificate) = &written.certificate {
            site.certificate = Certificate::Files {
                chain: self.readable("certificate.chain", &certificate.chain),
                key: self.readable("certificate.key", &certificate.key),
                ocsp: certificate.ocsp.as_ref().map(|ocsp| self.readable("certificate.ocsp", ocsp)),
            };
        }
        site.tls = written.tls.as_ref().map(|tls| self.tls(tls, &server.tls));
        if let Some(https) = &written.https {
            site.https = self.https(https, &site.hosts, server);
        }
        site.uploads = written.uploads.iter().flatten().map(|upload| self.upload(upload, &site.hosts)).collect();
        site.security_txt = written.security_txt.as_ref().map(|written| self.security_txt(written));
        self.policies(written, server, &mut site);
        site
    }

    fn policies(&mut self, written: &At<raw::site::Site>, server: &Server, site: &mut Site) {
        let start = |name: ProfileName| {
            let mut policy = name.policy();
            policy.body = server.limits.body;
            // Credentials that were configured are meant to be used; a route can leave them out.
            policy.credentials = site.upstream.oauth2.is_some();
            policy
        };
        let own = written.profile.map_or_else(ProfileName::default, |profile| profile.0);
        let site_keys = PolicyKeys::from(&**written);
        let mut policy = start(own);
        self.policy(site_keys, &mut policy);
        let mut routes: Vec<RoutePlan> = Vec::new();
        for route in written.route.iter().flatten() {
            let mut changed = match route.profile {
                Some(other) => {
                    let mut policy = start(other.0);
                    // Said once already, for the site itself.
                    let said = self.problems.len();
                    self.policy(site_keys, &mut policy);
                    self.problems.truncate(said);
                    policy
                }
                None => policy.clone(),
            };
            self.policy(PolicyKeys::from(route), &mut changed);
            set(&mut changed.deny, route.deny);
            set(&mut changed.credentials, route.credentials.as_ref().map(|credentials| **credentials));
            if let Some(credentials) = &route.credentials
                && **credentials
                && site.upstream.oauth2.is_none()
            {
                let label = "the site has no `[site.upstream_options.oauth2]`";
                self.error(credentials.span(), "there are no credentials to send", label);
            }
            let path = route.path.0.0.clone();
            if routes.iter().any(|earlier| earlier.path == path) {
                self.error(route.path.span(), format!("the route {path} is written twice"), "this is the second");
            }
            routes.push(RoutePlan { path, policy: changed });
        }
        site.policy = policy;
        site.routes = routes;
    }

    fn https(&mut self, written: &raw::site::Https, hosts: &[HostPattern], server: &Server) -> Https {
        let mut https = Https::default();
        set(&mut https.redirect, written.redirect.map(|choice| choice.0));
        if https.redirect == Redirect::DangerousPlainHttp {
            let message = "the app is served over plain HTTP as well (`dangerous_plain_http`)";
            self.problems.push(super::Problem::warning(message).label("passwords and sessions can be read on the way"));
        }
        https.port = written.port;
        if let Some(canonical) = &written.canonical_host {
            https.canonical_host = Some(canonical.0.clone());
            if !hosts.is_empty() && !hosts.iter().any(|host| host.matches_name(&canonical.0.host)) {
                let label = "add it to `hosts`, or visitors are sent where nobody answers";
                self.error(canonical.span(), "`canonical_host` is not among the hosts of the site", label);
            }
        }
        if let Some(headers) = &written.ssl_proxy_headers {
            if server.trusted_proxies.is_empty() {
                let label = "name the proxy in `server.trusted_proxies`: from others they are removed";
                self.error(headers.span(), "`ssl_proxy_headers` without a trusted proxy has no effect", label);
            }
            for (name, value) in headers.iter() {
                match (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                    (Ok(name), Ok(value)) => https.ssl_proxy_headers.push((name, value)),
                    _ => self.error(headers.span(), format!("`{name}` cannot be sent as a header"), ""),
                }
            }
        }
        https
    }

    fn upload(&mut self, written: &raw::site::Upload, hosts: &[HostPattern]) -> Upload {
        let host = written.host.0.clone();
        if !hosts.iter().any(|pattern| pattern.matches_name(&host.host)) {
            let label = "add it to `hosts`: the wall has to answer to it";
            self.error(
                written.host.span(),
                format!("the upload host {host} is not among the hosts of the site"),
                label,
            );
        }
        let path = written.path.0.0.clone();
        if !path.ends_with('/') {
            let message = format!("the upload path {path} does not end in a slash");
            self.error(written.path.span(), message, format!("write \"{path}/\""));
        }
        Upload { path, host, attachment: written.attachment.unwrap_or(true) }
    }

    /// A name that two sites claim would go to whichever stands first, which nobody means.
    pub(super) fn names_are_told_apart(&mut self, sites: &[At<raw::site::Site>]) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut catch_all: Option<usize> = None;
        for (index, site) in sites.iter().enumerate() {
            let number = index + 1;
            if site.hosts.as_ref().is_none_or(Vec::is_empty) {
                if let Some(earlier) = catch_all {
                    let label = format!("site {earlier} answers to any name already");
                    self.error(site.span(), "two sites answer to any name", label);
                }
                catch_all = catch_all.or(Some(number));
            }
            for host in site.hosts.iter().flatten() {
                if let Some(earlier) = seen.insert(host.0.to_string(), number) {
                    let label = if earlier == number {
                        "this is the second".to_owned()
                    } else {
                        format!("site {earlier} has it already")
                    };
                    self.error(host.span(), format!("the host {} is written twice", host.0), label);
                }
            }
        }
    }
}
