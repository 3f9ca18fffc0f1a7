//! Damage to files, the same in every run. Tests of later stages read this file too.

/// A linear congruential generator, so that every run sees the same mutants.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        self.0 >> 33
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit.max(1)
    }
}

/// Changes a file in one place.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random) {
    if file.is_empty() {
        return;
    }
    let at = random.below(file.len());
    let size = random.below(24);
    let end = (at + size).min(file.len());
    match random.below(8) {
        0 => file.truncate(at),
        1 => drop(file.drain(at..end)),
        2 => {
            let copy = file[at..end].to_vec();
            file.splice(at..at, copy);
        }
        3 => file[at] ^= 1 << random.below(8),
        4 => {
            let word = [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, 0x0100_0000][random.below(6)];
            for (byte, value) in file[at..].iter_mut().zip(u32::to_be_bytes(word)) {
                *byte = value;
            }
        }
        5 => file[at..end].fill(random.next() as u8),
        _ => file[at] = random.next() as u8,
    }
}
