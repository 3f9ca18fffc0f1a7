//! Random heaps against a model, and what a collection must free.

mod model;

use super::binary::{self, Binary, Resource};
use super::*;
use crate::term::{Kind, Term, build};
use beamrc_abi::term::header;
use core::sync::atomic::{AtomicUsize, Ordering};
use model::World;

pub(super) fn new_head() -> ProcessHead {
    // SAFETY: the head is made of integers only.
    let mut head: ProcessHead = unsafe { core::mem::zeroed() };
    head.fcalls = 4000;
    head
}

fn numbers(on: &mut impl Alloc, count: i64) -> Term {
    let mut list = Term::NIL;
    for i in (0..count).rev() {
        list = build::cons(on, Term::small(i), list);
    }
    list
}
fn assert_numbers(list: Term, count: i64) {
    let mut expected = 0;
    let mut elements = list.list();
    for element in elements.by_ref() {
        assert!(element == Term::small(expected));
        expected += 1;
    }
    assert!(expected == count && elements.tail().is_nil());
}

#[test]
fn random_heaps_survive_collections() {
    for seed in 0..40 {
        World::new(seed, false).run(400);
    }
}

#[test]
fn random_heaps_survive_collections_under_stress() {
    for seed in 100..115 {
        World::new(seed, true).run(250);
    }
}

/// More and longer of the same; run with `--ignored`.
#[test]
#[ignore = "takes minutes"]
fn many_random_heaps_survive_collections() {
    for seed in 1000..5000 {
        World::new(seed, seed % 4 == 0).run(1500);
    }
}

#[test]
fn long_and_deep_terms_need_no_recursion() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let list = numbers(&mut on, 1_000_000);
    let (mut deep, mut left) = (Term::NIL, Term::NIL);
    for _ in 0..500_000 {
        deep = build::tuple(&mut on, &[deep]);
        left = build::cons(&mut on, left, Term::OK);
    }
    let mut roots = [list, deep, left];
    for sort in [Collection::Minor, Collection::Minor, Collection::Major, Collection::Hibernate] {
        heap.collect(&mut head, 10, sort, &mut roots).unwrap();
        heap.verify(&head);
    }
    let fragment = Fragment::copy_of(Term(roots[0].0)).unwrap();
    assert_numbers(fragment.message, 1_000_000);
    assert_eq!(copy::words_to_copy(roots[1]), 1_000_000);
    let copies = [Fragment::copy_of(roots[1]).unwrap(), Fragment::copy_of(roots[2]).unwrap()];
    drop(heap);
    assert_numbers(fragment.message, 1_000_000);
    let (mut deep, mut left, mut depth) = (copies[0].message, copies[1].message, 0);
    while let (Some(inner), Some((head, _))) = (deep.as_tuple(), left.as_cons()) {
        (deep, left, depth) = (inner[0], head, depth + 1);
    }
    assert!(depth == 500_000 && deep.is_nil() && left.is_nil());
}

#[test]
fn room_that_was_asked_for_is_there() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut roots = Vec::new();
    for need in [0, 1, 50, 1000, 100_000, 3, 2_000_000, 7] {
        heap.collect(&mut head, need, Collection::Minor, &mut roots).unwrap();
        assert!(head.heap_limit - head.hp >= 8 * need as u64);
        let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
        roots.push(numbers(&mut on, 10 + need as i64));
    }
    for (list, need) in roots.iter().zip([0, 1, 50, 1000, 100_000, 3, 2_000_000, 7]) {
        assert_numbers(*list, 10 + need);
    }
}

#[test]
fn binaries_are_freed_when_nothing_refers_to_them() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let binary = Binary::from_bytes(&[7; 1000]);
    // SAFETY: the binary is ours as long as the test holds its own reference.
    let references = || unsafe { Binary::references(binary) };
    // SAFETY: alive.
    unsafe { Binary::incref(binary) };
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let mut roots = [binary::bin_ref(&mut on, binary)];
    for sort in [Collection::Minor, Collection::Minor, Collection::Minor, Collection::Major] {
        heap.collect(&mut head, 0, sort, &mut roots).unwrap();
        assert_eq!(references(), 2);
        assert!(binary::binary_of(roots[0]) == binary);
    }
    let message = Fragment::copy_of(roots[0]).unwrap();
    assert_eq!(references(), 3);
    heap.adopt(&mut head, message);
    heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    assert_eq!(references(), 2, "the copy was not a root");
    roots = [Term::NIL];
    heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    assert_eq!(references(), 2, "old objects stay for a major collection");
    heap.collect(&mut head, 0, Collection::Major, &mut roots).unwrap();
    assert_eq!(references(), 1);
    drop(Fragment::copy_of(Term::OK).unwrap());
    // SAFETY: alive; the last use.
    unsafe {
        Binary::incref(binary);
        binary::bin_ref(&mut HeapWithHead { heap: &mut heap, head: &mut head }, binary);
        drop(heap);
        assert_eq!(references(), 1, "exit gives up everything");
        Binary::decref(binary);
    }
}

#[test]
fn much_off_heap_asks_for_a_collection() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut made = 0;
    while !heap.take_request(&mut head) {
        let binary = Binary::alloc(10_000);
        binary::bin_ref(&mut HeapWithHead { heap: &mut heap, head: &mut head }, binary);
        made += 1;
        assert!(made < 1000);
    }
    assert_eq!(made, sizing::MIN_VHEAP_WORDS * 8 / 10_000 + 1);
    assert_eq!(head.fcalls, 4000, "reductions were only withheld");
    assert_eq!(heap.binaries().len(), made);
    heap.collect(&mut head, 0, Collection::Minor, &mut [Term::NIL]).unwrap();
    assert_eq!(heap.info(&head).bin_vheap_words, 0);
    assert!(heap.binaries().is_empty());
}

#[test]
fn hibernation_keeps_what_lives_and_little_more() {
    for count in [0, 1, 20, 100, 3000, 100_000] {
        let (mut heap, mut head) = (Heap::default(), new_head());
        heap.collect(&mut head, 70_000, Collection::Minor, &mut [Term::NIL]).unwrap();
        let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
        numbers(&mut on, 30_000);
        let mut roots = [numbers(&mut on, count)];
        for _ in 0..2 {
            heap.collect(&mut head, 0, Collection::Hibernate, &mut roots).unwrap();
            let info = heap.info(&head);
            let live_words = 2 * count as usize;
            assert_eq!((info.heap_words, info.fragment_words), (0, 0));
            assert_eq!(info.old_heap_used_words, live_words);
            assert!(info.total_words <= live_words + live_words / 2 + 64, "{info:?}");
        }
        heap.collect(&mut head, 10, Collection::Minor, &mut roots).unwrap();
        assert_numbers(roots[0], count);
    }
}

#[test]
fn a_collection_that_was_asked_for_gives_back_what_was_garbage() {
    for count in [0, 100, 3000, 100_000] {
        let (mut heap, mut head) = (Heap::default(), new_head());
        heap.collect(&mut head, 300_000, Collection::Minor, &mut [Term::NIL]).unwrap();
        let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
        numbers(&mut on, 30_000);
        let mut roots = [numbers(&mut on, count)];
        for _ in 0..3 {
            heap.collect(&mut head, 0, Collection::Major, &mut roots).unwrap();
            let (live_words, info) = (2 * count as usize, heap.info(&head));
            assert!(info.total_words <= 3 * live_words + 256, "{count}: {info:?}");
        }
        assert_numbers(roots[0], count);
    }
}

#[test]
fn growth_of_an_old_binary_makes_a_collection_major() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let mut roots = [binary::bin_ref(&mut on, Binary::alloc(1000))];
    for _ in 0..3 {
        heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    }
    // SAFETY: the object holds the only reference, and is told the new address.
    unsafe {
        let grown = Binary::grow(binary::binary_of(roots[0]), 1 << 20).unwrap();
        *roots[0].address().add(1) = grown.as_ptr() as u64;
    }
    heap.charge_off_heap(&mut head, ((1 << 20) - 1000) / 8);
    assert!(heap.take_request(&mut head));
    roots[0] = Term::NIL;
    heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    assert_eq!(heap.info(&head).bin_old_vheap_words, (1 << 20) / 8);
    heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    assert!(heap.binaries().is_empty(), "the second one was major");
}

#[test]
fn fragments_ask_for_a_collection() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let list = numbers(&mut on, 5000);
    assert_eq!(head.fcalls, 0);
    head.fcalls -= 3;
    assert!(heap.take_request(&mut head) && !heap.take_request(&mut head));
    assert_eq!(head.fcalls, 3997);
    assert_numbers(list, 5000);
    assert_eq!(heap.info(&head).fragment_words, 10_000);
}

#[repr(C)]
struct Counted {
    resource: Resource,
    destroyed: &'static AtomicUsize,
}
unsafe fn destroy(this: NonNull<Resource>) {
    // SAFETY: made by Box below; the last reference.
    let counted = unsafe { Box::from_raw(this.as_ptr().cast::<Counted>()) };
    counted.destroyed.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn resources_are_destroyed_with_their_last_reference() {
    static DESTROYED: AtomicUsize = AtomicUsize::new(0);
    let (mut heap, mut head) = (Heap::default(), new_head());
    let resource = Resource::new(core::ptr::null(), destroy);
    let counted = Box::leak(Box::new(Counted { resource, destroyed: &DESTROYED }));
    let resource = NonNull::from_mut(counted).cast();
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let mut roots = [binary::magic_ref(&mut on, 17, resource)];
    let message = Fragment::copy_of(roots[0]).unwrap();
    heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    assert!(binary::resource_of(roots[0]) == Some(resource) && roots[0].words()[0] == 17);
    drop(heap);
    assert_eq!(DESTROYED.load(Ordering::Relaxed), 0);
    assert!(binary::resource_of(message.message) == Some(resource));
    drop(message);
    assert_eq!(DESTROYED.load(Ordering::Relaxed), 1);
}

#[test]
fn a_heap_above_its_maximum_is_reported() {
    let mut options = Options::default();
    options.max_heap.words = 10_000;
    let (mut heap, mut head) = (Heap::new(options), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let mut roots = [numbers(&mut on, 1000)];
    assert!(heap.collect(&mut head, 100, Collection::Major, &mut roots).is_ok());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    numbers(&mut on, 1000);
    assert!(heap.collect(&mut head, 100, Collection::Major, &mut roots).is_ok());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    numbers(&mut on, 4000);
    assert!(
        matches!(
            heap.collect(&mut head, 0, Collection::Minor, &mut roots),
            Err(Exhausted::MaxHeapSize(words)) if words > 10_000
        ),
        "garbage counts, and the heap that is moved to"
    );
    assert_numbers(roots[0], 1000);
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let before = on.heap.built_words(on.head);
    numbers(&mut on, 4000);
    heap.built_for_others(&head, before);
    assert!(heap.collect(&mut head, 0, Collection::Minor, &mut roots).is_ok());
    assert_numbers(roots[0], 1000);
}

#[test]
fn too_much_memory_is_refused_and_the_heap_stays() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let mut roots = [numbers(&mut on, 1000)];
    for sort in [Collection::Minor, Collection::Major] {
        let result = heap.collect(&mut head, 1 << 45, sort, &mut roots);
        assert_eq!(result, Err(Exhausted::OutOfMemory));
        assert_numbers(roots[0], 1000);
        heap.collect(&mut head, 0, sort, &mut roots).unwrap();
    }
    assert_numbers(roots[0], 1000);
}

#[test]
fn compiled_code_can_go_on_without_a_collection() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    heap.open_young(&mut head, 100).unwrap();
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let mut roots = vec![numbers(&mut on, 20)];
    // A message that is only looked at.
    let message = Fragment::copy_of(roots[0]).unwrap();
    for need in [5usize, 200, 10_000] {
        heap.extend(&mut head, need).unwrap();
        assert!(head.heap_limit - head.hp >= 8 * need as u64);
        let cell = head.hp as *mut u64;
        // SAFETY: two fresh words.
        unsafe {
            *cell = Term::small(0).0;
            *cell.add(1) = Term::NIL.0;
        }
        head.hp += 16;
        roots.push(Term::from_cons(cell));
    }
    heap.adopt(&mut head, message);
    heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
    heap.verify(&head);
    assert_numbers(roots[0], 20);
    roots[1..].iter().for_each(|list| assert_numbers(*list, 1));
    assert_eq!(heap.info(&head).heap_used_words, 46);
}

#[test]
fn pins_are_roots() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let list = numbers(&mut on, 100);
    let ticket = heap.pins().pin(list);
    for sort in [Collection::Minor, Collection::Minor, Collection::Hibernate] {
        heap.collect(&mut head, 0, sort, &mut [Term::NIL; 0]).unwrap();
        assert_numbers(heap.pins().read(ticket).unwrap(), 100);
    }
}

#[test]
fn flat_size_counts_words() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let pair = build::tuple(&mut on, &[Term::OK, Term::small(3)]);
    let list = build::list(&mut on, &[pair, pair, Term::OK], Term::NIL);
    assert_eq!(copy::flat_size(Term::OK), 0);
    assert_eq!(copy::flat_size(pair), 3);
    assert_eq!(copy::flat_size(list), 2 * 3 + 2 * 3);
    let float = build::float(&mut on, 1.5);
    assert_eq!(copy::flat_size(float), 2);
    let literal = copy::copy_to_literal(list).unwrap();
    assert!(literal.is_literal() && copy::copy(&mut on, literal) == literal);
    assert_eq!((copy::flat_size(literal), copy::words_to_copy(literal)), (12, 0));
}

#[test]
fn small_parts_of_bit_strings_become_their_own() {
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let bytes: Vec<u8> = (0..200).collect();
    let whole = bits::from_bytes(&mut on, &bytes);
    let base = crate::term::bits::base_of(whole).unwrap().0;
    let object = on.alloc(4);
    // SAFETY: I2: four fresh words, a SubBits of 37 bits from bit 13 on.
    let part = unsafe {
        *object = header(Kind::SubBits, 3, 0);
        (*object.add(1), *object.add(2), *object.add(3)) = (37, 13, base.0);
        Term::from_boxed(object)
    };
    let copy = copy::copy(&mut on, part);
    assert!(copy.is_kind(Kind::HeapBits) && copy.words().len() == 2);
    let (part, copied) = (crate::term::bits::Bits::of(part), crate::term::bits::Bits::of(copy));
    assert!(part.unwrap().equal(&copied.unwrap()));
    // Five bits of the last byte, then zeros.
    assert_eq!(copy.words()[1].to_le_bytes()[4] & 0b111, 0);
    assert_eq!(copy.words()[1].to_le_bytes()[5..], [0; 3]);
}

/// Messages with shared binaries go round between threads that collect all the time.
#[test]
fn messages_travel_between_threads() {
    use std::sync::mpsc::{Receiver, Sender, channel};
    fn relay(messages: Receiver<Fragment>, to: Sender<Fragment>, rounds: usize) {
        let (mut heap, mut head) = (Heap::default(), new_head());
        let mut roots = [Term::NIL; 4];
        for round in 0..rounds {
            let message = messages.recv().unwrap();
            roots[round % 4] = message.message;
            heap.adopt(&mut head, message);
            if round.is_multiple_of(3) {
                let sort =
                    if round.is_multiple_of(9) { Collection::Major } else { Collection::Minor };
                heap.collect(&mut head, 20, sort, &mut roots).unwrap();
            }
            // The other side may have had its rounds.
            let _ = to.send(Fragment::copy_of(roots[round % 4]).unwrap());
        }
    }
    let binary = Binary::from_bytes(&[5; 300]);
    // SAFETY: our own reference keeps it alive.
    unsafe { Binary::incref(binary) };
    let mut first = Fragment::new(3 + 2 * 500).unwrap();
    let base = binary::bin_ref(&mut first, binary);
    let mut list = numbers(&mut first, 499);
    list = build::cons(&mut first, base, list);
    first.message = list;
    let (a_to, a_from) = channel();
    let (b_to, b_from) = channel();
    a_to.send(first).unwrap();
    for _ in 0..20 {
        let copy = a_from.recv().unwrap();
        a_to.send(Fragment::copy_of(copy.message).unwrap()).unwrap();
        a_to.send(copy).unwrap();
    }
    let rounds = 1000;
    let other = std::thread::spawn(move || relay(a_from, b_to, rounds));
    relay(b_from, a_to, rounds);
    other.join().unwrap();
    // SAFETY: ours; all messages went with the channels and heaps.
    unsafe {
        assert_eq!(Binary::references(binary), 1);
        Binary::decref(binary);
    }
}

mod speed;
