//! Headers by mod_headers, in both of its tables, cookies and error pages.

use http::header::X_CONTENT_TYPE_OPTIONS;

use super::super::patterns;
use super::super::plan::Plan;
use super::super::sent::{App, On, Sent, title};
use super::super::written::{Arg, Written, raw, text};

/// What mod_headers would take for a format or an escape, such as `\n`, is written twice.
pub(super) fn value(sent: &Sent) -> Arg {
    text(sent.value.replace('%', "%%").replace('\\', "\\\\"))
}

pub(super) fn headers(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("What tells of the software behind.");
    for name in &plan.policy.strip {
        out.say("Header", &[raw("onsuccess"), raw("unset"), text(title(name))]);
    }
    out.gap();
    out.comment(
        "Security headers, on every answer, errors as well (`always`). What the app sends stands in a table of its own \
         (`onsuccess`) and goes where ours take its place; Apache looks at the lines of that table last.",
    );
    for sent in &plan.headers {
        let name = || text(sent.name.clone());
        match (&sent.when, &sent.app) {
            (On::Private, _) => private(plan, sent, out),
            (On::Paths(paths), _) => {
                for path in paths {
                    let here = format!("expr=%{{REQUEST_URI}} =~ m#^{}$#", patterns::literal(path).replace('#', "[#]"));
                    out.say("Header", &[raw("onsuccess"), raw("unset"), name(), text(here.clone())]);
                    out.say("Header", &[raw("always"), raw("set"), name(), value(sent), text(here)]);
                }
            }
            (_, App::Beside) => out.say("Header", &[raw("always"), raw("add"), name(), value(sent)]),
            (_, App::Stands) => {
                let silent = text(format!("expr=-z %{{resp:{}}}", sent.name));
                out.say("Header", &[raw("always"), raw("set"), name(), value(sent), silent]);
            }
            (when, App::YieldsUnless(words)) => {
                let mut unset = vec![raw("onsuccess"), raw("unset"), name()];
                if *when == On::Uninvited {
                    unset.push(text("expr=-z %{resp:Access-Control-Allow-Origin}"));
                }
                out.say("Header", &unset);
                out.say("Header", &[raw("always"), raw("set"), name(), value(sent)]);
                for word in words {
                    let here = text(format!("expr=%{{resp:{}}} =~ /^{word}$/i", sent.name));
                    out.say("Header", &[raw("always"), raw("set"), name(), text(*word), here]);
                }
                if *when == On::Uninvited {
                    let is_invited = text("expr=-n %{resp:Access-Control-Allow-Origin}");
                    out.say("Header", &[raw("always"), raw("unset"), name(), is_invited]);
                }
            }
        }
    }
}

/// Writes the headers of an answer that is no page, over plain HTTP.
pub(super) fn bare_headers(plan: &Plan<'_>, out: &mut Written) {
    for sent in plan.headers.iter().filter(|sent| sent.name == title(&X_CONTENT_TYPE_OPTIONS)) {
        out.say("Header", &[raw("always"), raw("set"), text(sent.name.clone()), value(sent)]);
    }
}

/// Answers that belong to one visitor, where the app does not say how they are cached.
pub(super) fn private(plan: &Plan<'_>, sent: &Sent, out: &mut Written) {
    out.comment("An answer that sets a cookie, or follows from a login, is nobody else's.");
    let session = super::refusals::session_cookie(plan);
    let mine = format!(
        "expr=-z %{{resp:Cache-Control}} && -z %{{resp:Expires}} && -z %{{resp:Pragma}} && (-n %{{resp:Set-Cookie}} || \
         ((-n %{{HTTP:Authorization}} || %{{HTTP:Cookie}} =~ m#{session}#) && \
         ((-z %{{resp:ETag}} && -z %{{resp:Last-Modified}}) || %{{resp:Content-Type}} =~ m#^(?:text/html|application/xhtml)#)))"
    );
    out.say("Header", &[raw("onsuccess"), raw("set"), text(sent.name.clone()), value(sent), text(mine)]);
    out.note("a shared cache is let keep an answer with a cookie, where the app says so");
}

pub(super) fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let cookies = &plan.policy.cookies;
    let edits = patterns::cookie_edits(cookies);
    if edits.is_empty() {
        return;
    }
    out.gap();
    out.comment("Cookies: those that hold a login are kept from scripts and from other sites' requests.");
    let except = patterns::not_excepted(cookies);
    for (names, attribute, added) in edits {
        let regex = format!("(?i)^({except}(?-i:{names})=(?!.*; *{attribute}(?:=|;|$)).*)$");
        out.say(
            "Header",
            &[raw("onsuccess"), raw("edit"), raw("Set-Cookie"), text(regex), text(format!("$1; {added}"))],
        );
    }
}

pub(super) fn errors(plan: &Plan<'_>, out: &mut Written) {
    let statuses: Vec<_> =
        plan.policy.errors.replace.iter().filter(|status| status.canonical_reason().is_some()).collect();
    if statuses.is_empty() {
        return;
    }
    if statuses.len() < plan.policy.errors.replace.len() {
        out.note("error answers under a status that no standard names are not replaced");
    }
    out.gap();
    out.comment("What an error page of the app says is meant for its operator.");
    let codes: Vec<_> = statuses.iter().map(|status| status.as_str()).collect();
    out.say("ProxyErrorOverride", &[raw(format!("On {}", codes.join(" ")))]);
    for status in statuses {
        let reason = status.canonical_reason().unwrap_or_default();
        out.say("ErrorDocument", &[raw(status.as_str()), text(format!("{} {reason}", status.as_str()))]);
    }
}
