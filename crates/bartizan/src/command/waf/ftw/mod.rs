//! `bartizan waf ftw`: tests of go-ftw against a live server, judged by the status that the server answers with.
//!
//! The server's log is out of reach: a rule that is expected must have the request refused, and one that is not expected
//! must not. That is how go-ftw itself judges servers in the cloud.

mod yaml;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use serde_json::Value;
use url::Url;

use super::{Ftw, visible};
use crate::exit_code::Outcome;

pub(super) fn run(arguments: &Ftw) -> Result<Outcome> {
    ensure!(
        arguments.url.scheme() == "http",
        "the URL must begin with http://: tests are sent as they are, without TLS"
    );
    let mut files = Vec::new();
    find(&arguments.directory, 0, &mut files)?;
    files.sort();
    let (mut passed, mut failed) = (0_usize, 0_usize);
    let mut out = anstream::stdout();
    for file in &files {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let document = yaml::read(&text).with_context(|| file.display().to_string())?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for test in document["tests"].as_array().into_iter().flatten() {
            let id = test["test_title"].as_str().map_or_else(|| format!("{name}-{}", test["test_id"]), str::to_owned);
            match stages(test, &arguments.url) {
                None => passed += 1,
                Some(reason) => {
                    failed += 1;
                    writeln!(out, "{}: {}", visible(&id), visible(&reason))?;
                }
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    ensure!(passed + failed > 0, "{} has no tests", arguments.directory.display());
    Ok(if failed == 0 { Outcome::Fine } else { Outcome::Problems })
}

/// The test files below a folder, or the file itself.
fn find(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        let is_test = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        files.extend(is_test.then(|| path.to_owned()));
        return Ok(());
    }
    ensure!(depth < 16, "{} is too deep", path.display());
    for entry in std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        find(&entry?.path(), depth + 1, files)?;
    }
    Ok(())
}

/// Runs the stages of a test; returns why it fails.
fn stages(test: &Value, url: &Url) -> Option<String> {
    for stage in test["stages"].as_array().into_iter().flatten() {
        // Older files have one level more.
        let stage = stage.get("stage").unwrap_or(stage);
        let status =
            request(&stage["input"]).and_then(|request| send(&request, url)).map_err(|error| format!("{error:#}"));
        if let Some(reason) = judge(&stage["output"], status) {
            return Some(reason);
        }
    }
    None
}

/// Judges a status by what is expected.
fn judge(output: &Value, status: Result<u16, String>) -> Option<String> {
    if output["expect_error"] == true {
        return status.ok().map(|status| format!("answered with {status}, not with an error"));
    }
    let status = match status {
        Ok(status) => status,
        Err(error) => return Some(error),
    };
    let has = |name: &str| output["log"][name].as_array().is_some_and(|ids| !ids.is_empty());
    let statuses = match &output["status"] {
        Value::Array(statuses) => statuses.clone(),
        Value::Null => Vec::new(),
        status => vec![status.clone()],
    };
    if !statuses.is_empty() && !statuses.iter().any(|expected| expected.as_u64() == Some(u64::from(status))) {
        return Some(format!("answered with {status}, not with {}", output["status"]));
    }
    let is_expected = has("expect_ids") || output["log_contains"].is_string();
    if statuses.is_empty() && is_expected && !matches!(status, 400 | 403) {
        return Some(format!("answered with {status}, and should have been refused"));
    }
    (statuses.is_empty() && has("no_expect_ids") && !is_expected && status == 403)
        .then(|| "refused, and should have passed".to_owned())
}

/// The bytes of a request.
fn request(input: &Value) -> Result<Vec<u8>> {
    if let Some(encoded) = input["encoded_request"].as_str().filter(|encoded| !encoded.is_empty()) {
        return base64::engine::general_purpose::STANDARD
            .decode(encoded.trim())
            .context("encoded_request is not base64");
    }
    let text = |name: &str, otherwise: &str| input[name].as_str().unwrap_or(otherwise).to_owned();
    let data = match &input["encoded_data"] {
        Value::String(encoded) => {
            base64::engine::general_purpose::STANDARD.decode(encoded.trim()).context("encoded_data is not base64")?
        }
        _ => text("data", "").into_bytes(),
    };
    let mut head = format!("{} {} {}\r\n", text("method", "GET"), text("uri", "/"), text("version", "HTTP/1.1"));
    let headers = input["headers"].as_object();
    for (name, value) in headers.into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if input["autocomplete_headers"] != false && input["stop_magic"] != true {
        let has = |name: &str| headers.is_some_and(|headers| headers.keys().any(|key| key.eq_ignore_ascii_case(name)));
        if !has("Content-Length") && !has("Transfer-Encoding") && !data.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", data.len()));
        }
        if !has("Connection") {
            head.push_str("Connection: close\r\n");
        }
    }
    head.push_str("\r\n");
    Ok([head.into_bytes(), data].concat())
}

/// Sends a request as it is and returns the status of the answer.
fn send(request: &[u8], url: &Url) -> Result<u16> {
    let addresses = url.socket_addrs(|| None)?;
    let mut stream = TcpStream::connect(addresses.as_slice()).with_context(|| format!("cannot reach {url}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // A server may refuse before it has read everything; its answer counts.
    let sent = stream.write_all(request);
    let mut start = Vec::new();
    let mut buffer = [0; 512];
    while !start.contains(&b'\n') && start.len() < LONGEST {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => start.extend_from_slice(buffer.get(..length).unwrap_or_default()),
        }
    }
    let line = String::from_utf8_lossy(&start);
    let status = line.split(' ').nth(1).and_then(|status| status.get(..3)?.parse().ok());
    match status {
        Some(status) => Ok(status),
        None => {
            sent.context("the connection was closed")?;
            anyhow::bail!("no answer")
        }
    }
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the line of an answer may be.
const LONGEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::{judge, request};
    use serde_json::json;

    #[test]
    fn a_status_is_judged_by_what_is_expected() {
        for (output, status, passes) in [
            (json!({"log": {"expect_ids": [1]}}), Ok(403), true),
            (json!({"log": {"expect_ids": [1]}}), Ok(200), false),
            (json!({"log": {"no_expect_ids": [1]}}), Ok(200), true),
            (json!({"log": {"no_expect_ids": [1]}}), Ok(403), false),
            (json!({"status": 400}), Ok(400), true),
            (json!({"status": [200, 404]}), Ok(403), false),
            (json!({"expect_error": true}), Err("closed".to_owned()), true),
            (json!({"expect_error": true}), Ok(200), false),
            (json!({}), Err("closed".to_owned()), false),
        ] {
            assert_eq!(judge(&output, status.clone()).is_none(), passes, "{output} {status:?}");
        }
    }

    #[test]
    fn requests_are_completed_unless_told_otherwise() {
        let text = |input| String::from_utf8(request(&input).expect("a request")).expect("text");
        let input = json!({"method": "POST", "uri": "/a", "headers": {"Host": "x"}, "data": "b=1"});
        assert_eq!(text(input), "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nb=1");
        assert_eq!(text(json!({"autocomplete_headers": false})), "GET / HTTP/1.1\r\n\r\n");
        assert_eq!(text(json!({"encoded_request": "R0VUIC8="})), "GET /");
        assert!(request(&json!({"encoded_request": "?"})).is_err());
    }
}
