//! Every case of the shared corpus: the same grade, score and results as the Observatory's own.
//!
//! The sites of the cases are served here on loopback; names lead there by overrides, so no port is fixed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod sites;

use std::time::Duration;

use bartizan_rules::observatory::{Algorithm, PreloadList, grade};
use bartizan_scan::observatory::visit;
use bartizan_scan::{Client, Resolver, Target, Trust};
use corpus::{Case, Corpus, Expected};
use sites::Sites;

/// Differences that stay, by case and algorithm, each with its reason.
static EXCEPTIONS: &[(&str, &str)] = &[];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn grades_are_those_of_the_observatory() {
    let Some(corpus) = Corpus::load() else { return };
    let preloaded = PreloadList::parse(&corpus.preload).unwrap();
    let sites = Sites::serve(&corpus.cases).await;
    let client = Client {
        resolver: Resolver::new(sites.overrides()),
        trust: Trust::new(&[sites.authority()]),
        // Only sites that never answer wait for it.
        patience: Duration::from_secs(9),
    };

    let mut differences = Vec::new();
    let mut visits = tokio::task::JoinSet::new();
    let mut cases = corpus.cases.into_iter();
    loop {
        while visits.len() < 32
            && let Some(case) = cases.next()
        {
            let client = client.clone();
            visits.spawn(async move {
                let target: Target = case.host.parse().unwrap();
                let seen = visit(&client, &target, Algorithm::V5, &[]).await;
                (case, target, seen)
            });
        }
        let Some(done) = visits.join_next().await else { break };
        let (case, target, seen) = done.unwrap();
        for algorithm in Algorithm::ALL {
            let found = grade(&seen.retrieval(&target, *algorithm), *algorithm, &preloaded);
            differences.extend(differences_of(&case, *algorithm, found.map(Expected::from).map_err(|e| e.to_string())));
        }
    }
    for difference in &differences {
        println!("{difference}");
    }
    assert!(differences.is_empty(), "{} differences", differences.len());
}

fn differences_of(case: &Case, algorithm: Algorithm, found: Result<Expected, String>) -> Vec<String> {
    if EXCEPTIONS.iter().any(|(id, _)| *id == case.id) {
        return Vec::new();
    }
    let name = |text: String| format!("{} v{algorithm} ({}): {text}", case.id, case.note);
    match (case.expected(algorithm), found) {
        (expected, found) if *expected == found => Vec::new(),
        (Ok(expected), Ok(found)) => {
            let tests = expected.tests.iter().filter(|(test, result)| found.tests.get(*test) != Some(result));
            let mut all: Vec<_> = tests
                .map(|(test, result)| name(format!("{test}: {result:?}, not {:?}", found.tests.get(test))))
                .collect();
            all.push(name(format!("{} {}, not {} {}", expected.grade, expected.score, found.grade, found.score)));
            all
        }
        (expected, found) => vec![name(format!("{expected:?}, not {found:?}"))],
    }
}
