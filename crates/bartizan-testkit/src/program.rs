//! The built program under a configuration of a test, in a directory of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tempfile::TempDir;

use crate::wait::{free_port, wait_until};

/// A running program; it ends when this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    directory: TempDir,
    ports: Vec<u16>,
    output: Arc<Mutex<String>>,
}

impl Program {
    /// Starts `BINARY serve --config FILE` and waits until every port accepts.
    ///
    /// The configuration is made from the ports, as many as asked for, and the directory it may use.
    /// `binary` is `env!("CARGO_BIN_EXE_bartizan")`, which only the caller's crate knows.
    ///
    /// # Panics
    ///
    /// When the program ends or does not listen before the deadline; with what it wrote.
    pub fn serve(binary: &str, ports: usize, config: impl FnOnce(&[u16], &Path) -> String) -> Self {
        let directory = TempDir::new().unwrap();
        let ports: Vec<u16> = (0..ports).map(|_| free_port()).collect();
        let file = directory.path().join("bartizan.toml");
        fs::write(&file, config(&ports, directory.path())).unwrap();
        let arguments = ["serve".as_ref(), "--config".as_ref(), file.as_os_str()];
        Self::start(Command::new(binary).args(arguments), directory, ports)
    }

    /// Starts any command in a directory and waits until the ports accept.
    ///
    /// # Panics
    ///
    /// As [`Self::serve`].
    pub fn start(command: &mut Command, directory: TempDir, ports: Vec<u16>) -> Self {
        let command = command.current_dir(directory.path()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take(), &output);
        collect(child.stderr.take(), &output);
        let mut program = Self { child, directory, ports, output };
        for port in program.ports.clone() {
            wait_until("the program to listen", || {
                if let Some(status) = program.exited() {
                    panic!("the program ended with {status}:\n{}", program.output());
                }
                TcpStream::connect(loopback(port)).ok()
            });
        }
        program
    }

    /// Returns where one of its ports is, by the order in which the configuration got them.
    ///
    /// # Panics
    ///
    /// When fewer were asked for.
    pub fn address(&self, index: usize) -> SocketAddr {
        loopback(self.ports[index])
    }

    /// Returns its directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Returns its configuration file, to be rewritten for a reload.
    pub fn config_file(&self) -> PathBuf {
        self.directory.path().join("bartizan.toml")
    }

    /// Returns the process id, to send it signals.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns what it wrote so far to both of its outputs.
    pub fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it has written some text.
    ///
    /// # Panics
    ///
    /// After the deadline.
    pub fn wait_for_output(&self, text: &str) -> String {
        wait_until(text, || Some(self.output()).filter(|output| output.contains(text)))
    }

    /// Sends a signal by its name, such as `HUP` or `TERM`.
    ///
    /// # Panics
    ///
    /// When the system has no `kill`.
    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        Command::new("kill").args(["-s", name, &id]).status().unwrap();
    }

    /// Returns how it ended, if it has.
    ///
    /// # Panics
    ///
    /// When the system does not know it.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it ends.
    ///
    /// # Panics
    ///
    /// After the deadline.
    pub fn wait_for_exit(&mut self) -> ExitStatus {
        wait_until("the program to end", || self.exited())
    }

    /// Returns its resident memory in KiB (proc(5), `VmRSS`).
    ///
    /// # Panics
    ///
    /// When it has ended.
    pub fn resident_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Lines go to the record as they come; a full pipe would stop the program.
fn collect(stream: Option<impl Read + Send + 'static>, output: &Arc<Mutex<String>>) {
    let (Some(stream), output) = (stream, Arc::clone(output)) else { return };
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            output.push_str(&String::from_utf8_lossy(&line));
            output.push('\n');
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_heard_measured_and_ended() {
        let script = "echo out; echo err >&2; exec tail -f /dev/null";
        let directory = TempDir::new().unwrap();
        let mut program = Program::start(Command::new("sh").args(["-c", script]), directory, Vec::new());
        program.wait_for_output("out");
        program.wait_for_output("err");
        assert!(program.exited().is_none());
        assert!(program.resident_kib() > 0);
        program.signal("TERM");
        assert!(!program.wait_for_exit().success());
    }
}
