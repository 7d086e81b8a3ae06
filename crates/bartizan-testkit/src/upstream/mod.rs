//! An app behind the wall that writes down every byte it receives and answers what a test tells it to.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::response::split_field;
use crate::wait::wait_until;

pub use self::reply::{Release, Reply};
use self::serve::serve;

mod reply;
mod serve;

/// A plain HTTP/1.1 server on a loopback port, one thread a connection.
#[derive(Debug)]
pub struct RecordingUpstream {
    address: SocketAddr,
    record: Arc<Mutex<Record>>,
    is_over: Arc<AtomicBool>,
}

/// One request as it stood on the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedRequest {
    /// Which connection it came on, counted from zero.
    pub connection: usize,
    /// The head, with the empty line that ends it.
    pub head: Vec<u8>,
    /// The body without its framing.
    pub body: Vec<u8>,
    /// Whether the body came whole.
    pub is_complete: bool,
}

/// When a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Body,
    Head,
}

#[derive(Debug, Default)]
struct Record {
    requests: Vec<RecordedRequest>,
    connections: Vec<Vec<u8>>,
}

impl RecordingUpstream {
    /// Starts one; the handler is asked once a request, when its body has come.
    ///
    /// # Panics
    ///
    /// When no loopback port is left.
    pub fn start(handler: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at(Moment::Body, handler)
    }

    /// Starts one that answers each request as soon as its head has come, and reads the body then.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_early(handler: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at(Moment::Head, handler)
    }

    fn start_at(moment: Moment, handler: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let record = Arc::new(Mutex::new(Record::default()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (shared, over) = (Arc::clone(&record), Arc::clone(&is_over));
        let handler = Arc::new(handler);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (record, handler) = (Arc::clone(&shared), Arc::clone(&handler));
                let index = {
                    let mut record = lock(&record);
                    record.connections.push(Vec::new());
                    record.connections.len() - 1
                };
                // How a connection ends is the other side's business; what it sent is in the record.
                thread::spawn(move || drop(serve(&stream, index, &record, moment, &*handler)));
            }
        });
        Self { address, record, is_over }
    }

    /// Starts one that answers every request with 200 and this body.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn answering(body: &str) -> Self {
        let reply = Reply::ok(body);
        Self::start(move |_| reply.clone())
    }

    /// Returns where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://` and where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests so far, in the order in which their heads were whole.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.record).requests.clone()
    }

    /// Returns every byte that each connection received so far.
    pub fn connections(&self) -> Vec<Vec<u8>> {
        lock(&self.record).connections.clone()
    }

    /// Waits for at least so many requests, bodies included.
    ///
    /// # Panics
    ///
    /// After the deadline.
    pub fn wait_for(&self, count: usize) -> Vec<RecordedRequest> {
        wait_until("requests at the upstream", || {
            let requests = self.requests();
            (requests.iter().filter(|request| request.is_complete).count() >= count).then_some(requests)
        })
    }
}

impl Drop for RecordingUpstream {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

impl RecordedRequest {
    /// Returns the head as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }

    /// Returns method, target and version.
    pub fn request_line(&self) -> String {
        self.text().split("\r\n").next().unwrap_or_default().to_owned()
    }

    /// Returns the values of all lines of a header.
    pub fn all(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let fields = text.split("\r\n").skip(1).filter_map(|line| split_field(line).ok());
        fields.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    /// Returns the value of a header's first line.
    pub fn header(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }
}

fn lock(record: &Mutex<Record>) -> std::sync::MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}
