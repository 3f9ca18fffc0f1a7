//! Objects by their keys: inserted, looked up, taken out.

use super::{OBJECTS_PER_REDUCTION, copied, find, hold};
use crate::ets::hash::{self, Insert, Objects};
use crate::ets::object::{Chain, Head, Object};
use crate::ets::ordered::Seen;
use crate::ets::{Access, Hold, Sort, Store, Table, Want};
use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::sys::lock::{lend, lend_if};
use crate::term::compare::equal_exact;
use crate::term::{Term, build};
use beamrc_abi::atom::id;

impl Table {
    /// A copy of a tuple for this table.
    pub(super) fn object(&self, tuple: Term) -> Object {
        let hash = match self.options.sort {
            Sort::OrderedSet => 0,
            _ => hash::hash_of(self.key_of(tuple)),
        };
        Object::copy_of(tuple, hash)
    }
    fn insert(
        &self,
        access: Access<'_>,
        object: Object,
        new_only: bool,
        garbage: &Chain,
        compared: &mut usize,
    ) -> Insert {
        match &self.store {
            Store::Hash(hash) => hash.insert(access, object, new_only, garbage, compared),
            Store::Ordered(tree) => tree.insert(access, object, new_only, garbage),
        }
    }
    fn has(&self, access: Access<'_>, key: Term) -> bool {
        match &self.store {
            Store::Hash(hash) => hash.has(access, key),
            Store::Ordered(tree) => tree.get(access, key).object().is_some(),
        }
    }
}

pub fn insert_2(p: &mut Process, table: Term, objects: Term) -> Result {
    insert(p, table, objects, false)
}
pub fn insert_new_2(p: &mut Process, table: Term, objects: Term) -> Result {
    insert(p, table, objects, true)
}

fn insert(p: &mut Process, table: Term, objects: Term, new_only: bool) -> Result {
    let found = find(&table)?;
    if objects.is_nil() {
        hold(p, &found, Want::WriteOne)?;
        return Ok(Term::TRUE);
    }
    let object = match objects.as_cons() {
        None => objects,
        Some((first, Term::NIL)) => first,
        Some(_) => return insert_list(p, &found, objects, new_only),
    };
    if !found.accepts(object) {
        hold(p, &found, Want::WriteOne)?;
        return Err(badarg());
    }
    // Copied before the table is locked, so that others need not wait for it.
    let object = found.object(object);
    p.charge(1 + object.words() / super::WORDS_PER_REDUCTION);
    let garbage = Chain::new();
    let mut compared = 0;
    let hold = hold(p, &found, Want::WriteOne)?;
    let inserted = found.insert(hold.access(), object, new_only, &garbage, &mut compared);
    drop(hold);
    p.charge(compared / OBJECTS_PER_REDUCTION);
    Ok(Term::bool(inserted == Insert::Done))
}

/// All of them, or none: for others it is one operation.
fn insert_list(p: &mut Process, table: &Table, list: Term, new_only: bool) -> Result {
    let mut elements = list.list();
    let (mut copied, mut objects) = (Chain::new(), Chain::new());
    let mut count = 0;
    let are_objects = lend(&copied, || {
        elements.by_ref().all(|element| {
            let accepts = table.accepts(element);
            if accepts {
                copied.push(table.object(element));
                count += 1;
            }
            accepts
        })
    });
    copied.turn_into(&objects);
    let hold = hold(p, table, Want::Write)?;
    if !are_objects || !elements.tail().is_nil() {
        return Err(badarg());
    }
    let mut compared = 0;
    p.charge(1 + count / OBJECTS_PER_REDUCTION);
    let keypos = table.options.keypos;
    let is_new = |object: &Head| !table.has(hold.access(), object.key(keypos));
    if new_only && !lend(&objects, || lend(&hold, || objects.all(is_new))) {
        drop(hold);
        return Ok(Term::FALSE);
    }
    while let Some(object) = objects.pop() {
        // What was copied first is all in the table or among what is to go.
        table.insert(hold.access(), object, false, &copied, &mut compared);
    }
    drop(hold);
    p.charge(compared / OBJECTS_PER_REDUCTION);
    Ok(Term::TRUE)
}

pub fn lookup_2(p: &mut Process, table: Term, key: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    p.charge(1);
    Ok(lookup(p, &hold, key))
}

/// A copy of what is in an ordered set; where that is large, the table is lent for it.
#[inline]
fn copied_out_of(
    hold: &Hold<'_>,
    seen: &Seen<'_>,
    object: &Head,
    copy: impl FnOnce() -> Term,
) -> Term {
    let is_lent = !object.is_little();
    lend_if(is_lent, hold, || lend_if(is_lent, seen, copy))
}

/// The objects of a key, the earliest first.
fn lookup(p: &mut Process, hold: &Hold<'_>, key: Term) -> Term {
    match &hold.table.store {
        Store::Hash(hash) => hash.with_key(hold, key, |objects| {
            objects.fold(Term::NIL, |list, object| {
                let object = copied(p, object);
                build::cons(p, object, list)
            })
        }),
        Store::Ordered(tree) => {
            let seen = tree.get(hold.access(), key);
            match seen.object() {
                Some(object) => {
                    let object = copied_out_of(hold, &seen, object, || copied(p, object));
                    build::cons(p, object, Term::NIL)
                }
                None => Term::NIL,
            }
        }
    }
}

pub fn member_2(p: &mut Process, table: Term, key: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    p.charge(1);
    Ok(Term::bool(found.has(hold.access(), key)))
}

pub fn lookup_element_3(p: &mut Process, table: Term, key: Term, position: Term) -> Result {
    lookup_element(p, table, key, position)?.ok_or_else(|| badarg_because(id::BADKEY))
}
pub fn lookup_element_4(
    p: &mut Process,
    table: Term,
    key: Term,
    position: Term,
    default: Term,
) -> Result {
    Ok(lookup_element(p, table, key, position)?.unwrap_or(default))
}

/// The element, in bags a list of all; nothing if the key is not there.
fn lookup_element(p: &mut Process, table: Term, key: Term, position: Term) -> Result<Option<Term>> {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    p.charge(1);
    let position = position.as_small().filter(|position| *position >= 1);
    let index = position.ok_or_else(badarg)? as usize - 1;
    let element = |object: Term| object.term_words().get(index).copied().ok_or_else(badarg);
    match &found.store {
        Store::Hash(hash) => hash.with_key(&hold, key, |mut objects| {
            if !found.is_bag() {
                let object = objects.next().map(|object| element(object.tuple()));
                return Ok(object.transpose()?.map(|element| copy::copy(p, element)));
            }
            let elements: Result<Vec<_>> = objects.map(|object| element(object.tuple())).collect();
            let elements = elements?;
            let list = elements.iter().fold(Term::NIL, |list, element| {
                let element = copy::copy(p, *element);
                build::cons(p, element, list)
            });
            Ok((!elements.is_empty()).then_some(list))
        }),
        Store::Ordered(tree) => {
            let seen = tree.get(hold.access(), key);
            let Some(object) = seen.object() else {
                return Ok(None);
            };
            let element = element(object.tuple())?;
            Ok(Some(copied_out_of(&hold, &seen, object, || copy::copy(p, element))))
        }
    }
}

pub fn take_2(p: &mut Process, table: Term, key: Term) -> Result {
    let found = find(&table)?;
    let garbage = Chain::new();
    let hold = hold(p, &found, Want::WriteOne)?;
    p.charge(1);
    let mut taken = Term::NIL;
    // Copied before anything is taken out: there may be no memory for it.
    let mut take = |object: &Head| {
        let object = copied(p, object);
        taken = build::cons(p, object, taken);
    };
    lend(&hold, || match &found.store {
        Store::Hash(hash) => {
            let take_all = |objects: Objects<'_>| objects.for_each(take);
            hash.remove(hold.access(), key, take_all, |_| true, &garbage);
        }
        Store::Ordered(tree) => {
            let goes = |object: &Head| {
                take(object);
                true
            };
            if let Some(object) = tree.remove(hold.access(), key, goes) {
                garbage.push(object);
            }
        }
    });
    drop(hold);
    Ok(taken)
}

pub fn delete_2(p: &mut Process, table: Term, key: Term) -> Result {
    let found = find(&table)?;
    let garbage = Chain::new();
    let hold = hold(p, &found, Want::WriteOne)?;
    p.charge(1);
    match &found.store {
        Store::Hash(hash) => {
            hash.remove(hold.access(), key, |_| {}, |_| true, &garbage);
        }
        Store::Ordered(tree) => {
            if let Some(object) = tree.remove(hold.access(), key, |_| true) {
                garbage.push(object);
            }
        }
    }
    drop(hold);
    Ok(Term::TRUE)
}

pub fn delete_object_2(p: &mut Process, table: Term, object: Term) -> Result {
    let found = find(&table)?;
    let garbage = Chain::new();
    let hold = hold(p, &found, Want::WriteOne)?;
    p.charge(1);
    if !found.accepts(object) {
        return Err(badarg());
    }
    let key = found.key_of(object);
    let is_it = |other: &Head| equal_exact(other.tuple(), object);
    match &found.store {
        Store::Hash(hash) => {
            // Only a duplicate bag has more than one.
            let mut is_done = false;
            let goes = |other: &Head| {
                let goes = !is_done && is_it(other);
                is_done |= goes && found.options.sort != Sort::DuplicateBag;
                goes
            };
            hash.remove(hold.access(), key, |_| {}, goes, &garbage);
        }
        Store::Ordered(tree) => {
            if let Some(object) = tree.remove(hold.access(), key, is_it) {
                garbage.push(object);
            }
        }
    }
    drop(hold);
    Ok(Term::TRUE)
}

/// `ets:delete_all_objects/1`, and `select_delete/2` of everything: how many there were.
pub fn internal_delete_all_2(p: &mut Process, table: Term, _undefined: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Write)?;
    let count = found.len();
    match &found.store {
        Store::Hash(hash) if hash.is_fixed() => {
            hash.delete_all_fixed(hold.access());
            p.charge(count / OBJECTS_PER_REDUCTION);
        }
        _ => {
            let remains = found.take_all(hold.access());
            drop(hold);
            remains.free();
        }
    }
    Ok(Term::small(count as i64))
}
