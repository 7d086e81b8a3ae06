//! Programs that come as Debian packages.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::project::Project;

/// A package and the program that shows it is there, however it was installed.
static PACKAGES: &[(&str, &str)] = &[
    ("apache2", "apache2"),              // judges what `audit --fix` writes
    ("caddy", "caddy"),                  // serves what `export` writes
    ("chromium", "chromium"),            // the browser in front of the wall
    ("chromium-driver", "chromedriver"), // drives it
    ("curl", "curl"),                    // a client that is not ours
    ("haproxy", "haproxy"),              // peer in `bench`, serves what `export` writes
    ("libnginx-mod-http-modsecurity", "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so"), // peer in `bench waf`
    ("modsecurity-crs", "/usr/share/modsecurity-crs/owasp-crs.load"), // its rules, which are tests of ours, too
    ("nghttp2-client", "h2load"),        // load for HTTP/2, a client with real flow control
    ("nginx", "nginx"),                  // peer in `bench`, judges what `audit --fix` writes
    ("openssl", "openssl"),              // certificates, and a second opinion on our TLS
    ("postgresql", "pg_ctlcluster"),     // a store of reports
    ("python3-venv", "python3"),         // the apps behind the wall
    ("wrk", "wrk"),                      // load for HTTP/1.1
];

/// Installs the missing packages with apt.
pub(super) fn ensure(_: &Project) -> Result<String> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(format!("all {} are there", PACKAGES.len()));
    }
    println!("missing: {}", missing.join(" "));
    if process::find("apt-get").is_none() {
        bail!("no apt-get here; install by hand: {}", missing.join(" "));
    }
    process::run(apt()?.args(["update", "-qq"]))?;
    process::run(apt()?.args(["install", "-qq", "--yes", "--no-install-recommends"]).args(&missing))?;
    Ok(format!("installed {}", missing.join(" ")))
}

fn missing() -> Vec<&'static str> {
    let is_missing = |(package, program): &&(&str, &str)| process::find(program).is_none() || !is_whole(package);
    PACKAGES.iter().filter(is_missing).map(|(package, _)| *package).collect()
}

/// Debian's Python is there without the part that makes environments; any other Python has it.
fn is_whole(package: &str) -> bool {
    let has_module = |module: &str| {
        Command::new("python3").args(["-c", &format!("import {module}")]).output().is_ok_and(|it| it.status.success())
    };
    package != "python3-venv" || (has_module("ensurepip") && has_module("venv"))
}

/// Returns apt as root: directly, or through sudo where that needs no password.
fn apt() -> Result<Command> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let mut command = if is_root {
        Command::new("env")
    } else if process::find("sudo").is_some() {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    } else {
        bail!("root is needed: sudo apt-get install {}", missing().join(" "));
    };
    // Passed by `env`, since sudo drops the variables of its caller.
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Ok(command)
}
