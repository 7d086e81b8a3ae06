//! A server under measurement: pinned to a core, counted with all its children, ended when dropped.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::process;

/// The core of the measured server; everything else has the other.
const SERVER_CORE: usize = 0;
/// The core of load and upstream.
pub(super) const LOAD_CORE: usize = 1;

/// A running program and its children.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
}

impl Server {
    /// Starts a program on the measured core; what it says goes to the log.
    pub(super) fn start(program: &Path, arguments: &[&str], log: &Path) -> Result<Self> {
        let output = fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = pinned(SERVER_CORE, program);
        command.args(arguments).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        Ok(Self::from(command.spawn().with_context(|| format!("{} does not start", program.display()))?))
    }

    /// Waits until it accepts connections.
    pub(super) fn wait_until_ready(&mut self, address: SocketAddr, log: &Path) -> Result<()> {
        let deadline = Instant::now() + READY_LIMIT;
        while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("ended with {status}: {}", fs::read_to_string(log).unwrap_or_default().trim());
            }
            ensure!(Instant::now() < deadline, "does not listen on {address} after {} s", READY_LIMIT.as_secs());
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// CPU time used so far, of the program and its children, in seconds.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        let family = family(self.child.id())?;
        // One that has just begun has used no tick yet.
        ensure!(!family.is_empty(), "the server is gone");
        let ticks: u64 = family.iter().map(|process| process.ticks).sum();
        Ok(ticks as f64 / TICKS_PER_SECOND)
    }

    /// The most memory that was ever resident, of the program and its children, in KiB.
    pub(super) fn peak_kib(&self) -> Result<u64> {
        let mut sum = 0;
        for process in family(self.child.id())? {
            let status = fs::read_to_string(format!("/proc/{}/status", process.id))?;
            sum += kib(&status, "VmHWM:").context("no VmHWM in /proc")?;
        }
        Ok(sum)
    }

    /// Memory resident now, of the program and its children, in KiB.
    pub(super) fn resident_kib(&self) -> Result<u64> {
        let mut sum = 0;
        for process in family(self.child.id())? {
            let status = fs::read_to_string(format!("/proc/{}/status", process.id))?;
            sum += resident(&status).context("no VmRSS in /proc")?;
        }
        ensure!(sum > 0, "the server is gone");
        Ok(sum)
    }
}

impl From<Child> for Server {
    /// Takes over a child, so that it ends with this value.
    fn from(child: Child) -> Self {
        Self { child }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked first: a master process that is killed would leave its workers behind.
        let members = family(self.child.id()).unwrap_or_default();
        signal("-TERM", self.child.id());
        if !matches!(process::wait_within(&mut self.child, Duration::from_secs(2)), Ok(Some(_))) {
            for member in members {
                signal("-KILL", member.id);
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Returns a command that runs the program on one core.
pub(super) fn pinned(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}

/// Returns an address on loopback that nobody listened on a moment ago.
pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn signal(name: &str, id: u32) {
    // The process may have ended between the look and the signal; that is what is wanted.
    let _ = Command::new("kill").args([name, &id.to_string()]).stderr(Stdio::null()).status();
}

/// One line of the table of processes.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    id: u32,
    parent: u32,
    ticks: u64,
}

/// Returns the process and all that descend from it.
fn family(root: u32) -> Result<Vec<Process>> {
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path().join("stat");
        // A process that ended since the listing is no member of anything.
        all.extend(fs::read_to_string(path).ok().as_deref().and_then(parse_stat));
    }
    Ok(descendants(root, all))
}

fn descendants(root: u32, mut others: Vec<Process>) -> Vec<Process> {
    let mut members: Vec<Process> = others.extract_if(.., |process| process.id == root).collect();
    let mut at = 0;
    while let Some(parent) = members.get(at).map(|member| member.id) {
        members.extend(others.extract_if(.., |process| process.parent == parent));
        at += 1;
    }
    members
}

/// Reads `/proc/PID/stat`; the name in brackets may hold anything, so fields count from its end (proc(5)).
fn parse_stat(text: &str) -> Option<Process> {
    let id = text.split(' ').next()?.parse().ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |field: usize| fields.get(field - FIRST_FIELD)?.parse::<u64>().ok();
    Some(Process { id, parent: number(4)?.try_into().ok()?, ticks: number(14)? + number(15)? })
}

/// Reads `VmRSS` from `/proc/PID/status`.
fn resident(status: &str) -> Option<u64> {
    kib(status, "VmRSS:")
}

fn kib(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// How long the measured core was busy so far, with whatever, in seconds (proc(5), `/proc/stat`).
pub(super) fn core_seconds() -> Result<f64> {
    let text = fs::read_to_string("/proc/stat")?;
    busy(&text, SERVER_CORE).context("no such core in /proc/stat")
}

/// Sums user, nice, system, irq, softirq and steal of one core; the two between are idle.
fn busy(text: &str, core: usize) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("cpu{core} ")))?;
    let ticks: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).collect();
    let sum: u64 = [0, 1, 2, 5, 6, 7].into_iter().filter_map(|place| ticks.get(place)).sum();
    Some(sum as f64 / TICKS_PER_SECOND)
}

/// The number in proc(5) of the field behind the bracketed name.
const FIRST_FIELD: usize = 3;
/// `USER_HZ`, which Linux shows to programs as 100 on every machine this runs on.
const TICKS_PER_SECOND: f64 = 100.0;
const READY_LIMIT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_does_not_shift_the_fields() {
        for (text, process) in [
            (
                "42 (a) b (c) S 7 42 42 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 1 0 100 1 1",
                Some(Process { id: 42, parent: 7, ticks: 175 }),
            ),
            ("42 (short) S 7", None),
            ("", None),
        ] {
            assert_eq!(parse_stat(text), process, "{text}");
        }
    }

    #[test]
    fn a_family_is_all_that_descend() {
        let all = [(1, 0), (5, 1), (9, 5), (7, 5), (8, 9), (6, 1)];
        let all = all.into_iter().map(|(id, parent)| Process { id, parent, ticks: 0 }).collect();
        let members: Vec<u32> = descendants(5, all).iter().map(|process| process.id).collect();
        assert_eq!(members, [5, 9, 7, 8]);
    }

    #[test]
    fn the_busy_time_of_a_core_leaves_idle_and_waiting_out() {
        let text = "cpu  1 1 1 1\ncpu0 100 10 20 5000 7000 30 40 50 60 70\ncpu1 1 2 3 4\n";
        for (core, seconds) in [(0, Some(2.5)), (1, Some(0.06)), (2, None)] {
            assert_eq!(busy(text, core), seconds, "{core}");
        }
    }

    #[test]
    fn resident_memory_is_read() {
        assert_eq!(resident("Name:\tx\nVmRSS:\t    1234 kB\nThreads:\t1\n"), Some(1234));
        assert_eq!(resident("Name:\tkthreadd\n"), None); // a kernel thread has none
    }

    #[test]
    fn a_dropped_server_ends_with_its_children() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let script = "tail -f /dev/null & echo $!; trap 'kill $!' TERM; wait";
        let server = Server::start(Path::new("sh"), &["-c", script], log.path()).unwrap();
        let id = server.child.id();
        while family(id).unwrap().len() < 2 {
            thread::yield_now();
        }
        drop(server);
        assert_eq!(family(id).unwrap(), []);
    }
}
