//! What the operator asks and says on the admin listener: `/autopilot`, and `POST /autopilot/COMMAND?site=…`.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use bartizan_pilot::{Command, CommandError, Entry, RampName};
use bartizan_proxy::services::{AdminBody, AdminService, Answering};
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use super::{Cockpit, now, tell};

/// The path below which the operator speaks with the autopilot.
pub(crate) const PATH: &str = "/autopilot";

/// Every command by its name.
pub(crate) const COMMANDS: &[(&str, Command)] = &[
    ("advance", Command::Advance),
    ("hold", Command::Hold),
    ("release", Command::Release),
    ("relearn", Command::Relearn),
    ("revert", Command::Revert),
];

impl AdminService for Cockpit {
    fn is_for(&self, path: &str) -> bool {
        path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn answer(&self, request: Request<Bytes>, _: SocketAddr) -> Answering<Response<AdminBody>> {
        let (status, body) = self.say(&request);
        let mut response = Response::new(AdminBody::new(Full::new(Bytes::from(body.to_string()))));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
        }
        Box::pin(std::future::ready(response))
    }
}

impl Cockpit {
    fn say(&self, request: &Request<Bytes>) -> (StatusCode, Value) {
        let rest = request.uri().path().strip_prefix(PATH).unwrap_or_default();
        match (request.method(), rest) {
            (&Method::GET, "") => {
                let lost = self.lost.load(Ordering::Relaxed);
                (StatusCode::OK, json!({ "sites": self.core().autopilot.status(now()), "lost": lost }))
            }
            (&Method::POST, name) => {
                // A form of another site's page cannot send this type without asking first (Fetch, 4.8).
                let is_json = request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
                if !is_json {
                    return (
                        StatusCode::UNSUPPORTED_MEDIA_TYPE,
                        json!({ "error": "the body must be application/json" }),
                    );
                }
                let name = name.trim_start_matches('/');
                let command = COMMANDS.iter().find(|(known, _)| *known == name).map(|(_, command)| *command);
                let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
                let ramp = body["ramp"].as_str().map(|name| RampName::of(name).ok_or(CommandError::NoRamp)).transpose();
                match (command, body["site"].as_str(), ramp) {
                    (Some(command), Some(site), Ok(ramp)) => self.command(site, ramp, command),
                    (None, ..) => (StatusCode::NOT_FOUND, json!({ "error": "no such command" })),
                    (_, None, _) => (StatusCode::BAD_REQUEST, json!({ "error": "the body must name the site" })),
                    (.., Err(error)) => (StatusCode::CONFLICT, json!({ "error": error.to_string() })),
                }
            }
            (&Method::GET, _) => (StatusCode::NOT_FOUND, json!({ "error": "here is /autopilot" })),
            _ => (StatusCode::METHOD_NOT_ALLOWED, json!({ "error": "only GET and POST" })),
        }
    }

    fn command(&self, site: &str, ramp: Option<RampName>, command: Command) -> (StatusCode, Value) {
        let mut core = self.core();
        let core = &mut *core;
        let done = match ramp {
            Some(ramp) => core.autopilot.command_ramp(site, ramp, command, now()),
            None => core.autopilot.command(site, command, now(), &mut *core.reports),
        };
        match done {
            Ok(step) => {
                if let Some(step) = &step {
                    tell(site, step);
                }
                self.publish(core);
                let kept = core.autopilot.save(&mut core.store, now(), true);
                let status = core.autopilot.status(now()).into_iter().find(|status| status.site == site);
                let step = step.as_ref().map(step_as_json);
                let error = kept.err().map(|error| error.to_string());
                (StatusCode::OK, json!({ "step": step, "site": status, "unsaved": error }))
            }
            Err(error @ CommandError::NoSite) => (StatusCode::NOT_FOUND, json!({ "error": error.to_string() })),
            Err(error) => (StatusCode::CONFLICT, json!({ "error": error.to_string() })),
        }
    }
}

fn step_as_json(step: &Entry) -> Value {
    json!({ "at": step.at, "about": step.about, "from": step.from, "to": step.to, "reason": step.reason })
}
