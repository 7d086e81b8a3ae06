//! Another protocol on the same connection.

use super::*;

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

fn asking() -> Request<TestBody> {
    let mut request = get("/echo");
    request.headers_mut().insert("connection", http::HeaderValue::from_static("upgrade"));
    request.headers_mut().insert("upgrade", http::HeaderValue::from_static("echo"));
    request
}

#[test]
fn bytes_flow_both_ways_after_101() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = upstream(&plan(&[listener.local_addr().unwrap()]));
        spawn_local(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await.unwrap();
            stream.write_all(format!("{SWITCH}hello").as_bytes()).await.unwrap();
            let mut heard = [0; 4];
            stream.read_exact(&mut heard).await.unwrap();
            stream.write_all(&heard).await.unwrap();
        });
        let response = Pool::new().send(&upstream, asking(), SendContext { upgrade: true }).await.unwrap();
        assert_eq!(response.head.status, 101);
        let mut parts = response.upgrade.unwrap().into_parts().await.unwrap();
        let mut heard = parts.read.to_vec();
        parts.io.write_all(b"ping").await.unwrap();
        parts.io.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, b"helloping");
    });
}

#[test]
fn a_refused_upgrade_is_an_answer_like_any_other() {
    run(async {
        let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
        let app = App::start(&[Step::Say(refused), Step::Say(refused)]).await;
        let (pool, upstream) = (Pool::new(), app.upstream());
        for _ in 0..2 {
            let response = pool.send(&upstream, asking(), SendContext { upgrade: true }).await.unwrap();
            assert!(response.upgrade.is_none());
            assert_eq!(response.body.collect().await.unwrap().to_bytes(), "no");
        }
        assert_eq!(app.connections.get(), 1);
    });
}

#[test]
fn a_switch_nobody_takes_closes_the_connection() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = upstream(&plan(&[listener.local_addr().unwrap()]));
        let app = spawn_local(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await.unwrap();
            stream.write_all(SWITCH.as_bytes()).await.unwrap();
            read_request(&mut stream).await
        });
        let pool = Pool::new();
        drop(pool.send(&upstream, asking(), SendContext { upgrade: true }).await.unwrap());
        assert_eq!(app.await.unwrap(), None);
        assert_eq!(pool.idle(), 0);
    });
}
