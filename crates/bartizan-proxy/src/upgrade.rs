//! What a connection becomes after a 101: two streams of bytes joined, nothing read into them.

use std::rc::Rc;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional_with_sizes};

use crate::body::RequestBody;
use crate::connection::Connection;
use crate::shared::Pass;
use crate::trail::Trail;
use crate::upstream::{UpgradedParts, UpgradedUpstream};
use crate::worker::Worker;

/// The upstream's side of an upgrade, kept until hyper has written the 101 to the client.
#[derive(Debug)]
pub(crate) struct Upgrade {
    /// The app's stream, once its own head has been read to the end.
    pub(crate) upstream: UpgradedUpstream<RequestBody>,
    /// The record of the exchange, which ends with the upgraded connection.
    pub(crate) trail: Option<Box<Trail>>,
    /// Its place among the requests that run at the app.
    pub(crate) pass: Option<Pass>,
}

/// Joins client and app until both are done, or the connection is ended from outside.
pub(crate) async fn splice<S>(
    worker: &Rc<Worker>,
    connection: &Rc<Connection>,
    mut client: S,
    early: Bytes,
    upgrade: Upgrade,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Upgrade { upstream, mut trail, pass: _pass } = upgrade;
    if let Some(wire) = &connection.wire {
        wire.upgraded();
    }
    let Ok(UpgradedParts { io: mut app, read: early_answer, load: _load }) = upstream.into_parts().await else {
        return;
    };
    let join = async {
        // What either side sent right behind the head belongs to the new protocol.
        app.write_all(&early).await?;
        client.write_all(&early_answer).await?;
        client.flush().await?;
        copy_bidirectional_with_sizes(&mut client, &mut app, PIECE, PIECE).await
    };
    let killed = std::future::poll_fn(|cx| connection.kill.poll(cx));
    tokio::select! {
        joined = join => {
            if let (Ok((_, sent)), Some(trail)) = (&joined, &mut trail) {
                trail.sent(usize::try_from(*sent).unwrap_or(usize::MAX));
                trail.complete();
            }
        }
        () = killed => {}
        () = worker.closing() => {}
    }
}

/// Chat messages fit; a stream of pictures still moves in few calls.
const PIECE: usize = 8 * 1024;
