//! Fetching an archive over HTTPS, and nothing but HTTPS, however it is redirected.

use anyhow::{Context as _, bail, ensure};
use bartizan_scan::http::Request;
use bartizan_scan::{Client, Verification};
use url::Url;

use super::super::visible;

/// Fetches what an address leads to.
pub(super) async fn fetch(client: &Client, start: &Url) -> anyhow::Result<Vec<u8>> {
    let mut url = start.clone();
    for _ in 0..=MOST_REDIRECTS {
        ensure!(url.scheme() == "https", "{} is not HTTPS", visible(url.as_str()));
        let request = Request::get(url.clone()).with("User-Agent", "bartizan").with("Accept", "*/*");
        let response = client
            .ask(&request, Verification::Required)
            .await
            .with_context(|| format!("cannot fetch {}", visible(url.as_str())))?;
        match response.head.status {
            200 => {
                ensure!(!response.is_cut, "what {} sends is cut off, or too long", visible(url.as_str()));
                return Ok(response.body);
            }
            301 | 302 | 303 | 307 | 308 => {
                let place = response.head.text("location").context("a redirect leads nowhere")?;
                url = url.join(&place).with_context(|| format!("a redirect leads to {}", visible(&place)))?;
            }
            status => bail!("{} answers {status}", visible(url.as_str())),
        }
    }
    bail!("{start} redirects more than {MOST_REDIRECTS} times")
}

/// Release pages redirect once, to where files are kept.
const MOST_REDIRECTS: usize = 5;
