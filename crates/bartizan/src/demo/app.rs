//! The weak app: every usual fault of a young app in one place. It listens on loopback only.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, COOKIE, HOST, LOCATION, SERVER, SET_COOKIE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

/// Starts the app on a free port of loopback, on a thread of its own that ends with the process.
pub(super) fn start() -> std::io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("weak-app".to_owned()).spawn(move || {
        let local = tokio::task::LocalSet::new();
        runtime.block_on(local.run_until(accept(listener)));
    })?;
    Ok(address)
}

async fn accept(listener: std::net::TcpListener) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let notes: Notes = Arc::new(Mutex::new(vec!["Buy milk".to_owned()]));
    while let Ok((stream, _)) = listener.accept().await {
        let notes = Arc::clone(&notes);
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request| {
                let notes = Arc::clone(&notes);
                async move { Ok::<_, Infallible>(answer(request, &notes).await) }
            });
            // A visitor who hangs up is nobody's business.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Notes = Arc<Mutex<Vec<String>>>;

async fn answer(request: Request<Incoming>, notes: &Notes) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let mut response = match (request.method(), path.as_str()) {
        (&Method::TRACE, _) => trace(&request),
        (&Method::GET | &Method::HEAD, "/") => page(StatusCode::OK, &front(&request, notes)),
        (&Method::POST, "/login") => redirect(Some("sessionid=9f8e7d6c5b4a; Path=/")),
        (&Method::POST, "/notes") => add(request, notes).await,
        (_, "/crash") => page(StatusCode::INTERNAL_SERVER_ERROR, TRACEBACK),
        (_, "/files/") => page(StatusCode::OK, LISTING),
        // It decodes the path and then opens what it finds: `..%2f` leads out of the folder.
        _ if path.to_ascii_lowercase().contains("..%2f") => plain("SECRET_KEY=correct-horse-battery-staple\n"),
        _ => page(StatusCode::NOT_FOUND, "<h1>Not found</h1>"),
    };
    let headers = response.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("WeakServer/1.2.3 (Debian) OpenSSL/1.0.2k"));
    headers.insert("x-powered-by", HeaderValue::from_static("PHP/5.6.40"));
    response
}

fn front(request: &Request<Incoming>, notes: &Notes) -> String {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let cookies = request.headers().get(COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
    let who = if cookies.contains("sessionid=9f8e7d6c5b4a") { "ada" } else { "a guest" };
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let items: String = notes.iter().map(|note| format!("<li>{}</li>\n", escape(note))).collect();
    FRONT.replace("{who}", who).replace("{host}", &escape(host)).replace("{items}", &items)
}

async fn add(request: Request<Incoming>, notes: &Notes) -> Response<Full<Bytes>> {
    let body = Limited::new(request.into_body(), 4096).collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let note = url::form_urlencoded::parse(&body).find(|(name, _)| name == "note").map(|(_, text)| text.into_owned());
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    // A demo that runs for a week must not grow.
    if notes.len() >= 20 {
        notes.remove(0);
    }
    notes.extend(note);
    redirect(None)
}

fn page(status: StatusCode, body: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::copy_from_slice(body.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if status == StatusCode::OK {
        headers.append(SET_COOKIE, HeaderValue::from_static("sessionid=1a2b3c4d5e6f; Path=/"));
        headers.append(SET_COOKIE, HeaderValue::from_static("csrftoken=0123456789abcdef; Path=/"));
    }
    response
}

fn plain(body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

fn redirect(cookie: Option<&'static str>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_static(cookie));
    }
    response
}

/// TRACE sends back what came, cookies included: a script reads so what it may not.
fn trace(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let lines = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes())));
    let mut response = Response::new(Full::new(Bytes::from(lines.collect::<String>())));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("message/http"));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST, TRACE"));
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const FRONT: &str = r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Notes</title></head>
<body>
<h1>Notes of {who}</h1>
<p id="script">The inline script did not run.</p>
<script>document.getElementById("script").textContent = "The inline script ran.";</script>
<ul>
{items}</ul>
<form method="post" action="/notes">
<label>A note <input name="note" required></label>
<button onclick="this.textContent = 'Saving'">Add</button>
</form>
<form method="post" action="/login"><button>Sign in</button></form>
<p><a href="//{host}/reset?token=secret">Reset your password</a> ·
<a href="/files/">Files</a> · <a href="/crash">Crash</a></p>
</body>
</html>
"#;

const TRACEBACK: &str = r#"<h1>Internal Server Error</h1>
<pre>Traceback (most recent call last):
  File "/srv/notes/app.py", line 42, in front
    return db.query("SELECT note FROM notes WHERE user=" + user, password="hunter2")
ZeroDivisionError: division by zero</pre>
"#;

const LISTING: &str = r#"<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html>
 <head><title>Index of /files</title></head>
 <body>
<h1>Index of /files</h1>
<pre><a href="?C=N;O=D">Name</a>  <a href="?C=M;O=A">Last modified</a><hr>
<a href="/">Parent Directory</a>
<a href="backup.sql">backup.sql</a>   2024-01-01 00:00  1.2M
<hr></pre>
</body></html>
"#;
