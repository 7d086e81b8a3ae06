//! What a visitor is told of a status: a name and one sentence, and nothing of the inside.
//!
//! The texts go into HTML and JSON as they are: none has a character that either would escape.

use http::StatusCode;

/// The name of a status as people say it.
pub(super) fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Sign-in needed",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Not possible here",
        408 => "Too slow",
        413 => "Too large",
        414 => "Address too long",
        417 => "Expectation not met",
        421 => "Wrong address",
        429 => "Too many requests",
        431 => "Header too large",
        501 => "Not supported",
        502 => "No valid answer",
        503 => "Not available",
        504 => "No answer in time",
        400..=499 => "Request refused",
        _ => "Something went wrong",
    }
}

/// What a visitor can make of it.
pub(super) fn sentence(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "You need to sign in to see this.",
        403 => "This request is not allowed.",
        404 => "There is nothing at this address.",
        405 => "This address does not take that kind of request.",
        408 => "The request did not arrive in time. Please try again.",
        413 => "What you sent is larger than this site accepts.",
        414 => "The address is longer than this site accepts.",
        421 => "This site does not answer to that name. Reloading the page often helps.",
        429 => "You have sent many requests in a short time. Please wait a moment.",
        431 => "Your browser sent more than this site accepts. Deleting this site's cookies often helps.",
        501 => "This site does not support that kind of request.",
        502 => "The site behind this address did not give a valid answer. Please try again in a moment.",
        503 => "The site is not available right now. Please try again in a moment.",
        504 => "The site took too long to answer. Please try again in a moment.",
        400..=499 => "This request could not be understood or is not allowed.",
        _ => "It is not your fault. Please try again in a moment.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_needs_escaping() {
        for status in (100..1000).filter_map(|code| StatusCode::from_u16(code).ok()) {
            for text in [title(status), sentence(status)] {
                assert!(!text.is_empty() && !text.contains(['<', '>', '&', '"', '\\']), "{text}");
            }
        }
    }
}
