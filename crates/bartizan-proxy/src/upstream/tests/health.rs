//! Active checks.

use super::*;
use crate::config::HealthCheck;
use crate::upstream::check_forever;

#[test]
fn an_address_is_well_as_long_as_it_says_so() {
    run(async {
        // The first answer found here decides; a second check would find nobody.
        for (said, well) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true),
            ("HTTP/1.1 302 Found\r\nLocation: /in\r\nContent-Length: 0\r\n\r\n", true),
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false),
            ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", false),
            ("nonsense\r\n\r\n", false),
            ("", false),
        ] {
            // Ill before the check, if it is to find it well: only a change can be waited for.
            let app = App::start(&[Step::Say(said)]).await;
            let check = HealthCheck {
                path: "/health".to_owned(),
                interval: Duration::from_secs(3600),
                timeout: Duration::from_millis(200),
            };
            let upstream = upstream(&UpstreamPlan { health: Some(check), ..plan(&[app.address]) });
            let state = upstream.addresses()[0].state();
            state.set_healthy(!well);
            tokio::select! {
                () = check_forever(Arc::clone(&upstream)) => unreachable!("checks never end"),
                () = async { while state.is_healthy() != well { tokio::task::yield_now().await } } => {}
            }
            assert!(app.requests.borrow()[0].starts_with("GET /health HTTP/1.1\r\n"));
            assert_eq!(upstream.is_available(), well);
        }
    });
}

#[test]
fn without_a_check_nothing_is_asked() {
    run(async {
        let app = App::start(&[]).await;
        check_forever(app.upstream()).await;
        assert_eq!(app.connections.get(), 0);
    });
}
