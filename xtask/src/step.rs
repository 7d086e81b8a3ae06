//! A list of named steps: each is run, timed and told; the summary comes last.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::project::Project;

/// One thing to do, by the name it has in the summary.
#[derive(Debug)]
pub(crate) struct Step {
    /// A word or two.
    pub(crate) name: &'static str,
    /// Does it; an error marks the step as failed and the next step still runs.
    pub(crate) run: fn(&Project) -> Result<()>,
}

/// Runs all steps, so that one run shows every fault, and fails if any did.
pub(crate) fn run_all(project: &Project, title: &str, steps: &[Step]) -> Result<()> {
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for step in steps {
        println!("\n=== {} ===", step.name);
        let start = Instant::now();
        let outcome = (step.run)(project);
        let took = start.elapsed();
        if let Err(error) = &outcome {
            eprintln!("error: {}: {error:#}", step.name);
            failed.push(step.name);
        }
        let line = summary_line(step.name, outcome.is_ok(), took);
        println!("{line}");
        lines.push((line, took));
    }
    println!("\n=== {title} ===");
    for (line, _) in &lines {
        println!("{line}");
    }
    println!("total {:.1} s", lines.iter().map(|(_, took)| took.as_secs_f64()).sum::<f64>());
    if !failed.is_empty() {
        bail!("{} of {} steps failed: {}", failed.len(), steps.len(), failed.join(", "));
    }
    Ok(())
}

fn summary_line(name: &str, is_passed: bool, took: Duration) -> String {
    format!("{} {name:<16} {:>8.1} s", if is_passed { "pass" } else { "FAIL" }, took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_runs_and_one_failure_fails_the_list() {
        let project = Project { root: "/".into(), target: "/".into(), crates: Vec::new() };
        let good = || Step { name: "good", run: |_| Ok(()) };
        let bad = || Step { name: "bad", run: |_| bail!("no") };
        for (steps, error) in
            [(vec![good(), good()], None), (vec![bad(), good(), bad()], Some("2 of 3 steps failed: bad, bad"))]
        {
            let outcome = run_all(&project, "steps", &steps).err().map(|error| error.to_string());
            assert_eq!(outcome.as_deref(), error);
        }
    }

    #[test]
    fn a_summary_line_tells_outcome_and_time() {
        assert_eq!(summary_line("fmt", true, Duration::from_millis(1250)), "pass fmt                   1.2 s");
        assert!(summary_line("fmt", false, Duration::ZERO).starts_with("FAIL"));
    }
}
