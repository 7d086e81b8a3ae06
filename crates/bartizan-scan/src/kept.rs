//! A connection that serves several requests in turn, as long as the server leaves it open.
//!
//! A handshake costs both sides more than all requests that follow it.

use tokio::io::{AsyncRead, AsyncWrite};
use url::{Origin, Url};

/// A connection, with TLS or without.
pub(crate) type Stream = Box<dyn Duplex>;

/// What can be read and written.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// At most one connection, to one origin.
#[derive(Default)]
pub(crate) struct Kept(Option<(Origin, Stream)>);

impl Kept {
    /// Takes the connection, if it leads to where an address does.
    pub(crate) fn take(&mut self, url: &Url) -> Option<Stream> {
        let (origin, stream) = self.0.take()?;
        (origin == url.origin()).then_some(stream)
    }

    /// Keeps a connection for the next request.
    pub(crate) fn keep(&mut self, url: &Url, stream: Option<Stream>) {
        self.0 = stream.map(|stream| (url.origin(), stream));
    }
}
