//! A file as the body of a request, read while it is sent.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::registry::package::PIECE_BYTES;

/// A reader whose length is known before. The pieces of the HTTP library's own are 8 KB.
pub(super) struct FileBody {
    reader: Box<dyn Read + Send + Sync>,
    left: u64,
}

impl FileBody {
    /// `reader` gives `size_bytes` bytes.
    pub(super) fn new(reader: Box<dyn Read + Send + Sync>, size_bytes: u64) -> FileBody {
        FileBody { reader, left: size_bytes }
    }

    fn piece(&mut self) -> io::Result<Bytes> {
        let mut piece = vec![0; usize::try_from(self.left).unwrap_or(usize::MAX).min(PIECE_BYTES)];
        self.reader.read_exact(&mut piece)?;
        self.left -= piece.len() as u64;
        Ok(piece.into())
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    /// Reads while others wait: a disk is faster than what takes the bytes, and a command sends one file at a time.
    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.left {
            0 => Poll::Ready(None),
            _ => Poll::Ready(Some(self.piece().map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
