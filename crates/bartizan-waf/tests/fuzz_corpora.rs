//! The corpora of this crate's fuzz targets pass, and so do inputs that are cut and joined from them.

use bartizan_waf::fuzzing::{TARGETS, Target};
use proptest::prelude::*;
use std::path::Path;

fn inputs(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target.name);
    let inputs = std::fs::read_dir(&folder).expect("each target has a corpus");
    inputs.map(|input| std::fs::read(input.expect("an input").path()).expect("an input")).collect()
}

#[test]
fn every_input_passes() {
    for target in TARGETS {
        for input in inputs(target) {
            (target.run)(&input);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_and_joins_of_inputs_pass(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5), more in prop::collection::vec(any::<u8>(), 0..6)) {
        for target in TARGETS {
            let inputs = inputs(target);
            let mut input = more.clone();
            for (which, start, length) in &cuts {
                let from = which.get(&inputs);
                let start = start.index(from.len() + 1);
                let length = length.index(from.len() - start + 1);
                input.extend_from_slice(&from[start..start + length]);
            }
            (target.run)(&input);
        }
    }
}
