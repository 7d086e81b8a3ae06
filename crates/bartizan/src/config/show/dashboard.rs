//! `[dashboard]`; what passwords and tokens hash to is worth guessing at, and not shown.

use super::super::dashboard::DashboardPlan;
use super::super::origins::Origin;
use super::super::quantities::write_duration;
use super::super::raw::Choices as _;
use super::{Page, list, text, texts};

pub(super) fn write(page: &mut Page<'_>, plan: &DashboardPlan) {
    let DashboardPlan { enabled, settings } = plan;
    page.table("[dashboard]");
    for (key, value) in [
        ("enabled", enabled.to_string()),
        ("origins", texts(&settings.origins)),
        ("idle", text(&write_duration(settings.idle))),
        ("lifetime", text(&write_duration(settings.lifetime))),
    ] {
        page.key(key, &value, &[&format!("dashboard.{key}")], Origin::Default);
    }
    for (index, user) in settings.users.iter().enumerate() {
        page.table("[[dashboard.user]]");
        let at = format!("dashboard.user[{index}]");
        page.key("name", &text(&user.name), &[&format!("{at}.name")], Origin::Default);
        page.key("role", &text(user.role.word()), &[&format!("{at}.role")], Origin::Default);
        page.text.push_str("# password is not shown\n");
    }
    for (index, token) in settings.tokens.iter().enumerate() {
        page.table("[[dashboard.token]]");
        let at = format!("dashboard.token[{index}]");
        page.key("name", &text(&token.name), &[&format!("{at}.name")], Origin::Default);
        let scopes = list(&token.scopes, |scope| text(scope.word()));
        page.key("scopes", &scopes, &[&format!("{at}.scopes")], Origin::Default);
        page.text.push_str("# hash is not shown\n");
    }
}
