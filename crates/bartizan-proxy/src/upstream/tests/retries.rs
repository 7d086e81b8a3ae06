//! Which requests are sent again, and where.

use super::*;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn a_stale_connection_costs_nobody_an_answer() {
    run(async {
        for method in [Method::GET, Method::POST] {
            let app = App::start(&[Step::SayAndClose(OK), Step::Say(OK)]).await;
            let (pool, upstream) = (Pool::new(), app.upstream());
            assert_eq!(fetch(&pool, &upstream, get("/1")).await, whole(200, "ok"));
            // The end of the connection is on its way before the next request is made.
            tokio::task::yield_now().await;
            let body = TestBody::Whole(Some(Bytes::from_static(b"x")).filter(|_| method == Method::POST));
            assert_eq!(fetch(&pool, &upstream, request(method, "/2", body)).await, whole(200, "ok"));
            assert_eq!(app.requests.borrow().len(), 2);
        }
    });
}

#[test]
fn only_a_safe_request_is_sent_again_once_it_may_have_been_seen() {
    let closed = Outcome::NoHead(UpstreamErrorKind::Closed);
    run(async {
        let with_body = || request(Method::GET, "/2", TestBody::Whole(Some(Bytes::from_static(b"x"))));
        let bare = |method| request(method, "/2", TestBody::empty());
        for (second, outcome, seen) in [
            (bare(Method::GET), whole(200, "ok"), 3),
            (bare(Method::OPTIONS), whole(200, "ok"), 3),
            (bare(Method::POST), closed.clone(), 2),
            (bare(Method::DELETE), closed.clone(), 2),
            (with_body(), closed.clone(), 2),
        ] {
            let name = format!("{second:?}", second = second.method());
            let app = App::start(&[Step::Say(OK), Step::Close, Step::Say(OK)]).await;
            let (pool, upstream) = (Pool::new(), app.upstream());
            assert_eq!(fetch(&pool, &upstream, get("/1")).await, whole(200, "ok"));
            assert_eq!(fetch(&pool, &upstream, second).await, outcome, "{name}");
            assert_eq!(app.requests.borrow().len(), seen, "{name}");
        }
    });
}

#[test]
fn nothing_is_sent_again_on_a_fresh_connection_or_after_a_byte_of_an_answer() {
    run(async {
        for (script, seen) in [
            (&[Step::Close, Step::Say(OK)][..], 1),
            (&[Step::Say(OK), Step::SayAndClose("HTTP/1.1 2"), Step::Say(OK)], 2),
        ] {
            let app = App::start(script).await;
            let (pool, upstream) = (Pool::new(), app.upstream());
            let mut last = fetch(&pool, &upstream, get("/")).await;
            if seen == 2 {
                last = fetch(&pool, &upstream, get("/")).await;
            }
            assert!(matches!(last, Outcome::NoHead(_)), "{script:?} {last:?}");
            assert_eq!(app.requests.borrow().len(), seen, "{script:?}");
        }
    });
}

#[test]
fn a_request_that_kills_the_app_is_sent_again_once() {
    run(async {
        let app = App::start(&[Step::Say(OK), Step::Say(OK), Step::Close, Step::Close, Step::Say(OK)]).await;
        let (pool, upstream) = (Pool::new(), app.upstream());
        tokio::join!(fetch(&pool, &upstream, get("/1")), fetch(&pool, &upstream, get("/1")));
        assert_eq!(pool.idle(), 2);
        let outcome = fetch(&pool, &upstream, get("/kill")).await;
        assert_eq!(outcome, Outcome::NoHead(UpstreamErrorKind::Closed));
        assert_eq!(app.requests.borrow().len(), 4);
        assert_eq!(pool.idle(), 1, "the other connection is left alone");
    });
}

/// Returns an address at which nobody listens.
async fn nobody() -> std::net::SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[test]
fn another_address_is_tried_when_none_was_reached() {
    run(async {
        for (retries, outcome) in [
            (0, Outcome::NoHead(UpstreamErrorKind::Connect)),
            (1, Outcome::NoHead(UpstreamErrorKind::Connect)), // two are down
            (2, whole(200, "ok")),
        ] {
            let app = App::start(&[Step::Say(OK)]).await;
            let plan = UpstreamPlan { retries, ..plan(&[nobody().await, nobody().await, app.address]) };
            assert_eq!(fetch(&Pool::new(), &upstream(&plan), post("/")).await, outcome, "{retries}");
        }
    });
}

#[test]
fn an_address_that_keeps_failing_rests() {
    run(async {
        let app = App::start(&[Step::Say(OK); 8]).await;
        let plan = UpstreamPlan { max_fails: 2, ..plan(&[nobody().await, app.address]) };
        let upstream = upstream(&plan);
        let pool = Pool::new();
        for _ in 0..8 {
            assert_eq!(fetch(&pool, &upstream, get("/")).await, whole(200, "ok"));
        }
        let states: Vec<bool> =
            upstream.addresses().iter().map(|address| address.state().is_available(Duration::ZERO)).collect();
        assert_eq!(states, [false, true]);
        assert!(upstream.is_available());
    });
}

#[test]
fn running_requests_are_counted_until_their_response_ends() {
    run(async {
        let long = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok";
        let (first, second) = (App::start(&[Step::Say(long)]).await, App::start(&[Step::Say(long)]).await);
        let plan =
            UpstreamPlan { balance: crate::config::Balance::LeastRequests, ..plan(&[first.address, second.address]) };
        let (pool, upstream) = (Pool::new(), upstream(&plan));
        let running = || -> Vec<u32> { upstream.addresses().iter().map(|address| address.state().running()).collect() };
        let one = send(&pool, &upstream, get("/")).await.unwrap();
        assert_eq!(running(), [1, 0]);
        let other = send(&pool, &upstream, get("/")).await.unwrap();
        assert_eq!(running(), [1, 1]);
        drop((one, other));
        assert_eq!(running(), [0, 0]);
    });
}
