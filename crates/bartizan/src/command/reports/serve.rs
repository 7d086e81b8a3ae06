//! `bartizan reports serve`: a collector of its own, without a wall.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bartizan_reports::address::Queries;
use bartizan_reports::alerts::{Settings, Watch};
use bartizan_reports::collector::{self, Collector};
use bartizan_reports::counting::Bounds;
use bartizan_reports::endpoint::Endpoint;
use bartizan_reports::forwarded::Proxies;
use bartizan_reports::rules::{NO_NAME, SiteRules, Sites};
use bartizan_reports::server;
use bartizan_reports::store::{Place, Store};
use clap::Args;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::StoreFile;
use crate::command::load_or_show;
use crate::config::{Environment, Overrides};
use crate::exit_code::Outcome;
use crate::output::say;
use crate::window;

/// `bartizan reports serve`.
#[derive(Debug, Args)]
#[command(after_help = ENDPOINTS)]
pub struct Serve {
    #[command(flatten)]
    store: StoreFile,
    /// The address that browsers report to; TLS is a proxy's work.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9190")]
    listen: SocketAddr,
    /// The address of metrics, health and, on this machine, the dashboard; none where it is not given.
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<SocketAddr>,
    /// The path below which reports are taken.
    #[arg(long, value_name = "PATH", default_value = "/reports", value_parser = path)]
    path: String,
    /// A site that is collected for, as its name stands in endpoints; may be given again. Without one, any is.
    #[arg(long, value_name = "SITE")]
    site: Vec<String>,
    /// Keep queries, which may hold tokens and names.
    #[arg(long)]
    dangerous_keep_queries: bool,
    /// Reports a minute of each site; more are shed.
    #[arg(long, value_name = "NUMBER")]
    quota: Option<u64>,
    /// The share of bodies that is looked at, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    sample: f64,
    /// Days until a group that is not seen any more is forgotten.
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..))]
    keep: u32,
    /// Milliseconds that counts wait for the store: what a crash can lose.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    flush: u64,
    /// Reports that wait for the store at most; a crash loses no more than twice as many.
    #[arg(long, value_name = "NUMBER", default_value_t = Bounds::default().waiting_reports)]
    most_waiting: u64,
    /// Groups of one site at most; reports beyond them are counted in one.
    #[arg(long, value_name = "NUMBER", default_value_t = Bounds::default().groups_per_site)]
    groups: usize,
    /// A proxy or a network of proxies that is believed about who sent a report; may be given again.
    #[arg(long, value_name = "ADDRESS|NETWORK", value_parser = crate::cli::word::<IpNet>)]
    trusted_proxy: Vec<IpNet>,
    /// The file whose `[reports.alerts]` says what is worth an alert, and who is told.
    #[arg(long, value_name = "FILE")]
    alerts: Option<PathBuf>,
    /// Threads that receive.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: u16,
}

pub(super) fn run(serve: &Serve, environment: &Environment) -> anyhow::Result<Outcome> {
    crate::command::serve::start_log_plain();
    let place = serve.store.place(environment);
    let alerts = match serve.alerts.as_deref() {
        None => Settings::default(),
        Some(path) => match load_or_show(Some(path), environment, &Overrides::default()) {
            Ok(loaded) => loaded.reports.alerts,
            Err(outcome) => return Ok(outcome),
        },
    };
    let (collector, keeper) = Collector::start(settings(serve), open(&place)?)?;
    let endpoint = Endpoint::new(Arc::clone(&collector), &serve.path);
    let watching = Watch::start(alerts, place.clone(), Arc::default())?;
    let proxies = Arc::new(Proxies(serve.trusted_proxy.clone()));
    let (end, ended) = watch::channel(false);
    let mut workers = Vec::new();
    let mut address = serve.listen;
    for _ in 0..serve.workers {
        let socket = listen(address).with_context(|| format!("cannot listen on {address}"))?;
        // The first takes the port that the others share.
        address = socket.local_addr()?;
        let (endpoint, proxies, ended) = (endpoint.clone(), Arc::clone(&proxies), ended.clone());
        workers.push(std::thread::Builder::new().name("receiver".to_owned()).spawn(
            move || -> std::io::Result<()> {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                runtime.block_on(async {
                    server::serve(TcpListener::from_std(socket)?, endpoint, proxies, ended).await;
                    Ok(())
                })
            },
        )?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        if let Some(admin) = serve.admin {
            let socket = TcpListener::bind(admin).await.with_context(|| format!("cannot listen on {admin}"))?;
            let address = socket.local_addr()?;
            say(&format!("metrics and health on http://{address}"));
            // Users are of a wall's configuration: without them only this machine may look.
            let beside = address.ip().is_loopback().then(|| window::beside(place.clone()));
            say(&match beside {
                Some(_) => format!("the dashboard is on http://{address}/"),
                None => "no dashboard: without users it is for this machine alone".to_owned(),
            });
            let alerts = Arc::clone(watching.counters());
            tokio::spawn(server::serve_admin(socket, endpoint.clone(), alerts, beside, ended.clone()));
        }
        say(&format!("taking reports on http://{address}{}, storing them in {place}", serve.path));
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        anyhow::Ok(())
    });
    // Nobody is left to tell where every worker has ended.
    let _ = end.send(true);
    for worker in workers {
        match worker.join() {
            Ok(result) => result?,
            Err(_) => anyhow::bail!("a receiver panicked"),
        }
    }
    keeper.stop();
    done.map(|()| Outcome::Fine)
}

/// Opens the store; a damaged one is put aside and said to be.
pub(crate) fn open(place: &Place) -> anyhow::Result<Box<dyn Store>> {
    let opened = place.open();
    let (store, aside) = opened.with_context(|| format!("cannot open the store of reports {place}"))?;
    if let Some(aside) = aside {
        tracing::error!("the store of reports was damaged; it lies at {} and a new one is begun", aside.display());
    }
    Ok(store)
}

fn settings(serve: &Serve) -> collector::Settings {
    let rules = |name: &str| SiteRules {
        queries: if serve.dangerous_keep_queries { Queries::Keep } else { Queries::Drop },
        quota: serve.quota,
        sample: serve.sample,
        ..SiteRules::new(name)
    };
    let named: Vec<_> = serve.site.iter().map(|name| rules(name)).collect();
    let others = named.is_empty().then(|| rules(NO_NAME));
    let counting = Bounds {
        waiting_reports: serve.most_waiting.max(1),
        groups_per_site: serve.groups,
        groups: serve.groups.max(Bounds::default().groups),
        ..Bounds::default()
    };
    collector::Settings {
        sites: Sites { named, others },
        counting,
        flush: Duration::from_millis(serve.flush),
        keep: Duration::from_secs(u64::from(serve.keep) * 24 * 3600),
        ..collector::Settings::default()
    }
}

fn listen(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    // Sockets of tokio need a runtime to live in; here they only begin.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
        socket.set_reuseaddr(true)?;
        socket.set_reuseport(true)?;
        socket.bind(address)?;
        socket.listen(1024)?.into_std()
    })
}

fn path(text: &str) -> Result<String, String> {
    if text.starts_with('/') { Ok(text.to_owned()) } else { Err("a path begins with /".to_owned()) }
}

fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "not between 0 and 1".to_owned())
}

const ENDPOINTS: &str = "\
Browsers report to PATH, PATH/SITE or PATH/SITE/VERSION, where VERSION is that of the policy:
    Reporting-Endpoints: default=\"https://reports.example/reports/app.example/7\"
    Content-Security-Policy: …; report-to default; report-uri https://reports.example/reports/app.example/7
Every answer but to nonsense is 204, also where reports are shed; the metrics say how many are.";
