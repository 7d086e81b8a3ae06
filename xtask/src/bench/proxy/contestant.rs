//! The proxies, and how each is started.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::super::client::{Group, HOST};
use super::super::server::{Server, free_address};
use super::config::{self, Places};
use super::workload::Workload;
use crate::process;

/// One proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contestant {
    /// Whom ratios are taken to.
    Nginx,
    /// The other one that many would choose.
    Haproxy,
    /// Ours.
    Bartizan,
}

/// What starting takes: one folder with the certificate in it, one upstream, one program to measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    /// Made by [`prepare`].
    pub(super) folder: &'a Path,
    /// The app.
    pub(super) upstream: SocketAddr,
    /// Ours; `None` when there is none to run.
    pub(super) bartizan: Option<&'a Path>,
}

impl Contestant {
    /// In the order in which they take turns.
    pub(super) const ALL: [Self; 3] = [Self::Nginx, Self::Haproxy, Self::Bartizan];

    /// Returns the name in rows.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Bartizan => "bartizan",
        }
    }

    /// Whether it can do the job at all, as Debian packages it.
    pub(super) fn can(self, workload: Workload) -> bool {
        self == Self::Bartizan || group(workload) == Group::X25519
    }

    /// Starts it on a free port and waits until it accepts.
    pub(super) fn start(self, ground: Ground<'_>) -> Result<(Server, SocketAddr)> {
        let listen = free_address()?;
        let folder = ground.folder;
        let places = Places { listen, upstream: ground.upstream, folder };
        let (text, file) = match self {
            Self::Nginx => (config::nginx(places), folder.join("nginx.conf")),
            Self::Haproxy => (config::haproxy(places), folder.join("haproxy.cfg")),
            Self::Bartizan => (config::bartizan(places), folder.join("bartizan.toml")),
        };
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        let program = self.program(ground)?;
        let file = file.to_string_lossy();
        let arguments: &[&str] = match self {
            Self::Nginx => &["-c", &file],
            Self::Haproxy => &["-db", "-f", &file],
            Self::Bartizan => &["serve", "--config", &file],
        };
        let log = folder.join(format!("{}.log", self.name()));
        let mut server = Server::start(&program, arguments, &log)?;
        server.wait_until_ready(listen, &log).with_context(|| self.name().to_owned())?;
        Ok((server, listen))
    }

    fn program(self, ground: Ground<'_>) -> Result<PathBuf> {
        let found = match self {
            Self::Nginx | Self::Haproxy => process::find(self.name()),
            Self::Bartizan => ground.bartizan.map(Path::to_owned),
        };
        let Some(program) = found else { bail!("{} is missing: cargo xtask setup installs the peers", self.name()) };
        Ok(program)
    }
}

/// Returns the one key exchange that the client offers for a job.
pub(super) fn group(workload: Workload) -> Group {
    if workload == Workload::HandshakePq { Group::X25519mlkem768 } else { Group::X25519 }
}

/// Makes the certificate (ECDSA P-256, for the one host) and the folders that the proxies write to.
pub(super) fn prepare(folder: &Path) -> Result<()> {
    // Workers of nginx run as another user and must reach their temporary files.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    let settings = format!(
        "[req]\ndistinguished_name = name\nx509_extensions = leaf\nprompt = no\n[name]\nCN = {HOST}\n\
         [leaf]\nbasicConstraints = critical,CA:FALSE\nsubjectAltName = DNS:{HOST}\nextendedKeyUsage = serverAuth\n"
    );
    fs::write(folder.join("openssl.cnf"), settings)?;
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]);
    openssl.args(["-config", "openssl.cnf", "-keyout", "key.pem", "-out", "chain.pem"]).current_dir(folder);
    let output = openssl.output().context("openssl does not start")?;
    ensure!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    let both = [fs::read(folder.join("chain.pem"))?, fs::read(folder.join("key.pem"))?].concat();
    fs::write(folder.join("both.pem"), both)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ours_exchanges_keys_in_the_new_way() {
        for (contestant, workload, can) in [
            (Contestant::Nginx, Workload::Handshake, true),
            (Contestant::Nginx, Workload::HandshakePq, false),
            (Contestant::Haproxy, Workload::HandshakePq, false),
            (Contestant::Bartizan, Workload::HandshakePq, true),
        ] {
            assert_eq!(contestant.can(workload), can, "{contestant:?} {workload:?}");
        }
    }
}
