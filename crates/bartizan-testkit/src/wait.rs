//! Waiting for what other threads do: by asking again until a deadline, never by hoping.

use std::net::TcpListener;
use std::time::{Duration, Instant};

/// How long anything in a test may take before it counts as hanging.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Asks until there is an answer.
///
/// # Panics
///
/// After [`DEADLINE`], naming what was waited for.
pub fn wait_until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Returns a loopback port that nobody listened on a moment ago.
///
/// # Panics
///
/// When the machine has none left.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
