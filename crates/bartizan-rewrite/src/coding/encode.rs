//! Folding: a page leaves in pieces, each of which a reader can use at once.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Write};
use std::rc::Rc;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::Coding;

/// Folds one body.
pub struct Encoder {
    coding: Coding,
    outgoing: Rc<RefCell<Vec<u8>>>,
    writer: Writer,
}

enum Writer {
    Brotli(Box<brotli::CompressorWriter<Sink>>),
    Deflate(ZlibEncoder<Sink>),
    Gzip(GzEncoder<Sink>),
    Identity(Sink),
    Zstd(zstd::stream::write::Encoder<'static, Sink>),
}

struct Sink(Rc<RefCell<Vec<u8>>>);

/// For pages that are folded while somebody waits: about as small as the usual settings of static servers, at a third of
/// the time.
const GZIP: u32 = 4;
const BROTLI: u32 = 4;
/// 256 KiB: a page is hardly longer, and each connection that folds keeps as much.
const BROTLI_WINDOW: u32 = 18;
const ZSTD: i32 = 2;
const BUFFER: usize = 16 << 10;

impl Encoder {
    /// Returns an encoder that has written nothing.
    ///
    /// # Errors
    ///
    /// When there is no memory for its tables.
    pub fn new(coding: Coding) -> io::Result<Self> {
        let outgoing = Rc::default();
        let sink = Sink(Rc::clone(&outgoing));
        let writer = match coding {
            Coding::Brotli => {
                Writer::Brotli(Box::new(brotli::CompressorWriter::new(sink, BUFFER, BROTLI, BROTLI_WINDOW)))
            }
            Coding::Deflate => Writer::Deflate(ZlibEncoder::new(sink, Compression::new(GZIP))),
            Coding::Gzip => Writer::Gzip(GzEncoder::new(sink, Compression::new(GZIP))),
            Coding::Identity => Writer::Identity(sink),
            Coding::Zstd => Writer::Zstd(zstd::stream::write::Encoder::new(sink, ZSTD)?),
        };
        Ok(Self { coding, outgoing, writer })
    }

    /// Takes bytes of the page, and adds what is ready to `out`.
    ///
    /// # Errors
    ///
    /// When there is no memory.
    pub fn write(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.writer {
            Writer::Brotli(writer) => writer.write_all(bytes),
            Writer::Deflate(writer) => writer.write_all(bytes),
            Writer::Gzip(writer) => writer.write_all(bytes),
            Writer::Identity(writer) => writer.write_all(bytes),
            Writer::Zstd(writer) => writer.write_all(bytes),
        }?;
        self.collect(out);
        Ok(())
    }

    /// Adds all that was written so far to `out`, so that a reader can go on.
    ///
    /// # Errors
    ///
    /// When there is no memory.
    pub fn flush(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.writer {
            Writer::Brotli(writer) => writer.flush(),
            Writer::Deflate(writer) => writer.flush(),
            Writer::Gzip(writer) => writer.flush(),
            Writer::Identity(_) => Ok(()),
            Writer::Zstd(writer) => writer.flush(),
        }?;
        self.collect(out);
        Ok(())
    }

    /// Ends the body.
    ///
    /// # Errors
    ///
    /// When there is no memory.
    pub fn end(self, out: &mut Vec<u8>) -> io::Result<()> {
        match self.writer {
            Writer::Brotli(writer) => drop(writer.into_inner()),
            Writer::Deflate(writer) => drop(writer.finish()?),
            Writer::Gzip(writer) => drop(writer.finish()?),
            Writer::Identity(_) => {}
            Writer::Zstd(writer) => drop(writer.finish()?),
        }
        out.append(&mut self.outgoing.borrow_mut());
        Ok(())
    }

    fn collect(&self, out: &mut Vec<u8>) {
        out.append(&mut self.outgoing.borrow_mut());
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").field("coding", &self.coding).finish_non_exhaustive()
    }
}
