//! What an app may say, and what is no answer at all.

use super::*;

#[test]
fn an_answer_is_whole_or_an_error() {
    use UpstreamErrorKind::{Closed, CutShort, InvalidResponse};
    run(async {
        for (said, outcome) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", whole(200, "ok")),
            ("HTTP/1.1 200 OK\r\n\r\nuntil the end", whole(200, "until the end")),
            ("HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n", whole(599, "")),
            ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", whole(200, "")),
            // cut short
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", Outcome::NoEnd(CutShort)),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", Outcome::NoEnd(CutShort)),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n", Outcome::NoEnd(CutShort)),
            ("", Outcome::NoHead(Closed)),
            ("HTTP/1.1 200 OK\r\nContent-", Outcome::NoHead(Closed)),
            // ambiguous lengths
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok", Outcome::NoHead(InvalidResponse)),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                Outcome::NoHead(InvalidResponse),
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            // malformed heads
            ("HTTP/1.1 700 OK\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("ICY 200 OK\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 200 OK\nContent-Length: 0\n\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            ("HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 0\r\n\r\n", Outcome::NoHead(InvalidResponse)),
            (
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                Outcome::NoHead(InvalidResponse),
            ),
            // malformed chunks
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
                Outcome::NoEnd(InvalidResponse),
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok0\r\n\r\n", Outcome::NoEnd(InvalidResponse)),
        ] {
            let app = App::start(&[Step::SayAndClose(said)]).await;
            assert_eq!(fetch(&Pool::new(), &app.upstream(), get("/")).await, outcome, "{said:?}");
        }
    });
}

#[test]
fn an_answer_to_head_has_no_body() {
    run(async {
        let said = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
        let app = App::start(&[Step::Say(said), Step::Say(said)]).await;
        let (pool, upstream) = (Pool::new(), app.upstream());
        for _ in 0..2 {
            let head = request(Method::HEAD, "/", TestBody::empty());
            assert_eq!(fetch(&pool, &upstream, head).await, whole(200, ""));
        }
        assert_eq!(app.connections.get(), 1);
    });
}

#[test]
fn a_head_may_be_so_large() {
    run(async {
        let said = "HTTP/1.1 200 OK\r\nX: 0123456789012345678901234567890123456789\r\nContent-Length: 0\r\n\r\n";
        for (response_head, outcome) in
            [(said.len(), whole(200, "")), (said.len() - 1, Outcome::NoHead(UpstreamErrorKind::InvalidResponse))]
        {
            let app = App::start(&[Step::Say(said)]).await;
            let upstream = upstream(&UpstreamPlan { response_head, ..plan(&[app.address]) });
            assert_eq!(fetch(&Pool::new(), &upstream, get("/")).await, outcome, "{response_head}");
        }
    });
}
