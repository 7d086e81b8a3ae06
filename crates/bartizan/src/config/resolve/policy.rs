//! The keys that a site and its routes share.

use bartizan_proxy::config::{CookiePlan, Csrf, CsrfMode, ErrorPages, Policy, WafExclusion, WafPlan};
use bartizan_waf::preset::Source;
use http::StatusCode;

use super::super::environment::rule_set;
use super::super::problem::Problem;
use super::super::raw::policy::{Cookies, Errors, PolicyKeys};
use super::super::raw::{self, At, Word};
use super::super::words::{BASELINE, Bytes, CORE_RULE_SET, StatusRange};
use super::Resolver;
use super::server::set;

impl Resolver<'_> {
    /// Lays what was written over what holds already, key by key.
    pub(super) fn policy(&mut self, written: PolicyKeys<'_>, policy: &mut Policy) {
        if let Some(methods) = written.methods {
            policy.methods = Some(methods.iter().map(|method| method.0.clone()).collect());
        }
        set(&mut policy.body, written.body.map(|bytes| bytes.0.map(|bytes| bytes.0)));
        set(&mut policy.requests_per_client, written.requests_per_client.map(|rate| rate.0));
        set(&mut policy.concurrency, written.concurrency.map(|count| count.0));
        let strip = written.strip.as_ref();
        set(&mut policy.strip, strip.map(|names| names.iter().map(|name| name.0.clone()).collect()));
        set(&mut policy.isolation, written.isolation.map(|choice| choice.0));
        if let Some(csrf) = written.csrf {
            self.csrf(csrf, &mut policy.csrf);
        }
        if let Some(cookies) = written.cookies {
            merge_cookies(cookies, &mut policy.cookies);
        }
        if let Some(headers) = written.headers {
            self.headers(headers, &mut policy.headers);
        }
        if let Some(waf) = written.waf {
            let mut plan = policy.waf.take().unwrap_or_default();
            self.waf(waf, &mut plan);
            policy.waf = Some(plan);
        }
        if let Some(errors) = written.errors {
            self.errors(errors, &mut policy.errors);
        }
    }

    fn csrf(&mut self, written: &raw::policy::Csrf, csrf: &mut Csrf) {
        set(&mut csrf.mode, written.mode.map(|mode| mode.0));
        let trusted = written.trusted_origins.as_ref();
        set(&mut csrf.trusted_origins, trusted.map(|all| all.iter().map(|origin| origin.0.clone()).collect()));
        if csrf.mode == CsrfMode::DangerousOff && written.mode.is_some() {
            let problem = Problem::warning("forged requests are not refused (`csrf.mode = \"dangerous_off\"`)");
            self.problems.push(problem.label("the app must defend itself"));
        }
    }

    fn waf(&mut self, written: &raw::policy::Waf, plan: &mut WafPlan) {
        set(&mut plan.mode, written.mode.map(|mode| mode.0));
        if let Some(rules) = &written.rules {
            plan.source = self.rules(rules);
        }
        let tuning = &mut plan.tuning;
        set(&mut tuning.paranoia, written.paranoia.map(|level| Some(level.0.0)));
        set(&mut tuning.inbound_threshold, written.inbound_threshold.map(|score| Some(score.0.get())));
        set(&mut tuning.outbound_threshold, written.outbound_threshold.map(|score| Some(score.0.get())));
        let packages = written.packages.as_ref();
        set(&mut tuning.packages, packages.map(|all| Some(all.iter().map(|one| one.0.0.clone()).collect())));
        if let Some(plugins) = &written.plugins {
            let folder = self.folder.join(&**plugins);
            if !folder.is_dir() {
                let problem = format!("cannot find the plugins {} (waf.plugins)", folder.display());
                self.error(plugins.span(), problem, "not a folder");
            }
            self.files.push(folder.clone());
            tuning.plugins = Some(folder);
        }
        let bytes = |bytes: Bytes| usize::try_from(bytes.0).unwrap_or(usize::MAX);
        set(&mut tuning.body_limit, written.body.map(|limit| bytes(limit.0)));
        set(&mut tuning.beyond, written.beyond.map(|choice| choice.0));
        set(&mut tuning.response_limit, written.responses.map(|limit| limit.0.map(bytes)));
        set(&mut tuning.work, written.cpu.map(|time| u64::try_from(time.0.as_nanos()).unwrap_or(u64::MAX)));
        set(&mut tuning.exhausted, written.exhausted.map(|choice| choice.0));
        set(&mut plan.sample, written.sample.map(|percent| percent.0.0));
        // Rules that refuse see every request: who is looked at must not be luck.
        let exclusions = written.exclude.as_ref();
        let exclusion = |one: &raw::policy::WafExclude| WafExclusion {
            rules: one.rules.0.clone(),
            target: one.target.clone(),
            reason: one.reason.clone(),
        };
        set(&mut plan.exclusions, exclusions.map(|all| all.iter().map(exclusion).collect()));
    }

    fn rules(&mut self, written: &At<String>) -> Source {
        let (path, missing) = match written.as_str() {
            BASELINE => return Source::Text(bartizan_waf::baseline::TEXT),
            CORE_RULE_SET => (rule_set(&self.state_dir), "`bartizan waf update` fetches them"),
            path => (self.folder.join(path), "neither a file nor a folder"),
        };
        if !path.exists() {
            let problem = format!("cannot find the rules {} (waf.rules)", path.display());
            self.error(written.span(), problem, missing);
        }
        self.files.push(path.clone());
        Source::Path(path)
    }

    fn errors(&mut self, written: &Errors, errors: &mut ErrorPages) {
        if let Some(ranges) = &written.replace {
            let mut statuses: Vec<StatusCode> = ranges.iter().flat_map(|range| range.0.0.iter().copied()).collect();
            statuses.sort_unstable();
            statuses.dedup();
            errors.replace = statuses;
        }
        set(&mut errors.debug_pages, written.debug_pages);
        set(&mut errors.listings, written.listings);
        if let Some(files) = &written.files {
            errors.files.clear();
            for (status, file) in files {
                let path = self.readable("errors.files", file);
                match StatusRange::read(status).map(|range| range.0) {
                    Ok(statuses) => errors.files.extend(statuses.into_iter().map(|status| (status, path.clone()))),
                    Err(reason) => self.error(file.span(), format!("`{status}` {reason}"), "this file's status"),
                }
            }
        }
    }
}

fn merge_cookies(written: &Cookies, cookies: &mut CookiePlan) {
    set(&mut cookies.secure, written.secure);
    let names =
        |all: &Vec<raw::Written<super::super::words::CookieName>>| all.iter().map(|name| name.0.0.clone()).collect();
    set(&mut cookies.session_names, written.session_names.as_ref().map(names));
    set(&mut cookies.except, written.except.as_ref().map(names));
    set(&mut cookies.http_only, written.http_only);
    set(&mut cookies.same_site, written.same_site.map(|choice| choice.0.0));
    set(&mut cookies.prefix, written.prefix);
}
