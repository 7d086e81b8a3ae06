//! One measured value, in the form that scripts read.

use serde::Serialize;

/// The value of one contestant at one workload.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Row {
    /// The job.
    pub(super) workload: &'static str,
    /// Who did it.
    pub(super) contestant: &'static str,
    /// The median over all runs.
    pub(super) value: f64,
    /// What the value counts.
    pub(super) unit: &'static str,
    /// With whom it is compared; only bartizan is.
    pub(super) peer: Option<&'static str>,
    /// The value over the peer's in the same run.
    pub(super) ratio: Option<f64>,
}

/// Returns the middle value; of two middle ones their mean. `None` when nothing was measured.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// Rounds to what a measurement can claim: no more than three decimals.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        for (values, middle) in [
            (vec![], None),
            (vec![3.0], Some(3.0)),
            (vec![9.0, 1.0, 2.0], Some(2.0)),
            (vec![4.0, 1.0, 2.0, 100.0], Some(3.0)), // one outlier does not move it
        ] {
            assert_eq!(median(&values), middle, "{values:?}");
        }
    }

    #[test]
    fn a_row_is_one_line_of_json() {
        let row = Row {
            workload: "idle",
            contestant: "bartizan",
            value: rounded(20.123_456),
            unit: "KiB/connection",
            peer: Some("nginx"),
            ratio: None,
        };
        assert_eq!(
            serde_json::to_string(&row).unwrap(),
            r#"{"workload":"idle","contestant":"bartizan","value":20.123,"unit":"KiB/connection","peer":"nginx","ratio":null}"#
        );
    }
}
