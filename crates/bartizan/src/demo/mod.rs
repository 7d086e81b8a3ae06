//! `bartizan demo`: a weak app, the wall before it, and what that changes, measured and not claimed.

mod app;
mod client;
mod compare;

use std::io::{ErrorKind, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::Demo;
use crate::command::show_start_error;
use crate::config::{Environment, Loaded, Overrides, from_text};
use crate::exit_code::Outcome;
use crate::output::{self, BOLD, DIM};

pub(crate) fn run(demo: &Demo, environment: &Environment) -> anyhow::Result<Outcome> {
    let app = app::start().context("cannot start the weak app")?;
    let tls = choose(demo.listen, 8443)?;
    let http = choose(demo.listen_http, 8080)?;
    let loaded = configure(demo, app, tls, http, environment)?;
    let running = match bartizan_proxy::serve::start(&loaded.config) {
        Ok(running) => running,
        Err(error) => {
            show_start_error(&error);
            return Ok(Outcome::Failed);
        }
    };
    let mut out = anstream::stdout();
    let link = |scheme: &str, address: SocketAddr| format!("{scheme}://localhost:{}/", address.port());
    writeln!(out, "{BOLD}hardened   {}{BOLD:#}   profile {}", link("https", tls), demo.profile)?;
    writeln!(out, "           {}   leads there", link("http", http))?;
    writeln!(out, "{DIM}as it was  http://{app}/{DIM:#}\n")?;
    // Programs that started the demo wait for the first line, and a pipe would keep it back.
    out.flush()?;
    let authority = loaded.config.server.state_dir.join("ca/ca.pem");
    compare::print(&mut out, app, tls, http, &authority)?;
    writeln!(
        out,
        "\n{DIM}Browsers warn of the certificate until {} is trusted.\nCtrl-C stops all.{DIM:#}",
        authority.display()
    )?;
    out.flush()?;
    wait_for_the_end()?;
    drop(running);
    Ok(Outcome::Fine)
}

fn wait_for_the_end() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        Ok(())
    })
}

/// Returns the address that was asked for, else the usual one, else one that is free.
fn choose(asked: Option<SocketAddr>, usual: u16) -> anyhow::Result<SocketAddr> {
    let wanted = asked.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, usual)));
    // The port has to be known before the wall starts: its redirects name it.
    let probe = match TcpListener::bind(wanted) {
        Err(error) if error.kind() == ErrorKind::AddrInUse && asked.is_none() => {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        }
        other => other,
    };
    let probe = probe.with_context(|| format!("cannot listen on {wanted}"))?;
    Ok(probe.local_addr()?)
}

/// The demo's wall is configured as any other: by a file.
fn configure(
    demo: &Demo,
    app: SocketAddr,
    tls: SocketAddr,
    http: SocketAddr,
    environment: &Environment,
) -> anyhow::Result<Loaded> {
    let text = include_str!("demo.toml")
        .replace("8443", &tls.port().to_string())
        .replace("http://127.0.0.1:8000", &format!("http://{app}"));
    let overrides =
        Overrides { listen: vec![tls], listen_http: vec![http], profile: Some(demo.profile), ..Overrides::default() };
    // Names that were meant for a real site would lock the demo's own out.
    let environment = Environment { variables: without_sites(environment), ..*environment };
    from_text(&text, "demo.toml", Path::new("."), &environment, &overrides).map_err(|report| {
        output::report(&report);
        anyhow::anyhow!("the demo's configuration is not accepted")
    })
}

fn without_sites(environment: &Environment) -> std::collections::BTreeMap<String, String> {
    let variables = environment.variables.iter().filter(|(name, _)| !name.starts_with("BARTIZAN_"));
    variables.map(|(name, value)| (name.clone(), value.clone())).collect()
}
