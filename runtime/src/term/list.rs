//! Lists as wholes: length, and construction of many cells (or a tuple) in one allocation.

use super::{Alloc, Kind, Term};
use beamrc_abi::term::header;

/// Number of elements; `None` for anything but a proper list.
pub fn length(list: Term) -> Option<usize> {
    let mut elements = list.list();
    let count = elements.by_ref().count();
    elements.tail().is_nil().then_some(count)
}

/// A list of the first `count` elements, in their order, ending in `tail`.
pub fn forward(
    heap: &mut (impl Alloc + ?Sized),
    count: usize,
    elements: impl Iterator<Item = Term>,
    tail: Term,
) -> Term {
    if count == 0 {
        return tail;
    }
    let first = heap.alloc(2 * count);
    let mut written = 0;
    for element in elements.take(count) {
        // SAFETY: I2: alloc returned 2 * count fresh words, and written < count.
        unsafe {
            let cell = first.add(2 * written);
            *cell = element.0;
            *cell.add(1) = Term::from_cons(cell.add(2)).0;
        }
        written += 1;
    }
    assert_eq!(written, count, "a list was built from too few elements");
    // SAFETY: I2: the tail of the last cell.
    unsafe { *first.add(2 * count - 1) = tail.0 };
    Term::from_cons(first)
}

/// A list of the first `count` elements, the last of them first, ending in `tail`.
pub fn reversed(
    heap: &mut (impl Alloc + ?Sized),
    count: usize,
    elements: impl Iterator<Item = Term>,
    tail: Term,
) -> Term {
    if count == 0 {
        return tail;
    }
    let first = heap.alloc(2 * count);
    let mut result = tail;
    let mut written = 0;
    for element in elements.take(count) {
        // SAFETY: I2: alloc returned 2 * count fresh words, and written < count.
        unsafe {
            let cell = first.add(2 * written);
            *cell = element.0;
            *cell.add(1) = result.0;
            result = Term::from_cons(cell);
        }
        written += 1;
    }
    assert_eq!(written, count, "a list was built from too few elements");
    result
}

/// A tuple of the first `count` elements.
pub fn to_tuple(
    heap: &mut (impl Alloc + ?Sized),
    count: usize,
    elements: impl Iterator<Item = Term>,
) -> Term {
    let object = heap.alloc(count + 1);
    // SAFETY: I2: count + 1 fresh words; written <= count below.
    unsafe { *object = header(Kind::Tuple, count as u64, 0) };
    let mut written = 0;
    for element in elements.take(count) {
        written += 1;
        // SAFETY: see above.
        unsafe { *object.add(written) = element.0 };
    }
    assert_eq!(written, count, "a tuple was built from too few elements");
    Term::from_boxed(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::OffHeap;

    #[derive(Default)]
    struct Area(Vec<Box<[u64]>>, OffHeap);
    impl Alloc for Area {
        fn alloc(&mut self, words: usize) -> *mut u64 {
            self.0.push(vec![0; words].into_boxed_slice());
            self.0.last_mut().expect("just pushed").as_mut_ptr()
        }
        fn off_heap(&mut self) -> &mut OffHeap {
            &mut self.1
        }
    }

    #[test]
    fn lists_are_built_in_either_direction() {
        let mut area = Area::default();
        let three = || (1..=3).map(Term::small);
        let list = forward(&mut area, 3, three(), Term::NIL);
        assert_eq!(length(list), Some(3));
        assert!(list.list().eq(three()));
        let back = reversed(&mut area, 3, list.list(), Term::TRUE);
        assert_eq!(length(back), None);
        assert!(back.list().eq((1..=3).rev().map(Term::small)));
        let tuple = to_tuple(&mut area, 3, list.list());
        assert!(tuple.as_tuple().is_some_and(|t| t.iter().copied().eq(three())));
        assert!(forward(&mut area, 0, three(), Term::OK) == Term::OK);
    }
}
