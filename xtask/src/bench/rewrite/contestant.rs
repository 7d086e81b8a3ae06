//! Who carries pages: the wall without and with its autopilot, and nginx with `sub_filter`.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;

use super::super::server::{Server, free_address};

/// Who carries pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contestant {
    /// The wall, which lets them by.
    Plain,
    /// The wall, which learns them and puts nonces in.
    Autopilot,
    /// nginx, which puts one fixed nonce in by text.
    Nginx,
}

impl Contestant {
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::Autopilot, Self::Nginx];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Autopilot => "autopilot",
            Self::Nginx => "nginx sub_filter",
        }
    }

    pub(super) const fn rewrites(self) -> bool {
        !matches!(self, Self::Plain)
    }

    /// Starts it before the app.
    pub(super) fn start(self, folder: &Path, app: SocketAddr, bartizan: &Path) -> Result<(Server, SocketAddr)> {
        let address = free_address()?;
        let folder = folder.join(self.name().replace(' ', "-"));
        fs::create_dir_all(&folder)?;
        let (file, log) = (folder.join("config"), folder.join("log"));
        let (program, text) = match self {
            Self::Plain => (bartizan, wall(address, app, &folder, "")),
            Self::Autopilot => (bartizan, wall(address, app, &folder, "[site.autopilot]\nmode = \"learn\"\n")),
            Self::Nginx => (Path::new("nginx"), nginx(address, app, &folder)),
        };
        fs::write(&file, text)?;
        let file = file.display().to_string();
        let arguments = match self {
            Self::Nginx => vec!["-c", &file],
            Self::Plain | Self::Autopilot => vec!["serve", "--config", &file],
        };
        let mut server = Server::start(program, &arguments, &log)?;
        server.wait_until_ready(address, &log)?;
        Ok((server, address))
    }
}

fn wall(address: SocketAddr, app: SocketAddr, folder: &Path, more: &str) -> String {
    format!(
        "[server]\nlisten = []\nlisten_http = [\"{address}\"]\nadmin = \"none\"\nworkers = 1\nstate_dir = {folder:?}\n\
         [server.log]\naccess = \"off\"\n[[site]]\nhosts = [\"bench.example\"]\nupstream = [\"http://{app}\"]\n\
         https = {{ redirect = \"dangerous_plain_http\" }}\nwaf = {{ mode = \"off\" }}\n{more}"
    )
}

fn nginx(address: SocketAddr, app: SocketAddr, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{\n\
         access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/c; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;\n\
         uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n\
         upstream app {{ server {app}; keepalive 8; keepalive_requests 1000000; }}\nserver {{ listen {address};\n\
         location / {{ proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection \"\";\n\
         proxy_max_temp_file_size 0; sub_filter_once off;\n\
         sub_filter '<script' '<script nonce=\"abcdefghijklmnopqrstuv\"';\n\
         sub_filter '<link' '<link nonce=\"abcdefghijklmnopqrstuv\"'; }}\n}}\n}}\n"
    )
}
