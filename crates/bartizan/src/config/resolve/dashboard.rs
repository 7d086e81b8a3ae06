//! `[dashboard]`: whether there is one, and that no stranger can look.

use std::ops::Range;

use bartizan_dashboard::Settings;
use bartizan_dashboard::access::{Role, Token, User};
use bartizan_proxy::config::Server;

use super::super::dashboard::DashboardPlan;
use super::super::raw::At;
use super::super::raw::dashboard::{Dashboard, DashboardToken, DashboardUser};
use super::Resolver;
use super::server::set;

impl Resolver<'_> {
    pub(in super::super) fn dashboard(&mut self, written: Option<&Dashboard>, server: &Server) -> DashboardPlan {
        let is_local = server.admin.is_some_and(|admin| admin.ip().is_loopback());
        let Some(written) = written else {
            return DashboardPlan { enabled: is_local, settings: Settings::default() };
        };
        let mut settings = Settings::default();
        set(&mut settings.idle, written.idle.map(|idle| idle.0));
        set(&mut settings.lifetime, written.lifetime.map(|lifetime| lifetime.0));
        for origin in written.origins.iter().flatten() {
            match origin.0.tuple() {
                Some(tuple) if tuple.scheme() == "https" => settings.origins.push(tuple.clone()),
                _ => self.error(
                    origin.span(),
                    "a proxy before the dashboard must bring TLS",
                    "https:// is meant; passwords go over it",
                ),
            }
        }
        let users = written.user.as_deref().unwrap_or_default();
        self.names_differ("user", users.iter().map(|user| (user.name.as_str(), user.span())));
        settings.users = users.iter().map(user).collect();
        let tokens = written.token.as_deref().unwrap_or_default();
        self.names_differ("token", tokens.iter().map(|token| (token.name.as_str(), token.span())));
        settings.tokens = tokens.iter().map(token).collect();
        for token in tokens.iter().filter(|token| token.scopes.is_empty()) {
            self.error(token.span(), "the token may ask nothing", "give it `scopes`, such as [\"reports\"]");
        }
        let enabled = written.enabled.as_deref().copied().unwrap_or(server.admin.is_some());
        let span = written.enabled.as_ref().map_or(0..0, At::span);
        if enabled && server.admin.is_none() {
            self.error(span, "the dashboard has nowhere to be", "`server.admin` is \"none\"");
        } else if enabled && !is_local && users.is_empty() {
            let label = "add a [[dashboard.user]]: `bartizan dashboard hash-password`";
            self.error(span, "anybody who reaches `server.admin` would see and do everything", label);
        } else if enabled && users.is_empty() && !settings.origins.is_empty() {
            let span = written.origins.iter().flatten().next().map_or(0..0, At::span);
            let label = "add a [[dashboard.user]]: `bartizan dashboard hash-password`";
            self.error(span, "through the proxy anybody would see and do everything", label);
        } else if enabled && !is_local && settings.origins.is_empty() {
            let label = "name the proxy with TLS in front of it in `dashboard.origins`";
            let span = users.first().map_or(0..0, At::span);
            self.warn(span, "passwords go in the clear to `server.admin`", label);
        }
        DashboardPlan { enabled, settings }
    }

    fn names_differ<'a>(&mut self, what: &str, names: impl Iterator<Item = (&'a str, Range<usize>)>) {
        let mut known = Vec::new();
        for (name, span) in names {
            if name.trim().is_empty() || name.len() > LONGEST {
                self.error(span, format!("the {what} has no name"), "up to 256 bytes, and not blank");
            } else if known.contains(&name) {
                self.error(span, format!("two {what}s have the name `{name}`"), "each name stands for one");
            }
            known.push(name);
        }
    }
}

fn user(written: &At<DashboardUser>) -> User {
    User {
        name: written.name.clone(),
        password: written.password.0.clone(),
        // Reading is what most come for, and what cannot go wrong.
        role: written.role.map_or(Role::Viewer, |role| role.0),
    }
}

fn token(written: &At<DashboardToken>) -> Token {
    Token {
        name: written.name.clone(),
        hash: written.hash.0.clone(),
        scopes: written.scopes.iter().map(|scope| scope.0).collect(),
    }
}

/// As the form to sign in takes them.
const LONGEST: usize = 256;
