//! The connection behind a 101: taken back from hyper and handed over with what was already read.

use std::fmt;

use bytes::Bytes;
use tokio::sync::oneshot;

use super::balance::Running;
use super::connection::Http1;
use super::stream::UpstreamStream;
use super::{ExchangeBody, UpstreamError, UpstreamErrorKind};
use crate::wire::ResponseGuard;

/// A connection to the app that changes its protocol after the app's 101. Dropping it closes the connection.
pub struct UpgradedUpstream<B: ExchangeBody> {
    /// Kept so that the connection's task lives until it has handed over.
    connection: Http1<B>,
    handover: oneshot::Receiver<Handover>,
    running: Option<Running>,
}

/// What hyper leaves behind.
pub(super) struct Handover {
    pub(super) io: ResponseGuard<UpstreamStream>,
    pub(super) read: Bytes,
}

/// A connection to the app that no longer speaks HTTP.
#[derive(Debug)]
pub struct UpgradedParts {
    /// The stream, behind a guard that lets everything pass from now on.
    pub io: ResponseGuard<UpstreamStream>,
    /// What the app sent right behind its 101; comes before anything read from `io`.
    pub read: Bytes,
    /// To be kept as long as `io`: the connection counts as a running request.
    pub load: UpgradedLoad,
}

/// Counts an upgraded connection as a running request until it is dropped.
#[derive(Debug)]
pub struct UpgradedLoad {
    _running: Option<Running>,
}

impl<B: ExchangeBody> UpgradedUpstream<B> {
    pub(super) fn new(connection: Http1<B>, handover: oneshot::Receiver<Handover>, running: Option<Running>) -> Self {
        Self { connection, handover, running }
    }

    /// Waits for hyper to let go of the connection.
    pub async fn into_parts(self) -> Result<UpgradedParts, UpstreamError> {
        let Self { connection, handover, running } = self;
        let Handover { io, read } =
            handover.await.map_err(|_| UpstreamError::new(UpstreamErrorKind::Closed, connection.address(), None))?;
        Ok(UpgradedParts { io, read, load: UpgradedLoad { _running: running } })
    }
}

impl<B: ExchangeBody> fmt::Debug for UpgradedUpstream<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpgradedUpstream").finish_non_exhaustive()
    }
}
