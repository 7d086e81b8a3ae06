//! Rate limit: no client takes the others' share.
//!
//! A request is let through when its client (an IPv6 client is its /64) has a token left for the process and
//! one for the route, where limits are set. The answer to any other says when to come again: `Retry-After`
//! (RFC 9110, 10.2.3) and `RateLimit`, `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).

use std::sync::Arc;

use bartizan_rules::{Explanation, Platform, Reference};
use http::header::{self, HeaderName};
use http::{HeaderValue, StatusCode};

use crate::config::RequestRate;
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::shared::{ClientKey, Level, RateTable, Scope};
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, RequestStage, Verdict};

/// Takes a token from each bucket that bounds the request.
#[derive(Debug)]
pub struct RateLimit {
    limits: Vec<Limit>,
    table: Arc<RateTable>,
}

/// One bound: what it counts, and how much of it.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The name in `RateLimit-Policy`.
    pub name: &'static str,
    /// What is counted.
    pub scope: Scope,
    /// How much is allowed.
    pub rate: RequestRate,
}

impl RateLimit {
    /// Makes the stage from every bound that holds for a route.
    pub fn new(limits: Vec<Limit>, table: Arc<RateTable>) -> Self {
        Self { limits, table }
    }
}

impl RequestStage for RateLimit {
    fn name(&self) -> &'static str {
        "rate-limit"
    }

    fn describe(&self) -> String {
        let text = |limit: &Limit| {
            let RequestRate { count, per, burst } = limit.rate;
            format!("{}: {count} requests in {} s, {burst} at once", limit.name, per.as_secs_f64())
        };
        if self.limits.is_empty() {
            "off".to_owned()
        } else {
            self.limits.iter().map(text).collect::<Vec<_>>().join(", ")
        }
    }

    fn head(&self, _request: &mut RequestHead, exchange: &mut Exchange) -> Verdict {
        if self.limits.is_empty() {
            return Verdict::Pass;
        }
        let client = ClientKey::from(exchange.client);
        for limit in &self.limits {
            let level = self.table.take(client, limit.scope, limit.rate, exchange.started);
            if !level.is_allowed {
                return Verdict::Refuse(refuse(limit, level));
            }
        }
        Verdict::Pass
    }
}

fn refuse(limit: &Limit, level: Level) -> Refusal {
    // Rounded up: a client that comes a moment early would be refused again.
    let wait = level.retry_after.as_secs() + u64::from(level.retry_after.subsec_nanos() > 0);
    let Limit { name, rate, .. } = limit;
    let mut refusal = Refusal::new(&RATE_LIMITED).because(*name).with_header(header::RETRY_AFTER, wait.max(1).into());
    let policy = format!("\"{name}\";q={};w={}", rate.count, rate.per.as_secs().max(1));
    let state = format!("\"{name}\";r={};t={}", level.remaining, wait.max(1));
    for (field, value) in [(&RATE_LIMIT_POLICY, policy), (&RATE_LIMIT, state)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            refusal = refusal.with_header(field.clone(), value);
        }
    }
    refusal
}

static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
static RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Too many requests.
pub static RATE_LIMITED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "rate-limited",
        title: "The client sends more requests than it may",
        why: "Guessing passwords, copying a whole site and overloading an app all take many requests from one place. A \
              limit for each client keeps the app free for the rest. An IPv6 client is counted by its /64, since it can \
              choose among all its addresses.",
        fix: &[
            (Platform::Client, "Wait for the seconds in Retry-After, then send requests more slowly."),
            (Platform::Bartizan, "[server.limits]\nrequests_per_client = \"100/s burst 200\""),
        ],
        references: &[Reference::Rfc(6585, "4"), Reference::Cwe(770), Reference::Cwe(307)],
    },
    status: StatusCode::TOO_MANY_REQUESTS,
    after: After::Keep,
};

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn each_client_has_its_share_and_learns_when_to_return() {
        let number = |number| NonZeroU32::new(number).unwrap();
        let rate = |burst| RequestRate { count: number(1), per: Duration::from_secs(10), burst: number(burst) };
        let limits = vec![
            Limit { name: "client", scope: Scope::PROCESS, rate: rate(3) },
            Limit { name: "route", scope: Scope(1), rate: rate(2) },
        ];
        let stage = RateLimit::new(limits, Arc::default());
        let mut ask = Ask::get("/");
        for (peer, expected) in [
            ("2001:db8::1", "pass"),
            ("2001:db8::2", "pass"),
            ("2001:db8::3", "rate-limited"),
            ("2001:db8:0:1::1", "pass"),
        ] {
            ask.exchange.client = peer.parse().unwrap();
            assert_eq!(outcome(&stage, &mut ask), expected, "{peer}");
        }
        ask.exchange.client = "2001:db8::1".parse().unwrap();
        let Verdict::Refuse(refusal) = stage.head(&mut ask.head, &mut ask.exchange) else { panic!("it passed") };
        let lines: Vec<_> =
            refusal.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        assert_eq!(
            lines,
            ["retry-after: 10", "ratelimit-policy: \"client\";q=1;w=10", "ratelimit: \"client\";r=0;t=10"]
        );
        assert_eq!(outcome(&RateLimit::new(Vec::new(), Arc::default()), &mut ask), "pass");
    }
}
