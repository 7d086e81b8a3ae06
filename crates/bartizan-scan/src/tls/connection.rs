//! One connection to the server under inspection: bounded in time, in bytes and in number.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::wire::deframer::{Deframer, Event};
use super::wire::flight::{Flight, SERVER_HELLO};
use super::wire::hello::Hello;

/// Opens connections to one server, so many at a time and until the deadline.
#[derive(Debug)]
pub(crate) struct Dialer {
    address: SocketAddr,
    /// The name to ask for; none where the host is an address.
    pub(crate) host: Option<String>,
    timeout: Duration,
    deadline: Instant,
    permits: Semaphore,
}

/// How a server answered a hello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// With a hello of its own.
    Flight(Box<Flight>),
    /// With an alert: its description.
    Refused(u8),
    /// By closing, or by not taking the connection once it took others.
    Closed,
    /// With something that is not TLS.
    Garbage,
    /// Not at all in the time there was.
    Silent,
    /// There was no connection.
    Unreachable,
}

/// How far to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// To the end of the flight.
    Done,
    /// To the hello.
    Hello,
}

impl Dialer {
    /// Returns one that has opened nothing yet.
    pub(crate) fn new(
        address: SocketAddr,
        host: Option<String>,
        timeout: Duration,
        limit: Duration,
        at_once: usize,
    ) -> Self {
        Self { address, host, timeout, deadline: Instant::now() + limit, permits: Semaphore::new(at_once.max(1)) }
    }

    /// Opens a connection; nothing waits for it longer than the timeout or the deadline.
    pub(crate) async fn connect(&self) -> Result<Connection<'_>, Answer> {
        let permit = timeout_at(self.deadline, self.permits.acquire()).await.map_err(|_| Answer::Silent)?;
        let permit = permit.map_err(|_| Answer::Unreachable)?;
        let deadline = self.deadline.min(Instant::now() + self.timeout);
        let stream = match timeout_at(deadline, TcpStream::connect(self.address)).await {
            Err(_) | Ok(Err(_)) => return Err(Answer::Unreachable),
            Ok(Ok(stream)) => stream,
        };
        // Small messages in turn: waiting for more to send would only cost time.
        let _ = stream.set_nodelay(true);
        Ok(Connection { stream, deframer: Deframer::default(), deadline, _permit: permit })
    }

    /// Says hello and returns how the server answers.
    pub(crate) async fn ask(&self, hello: &Hello, until: Until) -> Answer {
        match self.greet(hello, until).await {
            Ok((_, flight)) => Answer::Flight(Box::new(flight)),
            Err(answer) => answer,
        }
    }

    /// Says hello and returns the connection with what the server said.
    pub(crate) async fn greet(&self, hello: &Hello, until: Until) -> Result<(Connection<'_>, Flight), Answer> {
        let mut connection = self.connect().await?;
        connection.send(&hello.record()).await?;
        let flight = connection.flight(until).await?;
        Ok((connection, flight))
    }
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    stream: TcpStream,
    deframer: Deframer,
    deadline: Instant,
    _permit: SemaphorePermit<'a>,
}

impl Connection<'_> {
    /// Sends bytes.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Answer> {
        match timeout_at(self.deadline, self.stream.write_all(bytes)).await {
            Err(_) => Err(Answer::Silent),
            Ok(Err(_)) => Err(Answer::Closed),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Returns the next thing that the server says.
    pub(crate) async fn next(&mut self) -> Result<Event, Answer> {
        loop {
            if let Some(event) = self.deframer.next() {
                return if event == Event::Garbage { Err(Answer::Garbage) } else { Ok(event) };
            }
            let mut buffer = [0; 8192];
            let count = self.read(&mut buffer).await?;
            self.deframer.push(buffer.get(..count).unwrap_or_default());
        }
    }

    /// Returns whatever bytes come next; for protocols without records.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Answer> {
        match timeout_at(self.deadline, self.stream.read(buffer)).await {
            Err(_) => Err(Answer::Silent),
            Ok(Err(_) | Ok(0)) => Err(Answer::Closed),
            Ok(Ok(count)) => Ok(count),
        }
    }

    /// Listens to the server's first flight.
    pub(crate) async fn flight(&mut self, until: Until) -> Result<Flight, Answer> {
        let mut flight: Option<Flight> = None;
        loop {
            match (self.next().await?, &mut flight) {
                (Event::Message(SERVER_HELLO, body), None) => {
                    let mut begun = Flight::new(&body).ok_or(Answer::Garbage)?;
                    // TLS 1.3 goes on encrypted, or waits for a better hello.
                    if until == Until::Hello || begun.hello.version == super::version::Version::Tls13 {
                        return Ok(begun);
                    }
                    begun.is_done = false;
                    flight = Some(begun);
                }
                (Event::Message(kind, body), Some(begun)) => {
                    begun.add(kind, &body).ok_or(Answer::Garbage)?;
                    if begun.is_done {
                        break;
                    }
                }
                // A warning, such as about a name it does not know, is not the end (RFC 6066, 3).
                (Event::Alert(1, description), _) if description != 0 => {}
                (Event::Alert(_, description), None) => return Err(Answer::Refused(description)),
                _ => return Err(Answer::Garbage),
            }
        }
        flight.ok_or(Answer::Closed)
    }
}
