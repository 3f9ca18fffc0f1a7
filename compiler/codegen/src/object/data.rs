//! The data section under construction: words, and the addresses in them.

/// Something in the data section, by its offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(pub u64);

/// What an address in the data refers to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// Another place in the data, plus a tag.
    Data(Place, u64),
    /// A function of the text section, by its number.
    Code(usize),
    /// The start or end of the text section.
    TextStart,
    TextEnd,
}

#[derive(Default)]
pub struct Data {
    pub bytes: Vec<u8>,
    /// Offsets of eight-byte addresses.
    pub addresses: Vec<(u64, Target)>,
}

impl Data {
    pub fn align(&mut self, to: usize) -> Place {
        while self.bytes.len() % to != 0 {
            self.bytes.push(0);
        }
        Place(self.bytes.len() as u64)
    }
    pub fn word(&mut self, word: u64) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }
    pub fn half(&mut self, half: u32) {
        self.bytes.extend_from_slice(&half.to_le_bytes());
    }
    pub fn address(&mut self, target: Target) {
        self.addresses.push((self.bytes.len() as u64, target));
        self.word(0);
    }
    /// Bytes, padded to whole words.
    pub fn padded(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.align(8);
    }
}
