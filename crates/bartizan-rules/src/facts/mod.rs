//! What is known of a site, without opinion: each fact with the place where it was seen.

mod provenance;
mod response;

use bartizan_headers::csp::PolicyList;
use bartizan_headers::{Field, Hsts, Parsed, SetCookie};

pub use self::provenance::{Observed, Provenance};
pub use self::response::Response;

/// All facts that rules judge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    responses: Vec<Observed<Response>>,
}

impl Facts {
    /// Returns the facts of one response as it was seen at its own address.
    pub fn from_response(response: Response) -> Self {
        let at = Provenance::Live { url: response.url().clone() };
        Self { responses: vec![Observed { value: response, at }] }
    }

    /// Returns these facts and one more response.
    pub fn with_response(mut self, response: Response, at: Provenance) -> Self {
        self.responses.push(Observed { value: response, at });
        self
    }

    pub(crate) fn from_example(lines: &str) -> Self {
        Self::from_response(Response::example(lines))
    }

    /// Returns the responses.
    pub fn responses(&self) -> impl Iterator<Item = &Observed<Response>> {
        self.responses.iter()
    }

    /// Returns the responses that came over HTTPS.
    pub fn secure_responses(&self) -> impl Iterator<Item = &Observed<Response>> {
        self.responses().filter(|seen| seen.value.is_secure())
    }

    /// Returns the responses that a browser shows as a page.
    pub fn documents(&self) -> impl Iterator<Item = &Observed<Response>> {
        self.responses().filter(|seen| seen.value.is_document())
    }

    /// Returns what a field says, for each response that has it.
    pub fn field<T: Field>(&self) -> impl Iterator<Item = Observed<Parsed<T>>> {
        self.responses().filter(|seen| seen.value.has(T::NAME.as_str())).map(|seen| seen.map(Response::field))
    }

    /// Returns what Strict-Transport-Security says; over plain HTTP it says nothing (RFC 6797, 8.1).
    pub fn hsts(&self) -> impl Iterator<Item = Observed<Parsed<Hsts>>> {
        self.secure_responses().filter(|seen| seen.value.has(Hsts::NAME.as_str())).map(|seen| seen.map(Response::field))
    }

    /// Returns what Content-Security-Policy says.
    pub fn csp(&self) -> impl Iterator<Item = Observed<Parsed<PolicyList>>> {
        self.field()
    }

    /// Returns the cookies that are set; those taken away again are none.
    pub fn cookies(&self) -> impl Iterator<Item = Observed<SetCookie>> {
        self.responses().flat_map(|seen| {
            let lines = seen.value.lines("set-cookie");
            lines
                .filter_map(|line| SetCookie::parse(&[line]).value)
                .filter(|cookie| !cookie.is_removal())
                .map(|cookie| Observed { value: cookie, at: seen.at.clone() })
        })
    }

    /// Returns the cookies that carry a login, as far as their names tell.
    pub fn session_cookies(&self) -> impl Iterator<Item = Observed<SetCookie>> {
        self.cookies().filter(|seen| bartizan_headers::session_names::session_name(seen.value.name()).is_some())
    }
}
