//! Starting, reloading and stopping the wall.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::runtime::LocalRuntime;
use tokio::sync::watch;

use crate::access_log::LogThread;
use crate::config::Config;
use crate::control;
use crate::services::Services;
use crate::shared::Shared;
use crate::view::View;
use crate::wall::Wall;
pub use crate::wall::WallError;
use crate::worker::{Listener, Worker};

/// A wall that serves; dropping it cuts off every connection.
#[derive(Debug)]
pub struct Running {
    wall: Arc<ArcSwap<Wall>>,
    shared: Arc<Shared>,
    stage: watch::Sender<Stage>,
    workers: Vec<JoinHandle<()>>,
    control: Option<JoinHandle<()>>,
    addresses: Addresses,
    drain: Duration,
    log: Option<Arc<LogThread>>,
}

/// Where a wall listens, with the ports the system chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses {
    /// TLS.
    pub tls: Vec<SocketAddr>,
    /// Plain HTTP.
    pub http: Vec<SocketAddr>,
    /// Metrics and health.
    pub admin: Option<SocketAddr>,
}

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Connections are accepted.
    Serving,
    /// What runs may end.
    Draining,
    /// What runs is cut off.
    Closing,
}

/// Why a wall does not start, or does not take a new configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The configuration names things that are not there, or do not fit.
    #[error("the configuration cannot be served")]
    Wall(Vec<WallError>),
    /// The system has no thread or timer to give.
    #[error("cannot start a worker")]
    Worker(#[source] std::io::Error),
    /// A setting that only a restart can change.
    #[error("`{key}` cannot change while the wall runs")]
    NeedsRestart {
        /// The key in the configuration.
        key: &'static str,
    },
}

/// Starts to serve; returns once every listener accepts.
///
/// # Errors
///
/// A [`StartError`]; nothing is left running then.
pub fn start(config: &Config) -> Result<Running, StartError> {
    start_with(config, Services::default())
}

/// Starts to serve, with services that answer beside the apps.
///
/// # Errors
///
/// As [`start`].
pub fn start_with(config: &Config, services: Services) -> Result<Running, StartError> {
    let workers = config.server.workers.get();
    let shared = Arc::new(Shared::with_services(workers, services));
    let wall = Wall::build(config, &shared).map_err(StartError::Wall)?;
    let mut addresses = Addresses::default();
    let mut listeners: Vec<Vec<Listener>> = (0..workers).map(|_| Vec::new()).collect();
    for (wanted, is_tls) in [(&config.server.listen, true), (&config.server.listen_http, false)] {
        for address in wanted {
            let listen = |source| StartError::Listen { address: *address, source };
            let bound = claim(*address).map_err(listen)?;
            for listeners in &mut listeners {
                listeners.push(Listener { socket: listen_beside_others(bound).map_err(listen)?, is_tls });
            }
            if is_tls { &mut addresses.tls } else { &mut addresses.http }.push(bound);
        }
    }
    let admin = match config.server.admin {
        Some(address) => {
            let listen = |source| StartError::Listen { address, source };
            match std::net::TcpListener::bind(address) {
                Ok(socket) => {
                    socket.set_nonblocking(true).map_err(listen)?;
                    addresses.admin = Some(socket.local_addr().map_err(listen)?);
                    Some(socket)
                }
                Err(error) if config.server.admin_if_free && error.kind() == ErrorKind::AddrInUse => {
                    tracing::warn!(
                        "no metrics: {address} is taken; `server.admin` chooses another address, or \"none\""
                    );
                    None
                }
                Err(error) => return Err(listen(error)),
            }
        }
        None => None,
    };
    let (log, writers) = LogThread::start(config.server.access_log, workers).map_err(StartError::Worker)?;
    let log = Arc::new(log);
    let (stage, stage_seen) = watch::channel(Stage::Serving);
    let wall = Arc::new(ArcSwap::from_pointee(wall));
    let mut running = Running {
        wall: Arc::clone(&wall),
        shared: Arc::clone(&shared),
        stage,
        workers: Vec::new(),
        control: None,
        addresses,
        drain: config.server.drain,
        log: Some(Arc::clone(&log)),
    };
    for (number, (listeners, writer)) in listeners.into_iter().zip(writers).enumerate() {
        let (shared, wall, stage) = (Arc::clone(&shared), Arc::clone(&wall), stage_seen.clone());
        running.workers.push(spawn(format!("worker-{number}"), move |runtime| {
            runtime.block_on(Worker::new(number, shared, wall, writer, stage).run(listeners));
        })?);
    }
    running.control = Some(spawn("control".to_owned(), move |runtime| {
        runtime.block_on(control::run(admin, wall, shared, log, stage_seen));
    })?);
    Ok(running)
}

impl Running {
    /// Returns where the wall listens.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Returns what the workers share: counts, and what the firewall found.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Returns what can be asked while the wall runs.
    pub fn view(&self) -> View {
        View::new(Arc::clone(&self.wall), Arc::clone(&self.shared))
    }

    /// Takes over a new configuration; exchanges that run go on with the old one.
    ///
    /// # Errors
    ///
    /// A [`StartError`]; the old configuration stays in force then.
    pub fn reload(&self, config: &Config) -> Result<(), StartError> {
        let result = self.try_reload(config);
        self.shared.metrics.reloads[usize::from(result.is_err())].fetch_add(1, Ordering::Relaxed);
        result
    }

    fn try_reload(&self, config: &Config) -> Result<(), StartError> {
        let old = self.wall.load();
        for (key, is_same) in [
            ("server.listen", old.server.listen == config.server.listen),
            ("server.listen_http", old.server.listen_http == config.server.listen_http),
            ("server.admin", old.server.admin == config.server.admin),
            ("server.workers", old.server.workers == config.server.workers),
            ("server.log.access", old.server.access_log == config.server.access_log),
            ("server.drain", old.server.drain == config.server.drain),
        ] {
            if !is_same {
                return Err(StartError::NeedsRestart { key });
            }
        }
        let wall = Wall::build(config, &self.shared).map_err(StartError::Wall)?;
        self.wall.store(Arc::new(wall));
        Ok(())
    }

    /// Stops accepting, lets running exchanges end for as long as the configuration allows, then returns.
    pub fn drain(mut self) {
        let _ = self.stage.send(Stage::Draining);
        let deadline = std::time::Instant::now() + self.drain;
        while std::time::Instant::now() < deadline && self.workers.iter().any(|thread| !thread.is_finished()) {
            std::thread::sleep(JOIN_TICK);
        }
        self.close();
    }

    fn close(&mut self) {
        let _ = self.stage.send(Stage::Closing);
        for thread in self.workers.drain(..).chain(self.control.take()) {
            // A worker that panicked outside an exchange has said so on standard error.
            let _ = thread.join();
        }
        self.log = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
    }
}

/// Starts a thread with a runtime of its own; returns once the runtime is there.
fn spawn(name: String, run: impl FnOnce(&LocalRuntime) + Send + 'static) -> Result<JoinHandle<()>, StartError> {
    let (ready, is_ready) = std::sync::mpsc::channel();
    let body = move || match tokio::runtime::Builder::new_current_thread().enable_all().build_local(Default::default())
    {
        Ok(runtime) => {
            let _ = ready.send(Ok(()));
            run(&runtime);
        }
        Err(error) => {
            let _ = ready.send(Err(error));
        }
    };
    let thread = std::thread::Builder::new().name(name).spawn(body).map_err(StartError::Worker)?;
    match is_ready.recv() {
        Ok(Err(error)) => Err(StartError::Worker(error)),
        _ => Ok(thread),
    }
}

/// Makes sure that an address is free, and returns it with its port.
///
/// Sockets of one owner may share a port (SO_REUSEPORT), so without this a second wall would take half
/// of the first one's visitors in silence. It only binds, which a listener of another's prevents: a
/// visitor who came to a socket that is closed again would be cut off.
fn claim(address: SocketAddr) -> std::io::Result<SocketAddr> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    socket.local_addr()?.as_socket().ok_or_else(|| std::io::Error::other("the socket has no address"))
}

fn listen_beside_others(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    if address.is_ipv6() {
        // `[::]` and `0.0.0.0` are written, and claimed, each on its own.
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// As nginx's.
const BACKLOG: i32 = 511;

const JOIN_TICK: Duration = Duration::from_millis(10);
