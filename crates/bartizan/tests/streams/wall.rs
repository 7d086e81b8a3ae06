//! The program under a configuration of which a test writes only what it is about.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use bartizan_testkit::h2::H2Client;
use bartizan_testkit::{Program, TlsOptions, Trust, WireClient};

/// What differs from a plain configuration, in its own words.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// Lines of `[server]`.
    pub(crate) server: &'a str,
    /// Lines of `[server.limits]`.
    pub(crate) limits: &'a str,
    /// Lines of `[[site]]`.
    pub(crate) site: &'a str,
    /// Tables after it.
    pub(crate) tables: &'a str,
}

/// A running wall before one or several upstreams.
#[derive(Debug)]
pub(crate) struct Wall {
    pub(crate) program: Program,
    upstreams: String,
}

impl Wall {
    pub(crate) fn before(upstream: SocketAddr, plan: Plan<'_>) -> Self {
        Self::before_all(&[format!("http://{upstream}")], plan)
    }

    pub(crate) fn before_all(upstreams: &[String], plan: Plan<'_>) -> Self {
        let upstreams = format!("{upstreams:?}");
        let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, directory| {
            text(ports, directory, &upstreams, plan)
        });
        Self { program, upstreams }
    }

    /// Writes another configuration into its file, and nothing more.
    pub(crate) fn rewrite(&self, plan: Plan<'_>) {
        let ports = [self.program.address(0).port(), self.program.address(1).port()];
        let text = text(&ports, self.program.directory(), &self.upstreams, plan);
        fs::write(self.program.config_file(), text).unwrap();
    }

    /// Writes another configuration, asks for it, and waits until it is in force.
    pub(crate) fn reload(&self, plan: Plan<'_>) {
        let before = self.reloads();
        self.rewrite(plan);
        self.program.signal("HUP");
        bartizan_testkit::wait_until("the reload", || (self.reloads() > before).then_some(()));
    }

    fn reloads(&self) -> usize {
        self.program.output().matches("the new configuration is in force").count()
    }

    /// Speaks HTTP/1.1 in the clear.
    pub(crate) fn plain(&self) -> WireClient {
        WireClient::plain(self.program.address(1))
    }

    /// Speaks HTTP/1.1 over TLS.
    pub(crate) fn tls(&self) -> WireClient {
        self.alpn("http/1.1")
    }

    /// Speaks HTTP/2.
    pub(crate) fn h2(&self) -> H2Client {
        self.h2_with(&[])
    }

    /// Speaks HTTP/2 with settings of the client's own.
    pub(crate) fn h2_with(&self, settings: &[(u16, u32)]) -> H2Client {
        H2Client::with_settings(self.alpn("h2"), settings)
    }

    fn alpn(&self, protocol: &str) -> WireClient {
        let options = TlsOptions::new(&Trust::DangerousAnyone, "app.example", &[protocol]);
        WireClient::tls(self.program.address(0), &options).unwrap()
    }
}

fn text(ports: &[u16], directory: &Path, upstreams: &str, plan: Plan<'_>) -> String {
    let Plan { server, limits, site, tables } = plan;
    let workers = if server.contains("workers") { "" } else { "workers = 1" };
    format!(
        "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"none\"\n\
         state_dir = {directory:?}\n{workers}\n{server}\n[server.log]\naccess = \"off\"\n[server.limits]\n{limits}\n\
         [[site]]\nhosts = [\"app.example\"]\nupstream = {upstreams}\n{site}\n\
         [site.https]\nredirect = \"dangerous_plain_http\"\n{tables}\n",
        ports[0], ports[1]
    )
}

/// A request without a body.
pub(crate) const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: app.example\r\n\r\n";

/// Returns the head of a request for `/` with further lines, each ended by CRLF.
pub(crate) fn request(method: &str, lines: &str) -> Vec<u8> {
    format!("{method} / HTTP/1.1\r\nHost: app.example\r\n{lines}\r\n").into_bytes()
}

/// The pseudo-header lines of a request over HTTP/2.
pub(crate) fn h2_head(method: &'static str) -> [(&'static [u8], &'static [u8]); 4] {
    [(b":method", method.as_bytes()), (b":scheme", b"https"), (b":authority", b"app.example"), (b":path", b"/")]
}
