//! What is sent to both: reports in a form that the peer's schemas of 2018 accept, too.

use std::fmt::Write as _;

/// Returns a body of so many reports, all different but for twenty blocked hosts.
pub(super) fn of(reports: u32) -> String {
    let mut body = String::from("[");
    for number in 0..reports {
        let comma = if number == 0 { "" } else { "," };
        let host = number % 20;
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            "{comma}{{\"age\":{number},\"body\":{{\"blocked\":\"https://cdn{host}.example/assets/app.js?v={number}\",\
             \"directive\":\"script-src\",\"policy\":\"default-src 'none'; script-src 'self' 'nonce-abc'; style-src \
             'self'; img-src 'self' data:; connect-src 'self'; report-uri https://collector.example/r; report-to ep\",\
             \"status\":200,\"referrer\":\"https://site.example/\"}},\"type\":\"csp\",\
             \"url\":\"https://site.example/page{number}?session=abc\",\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64) \
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\"}}"
        );
    }
    body.push(']');
    body
}
