//! Runs other programs: with their output shown, or within a time limit.

use std::env;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// Runs a program with its output on the terminal; an exit code other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("$ {shown}");
    let status = command.status().with_context(|| format!("`{shown}` does not start"))?;
    ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

/// Runs a program and returns what it wrote; it is killed when the time limit passes.
pub(crate) fn output_within(command: &mut Command, limit: Duration) -> Result<Output> {
    let shown = show(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("`{shown}` does not start"))?;
    let stdout = gather(child.stdout.take());
    let stderr = gather(child.stderr.take());
    let Some(status) = wait_within(&mut child, limit)? else {
        child.kill()?;
        child.wait()?;
        bail!("`{shown}` was still running after {} s", limit.as_secs());
    };
    Ok(Output { status, stdout: stdout.join().unwrap_or_default(), stderr: stderr.join().unwrap_or_default() })
}

/// Waits for a child's end, at most so long; `None` when it still runs.
pub(crate) fn wait_within(child: &mut Child, limit: Duration) -> Result<Option<std::process::ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Returns the program's path if `PATH` or one of Debian's folders for daemons has it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // A plain user's PATH on Debian lacks the folders in which nginx and haproxy lie.
    let daemons = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path).chain(daemons).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Returns the command line as a person would type it.
pub(crate) fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Reads a pipe to its end beside the waiting, so that a full pipe never stops the writer.
fn gather(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            // A pipe that breaks has said all it will; the exit code tells the rest.
            let _ = pipe.read_to_end(&mut text);
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_killed_at_its_limit_and_heard_before_it() {
        let mut quick = Command::new("echo");
        let output = output_within(quick.arg("done"), Duration::from_secs(10)).unwrap();
        assert_eq!(output.stdout, b"done\n");
        let mut endless = Command::new("tail");
        let error = output_within(endless.args(["-f", "/dev/null"]), Duration::from_millis(20)).unwrap_err();
        assert!(error.to_string().contains("still running"), "{error}");
    }

    #[test]
    fn programs_are_found_by_name_only() {
        for (program, exists) in [("sh", true), ("no-such-program-anywhere", false)] {
            assert_eq!(find(program).is_some(), exists, "{program}");
        }
    }
}
