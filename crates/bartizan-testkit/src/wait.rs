//! Waiting for what other threads do: by asking again until a deadline, never by hoping.

use std::fs::{self, File};
use std::net::TcpListener;
use std::ops::Range;
use std::process;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long anything in a test may take before it counts as hanging.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Asks until there is an answer.
///
/// # Panics
///
/// After [`DEADLINE`], naming what was waited for.
pub fn wait_until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    wait_up_to(DEADLINE, what, ask)
}

/// Asks until there is an answer, as long as it takes a foreign program that is known to be slow.
///
/// # Panics
///
/// After the limit, naming what was waited for.
pub fn wait_up_to<T>(limit: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < limit, "waited {limit:?} in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Returns a loopback port that nobody listens on and that no other test will be given.
///
/// Ports that the system hands out itself could be taken between this answer and their use, by a second call or by
/// any outgoing connection. So the port lies below that range, and a locked file holds it until this process ends.
///
/// # Panics
///
/// When the machine has none left.
pub fn free_port() -> u16 {
    let directory = std::env::temp_dir().join("bartizan-test-ports");
    fs::create_dir_all(&directory).unwrap();
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    let first = process::id() % u32::from(PORTS.end - PORTS.start);
    let order = PORTS.clone().cycle().skip(first as usize).take(PORTS.len());
    for port in order {
        if held.iter().any(|(known, _)| *known == port) {
            continue;
        }
        let file = File::options().create(true).append(true).open(directory.join(port.to_string())).unwrap();
        if file.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            held.push((port, file));
            return port;
        }
    }
    panic!("all ports of {PORTS:?} are taken");
}

/// Below 32768, where Linux begins to choose ports for outgoing connections.
const PORTS: Range<u16> = 20_000..32_000;

/// The files that hold this process's ports; the system lets go of them at its end.
static HELD: Mutex<Vec<(u16, File)>> = Mutex::new(Vec::new());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice() {
        let mut ports: Vec<u16> = (0..50).map(|_| free_port()).collect();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 50);
    }
}
