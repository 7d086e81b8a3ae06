//! Judges a tree of files and says how long each step took: what a profiler is pointed at.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use bartizan_audit::{Settings, Tree, discover};
use bartizan_rules::catalog::rules;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("the folder is missing")?;
    let tree = Tree::open(Path::new(&folder))?;
    let start = Instant::now();
    let units = discover::units(&tree, |_| {});
    let found = start.elapsed();
    let audited = discover::read(&tree, units, &Settings::default());
    let read = start.elapsed();
    let findings = bartizan_rules::judge(rules(), &audited.facts);
    let judged = start.elapsed();
    writeln!(
        std::io::stdout(),
        "found after {found:?}, read after {read:?}, judged after {judged:?}: {} findings",
        findings.as_slice().len()
    )?;
    Ok(())
}
