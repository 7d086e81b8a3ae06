//! Methods: what a client may ask to be done.
//!
//! A request is let through when its method, and the method it asks the app to act on instead
//! (`X-HTTP-Method-Override` and its kin), is one of the route's, or any but TRACE, TRACK and CONNECT where
//! the route names none. HEAD goes wherever GET goes (RFC 9110, 9.3.2).

use bartizan_rules::{Explanation, Platform, Reference};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, RequestStage, Verdict};

/// Refuses methods that the route does not allow.
#[derive(Debug)]
pub struct Methods {
    allowed: Option<Vec<Method>>,
    /// The value of `Allow`, which every 405 carries (RFC 9110, 15.5.6).
    allow: HeaderValue,
}

impl Methods {
    /// Makes the stage; nothing allows all methods that are safe to pass on.
    pub fn new(allowed: Option<&[Method]>) -> Self {
        let names = match allowed {
            None => "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS".to_owned(),
            Some(methods) => {
                let mut names: Vec<&str> =
                    methods.iter().map(Method::as_str).filter(|name| !NEVER.contains(name)).collect();
                if names.contains(&"GET") && !names.contains(&"HEAD") {
                    names.push("HEAD");
                }
                names.join(", ")
            }
        };
        let allow = HeaderValue::try_from(names).unwrap_or_else(|_| HeaderValue::from_static(""));
        Self { allowed: allowed.map(<[Method]>::to_vec), allow }
    }

    fn allows(&self, name: &str) -> bool {
        if NEVER.iter().any(|never| never.eq_ignore_ascii_case(name)) {
            return false;
        }
        match &self.allowed {
            None => true,
            Some(methods) => {
                methods.iter().any(|method| method.as_str() == name || (name == "HEAD" && *method == Method::GET))
            }
        }
    }
}

impl RequestStage for Methods {
    fn name(&self) -> &'static str {
        "method"
    }

    fn describe(&self) -> String {
        match &self.allowed {
            None => "every method but TRACE, TRACK and CONNECT".to_owned(),
            Some(_) => format!("only {}", self.allow.to_str().unwrap_or_default()),
        }
    }

    fn head(&self, request: &mut RequestHead, _exchange: &mut Exchange) -> Verdict {
        let is_allowed = self.allows(request.method.as_str())
            && overrides(&request.headers).all(|name| self.allows(&name.to_ascii_uppercase()));
        if is_allowed {
            return Verdict::Pass;
        }
        let refusal = Refusal::new(&METHOD_NOT_ALLOWED).because(request.method.as_str().to_owned());
        Verdict::Refuse(refusal.with_header(header::ALLOW, self.allow.clone()))
    }
}

/// Returns the methods that a request asks the app to act on instead of its own.
///
/// Rails, Express, Symfony and OData honour these fields, so they are judged rather than removed: API
/// clients behind firewalls that know GET and POST alone depend on them.
pub(super) fn overrides(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    OVERRIDES.iter().flat_map(|name| headers.get_all(name)).map(|value| value.to_str().unwrap_or_default().trim())
}

/// TRACE shows a script the cookies it must not see (RFC 9110, 9.3.8); TRACK is IIS's name for it.
pub static NEVER: &[&str] = &["CONNECT", "TRACE", "TRACK"];

/// Fields by which a request asks for another method than its own.
pub static OVERRIDES: [HeaderName; 3] = [
    HeaderName::from_static("x-http-method"),
    HeaderName::from_static("x-http-method-override"),
    HeaderName::from_static("x-method-override"),
];

/// The method is not allowed here.
pub static METHOD_NOT_ALLOWED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "method-not-allowed",
        title: "The method is not allowed on this path",
        why: "Methods that an app does not expect are where its checks have holes: TRACE echoes cookies to scripts, and a \
              forgotten PUT or DELETE changes data. Those the operator did not list end here.",
        fix: &[
            (Platform::Bartizan, "[[site.route]]\npath = \"/dav/\"\nmethods = [\"GET\", \"PUT\", \"PROPFIND\"]"),
            (Platform::Client, "Use one of the methods in the Allow field of the answer."),
        ],
        references: &[Reference::Rfc(9110, "15.5.6"), Reference::Rfc(9110, "9.3.8"), Reference::Cwe(650)],
    },
    status: StatusCode::METHOD_NOT_ALLOWED,
    after: After::Keep,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn methods_follow_the_route() {
        let some = [Method::GET, Method::POST, Method::TRACE];
        for (allowed, method, replaced, expected) in [
            (None, "GET", None, "pass"),
            (None, "PROPFIND", None, "pass"),
            (None, "DELETE", None, "pass"),
            (None, "TRACE", None, "method-not-allowed"),
            (None, "TRACK", None, "method-not-allowed"),
            (None, "POST", Some("PATCH"), "pass"),
            (None, "POST", Some("trace"), "method-not-allowed"),
            (Some(&some[..]), "HEAD", None, "pass"),
            (Some(&some[..]), "POST", None, "pass"),
            (Some(&some[..]), "PUT", None, "method-not-allowed"),
            (Some(&some[..]), "TRACE", None, "method-not-allowed"),
            (Some(&some[..]), "POST", Some("put"), "method-not-allowed"),
            (Some(&some[..]), "get", None, "method-not-allowed"), // names of methods are case-sensitive
        ] {
            let mut ask = Ask::new(method, "/");
            if let Some(name) = replaced {
                ask = ask.with("x-http-method-override", name);
            }
            assert_eq!(outcome(&Methods::new(allowed), &mut ask), expected, "{method} {replaced:?}");
        }
    }

    #[test]
    fn the_answer_says_what_is_allowed() {
        assert_eq!(Methods::new(Some(&[Method::GET, Method::TRACE])).allow, "GET, HEAD");
    }
}
