//! What the client is told when the app, or the client's own body, fails in the middle of an exchange.

use bartizan_rules::{Explanation, Platform, Reference};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::body::RequestBodyError;
use crate::connection::Running;
use crate::stages::refusal::After;
use crate::stages::request::framing;
use crate::stages::{Refusal, RefusalKind};
use crate::upstream::{CredentialsError, UpstreamError, UpstreamErrorKind};

/// Turns a failed exchange into the refusal that explains it.
///
/// A fault of the client's body comes first: the app's connection fails because of it, not beside it.
pub(crate) fn of(error: &UpstreamError, running: &Running) -> Refusal {
    if let Some(error) = running.request.error() {
        return of_body(&error);
    }
    let kind = match error.kind() {
        UpstreamErrorKind::Connect | UpstreamErrorKind::ConnectTimeout | UpstreamErrorKind::Tls => {
            &UPSTREAM_UNREACHABLE
        }
        UpstreamErrorKind::ResponseTimeout => &UPSTREAM_TIMEOUT,
        UpstreamErrorKind::InvalidResponse => &UPSTREAM_INVALID,
        _ => &UPSTREAM_CLOSED,
    };
    Refusal::new(kind).because(with_causes(error))
}

/// Explains that the app's credentials could not be fetched.
pub(crate) fn no_credentials(error: &CredentialsError) -> Refusal {
    Refusal::new(&CREDENTIALS_UNAVAILABLE).because(with_causes(error))
}

/// Explains that as many requests run at the app as its route allows.
pub(crate) fn busy() -> Refusal {
    Refusal::new(&ROUTE_BUSY).with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}

/// Explains what is wrong with a client's body.
pub(crate) fn of_body(error: &RequestBodyError) -> Refusal {
    match error {
        RequestBodyError::Malformed(fault) => framing::refusal_for(fault),
        RequestBodyError::Left => Refusal::new(&CLIENT_LEFT),
        RequestBodyError::Slow => Refusal::new(&framing::refusals::BODY_TIMEOUT),
        RequestBodyError::TooLarge => Refusal::new(&crate::stages::request::size::BODY_TOO_LARGE),
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// No connection to the app.
pub(crate) static UPSTREAM_UNREACHABLE: RefusalKind = RefusalKind {
    about: Explanation {
        id: "upstream-unreachable",
        title: "The app cannot be reached",
        why: "No connection to the app came about: it does not run, listens elsewhere, or its TLS certificate is not \
              believed. Nothing of the request was processed, so it is safe to send again.",
        fix: &[
            (
                Platform::Bartizan,
                "Compare `upstream` with where the app listens; the log line has the system's reason.\nFor a certificate of your own: [site.upstream_options.tls] authorities = \"ca.pem\"",
            ),
            (Platform::Client, "Try again in a moment; quote the id if it stays so."),
        ],
        references: &[Reference::Rfc(9110, "15.6.3")],
    },
    status: StatusCode::BAD_GATEWAY,
    after: After::Keep,
};

/// The app took a request and closed.
pub(crate) static UPSTREAM_CLOSED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "upstream-closed",
        title: "The app closed the connection without an answer",
        why: "The app took the request and closed the connection before it had answered: a worker crashed or was \
              restarted. The request may have been processed, so it is not sent a second time unless its method allows it.",
        fix: &[
            (
                Platform::Bartizan,
                "Look into the app's own log at this time; a worker's memory or time limit is the usual cause.",
            ),
            (Platform::Client, "Check whether the action took effect before you repeat it."),
        ],
        references: &[Reference::Rfc(9110, "9.2.2"), Reference::Rfc(9110, "15.6.3")],
    },
    status: StatusCode::BAD_GATEWAY,
    after: After::Keep,
};

/// The app's answer is not HTTP that could be passed on.
pub(crate) static UPSTREAM_INVALID: RefusalKind = RefusalKind {
    about: Explanation {
        id: "upstream-invalid-response",
        title: "The app's answer is malformed",
        why: "The app's answer breaks the rules of HTTP: a doubled or malformed length, both ways of framing at once, \
              control characters, a malformed chunk, a head of unreasonable size. Two readers could disagree on where \
              it ends, and then one visitor gets another one's page. It is never passed on.",
        fix: &[(
            Platform::Bartizan,
            "The log line names the fault. A head that is large on purpose: [site.upstream_options] response_head = \"128KiB\"",
        )],
        references: &[Reference::Rfc(9112, "6.3"), Reference::Cwe(444)],
    },
    status: StatusCode::BAD_GATEWAY,
    after: After::Keep,
};

/// The app did not answer in time.
pub(crate) static UPSTREAM_TIMEOUT: RefusalKind = RefusalKind {
    about: Explanation {
        id: "upstream-timeout",
        title: "The app did not answer in time",
        why: "The app took the request, and its answer did not begin within the time allowed. It may still be working \
              on it.",
        fix: &[
            (
                Platform::Bartizan,
                "For pages that take long on purpose: [site.upstream_options] response_timeout = \"5m\"",
            ),
            (Platform::Client, "Check whether the action took effect before you repeat it."),
        ],
        references: &[Reference::Rfc(9110, "15.6.5")],
    },
    status: StatusCode::GATEWAY_TIMEOUT,
    after: After::Keep,
};

/// The client went away with its body unfinished.
pub(crate) static CLIENT_LEFT: RefusalKind = RefusalKind {
    about: Explanation {
        id: "client-left",
        title: "The client left before its request was complete",
        why: "The connection ended, or the stream was reset, in the middle of the request's body. The app saw an \
              aborted request and nothing was answered.",
        fix: &[(Platform::Client, "Send the whole body that was announced.")],
        references: &[Reference::Rfc(9112, "8")],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// The token that the app wants could not be fetched.
pub(crate) static CREDENTIALS_UNAVAILABLE: RefusalKind = RefusalKind {
    about: Explanation {
        id: "credentials-unavailable",
        title: "The credentials that the app wants could not be fetched",
        why: "The route's app wants OAuth2 client credentials, and the token endpoint did not give any. Without them \
              the app would refuse the request, so it was not sent.",
        fix: &[(
            Platform::Bartizan,
            "Check token_url, client_id and the secret in [site.upstream_options.oauth2]; the log line has the endpoint's answer.",
        )],
        references: &[Reference::Rfc(6749, "4.4"), Reference::Rfc(6749, "5.2")],
    },
    status: StatusCode::BAD_GATEWAY,
    after: After::Keep,
};

/// As many requests run as may.
pub(crate) static ROUTE_BUSY: RefusalKind = RefusalKind {
    about: Explanation {
        id: "route-busy",
        title: "As many requests run at the app as the route allows",
        why: "The route bounds how many requests may run at the app at once, and all places are taken. The app was not \
              asked: a report or an export that costs much must not take the whole app with it.",
        fix: &[
            (Platform::Client, "Try again after the seconds in Retry-After."),
            (Platform::Bartizan, "[[site.route]]\npath = \"/reports/\"\nconcurrency = 8"),
        ],
        references: &[Reference::Rfc(9110, "15.6.4"), Reference::Cwe(770)],
    },
    status: StatusCode::SERVICE_UNAVAILABLE,
    after: After::Keep,
};
