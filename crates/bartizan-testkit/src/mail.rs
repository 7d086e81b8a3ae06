//! A mail server that keeps what it was told, and refuses what a test wants refused.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::ca::Issued;
use crate::wait::{DEADLINE, wait_until};

/// How a mail server behaves.
#[derive(Debug, Clone, Default)]
pub struct MailOptions {
    /// Encryption: from the first byte, after STARTTLS, or none.
    pub encryption: MailEncryption,
    /// What it offers after EHLO; STARTTLS is added where it is spoken.
    pub offers: &'static [&'static str],
    /// The beginning of a command, and the answer to it instead of the usual one.
    pub instead: Option<(&'static str, &'static str)>,
}

/// Encryption of a mail server.
#[derive(Debug, Clone, Default)]
pub enum MailEncryption {
    /// None.
    #[default]
    Plain,
    /// From the first byte.
    Implicit(Issued),
    /// After STARTTLS.
    StartTls(Issued),
}

/// A running mail server.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

trait Both: Read + Write {}

impl<S: Read + Write> Both for S {}

impl MailServer {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// When loopback has no port left.
    pub fn start(options: MailOptions) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&lines);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (options, record) = (options.clone(), Arc::clone(&record));
                // A client that breaks off ends its own talk only.
                thread::spawn(move || talk(stream, &options, &record));
            }
        });
        Self { address, lines }
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns every line that any client said; lines said over TLS begin with `tls: `.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many clients said goodbye.
    ///
    /// # Panics
    ///
    /// After the deadline.
    pub fn wait_for(&self, messages: usize) -> Vec<String> {
        wait_until("mails", || {
            let lines = self.lines();
            (lines.iter().filter(|line| line.ends_with("QUIT")).count() >= messages).then_some(lines)
        })
    }
}

fn talk(stream: TcpStream, options: &MailOptions, record: &Mutex<Vec<String>>) -> Option<()> {
    stream.set_read_timeout(Some(DEADLINE)).ok()?;
    let mut offers: Vec<&str> = options.offers.to_vec();
    match &options.encryption {
        MailEncryption::Plain => serve(BufReader::new(Box::new(stream)), "", &offers, options, record).map(drop),
        MailEncryption::Implicit(issued) => {
            serve(BufReader::new(encrypted(stream, issued)), "tls: ", &offers, options, record).map(drop)
        }
        MailEncryption::StartTls(issued) => {
            let own = stream.try_clone().ok()?;
            offers.insert(0, "STARTTLS");
            if serve(BufReader::new(Box::new(own)), "", &offers, options, record)? {
                let mut reader = BufReader::new(encrypted(stream, issued));
                // After the handshake a client introduces itself again, and there is no second greeting.
                commands(&mut reader, "tls: ", options.offers, options, record)?;
            }
            Some(())
        }
    }
}

fn encrypted(stream: TcpStream, issued: &Issued) -> Box<dyn Both> {
    let (chain, key) = issued.read();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(chain, key).unwrap();
    Box::new(StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream))
}

fn serve(
    mut reader: BufReader<Box<dyn Both>>,
    mark: &str,
    offers: &[&str],
    options: &MailOptions,
    record: &Mutex<Vec<String>>,
) -> Option<bool> {
    reader.get_mut().write_all(b"220 mail.example ready\r\n").ok()?;
    reader.get_mut().flush().ok()?;
    commands(&mut reader, mark, offers, options, record)
}

/// Answers commands until the client leaves; whether it asked for encryption.
fn commands(
    reader: &mut BufReader<Box<dyn Both>>,
    mark: &str,
    offers: &[&str],
    options: &MailOptions,
    record: &Mutex<Vec<String>>,
) -> Option<bool> {
    let (mut is_message, mut words_to_come) = (false, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return Some(false);
        }
        let line = line.trim_end_matches(['\r', '\n']);
        record.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{mark}{line}"));
        let instead = options.instead.filter(|(start, _)| line.starts_with(start));
        let answer = match (is_message, line) {
            (true, ".") => {
                is_message = false;
                "250 taken".to_owned()
            }
            (true, _) => continue,
            _ if instead.is_some() => instead?.1.to_owned(),
            (_, "DATA") => {
                is_message = true;
                "354 go on".to_owned()
            }
            (_, "QUIT") => "221 bye".to_owned(),
            (_, "STARTTLS") => "220 go on".to_owned(),
            (_, "AUTH LOGIN") => {
                words_to_come = 2;
                "334 VXNlcm5hbWU6".to_owned()
            }
            _ if words_to_come == 2 => {
                words_to_come = 1;
                "334 UGFzc3dvcmQ6".to_owned()
            }
            _ if words_to_come == 1 => {
                words_to_come = 0;
                "235 welcome".to_owned()
            }
            (_, line) if line.starts_with("AUTH PLAIN ") => "235 welcome".to_owned(),
            (_, line) if line.starts_with("EHLO ") => {
                let all: Vec<_> = std::iter::once("mail.example").chain(offers.iter().copied()).collect();
                let last = all.len() - 1;
                let lines = all.iter().enumerate();
                let lines: Vec<_> =
                    lines.map(|(at, offer)| format!("250{}{offer}", if at == last { " " } else { "-" })).collect();
                lines.join("\r\n")
            }
            _ => "250 fine".to_owned(),
        };
        let writer = reader.get_mut();
        writer.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
        writer.flush().ok()?;
        match line {
            "QUIT" => return Some(false),
            "STARTTLS" if answer.starts_with("220") => return Some(true),
            _ => {}
        }
    }
}
