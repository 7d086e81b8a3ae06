//! The server that is enumerated: nginx as Debian ships it, with a chain under an authority of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::bench::server::{Server, free_address};
use crate::process;

/// The host of the certificate.
pub(super) const HOST: &str = "app.example";

/// A running server.
pub(super) struct Ground {
    _server: Server,
    address: SocketAddr,
    folder: TempDir,
}

impl Ground {
    /// Makes the certificates and starts nginx.
    pub(super) fn start() -> Result<Self> {
        let nginx = process::find("nginx").context("no nginx; `cargo xtask setup` installs it")?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let (path, address) = (folder.path(), free_address()?);
        certificates(path)?;
        let shown = path.display();
        let config = format!(
            "pid {shown}/pid;\ndaemon off;\nmaster_process off;\nevents {{}}\nhttp {{\n  access_log off;\n  \
             client_body_temp_path {shown}/body;\n  proxy_temp_path {shown}/proxy;\n  fastcgi_temp_path {shown}/fastcgi;\n  \
             uwsgi_temp_path {shown}/uwsgi;\n  scgi_temp_path {shown}/scgi;\n  server {{\n    listen {address} ssl;\n    \
             ssl_certificate {shown}/leaf.pem;\n    ssl_certificate_key {shown}/leaf.key;\n    \
             ssl_protocols TLSv1.2 TLSv1.3;\n    return 200 ok;\n  }}\n}}\n"
        );
        let file = path.join("nginx.conf");
        fs::write(&file, config)?;
        let log = path.join("nginx.log");
        let (file, error) =
            (file.to_string_lossy().into_owned(), path.join("error.log").to_string_lossy().into_owned());
        let mut server = Server::start(&nginx, &["-c", &file, "-e", &error], &log)?;
        server.wait_until_ready(address, &log)?;
        Ok(Self { _server: server, address, folder })
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority that signed its certificate.
    pub(super) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

/// An authority and an RSA certificate under it, the kind that costs a server most and is met most.
fn certificates(folder: &Path) -> Result<()> {
    fs::write(folder.join("leaf.ext"), format!("subjectAltName=DNS:{HOST}\nextendedKeyUsage=serverAuth\n"))?;
    for arguments in [
        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority -keyout ca.key -out ca.pem \
         -addext keyUsage=critical,keyCertSign",
        "req -new -newkey rsa:2048 -nodes -subj /CN=leaf -keyout leaf.key -out leaf.csr",
        "x509 -req -days 30 -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile leaf.ext -out leaf.pem",
    ] {
        let mut openssl = Command::new("openssl");
        let output = openssl.args(arguments.split_whitespace()).current_dir(folder).output();
        let output = output.context("openssl does not start")?;
        ensure!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
