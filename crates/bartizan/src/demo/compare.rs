//! The table of before and after: each line is what really came back to the same bytes.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::client::{Answer, Target};
use crate::output::{Cell, DIM, HEADING, Table, width};

/// Sends every request to both and prints what came back.
pub(super) fn print(
    out: &mut impl Write,
    app: SocketAddr,
    tls: SocketAddr,
    http: SocketAddr,
    authority: &Path,
) -> anyhow::Result<()> {
    let weak = Target::Plain(app);
    let wall = Target::tls(tls, authority)?;
    let host = format!("localhost:{}", tls.port());
    let front = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let (before, after) = (weak.send(&front)?, wall.send(&front)?);
    for table in [headers(&before, &after), cookies(&before, &after), attacks(&weak, &wall, http, &host)?] {
        write!(out, "{}", table.render(width(), HEADING))?;
    }
    Ok(())
}

fn headers(before: &Answer, after: &Answer) -> Table {
    let lines = HEADERS.iter().map(|name| {
        let said = |answer: &Answer| answer.all(name).next().map(ToOwned::to_owned);
        (*name, said(before), said(after))
    });
    let seen = lines.filter(|(_, before, after)| before.is_some() || after.is_some());
    let rows = seen.map(|(name, before, after)| {
        // A banner is a fault where it is said, a security header where it is not.
        let (worse, better) = (Cell::new(before.as_deref().unwrap_or("-"), BAD), after.as_deref().unwrap_or("removed"));
        [Cell::new(name, Style::new()), worse, Cell::new(better, GOOD)]
    });
    Table { headings: ["Header", "The app alone", "Behind the wall"], rows: rows.collect() }
}

fn cookies(before: &Answer, after: &Answer) -> Table {
    let rows = before.all("set-cookie").zip(after.all("set-cookie")).map(|(before, after)| {
        let name = before.split('=').next().unwrap_or_default();
        let style = if before == after { DIM } else { GOOD };
        [Cell::new(name, Style::new()), Cell::new(before, BAD), Cell::new(after, style)]
    });
    Table { headings: ["Cookie", "The app alone", "Behind the wall"], rows: rows.collect() }
}

fn attacks(weak: &Target, wall: &Target, http: SocketAddr, host: &str) -> anyhow::Result<Table> {
    let mut rows = Vec::new();
    for attack in ATTACKS {
        let request = attack.request.replace("{host}", host).replace('\n', "\r\n");
        let (before, after) = (weak.send(&request)?, wall.send(&request)?);
        rows.push([Cell::new(attack.name, Style::new()), outcome(&before, attack.sign), outcome(&after, attack.sign)]);
    }
    let request = format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", http.port());
    let (before, after) = (weak.send(&request)?, Target::Plain(http).send(&request)?);
    let place = |answer: &Answer| match answer.all("location").next() {
        Some(place) => Cell::new(format!("{} to {place}", answer.status.unwrap_or_default()), GOOD),
        None => Cell::new(format!("{}, in the clear", answer.status.unwrap_or_default()), BAD),
    };
    rows.push([Cell::new("Plain HTTP", Style::new()), place(&before), place(&after)]);
    Ok(Table { headings: ["Attack", "The app alone", "Behind the wall"], rows })
}

/// Says how an attack ended: by the status, and by the text that shows that it worked.
fn outcome(answer: &Answer, sign: Sign) -> Cell {
    let Some(status) = answer.status else { return Cell::new("connection closed", GOOD) };
    let worked = match sign {
        Sign::Answered => status < 400,
        Sign::Shows(text) => answer.body.contains(text),
    };
    match (worked, sign) {
        (true, Sign::Answered) => Cell::new(format!("{status}, accepted"), BAD),
        (true, Sign::Shows(text)) => Cell::new(format!("{status}, shows {text:?}"), BAD),
        (false, Sign::Answered) => Cell::new(format!("{status}, refused"), GOOD),
        (false, Sign::Shows(_)) => Cell::new(format!("{status}, nothing shown"), GOOD),
    }
}

/// How one sees that an attack worked.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// It was answered as any request.
    Answered,
    /// The answer shows this.
    Shows(&'static str),
}

/// One attack: a line break stands for CR and LF.
struct Attack {
    name: &'static str,
    request: &'static str,
    sign: Sign,
}

const ATTACKS: &[Attack] = &[
    Attack {
        name: "Unknown host in links",
        request: "GET / HTTP/1.1\nHost: evil.example\nConnection: close\n\n",
        sign: Sign::Shows("//evil.example/reset"),
    },
    Attack {
        name: "Smuggling (CL and TE)",
        request: "POST /notes HTTP/1.1\nHost: {host}\nConnection: close\nContent-Type: application/x-www-form-urlencoded\n\
                  Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
        sign: Sign::Answered,
    },
    Attack {
        name: "Forged form of another site",
        request: "POST /notes HTTP/1.1\nHost: {host}\nConnection: close\nCookie: sessionid=9f8e7d6c5b4a\n\
                  Origin: https://evil.example\nSec-Fetch-Site: cross-site\n\
                  Content-Type: application/x-www-form-urlencoded\nContent-Length: 11\n\nforged=true",
        sign: Sign::Answered,
    },
    Attack {
        name: "TRACE, cookies echoed",
        request: "TRACE / HTTP/1.1\nHost: {host}\nConnection: close\nCookie: sessionid=9f8e7d6c5b4a\n\n",
        sign: Sign::Answered,
    },
    Attack {
        name: "Path out of the folder",
        request: "GET /static/..%2f..%2fsettings.env HTTP/1.1\nHost: {host}\nConnection: close\n\n",
        sign: Sign::Shows("SECRET_KEY"),
    },
    Attack {
        name: "Stack trace",
        request: "GET /crash HTTP/1.1\nHost: {host}\nConnection: close\n\n",
        sign: Sign::Shows("Traceback"),
    },
    Attack {
        name: "Directory listing",
        request: "GET /files/ HTTP/1.1\nHost: {host}\nConnection: close\n\n",
        sign: Sign::Shows("Index of"),
    },
];

/// The headers worth a line, as they are written by people.
const HEADERS: &[&str] = &[
    "Server",
    "X-Powered-By",
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Resource-Policy",
    "Origin-Agent-Cluster",
    "X-Permitted-Cross-Domain-Policies",
    "X-DNS-Prefetch-Control",
    "X-XSS-Protection",
    "Cache-Control",
];

const BAD: Style = AnsiColor::Red.on_default();
const GOOD: Style = AnsiColor::Green.on_default();
