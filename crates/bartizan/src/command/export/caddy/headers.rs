//! The security headers.

use super::super::patterns;
use super::super::plan::Plan;
use super::super::sent::{App, On, Sent, title};
use super::super::written::{Written, raw, text};

pub(super) fn headers(plan: &Plan<'_>, out: &mut Written) {
    out.comment("Security headers, on every answer, and after the app's (`defer`); what tells of software is removed.");
    let paths = |out: &mut Written, sent: &Sent, paths: &[String]| {
        let name = matcher(&sent.name);
        let paths: Vec<_> = paths.iter().filter_map(|path| (super::SYNTAX.quote)(path)).collect();
        out.say(&name, &[raw("path"), raw(paths.join(" "))]);
        out.open("header", &[raw(name)], " {");
        out.say(&sent.name, &[text(sent.value.clone())]);
        out.say("defer", &[]);
        out.close("}");
    };
    out.open("header", &[], " {");
    for name in &plan.policy.strip {
        out.say(&format!("-{}", title(name)), &[]);
    }
    for sent in plan.headers.iter().filter(|sent| matches!(sent.when, On::All | On::Uninvited)) {
        match &sent.app {
            App::Beside => out.say(&format!("+{}", sent.name), &[text(sent.value.clone())]),
            App::YieldsUnless(_) => out.say(&sent.name, &[text(sent.value.clone())]),
            App::Stands => {}
        }
    }
    out.say("defer", &[]);
    out.close("}");
    for sent in plan.headers.iter().filter(|sent| sent.app == App::Stands && sent.when == On::All) {
        out.say("header", &[raw(format!("?{}", sent.name)), text(sent.value.clone())]);
    }
    for sent in &plan.headers {
        match &sent.when {
            On::Paths(all) => paths(out, sent, all),
            On::Private => {
                out.comment("What follows from a login is nobody else's, where the app does not say how it is cached.");
                out.say(
                    "@session",
                    &[raw("header_regexp session Cookie"), text(patterns::session_cookie(&plan.policy.cookies))],
                );
                out.say("header", &[raw(format!("@session ?{}", sent.name)), text(sent.value.clone())]);
            }
            On::All | On::Uninvited => {}
        }
    }
}

pub(super) fn matcher(name: &str) -> String {
    format!("@{}", name.to_ascii_lowercase().replace('-', "_"))
}
