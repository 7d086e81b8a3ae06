//! Why a message on the wire is not passed on: one variant for each cause.
//!
//! Statuses, pages and refusal ids are chosen by whoever answers; here a fault is only named.

use std::io;

/// What was wrong with a message, or with the peer that sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// `Transfer-Encoding` and `Content-Length` under names with an underscore: some applications read them as the
    /// real ones (CGI turns `-` into `_`), so that two readers would disagree about the length.
    #[error("a framing field is spelled with an underscore")]
    AliasedFramingField,
    /// A target in asterisk form with a method other than OPTIONS (RFC 9112, 3.2.4).
    #[error("the target `*` belongs to OPTIONS alone")]
    AsteriskForm,
    /// Chunk data that is not followed by CRLF at once (RFC 9112, 7.1).
    #[error("chunk data is not followed by a line end")]
    BadChunkEnd,
    /// A chunk extension with whitespace, control characters or no `;` before it (RFC 9112, 7.1.1).
    #[error("malformed chunk extension")]
    BadChunkExtension,
    /// A chunk size that is not one to sixteen hexadecimal digits (RFC 9112, 7.1).
    #[error("malformed chunk size")]
    BadChunkSize,
    /// `Connection` options that are not a list of tokens, or that name a framing field (RFC 9110, 7.6.1).
    #[error("malformed Connection field")]
    BadConnection,
    /// A `Content-Length` that is not plain decimal digits within 63 bits (RFC 9110, 8.6).
    #[error("malformed Content-Length")]
    BadContentLength,
    /// An expectation other than `100-continue`, or two of them (RFC 9110, 10.1.1).
    #[error("unknown expectation")]
    BadExpectation,
    /// A field name that is empty, not a token, or a line without a colon (RFC 9110, 5.1).
    #[error("malformed field name")]
    BadFieldName,
    /// Control characters in a field value, or octets above 127 where the value decides framing (RFC 9110, 5.5).
    #[error("malformed field value")]
    BadFieldValue,
    /// A `Host` or an authority that is no host with an optional port (RFC 9112, 3.2; RFC 3986, 3.2.2).
    #[error("malformed host")]
    BadHost,
    /// A method that is not a token, or is unreasonably long (RFC 9110, 9.1).
    #[error("malformed method")]
    BadMethod,
    /// A request line that is not three parts with single spaces between them (RFC 9112, 3).
    #[error("malformed request line")]
    BadRequestLine,
    /// A status outside 100 to 599 (RFC 9110, 15).
    #[error("status out of range")]
    BadStatus,
    /// A status line that is not version, space, three digits, reason (RFC 9112, 4).
    #[error("malformed status line")]
    BadStatusLine,
    /// Octets or percent escapes that a request target cannot hold (RFC 9112, 3.2; RFC 3986, 2.1).
    #[error("malformed request target")]
    BadTarget,
    /// A `Transfer-Encoding` that is anything but one `chunked` (RFC 9112, 6.1).
    #[error("unsupported Transfer-Encoding")]
    BadTransferEncoding,
    /// A version other than HTTP/1.0 and HTTP/1.1 (RFC 9112, 2.3).
    #[error("unsupported HTTP version")]
    BadVersion,
    /// A carriage return that no line feed follows (RFC 9112, 2.2).
    #[error("carriage return without line feed")]
    BareCr,
    /// A line feed without its carriage return (RFC 9112, 2.2: tolerance here is what smuggling lives on).
    #[error("line feed without carriage return")]
    BareLf,
    /// The body made no sufficient progress; the clock stands outside.
    #[error("the body did not arrive in time")]
    BodyTimeout,
    /// Bytes after the end of a response: they belong to no exchange.
    #[error("bytes after the end of the response")]
    BytesAfterResponse,
    /// CONNECT asks for a tunnel, which a reverse proxy does not give (RFC 9110, 9.3.6).
    #[error("CONNECT is not served")]
    ConnectMethod,
    /// Both length fields in one message (RFC 9112, 6.3).
    #[error("Content-Length beside Transfer-Encoding")]
    ContentLengthAndTransferEncoding,
    /// A trailer field that frames or routes a message (RFC 9110, 6.5.1).
    #[error("forbidden trailer field")]
    ForbiddenTrailer,
    /// A scheme other than http or https, or user information, in absolute form (RFC 9112, 3.2.2).
    #[error("absolute form with a foreign scheme or user information")]
    ForeignAbsoluteForm,
    /// The head did not arrive in time; the clock stands outside.
    #[error("the head did not arrive in time")]
    HeadTimeout,
    /// A head beyond its size limit.
    #[error("the head is too large")]
    HeadTooLarge,
    /// The authority of an absolute-form target is not that of `Host` (RFC 9112, 3.2.2).
    #[error("the target and Host name different hosts")]
    HostDisagrees,
    /// No `Host` (RFC 9112, 3.2). Asked of HTTP/1.0 as well: without it no site can be chosen.
    #[error("no Host field")]
    MissingHost,
    /// A line that continues the one before, or whitespace before the first field (RFC 9112, 5.2 and 2.2).
    #[error("folded field line")]
    ObsoleteFold,
    /// `Content-Length` twice, equal or not, on two lines or in a list (RFC 9112, 6.3).
    #[error("repeated Content-Length")]
    RepeatedContentLength,
    /// `Host` twice (RFC 9112, 3.2).
    #[error("repeated Host")]
    RepeatedHost,
    /// A request line beyond its size limit.
    #[error("the request line is too long")]
    RequestLineTooLong,
    /// Whitespace between field name and colon (RFC 9112, 5.1).
    #[error("whitespace before the colon")]
    SpaceBeforeColon,
    /// Chunk extensions beyond their size limit.
    #[error("chunk extensions are too large")]
    TooManyChunkExtensions,
    /// More field lines than the limit.
    #[error("too many fields")]
    TooManyFields,
    /// More interim responses than the limit.
    #[error("too many interim responses")]
    TooManyInterimResponses,
    /// A trailer section beyond its limits.
    #[error("the trailer section is too large")]
    TrailersTooLarge,
    /// `Transfer-Encoding` in a message of HTTP/1.0, which does not know it (RFC 9112, 6.1).
    #[error("Transfer-Encoding in HTTP/1.0")]
    TransferEncodingOnHttp10,
    /// 101 without a request for an upgrade (RFC 9110, 15.2.2).
    #[error("101 although no upgrade was requested")]
    UnexpectedUpgrade,
    /// Bytes from an upstream that was asked nothing.
    #[error("a response without a request")]
    UnsolicitedResponse,
}

impl Fault {
    /// Returns the fault that an error of one of the guards carries, however deep libraries have wrapped it.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(fault) = error.downcast_ref::<Self>() {
                return Some(*fault);
            }
            // An `io::Error` answers `source` with the source of its payload, not with the payload.
            if let Some(fault) = error.downcast_ref::<io::Error>().and_then(|error| error.get_ref()?.downcast_ref()) {
                return Some(*fault);
            }
            next = error.source();
        }
        None
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::BodyTimeout | Fault::HeadTimeout => io::ErrorKind::TimedOut,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_fault_is_found_and_another_error_is_not() {
        #[derive(Debug, thiserror::Error)]
        #[error("wrapped")]
        struct Wrapped(#[source] io::Error);

        for (error, fault) in [
            (io::Error::from(Fault::BareLf), Some(Fault::BareLf)),
            (io::Error::other(io::Error::from(Fault::BareCr)), None),
            (io::Error::other("else"), None),
        ] {
            assert_eq!(Fault::of(&Wrapped(error)), fault);
        }
        assert_eq!(Fault::of(&Fault::BadHost), Some(Fault::BadHost));
    }
}
