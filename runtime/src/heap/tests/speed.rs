//! Measurements, run with `--ignored --nocapture` in a release build.

use super::super::*;
use super::new_head;
use crate::term::{Term, build};
use std::time::Instant;

/// Processor time of this thread so far, in the program and in the system.
fn processor_ms() -> (f64, f64) {
    // SAFETY: the system fills the structure, which is made of integers.
    let usage = unsafe {
        let mut usage: libc::rusage = core::mem::zeroed();
        libc::getrusage(libc::RUSAGE_THREAD, &mut usage);
        usage
    };
    let ms = |t: libc::timeval| t.tv_sec as f64 * 1e3 + t.tv_usec as f64 / 1e3;
    (ms(usage.ru_utime), ms(usage.ru_stime))
}
fn start() -> (Instant, f64, f64) {
    let (user, system) = processor_ms();
    (Instant::now(), user, system)
}

struct Machine {
    heap: Heap,
    head: ProcessHead,
    roots: Vec<Term>,
}
impl Machine {
    fn new() -> Machine {
        Machine { heap: Heap::default(), head: new_head(), roots: Vec::new() }
    }
    /// As compiled code allocates: collects when there is no room.
    #[inline]
    fn alloc(&mut self, words: usize) -> *mut u64 {
        if self.head.heap_limit - self.head.hp < 8 * words as u64 {
            self.heap.collect(&mut self.head, words, Collection::Minor, &mut self.roots).unwrap();
        }
        let object = self.head.hp as *mut u64;
        self.head.hp += 8 * words as u64;
        object
    }
    #[inline]
    fn cons(&mut self, head: Term, tail: usize) -> Term {
        let cell = self.alloc(2);
        // SAFETY: two fresh words.
        unsafe {
            *cell = head.0;
            *cell.add(1) = self.roots[tail].0;
        }
        Term::from_cons(cell)
    }
    fn report(&self, what: &str, started: (Instant, f64, f64), words: usize) {
        let ns = started.0.elapsed().as_nanos() as f64;
        let (user, system) = processor_ms();
        let info = self.heap.info(&self.head);
        println!(
            "{what:32} {:6.2} ns a word  {:5.0} ms ({:4.0} user {:4.0} system)  {} collections  \
             young {}  old {}",
            ns / words as f64,
            ns / 1e6,
            user - started.1,
            system - started.2,
            info.collections,
            info.heap_words,
            info.old_heap_words,
        );
    }
}

#[test]
#[ignore = "a measurement"]
fn allocation() {
    let started = start();
    let mut m = Machine::new();
    m.roots.push(Term::NIL);
    for i in 0..20_000_000 {
        m.cons(Term::small(i), 0);
    }
    m.report("garbage only", started, 40_000_000);

    let started = start();
    let mut m = Machine::new();
    m.roots.push(Term::NIL);
    for i in 0..10_000_000 {
        m.roots[0] = m.cons(Term::small(i), 0);
    }
    m.report("a list of ten million", started, 20_000_000);
    let started = start();
    m.heap.collect(&mut m.head, 0, Collection::Major, &mut m.roots).unwrap();
    m.report("  major collection of it", started, 20_000_000);

    let started = start();
    let mut m = Machine::new();
    m.roots.push(Term::NIL);
    for round in 0..400 {
        m.roots[0] = Term::NIL;
        for i in 0..20_000 {
            m.roots[0] = m.cons(Term::small(i + round), 0);
        }
    }
    m.report("lists of 20,000, one at a time", started, 16_000_000);

    let started = start();
    let mut m = Machine::new();
    m.roots = vec![Term::NIL; 1_000_000];
    for i in 0..2_000_000 {
        m.cons(Term::small(i), 0);
    }
    m.report("garbage with a million roots", started, 4_000_000);

    let started = start();
    let mut m = Machine::new();
    m.roots.push(Term::NIL);
    for _ in 0..80_000 {
        m.roots[0] = Term::NIL;
        for i in 0..100 {
            m.roots[0] = m.cons(Term::small(i), 0);
        }
    }
    m.report("lists of 100, one at a time", started, 16_000_000);
}

#[test]
#[ignore = "a measurement"]
fn trees_and_messages() {
    fn tree(m: &mut Machine, depth: usize) {
        let at = m.roots.len();
        m.roots.push(Term::NIL);
        if depth > 0 {
            tree(m, depth - 1);
            tree(m, depth - 1);
            let node = m.alloc(3);
            let right = m.roots.pop().unwrap();
            let left = m.roots.pop().unwrap();
            // SAFETY: three fresh words.
            unsafe {
                *node = beamrc_abi::term::header(crate::term::Kind::Tuple, 2, 0);
                *node.add(1) = left.0;
                *node.add(2) = right.0;
            }
            m.roots[at] = Term::from_boxed(node);
        }
    }
    let started = start();
    let mut m = Machine::new();
    for _ in 0..20 {
        tree(&mut m, 18);
        m.roots.clear();
    }
    m.report("trees of 2^18 nodes", started, 20 * (1 << 18) * 3);
    tree(&mut m, 20);
    let started = start();
    let copy = Fragment::copy_of(m.roots[0]).unwrap();
    m.report("copy of a tree of 2^20", started, (1 << 20) * 3);
    drop(copy);

    let from = Instant::now();
    let (mut heap, mut head) = (Heap::default(), new_head());
    let mut on = HeapWithHead { heap: &mut heap, head: &mut head };
    let message = build::tuple(&mut on, &[Term::OK, Term::small(1), Term::NIL]);
    let mut roots = vec![message];
    let rounds = 3_000_000;
    for _ in 0..rounds {
        let fragment = Fragment::copy_of(roots[0]).unwrap();
        heap.adopt(&mut head, fragment);
        if heap.take_request(&mut head) {
            heap.collect(&mut head, 0, Collection::Minor, &mut roots).unwrap();
        }
    }
    println!("small message: {:.1} ns", from.elapsed().as_nanos() as f64 / rounds as f64);
}

#[test]
#[ignore = "a measurement"]
fn small_collections() {
    let mut m = Machine::new();
    m.roots.push(Term::NIL);
    for i in 0..10 {
        m.roots[0] = m.cons(Term::small(i), 0);
    }
    for sort in [Collection::Minor, Collection::Major] {
        let from = Instant::now();
        let rounds = 1_000_000;
        for _ in 0..rounds {
            m.heap.sizing.took(0, 0, 0);
            m.heap.sizing.collected(0, 0);
            m.heap.collect(&mut m.head, 2, sort, &mut m.roots).unwrap();
            m.roots[0] = m.cons(Term::NIL, 0);
            m.roots[0] = m.roots[0].as_cons().unwrap().1;
        }
        let each = from.elapsed().as_nanos() as f64 / rounds as f64;
        println!("{sort:?} collection of ten cells: {each:.1} ns");
    }
}
