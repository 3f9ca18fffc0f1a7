//! Classes, reuse, frees across threads, and return to the system.

use super::*;
use std::collections::HashMap;
use std::sync::mpsc;

#[test]
fn classes_cover_sizes_tightly() {
    let mut previous = 0;
    for class in 0..class_of(1 << 30) {
        let bytes = class_bytes(class);
        assert!(bytes > previous && bytes.is_multiple_of(64));
        assert_eq!(class_of(bytes), class);
        assert_eq!(class_of(previous + 1), class);
        previous = bytes;
    }
    assert_eq!(class_bytes(SMALL_CLASSES - 1), SMALL_MAX_BYTES);
    assert_eq!(usable_size(64 << 10), 64 << 10);
    for size_bytes in 513..100_000 {
        let got = usable_size(size_bytes);
        assert!(got >= size_bytes && got * 4 <= size_bytes * 5 + 4 * 128);
    }
}

struct Sent(Block);
// SAFETY: blocks may be freed on any thread.
unsafe impl Send for Sent {}

fn fill(block: Block, value: u8) {
    // SAFETY: the block is ours.
    unsafe { block.address.as_ptr().write_bytes(value, block.size_bytes) };
}
fn check(block: Block, value: u8) {
    for at in [0, 1, block.size_bytes / 2, block.size_bytes - 1] {
        // SAFETY: the block is ours and was filled.
        assert_eq!(unsafe { *block.address.as_ptr().add(at) }, value);
    }
}

#[test]
fn random_blocks_never_overlap() {
    let mut live: Vec<(Block, u8)> = Vec::new();
    let mut seed = 42u64;
    for step in 0..60_000u32 {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let random = (seed >> 33) as usize;
        if random.is_multiple_of(5) || live.len() < 300 {
            let size_bytes = 1 + (random / 7) % (1 << (4 + random % 15));
            let space = if random & 64 == 0 { Space::Young } else { Space::Old };
            let block = allocate(space, size_bytes).unwrap();
            assert!(block.size_bytes >= size_bytes);
            let address = block.address.as_ptr() as u64;
            assert!(address >= beamrc_abi::term::LITERAL_END, "I6");
            assert_eq!(address >= map::OLD_START, space == Space::Old);
            let value = step as u8;
            fill(block, value);
            live.push((block, value));
        } else {
            let (block, value) = live.swap_remove(random / 5 % live.len());
            check(block, value);
            // SAFETY: ours.
            unsafe { free(block) };
        }
    }
    for (block, value) in live {
        check(block, value);
        // SAFETY: ours.
        unsafe { free(block) };
    }
}

#[test]
fn blocks_travel_between_threads() {
    // With room for few, so that the other thread frees while this one allocates.
    let (to, from) = mpsc::sync_channel::<(Sent, u8)>(64);
    let (back_to, back_from) = mpsc::channel::<(Sent, u8)>();
    let echo = std::thread::spawn(move || {
        for (Sent(block), value) in from {
            check(block, value);
            if value.is_multiple_of(2) {
                // SAFETY: sent to us.
                unsafe { free(block) };
            } else {
                back_to.send((Sent(block), value)).unwrap();
            }
        }
    });
    let mut addresses = HashMap::new();
    for round in 0..40_000u32 {
        let value = round as u8;
        let block = allocate(Space::Young, 64 + round as usize % 3000).unwrap();
        fill(block, value);
        *addresses.entry(block.address.as_ptr() as usize).or_insert(0) += 1;
        to.send((Sent(block), value)).unwrap();
        while let Ok((Sent(block), value)) = back_from.try_recv() {
            check(block, value);
            // SAFETY: came back to us.
            unsafe { free(block) };
        }
    }
    drop(to);
    echo.join().unwrap();
    for (Sent(block), value) in back_from {
        check(block, value);
        // SAFETY: came back to us.
        unsafe { free(block) };
    }
    assert!(addresses.values().any(|&times| times > 1), "blocks freed elsewhere are reused");
}

#[test]
fn heaps_of_ended_threads_are_taken_over() {
    for _ in 0..20 {
        std::thread::spawn(|| {
            let blocks: Vec<_> = (0..100).map(|_| allocate(Space::Young, 2000).unwrap()).collect();
            for block in blocks {
                // SAFETY: ours.
                unsafe { free(block) };
            }
        })
        .join()
        .unwrap();
    }
    assert!(lock().owners.len() < 20, "one heap serves threads that follow each other");
}

#[test]
fn large_blocks_shrink() {
    let block = allocate(Space::Old, 10 << 20).unwrap();
    fill(block, 7);
    // SAFETY: ours.
    let block = unsafe { shrink(block, 3 << 20) };
    assert_eq!(block.size_bytes, usable_size(3 << 20));
    check(block, 7);
    // SAFETY: ours.
    unsafe { free(block) };
}

#[test]
fn too_much_is_an_error() {
    assert_eq!(allocate(Space::Young, 1 << 45).err(), Some(OutOfMemory));
}

/// How fast; run with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    for size_bytes in [128, 2048, 100_000] {
        let started = std::time::Instant::now();
        let rounds = 2_000_000;
        let mut ring = [None; 64];
        for round in 0..rounds {
            let slot = &mut ring[round % 64];
            if let Some(block) = slot.take() {
                // SAFETY: ours.
                unsafe { free(block) };
            }
            *slot = Some(allocate(Space::Young, size_bytes).unwrap());
        }
        for block in ring.into_iter().flatten() {
            // SAFETY: ours.
            unsafe { free(block) };
        }
        let each = started.elapsed().as_nanos() as f64 / rounds as f64;
        println!("{size_bytes} bytes: {each:.1} ns for allocate and free");
    }
}
