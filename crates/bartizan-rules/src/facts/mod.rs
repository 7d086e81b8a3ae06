//! What is known of a site, without opinion: each fact with the place where it was seen.

pub mod django;
pub mod elixir;
pub mod krakend;
pub mod node;
mod provenance;
mod response;
pub mod setting;

use bartizan_headers::csp::PolicyList;
use bartizan_headers::{Field, Hsts, Parsed, SetCookie};

use self::django::Django;
use self::elixir::Elixir;
use self::krakend::Krakend;
pub use self::provenance::{Observed, Place, Provenance};
pub use self::response::Response;
use self::setting::Variables;

/// All facts that rules judge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    responses: Vec<Observed<Response>>,
    django: Vec<Django>,
    krakend: Vec<Krakend>,
    variables: Vec<Variables>,
    elixir: Vec<Elixir>,
}

impl Facts {
    /// Returns the facts of one response as it was seen at its own address.
    pub fn from_response(response: Response) -> Self {
        let at = Provenance::Live { url: response.url().clone() };
        Self { responses: vec![Observed { value: response, at }], ..Self::default() }
    }

    /// Returns these facts and one more response.
    pub fn with_response(mut self, response: Response, at: Provenance) -> Self {
        self.responses.push(Observed { value: response, at });
        self
    }

    /// Returns these facts and those of a settings module.
    pub fn with_django(mut self, django: Django) -> Self {
        self.django.push(django);
        self
    }

    /// Returns what Django's settings come to, by settings module.
    pub fn django(&self) -> impl Iterator<Item = &Django> {
        self.django.iter()
    }

    /// Returns these facts and a configuration of KrakenD.
    pub fn with_krakend(mut self, krakend: Krakend) -> Self {
        self.krakend.push(krakend);
        self
    }

    /// Returns the configurations of KrakenD.
    pub fn krakend(&self) -> impl Iterator<Item = &Krakend> {
        self.krakend.iter()
    }

    /// Returns these facts and the variables that a file sets.
    pub fn with_variables(mut self, variables: Variables) -> Self {
        self.variables.push(variables);
        self
    }

    /// Returns the variables that files set, by file or service.
    pub fn variables(&self) -> impl Iterator<Item = &Variables> {
        self.variables.iter()
    }

    /// Returns these facts and an Elixir configuration.
    pub fn with_elixir(mut self, elixir: Elixir) -> Self {
        self.elixir.push(elixir);
        self
    }

    /// Returns the Elixir configurations.
    pub fn elixir(&self) -> impl Iterator<Item = &Elixir> {
        self.elixir.iter()
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

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};
    use url::Url;

    use super::*;
    use crate::catalog::find;
    use crate::judge;

    fn check(url: &str, status: StatusCode, headers: &[(&'static str, &'static str)], rule: &str, is_found: bool) {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect();
        let facts = Facts::from_response(Response::new(Url::parse(url).unwrap(), status, &headers));
        let rule = find(rule).unwrap();
        assert_eq!(judge([rule], &facts).has(rule), is_found, "{url} {status} {}", rule.id());
    }

    #[test]
    fn facts_know_what_kind_of_response_they_come_from() {
        let html = ("content-type", "text/html; charset=utf-8");
        let json = ("content-type", "application/json");
        let (ok, found) = (StatusCode::OK, StatusCode::FOUND);
        check("https://a.example/", ok, &[html], "hsts-missing", true);
        check("http://a.example/", ok, &[html], "hsts-missing", false);
        check("https://a.example/", ok, &[html], "csp-missing", true);
        check("https://a.example/", ok, &[json], "csp-missing", false);
        check("https://a.example/", found, &[html], "csp-missing", false);
        check("https://a.example/", StatusCode::NOT_FOUND, &[html], "csp-missing", true);
        check("https://a.example/", found, &[], "nosniff-missing", true);
    }

    #[test]
    fn cookies_taken_away_are_no_cookies() {
        let url = "https://a.example/";
        for (line, is_found) in [
            ("sessionid=1; Path=/", true),
            ("sessionid=; Path=/; Max-Age=0", false),
            ("csrftoken=1; Path=/; Secure", false),
        ] {
            check(url, StatusCode::OK, &[("set-cookie", line)], "session-cookie-not-http-only", is_found);
        }
    }
}
