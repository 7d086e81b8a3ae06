//! What the ramps put in the place of the configuration's own: a few headers, and the firewall's mode.

use bartizan_headers::SameSite;
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
            std::iter::once(&mut site.policy).chain(routes).for_each(|policy| apply(policy, sends));
        }
    }
    raised
}

fn apply(policy: &mut Policy, sends: &Sends) {
    match sends {
        // Whoever got the new name before is not signed out.
        Sends::CookieNamesStay => (policy.cookies.prefix, policy.cookies.reads_prefixed) = (false, true),
        Sends::CookieNamesPrefixed => policy.cookies.prefix = true,
        Sends::Header { name, value } => header(&mut policy.headers, name, value),
        Sends::Nothing => {}
        Sends::SameSiteLax => policy.cookies.same_site = Some(SameSite::Lax),
        Sends::SameSiteStays => policy.cookies.same_site = None,
        Sends::Upgrades => upgrade(&mut policy.headers),
        Sends::Without { name } => without(&mut policy.headers, name),
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

/// Adds the directive to the policy that is enforced; where that one gives way to the app's own, it is the app's to say.
fn upgrade(headers: &mut HeaderPlan) {
    let said = headers.csp.as_ref().filter(|rule| rule.mode != HeaderMode::Off);
    let said = said.and_then(|rule| rule.value.to_str().ok().map(|text| (rule.mode, text.to_owned())));
    let (mode, text) = match said {
        Some((_, text)) if text.contains(UPGRADE) => return,
        Some((mode, text)) => (mode, format!("{text}; {UPGRADE}")),
        None => (HeaderMode::Tighten, UPGRADE.to_owned()),
    };
    if let Ok(value) = HeaderValue::try_from(text) {
        headers.csp = Some(HeaderRule { mode, value });
    }
}

fn without(headers: &mut HeaderPlan, name: &str) {
    if name == "cross-origin-resource-policy" {
        headers.resource_policy = None;
    }
}

const UPGRADE: &str = "upgrade-insecure-requests";

fn header(headers: &mut HeaderPlan, name: &'static str, value: &str) {
    // What is made of what was learnt holds nothing that ends a line.
    let Ok(value) = HeaderValue::try_from(value) else { return };
    let rule = HeaderRule { mode: HeaderMode::Tighten, value: value.clone() };
    match name {
        "strict-transport-security" => headers.hsts = Some(rule),
        "cross-origin-opener-policy" => headers.opener_policy = Some(rule),
        "cross-origin-embedder-policy" => headers.embedder_policy = Some(rule),
        "cross-origin-resource-policy" => headers.resource_policy = Some(rule),
        "permissions-policy" => headers.permissions_policy = Some(rule),
        _ => {
            // What is only reported on takes the place of what would be enforced.
            match name {
                "cross-origin-opener-policy-report-only" => headers.opener_policy = None,
                "cross-origin-embedder-policy-report-only" => headers.embedder_policy = None,
                "permissions-policy-report-only" => headers.permissions_policy = None,
                _ => {}
            }
            headers.custom.push((HeaderName::from_static(name), value));
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
        let sent = |name, value: &'static str| Sends::Header { name, value: value.into() };
        let hsts = sent("strict-transport-security", "max-age=300");
        let opener = sent("cross-origin-opener-policy-report-only", "same-origin");
        for (site, sends, hsts, custom) in [
            ("app.example", vec![hsts.clone(), opener], "max-age=300", 1),
            ("other.example", vec![hsts], "max-age=31536000", 0),
        ] {
            let raised = raised(&config, &Raised::from([(site.to_owned(), sends)]));
            let headers = &raised.sites[0].policy.headers;
            assert_eq!(headers.hsts.as_ref().map(|rule| rule.value.to_str().unwrap()), Some(hsts), "{site}");
            assert_eq!(headers.custom.len(), custom, "{site}");
        }
    }

    #[test]
    fn cookies_and_upgrades_follow_their_ramps() {
        let csp = |text| Some(HeaderRule::fixed(HeaderMode::Keep, text));
        for (said, sends, expected) in [
            (None, Sends::Upgrades, Some(UPGRADE)),
            (csp("object-src 'none'"), Sends::Upgrades, Some("object-src 'none'; upgrade-insecure-requests")),
            (csp(UPGRADE), Sends::Upgrades, Some(UPGRADE)),
            (csp("object-src 'none'"), Sends::Nothing, Some("object-src 'none'")),
        ] {
            let mut policy = Policy::default();
            policy.headers.csp = said;
            apply(&mut policy, &sends);
            let made = policy.headers.csp.as_ref().map(|rule| rule.value.to_str().unwrap());
            assert_eq!(made, expected, "{sends:?}");
        }
        for (sends, prefix, reads, same_site) in [
            (Sends::CookieNamesStay, false, true, Some(SameSite::Lax)),
            (Sends::CookieNamesPrefixed, true, false, Some(SameSite::Lax)),
            (Sends::SameSiteStays, true, false, None),
            (Sends::SameSiteLax, true, false, Some(SameSite::Lax)),
        ] {
            let mut policy = Policy::default();
            apply(&mut policy, &sends);
            let cookies = &policy.cookies;
            assert_eq!(
                (cookies.prefix, cookies.reads_prefixed, cookies.same_site),
                (prefix, reads, same_site),
                "{sends:?}"
            );
        }
    }
}
