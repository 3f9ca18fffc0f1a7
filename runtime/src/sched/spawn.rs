//! The beginning of a process, and the block of memory that it is made of.

use super::make_runnable;
use crate::heap;
use crate::heap::copy::{copy, copy_sized, words_to_copy};
use crate::process::life::Life;
use crate::process::relations::{Alias, Link, Monitor, MonitorOptions, Reference, Target, Watcher};
use crate::process::table::{Full, table};
use crate::process::{Handle, Priority, Process, Shared, stack};
use crate::sys::map::Space;
use crate::sys::slab::{self, Block};
use crate::sys::{OutOfMemory, epoch};
use crate::term::{Term, list};
use core::ptr::NonNull;

/// What may be asked for besides what is to be applied.
#[derive(Clone, Copy)]
pub struct Options {
    pub link: bool,
    /// The parent's end of the link has priority.
    pub link_priority: bool,
    pub monitor: Option<MonitorOptions>,
    pub priority: Priority,
    pub heap: heap::Options,
    pub messages_off_heap: bool,
    pub async_dist: bool,
}
impl Default for Options {
    fn default() -> Options {
        Options {
            link: false,
            link_priority: false,
            monitor: None,
            priority: Priority::Normal,
            heap: heap::Options::default(),
            messages_off_heap: false,
            async_dist: false,
        }
    }
}

/// A block holds a process and what others see of it, and behind that the first chunk of its stack.
#[repr(C)]
struct Whole {
    shared: Shared,
    process: Process,
}
const BLOCK_BYTES: usize = slab::usable_size(size_of::<Whole>() + stack::FIRST_BYTES);
/// With its first heap, its place in the table and what stands for it elsewhere, an idle process is
/// to take less than 2000 bytes; the next class of blocks would be too large for that. What few
/// processes have belongs behind a pointer.
const _: () = assert!(BLOCK_BYTES <= 1280, "a process's block belongs to a larger class");

/// A new process, and the reference of its monitor. Its parent is nobody for the first one.
pub fn spawn(
    mut parent: Option<&mut Process>,
    module: Term,
    function: Term,
    arguments: Term,
    options: &Options,
) -> Result<(u64, Option<Reference>), Full> {
    let (group_leader, parent_id) = match &parent {
        Some(parent) => (parent.life.group_leader, parent.id),
        None => (Term::pid(0), Term::UNDEFINED),
    };
    let life = Life::new(group_leader, parent_id, super::slices::REDUCTIONS_AT_FIRST);
    let whole = new_whole(options, life)?;
    // SAFETY: just made, and nobody else's yet.
    let p = unsafe { &mut (*whole.as_ptr()).process };
    let words = words_to_copy(arguments);
    if p.heap.open_young(&mut p.head, words).is_err() {
        free_whole(whole);
        return Err(Full);
    }
    p.life.start_arguments = copy_sized(p, arguments, words);
    if !group_leader.is_immediate() {
        // A process of another node.
        p.life.group_leader = copy(p, group_leader);
    }
    p.life.start_module = module.as_atom().expect("the caller has looked");
    p.life.start_function = function.as_atom().expect("the caller has looked");
    let arity = list::length(arguments).unwrap_or(0) as u32;
    p.life.initial_call = (p.life.start_module, p.life.start_function, arity);
    p.life.messages_off_heap = options.messages_off_heap;
    p.life.async_dist = options.async_dist;
    // SAFETY: as above. The number has to be known to others only when everything else is in
    // place, but links are made by number: others cannot send before the process is in the table,
    // and what they send then waits.
    let shared = unsafe { NonNull::from(&mut (*whole.as_ptr()).shared) };
    // SAFETY: complete.
    let number = match unsafe { table().insert(shared) } {
        Ok(number) => number,
        Err(Full) => {
            free_whole(whole);
            return Err(Full);
        }
    };
    p.id = Term::pid(number);
    if parent.is_none() {
        p.life.group_leader = p.id;
    }
    let reference = parent.as_mut().and_then(|parent| relate(parent, p, options));
    // SAFETY: P1: nobody else holds it, because its queue has never been parked.
    make_runnable(unsafe { Handle::new(shared) });
    if let Some(parent) = parent {
        parent.charge(10 + words / 16);
    }
    Ok((number, reference))
}

fn relate(parent: &mut Process, p: &mut Process, options: &Options) -> Option<Reference> {
    let (me, child) = (parent.number(), p.number());
    if options.link {
        let link = Link { priority: options.link_priority, ..Link::default() };
        parent.relations.make().links.insert(child, link);
        p.relations.make().links.insert(me, Link::default());
    }
    let MonitorOptions { alias, tag, priority } = options.monitor?;
    let reference = match alias {
        Alias::None => Reference::new(),
        _ => Reference::new_alias(me),
    };
    let tag = tag.map(|tag| parent.heap.pins().pin(tag));
    let monitor = Monitor { reference, target: Target::Process(child), alias, tag, priority };
    let watcher = Watcher { process: me, reference, name: None };
    parent.relations.make().monitors.insert(reference.number(), monitor);
    p.relations.make().watchers.insert(reference.number(), watcher);
    Some(reference)
}

fn new_whole(options: &Options, life: Life) -> Result<NonNull<Whole>, Full> {
    let block = slab::allocate(Space::Young, BLOCK_BYTES).map_err(|OutOfMemory| Full)?;
    let whole = block.address.cast::<Whole>();
    let at = whole.as_ptr();
    // SAFETY: a fresh block that is larger, aligned to 64 bytes.
    unsafe {
        let (shared, process) = (&raw mut (*at).shared, &raw mut (*at).process);
        shared.write(Shared::new(NonNull::new_unchecked(process)));
        (*shared).set_priority(options.priority);
        process.write(Process::new(NonNull::new_unchecked(shared), options.heap, life));
    }
    Ok(whole)
}

/// Begins the stack of a process in its block.
pub fn open_stack(p: &mut Process) {
    let whole = p.shared().as_ptr().cast::<u8>();
    // SAFETY: the rest of the process's block (`Whole`), which ends at a multiple of 64 bytes.
    unsafe {
        let memory = NonNull::new_unchecked(whole.add(size_of::<Whole>()));
        stack::open(&mut p.head, memory, BLOCK_BYTES - size_of::<Whole>());
    }
}

/// Gives up the stack of a process that does not run any more.
pub fn close_stack(p: &mut Process) {
    // SAFETY: the caller's holds it (P1), and nothing returns into the stack.
    unsafe { stack::close(&mut p.head) };
}

/// The process has exited and told everybody: gives up what it holds, and its block when nobody can
/// still be looking at its shared part (P2).
pub fn free(process: Handle) {
    let whole = process.as_ptr().cast::<Whole>();
    let whole = NonNull::new(whole).expect("a process");
    drop_process(whole);
    // SAFETY: it has left the table.
    unsafe { epoch::retire(whole.as_ptr().cast(), free_block) };
}

/// Frees a process that never was in the table.
fn free_whole(whole: NonNull<Whole>) {
    drop_process(whole);
    // SAFETY: nobody knows it.
    unsafe { free_block(whole.as_ptr().cast()) };
}

fn drop_process(whole: NonNull<Whole>) {
    // SAFETY: its holder gives it up (P1).
    unsafe {
        let process = &raw mut (*whole.as_ptr()).process;
        stack::close(&mut (*process).head);
        process.drop_in_place();
    }
}

/// # Safety
/// The block of a process that has been dropped.
unsafe fn free_block(whole: *mut u8) {
    let address = NonNull::new(whole).expect("a block");
    let size_bytes = BLOCK_BYTES;
    // SAFETY: allocated in `new_whole` with this size.
    unsafe {
        slab::free(Block { address, size_bytes });
    }
}
