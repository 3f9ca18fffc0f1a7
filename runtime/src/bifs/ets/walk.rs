//! Walks through a table, key by key or slot by slot.

use super::{END_OF_TABLE, copied, find, hold};
use crate::ets::hash::Objects;
use crate::ets::object::Head;
use crate::ets::ordered::Seen;
use crate::ets::{Hold, Store, Want};
use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::lock::lend;
use crate::term::{Term, build};
use core::ops::ControlFlow::Continue;

/// What a step of a walk results in.
#[derive(Clone, Copy)]
enum Shown {
    Key,
    /// `{Key, Objects}`.
    KeyAndObjects,
}

pub fn first_1(p: &mut Process, table: Term) -> Result {
    from_end(p, table, Shown::Key, false)
}
pub fn first_lookup_1(p: &mut Process, table: Term) -> Result {
    from_end(p, table, Shown::KeyAndObjects, false)
}
pub fn last_1(p: &mut Process, table: Term) -> Result {
    from_end(p, table, Shown::Key, true)
}
pub fn last_lookup_1(p: &mut Process, table: Term) -> Result {
    from_end(p, table, Shown::KeyAndObjects, true)
}
pub fn next_2(p: &mut Process, table: Term, key: Term) -> Result {
    from_key(p, table, key, Shown::Key, false)
}
pub fn next_lookup_2(p: &mut Process, table: Term, key: Term) -> Result {
    from_key(p, table, key, Shown::KeyAndObjects, false)
}
pub fn prev_2(p: &mut Process, table: Term, key: Term) -> Result {
    from_key(p, table, key, Shown::Key, true)
}
pub fn prev_lookup_2(p: &mut Process, table: Term, key: Term) -> Result {
    from_key(p, table, key, Shown::KeyAndObjects, true)
}

fn from_end(p: &mut Process, table: Term, shown: Shown, backwards: bool) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    p.charge(1);
    let access = hold.access();
    Ok(lend(&hold, || match &found.store {
        // Hash tables have one direction only.
        Store::Hash(hash) => hash.with_first(access, false, |objects| of_hash(p, objects, shown)),
        Store::Ordered(tree) => {
            of_tree(p, &hold, if backwards { tree.last(access) } else { tree.first(access) }, shown)
        }
    }))
}
fn from_key(p: &mut Process, table: Term, key: Term, shown: Shown, backwards: bool) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    p.charge(1);
    let access = hold.access();
    lend(&hold, || match &found.store {
        Store::Hash(hash) => hash
            .with_next(access, key, false, |objects| of_hash(p, objects, shown))
            .ok_or_else(badarg),
        Store::Ordered(tree) => {
            let seen = if backwards { tree.previous(access, key) } else { tree.next(access, key) };
            Ok(of_tree(p, &hold, seen, shown))
        }
    })
}

fn of_hash(p: &mut Process, objects: Option<Objects<'_>>, shown: Shown) -> Term {
    let Some(objects) = objects else {
        return END_OF_TABLE;
    };
    let key = objects.first_key().expect("there is an object");
    let key = copy::copy(p, key);
    match shown {
        Shown::Key => key,
        Shown::KeyAndObjects => {
            let list = objects.fold(Term::NIL, |list, object| {
                let object = copied(p, object);
                build::cons(p, object, list)
            });
            build::tuple(p, &[key, list])
        }
    }
}
fn of_tree(p: &mut Process, hold: &Hold<'_>, seen: Seen<'_>, shown: Shown) -> Term {
    let Some(object) = seen.object() else {
        return END_OF_TABLE;
    };
    lend(&seen, || {
        let key = copy::copy(p, object.key(hold.table.options.keypos));
        match shown {
            Shown::Key => key,
            Shown::KeyAndObjects => {
                let object = copied(p, object);
                let list = build::cons(p, object, Term::NIL);
                build::tuple(p, &[key, list])
            }
        }
    })
}

/// The objects of a bucket; in an ordered set, the object that has so many before it.
pub fn slot_2(p: &mut Process, table: Term, slot: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    let slot = slot.as_small().filter(|slot| *slot >= 0).ok_or_else(badarg)? as usize;
    let access = hold.access();
    p.charge(1);
    lend(&hold, || match &found.store {
        Store::Hash(hash) => {
            let objects = hash.with_bucket(access, slot, |objects| {
                objects.fold(Term::NIL, |list, object| {
                    let object = copied(p, object);
                    build::cons(p, object, list)
                })
            });
            match objects {
                Some(objects) => Ok(objects),
                None if slot == hash.bucket_count() => Ok(END_OF_TABLE),
                None => Err(badarg()),
            }
        }
        Store::Ordered(tree) => match tree.nth(access, slot) {
            Ok(seen) => {
                p.charge(slot / super::OBJECTS_PER_REDUCTION);
                let object = seen.object().expect("it was found");
                let object = lend(&seen, || copied(p, object));
                Ok(build::cons(p, object, Term::NIL))
            }
            // As many as there are.
            Err(0) => Ok(END_OF_TABLE),
            Err(_) => Err(badarg()),
        },
    })
}

/// `erts_internal:ets_raw_first/1`: objects that were deleted while the table is fixed count too.
pub fn raw_first(p: &mut Process, table: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    let access = hold.access();
    Ok(lend(&hold, || match &found.store {
        Store::Hash(hash) => {
            hash.with_first(access, true, |objects| of_hash(p, objects, Shown::Key))
        }
        Store::Ordered(tree) => of_tree(p, &hold, tree.first(access), Shown::Key),
    }))
}
pub fn raw_next(p: &mut Process, table: Term, key: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    let access = hold.access();
    lend(&hold, || match &found.store {
        Store::Hash(hash) => hash
            .with_next(access, key, true, |objects| of_hash(p, objects, Shown::Key))
            .ok_or_else(badarg),
        Store::Ordered(tree) => Ok(of_tree(p, &hold, tree.next(access, key), Shown::Key)),
    })
}
/// Of the binaries that the objects of a key share.
pub fn binaries_of_key(p: &mut Process, table: Term, key: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    let access = hold.access();
    let binaries = match &found.store {
        Store::Hash(hash) => hash
            .with_key(&hold, key, |objects| objects.flat_map(Head::binaries).collect::<Vec<_>>()),
        Store::Ordered(tree) => {
            tree.get(access, key).object().map(Head::binaries).unwrap_or_default()
        }
    };
    Ok(binaries_list(p, binaries))
}
/// Of those that all objects share: what `ets:info(Table, binary)` gives.
pub(super) fn binaries_of_table(p: &mut Process, table: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    let access = hold.access();
    let mut binaries = Vec::new();
    let mut note = |object: &Head| binaries.extend(object.binaries());
    lend(&hold, || match &found.store {
        Store::Hash(hash) => drop(hash.walk(access, 0, note, || false)),
        Store::Ordered(tree) => tree.visit(access, None, None, false, |object| {
            note(object);
            Continue(())
        }),
    });
    p.charge(found.len() / super::OBJECTS_PER_REDUCTION);
    Ok(binaries_list(p, binaries))
}
/// `[{Address, Size, References}]`, the last first.
fn binaries_list(p: &mut Process, binaries: Vec<(u64, usize, usize)>) -> Term {
    let mut list = Term::NIL;
    for (address, size, references) in binaries {
        let address = build::unsigned(p, address);
        let parts = [address, Term::small(size as i64), Term::small(references as i64)];
        let binary = build::tuple(p, &parts);
        list = build::cons(p, binary, list);
    }
    list
}
