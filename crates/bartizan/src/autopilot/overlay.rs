//! What the ramps put in the place of the configuration's own: a few headers, and the firewall's mode.

use bartizan_pilot::Sends;
use bartizan_proxy::config::{Config, HeaderMode, HeaderPlan, HeaderRule, Policy, WafMode};
use http::{HeaderName, HeaderValue};

use super::Raised;

/// Returns a configuration with what the ramps of each site send.
pub(crate) fn raised(config: &Config, sends: &Raised) -> Config {
    let mut raised = config.clone();
    for site in &mut raised.sites {
        for sends in sends.get(&site.name()).into_iter().flatten() {
            let routes = site.routes.iter_mut().map(|route| &mut route.policy);
            std::iter::once(&mut site.policy).chain(routes).for_each(|policy| apply(policy, *sends));
        }
    }
    raised
}

fn apply(policy: &mut Policy, sends: Sends) {
    match sends {
        Sends::Header { name, value } => header(&mut policy.headers, name, value),
        Sends::WafDetects => mode(policy, WafMode::Detect),
        Sends::WafBlocks => mode(policy, WafMode::Block),
    }
}

/// A route without a firewall stays without.
fn mode(policy: &mut Policy, mode: WafMode) {
    if let Some(waf) = policy.waf.as_mut().filter(|waf| waf.mode != WafMode::Off) {
        waf.mode = mode;
    }
}

fn header(headers: &mut HeaderPlan, name: &'static str, value: &'static str) {
    let rule = HeaderRule::fixed(HeaderMode::Tighten, value);
    match name {
        "strict-transport-security" => headers.hsts = Some(rule),
        "cross-origin-opener-policy" => headers.opener_policy = Some(rule),
        "cross-origin-embedder-policy" => headers.embedder_policy = Some(rule),
        _ => {
            // What is only reported on takes the place of what would be enforced.
            match name {
                "cross-origin-opener-policy-report-only" => headers.opener_policy = None,
                "cross-origin-embedder-policy-report-only" => headers.embedder_policy = None,
                _ => {}
            }
            headers.custom.push((HeaderName::from_static(name), HeaderValue::from_static(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use bartizan_proxy::config::Site;

    use super::*;

    #[test]
    fn ramps_take_the_place_of_what_the_profile_sends() {
        let hosts = vec!["app.example".parse().unwrap()];
        let mut config = Config { sites: vec![Site { hosts, ..Site::default() }], ..Config::default() };
        config.sites[0].policy.headers.hsts = Some(HeaderRule::fixed(HeaderMode::Tighten, "max-age=31536000"));
        let hsts = Sends::Header { name: "strict-transport-security", value: "max-age=300" };
        let opener = Sends::Header { name: "cross-origin-opener-policy-report-only", value: "same-origin" };
        for (site, sends, hsts, custom) in [
            ("app.example", vec![hsts, opener], "max-age=300", 1),
            ("other.example", vec![hsts], "max-age=31536000", 0),
        ] {
            let raised = raised(&config, &Raised::from([(site.to_owned(), sends)]));
            let headers = &raised.sites[0].policy.headers;
            assert_eq!(headers.hsts.as_ref().map(|rule| rule.value.to_str().unwrap()), Some(hsts), "{site}");
            assert_eq!(headers.custom.len(), custom, "{site}");
        }
    }
}
