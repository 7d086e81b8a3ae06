//! What the guard of an upstream's connection shares with the exchange that uses it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};

use super::fault::Fault;
use super::response_head::Asked;
use super::response_stream::UpstreamPhase;
use super::traffic::Traffic;

/// One upstream connection as seen from outside its stream.
#[derive(Debug, Default)]
pub struct UpstreamWire {
    traffic: Traffic,
    exchanges: AtomicU64,
    asked: AtomicU8,
    phase: AtomicU8,
    phase_changes: AtomicU64,
    spent: AtomicBool,
    sent: AtomicBool,
    cut_short: AtomicBool,
    fault: OnceLock<Fault>,
}

impl UpstreamWire {
    /// Returns the counters and the switch that ends the connection.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Announces the next request. Called before each is handed to hyper; a response without it is a fault.
    pub fn expect(&self, asked: Asked) {
        self.asked.store(asked as u8, Relaxed);
        self.sent.store(false, Relaxed);
        self.exchanges.store(self.exchanges().wrapping_add(1), Relaxed);
    }

    /// Returns the fault that ended this connection, if one did. `BytesAfterResponse` and `UnsolicitedResponse` speak
    /// of the connection; the answer before them was whole.
    pub fn fault(&self) -> Option<Fault> {
        self.fault.get().copied()
    }

    /// Whether another request may be sent: no fault, no early end, and the last answer did not say otherwise.
    pub fn is_reusable(&self) -> bool {
        !self.spent.load(Relaxed)
    }

    /// Whether the upstream closed in the middle of an answer.
    pub fn is_cut_short(&self) -> bool {
        self.cut_short.load(Relaxed)
    }

    /// Whether any byte was written since the last `expect`; while not, the request can go elsewhere without harm.
    pub fn is_sent(&self) -> bool {
        self.sent.load(Relaxed)
    }

    /// Returns what the connection is in the middle of, as seen on the wire.
    pub fn phase(&self) -> UpstreamPhase {
        PHASES.get(usize::from(self.phase.load(Relaxed))).copied().unwrap_or(UpstreamPhase::Failed)
    }

    /// Returns a number that differs whenever another phase has begun.
    pub fn phase_changes(&self) -> u64 {
        self.phase_changes.load(Relaxed)
    }

    pub(super) fn exchanges(&self) -> u64 {
        self.exchanges.load(Relaxed)
    }

    pub(super) fn asked(&self) -> Asked {
        ASKED.get(usize::from(self.asked.load(Relaxed))).copied().unwrap_or(Asked::Other)
    }

    pub(super) fn publish(&self, phase: UpstreamPhase) {
        if self.phase.load(Relaxed) != phase as u8 {
            self.phase.store(phase as u8, Relaxed);
            self.phase_changes.store(self.phase_changes().wrapping_add(1), Relaxed);
        }
    }

    pub(super) fn note_sent(&self) {
        self.sent.store(true, Relaxed);
    }

    pub(super) fn note_spent(&self) {
        self.spent.store(true, Relaxed);
    }

    pub(super) fn note_cut_short(&self) {
        self.cut_short.store(true, Relaxed);
    }

    pub(super) fn fail(&self, fault: Fault) {
        // The first fault is the one that counts: nothing passes after it.
        let _ = self.fault.set(fault);
        self.note_spent();
    }
}

/// In the order of their numbers.
const ASKED: [Asked; 3] = [Asked::Head, Asked::Other, Asked::Upgrade];

/// In the order of their numbers.
const PHASES: [UpstreamPhase; 6] = [
    UpstreamPhase::Idle,
    UpstreamPhase::Awaiting,
    UpstreamPhase::Head,
    UpstreamPhase::Body,
    UpstreamPhase::Upgraded,
    UpstreamPhase::Failed,
];
