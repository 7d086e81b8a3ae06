//! Charts, drawn here as SVG: bars over time, and bars by size.
//!
//! A picture holds shapes alone; its words stand beside it as text, so that they keep their size on a small screen, and
//! its numbers in a table, for whoever cannot see it.

use crate::html::{Address, Html, Tag, tag};
use crate::when;

/// A stretch of time and what was counted in it, by series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// When it began, in milliseconds since 1970.
    pub(crate) from: i64,
    /// The counts, the lowest in the stack first.
    pub(crate) counts: Vec<u64>,
}

/// Draws stacked bars over time.
pub(crate) fn timeline(caption: &str, series: &[&'static str], stretches: &[Stretch]) -> Html {
    let sums = stretches.iter().map(|stretch| stretch.counts.iter().sum::<u64>());
    let (most, all) = (sums.clone().max().unwrap_or_default(), sums.sum::<u64>());
    let width = 100.0 / stretches.len().max(1) as f64;
    let bars = stretches.iter().enumerate().map(|(at, stretch)| {
        let mut top = HEIGHT;
        let mut bar = tag("g").put(tag("title").put(said(stretch, series)));
        // Wider than what is drawn, so that the title is found.
        bar = bar.put(rect(at as f64 * width, 0.0, width, HEIGHT).class("ground"));
        for (place, count) in stretch.counts.iter().enumerate() {
            let height = share(*count, most) * HEIGHT;
            top -= height;
            if height > 0.0 {
                bar =
                    bar.put(rect(at as f64 * width + width * 0.1, top, width * 0.8, height).class(series_class(place)));
            }
        }
        bar
    });
    let picture = tag("svg")
        .class("timeline")
        .set("viewBox", &format!("0 0 100 {HEIGHT}"))
        .set("preserveAspectRatio", "none")
        .set("role", "img")
        .set("aria-label", &format!("{caption}: {all} in all, {most} at most in one bar"))
        .all(bars);
    let legend = series.iter().enumerate().map(|(place, name)| {
        let total: u64 = stretches.iter().filter_map(|stretch| stretch.counts.get(place)).sum();
        tag("li").put(tag("i").class(series_class(place))).put(format!(" {name}: {}", number(total)))
    });
    let ends = [stretches.first(), stretches.get(stretches.len() / 2), stretches.last()];
    let axis = ends.into_iter().flatten().map(|stretch| tag("span").put(when::minute(stretch.from)));
    tag("figure")
        .put(tag("div").class("scale").put(number(most)))
        .put(picture)
        .put(tag("div").class("axis").set("aria-hidden", "true").all(axis))
        .put(tag("figcaption").put(tag("ul").class("legend").all(legend)))
        .put(numbers(caption, series, stretches))
        .into()
}

fn numbers(caption: &str, series: &[&'static str], stretches: &[Stretch]) -> Html {
    let heads = std::iter::once("From (UTC)").chain(series.iter().copied());
    let head = tag("tr").all(heads.map(|name| tag("th").set("scope", "col").put(name)));
    let rows = stretches.iter().filter(|stretch| stretch.counts.iter().any(|count| *count > 0)).map(|stretch| {
        let counts = stretch.counts.iter().map(|count| tag("td").class("number").put(number(*count)));
        tag("tr").put(tag("th").set("scope", "row").put(when::minute(stretch.from))).all(counts)
    });
    let table = tag("table").put(tag("caption").put(caption)).put(tag("thead").put(head)).put(tag("tbody").all(rows));
    tag("details").put(tag("summary").put("Numbers")).put(scrolled(caption, table)).into()
}

fn said(stretch: &Stretch, series: &[&str]) -> String {
    let counts = series.iter().zip(&stretch.counts).map(|(name, count)| format!("{name} {count}"));
    format!("{}: {}", when::minute(stretch.from), counts.collect::<Vec<_>>().join(", "))
}

/// A line of a list by size.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// What is counted.
    pub(crate) name: Html,
    /// Where more is said of it.
    pub(crate) to: Option<Address>,
    /// How often.
    pub(crate) count: u64,
}

/// Draws bars by size, the largest first; `counted` says what.
pub(crate) fn bars(caption: &str, heads: [&'static str; 2], mut bars: Vec<Bar>) -> Html {
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.count));
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or_default();
    let rows = bars.into_iter().map(|bar| {
        let name = match &bar.to {
            Some(address) => tag("a").to(address).put(bar.name).into(),
            None => bar.name,
        };
        let picture = tag("svg")
            .class("bar")
            .set("viewBox", "0 0 100 1")
            .set("preserveAspectRatio", "none")
            .set("aria-hidden", "true")
            .put(rect(0.0, 0.0, (share(bar.count, most) * 100.0).max(0.5), 1.0).class(series_class(0)));
        tag("tr")
            .put(tag("th").set("scope", "row").put(name).put(picture))
            .put(tag("td").class("number").put(number(bar.count)))
    });
    let [name, count] = heads;
    tag("table")
        .class("bars")
        .put(tag("caption").class("unseen").put(caption))
        .put(head(&[Column::Text(name), Column::Number(count)]))
        .put(tag("tbody").all(rows))
        .into()
}

/// What stands over a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    /// Over numbers.
    Number(&'static str),
    /// Over text.
    Text(&'static str),
}

/// Returns the head of a table.
pub(crate) fn head(columns: &[Column]) -> Tag {
    let cells = columns.iter().map(|column| match column {
        Column::Number(name) => tag("th").set("scope", "col").class("number").put(*name),
        Column::Text(name) => tag("th").set("scope", "col").put(*name),
    });
    tag("thead").put(tag("tr").all(cells))
}

/// Returns a table that scrolls by itself where it is too wide, also by keyboard.
pub(crate) fn scrolled(name: &str, table: impl Into<Html>) -> Html {
    let region = tag("div").class("scrolled").set("role", "region").set("aria-label", name).set("tabindex", "0");
    region.put(table).into()
}

/// Returns a number with its thousands apart, by a space that does not break.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn rect(x: f64, y: f64, width: f64, height: f64) -> Tag {
    let written = |number: f64| format!("{number:.2}");
    tag("rect")
        .set("x", &written(x))
        .set("y", &written(y))
        .set("width", &written(width))
        .set("height", &written(height))
}

fn share(count: u64, most: u64) -> f64 {
    if most == 0 { 0.0 } else { count as f64 / most as f64 }
}

const fn series_class(place: usize) -> &'static str {
    match place {
        0 => "series-0",
        1 => "series-1",
        2 => "series-2",
        _ => "series-3",
    }
}

const HEIGHT: f64 = 30.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (value, expected) in
            [(0, "0"), (999, "999"), (1000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")]
        {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn an_empty_chart_is_a_chart() {
        let drawn = timeline("Nothing", &["a"], &[]).document() + &bars("Nothing", ["a", "b"], Vec::new()).document();
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
    }
}
