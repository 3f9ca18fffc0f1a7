//! What is claimed of each part, with as few threads as can break it.

use crate::check;
use crate::heap::Fragment;
use crate::process::queue::{Pushed, Queue};
use crate::process::table::{Full, Table};
use crate::process::{Handle, Process, Shared};
use crate::sched::idle::Idle;
use crate::sched::place::{Place, Seat};
use crate::sched::run_queue::RunQueue;
use crate::sched::sleep::Bed;
use crate::sys::epoch::epochs::{Epochs, OFFLINE};
use crate::sys::read_mostly::{self, Places, ReadMostly};
use crate::sys::slab::remote::{Node, Pending, Remote};
use crate::sys::spin::SpinLock;
use crate::sys::sync::{AtomicPtr, AtomicU64, AtomicUsize, Ordering::*};
use crate::term::atom::growing::{Growing, Numbered};
use core::cell::Cell;
use core::ptr::NonNull;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

/// A process that stays for the length of the test.
fn process() -> NonNull<Shared> {
    let process = NonNull::from(Box::leak(Box::default()));
    NonNull::from(Box::leak(Box::new(Shared::new(process))))
}
fn handle() -> Handle {
    // SAFETY: it is never freed.
    unsafe { Handle::new(process()) }
}
/// What the holder of a process does (P1); the checker sees whether there is one at a time.
fn hold<R>(process: Handle, work: impl FnOnce(&mut Vec<u64>) -> R) -> R {
    // SAFETY: it is never freed, and the checker watches the cell.
    unsafe {
        let process: &Process = &*process.process();
        process.content.with_mut(|content| work(&mut *content))
    }
}

/// Takes signals until there are none and the queue is parked.
fn take_all(process: Handle) {
    loop {
        let mut signals = process.signals.take();
        while let Some(signal) = signals.pop() {
            hold(process, |content| content.push(signal.content()));
        }
        if process.signals.park() {
            return;
        }
    }
}
fn send(process: Handle, signal: u64) {
    match process.signals.push(Fragment::new(signal)) {
        Pushed::Queued => {}
        Pushed::Unparked => take_all(process),
        Pushed::Closed(_) => panic!("nobody closes it"),
    }
}

/// Q1: one holder at a time; every signal is taken once, those of a sender in their order.
#[test]
fn a_parked_process_has_one_holder_and_gets_every_signal_in_order() {
    check(3, || {
        let process = handle();
        let senders = [[10, 11], [20, 21]].map(|signals| {
            thread::spawn(move || signals.into_iter().for_each(|signal| send(process, signal)))
        });
        take_all(process);
        for sender in senders {
            sender.join().expect("no panic");
        }
        assert!(process.signals.is_parked());
        // Whoever ran it last has parked it.
        assert!(matches!(process.signals.push(Fragment::new(0)), Pushed::Unparked));
        hold(process, |content| {
            assert_eq!(content.len(), 4);
            for sender in [10, 20] {
                let own: Vec<u64> =
                    content.iter().copied().filter(|n| n / 10 * 10 == sender).collect();
                assert_eq!(own, [sender, sender + 1]);
            }
        });
    });
}

/// Q2: a signal to a process that exits is taken, or left over, or comes back to its sender.
#[test]
fn signals_to_a_process_that_exits_are_somebodys() {
    check(3, || {
        let queue = Arc::new(Queue::new());
        let senders = [1, 2].map(|signal| {
            let queue = queue.clone();
            thread::spawn(move || match queue.push(Fragment::new(signal)) {
                Pushed::Closed(signal) => signal.content(),
                Pushed::Queued => 0,
                Pushed::Unparked => panic!("it is not parked"),
            })
        });
        let mut sum = 0;
        for mut chain in [queue.take(), queue.close()] {
            while let Some(signal) = chain.pop() {
                sum += signal.content();
            }
        }
        sum += senders.map(|sender| sender.join().expect("no panic")).iter().sum::<u64>();
        assert_eq!(sum, 3);
        assert!(matches!(queue.push(Fragment::new(0)), Pushed::Closed(_)));
    });
}

#[test]
fn one_thread_at_a_time_holds_a_spin_lock() {
    check(3, || {
        let lock = Arc::new(SpinLock::<UnsafeCell<u32>>::default());
        let add = |lock: &SpinLock<UnsafeCell<u32>>| {
            // SAFETY: the lock is held, and the checker watches the cell.
            lock.lock().with_mut(|count| unsafe { *count += 1 });
        };
        let other = lock.clone();
        let thread = thread::spawn(move || add(&other));
        add(&lock);
        thread.join().expect("no panic");
        // SAFETY: as above.
        assert_eq!(lock.lock().with(|count| unsafe { *count }), 2);
    });
}

/// R1: who takes a process out of a queue is its holder, and the only one.
#[test]
fn a_process_in_a_run_queue_is_taken_once() {
    check(2, || {
        let queues = Arc::new([RunQueue::default(), RunQueue::default()]);
        let thief = {
            let queues = queues.clone();
            thread::spawn(move || {
                let mut taken = 0;
                let mut next = queues[1].steal(&queues[0]);
                while let Some(process) = next {
                    hold(process, |content| content.push(2));
                    taken += 1;
                    next = queues[1].pop();
                }
                taken
            })
        };
        for number in 0..3 {
            let process = handle();
            hold(process, |content| content.push(number));
            queues[0].push(process);
        }
        let mut taken = 0;
        while let Some(process) = queues[0].pop() {
            hold(process, |content| content.push(1));
            taken += 1;
        }
        assert_eq!(taken + thief.join().expect("no panic"), 3);
        assert_eq!(queues[0].len() + queues[1].len(), 0);
    });
}

/// W2: a scheduler does not sleep while two processes wait: the checker finds it if nobody wakes it.
#[test]
fn nobody_sleeps_while_processes_wait() {
    check(3, || {
        let all =
            Arc::new(([RunQueue::default(), RunQueue::default()], Idle::default(), Bed::new()));
        let sleeper = {
            let all = all.clone();
            thread::spawn(move || {
                let (queues, idle, bed) = &*all;
                loop {
                    if queues[0].len() >= 2 && queues[1].steal(&queues[0]).is_some() {
                        idle.searched();
                        return;
                    }
                    idle.searched();
                    idle.enter(1);
                    if queues[0].len() < 2 {
                        bed.sleep();
                    }
                    idle.leave(1);
                }
            })
        };
        let (queues, idle, bed) = &*all;
        for _ in 0..2 {
            // And goes on with its own long slice.
            if queues[0].push(handle()) >= 2 && idle.to_wake(u64::MAX).is_some() {
                bed.wake();
            }
        }
        sleeper.join().expect("no panic");
    });
}

/// T1, T2: who is found is complete and has the number; each number is given once.
#[test]
fn who_is_found_in_the_table_is_complete() {
    check(3, || {
        let table = Arc::new(Table::new(2));
        let insert = |table: &Table| {
            let shared = process();
            // SAFETY: it is never freed.
            hold(unsafe { Handle::new(shared) }, |content| content.push(7));
            // SAFETY: complete, and never freed.
            unsafe { table.insert(shared) }.expect("there is room")
        };
        let other = table.clone();
        let inserter = thread::spawn(move || insert(&other));
        let looker = {
            let table = table.clone();
            thread::spawn(move || {
                for number in [0, 1] {
                    if let Some(found) = table.get(number) {
                        assert_eq!(found.number(), number);
                        // SAFETY: it is never freed, and the checker watches the cell.
                        unsafe { (*found.process()).content.with(|it| assert_eq!(*it, [7])) };
                    }
                }
            })
        };
        let mine = insert(&table);
        let others = inserter.join().expect("no panic");
        assert_ne!(mine, others);
        table.remove(mine);
        assert!(table.get(mine).is_none() && table.get(others).is_some());
        looker.join().expect("no panic");
        assert_eq!(table.count(), 1);
    });
}

/// A full table refuses, one from which somebody exits takes another, under a higher number.
#[test]
fn the_table_holds_as_many_as_it_may() {
    check(3, || {
        let table = Arc::new(Table::new(1));
        // SAFETY: never freed, here and below.
        let first = unsafe { table.insert(process()) }.expect("there is room");
        let other = table.clone();
        let inserter = thread::spawn(move || {
            // SAFETY: as above.
            unsafe { other.insert(process()) }
        });
        table.remove(first);
        match inserter.join().expect("no panic") {
            Ok(number) => assert!(number > first && table.get(number).is_some()),
            Err(Full) => assert_eq!(table.count(), 0),
        }
    });
}

/// V1: the scheduler's loop has one thread at a time, and the resident gets its place back.
#[test]
fn a_scheduler_has_one_thread_at_a_time() {
    struct Scheduler {
        place: Place,
        bed: Bed,
        /// What the thread that has the place touches between slices.
        loops: UnsafeCell<u32>,
    }
    impl Scheduler {
        fn between_slices(&self) {
            // SAFETY: V1; the checker watches the cell.
            self.loops.with_mut(|loops| unsafe { *loops += 1 });
        }
    }
    check(3, || {
        let scheduler = Arc::new(Scheduler {
            place: Place::default(),
            bed: Bed::new(),
            loops: UnsafeCell::new(0),
        });
        let watcher = {
            let scheduler = scheduler.clone();
            thread::spawn(move || {
                let turn = scheduler.place.turn();
                if turn % 2 == 0 || !scheduler.place.end_slice(turn) {
                    return;
                }
                // The place is this thread's: it is the substitute as well.
                while !scheduler.place.is_wanted_back(Seat::Substitute) {
                    scheduler.between_slices();
                    let turn = scheduler.place.begin_slice();
                    assert!(scheduler.place.end_slice(turn), "nobody else takes it");
                    scheduler.bed.sleep();
                }
                scheduler.place.give_back();
            })
        };
        scheduler.place.set_resident();
        for _ in 0..2 {
            scheduler.between_slices();
            let turn = scheduler.place.begin_slice();
            // Here it is held up.
            if !scheduler.place.end_slice(turn) {
                scheduler.place.come_back(&scheduler.bed);
            }
        }
        scheduler.between_slices();
        watcher.join().expect("no panic");
    });
}

loom::lazy_static! {
    static ref PLACES: [read_mostly::Place; 2] =
        [0, 1].map(|_| read_mostly::Place(AtomicPtr::new(core::ptr::null_mut())));
}
loom::thread_local! {
    static OWN: Cell<usize> = Cell::new(0);
}
/// A place for each of two threads.
enum Two {}
impl Places for Two {
    fn own() -> Option<&'static read_mostly::Place> {
        Some(&PLACES[OWN.with(Cell::get)])
    }
    fn all() -> impl Iterator<Item = &'static read_mostly::Place> {
        PLACES.iter()
    }
}

/// Readers that announce themselves and writers exclude each other, and see what the others did.
#[test]
fn a_writer_is_alone_under_a_lock_that_is_mostly_read() {
    check(3, || {
        let shared = Arc::new((ReadMostly::new(true), UnsafeCell::new(0)));
        // From now on readers announce themselves.
        drop(shared.0.read::<Two>());
        let reader = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                OWN.with(|own| own.set(1));
                let read = || {
                    let _guard = shared.0.read::<Two>();
                    // SAFETY: the checker watches the cell.
                    shared.1.with(|value| unsafe { *value })
                };
                let (first, second) = (read(), read());
                assert!(first <= second);
            }
        });
        for _ in 0..2 {
            let _guard = shared.0.write::<Two>();
            // SAFETY: the checker watches the cell.
            shared.1.with_mut(|value| unsafe { *value += 1 });
        }
        reader.join().expect("no panic");
    });
}

/// A1: what is retired is given up when those who found it are done with it, and not before.
#[test]
fn nothing_is_freed_while_somebody_uses_it() {
    struct Shared {
        epochs: Epochs,
        threads: [AtomicU64; 2],
        /// Which of the objects can be found.
        current: AtomicUsize,
        objects: [UnsafeCell<u32>; 2],
    }
    check(3, || {
        let shared = Arc::new(Shared {
            epochs: Epochs { now: AtomicU64::new(1) },
            threads: [AtomicU64::new(OFFLINE), AtomicU64::new(OFFLINE)],
            current: AtomicUsize::new(0),
            objects: [UnsafeCell::new(0), UnsafeCell::new(0)],
        });
        let reader = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                let [mine, _] = &shared.threads;
                shared.epochs.enter(mine);
                for _ in 0..2 {
                    let found = shared.current.load(Acquire);
                    // SAFETY: A1; the checker watches the cell.
                    shared.objects[found].with(|object| unsafe { assert_eq!(*object, 0) });
                    shared.epochs.pass(mine);
                }
                Epochs::leave(mine);
            }
        });
        let [_, mine] = &shared.threads;
        shared.epochs.enter(mine);
        shared.current.store(1, Release);
        let stamp = shared.epochs.stamp();
        for _ in 0..3 {
            shared.epochs.advance(|| shared.threads.iter());
            shared.epochs.pass(mine);
        }
        if shared.epochs.is_over(stamp) {
            // SAFETY: A1; the checker watches the cell.
            shared.objects[0].with_mut(|object| unsafe { *object = 1 });
            FREED.store(true, Relaxed);
        }
        Epochs::leave(mine);
        reader.join().expect("no panic");
    });
    assert!(FREED.load(Relaxed), "in some of the interleavings it is");
}
static FREED: core::sync::atomic::AtomicBool = core::sync::atomic::AtomicBool::new(false);

/// Who writes only if nobody has to be waited for is alone too; and whom it has seen there, the next
/// writer waits for.
#[test]
fn a_writer_that_does_not_wait_is_alone_as_well() {
    check(3, || {
        let shared = Arc::new((ReadMostly::new(true), UnsafeCell::new(0)));
        // From now on readers announce themselves.
        drop(shared.0.read_telling::<Two>());
        let reader = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                OWN.with(|own| own.set(1));
                let read = || {
                    let _guard = shared.0.read_telling::<Two>();
                    // SAFETY: the checker watches the cell.
                    shared.1.with(|value| unsafe { *value })
                };
                let (first, second) = (read(), read());
                assert!(first <= second);
            }
        });
        // SAFETY: the checker watches the cell.
        let add = || shared.1.with_mut(|value| unsafe { *value += 1 });
        if let Some(_guard) = shared.0.try_write::<Two>() {
            add();
        }
        {
            let _guard = shared.0.write_telling::<Two>();
            add();
        }
        reader.join().expect("no panic");
    });
}

/// S3: blocks that other threads free reach their owner, each once and as they were left.
#[test]
fn blocks_freed_elsewhere_come_back_once() {
    #[repr(C)]
    struct Block {
        node: UnsafeNode,
        content: UnsafeCell<usize>,
    }
    type UnsafeNode = core::cell::UnsafeCell<Node>;
    #[derive(Default)]
    struct Slab {
        remote: Remote<Slab>,
    }
    struct Shared {
        pending: Pending<Slab>,
        slabs: [Slab; 2],
        blocks: [Block; 3],
    }
    // SAFETY: the parts are touched as the runtime touches them, and the checker watches the contents.
    unsafe impl Send for Shared {}
    // SAFETY: as above.
    unsafe impl Sync for Shared {}
    impl Shared {
        fn free(&self, block: usize, slab: usize) {
            let (block, slab) = (&self.blocks[block], &self.slabs[slab]);
            // SAFETY: each block is freed once; the checker watches the cell.
            unsafe {
                block.content.with_mut(|content| *content += 1);
                if slab.remote.push(block.node.get()) {
                    self.pending.queue(core::ptr::from_ref(slab).cast_mut(), &slab.remote);
                }
            }
        }
        fn drain(&self, contents: &mut Vec<usize>) {
            let mut slab = self.pending.take();
            // SAFETY: slabs and blocks stay; the checker watches the cells.
            while let Some(Slab { remote }) = unsafe { slab.as_ref() } {
                let next = remote.next();
                let mut node = remote.take();
                while !node.is_null() {
                    // SAFETY: as above.
                    unsafe {
                        let block = &*node.cast::<Block>();
                        node = (*node).next;
                        contents.push(block.content.with(|content| *content));
                    }
                }
                slab = next;
            }
        }
    }
    check(3, || {
        let block = |content| Block {
            node: UnsafeNode::new(Node { next: core::ptr::null_mut() }),
            content: UnsafeCell::new(content),
        };
        let shared = Arc::new(Shared {
            pending: Pending::new(),
            slabs: Default::default(),
            blocks: [block(10), block(20), block(30)],
        });
        let one = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                shared.free(0, 0);
                shared.free(1, 1);
            }
        });
        let other = thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.free(2, 0)
        });
        let mut contents = Vec::new();
        shared.drain(&mut contents);
        one.join().expect("no panic");
        other.join().expect("no panic");
        shared.drain(&mut contents);
        contents.sort_unstable();
        assert_eq!(contents, [11, 21, 31]);
    });
}

/// Who knows an atom's number finds the atom, whole, however the table grows meanwhile.
#[test]
fn who_knows_a_number_finds_the_atom() {
    struct Atom {
        number: u32,
        text: UnsafeCell<u32>,
    }
    // SAFETY: the checker watches the cell.
    unsafe impl Sync for Atom {}
    impl Numbered for Atom {
        fn number(&self) -> u32 {
            self.number
        }
    }
    fn is_found(atoms: &Growing<Atom>, number: u32) -> bool {
        // SAFETY: the checker watches the cell.
        atoms.find(number).is_some_and(|atom| atom.text.with(|text| unsafe { *text == 2 * number }))
    }
    // All in the same place of a table of two or four.
    const NUMBERS: [u32; 3] = [4, 8, 12];
    check(3, || {
        let atoms = Arc::new(Growing::new(2));
        let latest = Arc::new(AtomicUsize::new(0));
        let reader = thread::spawn({
            let (atoms, latest) = (Arc::clone(&atoms), Arc::clone(&latest));
            move || {
                // Whoever looks for a text tries numbers that nobody told it.
                let _ = is_found(&atoms, NUMBERS[0]);
                let known = latest.load(Acquire);
                assert!(NUMBERS[..known].iter().all(|&number| is_found(&atoms, number)));
            }
        });
        for (count, number) in NUMBERS.into_iter().enumerate() {
            assert!(!is_found(&atoms, number));
            let atom = Box::leak(Box::new(Atom { number, text: UnsafeCell::new(0) }));
            // SAFETY: not shared yet; the checker watches the cell.
            atom.text.with_mut(|text| unsafe { *text = 2 * number });
            atoms.add(atom, count);
            latest.store(count + 1, Release);
        }
        reader.join().expect("no panic");
    });
}
