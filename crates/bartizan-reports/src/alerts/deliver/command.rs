//! A program that is run: alerts come as JSON on its standard input, their number and subject in its environment.
//!
//! No shell is between, and no foreign text becomes an argument.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{DeliveryError, LIMIT, Run};
use crate::alerts::{Alert, wording};

pub(super) async fn deliver(run: &Run, alerts: &[Alert]) -> Result<(), DeliveryError> {
    let (program, arguments) = run.words.split_first().ok_or(DeliveryError::Setting("the command names no program"))?;
    let failed = |source| DeliveryError::Start { program: program.clone(), source };
    let mut child = Command::new(program)
        .args(arguments)
        .env("BARTIZAN_ALERTS", alerts.len().to_string())
        .env("BARTIZAN_SUBJECT", wording::subject(alerts))
        .env("BARTIZAN_TEXT", wording::text(alerts))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let input = serde_json::to_string(alerts).unwrap_or_default();
    if let Some(mut stdin) = child.stdin.take() {
        // A thread, since a program that reads nothing would block this one; one that has ended has read enough.
        std::thread::spawn(move || {
            let _ = stdin.write_all(input.as_bytes());
        });
    }
    let steps = LIMIT.as_millis() / STEP.as_millis();
    for _ in 0..steps {
        match child.try_wait().map_err(failed)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(DeliveryError::Failed { program: program.clone(), status }),
            None => tokio::time::sleep(STEP).await,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(DeliveryError::Late)
}

/// Between two looks at whether a program has ended.
const STEP: Duration = Duration::from_millis(20);
