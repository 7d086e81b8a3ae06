//! The prefilter may leave too much, never too little: whatever an operator matches was a candidate.

mod support;

use std::collections::BTreeSet;

use bartizan_waf::transformations::{self, Context};
use base64::Engine;
use support::{Setup, cases, corpus, rules};

#[test]
fn no_match_is_lost() {
    let Some(corpus) = corpus() else { return };
    let rules = rules(&corpus, Setup::Testing);
    let values: Vec<Vec<u8>> = values(&corpus).into_iter().collect();
    assert!(values.len() > 20_000, "only {} values", values.len());
    let (matches, lost) = std::thread::scope(|scope| {
        let parts: Vec<_> = values
            .chunks(values.len().div_ceil(4))
            .map(|values| {
                let rules = &rules;
                scope.spawn(move || {
                    let (mut matches, mut lost) = (0_u32, Vec::new());
                    for value in values {
                        let candidates = rules.candidates(value);
                        for number in 0..rules.operators() {
                            let is_candidate = candidates.contains(number);
                            let operator = rules.operator(number).unwrap();
                            // What is left is verified anyway: only what is dropped may be wrong.
                            if is_candidate || operator.literals().is_none() {
                                continue;
                            }
                            matches += 1;
                            if operator.matches(value, None) {
                                lost.push(format!("{operator:?} matches {:?}", String::from_utf8_lossy(value)));
                            }
                        }
                    }
                    (matches, lost)
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).fold((0, Vec::new()), |(count, mut all), (more, lost)| {
            all.extend(lost);
            (count + more, all)
        })
    });
    assert!(lost.is_empty(), "{} of {matches} dropped pairs match:\n{}", lost.len(), lost.join("\n"));
}

/// Every value of the corpora, as it came and as most rules see it.
fn values(corpus: &std::path::Path) -> BTreeSet<Vec<u8>> {
    let mut values = BTreeSet::new();
    let decode =
        |text: &serde_json::Value| base64::engine::general_purpose::STANDARD.decode(text.as_str().unwrap()).unwrap();
    for case in cases(&corpus.join("libinjection.jsonl")) {
        values.insert(decode(&case["input_b64"]));
    }
    let bytes =
        |text: &serde_json::Value| -> Vec<u8> { text.as_str().unwrap().chars().map(|char| char as u8).collect() };
    for case in cases(&corpus.join("tests.jsonl")) {
        for stage in case["stages"].as_array().unwrap() {
            let given = &stage["given"];
            let uri = bytes(&given["uri"]);
            values.extend(uri.split(|byte| b"?&=".contains(byte)).map(<[u8]>::to_vec));
            values.insert(uri);
            values.extend(given["headers"].as_array().unwrap().iter().map(|field| bytes(&field[1])));
            for body in [decode(&given["body_b64"]), decode(&given["response"]["body_b64"])] {
                values.extend(body.split(|byte| b"&=\"\n".contains(byte)).map(<[u8]>::to_vec));
                values.insert(body);
            }
        }
    }
    values.retain(|value| value.len() <= 1 << 14);
    let changed: Vec<Vec<u8>> = values
        .iter()
        .filter_map(|value| {
            let decoded = (transformations::find("urlDecodeUni")?.apply)(value, &Context::default());
            let folded =
                (transformations::find("lowercase")?.apply)(decoded.as_deref().unwrap_or(value), &Context::default());
            folded.or(decoded)
        })
        .collect();
    values.extend(changed);
    values
}
