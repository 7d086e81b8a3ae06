//! Keeping, reusing and giving up HTTP/1.1 connections.

use super::*;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn a_connection_is_kept_only_after_a_whole_and_quiet_exchange() {
    run(async {
        for (first, connections) in [
            (OK, 1),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n", 1),
            ("HTTP/1.1 204 No Content\r\n\r\n", 1),
            ("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 2),
            ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 2),
            // Bytes that nobody asked for: a forged answer for whoever comes next.
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", 2),
            ("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", 2),
        ] {
            let app = App::start(&[Step::Say(first), Step::Say(OK)]).await;
            let (pool, upstream) = (Pool::new(), app.upstream());
            assert!(matches!(fetch(&pool, &upstream, get("/1")).await, Outcome::Whole(..)), "{first}");
            assert_eq!(fetch(&pool, &upstream, get("/2")).await, whole(200, "ok"), "{first}");
            assert_eq!(app.connections.get(), connections, "{first}");
        }
    });
}

#[test]
fn an_upload_that_ended_leaves_its_connection() {
    run(async {
        let app = App::start(&[Step::Say(OK), Step::Say(OK), Step::Say(OK)]).await;
        let (pool, upstream) = (Pool::new(), app.upstream());
        let (feed, body) = TestBody::fed();
        feed.send(Ok(Bytes::from_static(b"piece"))).unwrap();
        drop(feed);
        for request in [post("/1"), request(Method::POST, "/2", body), get("/3")] {
            assert_eq!(fetch(&pool, &upstream, request).await, whole(200, "ok"));
        }
        assert_eq!(app.connections.get(), 1);
        assert!(
            app.requests.borrow()[1].ends_with("\r\n\r\n5\r\npiece\r\n0\r\n\r\n"),
            "{:?}",
            app.requests.borrow()[1]
        );
    });
}

#[test]
fn trailers_pass() {
    run(async {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n";
        let app = App::start(&[Step::Say(chunked)]).await;
        let response = send(&Pool::new(), &app.upstream(), get("/")).await.unwrap();
        let body = response.body.collect().await.unwrap();
        assert_eq!(body.trailers().and_then(|trailers| trailers.get("x-sum")).unwrap(), "1");
    });
}

#[test]
fn a_body_left_unread_closes_its_connection() {
    run(async {
        let long = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok";
        let app = App::start(&[Step::Say(long), Step::Say(OK)]).await;
        let (pool, upstream) = (Pool::new(), app.upstream());
        drop(send(&pool, &upstream, get("/1")).await.unwrap());
        assert_eq!(pool.idle(), 0);
        assert_eq!(fetch(&pool, &upstream, get("/2")).await, whole(200, "ok"));
        assert_eq!(app.connections.get(), 2);
    });
}

#[test]
fn a_client_that_leaves_closes_the_connection() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = upstream(&plan(&[listener.local_addr().unwrap()]));
        let pool = Pool::new();
        let left = tokio::select! {
            _ = send(&pool, &upstream, get("/")) => unreachable!("nobody answers"),
            stream = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                read_request(&mut stream).await.unwrap();
                stream
            } => stream,
        };
        let mut left = left;
        assert_eq!(read_request(&mut left).await, None);
    });
}

#[test]
fn an_early_answer_is_delivered_at_once_and_ends_the_connection() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = upstream(&plan(&[listener.local_addr().unwrap()]));
        let closed = spawn_local(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4];
            stream.read_exact(&mut head).await.unwrap();
            stream.write_all(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig").await.unwrap();
            // Ends only when the other side closes.
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
        });
        let (feed, body) = TestBody::fed();
        feed.send(Ok(Bytes::from_static(b"first"))).unwrap();
        let pool = Pool::new();
        assert_eq!(fetch(&pool, &upstream, request(Method::POST, "/", body)).await, whole(413, "big"));
        assert_eq!(pool.idle(), 0);
        closed.await.unwrap();
        assert!(feed.is_closed(), "nobody reads the rest of the upload");
    });
}

#[test]
fn an_upload_that_fails_is_the_clients_fault() {
    run(async {
        let app = App::start(&[Step::Say(OK)]).await;
        let (feed, body) = TestBody::fed();
        feed.send(Ok(Bytes::from_static(b"first"))).unwrap();
        feed.send(Err(io::Error::other("bad chunk"))).unwrap();
        let upstream = app.upstream();
        let error = send(&Pool::new(), &upstream, request(Method::POST, "/", body)).await.unwrap_err();
        assert_eq!(error.kind(), UpstreamErrorKind::RequestBody);
        let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<io::Error>());
        assert_eq!(source.unwrap().to_string(), "bad chunk");
    });
}

#[test]
fn an_app_may_be_silent_for_so_long() {
    run(async {
        let app = App::start(&[Step::Say("")]).await;
        let plan = UpstreamPlan { response_timeout: Some(Duration::from_millis(20)), ..plan(&[app.address]) };
        let outcome = fetch(&Pool::new(), &upstream(&plan), get("/")).await;
        assert_eq!(outcome, Outcome::NoHead(UpstreamErrorKind::ResponseTimeout));
    });
}

#[test]
fn idle_connections_grow_old_and_are_few() {
    run(async {
        // (connections kept, idle time, kept after two parallel requests, kept after pruning)
        for (idle_connections, seconds, kept, left) in [(64, 30, 2, 2), (1, 30, 1, 1), (64, 0, 2, 0), (0, 30, 0, 0)] {
            let app = App::start(&[Step::Say(OK); 2]).await;
            let idle_timeout = Duration::from_secs(seconds);
            let upstream = upstream(&UpstreamPlan { idle_connections, idle_timeout, ..plan(&[app.address]) });
            let pool = Pool::new();
            let (first, second) = tokio::join!(fetch(&pool, &upstream, get("/")), fetch(&pool, &upstream, get("/")));
            assert_eq!((first, second), (whole(200, "ok"), whole(200, "ok")));
            assert_eq!(pool.idle(), kept);
            pool.prune(std::time::Instant::now());
            assert_eq!(pool.idle(), left);
        }
    });
}

#[test]
fn connections_of_a_replaced_configuration_are_closed() {
    run(async {
        let app = App::start(&[Step::Say(OK)]).await;
        let (pool, upstream) = (Pool::new(), app.upstream());
        assert_eq!(fetch(&pool, &upstream, get("/")).await, whole(200, "ok"));
        pool.prune(std::time::Instant::now());
        assert_eq!(pool.idle(), 1);
        drop(upstream);
        pool.prune(std::time::Instant::now());
        assert_eq!(pool.idle(), 0);
    });
}

#[test]
fn a_socket_file_is_an_address() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.sock");
        let listener = tokio::net::UnixListener::bind(&path).unwrap();
        spawn_local(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await.unwrap();
            stream.write_all(OK.as_bytes()).await.unwrap();
        });
        let of = |path| UpstreamPlan { addresses: vec![UpstreamAddress::Unix(path)], ..UpstreamPlan::default() };
        assert_eq!(fetch(&Pool::new(), &upstream(&of(path)), get("/")).await, whole(200, "ok"));
        let missing = upstream(&of(folder.path().join("missing.sock")));
        assert_eq!(fetch(&Pool::new(), &missing, get("/")).await, Outcome::NoHead(UpstreamErrorKind::Connect));
    });
}
