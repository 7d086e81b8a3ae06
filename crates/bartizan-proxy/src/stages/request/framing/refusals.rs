//! The refusals of framing, and which of them a fault on the wire becomes.

use bartizan_rules::{Explanation, Platform, Reference};
use http::{HeaderValue, StatusCode, header};

use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind};
use crate::wire::Fault;

/// Returns the refusal that a fault of the request's bytes becomes.
pub fn refusal_for(fault: &Fault) -> Refusal {
    let kind = match fault {
        Fault::AliasedFramingField
        | Fault::BadContentLength
        | Fault::BadTransferEncoding
        | Fault::ContentLengthAndTransferEncoding
        | Fault::RepeatedContentLength
        | Fault::TransferEncodingOnHttp10 => &AMBIGUOUS_LENGTH,
        Fault::AsteriskForm | Fault::BadTarget | Fault::ForeignAbsoluteForm => &MALFORMED_TARGET,
        Fault::BadChunkEnd | Fault::BadChunkExtension | Fault::BadChunkSize | Fault::TooManyChunkExtensions => {
            &MALFORMED_CHUNKS
        }
        Fault::BadExpectation => &UNKNOWN_EXPECTATION,
        Fault::BadHost | Fault::MissingHost => &MALFORMED_HOST,
        Fault::BadVersion => &UNSUPPORTED_VERSION,
        Fault::BodyTimeout => &BODY_TIMEOUT,
        Fault::ConnectMethod => return tunnel(),
        Fault::ForbiddenTrailer | Fault::TrailersTooLarge => &MALFORMED_TRAILERS,
        Fault::HeadTimeout => &HEADER_TIMEOUT,
        Fault::HeadTooLarge => &HEAD_TOO_LARGE,
        Fault::HostDisagrees | Fault::RepeatedHost => &HOST_DISAGREES,
        Fault::RequestLineTooLong => &REQUEST_LINE_TOO_LONG,
        Fault::TooManyFields => &TOO_MANY_FIELDS,
        Fault::BadConnection
        | Fault::BadFieldName
        | Fault::BadFieldValue
        | Fault::BadMethod
        | Fault::BadRequestLine
        | Fault::BareCr
        | Fault::BareLf
        | Fault::ObsoleteFold
        | Fault::SpaceBeforeColon
        // Faults of responses: whoever talks to the app turns them into a 502 and does not ask here.
        | Fault::BadStatus
        | Fault::BadStatusLine
        | Fault::BytesAfterResponse
        | Fault::TooManyInterimResponses
        | Fault::UnexpectedUpgrade
        | Fault::UnsolicitedResponse => &MALFORMED_HEAD,
    };
    Refusal::new(kind).because(fault.to_string())
}

/// Returns the refusal of CONNECT.
pub(super) fn tunnel() -> Refusal {
    // RFC 9110, 15.5.6: a 405 says what is allowed; the route is not known yet.
    let allowed = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    Refusal::new(&TUNNEL_REFUSED).with_header(header::ALLOW, allowed)
}

/// Two readers could find different ends of the message.
pub static AMBIGUOUS_LENGTH: RefusalKind = RefusalKind {
    about: Explanation {
        id: "ambiguous-length",
        title: "The length of the request can be read in two ways",
        why: "A request that says its length twice, or in a form that servers read differently, ends in one place for \
              one server and elsewhere for the next. What lies between is taken for the start of another visitor's \
              request. This is called request smuggling, and no repair is safe, so the connection is closed.",
        fix: &[(
            Platform::Client,
            "Send either one Content-Length with plain digits or one `Transfer-Encoding: chunked`, never both. A \
             program that does otherwise by accident is usually a home-made HTTP client or a proxy that adds its own \
             length.",
        )],
        references: &[Reference::Rfc(9112, "6.3"), Reference::Cwe(444), Reference::Cve("CVE-2023-40225")],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// The body stalled.
pub static BODY_TIMEOUT: RefusalKind = RefusalKind {
    about: Explanation {
        id: "body-timeout",
        title: "The body of the request did not arrive in time",
        why: "A client that sends a body byte by byte holds a connection, and often a worker of the app, for hours. \
              A few hundred of them are enough to keep everyone else out. So a body must keep flowing at a minimum rate.",
        fix: &[
            (
                Platform::Client,
                "Send the request again over a better connection, in smaller parts if the app offers it.",
            ),
            (Platform::Bartizan, "[server.limits]\nbody_timeout = \"60s\""),
        ],
        references: &[Reference::Rfc(9110, "15.5.9"), Reference::Cwe(400)],
    },
    status: StatusCode::REQUEST_TIMEOUT,
    after: After::Close,
};

/// The head came too slowly.
pub static HEADER_TIMEOUT: RefusalKind = RefusalKind {
    about: Explanation {
        id: "header-timeout",
        title: "The head of the request did not arrive in time",
        why: "Sending a head line by line over minutes costs an attacker nothing and the server a connection each \
              (slowloris). A real head arrives in one packet or a few.",
        fix: &[
            (Platform::Client, "Send the request again; a head must arrive within seconds of its first byte."),
            (Platform::Bartizan, "[server.limits]\nheader_timeout = \"20s\""),
        ],
        references: &[Reference::Rfc(9110, "15.5.9"), Reference::Cve("CVE-2007-6750")],
    },
    status: StatusCode::REQUEST_TIMEOUT,
    after: After::Close,
};

/// Too many bytes of fields.
pub static HEAD_TOO_LARGE: RefusalKind = RefusalKind {
    about: Explanation {
        id: "head-too-large",
        title: "The header fields are larger than the limit",
        why: "Every byte of a head is kept in memory before anything is known of the client. Most apps refuse far \
              smaller heads, often with a crash or a bare error. Too many or too large cookies are the usual cause.",
        fix: &[
            (Platform::Client, "Delete the cookies of this site and try again."),
            (Platform::Bartizan, "[server.limits]\nhead = \"64KiB\""),
        ],
        references: &[Reference::Rfc(6585, "5"), Reference::Cwe(770)],
    },
    status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    after: After::Close,
};

/// Two hosts in one request.
pub static HOST_DISAGREES: RefusalKind = RefusalKind {
    about: Explanation {
        id: "host-disagrees",
        title: "The request names two hosts",
        why: "If the wall believes one name and the app the other, a rule for one host is applied to another host's \
              pages, and links in mail or caches point where an attacker wants them. So Host, the authority of an \
              absolute address and HTTP/2's `:authority` must be one.",
        fix: &[(Platform::Client, "Send one Host field, and the same host in the address and in Host.")],
        references: &[Reference::Rfc(9112, "3.2.2"), Reference::Rfc(9113, "8.3.1"), Reference::Cwe(444)],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// Chunks that are none.
pub static MALFORMED_CHUNKS: RefusalKind = RefusalKind {
    about: Explanation {
        id: "malformed-chunks",
        title: "The chunks of the body are malformed",
        why: "A chunk size or line end that servers read differently lets the rest of the body pass for a new \
              request. The body is not passed on and the connection is closed, as its next byte could be anything.",
        fix: &[(
            Platform::Client,
            "Write each chunk as hexadecimal digits, CRLF, the data, CRLF, and leave chunk extensions out.",
        )],
        references: &[Reference::Rfc(9112, "7.1"), Reference::Cwe(444)],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// Bytes that are no head.
pub static MALFORMED_HEAD: RefusalKind = RefusalKind {
    about: Explanation {
        id: "malformed-head",
        title: "The head of the request is malformed",
        why: "Control characters, folded lines, bare line ends or a space before a colon are skipped by one server and \
              acted on by the next. Such differences carry forged headers and whole hidden requests past a filter. \
              No browser and no common client library sends them.",
        fix: &[(
            Platform::Client,
            "Use a maintained HTTP library, and never write values from users into header lines unescaped.",
        )],
        references: &[
            Reference::Rfc(9112, "2.2"),
            Reference::Rfc(9110, "5.5"),
            Reference::Rfc(9113, "8.2"),
            Reference::Cwe(444),
        ],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// No host, or text that is none.
pub static MALFORMED_HOST: RefusalKind = RefusalKind {
    about: Explanation {
        id: "malformed-host",
        title: "The request names no host, or one that cannot be a host",
        why: "Without a host no site can be chosen, and a default would answer for names it does not own. Text such as \
              `a.example:80@b.example` is read as one host by some programs and as another by the rest.",
        fix: &[(Platform::Client, "Send `Host: name` or `Host: name:port`, with the name in its ASCII form.")],
        references: &[Reference::Rfc(9112, "3.2"), Reference::Rfc(3986, "3.2.2"), Reference::Cwe(20)],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// A path without one meaning.
pub static MALFORMED_TARGET: RefusalKind = RefusalKind {
    about: Explanation {
        id: "malformed-target",
        title: "The path of the request has no single meaning",
        why: "Dots behind an encoding, encoded NULs, backslashes and half escapes lead to different places depending on \
              who decodes them and how often. A rule for one of these places is walked around by naming the other.",
        fix: &[
            (Platform::Client, "Encode each part of the path once, and resolve `..` before sending."),
            (Platform::Bartizan, "# where the app needs %2F within a path\n[[site]]\nencoded_slashes = \"keep\""),
        ],
        references: &[Reference::Rfc(3986, "6.2.2"), Reference::Cwe(22), Reference::Cve("CVE-2025-66490")],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// Trailers that would change the message.
pub static MALFORMED_TRAILERS: RefusalKind = RefusalKind {
    about: Explanation {
        id: "malformed-trailers",
        title: "The fields after the body are malformed or forbidden",
        why: "Fields after a body may not change how the message was framed, routed or authorised: by then it has been \
              judged. A server that merges them into the head would act on something that nobody has checked.",
        fix: &[(Platform::Client, "Send such fields in the head, or not at all.")],
        references: &[Reference::Rfc(9110, "6.5.1"), Reference::Cwe(444)],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// A field twice.
pub static REPEATED_FIELD: RefusalKind = RefusalKind {
    about: Explanation {
        id: "repeated-field",
        title: "A header field that must come once comes twice",
        why: "One program believes the first, another the last, a third joins them. A check of one value then says \
              nothing about the value the app acts on.",
        fix: &[(Platform::Client, "Send the field once.")],
        references: &[Reference::Rfc(9110, "5.3"), Reference::Cwe(436), Reference::Cve("CVE-2026-26308")],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// A long request line.
pub static REQUEST_LINE_TOO_LONG: RefusalKind = RefusalKind {
    about: Explanation {
        id: "request-line-too-long",
        title: "The address is longer than the limit",
        why: "Addresses are kept in memory, logged and parsed by every program on the way, and most stop at 8 KiB. \
              A longer one is a redirect loop that grows its own query, or an attempt to exhaust someone.",
        fix: &[
            (Platform::Client, "Send the data in the body of a POST."),
            (Platform::Bartizan, "[server.limits]\nrequest_line = \"32KiB\""),
        ],
        references: &[Reference::Rfc(9110, "15.5.15"), Reference::Cwe(770)],
    },
    status: StatusCode::URI_TOO_LONG,
    after: After::Close,
};

/// Too many lines.
pub static TOO_MANY_FIELDS: RefusalKind = RefusalKind {
    about: Explanation {
        id: "too-many-fields",
        title: "The request has more header fields than the limit",
        why: "Compressed fields of HTTP/2 cost a client one byte and the server many, so their number is bounded beside \
              their size. Each part of a split cookie counts. Browsers send about twenty fields.",
        fix: &[
            (Platform::Client, "Send fewer fields; delete the cookies of this site."),
            (Platform::Bartizan, "[server.limits]\nheaders = 100"),
        ],
        references: &[Reference::Rfc(6585, "5"), Reference::Rfc(9113, "10.5.1"), Reference::Cwe(770)],
    },
    status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    after: After::Close,
};

/// CONNECT.
pub static TUNNEL_REFUSED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "tunnel-refused",
        title: "CONNECT asks for a tunnel, and none is given",
        why: "A tunnel through this server would reach machines that only it can reach. CONNECT belongs to forward \
              proxies; a site never needs it.",
        fix: &[(Platform::Client, "Do not set this server as a proxy in the client's settings.")],
        references: &[Reference::Rfc(9110, "9.3.6"), Reference::Cwe(441)],
    },
    status: StatusCode::METHOD_NOT_ALLOWED,
    after: After::Close,
};

/// An expectation nobody meets.
pub static UNKNOWN_EXPECTATION: RefusalKind = RefusalKind {
    about: Explanation {
        id: "unknown-expectation",
        title: "The request expects something that is not known",
        why: "`100-continue` is the only expectation there is. A server that does not know another one and goes on \
              breaks what the client relied on, and one that waits for it waits for ever.",
        fix: &[(Platform::Client, "Send `Expect: 100-continue` or no Expect at all.")],
        references: &[Reference::Rfc(9110, "10.1.1")],
    },
    status: StatusCode::EXPECTATION_FAILED,
    after: After::Close,
};

/// A version nobody speaks.
pub static UNSUPPORTED_VERSION: RefusalKind = RefusalKind {
    about: Explanation {
        id: "unsupported-version",
        title: "The version of HTTP is not spoken here",
        why: "HTTP/0.9 has no header fields, hence no host and no length, and everything after HTTP/1.1 does not begin \
              with a line of text. What claims to be another version is a probe or not HTTP.",
        fix: &[(Platform::Client, "Speak HTTP/1.1, or HTTP/2 by ALPN over TLS.")],
        references: &[Reference::Rfc(9110, "15.6.6"), Reference::Rfc(9112, "2.3")],
    },
    status: StatusCode::HTTP_VERSION_NOT_SUPPORTED,
    after: After::Close,
};
