//! A client that sends the bytes it is told to, over TCP or TLS.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_pki_types::ServerName;

use crate::{DEADLINE, RawResponse, Trust};

/// One connection.
#[derive(Debug)]
pub struct WireClient {
    stream: Stream,
}

/// How a client begins TLS.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// Settings, certificate and trust included.
    pub config: Arc<ClientConfig>,
    /// The name asked for and checked; none sends no SNI and checks 127.0.0.1.
    pub server_name: Option<String>,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl TlsOptions {
    /// Asks for a name and offers these protocols (ALPN), preferred first.
    pub fn new(trust: &Trust, server_name: &str, protocols: &[&str]) -> Self {
        let mut config = trust.client_config(None);
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Self { config: Arc::new(config), server_name: Some(server_name.to_owned()) }
    }
}

impl WireClient {
    /// Connects without TLS.
    ///
    /// # Panics
    ///
    /// When nobody listens.
    pub fn plain(address: SocketAddr) -> Self {
        Self { stream: Stream::Plain(connect(address).unwrap()) }
    }

    /// Connects and completes the handshake.
    ///
    /// # Errors
    ///
    /// When the handshake is refused by either side.
    ///
    /// # Panics
    ///
    /// When nobody listens.
    pub fn tls(address: SocketAddr, options: &TlsOptions) -> io::Result<Self> {
        Self::tls_after(address, b"", options)
    }

    /// As [`Self::tls`], after sending some bytes in the clear, such as a PROXY header.
    ///
    /// # Errors
    ///
    /// As [`Self::tls`].
    ///
    /// # Panics
    ///
    /// As [`Self::tls`].
    pub fn tls_after(address: SocketAddr, before: &[u8], options: &TlsOptions) -> io::Result<Self> {
        let mut socket = connect(address).unwrap();
        socket.write_all(before)?;
        let name = options.server_name.clone().unwrap_or_else(|| "127.0.0.1".to_owned());
        let name = ServerName::try_from(name).map_err(io::Error::other)?;
        let connection = ClientConnection::new(Arc::clone(&options.config), name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Self { stream: Stream::Tls(Box::new(stream)) })
    }

    /// Returns the protocol that was agreed on (ALPN).
    pub fn protocol(&self) -> Option<String> {
        let chosen = self.connection()?.alpn_protocol()?;
        Some(String::from_utf8_lossy(chosen).into_owned())
    }

    /// Returns the TLS connection; none without TLS.
    pub fn connection(&self) -> Option<&ClientConnection> {
        match &self.stream {
            Stream::Plain(_) => None,
            Stream::Tls(stream) => Some(&stream.conn),
        }
    }

    /// Sends bytes.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn send(&mut self, bytes: &[u8]) {
        self.try_send(bytes).unwrap();
    }

    /// Sends bytes to a side that may have gone.
    ///
    /// # Errors
    ///
    /// When it has.
    pub fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)?;
        self.flush()
    }

    /// Reads the next response.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn read_response(&mut self) -> RawResponse {
        self.try_read_response().unwrap()
    }

    /// Reads the next response, if one comes.
    ///
    /// # Errors
    ///
    /// When the connection ends before its head is whole.
    pub fn try_read_response(&mut self) -> io::Result<RawResponse> {
        RawResponse::read(self, false)
    }

    /// Reads the answer to HEAD, which has no body whatever its length says.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn read_head_response(&mut self) -> RawResponse {
        RawResponse::read(self, true).unwrap()
    }

    /// Sends a request and reads its response.
    ///
    /// # Panics
    ///
    /// When either fails.
    pub fn ask(&mut self, bytes: &[u8]) -> RawResponse {
        self.send(bytes);
        self.read_response()
    }

    /// Returns what comes until the other side closes.
    ///
    /// # Panics
    ///
    /// When it does not close before the deadline.
    pub fn read_rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        match self.read_to_end(&mut rest) {
            // TLS without its closing alert, or a reset: closed all the same.
            Err(error) if is_timeout(&error) => panic!("not closed; came: {}", rest.escape_ascii()),
            _ => rest,
        }
    }

    /// Whether the other side has closed, or does so before the deadline, without sending anything more.
    pub fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        match self.read(&mut byte) {
            Ok(count) => count == 0,
            Err(error) => !is_timeout(&error),
        }
    }

    /// Whether nothing comes for a while and the connection stays open.
    ///
    /// # Panics
    ///
    /// When the socket refuses a time limit.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        self.socket().set_read_timeout(Some(time)).unwrap();
        let start = Instant::now();
        let mut byte = [0];
        let outcome = self.read(&mut byte);
        self.socket().set_read_timeout(Some(DEADLINE)).unwrap();
        outcome.is_err_and(|error| is_timeout(&error)) && start.elapsed() >= time
    }

    /// Returns the socket, to shut down a half of it or change its limits.
    pub fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for WireClient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for WireClient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.write(bytes),
            Stream::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(stream) => stream.flush(),
        }
    }
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpStream::connect_timeout(&address, DEADLINE)?;
    socket.set_read_timeout(Some(DEADLINE))?;
    socket.set_write_timeout(Some(DEADLINE))?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RecordingUpstream, Release, Reply};

    #[test]
    fn what_is_sent_is_recorded_and_what_is_scripted_comes_back() {
        let release = Release::default();
        let held = release.clone();
        let upstream = RecordingUpstream::start(move |request| match request.request_line().as_str() {
            "GET /close HTTP/1.1" => Reply::raw("HTTP/1.1 200 OK\r\n").then("\r\nall").close(),
            "GET /echo HTTP/1.1" => Reply::raw("HTTP/1.1 101 Switching\r\n\r\n").echo(),
            "GET /hang HTTP/1.1" => Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh").hang(&held, "i"),
            _ => Reply::ok(&String::from_utf8_lossy(&request.body)),
        });
        let mut client = WireClient::plain(upstream.address());
        assert_eq!(client.ask(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi").text(), "hi");
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nyo\r\n0\r\n\r\n";
        assert_eq!(client.ask(chunked).text(), "yo");
        client.send(b"GET /hang HTTP/1.1\r\n\r\n");
        assert_eq!(upstream.wait_for(3).len(), 3);
        release.release();
        assert_eq!(client.read_response().text(), "hi");
        assert_eq!(client.ask(b"GET /close HTTP/1.1\r\n\r\n").text(), "all");
        assert!(client.is_closed());

        let mut other = WireClient::plain(upstream.address());
        assert_eq!(other.ask(b"GET /echo HTTP/1.1\r\n\r\n").status, 101);
        other.send(b"ping");
        let mut back = [0; 4];
        other.read_exact(&mut back).unwrap();
        assert_eq!(&back, b"ping");
        assert!(other.is_silent_for(Duration::from_millis(5)));
        assert_eq!(upstream.connections()[1], b"GET /echo HTTP/1.1\r\n\r\nping");
        assert_eq!(upstream.requests()[1].body, b"yo");

        let early = RecordingUpstream::start_early(|_| Reply::ok("early"));
        let mut client = WireClient::plain(early.address());
        assert_eq!(client.ask(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n").text(), "early");
        assert!(early.requests().iter().all(|request| !request.is_complete));
        client.send(b"hi");
        assert_eq!(early.wait_for(1)[0].body, b"hi");
    }
}
