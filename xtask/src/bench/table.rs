//! Rows as a table for people: a line a workload, a column a contestant, its ratio to the peer behind each value.

use std::fmt::Write;

use super::row::Row;

/// The contestant that ratios of proxies are taken to.
pub(super) const BASE: &str = "nginx";

/// Returns the table, with what one must know to read it below.
pub(super) fn render(rows: &[Row], base: &str, notes: &[String]) -> String {
    let contestants = distinct(rows.iter().map(|row| row.contestant));
    let mut lines =
        vec![["workload", "unit"].into_iter().chain(contestants.iter().copied()).map(str::to_owned).collect()];
    for workload in distinct(rows.iter().map(|row| row.workload)) {
        let unit = rows.iter().find(|row| row.workload == workload).map_or("", |row| row.unit);
        let mut line = vec![workload.to_owned(), unit.to_owned()];
        line.extend(contestants.iter().map(|contestant| cell(rows, workload, contestant, base)));
        lines.push(line);
    }
    let mut out = aligned(&lines);
    let _ = writeln!(out, "in brackets: the ratio to {base} in the same run");
    for note in notes {
        let _ = writeln!(out, "{note}");
    }
    out
}

fn cell(rows: &[Row], workload: &str, contestant: &str, base: &str) -> String {
    let find = |name: &str| rows.iter().find(|row| row.workload == workload && row.contestant == name);
    let Some(row) = find(contestant) else { return "-".to_owned() };
    // A row that names its peer knows best; the others are compared within their line.
    let ratio = row.ratio.or_else(|| find(base).map(|base| row.value / base.value));
    ratio.map_or(format!("{:.2}", row.value), |ratio| format!("{:.2} ({ratio:.2})", row.value))
}

fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|it| it.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for line in lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(text, "{cell:<width$}  ");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(workload: &'static str, contestant: &'static str, value: f64, ratio: Option<f64>) -> Row {
        Row { workload, contestant, value, unit: "µs/request", peer: ratio.map(|_| BASE), ratio }
    }

    #[test]
    fn ratios_are_to_nginx_and_gaps_are_shown() {
        let rows = [
            row("h1", "nginx", 20.0, None),
            row("h1", "bartizan", 15.0, Some(0.75)),
            row("pq", "bartizan", 8.0, Some(0.5)), // compared with a value of another line
            row("alone", "bartizan", 8.0, None),
        ];
        let expected = "\
workload  unit        nginx         bartizan
h1        µs/request  20.00 (1.00)  15.00 (0.75)
pq        µs/request  -             8.00 (0.50)
alone     µs/request  -             8.00
in brackets: the ratio to nginx in the same run
mind the gap
";
        assert_eq!(render(&rows, BASE, &["mind the gap".to_owned()]), expected);
    }
}
