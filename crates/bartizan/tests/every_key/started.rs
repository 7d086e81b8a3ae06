//! The program itself, started on an address that nothing else here uses.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};

use bartizan_testkit::{Program, free_port, wait_until};
use tempfile::TempDir;

/// Returns a place to listen at.
///
/// A port that was free on 127.0.0.1 a moment ago may be a client's by now, for hundreds run at once;
/// they never have another address of the loopback network.
pub(crate) fn place() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let [high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    SocketAddr::from((Ipv4Addr::new(127, 100, high, low), free_port()))
}

/// Starts the program and waits until it answers at one of its places.
pub(crate) fn start(command: &mut Command, folder: TempDir, listens: SocketAddr) -> Program {
    let mut program = Program::start(command, folder, Vec::new());
    wait_until("the program to listen", || {
        assert!(program.exited().is_none(), "the program ended:\n{}", program.output());
        TcpStream::connect(listens).ok()
    });
    program
}
