//! What the firewall costs in the running wall: the processor time of `serve` for one request, without it and with it.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::super::server::{Server, free_address};

/// Measures the wall without a firewall and with one; microseconds for each request.
pub(super) fn measure(bartizan: &Path, rules: &Path, cases: &Path, folder: &Path, requests: u32) -> Result<(f64, f64)> {
    let request = request(cases)?;
    let app = app()?;
    let cost = |name: &str, waf: &str| -> Result<f64> {
        let address = free_address()?;
        let config = folder.join(format!("{name}.toml"));
        std::fs::write(
            &config,
            format!(
                "[server]\nlisten = []\nlisten_http = [\"{address}\"]\nadmin = \"none\"\nworkers = 1\n\
                 state_dir = {:?}\n[server.log]\naccess = \"off\"\n[[site]]\nhosts = [\"shop.example.com\"]\n\
                 https = {{ redirect = \"dangerous_plain_http\" }}\nupstream = [\"http://{app}\"]\n[site.waf]\n{waf}",
                folder.join("state")
            ),
        )?;
        let log = folder.join(format!("{name}.log"));
        let mut server = Server::start(bartizan, &["serve", "--config", &config.to_string_lossy()], &log)?;
        server.wait_until_ready(address, &log)?;
        load(address, &request, requests / 10)?;
        let before = server.cpu_seconds()?;
        load(address, &request, requests)?;
        Ok((server.cpu_seconds()? - before) * 1e6 / f64::from(requests))
    };
    let off = cost("off", "mode = \"off\"\n")?;
    let on = cost("on", &format!("mode = \"block\"\nrules = {:?}\n", rules.display().to_string()))?;
    Ok((off, on))
}

/// The smallest request of the corpus, as bytes.
fn request(cases: &Path) -> Result<Vec<u8>> {
    let text = std::fs::read_to_string(cases)?;
    let case: Value = serde_json::from_str(text.lines().next().context("no case")?)?;
    let given = &case["given"];
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut request = format!("{} {} HTTP/1.1\r\n", word(&given["method"]), word(&given["uri"]));
    for field in given["headers"].as_array().into_iter().flatten() {
        writeln!(request, "{}: {}\r", word(&field[0]), word(&field[1]))?;
    }
    request.push_str("\r\n");
    Ok(request.into_bytes())
}

/// An app that answers everything with thirty bytes, for as long as this process runs.
fn app() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port on loopback")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || converse(stream));
        }
    });
    Ok(address)
}

fn converse(stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        if skip_head(&mut reader)?.is_none() {
            return Ok(());
        }
        stream.write_all(ANSWER)?;
    }
}

/// Asks over one connection, one request after the other.
fn load(address: SocketAddr, request: &[u8], count: u32) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    for _ in 0..count {
        stream.write_all(request)?;
        let (first, length) = skip_head(&mut reader)?.context("the connection ends")?;
        ensure!(first.starts_with("HTTP/1.1 200"), "the answer is {}", first.trim());
        std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink())?;
    }
    Ok(())
}

/// Reads a head; returns its first line and the length of the body, or nothing at the end.
fn skip_head(reader: &mut impl BufRead) -> Result<Option<(String, u64)>> {
    let (mut first, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim().is_empty() {
            return Ok(Some((first, length)));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
        if first.is_empty() {
            first = line;
        }
    }
}

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 30\r\n\r\n<html><body>hello</body></html";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_lengths_are_read() {
        let mut reader = BufReader::new(ANSWER);
        let (first, length) = skip_head(&mut reader).unwrap().unwrap();
        let mut body = Vec::new();
        reader.read_to_end(&mut body).unwrap();
        assert!(first.starts_with("HTTP/1.1 200"));
        assert_eq!(body.len() as u64, length);
        assert!(skip_head(&mut BufReader::new(b"".as_slice())).unwrap().is_none());
    }
}
