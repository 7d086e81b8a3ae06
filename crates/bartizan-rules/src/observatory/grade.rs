//! The score and the letter.

use thiserror::Error;

use super::{Algorithm, PreloadList, Retrieval, Verdict, tests};

/// What the Observatory says of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// The edition that graded.
    pub algorithm: Algorithm,
    /// From 0; above 100 with bonuses.
    pub score: i32,
    /// The letter.
    pub letter: &'static str,
    /// Each test, in the order in which they run.
    pub tests: Vec<TestResult>,
}

/// What one test said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestResult {
    /// The test's name.
    pub name: &'static str,
    /// What it said.
    pub verdict: Verdict,
}

/// Why there is no grade; the texts are those that the Observatory gives out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoGrade {
    /// Neither session got an answer.
    #[error("The site seems to be down.")]
    Down,
    /// A script's address stops the peer.
    #[error("Invalid URL")]
    InvalidScript,
    /// The status is neither a success, nor a redirect, nor 401 or 403.
    #[error("Site did respond with an unexpected HTTP status code {0}.")]
    Status(u16),
}

/// Grades what was fetched.
///
/// # Errors
///
/// Without an answer, or with one that is not graded, there is no grade.
pub fn grade(seen: &Retrieval, algorithm: Algorithm, preloaded: &PreloadList) -> Result<Grade, NoGrade> {
    let graded = seen.graded().ok_or(NoGrade::Down)?;
    if !matches!(graded.status, 200..=399 | 401 | 403) {
        return Err(NoGrade::Status(graded.status));
    }
    let tests = tests::run(seen, graded, algorithm, preloaded)?;
    let costs: i32 = tests.iter().map(|test| test.verdict.modifier.min(0)).sum();
    let all: i32 = tests.iter().map(|test| test.verdict.modifier).sum();
    // Bonuses count only where the site would have an A without them.
    let score = (100 + if 100 + costs >= LEAST_FOR_BONUSES { all } else { costs }).max(0);
    Ok(Grade { algorithm, score, letter: letter(score), tests })
}

const LEAST_FOR_BONUSES: i32 = 90;

fn letter(score: i32) -> &'static str {
    match score - score % 5 {
        100.. => "A+",
        90..=99 => "A",
        85..=89 => "A-",
        80..=84 => "B+",
        70..=79 => "B",
        65..=69 => "B-",
        60..=64 => "C+",
        50..=59 => "C",
        45..=49 => "C-",
        40..=44 => "D+",
        30..=39 => "D",
        25..=29 => "D-",
        _ => "F",
    }
}

#[cfg(test)]
mod unit_tests {
    use super::*;
    use crate::observatory::Answer;

    #[test]
    fn letters_follow_the_chart() {
        let chart = [
            (140, "A+"),
            (100, "A+"),
            (99, "A"),
            (90, "A"),
            (89, "A-"),
            (80, "B+"),
            (74, "B"),
            (65, "B-"),
            (60, "C+"),
            (50, "C"),
            (45, "C-"),
            (40, "D+"),
            (30, "D"),
            (25, "D-"),
            (20, "F"),
            (0, "F"),
        ];
        for (score, expected) in chart {
            assert_eq!(letter(score), expected, "{score}");
        }
    }

    #[test]
    fn what_does_not_answer_has_no_grade() {
        let graded = |status| Retrieval {
            https: Some(Answer { status, is_verified: true, lines: Vec::new() }),
            ..Retrieval::default()
        };
        let list = PreloadList::default();
        for (seen, fault) in [
            (Retrieval::default(), Some(NoGrade::Down)),
            (graded(500), Some(NoGrade::Status(500))),
            (graded(404), Some(NoGrade::Status(404))),
            (graded(403), None),
            (graded(304), None),
        ] {
            assert_eq!(grade(&seen, Algorithm::V5, &list).err(), fault);
        }
    }

    #[test]
    fn a_bare_site_fails() {
        let answer = Answer { status: 200, is_verified: true, lines: Vec::new() };
        let seen = Retrieval { host: "a.example".to_owned(), https: Some(answer), ..Retrieval::default() };
        let grade = grade(&seen, Algorithm::V6, &PreloadList::default()).unwrap();
        assert_eq!((grade.score, grade.letter, grade.tests.len()), (30, "D", 12));
    }
}
