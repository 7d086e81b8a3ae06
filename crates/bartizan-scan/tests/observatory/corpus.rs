//! The cases.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use bartizan_rules::observatory::{Algorithm, Grade};
use serde::Deserialize;
use serde_json::Value;

/// The cases and the list of preloaded hosts.
pub(crate) struct Corpus {
    pub(crate) cases: Vec<Case>,
    pub(crate) preload: String,
}

/// A site and what the Observatory says of it.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) note: String,
    pub(crate) host: String,
    pub(crate) routes: Vec<Route>,
    #[serde(rename = "expected", deserialize_with = "expected")]
    v4: Result<Expected, String>,
    #[serde(rename = "expected_v5", deserialize_with = "expected")]
    v5: Result<Expected, String>,
    #[serde(rename = "expected_v6", deserialize_with = "expected")]
    v6: Result<Expected, String>,
}

/// What a site answers.
#[derive(Deserialize, Clone)]
pub(crate) struct Route {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) method: Option<String>,
    pub(crate) action: Option<String>,
    #[serde(default)]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) body: String,
}

/// A grade.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) grade: String,
    pub(crate) score: i32,
    pub(crate) tests: BTreeMap<String, (bool, String, i32)>,
}

impl Corpus {
    /// Reads the shared corpus, or says loudly that it is missing.
    pub(crate) fn load() -> Option<Self> {
        let folder = env::var_os("BARTIZAN_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
        let file = bartizan_testkit::outside_program(&folder.join("corpus/observatory.jsonl"))?;
        let cases = fs::read_to_string(file).unwrap();
        let cases = cases.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let preload = fs::read_to_string(folder.join("corpus/hsts-preload.json")).unwrap();
        Some(Self { cases, preload })
    }
}

impl Case {
    pub(crate) fn expected(&self, algorithm: Algorithm) -> &Result<Expected, String> {
        match algorithm {
            Algorithm::V4 => &self.v4,
            Algorithm::V5 => &self.v5,
            Algorithm::V6 => &self.v6,
        }
    }
}

impl From<Grade> for Expected {
    fn from(grade: Grade) -> Self {
        let tests = grade.tests.iter().map(|test| {
            (test.name.to_owned(), (test.verdict.passes, test.verdict.result.to_owned(), test.verdict.modifier))
        });
        Self { grade: grade.letter.to_owned(), score: grade.score, tests: tests.collect() }
    }
}

fn expected<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Result<Expected, String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if let Some(error) = value["error"].as_str() {
        return Ok(Err(error.to_owned()));
    }
    let tests = value["tests"].as_object().unwrap().iter().map(|(name, test)| {
        let modifier = i32::try_from(test["score_modifier"].as_i64().unwrap()).unwrap();
        (name.clone(), (test["pass"].as_bool().unwrap(), test["result"].as_str().unwrap().to_owned(), modifier))
    });
    Ok(Ok(Expected {
        grade: value["grade"].as_str().unwrap().to_owned(),
        score: i32::try_from(value["score"].as_i64().unwrap()).unwrap(),
        tests: tests.collect(),
    }))
}
