//! `bartizan serve`: from configuration to a running wall, until a signal ends it.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bartizan_proxy::config::{Config, UpstreamAddress};
use bartizan_proxy::pages::Pilot;
use bartizan_proxy::serve::{Running, StartError};
use bartizan_proxy::services::{AdminService, Door, LocalService, Services};
use bartizan_proxy::tls::FileStamps;
use bartizan_reports::alerts::Inbox;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::reload::{Handle, Layer};
use tracing_subscriber::util::SubscriberInitExt;

use super::load_or_show;
use super::served::Served;
use crate::autopilot::{Cockpit, raised};
use crate::cli::Serve;
use crate::config::{Colour, Environment, LogLevel, Overrides, load};
use crate::exit_code::Outcome;
use crate::output;
use crate::reporting::Reporting;
use crate::window::Window;

pub(super) fn run(serve: &Serve, environment: &Environment) -> anyhow::Result<Outcome> {
    if serve.config.is_none() && serve.upstream.is_empty() {
        output::hint("where is the app? Name it:");
        output::say("    bartizan serve --upstream http://127.0.0.1:8000 --host app.example");
        output::say("or write a file and name that:");
        output::say("    bartizan serve --config bartizan.toml");
        return Ok(Outcome::Usage);
    }
    let overrides = overrides(serve);
    // Looked at before it is read, so that a change in between is noticed.
    let mut stamps = FileStamps::of(serve.config.clone());
    let loaded = match load_or_show(serve.config.as_deref(), environment, &overrides) {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let level = start_log(loaded.log_level);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before anyone can connect: a reload that is asked for right then would end the process.
    let mut hang_up = {
        let _entered = runtime.enter();
        signal(SignalKind::hangup())?
    };
    let inbox = Arc::new(Inbox::default());
    let (autopilot, flight) = Cockpit::start(&loaded.autopilot, &loaded.reports, Arc::clone(&inbox))?.unzip();
    let (reporting, keeper) = Reporting::start(&loaded.reports, autopilot.clone(), inbox)?.unzip();
    let window = Window::open(&loaded, reporting.is_some(), autopilot.clone());
    let cockpit = autopilot.iter().map(|autopilot| Arc::clone(autopilot) as Arc<dyn AdminService>);
    let services = Services {
        local: reporting.iter().map(|reporting| Arc::clone(reporting) as Arc<dyn LocalService>).collect(),
        admin: cockpit.chain([Arc::clone(&window) as Arc<dyn AdminService>]).collect(),
        door: Some(Arc::clone(&window) as Arc<dyn Door>),
        pilot: autopilot.as_ref().map(|autopilot| Arc::clone(autopilot) as Arc<dyn Pilot>),
    };
    let sends = autopilot.as_ref().map(|autopilot| autopilot.sends()).unwrap_or_default();
    let running = match bartizan_proxy::serve::start_with(&raised(&loaded.config, &sends), services) {
        Ok(running) => running,
        Err(error) => {
            show(&error);
            return Ok(Outcome::Failed);
        }
    };
    window.show(&running, &loaded.config.server.state_dir)?;
    greet(&running, &loaded.config, loaded.dashboard.enabled);
    let drain = loaded.config.server.drain;
    let served = Served::new(running, reporting, autopilot, window, loaded, sends);
    let path = serve.config.as_deref();
    runtime.block_on(until_stopped(&served, path, environment, &overrides, &mut stamps, &level, &mut hang_up))?;
    info!("draining for {} s at most; a second signal ends at once", drain.as_secs());
    let drained = std::thread::spawn(move || served.drain());
    runtime.block_on(drained_or_stopped(&drained))?;
    // What the last exchanges taught and reported is stored before the end.
    drop(flight);
    drop(keeper);
    Ok(Outcome::Fine)
}

/// Returns when the wall has drained, or at the next signal.
async fn drained_or_stopped(drained: &std::thread::JoinHandle<()>) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !drained.is_finished() {
        tokio::select! {
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
            _ = tick.tick() => {}
        }
    }
    Ok(())
}

fn overrides(serve: &Serve) -> Overrides {
    Overrides {
        upstreams: serve.upstream.clone(),
        hosts: serve.host.clone(),
        listen: serve.listen.clone(),
        listen_http: serve.listen_http.clone(),
        admin: serve.admin,
        profile: serve.profile,
        state_dir: serve.state_dir.clone(),
        access_log: serve.log_format,
    }
}

/// Reloads on SIGHUP and when the file changes; returns at SIGTERM or SIGINT.
async fn until_stopped(
    served: &Served,
    path: Option<&Path>,
    environment: &Environment,
    overrides: &Overrides,
    stamps: &mut FileStamps,
    level: &Level,
    hang_up: &mut Signal,
) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut poll = tokio::time::interval(POLL);
    loop {
        tokio::select! {
            _ = hang_up.recv() => {
                stamps.refresh();
                reload(served, path, environment, overrides, level);
            }
            _ = poll.tick() => {
                if stamps.refresh() {
                    reload(served, path, environment, overrides, level);
                }
                served.climb();
            }
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        }
    }
}

/// Takes over the file as it is now; a bad one leaves the old configuration in force and says so.
fn reload(served: &Served, path: Option<&Path>, environment: &Environment, overrides: &Overrides, level: &Level) {
    let taken = match load(path, environment, overrides) {
        Ok(loaded) => {
            output::report(&loaded.warnings);
            // The log lives as long as the process, so there is always something to set.
            let level_of = filter(loaded.log_level);
            served.reload(loaded).map(|()| drop(level.reload(level_of))).map_err(|error| show(&error))
        }
        Err(report) => {
            output::report(&report);
            Err(())
        }
    };
    match taken {
        Ok(()) => info!("the new configuration is in force"),
        Err(()) => warn!("the new configuration was not taken; the old one stays in force"),
    }
}

/// The least important message that is written, to be changed by a reload.
type Level = Handle<LevelFilter, Registry>;

fn start_log(level: LogLevel) -> Level {
    let (filter, level) = Layer::new(filter(level));
    // Standard output belongs to the access log.
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let log = log.with_ansi(output::colour() == Colour::Always);
    let _ = Registry::default().with(filter).with(log).try_init();
    level
}

/// Starts a log that nothing changes later.
pub(super) fn start_log_plain() {
    drop(start_log(LogLevel::Info));
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

fn greet(running: &Running, config: &Config, has_dashboard: bool) {
    for site in &config.sites {
        let hosts: Vec<_> = site.hosts.iter().map(ToString::to_string).collect();
        let names = if hosts.is_empty() { "any host".to_owned() } else { hosts.join(", ") };
        let upstreams: Vec<_> = site.upstream.addresses.iter().map(UpstreamAddress::to_string).collect();
        info!("{names} → {}", upstreams.join(", "));
    }
    let addresses = running.addresses();
    for address in &addresses.tls {
        info!("listening on https://{address}");
    }
    for address in &addresses.http {
        info!("listening on http://{address}");
    }
    if let Some(admin) = addresses.admin {
        if has_dashboard {
            info!("the dashboard is on http://{admin}/");
        }
        info!("metrics and health on http://{admin}");
    }
}

/// Shows why a wall does not start, with the place to mend.
pub(crate) fn show(error: &StartError) {
    match error {
        StartError::Wall(errors) => errors.iter().for_each(|error| output::chain(error)),
        StartError::Listen { address, source } => {
            output::chain(error);
            match source.kind() {
                ErrorKind::PermissionDenied => output::hint(&format!(
                    "ports below 1024 need a right: `sudo setcap cap_net_bind_service=+ep $(command -v bartizan)`, \
                     AmbientCapabilities=CAP_NET_BIND_SERVICE in a systemd unit, or another port: \
                     --listen {ip}:8443 --listen-http {ip}:8080",
                    ip = match address.ip() {
                        std::net::IpAddr::V4(ip) => ip.to_string(),
                        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
                    }
                )),
                ErrorKind::AddrInUse => output::hint(&format!(
                    "another program has it: `ss -ltnp 'sport = :{}'` names it; or choose another port in \
                     `server.listen`, `server.listen_http` or `server.admin`",
                    address.port()
                )),
                ErrorKind::AddrNotAvailable => output::hint("this machine has no such address"),
                _ => {}
            }
        }
        other => output::chain(other),
    }
}

/// Soon enough for a person who saved the file and looks; a look costs one call to the system.
const POLL: Duration = Duration::from_secs(1);
