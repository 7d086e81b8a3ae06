//! The pool against apps written byte by byte, on loopback.

mod credentials;
mod health;
mod http1;
mod http2;
mod retries;
mod strictness;
mod tls;
mod upgrade;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::spawn_local;

use super::{Pool, SendContext, Upstream, UpstreamError, UpstreamErrorKind, UpstreamResponse};
use crate::config::{UpstreamAddress, UpstreamPlan};

/// Runs a test as a worker runs; what hangs fails.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(tokio::runtime::LocalOptions::default())
        .unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), test).await.expect("the test hangs") });
}

/// A request body: nothing, some bytes, or what a test feeds it.
enum TestBody {
    Fed(mpsc::UnboundedReceiver<Result<Bytes, io::Error>>),
    Whole(Option<Bytes>),
}

impl TestBody {
    fn empty() -> Self {
        Self::Whole(None)
    }

    fn fed() -> (mpsc::UnboundedSender<Result<Bytes, io::Error>>, Self) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (sender, Self::Fed(receiver))
    }
}

impl Body for TestBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Fed(receiver) => receiver.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data))),
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }
}

fn plan(addresses: &[std::net::SocketAddr]) -> UpstreamPlan {
    let place = |address: &std::net::SocketAddr| UpstreamAddress::Tcp {
        host: address.ip().to_string(),
        port: address.port(),
        tls: false,
    };
    UpstreamPlan { addresses: addresses.iter().map(place).collect(), ..UpstreamPlan::default() }
}

fn upstream(plan: &UpstreamPlan) -> Arc<Upstream> {
    Arc::new(Upstream::new(plan).unwrap())
}

fn request(method: Method, path: &str, body: TestBody) -> Request<TestBody> {
    Request::builder().method(method).uri(path).header("host", "app.example").body(body).unwrap()
}

fn get(path: &str) -> Request<TestBody> {
    request(Method::GET, path, TestBody::empty())
}

fn post(path: &str) -> Request<TestBody> {
    request(Method::POST, path, TestBody::Whole(Some(Bytes::from_static(b"sent"))))
}

async fn send(
    pool: &Pool<TestBody>,
    upstream: &Arc<Upstream>,
    request: Request<TestBody>,
) -> Result<UpstreamResponse<TestBody>, UpstreamError> {
    pool.send(upstream, request, SendContext::default()).await
}

/// Sends and reads to the end: the status and body, or what went wrong and when.
async fn fetch(pool: &Pool<TestBody>, upstream: &Arc<Upstream>, request: Request<TestBody>) -> Outcome {
    match send(pool, upstream, request).await {
        Err(error) => Outcome::NoHead(error.kind()),
        Ok(response) => match response.body.collect().await {
            Err(error) => Outcome::NoEnd(error.kind()),
            Ok(body) => {
                Outcome::Whole(response.head.status.as_u16(), String::from_utf8_lossy(&body.to_bytes()).into_owned())
            }
        },
    }
}

#[derive(Debug, PartialEq, Eq, Clone)]
enum Outcome {
    NoEnd(UpstreamErrorKind),
    NoHead(UpstreamErrorKind),
    Whole(u16, String),
}

fn whole(status: u16, body: &str) -> Outcome {
    Outcome::Whole(status, body.to_owned())
}

/// What an app does once it has read a request.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Closes without a word.
    Close,
    /// Sends these bytes and waits for the next request.
    Say(&'static str),
    /// Sends these bytes and closes.
    SayAndClose(&'static str),
}

/// An app that follows a script over all its connections.
struct App {
    address: std::net::SocketAddr,
    connections: Rc<Cell<usize>>,
    requests: Rc<RefCell<Vec<String>>>,
}

impl App {
    /// Each request read, on whichever connection, takes the next step of the script.
    async fn start(script: &[Step]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let app = Self { address: listener.local_addr().unwrap(), connections: Rc::default(), requests: Rc::default() };
        let script: Rc<RefCell<VecDeque<Step>>> = Rc::new(RefCell::new(script.iter().copied().collect()));
        let (connections, requests) = (Rc::clone(&app.connections), Rc::clone(&app.requests));
        spawn_local(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                connections.set(connections.get() + 1);
                let (script, requests) = (Rc::clone(&script), Rc::clone(&requests));
                spawn_local(async move {
                    while let Some(request) = read_request(&mut stream).await {
                        requests.borrow_mut().push(request);
                        let step = script.borrow_mut().pop_front();
                        let (Some(Step::Say(bytes)) | Some(Step::SayAndClose(bytes))) = step else { return };
                        if stream.write_all(bytes.as_bytes()).await.is_err() {
                            return;
                        }
                        if matches!(step, Some(Step::SayAndClose(_))) {
                            return;
                        }
                    }
                });
            }
        });
        app
    }

    fn upstream(&self) -> Arc<Upstream> {
        upstream(&plan(&[self.address]))
    }
}

/// Reads one request, its body included where it has one.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let is_whole = match head.split_once("content-length: ") {
                Some((_, rest)) => rest.lines().next()?.trim().parse::<usize>().ok()? <= body.len(),
                None => !head.contains("transfer-encoding: chunked") || body.ends_with("0\r\n\r\n"),
            };
            if is_whole {
                return Some(text);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
