//! HTTP/2 in the clear, with prior knowledge.

use std::convert::Infallible;

use futures_util::StreamExt;
use futures_util::stream::{once, unfold};
use http::{Response, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{Full, StreamBody};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

use super::*;
use crate::config::UpstreamProtocol;

#[derive(Clone)]
struct Local;

impl<F: Future<Output: 'static> + 'static> hyper::rt::Executor<F> for Local {
    fn execute(&self, future: F) {
        spawn_local(future);
    }
}

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// Answers with what was asked; `/cut` sends a piece and breaks off when the request has ended.
async fn answer(request: Request<Incoming>) -> Result<Answer, Infallible> {
    let asked = format!("{} {}", request.method(), request.uri());
    let body = match request.uri().path() {
        "/cut" => {
            let pieces = unfold(Some(request.into_body()), |sent| async {
                let _ = sent?.collect().await;
                Some((Err(io::Error::other("broken")), None))
            });
            let first = once(async { Ok(Frame::data(Bytes::from_static(b"first"))) });
            StreamBody::new(first.chain(pieces)).boxed_unsync()
        }
        _ => {
            let sent = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let said = format!("{asked} {}", String::from_utf8_lossy(&sent));
            Full::new(Bytes::from(said)).map_err(|never| match never {}).boxed_unsync()
        }
    };
    Ok(Response::new(body))
}

/// Serves one connection to its end.
pub(super) async fn serve(stream: impl AsyncRead + tokio::io::AsyncWrite + Unpin + 'static) {
    let _ = http2::Builder::new(Local).serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

struct Http2App {
    upstream: Arc<Upstream>,
    connections: Rc<Cell<usize>>,
    /// Ends all connections so far.
    hang_up: tokio::sync::watch::Sender<()>,
}

async fn start() -> Http2App {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plan = UpstreamPlan { protocol: UpstreamProtocol::Http2, ..plan(&[listener.local_addr().unwrap()]) };
    let connections = Rc::new(Cell::new(0));
    let (hang_up, ended) = tokio::sync::watch::channel(());
    let count = Rc::clone(&connections);
    spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.set(count.get() + 1);
            let mut ended = ended.clone();
            ended.mark_unchanged();
            spawn_local(async move {
                tokio::select! {
                    () = serve(stream) => {}
                    _ = ended.changed() => {}
                }
            });
        }
    });
    Http2App { upstream: upstream(&plan), connections, hang_up }
}

#[test]
fn one_connection_carries_all_exchanges() {
    run(async {
        let app = start().await;
        let pool = Pool::new();
        let (first, second, third) = tokio::join!(
            fetch(&pool, &app.upstream, get("/1")),
            fetch(&pool, &app.upstream, get("/2?q")),
            fetch(&pool, &app.upstream, post("/3")),
        );
        assert_eq!(first, whole(200, "GET http://app.example/1 "));
        assert_eq!(second, whole(200, "GET http://app.example/2?q "));
        assert_eq!(third, whole(200, "POST http://app.example/3 sent"));
        assert_eq!(app.connections.get(), 1);
    });
}

#[test]
fn a_reset_stream_is_a_response_cut_short() {
    run(async {
        let app = start().await;
        let pool = Pool::new();
        let (feed, body) = TestBody::fed();
        let response = send(&pool, &app.upstream, request(Method::POST, "/cut", body)).await.unwrap();
        drop(feed);
        assert_eq!(response.body.collect().await.unwrap_err().kind(), UpstreamErrorKind::CutShort);
        assert!(matches!(fetch(&pool, &app.upstream, get("/")).await, Outcome::Whole(200, _)));
        assert_eq!(app.connections.get(), 1, "the others go on");
    });
}

#[test]
fn a_lost_connection_is_replaced() {
    run(async {
        let app = start().await;
        let pool = Pool::new();
        for (request, connections) in [(get("/1"), 1), (get("/2"), 2), (get("/3"), 3)] {
            let response = send(&pool, &app.upstream, request).await.unwrap();
            assert_eq!(response.head.version, Version::HTTP_2);
            response.body.collect().await.unwrap();
            assert_eq!(app.connections.get(), connections);
            app.hang_up.send(()).unwrap();
        }
    });
}

#[test]
fn a_connection_that_nobody_used_for_long_is_let_go() {
    run(async {
        let app = start().await;
        let pool = Pool::new();
        // An exchange in the middle of its upload goes on over the connection that was let go.
        let (feed, body) = TestBody::fed();
        let running = spawn_local(fetch_from(pool.clone(), Arc::clone(&app.upstream), body));
        assert!(matches!(fetch(&pool, &app.upstream, get("/1")).await, Outcome::Whole(200, _)));
        for (seconds, connections) in [(1, 1), (3600, 2)] {
            pool.prune(std::time::Instant::now() + Duration::from_secs(seconds));
            assert!(matches!(fetch(&pool, &app.upstream, get("/2")).await, Outcome::Whole(200, _)));
            assert_eq!(app.connections.get(), connections, "after {seconds} s");
        }
        feed.send(Ok(Bytes::from_static(b"late"))).unwrap();
        drop(feed);
        assert_eq!(running.await.unwrap(), whole(200, "POST http://app.example/slow late"));
    });
}

async fn fetch_from(pool: Pool<TestBody>, upstream: Arc<Upstream>, body: TestBody) -> Outcome {
    fetch(&pool, &upstream, request(Method::POST, "/slow", body)).await
}

#[test]
fn an_upload_that_fails_is_the_clients_fault() {
    run(async {
        let app = start().await;
        let (feed, body) = TestBody::fed();
        feed.send(Ok(Bytes::from_static(b"first"))).unwrap();
        feed.send(Err(io::Error::other("bad chunk"))).unwrap();
        let outcome = fetch(&Pool::new(), &app.upstream, request(Method::POST, "/", body)).await;
        assert_eq!(outcome, Outcome::NoHead(UpstreamErrorKind::RequestBody));
    });
}

#[test]
fn an_app_that_speaks_http1_is_no_http2_app() {
    run(async {
        let app = App::start(&[Step::Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]).await;
        let upstream = upstream(&UpstreamPlan { protocol: UpstreamProtocol::Http2, ..plan(&[app.address]) });
        assert!(matches!(fetch(&Pool::new(), &upstream, get("/")).await, Outcome::NoHead(_)));
    });
}
