//! `bartizan reports normalise`: bodies as browsers send them in, reports out.

use std::io::{BufRead as _, Read as _, Write as _};

use anyhow::Context as _;
use bartizan_reports::address::Queries;
use bartizan_reports::noise;
use bartizan_reports::receive::{self, Bounds, Labels, Refusal};
use bartizan_reports::report::Report;
use base64::Engine as _;
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::exit_code::Outcome;
use crate::output::hint;

/// `bartizan reports normalise`.
#[derive(Debug, Args)]
pub struct Normalise {
    /// Read one JSON object a line: id, content_type, body_base64 and content_encoding.
    #[arg(long)]
    jsonl: bool,
    /// Cut queries off, as sites do unless they say otherwise.
    #[arg(long)]
    redact_query: bool,
    /// The media type of the body on standard input.
    #[arg(long, value_name = "TYPE", conflicts_with = "jsonl")]
    content_type: Option<String>,
    /// The encoding of the body on standard input.
    #[arg(long, value_name = "CODING", conflicts_with = "jsonl")]
    content_encoding: Option<String>,
}

/// A body with what came with it.
#[derive(Debug, Deserialize)]
struct Case {
    id: Value,
    content_type: Option<String>,
    content_encoding: Option<String>,
    body_base64: String,
}

pub(super) fn run(normalise: &Normalise) -> anyhow::Result<Outcome> {
    let queries = if normalise.redact_query { Queries::Drop } else { Queries::Keep };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if normalise.jsonl {
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            writeln!(out, "{}", answer(&line, queries))?;
        }
        out.flush()?;
        return Ok(Outcome::Fine);
    }
    let mut body = Vec::new();
    std::io::stdin().lock().read_to_end(&mut body).context("cannot read standard input")?;
    let (content_type, content_encoding) = (normalise.content_type.as_deref(), normalise.content_encoding.as_deref());
    match read(&body, Labels { content_type, content_encoding }, queries) {
        Ok(reports) => {
            for report in reports {
                writeln!(out, "{report}")?;
            }
            out.flush()?;
            Ok(Outcome::Fine)
        }
        Err(refusal) => {
            hint(&refusal.to_string());
            Ok(Outcome::Problems)
        }
    }
}

fn answer(line: &[u8], queries: Queries) -> Value {
    let Ok(case) = serde_json::from_slice::<Case>(line) else {
        return json!({"id": null, "accepted": false, "reports": [], "error": "the line is no case"});
    };
    let Ok(body) = base64::engine::general_purpose::STANDARD.decode(&case.body_base64) else {
        return json!({"id": case.id, "accepted": false, "reports": [], "error": "the body is not base64"});
    };
    let labels =
        Labels { content_type: case.content_type.as_deref(), content_encoding: case.content_encoding.as_deref() };
    match read(&body, labels, queries) {
        Ok(reports) => json!({"id": case.id, "accepted": true, "reports": reports}),
        Err(refusal) => json!({"id": case.id, "accepted": false, "reports": [], "error": refusal.to_string()}),
    }
}

fn read(body: &[u8], labels: Labels<'_>, queries: Queries) -> Result<Vec<Value>, Refusal> {
    let bounds = Bounds::default();
    let (bytes, form) = receive::unpack(body, labels, &bounds)?;
    let batch = receive::read(&bytes, form, &bounds, queries)?;
    Ok(batch.reports.iter().map(as_json).collect())
}

fn as_json(report: &Report<'_>) -> Value {
    let mut text = String::new();
    report.write(&mut text);
    // What our writer writes is JSON; numbers beyond any type are the one thing that another reader refuses.
    let mut json: Value =
        serde_json::from_str(&text).unwrap_or_else(|_| json!({"type": report.kind.as_str(), "url": report.url}));
    if let (Some(class), Some(object)) = (noise::class(report, &[]), json.as_object_mut()) {
        object.insert("noise".to_owned(), class.as_str().into());
    }
    json
}
