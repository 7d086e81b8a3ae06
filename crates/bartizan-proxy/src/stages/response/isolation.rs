//! Who may hold on to our windows and embed our resources: COOP, COEP, CORP, Origin-Agent-Cluster.

use bartizan_headers::cross_origin::{EmbedderPolicy, OpenerPolicy, OriginAgentCluster, ResourcePolicy};
use bartizan_rules::Rule;
use bartizan_rules::cross_origin::{
    coop_missing, corp_missing, cross_origin_isolation_half, origin_agent_cluster_missing,
};
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;

use super::apply::Ours;
use crate::config::{HeaderMode, HeaderPlan};
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends the four isolation headers.
#[derive(Debug)]
pub(crate) struct Isolation {
    opener: Option<Ours<OpenerPolicy>>,
    embedder: Option<Ours<EmbedderPolicy>>,
    resource: Option<Ours<ResourcePolicy>>,
    /// Whether the resource policy goes out even where the app invites other origins.
    resource_always: bool,
    agent_cluster: Option<Ours<OriginAgentCluster>>,
}

impl Isolation {
    /// Returns the stage, unless the plan sends none of the four.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        let stage = Self {
            opener: Ours::new(plan.opener_policy.as_ref()),
            embedder: Ours::new(plan.embedder_policy.as_ref()),
            resource: Ours::new(plan.resource_policy.as_ref()),
            resource_always: plan.resource_policy.as_ref().is_some_and(|rule| rule.mode == HeaderMode::Set),
            agent_cluster: Ours::new(plan.origin_agent_cluster.as_ref()),
        };
        let sends = stage.opener.is_some()
            || stage.embedder.is_some()
            || stage.resource.is_some()
            || stage.agent_cluster.is_some();
        sends.then_some(stage)
    }
}

impl ResponseStage for Isolation {
    fn name(&self) -> &'static str {
        "isolation"
    }

    fn describe(&self) -> String {
        [
            self.opener.as_ref().map(Ours::describe),
            self.embedder.as_ref().map(Ours::describe),
            self.resource.as_ref().map(Ours::describe),
            self.agent_cluster.as_ref().map(Ours::describe),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, _exchange: &Exchange) -> ResponseVerdict {
        let headers = &mut response.headers;
        if let Some(opener) = &self.opener {
            opener.send(headers);
        }
        if let Some(embedder) = &self.embedder {
            embedder.send(headers);
        }
        if let Some(resource) = &self.resource {
            // CORS lets others read the answer, but an `<img>` without `crossorigin` does not ask by CORS
            // and would be stopped by `same-origin` (Fetch, 3.7): the app has invited it, so it may come.
            if self.resource_always || !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
                resource.send(headers);
            }
        }
        if let Some(agent_cluster) = &self.agent_cluster {
            agent_cluster.send(headers);
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[
    &coop_missing::RULE,
    &corp_missing::RULE,
    &cross_origin_isolation_half::RULE,
    &origin_agent_cluster_missing::RULE,
];
