//! What the guard of a client's connection shares with the service behind hyper and with the sweeper of time limits.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};

use super::fault::Fault;
use super::request_stream::Phase;
use super::traffic::Traffic;

/// One connection as seen from outside its stream.
#[derive(Debug, Default)]
pub struct WireState {
    traffic: Traffic,
    phase: AtomicU8,
    phase_changes: AtomicU64,
    heads: AtomicU64,
    refused: OnceLock<(u64, Fault)>,
    cut_short: AtomicBool,
    expired: AtomicU8,
    decision: AtomicU8,
}

impl WireState {
    /// Returns the counters and the switch that ends the connection.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Returns what the connection is in the middle of, as seen on the wire: a request that is being answered, or that
    /// waits in hyper's buffer, is over here.
    pub fn phase(&self) -> Phase {
        PHASES.get(usize::from(self.phase.load(Relaxed))).copied().unwrap_or(Phase::Refused)
    }

    /// Returns a number that differs whenever another phase, or the same one of another request, has begun.
    pub fn phase_changes(&self) -> u64 {
        self.phase_changes.load(Relaxed)
    }

    /// Returns how many heads were let through, the refused one included.
    pub fn heads(&self) -> u64 {
        self.heads.load(Relaxed)
    }

    /// Returns the fault of the request with this number, counted from 0 in the order in which hyper delivers them.
    ///
    /// For a faulty head, hyper delivers a stand-in in its place, which must be answered with the refusal.
    pub fn fault_for(&self, request: u64) -> Option<Fault> {
        self.refused.get().filter(|(refused, _)| *refused == request).map(|(_, fault)| *fault)
    }

    /// Returns the fault that ended this connection, if one did.
    pub fn fault(&self) -> Option<Fault> {
        self.refused.get().map(|(_, fault)| *fault)
    }

    /// Whether the client left in the middle of a head or a body.
    pub fn is_cut_short(&self) -> bool {
        self.cut_short.load(Relaxed)
    }

    /// Refuses the head that is awaited or has begun, with `HeadTimeout`, as if it were faulty. Elsewhere: nothing.
    ///
    /// Meant for times when the read is pending: otherwise it is us for whom the client waits.
    pub fn expire_head(&self) {
        self.expire(EXPIRED_HEAD);
    }

    /// Breaks off the body that is outstanding, with `BodyTimeout`, as if it were faulty. Elsewhere: nothing.
    pub fn expire_body(&self) {
        self.expire(EXPIRED_BODY);
    }

    /// Lets what was held behind a request for an upgrade pass, and all that follows. Called when 101 is answered.
    pub fn upgraded(&self) {
        self.decide(Decision::Upgraded);
    }

    /// Takes what was held behind a request for an upgrade as the next request. Called when it is not granted.
    pub fn not_upgraded(&self) {
        self.decide(Decision::NotUpgraded);
    }

    fn expire(&self, what: u8) {
        self.expired.store(what, Relaxed);
        self.traffic.wake_reader();
    }

    fn decide(&self, decision: Decision) {
        self.decision.store(decision as u8, Relaxed);
        self.traffic.wake_reader();
    }

    /// Takes what has expired, so that it never hits a later phase.
    pub(super) fn take_expired(&self) -> Option<Fault> {
        let expired = self.expired.load(Relaxed);
        if expired == 0 {
            return None;
        }
        self.expired.store(0, Relaxed);
        match (expired, self.phase()) {
            (EXPIRED_HEAD, Phase::Idle | Phase::Head) => Some(Fault::HeadTimeout),
            (EXPIRED_BODY, Phase::Body) => Some(Fault::BodyTimeout),
            _ => None,
        }
    }

    /// Whether something outside has changed that the reader has not yet looked at.
    pub(super) fn has_news(&self) -> bool {
        self.expired.load(Relaxed) != 0 || (self.phase() == Phase::Upgrading && self.decision.load(Relaxed) != 0)
    }

    /// Takes the decision about the upgrade that is asked for.
    pub(super) fn take_decision(&self) -> Option<Decision> {
        match self.decision.swap(0, Relaxed) {
            UPGRADED => Some(Decision::Upgraded),
            NOT_UPGRADED => Some(Decision::NotUpgraded),
            _ => None,
        }
    }

    pub(super) fn publish(&self, phase: Phase, heads: u64) {
        if self.phase.load(Relaxed) != phase as u8 || self.heads() != heads {
            if phase == Phase::Upgrading {
                // A word about an earlier request decides nothing about this one.
                self.decision.store(0, Relaxed);
            }
            self.phase.store(phase as u8, Relaxed);
            self.heads.store(heads, Relaxed);
            self.phase_changes.store(self.phase_changes().wrapping_add(1), Relaxed);
        }
    }

    pub(super) fn refuse(&self, request: u64, fault: Fault) {
        // The first fault is the one that counts: nothing passes after it.
        let _ = self.refused.set((request, fault));
    }

    pub(super) fn note_cut_short(&self) {
        self.cut_short.store(true, Relaxed);
    }
}

/// What became of a request for an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Decision {
    Upgraded = UPGRADED,
    NotUpgraded = NOT_UPGRADED,
}

const UPGRADED: u8 = 1;
const NOT_UPGRADED: u8 = 2;
const EXPIRED_HEAD: u8 = 1;
const EXPIRED_BODY: u8 = 2;

/// In the order of their numbers.
const PHASES: [Phase; 8] = [
    Phase::Idle,
    Phase::Head,
    Phase::Body,
    Phase::Upgrading,
    Phase::Upgraded,
    Phase::Last,
    Phase::Refused,
    Phase::Lingering,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phase_is_read_back_and_begins_a_change() {
        let state = WireState::default();
        assert_eq!((state.phase(), state.phase_changes()), (Phase::Idle, 0));
        for (changes, phase) in PHASES.into_iter().enumerate().skip(1) {
            state.publish(phase, 0);
            state.publish(phase, 0);
            assert_eq!((state.phase(), state.phase_changes()), (phase, changes as u64));
        }
        assert_eq!(state.phase(), Phase::Lingering, "the last phase is missing from the table");
        state.publish(Phase::Lingering, 1);
        assert_eq!(state.phase_changes(), 8);
    }

    #[test]
    fn what_expires_hits_only_its_phase() {
        let state = WireState::default();
        for (phase, head, body) in [
            (Phase::Idle, Some(Fault::HeadTimeout), None),
            (Phase::Head, Some(Fault::HeadTimeout), None),
            (Phase::Body, None, Some(Fault::BodyTimeout)),
            (Phase::Upgraded, None, None),
        ] {
            state.publish(phase, 0);
            state.expire_head();
            assert_eq!((state.take_expired(), state.take_expired()), (head, None), "{phase:?}");
            state.expire_body();
            assert_eq!((state.take_expired(), state.take_expired()), (body, None), "{phase:?}");
        }
    }

    #[test]
    fn a_decision_is_about_the_request_at_hand() {
        let state = WireState::default();
        state.upgraded();
        state.publish(Phase::Upgrading, 1);
        assert_eq!(state.take_decision(), None);
        state.not_upgraded();
        assert_eq!((state.take_decision(), state.take_decision()), (Some(Decision::NotUpgraded), None));
    }
}
