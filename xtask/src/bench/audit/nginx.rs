//! A thousand nginx configurations, each whole: what gixy-ng takes for them all in one run.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::Workload;
use crate::bench::Options;
use crate::project::Project;
use crate::setup;

pub(super) const WORKLOAD: Workload = Workload { name: "nginx", peer: "gixy-ng", prepare, command };

fn prepare(folder: &Path, options: &Options) -> Result<u32> {
    let count = options.count(1_000);
    for number in 0..count {
        fs::write(folder.join(format!("site{number}.conf")), configuration(number))?;
    }
    Ok(count)
}

fn command(project: &Project, folder: &Path) -> Result<Command> {
    let program = setup::programs(project).join("gixy");
    if !program.exists() {
        bail!("{} is missing; `cargo xtask setup` installs it", program.display());
    }
    let mut files: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    let mut command = Command::new(program);
    command.args(["--format", "json"]).args(files);
    Ok(command)
}

/// What people write: two servers, a map, a proxy, files, and some faults.
fn configuration(number: u32) -> String {
    format!(
        r#"user www-data;
worker_processes auto;
events {{ worker_connections 1024; }}
http {{
    server_tokens on;
    map $http_origin $cors {{
        default "";
        ~^https://([a-z]+)\.site{number}\.example$ $http_origin;
    }}
    upstream app {{ server 127.0.0.1:{port}; }}
    server {{
        listen 80;
        server_name site{number}.example;
        return 301 https://$host$request_uri;
    }}
    server {{
        listen 443 ssl;
        server_name site{number}.example;
        ssl_certificate /etc/ssl/site.pem;
        ssl_certificate_key /etc/ssl/site.key;
        ssl_protocols TLSv1.1 TLSv1.2;
        add_header X-Frame-Options DENY always;
        add_header Access-Control-Allow-Origin $cors;
        location / {{
            proxy_set_header Host $http_host;
            proxy_pass http://app;
        }}
        location /static {{ alias /srv/static/; expires 1d; add_header Cache-Control public; }}
        location ~ ^/old/(.*)$ {{ return 302 https://site{number}.example/$1; }}
        location ~ \.php {{ fastcgi_pass unix:/run/php.sock; }}
        location = /status {{ stub_status; allow 127.0.0.1; }}
    }}
}}
"#,
        port = 8_000 + number % 1_000,
    )
}
