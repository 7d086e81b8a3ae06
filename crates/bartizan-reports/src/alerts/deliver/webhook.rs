//! A post to an address: JSON for programs, or a message of Slack or Matrix as plain text.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::connect::{self, Stream};
use super::{DeliveryError, Form, Webhook};
use crate::alerts::{Alert, wording};

pub(super) async fn deliver(webhook: &Webhook, alerts: &[Alert]) -> Result<(), DeliveryError> {
    let url = Url::parse(webhook.url.expose()).map_err(|_| DeliveryError::Setting("the webhook's address is none"))?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(DeliveryError::Setting("the webhook's address names no host"));
    };
    let body = body(webhook.form, alerts);
    let request = request(webhook, &url, host, body)?;
    let tcp: Box<dyn Stream> = Box::new(connect::tcp(host, port).await?);
    let stream = match url.scheme() {
        "https" => connect::tls(tcp, host, webhook.authorities.as_deref()).await?,
        _ => tcp,
    };
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(DeliveryError::Http)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(DeliveryError::Http);
    connection.abort();
    let status = answer?.status();
    // A redirect is not followed: whoever set it up should be asked first.
    if status.is_success() { Ok(()) } else { Err(DeliveryError::Status { status: status.as_u16() }) }
}

fn request(webhook: &Webhook, url: &Url, host: &str, body: String) -> Result<Request<Full<Bytes>>, DeliveryError> {
    let bad = |_| DeliveryError::Setting("the webhook's address or token cannot be sent");
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let (method, path) = match webhook.form {
        Form::Json | Form::Slack => (Method::POST, url.path().to_owned()),
        // The end of the path tells a message that is sent again from another (Client-Server API, 11.5).
        Form::Matrix => (Method::PUT, format!("{}/{}", url.path().trim_end_matches('/'), digest(&body))),
    };
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{path}{query}"))
        .header(HOST, authority)
        .header(CONTENT_TYPE, "application/json");
    if let Some(token) = &webhook.token {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| DeliveryError::Setting("the webhook's token cannot be sent"))?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    request.body(Full::new(Bytes::from(body))).map_err(bad)
}

/// Returns what is sent; texts for people hold no link, no markup and no mention.
fn body(form: Form, alerts: &[Alert]) -> String {
    let text = format!("{}\n{}", wording::defanged(&wording::subject(alerts)), wording::text(alerts));
    let body = match form {
        Form::Json => json!({ "text": text, "alerts": alerts.iter().map(as_json).collect::<Vec<_>>() }),
        Form::Slack => json!({
            "text": text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
            "mrkdwn": false,
            "link_names": false,
            "unfurl_links": false,
            "unfurl_media": false,
        }),
        Form::Matrix => json!({ "msgtype": "m.text", "body": text, "m.mentions": {} }),
    };
    body.to_string()
}

fn as_json(alert: &Alert) -> serde_json::Value {
    let facts: Vec<_> = alert.facts.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({
        "kind": alert.kind,
        "site": alert.site,
        "title": alert.title,
        "facts": facts,
        "at": wording::time(alert.at),
    })
}

fn digest(body: &str) -> String {
    Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_carries_markup_links_or_mentions() {
        let facts = [("page", "<!channel> *x* <https://evil.example|click> @room `a` ://".to_owned())];
        let alerts = [Alert::new("spike", "a.example", "\u{1b}[31m<@U1> & more", &facts, 0)];
        for form in [Form::Slack, Form::Matrix] {
            let body: serde_json::Value = serde_json::from_str(&body(form, &alerts)).unwrap();
            let text = body["text"].as_str().or(body["body"].as_str()).unwrap();
            assert!(!text.contains("://") && !text.contains('@') && !text.contains('\u{1b}'), "{text}");
            assert_eq!(form == Form::Slack, !text.contains('<'), "{text}");
            assert!(body.get("format").is_none() && body.get("formatted_body").is_none());
        }
        let body: serde_json::Value = serde_json::from_str(&body(Form::Json, &alerts)).unwrap();
        assert_eq!(body["alerts"][0]["kind"], "spike");
        assert_eq!(body["alerts"][0]["title"], "\\u{1b}[31m<@U1> & more");
    }
}
