//! Sites to look at: one port that speaks HTTP and HTTPS, under any name below `site.test`.
//!
//! One port for both, since the peer asks both schemes on the port it is given.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

/// The sites, served until the process ends.
pub(super) struct Ground {
    address: SocketAddr,
    folder: TempDir,
}

impl Ground {
    /// Makes the certificate and begins to serve.
    pub(super) fn start() -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        certificates(folder.path())?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(folder.path().join("leaf.pem"))?.collect();
        let key = PrivateKeyDer::from_pem_file(folder.path().join("leaf.key"))?;
        let config = Arc::new(ServerConfig::builder().with_no_client_auth().with_single_cert(chain?, key)?);
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                thread::spawn(move || drop(connection(stream, config)));
            }
        });
        Ok(Self { address, folder })
    }

    /// Where the sites are.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority that signed their certificate.
    pub(super) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

fn connection(stream: TcpStream, config: Arc<ServerConfig>) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut first = [0];
    stream.peek(&mut first)?;
    // A TLS record of a handshake begins with 22, and no method does.
    if first[0] == 22 {
        let mut stream = StreamOwned::new(ServerConnection::new(config)?, stream);
        answer(&mut stream)?;
        stream.conn.send_close_notify();
        stream.flush()?;
    } else {
        let mut stream = stream;
        answer(&mut stream)?;
    }
    Ok(())
}

/// Answers one request after the other, as servers do, until the client has enough.
fn answer(stream: &mut (impl Read + Write)) -> Result<()> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            let length = stream.read(&mut buffer)?;
            ensure!(head.len() < 65_536, "the request does not end");
            if length == 0 {
                return Ok(());
            }
            head.extend_from_slice(buffer.get(..length).unwrap_or_default());
        }
        stream.write_all(ANSWER.as_bytes())?;
        stream.flush()?;
        if String::from_utf8_lossy(&head).to_ascii_lowercase().contains("connection: close") {
            return Ok(());
        }
    }
}

/// An ordinary site: some headers, a cookie, scripts of its own and of others.
const ANSWER: &str = concat!(
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 287\r\nServer: bench\r\n",
    "Strict-Transport-Security: max-age=31536000\r\nX-Content-Type-Options: nosniff\r\n",
    "Content-Security-Policy: default-src 'self'; script-src 'self' https://cdn.example\r\n",
    "Set-Cookie: session=1; Secure; HttpOnly; SameSite=Lax\r\n\r\n",
    "<!doctype html><html><head><title>A site</title><meta name=\"referrer\" content=\"no-referrer\">",
    "<link rel=\"stylesheet\" href=\"/style.css\"><script src=\"/app.js\"></script>",
    "<script src=\"https://cdn.example/lib.js\" integrity=\"sha384-x\"></script></head>",
    "<body><p>Hello.</p></body></html>            "
);

fn certificates(folder: &Path) -> Result<()> {
    let names = "subjectAltName=IP:127.0.0.1,DNS:*.site.test\nextendedKeyUsage=serverAuth\n";
    fs::write(folder.join("leaf.ext"), names)?;
    for arguments in [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=authority -keyout ca.key \
         -out ca.pem -addext keyUsage=critical,keyCertSign",
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=leaf -keyout leaf.key -out leaf.csr",
        "x509 -req -days 30 -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile leaf.ext -out leaf.pem",
    ] {
        let mut openssl = Command::new("openssl");
        let output = openssl.args(arguments.split_whitespace()).current_dir(folder).output();
        let output = output.context("openssl does not start")?;
        ensure!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_as_long_as_it_says() {
        let (head, body) = ANSWER.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{}", body.len());
    }
}
