//! Sites from the command line: side by side, and one report of all.

use std::sync::Arc;

use bartizan_rules::observatory::{Algorithm, NoGrade, PreloadList};
use bartizan_scan::{Client, Resolver, Target, Trust, tls};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::args::Scan;
use super::judged::{Judged, judged};
use super::progress::Progress;
use super::{certificates, grade};
use crate::exit_code::Outcome;
use crate::output::findings::{Report, present};

pub(super) async fn run(asked: &Scan, preloaded: &PreloadList) -> anyhow::Result<Outcome> {
    let authorities = asked.cacert.as_deref().map(certificates::read).transpose()?.unwrap_or_default();
    let client = Arc::new(Client {
        resolver: Resolver::new(asked.resolve.clone()),
        trust: if asked.insecure { Trust::dangerous_everybody() } else { Trust::new(&authorities) },
        patience: asked.timeout,
    });
    let plan = Arc::new(asked.plan(tls::Authorities::default().with_named(authorities)));
    let preloaded = Arc::new(preloaded.clone());
    let progress = Progress::new(Some(asked.targets.len()));
    let places = Arc::new(Semaphore::new(usize::from(asked.jobs)));

    let mut looking = JoinSet::new();
    for (at, target) in asked.targets.iter().cloned().enumerate() {
        let (client, plan) = (Arc::clone(&client), Arc::clone(&plan));
        let (preloaded, places) = (Arc::clone(&preloaded), Arc::clone(&places));
        looking.spawn(async move {
            let _place = places.acquire().await;
            let judged = Box::pin(judged(&client, &target, &plan, &preloaded)).await;
            (at, target, judged)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = looking.join_next().await {
        let (at, target, judged) = done?;
        progress.done(&target.to_string());
        all.push((at, target, judged));
    }
    progress.clear();
    all.sort_by_key(|(at, ..)| *at);

    let is_unreached = all.iter().any(|(.., judged)| !judged.is_reached);
    let is_under = asked.fail_under.is_some_and(|least| {
        let graded = all.iter().filter_map(|(.., judged)| judged.observatory.as_ref()?.as_ref().ok());
        graded.into_iter().any(|grade| least.is_above(grade.letter))
    });
    let reports = all.into_iter().map(|(_, target, judged)| report(&target, judged, plan.algorithm)).collect();
    let outcome = present(reports, &asked.report, jiff::Zoned::now().date())?;
    Ok(match outcome {
        _ if is_unreached => Outcome::Failed,
        Outcome::Fine if is_under => Outcome::Problems,
        outcome => outcome,
    })
}

fn report(target: &Target, judged: Judged, algorithm: Algorithm) -> Report {
    let mut report = Report::new(target.to_string(), judged.findings);
    report.platform = judged.platform;
    report.is_unreached = !judged.is_reached;
    match &judged.observatory {
        Some(Ok(graded)) => report.grades.push(grade::shown(graded)),
        // That nobody answered is said by the requests themselves.
        Some(Err(NoGrade::Down)) | None => {}
        Some(Err(error)) => report.notes.push(format!("no grade of the Observatory: {error}")),
    }
    report.grades.extend(judged.tls.as_ref().and_then(grade::for_tls));
    report.grades.extend(judged.headers);
    report.notes.extend(judged.unseen);
    if let Some(graded) = &judged.observatory {
        report.details.insert("observatory".to_owned(), grade::json(graded, algorithm));
    }
    if let Some(tls) = &judged.tls {
        report.details.insert("tls".to_owned(), json!(tls));
    }
    report
}
