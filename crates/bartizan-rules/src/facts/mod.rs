//! What is known of a site, without opinion: each fact with the place where it was seen.
//!
//! Whoever gathers facts begins with [`Facts::default`] and adds what was seen, piece by piece:
//!
//! - [`Facts::with_response`]: answers that visitors meet, each judged by itself: the page, other pages.
//! - [`Facts::with_page`]: what such a page is made of, by the same address as its answer.
//! - [`Facts::with_chain`]: what an address led to, redirects and end included; over HTTP and over HTTPS, for the
//!   site, for another path of it, and for its name with or without `www`.
//! - [`Facts::with_cross_origin_answer`]: the same question asked as a page of another origin would.
//! - [`Facts::with_repeat`]: the page fetched twice. [`Facts::with_error_page`]: a path that does not exist.
//! - [`Facts::with_families`]: the page at an address of IPv4 and at one of IPv6.
//! - [`Facts::with_security_txt`], [`Facts::at_time`], and [`Facts::with_probe`] where the operator allowed it.
//!
//! What was not asked is left out: a rule is silent where it has no facts.

pub mod apache;
pub mod blocks;
mod chain;
pub mod container;
mod cross_origin;
pub mod declared;
pub mod django;
pub mod elixir;
mod families;
pub mod handshake;
pub mod key_file;
pub mod krakend;
mod lines;
mod names;
pub mod nginx;
pub mod node;
mod page;
mod patterns;
mod probe;
mod provenance;
pub mod regex;
mod response;
mod service_record;
pub mod setting;
pub mod suite;
pub mod systemd;
mod wide;

use bartizan_headers::csp::PolicyList;
use bartizan_headers::{Field, Hsts, Parsed, SetCookie};
use jiff::Timestamp;

pub use self::apache::Apache;
pub use self::chain::{Chain, End, Purpose};
pub use self::cross_origin::{CrossOriginAnswer, Stranger};
use self::django::Django;
use self::elixir::Elixir;
pub use self::families::Families;
pub use self::handshake::{Certificate, Handshake, TlsVersion};
use self::krakend::Krakend;
pub use self::lines::Lines;
pub use self::nginx::Nginx;
pub use self::page::{Form, Inline, InlineKind, Load, LoadKind, Meta, Page};
pub use self::probe::{Asked, Probe};
pub use self::provenance::{Observed, Place, Provenance};
pub use self::response::Response;
pub use self::service_record::ServiceRecord;
use self::setting::Variables;
use self::systemd::Systemd;

/// All facts that rules judge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    responses: Vec<Observed<Response>>,
    chains: Vec<Chain>,
    cross_origin_answers: Vec<CrossOriginAnswer>,
    error_pages: Vec<Response>,
    families: Vec<Families>,
    pages: Vec<Page>,
    probes: Vec<Probe>,
    repeats: Vec<[Response; 2]>,
    security_txt: Option<Response>,
    now: Option<Timestamp>,
    handshakes: Vec<Observed<Handshake>>,
    apache: Vec<Apache>,
    nginx: Vec<Nginx>,
    django: Vec<Django>,
    krakend: Vec<Krakend>,
    variables: Vec<Variables>,
    elixir: Vec<Elixir>,
    systemd: Vec<Systemd>,
    images: Vec<container::Image>,
    services: Vec<container::Service>,
    key_files: Vec<key_file::KeyFile>,
}

impl Facts {
    /// Returns the facts of one response as it was seen at its own address.
    pub fn from_response(response: Response) -> Self {
        let at = Provenance::Live { url: response.url().clone() };
        Self::default().with_response(response, at)
    }

    /// Adds other facts to these.
    pub fn append(&mut self, other: Self) {
        // Taken apart, so that a fact of a new kind cannot be forgotten here.
        let Self {
            responses,
            chains,
            cross_origin_answers,
            error_pages,
            families,
            pages,
            probes,
            repeats,
            handshakes,
            apache,
            nginx,
            django,
            krakend,
            variables,
            elixir,
            systemd,
            images,
            services,
            key_files,
            security_txt,
            now,
        } = other;
        self.responses.extend(responses);
        self.chains.extend(chains);
        self.cross_origin_answers.extend(cross_origin_answers);
        self.error_pages.extend(error_pages);
        self.families.extend(families);
        self.pages.extend(pages);
        self.probes.extend(probes);
        self.repeats.extend(repeats);
        self.handshakes.extend(handshakes);
        self.apache.extend(apache);
        self.nginx.extend(nginx);
        self.django.extend(django);
        self.krakend.extend(krakend);
        self.variables.extend(variables);
        self.elixir.extend(elixir);
        self.systemd.extend(systemd);
        self.images.extend(images);
        self.services.extend(services);
        self.key_files.extend(key_files);
        self.security_txt = security_txt.or(self.security_txt.take());
        self.now = now.or(self.now);
    }

    /// Returns these facts and an nginx configuration.
    pub fn with_nginx(mut self, nginx: Nginx) -> Self {
        self.nginx.push(nginx);
        self
    }

    /// Returns these facts and one more response.
    pub fn with_response(mut self, response: Response, at: Provenance) -> Self {
        self.responses.push(Observed { value: response, at });
        self
    }

    /// Returns these facts and what an address led to.
    pub fn with_chain(mut self, chain: Chain) -> Self {
        self.chains.push(chain);
        self
    }

    /// Returns these facts and an answer to another origin.
    pub fn with_cross_origin_answer(mut self, answer: CrossOriginAnswer) -> Self {
        self.cross_origin_answers.push(answer);
        self
    }

    /// Returns these facts and an answer to a path that does not exist, with the start of its body.
    ///
    /// It is judged beside the site's other answers, and not as one of them.
    pub fn with_error_page(mut self, response: Response) -> Self {
        self.error_pages.push(response);
        self
    }

    /// Returns these facts and a page as both families of addresses answer it.
    pub fn with_families(mut self, families: Families) -> Self {
        self.families.push(families);
        self
    }

    /// Returns these facts and what a page is made of.
    pub fn with_page(mut self, page: Page) -> Self {
        self.pages.push(page);
        self
    }

    /// Returns these facts and a question that no visitor asks.
    pub fn with_probe(mut self, probe: Probe) -> Self {
        self.probes.push(probe);
        self
    }

    /// Returns these facts and two answers to the same request.
    pub fn with_repeat(mut self, first: Response, again: Response) -> Self {
        self.repeats.push([first, again]);
        self
    }

    /// Returns these facts and the answer for `/.well-known/security.txt`, with its body.
    pub fn with_security_txt(mut self, response: Response) -> Self {
        self.security_txt = Some(response);
        self
    }

    /// Returns these facts and when they were gathered.
    pub const fn at_time(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Returns these facts and how a server speaks TLS.
    pub fn with_handshake(mut self, handshake: Handshake, at: Provenance) -> Self {
        self.handshakes.push(Observed { value: handshake, at });
        self
    }

    /// Returns how servers speak TLS.
    pub fn handshakes(&self) -> impl Iterator<Item = &Observed<Handshake>> {
        self.handshakes.iter()
    }

    pub(crate) fn from_handshake_example(lines: &str) -> Self {
        let at = Provenance::Live { url: Handshake::example_url() };
        Self::default().with_handshake(Handshake::example(lines), at)
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

    /// Returns these facts and a systemd unit.
    pub fn with_systemd(mut self, unit: Systemd) -> Self {
        self.systemd.push(unit);
        self
    }

    /// Returns these facts and what a Dockerfile builds.
    pub fn with_image(mut self, image: container::Image) -> Self {
        self.images.push(image);
        self
    }

    /// Returns what Dockerfiles build.
    pub fn images(&self) -> &[container::Image] {
        &self.images
    }

    /// Returns these facts and a service of a Compose file.
    pub fn with_service(mut self, service: container::Service) -> Self {
        self.services.push(service);
        self
    }

    /// Returns the services of Compose files.
    pub fn services(&self) -> &[container::Service] {
        &self.services
    }

    /// Returns these facts and a file with a private key.
    pub fn with_key_file(mut self, file: key_file::KeyFile) -> Self {
        self.key_files.push(file);
        self
    }

    /// Returns the files with private keys.
    pub fn key_files(&self) -> &[key_file::KeyFile] {
        &self.key_files
    }

    /// Returns the systemd units.
    pub fn systemd(&self) -> &[Systemd] {
        &self.systemd
    }

    pub(crate) fn from_example(lines: &str) -> Self {
        Self::from_response(Response::example(lines))
    }

    /// Returns the nginx configurations.
    pub fn nginx(&self) -> &[Nginx] {
        &self.nginx
    }

    /// Returns what the servers of each configuration send.
    pub fn declared(&self) -> impl Iterator<Item = &[declared::Declared]> {
        self.nginx.iter().map(Nginx::declared).chain(self.apache.iter().map(Apache::declared))
    }

    /// Returns the header lines that each configuration sets.
    pub fn header_lines(&self) -> impl Iterator<Item = &[declared::Line]> {
        self.nginx.iter().map(Nginx::header_lines).chain(self.apache.iter().map(Apache::header_lines))
    }

    /// Returns the Apache configurations.
    pub fn apache(&self) -> &[Apache] {
        &self.apache
    }

    /// Returns these facts and an Apache configuration.
    pub fn with_apache(mut self, apache: Apache) -> Self {
        self.apache.push(apache);
        self
    }

    /// Returns the responses.
    pub fn responses(&self) -> impl Iterator<Item = &Observed<Response>> {
        self.responses.iter()
    }

    /// Returns what addresses led to.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// Returns the answers to other origins.
    pub fn cross_origin_answers(&self) -> &[CrossOriginAnswer] {
        &self.cross_origin_answers
    }

    /// Returns the answers to paths that do not exist.
    pub fn error_pages(&self) -> &[Response] {
        &self.error_pages
    }

    /// Returns pages as both families of addresses answer them.
    pub fn families(&self) -> &[Families] {
        &self.families
    }

    /// Returns the pages.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// Returns the questions that no visitor asks.
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    /// Returns pairs of answers to the same request.
    pub fn repeats(&self) -> &[[Response; 2]] {
        &self.repeats
    }

    /// Returns the answer for `/.well-known/security.txt`, where it was asked for.
    pub const fn security_txt(&self) -> Option<&Response> {
        self.security_txt.as_ref()
    }

    /// Returns when the facts were gathered, where that is known.
    pub const fn now(&self) -> Option<Timestamp> {
        self.now
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

    /// Returns the cookies that are set, on the way as well; those taken away again are none.
    pub fn cookies(&self) -> impl Iterator<Item = Observed<SetCookie>> {
        let set = |response: &Response, at: &Provenance| -> Vec<_> {
            let lines = response.lines("set-cookie").filter_map(|line| SetCookie::parse(&[line]).value);
            let kept = lines.filter(|cookie| !cookie.is_removal());
            kept.map(|cookie| Observed { value: cookie, at: at.clone() }).collect()
        };
        let here = self.responses().flat_map(move |seen| set(&seen.value, &seen.at));
        here.chain(self.redirects().flat_map(move |response| set(response, &response.at())))
    }

    /// Returns the redirects that were met over HTTPS, each address once.
    pub fn redirects(&self) -> impl Iterator<Item = &Response> {
        let all = || self.chains.iter().flat_map(|chain| &chain.responses);
        let is_redirect = |response: &Response| response.is_secure() && response.status().is_redirection();
        all()
            .enumerate()
            .filter(move |(place, response)| {
                let mut earlier = all().take(*place);
                is_redirect(response) && !earlier.any(|other| is_redirect(other) && other.url() == response.url())
            })
            .map(|(_, response)| response)
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
    fn cookies_of_redirects_count_once() {
        let text = "> GET https://app.example/\n< 302\n< Set-Cookie: a=1\n< Location: https://app.example/in\n\
                    > GET https://app.example/in\n< 200\n< Set-Cookie: b=1";
        let facts = crate::Example::Exchange(text).facts().unwrap();
        let chain = facts.chains()[0].clone();
        let facts = facts.with_chain(chain);
        let names: Vec<_> = facts.cookies().map(|seen| format!("{} {}", seen.value.name(), seen.at)).collect();
        assert_eq!(names, ["b https://app.example/in", "a https://app.example/"]);
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
