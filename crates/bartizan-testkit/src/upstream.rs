//! An app behind the wall that writes down every byte it receives and answers what a test tells it to.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use crate::response::{read_head, read_line, split_field};
use crate::wait::{DEADLINE, wait_until};

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

/// What an upstream answers, and what it does then.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pieces: Vec<Vec<u8>>,
    end: End,
    is_early: bool,
}

/// Lets a reply go on that hangs.
#[derive(Debug, Clone, Default)]
pub struct Release(Arc<(Mutex<bool>, Condvar)>);

#[derive(Debug, Clone, Default)]
enum End {
    Close,
    Echo,
    Hang(Release, Vec<u8>),
    #[default]
    Keep,
}

#[derive(Debug, Default)]
struct Record {
    requests: Vec<RecordedRequest>,
    connections: Vec<Vec<u8>>,
}

impl RecordingUpstream {
    /// Starts one; the handler is asked once a request.
    ///
    /// # Panics
    ///
    /// When no loopback port is left.
    pub fn start(handler: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> Self {
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
                thread::spawn(move || drop(serve(&stream, index, &record, &*handler)));
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

impl Reply {
    /// Answers with these bytes, whatever they are, and keeps the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { pieces: vec![bytes.into()], ..Self::default() }
    }

    /// Answers 200 with a body and its length.
    pub fn ok(body: &str) -> Self {
        Self::with("", body)
    }

    /// Answers 200 with a body and further header lines, each ended by CRLF.
    pub fn with(headers: &str, body: &str) -> Self {
        Self::raw(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()))
    }

    /// Writes further bytes in a piece of their own.
    #[must_use]
    pub fn then(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.pieces.push(bytes.into());
        self
    }

    /// Closes the connection afterwards.
    #[must_use]
    pub fn close(mut self) -> Self {
        self.end = End::Close;
        self
    }

    /// Sends back every byte that comes afterwards, as a WebSocket or tunnel might.
    #[must_use]
    pub fn echo(mut self) -> Self {
        self.end = End::Echo;
        self
    }

    /// Goes silent until released, then writes the rest and keeps the connection.
    #[must_use]
    pub fn hang(mut self, release: &Release, rest: impl Into<Vec<u8>>) -> Self {
        self.end = End::Hang(release.clone(), rest.into());
        self
    }

    /// Answers before the request's body is read.
    #[must_use]
    pub fn early(mut self) -> Self {
        self.is_early = true;
        self
    }
}

impl Release {
    /// Lets every reply that hangs on it go on.
    pub fn release(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let held = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whether released or out of time, the reply goes on: nothing may hang for ever.
        drop(self.0.1.wait_timeout_while(held, 6 * DEADLINE, |released| !*released));
    }
}

fn lock(record: &Mutex<Record>) -> std::sync::MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies what is read into the record, byte by byte as it comes.
struct Recorder<'a> {
    stream: &'a TcpStream,
    index: usize,
    record: &'a Mutex<Record>,
}

impl Read for Recorder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        if let Some(bytes) = lock(self.record).connections.get_mut(self.index) {
            bytes.extend_from_slice(&buffer[..count]);
        }
        Ok(count)
    }
}

fn serve(
    stream: &TcpStream,
    index: usize,
    record: &Mutex<Record>,
    handler: &dyn Fn(&RecordedRequest) -> Reply,
) -> io::Result<()> {
    // Longer than any test: an idle pooled connection is not this side's to close.
    stream.set_read_timeout(Some(12 * DEADLINE))?;
    stream.set_nodelay(true)?;
    let mut reader = Recorder { stream, index, record };
    loop {
        let mut head = Vec::new();
        read_head(&mut reader, &mut head)?;
        let mut request = RecordedRequest { connection: index, head, ..RecordedRequest::default() };
        let place = {
            let mut record = lock(record);
            record.requests.push(request.clone());
            record.requests.len() - 1
        };
        let early = Some(handler(&request)).filter(|reply| reply.is_early);
        if let Some(reply) = &early {
            write_pieces(stream, reply)?;
        }
        let outcome = read_body(&mut reader, &mut request);
        request.is_complete = outcome.is_ok();
        if let Some(known) = lock(record).requests.get_mut(place) {
            *known = request.clone();
        }
        outcome?;
        let reply = match early {
            Some(reply) => reply,
            None => {
                let reply = handler(&request);
                write_pieces(stream, &reply)?;
                reply
            }
        };
        match reply.end {
            End::Keep => {}
            End::Close => return stream.shutdown(Shutdown::Both),
            End::Echo => return echo(&mut reader),
            End::Hang(release, rest) => {
                release.wait();
                (&*stream).write_all(&rest)?;
            }
        }
    }
}

fn write_pieces(mut stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    reply.pieces.iter().try_for_each(|piece| stream.write_all(piece))
}

fn echo(reader: &mut Recorder<'_>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        let mut stream = reader.stream;
        stream.write_all(&buffer[..count])?;
    }
}

fn read_body(reader: &mut impl Read, request: &mut RecordedRequest) -> io::Result<()> {
    if request.all("transfer-encoding").iter().any(|value| value.to_ascii_lowercase().ends_with("chunked")) {
        return read_chunks(reader, &mut request.body);
    }
    let length = request.header("content-length").and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
    take(reader, length, &mut request.body)
}

fn read_chunks(reader: &mut impl Read, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let line = read_line(reader, &mut Vec::new())?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(digits, 16).map_err(io::Error::other)?;
        if size == 0 {
            break;
        }
        take(reader, size, body)?;
        read_line(reader, &mut Vec::new())?;
    }
    while !read_line(reader, &mut Vec::new())?.is_empty() {}
    Ok(())
}

fn take(reader: &mut impl Read, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let count = reader.take(length).read_to_end(body)?;
    if (count as u64) < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}
