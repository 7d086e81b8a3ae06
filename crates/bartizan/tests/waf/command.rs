//! `bartizan waf test --jsonl`: the ids that the tests of the Core Rule Set expect, by the real program.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::corpus::corpus;
use crate::wall::BINARY;

/// Tests of what a front end does before any engine sees the request.
const FRONT_END: &[&str] = &["920181-1", "920430-5"];

#[test]
fn the_program_answers_what_the_tests_of_the_rules_expect() {
    let Some(corpus) = corpus() else { return };
    let folder = tempfile::TempDir::new().unwrap();
    let entry = folder.path().join("entry.conf");
    std::fs::write(&entry, ENTRY.replace("CORPUS", &corpus.display().to_string())).unwrap();
    let text = std::fs::read_to_string(corpus.join("tests.jsonl")).unwrap();
    let (mut input, mut expected) = (String::new(), Vec::new());
    for line in text.lines() {
        let test: Value = serde_json::from_str(line).unwrap();
        let id = test["id"].as_str().unwrap();
        for stage in test["stages"].as_array().unwrap().iter().filter(|_| !FRONT_END.contains(&id)) {
            input += &serde_json::json!({ "id": id, "given": stage["given"] }).to_string();
            input.push('\n');
            let ids = |name: &str| stage["output"][name].as_array().unwrap().clone();
            expected.push((id.to_owned(), ids("expect_ids"), ids("no_expect_ids")));
        }
    }
    let arguments = ["waf".as_ref(), "test".as_ref(), "--jsonl".as_ref(), "--rules".as_ref(), entry.as_os_str()];
    let mut command = Command::new(BINARY);
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let mut wrong = Vec::new();
    assert_eq!(answers.lines().count(), expected.len());
    for (line, (id, wanted, unwanted)) in answers.lines().zip(&expected) {
        let answer: Value = serde_json::from_str(line).unwrap();
        let matched = answer["matched"].as_array().unwrap();
        let is_right = wanted.iter().all(|id| matched.contains(id)) && !unwanted.iter().any(|id| matched.contains(id));
        if !is_right || answer["id"] != id.as_str() || answer["blocked"] != false {
            wrong.push(format!("{id}: wanted {wanted:?}, not {unwanted:?}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The set-up of the rules' own tests, at paranoia level 4.
const ENTRY: &str = r#"
SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRequestBodyLimit 13107200
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain text/html text/xml application/json
SecResponseBodyLimit 524288
SecResponseBodyLimitAction ProcessPartial
SecUnicodeMapFile CORPUS/unicode.mapping 20127
Include CORPUS/crs-setup.conf.example
SecAction "id:900005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:ruleRemoveById=910000,setvar:tx.blocking_paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,setvar:tx.arg_name_length=100,setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,setvar:tx.max_file_size=64100,setvar:tx.combined_file_sizes=65535"
Include CORPUS/rules/*.conf
"#;
