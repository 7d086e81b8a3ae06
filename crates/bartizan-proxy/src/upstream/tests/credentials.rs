//! Tokens from an endpoint written byte by byte.

use futures_util::future::join_all;
use http::HeaderValue;

use super::*;
use crate::config::{ClientCredentials, Secret};
use crate::upstream::{Credentials, CredentialsError};

/// A token response with a token of one letter and a life in seconds.
macro_rules! token {
    ($letter:literal, $life:literal) => {
        concat!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
            "{\"access_token\":\"",
            $letter,
            "\",\"token_type\":\"Bearer\",\"expires_in\":",
            $life,
            "}"
        )
    };
}

const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";

fn credentials(app: &App) -> Credentials {
    Credentials::new(&ClientCredentials {
        token_url: format!("http://{}/oauth/token?tenant=1", app.address).parse().unwrap(),
        client_id: "wall:1".to_owned(),
        client_secret: Secret::new("p&ss".to_owned()),
        scopes: vec!["read".to_owned(), "write".to_owned()],
        endpoint_params: vec![("audience".to_owned(), "https://api.example/".to_owned())],
    })
    .unwrap()
}

fn text(token: Result<HeaderValue, CredentialsError>) -> String {
    token.unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_token_is_asked_for_as_the_specification_says() {
    run(async {
        let app = App::start(&[Step::SayAndClose(token!("a", 3600))]).await;
        assert_eq!(text(credentials(&app).token(&Pool::<TestBody>::new()).await), "Bearer a");
        let asked = app.requests.borrow()[0].clone();
        let (head, form) = asked.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /oauth/token?tenant=1 HTTP/1.1\r\n"), "{head}");
        // base64("wall%3A1:p%26ss"): both are form-encoded first (RFC 6749, 2.3.1)
        for line in [
            "authorization: Basic d2FsbCUzQTE6cCUyNnNz",
            "content-type: application/x-www-form-urlencoded",
            &format!("host: {}", app.address),
        ] {
            assert!(head.contains(line), "{line} in {head}");
        }
        assert_eq!(form, "grant_type=client_credentials&scope=read+write&audience=https%3A%2F%2Fapi.example%2F");
    });
}

#[test]
fn many_waiters_share_one_token_or_one_failure() {
    run(async {
        for (said, expected) in [(token!("a", 3600), Some("Bearer a")), (REFUSED, None)] {
            let app = App::start(&[Step::SayAndClose(said)]).await;
            let (credentials, pool) = (credentials(&app), Pool::<TestBody>::new());
            for token in join_all((0..20).map(|_| credentials.token(&pool))).await {
                assert_eq!(token.ok().as_ref().and_then(|token| token.to_str().ok()), expected);
            }
            assert_eq!(app.requests.borrow().len(), 1);
        }
    });
}

#[test]
fn a_token_is_kept_until_it_ends_or_is_rejected() {
    run(async {
        let app = App::start(&[
            Step::SayAndClose(token!("a", 3600)),
            Step::SayAndClose(token!("b", 3600)),
            Step::SayAndClose(token!("c", 0)),
            Step::SayAndClose(token!("d", 3600)),
        ])
        .await;
        let (credentials, pool) = (credentials(&app), Pool::<TestBody>::new());
        let first = credentials.token(&pool).await.unwrap();
        assert_eq!(text(credentials.token(&pool).await), "Bearer a");
        credentials.reject(&first);
        assert_eq!(text(credentials.token(&pool).await), "Bearer b");
        credentials.reject(&first); // long gone
        assert_eq!(text(credentials.token(&pool).await), "Bearer b");
        credentials.reject(&HeaderValue::from_static("Bearer b"));
        assert_eq!(text(credentials.token(&pool).await), "Bearer c"); // ends at once
        assert_eq!(text(credentials.token(&pool).await), "Bearer d");
        assert_eq!(app.requests.borrow().len(), 4);
    });
}

#[test]
fn what_is_no_token_response_is_an_error_that_keeps_its_secrets() {
    run(async {
        let large = format!("HTTP/1.1 200 OK\r\n\r\n{{\"access_token\":\"{}\"}}", "a".repeat(70_000));
        for (said, expected) in [
            (token!("a", 3600), "Ok"),
            (REFUSED, "token endpoint answered 401 Unauthorized"),
            ("HTTP/1.1 302 Found\r\nLocation: /in\r\nContent-Length: 0\r\n\r\n", "token endpoint answered 302 Found"),
            ("HTTP/1.1 200 OK\r\n\r\n<html>", "token endpoint sent no token that can be used"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", "token endpoint is not to be reached"),
            (&*Box::leak(large.into_boxed_str()), "token endpoint sent too much"),
        ] {
            let app = App::start(&[Step::SayAndClose(said)]).await;
            let credentials = credentials(&app);
            let outcome = credentials.token(&Pool::<TestBody>::new()).await;
            let printed = format!("{credentials:?} {outcome:?}");
            assert!(!printed.contains("p&ss") && !printed.contains("Bearer"), "{printed}");
            assert_eq!(outcome.map_or_else(|error| error.to_string(), |_| "Ok".to_owned()), expected);
        }
    });
}
