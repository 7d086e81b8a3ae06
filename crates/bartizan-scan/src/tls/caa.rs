//! CAA: who may issue certificates for a name, as DNS says (RFC 8659).

use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::{RData, RecordType};

/// Returns the records that count for a host: its own, or those of the nearest parent that has some (RFC 8659, 3).
///
/// `None` when DNS did not answer, so that silence is never taken for absence.
pub(super) async fn lookup(host: &str) -> Option<Vec<String>> {
    let resolver = TokioResolver::builder_tokio().ok()?.build().ok()?;
    let mut name = host.trim_end_matches('.');
    // A name has at most 127 labels (RFC 1035, 2.3.4).
    for _ in 0..127 {
        let records = match resolver.lookup(format!("{name}."), RecordType::CAA).await {
            Ok(answer) => answer.answers().iter().filter_map(|record| written(&record.data)).collect(),
            Err(error) if error.is_no_records_found() => Vec::new(),
            Err(_) => return None,
        };
        match name.split_once('.') {
            Some((_, parent)) if records.is_empty() => name = parent,
            _ => return Some(records),
        }
    }
    None
}

fn written(data: &RData) -> Option<String> {
    let RData::CAA(record) = data else { return None };
    Some(record.to_string())
}
