//! One connection of the recording upstream: just enough HTTP/1.1 to find where a request ends.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Mutex;

use super::reply::End;
use super::{Moment, Record, RecordedRequest, Reply, lock};
use crate::response::{read_head, read_line};
use crate::wait::DEADLINE;

/// Copies what is read into the record, byte by byte as it comes.
struct Recorder<'a> {
    stream: &'a TcpStream,
    index: usize,
    record: &'a Mutex<Record>,
}

impl Read for Recorder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        if let Some(bytes) = lock(self.record).connections.get_mut(self.index) {
            bytes.extend_from_slice(&buffer[..count]);
        }
        Ok(count)
    }
}

/// Serves one connection until either side ends it.
pub(super) fn serve(
    stream: &TcpStream,
    index: usize,
    record: &Mutex<Record>,
    moment: Moment,
    handler: &dyn Fn(&RecordedRequest) -> Reply,
) -> io::Result<()> {
    // Longer than any test: an idle pooled connection is not this side's to close.
    stream.set_read_timeout(Some(12 * DEADLINE))?;
    stream.set_nodelay(true)?;
    let mut reader = Recorder { stream, index, record };
    loop {
        let mut head = Vec::new();
        read_head(&mut reader, &mut head)?;
        let mut request = RecordedRequest { connection: index, head, ..RecordedRequest::default() };
        let place = {
            let mut record = lock(record);
            record.requests.push(request.clone());
            record.requests.len() - 1
        };
        let early = (moment == Moment::Head).then(|| handler(&request));
        if let Some(reply) = &early {
            write_pieces(stream, reply)?;
        }
        let outcome = read_body(&mut reader, &mut request);
        request.is_complete = outcome.is_ok();
        if let Some(known) = lock(record).requests.get_mut(place) {
            *known = request.clone();
        }
        outcome?;
        let reply = match early {
            Some(reply) => reply,
            None => {
                let reply = handler(&request);
                write_pieces(stream, &reply)?;
                reply
            }
        };
        match reply.end {
            End::Keep => {}
            End::Close => return stream.shutdown(Shutdown::Both),
            End::Echo => return echo(&mut reader),
            End::Hang(release, rest) => {
                release.wait();
                (&*stream).write_all(&rest)?;
            }
        }
    }
}

fn write_pieces(mut stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    reply.pieces.iter().try_for_each(|piece| stream.write_all(piece))
}

fn echo(reader: &mut Recorder<'_>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        let mut stream = reader.stream;
        stream.write_all(&buffer[..count])?;
    }
}

fn read_body(reader: &mut impl Read, request: &mut RecordedRequest) -> io::Result<()> {
    if request.all("transfer-encoding").iter().any(|value| value.to_ascii_lowercase().ends_with("chunked")) {
        return read_chunks(reader, &mut request.body);
    }
    let length = request.header("content-length").and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
    take(reader, length, &mut request.body)
}

fn read_chunks(reader: &mut impl Read, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let line = read_line(reader, &mut Vec::new())?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(digits, 16).map_err(io::Error::other)?;
        if size == 0 {
            break;
        }
        take(reader, size, body)?;
        read_line(reader, &mut Vec::new())?;
    }
    while !read_line(reader, &mut Vec::new())?.is_empty() {}
    Ok(())
}

fn take(reader: &mut impl Read, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let count = reader.take(length).read_to_end(body)?;
    if (count as u64) < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}
