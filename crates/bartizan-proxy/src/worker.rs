//! One core's share of the wall: its listeners, its connections, its pool of upstream connections.
//!
//! A worker is one thread with one runtime; nothing in it is locked. What workers share is in
//! [`Shared`] and in the immutable [`Wall`], which is swapped whole.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use slab::Slab;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::access_log::LogWriter;
use crate::body::RequestBody;
use crate::connection::{self, Connection};
use crate::serve::Stage;
use crate::shared::Shared;
use crate::upstream::Pool;
use crate::wall::{HeldWall, Wall};

/// What one serving thread owns.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) number: usize,
    pub(crate) shared: Arc<Shared>,
    pub(crate) pool: Pool<RequestBody>,
    pub(crate) log: Rc<LogWriter>,
    wall: Arc<ArcSwap<Wall>>,
    /// The wall as last seen, counted by this thread alone: no request touches a counter the cores share.
    seen: RefCell<Rc<HeldWall>>,
    connections: RefCell<Slab<Rc<Connection>>>,
    stage: watch::Receiver<Stage>,
}

/// A listening socket and what is spoken on it.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) socket: std::net::TcpListener,
    pub(crate) is_tls: bool,
}

impl Worker {
    pub(crate) fn new(
        number: usize,
        shared: Arc<Shared>,
        wall: Arc<ArcSwap<Wall>>,
        log: LogWriter,
        stage: watch::Receiver<Stage>,
    ) -> Rc<Self> {
        Rc::new(Self {
            number,
            shared,
            pool: Pool::new(),
            log: Rc::new(log),
            seen: RefCell::new(Rc::new(HeldWall(wall.load_full()))),
            wall,
            connections: RefCell::default(),
            stage,
        })
    }

    /// Returns the configuration in force; an exchange keeps the one it began with.
    pub(crate) fn wall(&self) -> Rc<HeldWall> {
        let current = self.wall.load();
        let mut seen = self.seen.borrow_mut();
        if !Arc::ptr_eq(&seen.0, &current) {
            *seen = Rc::new(HeldWall(Arc::clone(&current)));
        }
        Rc::clone(&seen)
    }

    /// Makes a connection known to the sweeper for as long as the place is held.
    pub(crate) fn enter(self: &Rc<Self>, connection: &Rc<Connection>) -> Place {
        let key = self.connections.borrow_mut().insert(Rc::clone(connection));
        if *self.stage.borrow() != Stage::Serving {
            connection.drain.turn_on();
        }
        Place { worker: Rc::clone(self), key }
    }

    /// Returns once connections are to be cut off.
    pub(crate) async fn closing(&self) {
        let mut stage = self.stage.clone();
        // The sender lives as long as the wall; without one there is nothing left to serve.
        let _ = stage.wait_for(|stage| *stage == Stage::Closing).await;
    }

    /// Accepts and serves until the wall drains, and every connection is over.
    pub(crate) async fn run(self: Rc<Self>, listeners: Vec<Listener>) {
        let mut accepting = Vec::new();
        for listener in listeners {
            let Ok(socket) = TcpListener::from_std(listener.socket) else { continue };
            accepting.push(tokio::task::spawn_local(Rc::clone(&self).accept(socket, listener.is_tls)));
        }
        let sweeper = tokio::task::spawn_local(Rc::clone(&self).sweep_forever());
        let mut stage = self.stage.clone();
        let _ = stage.wait_for(|stage| *stage != Stage::Serving).await;
        for task in accepting {
            task.abort();
        }
        for (_, connection) in self.connections.borrow().iter() {
            connection.drain.turn_on();
        }
        while !self.connections.borrow().is_empty() {
            tokio::select! {
                () = tokio::time::sleep(DRAIN_TICK) => {}
                () = self.closing() => {
                    for (_, connection) in self.connections.borrow().iter() {
                        connection.kill.turn_on();
                    }
                    // One turn for the killed tasks to drop what they hold, and to leave their record.
                    tokio::time::sleep(DRAIN_TICK).await;
                    break;
                }
            }
        }
        sweeper.abort();
    }

    async fn accept(self: Rc<Self>, socket: TcpListener, is_tls: bool) {
        loop {
            match socket.accept().await {
                Ok((tcp, peer)) => self.admit(tcp, peer, is_tls),
                // Out of descriptors, most likely: some must be given back first.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }

    fn admit(self: &Rc<Self>, tcp: TcpStream, peer: SocketAddr, is_tls: bool) {
        let wall = self.wall();
        let is_proxy = wall.is_trusted_proxy(peer.ip());
        if wall.server.proxy_protocol == crate::config::ProxyProtocol::Required && !is_proxy {
            self.shared.metrics.connections_refused.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // A proxy before us brings everybody's connections.
        let limits = if is_proxy { &wall.limits_for_proxies } else { &wall.server.limits };
        let Ok(permit) = self.shared.clients.try_open(peer.ip(), limits) else {
            self.shared.metrics.connections_refused.fetch_add(1, Ordering::Relaxed);
            return;
        };
        tokio::task::spawn_local(connection::serve(Rc::clone(self), tcp, peer, is_tls, permit));
    }

    async fn sweep_forever(self: Rc<Self>) {
        let mut ticks = tokio::time::interval(SWEEP_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = Instant::now();
            let wall = self.wall();
            // Turning a switch only wakes; no task runs while the table is borrowed.
            for (_, connection) in self.connections.borrow().iter() {
                connection.sweep(now, &wall.server.limits);
            }
            self.pool.prune(now);
        }
    }
}

/// A connection's place in the sweeper's table.
#[derive(Debug)]
pub(crate) struct Place {
    worker: Rc<Worker>,
    key: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.worker.connections.borrow_mut().try_remove(self.key);
    }
}

/// Limits are seconds; half a second late is early enough.
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// How soon a drained wall notices that its last connection is over.
const DRAIN_TICK: Duration = Duration::from_millis(20);

/// Short for a client, long for a processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
