//! `[reports]` and `[site.reports]`.

use super::super::origins::Origin;
use super::super::quantities::write_duration;
use super::super::reports::{ReportsPlan, SitePlan};
use super::{Page, or_none, text};

pub(super) fn write(page: &mut Page<'_>, plan: &ReportsPlan) {
    let ReportsPlan { store, keep, flush, alerts: _, sites: _ } = plan;
    page.table("[reports]");
    for (key, value) in [
        ("store", text(&store.to_string())),
        ("keep", text(&write_duration(*keep))),
        ("flush", text(&write_duration(*flush))),
    ] {
        page.key(key, &value, &[&format!("reports.{key}")], Origin::Default);
    }
}

pub(super) fn write_site(page: &mut Page<'_>, plan: &SitePlan, at: &str) {
    let SitePlan { site: _, hosts: _, collect, policy, quota, sample, dangerous_keep_queries } = plan;
    page.table("[site.reports]");
    let mut keys = vec![("collect", collect.to_string())];
    if !policy.is_empty() {
        keys.push(("policy", text(policy)));
    }
    keys.push(("quota", or_none(*quota, |quota| quota.to_string())));
    keys.push(("sample", text(&format!("{sample}%"))));
    keys.push(("dangerous_keep_queries", dangerous_keep_queries.to_string()));
    for (key, value) in keys {
        page.key(key, &value, &[&format!("{at}.reports.{key}")], Origin::Default);
    }
}
