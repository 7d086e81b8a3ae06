//! The Observatory's words in the forms of our reports.

use bartizan_rules::Facts;
use bartizan_rules::header_letter::header_letter;
use bartizan_rules::observatory::{Algorithm, Grade, NoGrade, remedy};
use bartizan_rules::tls::letter::letter;
use bartizan_scan::tls;
use serde_json::{Map, Value, json};

use crate::output::findings;

/// Returns the answer of the Observatory as programs compare it.
pub(super) fn json(graded: &Result<Grade, NoGrade>, algorithm: Algorithm) -> Value {
    match graded {
        Err(error) => json!({ "algorithm": algorithm.number(), "error": error.to_string() }),
        Ok(grade) => {
            let tests = grade.tests.iter().map(|test| {
                let verdict = test.verdict;
                let value = json!({
                    "pass": verdict.passes, "result": verdict.result, "score_modifier": verdict.modifier,
                });
                (test.name.to_owned(), value)
            });
            json!({
                "algorithm": algorithm.number(), "grade": grade.letter, "score": grade.score,
                "tests": tests.collect::<Map<_, _>>(),
            })
        }
    }
}

/// Returns the grade as reports show it, with the rule that mends each loss.
pub(super) fn shown(grade: &Grade) -> findings::Grade {
    let item = |test: &bartizan_rules::observatory::TestResult| {
        let see = remedy(test.verdict.result).map(|rule| format!(" (see {})", rule.id())).unwrap_or_default();
        findings::Item {
            name: test.name.to_owned(),
            result: format!("{}{see}", test.verdict.result),
            points: test.verdict.modifier,
        }
    };
    findings::Grade {
        authority: format!("MDN HTTP Observatory, algorithm {}", grade.algorithm),
        letter: grade.letter.to_owned(),
        detail: format!("{} of 100", grade.score),
        items: grade.tests.iter().map(item).collect(),
        caps: Vec::new(),
    }
}

/// Returns the letter for headers as reports show it; none where no page was seen.
pub(super) fn for_headers(facts: &Facts) -> Option<findings::Grade> {
    let found = header_letter(facts)?;
    let caps = found.reasons.into_iter().map(|why| findings::Cap { letter: found.letter.to_owned(), why });
    Some(findings::Grade {
        authority: "headers, an estimate of what securityheaders.com says".to_owned(),
        letter: found.letter.to_owned(),
        detail: format!("{} of 6", found.present),
        items: Vec::new(),
        caps: caps.collect(),
    })
}

/// Returns the letter for TLS as reports show it; none for a server that speaks no version.
pub(super) fn for_tls(seen: &tls::Report) -> Option<findings::Grade> {
    let letter = letter(&seen.handshake)?;
    let caps = letter.reasons.into_iter().map(|(cap, why)| findings::Cap { letter: cap.to_string(), why });
    Some(findings::Grade {
        authority: "TLS, an estimate after the SSL Labs rating guide (2009r)".to_owned(),
        letter: letter.grade.to_string(),
        detail: format!("{} of 100", letter.score),
        items: Vec::new(),
        caps: caps.collect(),
    })
}
