//! As much of HTTP as measuring needs: one connection that asks for the same page again and again.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};

/// A kept connection.
pub(super) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to `host:port` for one path.
    pub(super) fn open(address: &str, path: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).context(address)?;
        stream.set_nodelay(true).context(address)?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes();
        Ok(Self {
            stream,
            request,
            buffer: vec![0; 1 << 20],
        })
    }

    /// Asks once and reads the whole answer; gives the bytes of its body. The answer must be a 200 with a length.
    pub(super) fn ask(&mut self) -> Result<usize> {
        self.stream.write_all(&self.request).context("request")?;
        let mut filled = 0;
        let (head, length) = loop {
            filled += self.read(filled)?;
            if let Some(end) = self.buffer[..filled]
                .windows(4)
                .position(|bytes| bytes == b"\r\n\r\n")
            {
                break (end + 4, length(&self.buffer[..end])?);
            }
        };
        while filled < head + length {
            filled += self.read(filled)?;
        }
        Ok(length)
    }

    fn read(&mut self, from: usize) -> Result<usize> {
        let free = self.buffer.get_mut(from..).unwrap_or_default();
        let read = self.stream.read(free).context("answer")?;
        if read == 0 {
            Err(Failure::new("the answer ended early or is too long"))
        } else {
            Ok(read)
        }
    }
}

/// Requests per second of a path over some connections at once, and the bytes of one answer.
pub(super) fn rate(address: &str, path: &str, connections: usize, during: Duration) -> Result<(f64, usize)> {
    let start = Instant::now();
    let until = start + during;
    let counted = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| -> Result<(u64, usize)> {
                    let mut connection = Connection::open(address, path)?;
                    let (mut count, mut bytes) = (0, 0);
                    while Instant::now() < until {
                        bytes = connection.ask()?;
                        count += 1;
                    }
                    Ok((count, bytes))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(Failure::new("a client ended unexpectedly")))
            })
            .collect::<Result<Vec<_>>>()
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let count: u64 = counted.iter().map(|(count, _)| count).sum();
    Ok((
        count as f64 / seconds,
        counted.first().map_or(0, |(_, bytes)| *bytes),
    ))
}

fn length(head: &[u8]) -> Result<usize> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(Failure::new(head.lines().next().unwrap_or_default()));
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    length.context("the answer has no content-length")
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn the_length_is_read_from_a_good_answer_only() {
        assert_eq!(
            length(b"HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Length: 12").unwrap(),
            12
        );
        assert!(length(b"HTTP/1.1 200 OK\r\ncontent-type: a").is_err());
        assert!(length(b"HTTP/1.1 500 Oops\r\ncontent-length: 12").is_err());
    }
}
