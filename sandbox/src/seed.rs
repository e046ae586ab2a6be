//! Random values that a seed reproduces: passwords, tokens, server ids and throw-away keys.

use std::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// SHA-256 in counter mode over a seed and a label. It repeats itself on purpose and protects
/// nothing: everything drawn from it belongs to a simulation.
#[derive(Debug, Clone)]
pub(crate) struct SeededRng {
    key: [u8; 32],
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl SeededRng {
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(label.as_bytes());
        Self {
            key: hash.finalize().into(),
            counter: 0,
            block: [0; 32],
            used: 32,
        }
    }

    fn byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            let mut hash = Sha256::new();
            hash.update(self.key);
            hash.update(self.counter.to_be_bytes());
            self.block = hash.finalize().into();
            self.counter += 1;
            self.used = 0;
        }
        let byte = self.block[self.used];
        self.used += 1;
        byte
    }

    /// A number in `0..bound` (`bound` at most 256).
    fn below(&mut self, bound: usize) -> usize {
        let limit = 256 - 256 % bound;
        loop {
            let byte = usize::from(self.byte());
            if byte < limit {
                return byte % bound;
            }
        }
    }

    /// `length` letters and digits.
    pub(crate) fn text(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(ALPHANUMERIC[self.below(62)]))
            .collect()
    }

    /// `length` upper-case letters and digits.
    pub(crate) fn capitals(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(ALPHANUMERIC[self.below(26)]))
            .collect()
    }

    /// `length` digits, the first not zero.
    pub(crate) fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|at| {
                char::from(
                    b"0123456789"[if at == 0 {
                        1 + self.below(9)
                    } else {
                        self.below(10)
                    }],
                )
            })
            .collect()
    }

    /// Puts a list into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            // `below` takes at most 256, so an item of a long list moves at most 255 positions.
            let first = last.saturating_sub(255);
            items.swap(last, first + self.below(last - first + 1));
        }
    }

    /// A random UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let bytes = std::array::from_fn(|_| self.byte());
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn fraction(&mut self) -> f64 {
        let bits = u32::from_be_bytes([self.byte(), self.byte(), self.byte(), self.byte()]);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }
}

impl TryRng for SeededRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for byte in target {
            *byte = self.byte();
        }
        Ok(())
    }
}

impl TryCryptoRng for SeededRng {}

#[cfg(test)]
mod tests {
    use super::SeededRng;

    #[test]
    fn repeats_itself_and_differs_by_label() {
        let text = |seed, label| SeededRng::new(seed, label).text(24);
        assert_eq!(text(7, "jira"), text(7, "jira"));
        assert_ne!(text(7, "jira"), text(7, "wiki"));
        assert_ne!(text(7, "jira"), text(8, "jira"));
        assert_eq!(SeededRng::new(1, "x").digits(10).len(), 10);
    }
}
