//! One line for each exchange, for people or as JSON, written off the serving threads.
//!
//! A worker appends to its own buffer; one thread empties the buffers to standard output. A reader that
//! is too slow loses lines, which are counted, and never slows an exchange. No header but those named
//! here is ever written, so no cookie or token can be.

use std::io::Write;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::uri::PathAndQuery;
use http::{Method, StatusCode, Version};
use serde::Serialize;

use crate::config::AccessLog;
use crate::request_id::RequestId;
use crate::trail::Ending;

/// What is written of one exchange.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) id: RequestId,
    pub(crate) site: &'a str,
    pub(crate) client: IpAddr,
    pub(crate) method: &'a Method,
    pub(crate) host: Option<&'a str>,
    pub(crate) path: Option<&'a PathAndQuery>,
    pub(crate) version: Version,
    pub(crate) status: StatusCode,
    pub(crate) refusal: Option<&'static str>,
    pub(crate) detail: Option<&'a str>,
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) took: Duration,
    pub(crate) upstream: Option<Duration>,
    pub(crate) ending: Ending,
}

/// The end of the log at which one worker writes.
#[derive(Debug)]
pub(crate) struct LogWriter {
    form: AccessLog,
    buffer: Arc<Buffer>,
}

/// The lines of one worker that are not yet written.
#[derive(Debug, Default)]
struct Buffer {
    text: Mutex<Vec<u8>>,
    lost: AtomicU64,
}

impl LogWriter {
    /// Whether anything is written at all.
    pub(crate) fn is_on(&self) -> bool {
        self.form != AccessLog::Off
    }

    /// Appends one line.
    pub(crate) fn write(&self, entry: &Entry<'_>) {
        let mut text = self.buffer.text.lock().unwrap_or_else(PoisonError::into_inner);
        if text.len() > BUFFER_LIMIT {
            self.buffer.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        match self.form {
            AccessLog::Human => write_human(&mut text, entry),
            AccessLog::Json => write_json(&mut text, entry),
            AccessLog::Off => {}
        }
    }
}

/// The thread that writes, and its end of the buffers.
#[derive(Debug)]
pub(crate) struct LogThread {
    buffers: Arc<Vec<Arc<Buffer>>>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl LogThread {
    /// Starts the thread with a writer for each worker.
    ///
    /// # Errors
    ///
    /// The system's, when it has no thread to give.
    pub(crate) fn start(form: AccessLog, workers: usize) -> std::io::Result<(Self, Vec<LogWriter>)> {
        let buffers: Arc<Vec<Arc<Buffer>>> = Arc::new((0..workers).map(|_| Arc::default()).collect());
        let writers = buffers.iter().map(|buffer| LogWriter { form, buffer: Arc::clone(buffer) }).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let thread = if form == AccessLog::Off {
            None
        } else {
            let (buffers, stop) = (Arc::clone(&buffers), Arc::clone(&stop));
            let empty_until_stopped = move || {
                while !stop.load(Ordering::Relaxed) {
                    std::thread::park_timeout(FLUSH_EVERY);
                    empty(&buffers);
                }
                empty(&buffers);
            };
            Some(std::thread::Builder::new().name("access-log".to_owned()).spawn(empty_until_stopped)?)
        };
        Ok((Self { buffers, stop, thread }, writers))
    }

    /// Returns the lines lost to a slow reader so far.
    pub(crate) fn lost(&self) -> u64 {
        self.buffers.iter().map(|buffer| buffer.lost.load(Ordering::Relaxed)).sum()
    }
}

impl Drop for LogThread {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic in the log thread has been printed already and loses nothing further.
            let _ = thread.join();
        }
    }
}

fn empty(buffers: &[Arc<Buffer>]) {
    let mut out = std::io::stdout().lock();
    for buffer in buffers {
        let text = std::mem::take(&mut *buffer.text.lock().unwrap_or_else(PoisonError::into_inner));
        // A closed standard output must not stop the wall.
        let _ = out.write_all(&text);
    }
    let _ = out.flush();
}

fn write_human(text: &mut Vec<u8>, entry: &Entry<'_>) {
    let now = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
    let path = entry.path.map_or("-", PathAndQuery::as_str);
    let host = entry.host.unwrap_or("-");
    let result = write!(
        text,
        "{now} {} {} {host} {} {} {} {}",
        entry.id,
        entry.client,
        entry.method,
        Escaped(path),
        entry.status.as_u16(),
        Took(entry.took),
    );
    debug_assert!(result.is_ok(), "writing into a vector");
    if let Some(upstream) = entry.upstream {
        let _ = write!(text, " (app {})", Took(upstream));
    }
    if let Some(refusal) = entry.refusal {
        let _ = write!(text, " refused: {refusal}");
    }
    if let Some(detail) = entry.detail {
        let _ = write!(text, " [{}]", Escaped(detail));
    }
    match entry.ending {
        Ending::ClientLeft => text.extend_from_slice(b" (client left)"),
        Ending::Complete => {}
        Ending::CutShort => text.extend_from_slice(b" (cut short by the app)"),
    }
    text.push(b'\n');
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    time: String,
    id: &'a str,
    site: &'a str,
    client: IpAddr,
    method: &'a str,
    host: Option<&'a str>,
    path: Option<&'a str>,
    version: &'static str,
    status: u16,
    refusal: Option<&'static str>,
    detail: Option<&'a str>,
    bytes_received: u64,
    bytes_sent: u64,
    duration_ms: f64,
    upstream_ms: Option<f64>,
    ending: &'static str,
}

fn write_json(text: &mut Vec<u8>, entry: &Entry<'_>) {
    let milliseconds = |time: Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
    let line = JsonEntry {
        time: jiff::Timestamp::now().to_string(),
        id: entry.id.as_str(),
        site: entry.site,
        client: entry.client,
        method: entry.method.as_str(),
        host: entry.host,
        path: entry.path.map(PathAndQuery::as_str),
        version: match entry.version {
            Version::HTTP_10 => "1.0",
            Version::HTTP_2 => "2",
            _ => "1.1",
        },
        status: entry.status.as_u16(),
        refusal: entry.refusal,
        detail: entry.detail,
        bytes_received: entry.received,
        bytes_sent: entry.sent,
        duration_ms: milliseconds(entry.took),
        upstream_ms: entry.upstream.map(milliseconds),
        ending: match entry.ending {
            Ending::ClientLeft => "client-left",
            Ending::Complete => "complete",
            Ending::CutShort => "cut-short",
        },
    };
    let result = serde_json::to_writer(&mut *text, &line);
    debug_assert!(result.is_ok(), "plain values");
    text.push(b'\n');
}

/// Text from outside with everything that a terminal could obey made visible.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for letter in self.0.chars() {
            if letter.is_control()
                || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            {
                write!(f, "{}", letter.escape_unicode())?;
            } else {
                write!(f, "{letter}")?;
            }
        }
        Ok(())
    }
}

/// A time in the unit that reads best.
struct Took(Duration);

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_micros() {
            micros @ 0..1_000 => write!(f, "{micros}µs"),
            micros @ 1_000..1_000_000 => write!(f, "{}.{}ms", micros / 1_000, micros % 1_000 / 100),
            micros => write!(f, "{}.{}s", micros / 1_000_000, micros % 1_000_000 / 100_000),
        }
    }
}

/// Half a second of lines at full speed; beyond it the reader is not keeping up.
const BUFFER_LIMIT: usize = 4 * 1024 * 1024;

/// Soon enough for a person who watches.
const FLUSH_EVERY: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &PathAndQuery) -> Entry<'_> {
        Entry {
            id: RequestId::random(),
            site: "app.example",
            client: IpAddr::from([203, 0, 113, 5]),
            method: &Method::POST,
            host: Some("app.example"),
            path: Some(path),
            version: Version::HTTP_2,
            status: StatusCode::FORBIDDEN,
            refusal: Some("cross-origin-post"),
            detail: Some("from \u{1b}[2Jhttps://evil.example\n"),
            received: 1,
            sent: 2,
            took: Duration::from_micros(1_250),
            upstream: None,
            ending: Ending::Complete,
        }
    }

    #[test]
    fn a_line_names_the_exchange_and_nothing_in_it_is_obeyed() {
        let path = PathAndQuery::from_static("/login?next=/");
        let mut text = Vec::new();
        write_human(&mut text, &entry(&path));
        let line = String::from_utf8(text).unwrap();
        assert!(
            line.contains("203.0.113.5 app.example POST /login?next=/ 403 1.2ms refused: cross-origin-post"),
            "{line}"
        );
        assert!(line.contains("\\u{1b}[2J") && !line.contains('\u{1b}'), "{line}");
        assert_eq!(line.matches('\n').count(), 1, "{line}");
    }

    #[test]
    fn json_is_one_object_a_line() {
        let path = PathAndQuery::from_static("/");
        let mut text = Vec::new();
        write_json(&mut text, &entry(&path));
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value["refusal"], "cross-origin-post");
        assert_eq!(value["status"], 403);
        assert_eq!(value["duration_ms"], 1.25);
        assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), 1);
    }
}
