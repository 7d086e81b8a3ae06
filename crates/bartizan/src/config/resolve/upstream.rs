//! `upstream` and `[site.upstream_options]`: the app, and how it is spoken to.

use std::time::Duration;

use bartizan_proxy::config::{ClientCredentials, HealthCheck, Secret, UpstreamAddress, UpstreamPlan, UpstreamTls};

use super::super::problem::Problem;
use super::super::raw::{At, site, upstream};
use super::Resolver;
use super::server::{set, to_usize};

impl Resolver<'_> {
    pub(super) fn upstream(&mut self, index: usize, written: &At<site::Site>) -> UpstreamPlan {
        let mut plan = UpstreamPlan {
            addresses: written.upstream.iter().flatten().map(|one| one.0.clone()).collect(),
            ..UpstreamPlan::default()
        };
        if plan.addresses.is_empty() && !self.is_spoiled(&format!("site[{index}].upstream")) {
            let problem = Problem::error("a site has no `upstream`").at(written.span()).label("where is its app?");
            self.problems.push(problem.hint("upstream = [\"http://127.0.0.1:8000\"]"));
        }
        let Some(options) = &written.upstream_options else { return plan };
        set(&mut plan.balance, options.balance.map(|choice| choice.0));
        set(&mut plan.protocol, options.protocol.map(|choice| choice.0));
        set(&mut plan.connect_timeout, options.connect_timeout.map(|time| time.0));
        set(&mut plan.response_timeout, options.response_timeout.map(|time| time.0));
        set(&mut plan.idle_timeout, options.idle_timeout.map(|time| time.0));
        set(&mut plan.idle_connections, options.idle_connections.map(|count| to_usize(count.into())));
        set(&mut plan.retries, options.retries);
        set(&mut plan.max_fails, options.max_fails);
        set(&mut plan.fail_timeout, options.fail_timeout.map(|time| time.0));
        set(&mut plan.response_head, options.response_head.map(|bytes| to_usize(bytes.0.0)));
        plan.health = options.health.as_ref().map(|health| HealthCheck {
            path: health.path.0.0.clone(),
            // Often enough to notice within a coffee's reach, seldom enough not to fill the app's log.
            interval: health.interval.map_or(Duration::from_secs(10), |time| time.0),
            timeout: health.timeout.map_or(Duration::from_secs(5), |time| time.0),
        });
        if let Some(tls) = &options.tls {
            plan.tls = self.upstream_tls(tls, &plan.addresses);
        }
        plan.oauth2 = options.oauth2.as_ref().and_then(|oauth2| self.oauth2(oauth2));
        plan
    }

    fn upstream_tls(&mut self, written: &upstream::UpstreamTls, addresses: &[UpstreamAddress]) -> UpstreamTls {
        if !addresses.iter().any(|address| matches!(address, UpstreamAddress::Tcp { tls: true, .. })) {
            let span = written.authorities.as_ref().map_or(0..0, At::span);
            self.warn(span, "`upstream_options.tls` has no effect", "no address of the app begins with https://");
        }
        let identity = match (&written.certificate, &written.key) {
            (Some(chain), Some(key)) => Some((self.readable("tls.certificate", chain), self.readable("tls.key", key))),
            (Some(alone), None) => {
                self.error(alone.span(), "`tls.certificate` needs `tls.key`", "where is its key?");
                None
            }
            (None, Some(alone)) => {
                self.error(alone.span(), "`tls.key` needs `tls.certificate`", "where is its certificate?");
                None
            }
            (None, None) => None,
        };
        if let Some(name) = &written.server_name
            && name.parse::<bartizan_headers::HostName>().is_err()
        {
            self.error(name.span(), "`tls.server_name` is no host name", "");
        }
        let dangerous_skip_verification = written.dangerous_skip_verification.unwrap_or_default();
        if dangerous_skip_verification {
            let message = "any certificate of the app is believed (`dangerous_skip_verification`)";
            self.problems
                .push(Problem::warning(message).label("whoever stands on the way to the app can read and change all"));
        }
        UpstreamTls {
            authorities: written.authorities.as_ref().map(|path| self.readable("tls.authorities", path)),
            identity,
            server_name: written.server_name.as_ref().map(|name| (**name).clone()),
            dangerous_skip_verification,
        }
    }

    fn oauth2(&mut self, written: &At<upstream::OAuth2>) -> Option<ClientCredentials> {
        let is_loopback = written
            .token_url
            .0
            .host_str()
            .is_some_and(|host| host.parse::<bartizan_headers::HostName>().is_ok_and(|host| host.is_loopback()));
        if written.token_url.0.scheme() == "http" && !is_loopback {
            let label = "use https://: the secret is sent there";
            self.warn(written.token_url.span(), "the client's secret travels in the clear", label);
        }
        let secret = match (&written.client_secret_env, &written.client_secret_file) {
            (Some(name), None) => match self.environment.variable(name) {
                Some(secret) => Some(secret.to_owned()),
                None => {
                    let message = format!("the environment variable {} is not set", **name);
                    self.error(name.span(), message, "it has to hold the client's secret");
                    None
                }
            },
            (None, Some(file)) => {
                let path = self.readable("oauth2.client_secret_file", file);
                std::fs::read_to_string(path).ok().map(|text| text.trim_end().to_owned())
            }
            _ => {
                let label = "write either `client_secret_env` or `client_secret_file`";
                self.error(written.span(), "the client's secret has to come from one place", label);
                None
            }
        };
        Some(ClientCredentials {
            token_url: written.token_url.0.clone(),
            client_id: written.client_id.clone(),
            client_secret: Secret::new(secret?),
            scopes: written.scopes.clone().unwrap_or_default(),
            endpoint_params: written.endpoint_params.clone().unwrap_or_default().into_iter().collect(),
        })
    }
}
