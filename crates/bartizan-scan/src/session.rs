//! A visit that begins at one address and follows its redirects, with a jar of its own.
//!
//! The order of requests, what is followed and what ends a visit are the Observatory's.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::client::{Client, Verification};
use crate::failure::Failure;
use crate::http::{Request, Response};
use crate::jar::Jar;

/// What was seen on the way.
#[derive(Debug)]
pub struct Session {
    /// The address at which it began.
    pub start: Url,
    /// Every answer, in order; after a bad certificate, those of the second attempt.
    pub route: Vec<Hop>,
    /// Why there is no last answer, if there is none.
    pub end: Result<(), Failure>,
    /// The first bad certificate, if there was one.
    pub certificate_fault: Option<Failure>,
    /// The cookies.
    pub jar: Jar,
}

/// One answer on the way.
#[derive(Debug)]
pub struct Hop {
    /// The address asked.
    pub url: Url,
    /// What it answered.
    pub response: Response,
}

/// What goes with every request of a session.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Lines that a browser would send.
    pub lines: &'a [(&'a str, &'a str)],
    /// Lines of the operator, for the host asked for and nobody else.
    pub own_lines: &'a [(String, String)],
    /// How long the whole session may take.
    pub patience: Duration,
}

/// Redirects that are followed.
const MOST_REDIRECTS: usize = 10;

impl Session {
    /// Visits an address.
    pub async fn visit(client: &Client, start: Url, manner: Manner<'_>) -> Self {
        let mut session = Self { start, route: Vec::new(), end: Ok(()), certificate_fault: None, jar: Jar::default() };
        let until = Instant::now() + manner.patience;
        let mut redirects = 0;
        let walk = session.walk(client, manner, Verification::Required, &mut redirects);
        session.end = timeout_at(until, walk).await.unwrap_or(Err(Failure::Timeout));
        if let Err(fault) = &session.end
            && fault.is_certificate()
        {
            session.certificate_fault = std::mem::replace(&mut session.end, Ok(())).err();
            session.route.clear();
            // The redirects followed so far still count, and so does the time.
            let walk = session.walk(client, manner, Verification::Skipped, &mut redirects);
            session.end = timeout_at(until, walk).await.unwrap_or(Err(Failure::Timeout));
        }
        session
    }

    /// Returns the last answer, if the visit came to one.
    pub fn last(&self) -> Option<&Hop> {
        self.end.is_ok().then(|| self.route.last()).flatten()
    }

    /// Returns whether certificates had to be good for the last answer.
    pub const fn verification(&self) -> Verification {
        if self.certificate_fault.is_some() { Verification::Skipped } else { Verification::Required }
    }

    async fn walk(
        &mut self,
        client: &Client,
        manner: Manner<'_>,
        verification: Verification,
        redirects: &mut usize,
    ) -> Result<(), Failure> {
        let mut url = self.start.clone();
        loop {
            let mut request = Request::get(url.clone());
            for (name, value) in manner.lines {
                request = request.with(name, *value);
            }
            if url.host() == self.start.host() && url.scheme() == "https" || url.origin() == self.start.origin() {
                request.lines.extend_from_slice(manner.own_lines);
            }
            if let Some(cookies) = self.jar.line(&url, seconds_now()) {
                request = request.with("Cookie", cookies);
            }
            let response = client.ask(&request, verification).await?;
            for value in response.head.values("set-cookie") {
                self.jar.set(&crate::http::latin1(value), &url);
            }
            let next = next(&url, &response).filter(|_| *redirects < MOST_REDIRECTS);
            self.route.push(Hop { url, response });
            match next {
                None => return Ok(()),
                Some(next) => url = next?,
            }
            *redirects += 1;
        }
    }
}

/// Returns where a redirect leads.
fn next(url: &Url, response: &Response) -> Option<Result<Url, Failure>> {
    if !matches!(response.head.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    // Without a Location the peer asks for a page of that name.
    let location = response.head.text("location").unwrap_or_else(|| "undefined".to_owned());
    Some(url.join(&location).map_err(|_| Failure::Redirect))
}

/// Returns the seconds since 1970.
fn seconds_now() -> i64 {
    jiff::Timestamp::now().as_second()
}
