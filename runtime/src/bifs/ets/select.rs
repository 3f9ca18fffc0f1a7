//! `select`, `match` and `match_object`, and what counts, deletes or replaces by specifications.

use super::specs::{self, compiled_for_table};
use super::{END_OF_TABLE, OBJECTS_PER_REDUCTION, find, hold};
use crate::ets::hash::{Edit, Hash};
use crate::ets::object::{Chain, Head};
use crate::ets::ordered::{Edge, Ordered, Writing};
use crate::ets::spec::{self, Copying, Machine, Spec, UNDERSCORE};
use crate::ets::{Access, Hold, Sort, Store, Table, Want};
use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::sys::lock::lend;
use crate::term::{Term, build, list, map};
use beamrc_abi::atom::id;
use core::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

pub fn select_2(p: &mut Process, table: Term, spec: Term) -> Result {
    select(p, table, Asked::Spec(spec), None, false)
}
pub fn select_3(p: &mut Process, table: Term, spec: Term, limit: Term) -> Result {
    select(p, table, Asked::Spec(spec), Some(limit), false)
}
pub fn select_reverse_2(p: &mut Process, table: Term, spec: Term) -> Result {
    select(p, table, Asked::Spec(spec), None, true)
}
pub fn select_reverse_3(p: &mut Process, table: Term, spec: Term, limit: Term) -> Result {
    select(p, table, Asked::Spec(spec), Some(limit), true)
}
pub fn match_2(p: &mut Process, table: Term, pattern: Term) -> Result {
    select(p, table, Asked::Bindings(pattern), None, false)
}
pub fn match_3(p: &mut Process, table: Term, pattern: Term, limit: Term) -> Result {
    select(p, table, Asked::Bindings(pattern), Some(limit), false)
}
pub fn match_object_2(p: &mut Process, table: Term, pattern: Term) -> Result {
    select(p, table, Asked::Objects(pattern), None, false)
}
pub fn match_object_3(p: &mut Process, table: Term, pattern: Term, limit: Term) -> Result {
    select(p, table, Asked::Objects(pattern), Some(limit), false)
}
pub fn select_1(p: &mut Process, continuation: Term) -> Result {
    go_on(p, continuation)
}
pub fn select_reverse_1(p: &mut Process, continuation: Term) -> Result {
    go_on(p, continuation)
}
pub fn match_1(p: &mut Process, continuation: Term) -> Result {
    go_on(p, continuation)
}
pub fn match_object_1(p: &mut Process, continuation: Term) -> Result {
    go_on(p, continuation)
}

/// What a BIF is asked to find.
#[derive(Clone, Copy)]
enum Asked {
    Spec(Term),
    /// A pattern, whose variables' values are the result.
    Bindings(Term),
    /// A pattern; the objects themselves are the result.
    Objects(Term),
}
impl Asked {
    fn spec(self, p: &mut Process) -> Term {
        let (pattern, result) = match self {
            Asked::Spec(spec) => return spec,
            Asked::Bindings(pattern) => (pattern, id::DOLLAR_DOLLAR),
            Asked::Objects(pattern) => (pattern, id::DOLLAR_UNDERSCORE),
        };
        let body = build::cons(p, Term::atom(result), Term::NIL);
        let clause = build::tuple(p, &[pattern, Term::NIL, body]);
        build::cons(p, clause, Term::NIL)
    }
}

/// Keys that the objects can have which a specification matches.
enum Keys {
    Any,
    /// One of these.
    These(Vec<Term>),
}
impl Keys {
    fn of(source: Term, keypos: usize) -> Keys {
        let mut keys = Vec::new();
        for head in heads(source) {
            if is_open(head) {
                return Keys::Any;
            }
            match spec::key_of(head, keypos) {
                Some(key) if spec::is_fully_bound(key) => keys.push(key),
                Some(_) => return Keys::Any,
                None => {} // no object fits
            }
        }
        Keys::These(keys)
    }
}

/// The heads of a specification that has been compiled.
fn heads(source: Term) -> impl Iterator<Item = Term> {
    source.list().filter_map(|clause| clause.as_tuple()?.first().copied())
}
fn is_open(pattern: Term) -> bool {
    pattern == UNDERSCORE || spec::variable(pattern).is_some()
}

/// The keys of an ordered set that a specification's objects lie between.
enum Range {
    /// None can match.
    Empty,
    Key(Term),
    /// Patterns that stand at either end; without them, everything.
    Between(Option<(Term, Term)>),
}
impl Range {
    fn of(source: Term, keypos: usize) -> Range {
        let mut ends: Option<(Term, Term)> = None;
        let mut are_bound = true;
        for head in heads(source) {
            if is_open(head) {
                return Range::Between(None);
            }
            let Some(key) = spec::key_of(head, keypos) else {
                continue;
            };
            if is_open(key) || has_map(key) {
                return Range::Between(None);
            }
            are_bound &= spec::is_fully_bound(key);
            ends = Some(match ends {
                None => (key, key),
                Some((least, most)) => (
                    if Edge::before(key) < Edge::before(least) { key } else { least },
                    if Edge::behind(key) > Edge::behind(most) { key } else { most },
                ),
            });
        }
        match ends {
            None => Range::Empty,
            Some((key, other)) if are_bound && crate::term::compare::equal(key, other) => {
                Range::Key(key)
            }
            ends => Range::Between(ends),
        }
    }
}
fn has_map(pattern: Term) -> bool {
    let mut todo = vec![pattern];
    while let Some(mut term) = todo.pop() {
        while let Some((head, tail)) = term.as_cons() {
            todo.push(head);
            term = tail;
        }
        if map::is_map(term) {
            return true;
        }
        if let Some(elements) = term.as_tuple() {
            todo.extend_from_slice(elements);
        }
    }
    false
}

/// A specification at work on the objects of a table.
struct Work<'a> {
    p: &'a mut Process,
    spec: &'a Spec,
    machine: Machine,
    copying: Copying,
    visited: usize,
}
impl<'a> Work<'a> {
    fn new(p: &'a mut Process, spec: &'a Spec, copying: Copying) -> Work<'a> {
        Work { p, spec, machine: Machine::default(), copying, visited: 0 }
    }
    fn result(&mut self, object: &Head) -> Option<Term> {
        self.visited += 1;
        self.spec.run(self.p, object.tuple(), self.copying, &mut self.machine)
    }
}
impl Drop for Work<'_> {
    fn drop(&mut self) {
        self.p.charge(1 + self.visited / OBJECTS_PER_REDUCTION);
    }
}

/// Walks through a hash table that others may write to: it is fixed meanwhile. `f` is told how
/// often it is fixed by this.
fn steadily<R>(hold: &Hold<'_>, hash: &Hash, f: impl FnOnce(usize) -> R) -> R {
    if hold.access().is_alone() || !hash.is_striped() {
        return f(0);
    }
    let fixed = hash.fixed();
    let result = lend(&fixed, || f(1));
    drop(fixed);
    if hash.is_to_be_purged() {
        let garbage = Chain::new();
        hash.purge(hold.access(), &garbage);
    }
    result
}

/// The buckets of these keys, each once.
fn buckets(hash: &Hash, access: Access<'_>, keys: &[Term]) -> Vec<usize> {
    let mut buckets = Vec::new();
    for key in keys {
        let bucket = hash.bucket_of(access, *key);
        if !buckets.contains(&bucket) {
            buckets.push(bucket);
        }
    }
    buckets
}

fn select(
    p: &mut Process,
    table: Term,
    asked: Asked,
    limit: Option<Term>,
    reverse: bool,
) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    let limit = match limit {
        None => 0,
        Some(limit) => limit.as_small().filter(|limit| *limit > 0).ok_or_else(badarg)? as usize,
    };
    let source = asked.spec(p);
    lend(&hold, || {
        let spec = Arc::new(compiled_for_table(source)?);
        match &found.store {
            Store::Hash(hash) => {
                let keys = Keys::of(source, found.options.keypos);
                select_in_hash(p, &hold, hash, &found, spec, keys, limit)
            }
            Store::Ordered(tree) => {
                let range = Range::of(source, found.options.keypos);
                select_in_tree(p, &hold, tree, &found, spec, range, limit, reverse)
            }
        }
    })
}

fn select_in_hash(
    p: &mut Process,
    hold: &Hold<'_>,
    hash: &Hash,
    table: &Arc<Table>,
    spec: Arc<Spec>,
    keys: Keys,
    limit: usize,
) -> Result {
    let access = hold.access();
    let mut results = Vec::new();
    let next = {
        let mut work = Work::new(p, &spec, Copying::Result);
        match keys {
            Keys::These(keys) => {
                for bucket in buckets(hash, access, &keys) {
                    hash.with_bucket(access, bucket, |mut objects| {
                        objects.by_ref().for_each(|object| results.extend(work.result(object)));
                    });
                }
                None
            }
            Keys::Any => {
                steadily(hold, hash, |_| walk(hash, access, 0, &mut work, &mut results, limit))
                    .unwrap_or(None)
            }
        }
    };
    if limit == 0 {
        return Ok(list::reversed(p, results.len(), results.iter().copied(), Term::NIL));
    }
    let rest = &results[limit.min(results.len())..];
    let rest_list = list::reversed(p, rest.len(), rest.iter().copied(), Term::NIL);
    let page = &results[..limit.min(results.len())];
    let page = list::reversed(p, page.len(), page.iter().copied(), Term::NIL);
    let continuation = HashContinuation {
        table: table.reference(p),
        slot: next,
        limit,
        spec: specs::reference(p, &spec),
        rest: rest_list,
        rest_len: rest.len(),
    };
    Ok(continuation.with_page(p, page))
}

/// Walks from a bucket on, until there are enough results; the bucket to go on with. An error if
/// there is no such bucket.
fn walk(
    hash: &Hash,
    access: Access<'_>,
    from: usize,
    work: &mut Work<'_>,
    results: &mut Vec<Term>,
    limit: usize,
) -> Option<Option<usize>> {
    let found = core::cell::Cell::new(results.len());
    let visit = |object: &Head| {
        results.extend(work.result(object));
        found.set(results.len());
    };
    hash.walk(access, from, visit, || limit != 0 && found.get() >= limit)
}

/// `{Table, Slot, Limit, Spec, Rest, Count}`: the slot is -1 at the end of the table.
struct HashContinuation {
    table: Term,
    slot: Option<usize>,
    limit: usize,
    spec: Term,
    rest: Term,
    rest_len: usize,
}
impl HashContinuation {
    /// `{Page, Continuation}`, or what stands for the end.
    fn with_page(&self, p: &mut Process, page: Term) -> Term {
        let continuation = if self.slot.is_some() || self.rest_len > 0 {
            let parts = [
                self.table,
                Term::small(self.slot.map_or(-1, |slot| slot as i64)),
                Term::small(self.limit as i64),
                self.spec,
                self.rest,
                Term::small(self.rest_len as i64),
            ];
            build::tuple(p, &parts)
        } else if page.is_nil() {
            return END_OF_TABLE;
        } else {
            // There is no more, but that was not known before.
            END_OF_TABLE
        };
        build::tuple(p, &[page, continuation])
    }
    fn read(parts: &[Term]) -> Option<HashContinuation> {
        let &[table, slot, limit, spec, rest, rest_len] = parts else {
            return None;
        };
        specs::of_reference(&spec)?;
        let slot = slot.as_small()?;
        Some(HashContinuation {
            table,
            slot: usize::try_from(slot).ok(),
            limit: usize::try_from(limit.as_small()?).ok()?,
            spec,
            rest: Some(rest).filter(|rest| rest.is_list())?,
            rest_len: usize::try_from(rest_len.as_small()?).ok()?,
        })
    }
}

/// Goes on where a continuation says.
fn go_on(p: &mut Process, continuation: Term) -> Result {
    if continuation == END_OF_TABLE {
        return Ok(END_OF_TABLE);
    }
    let parts = continuation.as_tuple().ok_or_else(badarg)?;
    let table = *parts.first().ok_or_else(badarg)?;
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    lend(&hold, || match &found.store {
        Store::Hash(hash) => {
            let continuation = HashContinuation::read(parts).ok_or_else(badarg)?;
            go_on_in_hash(p, &hold, hash, continuation)
        }
        Store::Ordered(tree) => {
            let continuation = TreeContinuation::read(parts).ok_or_else(badarg)?;
            go_on_in_tree(p, &hold, tree, continuation)
        }
    })
}

fn go_on_in_hash(
    p: &mut Process,
    hold: &Hold<'_>,
    hash: &Hash,
    mut continuation: HashContinuation,
) -> Result {
    let limit = continuation.limit;
    // What is left of the last page comes before what is found now.
    let mut results: Vec<Term> = continuation.rest.list().collect();
    results.reverse();
    if let Some(slot) = continuation.slot
        && (limit == 0 || results.len() < limit)
    {
        let spec = specs::of_reference(&continuation.spec).expect("checked");
        let mut work = Work::new(p, spec, Copying::Result);
        let access = hold.access();
        let next =
            steadily(hold, hash, |_| walk(hash, access, slot, &mut work, &mut results, limit));
        drop(work);
        // Without `safe_fixtable/2`, the bucket may be gone.
        continuation.slot = next.ok_or_else(badarg)?;
    }
    if limit == 0 {
        return Ok(list::reversed(p, results.len(), results.iter().copied(), Term::NIL));
    }
    let (page, rest) = results.split_at(limit.min(results.len()));
    let page = list::reversed(p, page.len(), page.iter().copied(), Term::NIL);
    continuation.rest = list::forward(p, rest.len(), rest.iter().copied(), Term::NIL);
    continuation.rest_len = rest.len();
    Ok(continuation.with_page(p, page))
}

#[expect(clippy::too_many_arguments, reason = "all that a selection is")]
fn select_in_tree(
    p: &mut Process,
    hold: &Hold<'_>,
    tree: &Ordered,
    table: &Arc<Table>,
    spec: Arc<Spec>,
    range: Range,
    limit: usize,
    reverse: bool,
) -> Result {
    let ends = match range {
        Range::Between(ends) => ends,
        one => {
            let mut work = Work::new(p, &spec, Copying::Result);
            let result = match one {
                Range::Key(key) => {
                    let seen = tree.get(hold.access(), key);
                    seen.object().and_then(|object| lend(&seen, || work.result(object)))
                }
                _ => None,
            };
            drop(work);
            let results = result.map_or(Term::NIL, |result| build::cons(p, result, Term::NIL));
            return Ok(match (limit, result) {
                (0, _) => results,
                (_, None) => END_OF_TABLE,
                _ => build::tuple(p, &[results, END_OF_TABLE]),
            });
        }
    };
    if limit == 0 {
        let mut results = Vec::new();
        let mut work = Work::new(p, &spec, Copying::Result);
        let (from, to) = edges(ends);
        tree.visit(hold.access(), from, to, false, |object| {
            results.extend(work.result(object));
            Continue(())
        });
        drop(work);
        let count = results.len();
        return Ok(if reverse {
            list::reversed(p, count, results.into_iter(), Term::NIL)
        } else {
            list::forward(p, count, results.into_iter(), Term::NIL)
        });
    }
    let end = ends.map_or(Term::NIL, |(least, most)| if reverse { least } else { most });
    let continuation = TreeContinuation {
        table: table.reference(p),
        last_key: None,
        end: copy::copy(p, end),
        limit,
        spec: specs::reference(p, &spec),
        results: Term::NIL,
        reverse,
    };
    let start =
        ends.map(|(least, most)| if reverse { Edge::behind(most) } else { Edge::before(least) });
    page_of_tree(p, hold, tree, continuation, start)
}

fn edges(ends: Option<(Term, Term)>) -> (Option<Edge>, Option<Edge>) {
    match ends {
        Some((least, most)) => (Some(Edge::before(least)), Some(Edge::behind(most))),
        None => (None, None),
    }
}

/// `{Table, LastKey, End, Limit, Spec, Results, Reverse, Count}`.
struct TreeContinuation {
    table: Term,
    last_key: Option<Term>,
    /// The pattern at the end of the range, or `[]`.
    end: Term,
    limit: usize,
    spec: Term,
    results: Term,
    reverse: bool,
}
impl TreeContinuation {
    fn read(parts: &[Term]) -> Option<TreeContinuation> {
        let &[table, last_key, end, limit, spec, results, reverse, count] = parts else {
            return None;
        };
        specs::of_reference(&spec)?;
        count.as_small()?;
        Some(TreeContinuation {
            table,
            last_key: Some(last_key),
            end,
            limit: usize::try_from(limit.as_small()?).ok()?,
            spec,
            results: Some(results).filter(|results| results.is_list())?,
            reverse: reverse.as_small()? != 0,
        })
    }
}

fn go_on_in_tree(
    p: &mut Process,
    hold: &Hold<'_>,
    tree: &Ordered,
    continuation: TreeContinuation,
) -> Result {
    let start = continuation.last_key.map(|key| {
        if continuation.reverse { Edge::before_key(key) } else { Edge::behind_key(key) }
    });
    page_of_tree(p, hold, tree, continuation, start)
}

/// The next results from an edge on, and the continuation behind them.
fn page_of_tree(
    p: &mut Process,
    hold: &Hold<'_>,
    tree: &Ordered,
    continuation: TreeContinuation,
    start: Option<Edge>,
) -> Result {
    let TreeContinuation { limit, reverse, end, .. } = continuation;
    let mut results: Vec<Term> = continuation.results.list().collect();
    results.reverse();
    let mut last_key = None;
    {
        let spec = specs::of_reference(&continuation.spec).ok_or_else(badarg)?;
        let mut work = Work::new(p, spec, Copying::Result);
        let end =
            (!end.is_nil()).then(|| if reverse { Edge::before(end) } else { Edge::behind(end) });
        let (from, to) = if reverse { (end, start) } else { (start, end) };
        let keypos = hold.table.options.keypos;
        tree.visit(hold.access(), from, to, reverse, |object| {
            results.extend(work.result(object));
            if limit == 0 || results.len() < limit {
                return Continue(());
            }
            last_key = Some(copy::copy(work.p, object.key(keypos)));
            Break(())
        });
    }
    let count = results.len();
    let page = list::forward(p, count, results.into_iter(), Term::NIL);
    if limit == 0 {
        return Ok(page);
    }
    let continuation = match last_key {
        None if count == 0 => return Ok(END_OF_TABLE),
        None => END_OF_TABLE,
        Some(key) => {
            let parts = [
                continuation.table,
                key,
                end,
                Term::small(limit as i64),
                continuation.spec,
                Term::NIL,
                Term::small(i64::from(reverse)),
                Term::small(0),
            ];
            build::tuple(p, &parts)
        }
    };
    Ok(build::tuple(p, &[page, continuation]))
}

pub fn select_count_2(p: &mut Process, table: Term, source: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Read)?;
    lend(&hold, || count(p, &hold, source))
}
fn count(p: &mut Process, hold: &Hold<'_>, source: Term) -> Result {
    let (found, access) = (hold.table, hold.access());
    let spec = compiled_for_table(source)?;
    let mut count = 0;
    let mut work = Work::new(p, &spec, Copying::Nothing);
    let mut visit = |object: &Head| count += i64::from(work.result(object) == Some(Term::TRUE));
    let keypos = found.options.keypos;
    match &found.store {
        Store::Hash(hash) => match Keys::of(source, keypos) {
            Keys::These(keys) => {
                for bucket in buckets(hash, access, &keys) {
                    hash.with_bucket(access, bucket, |objects| objects.for_each(&mut visit));
                }
            }
            Keys::Any => {
                steadily(hold, hash, |_| hash.walk(access, 0, visit, || false));
            }
        },
        Store::Ordered(tree) => match Range::of(source, keypos) {
            Range::Empty => {}
            Range::Key(key) => {
                let seen = tree.get(access, key);
                seen.object().into_iter().for_each(|object| lend(&seen, || visit(object)));
            }
            Range::Between(ends) => {
                let (from, to) = edges(ends);
                tree.visit(access, from, to, false, |object| {
                    visit(object);
                    Continue(())
                });
            }
        },
    }
    drop(work);
    Ok(Term::small(count))
}

/// `ets:select_delete/2`, where not everything goes.
pub fn internal_select_delete_2(p: &mut Process, table: Term, source: Term) -> Result {
    let found = find(&table)?;
    let garbage = Chain::new();
    let hold = hold(p, &found, Want::WriteOne)?;
    let count = lend(&garbage, || lend(&hold, || delete(p, &hold, source, &garbage)));
    drop(hold);
    count
}
fn delete(p: &mut Process, hold: &Hold<'_>, source: Term, garbage: &Chain) -> Result {
    let (found, access) = (hold.table, hold.access());
    let spec = compiled_for_table(source)?;
    let mut work = Work::new(p, &spec, Copying::Nothing);
    let keypos = found.options.keypos;
    let mut count = 0;
    match &found.store {
        Store::Hash(hash) => {
            let visit = |object: &Head| {
                if work.result(object) == Some(Term::TRUE) {
                    count += 1;
                    Edit::Delete
                } else {
                    Edit::Keep
                }
            };
            edit_hash(hold, hash, source, visit, garbage);
            if count != 0 {
                hash.shrink_after_walk(access);
            }
        }
        Store::Ordered(tree) => {
            let mut goes = |object: &Head| {
                (work.result(object) == Some(Term::TRUE)).then(|| object.key(keypos))
            };
            edit_tree(tree, access, Range::of(source, keypos), |part, span| {
                for key in span.results(part, &mut goes) {
                    if let Some(object) = part.remove(key, |_| true) {
                        count += 1;
                        garbage.push(object);
                    }
                }
            });
        }
    }
    drop(work);
    Ok(Term::small(count))
}

fn edit_hash(
    hold: &Hold<'_>,
    hash: &Hash,
    source: Term,
    mut visit: impl FnMut(&Head) -> Edit,
    garbage: &Chain,
) {
    let access = hold.access();
    let keys = Keys::of(source, hold.table.options.keypos);
    steadily(hold, hash, |own| match keys {
        Keys::These(keys) => {
            for bucket in buckets(hash, access, &keys) {
                hash.edit_one_bucket(access, bucket, own, &mut visit, garbage);
            }
        }
        Keys::Any => {
            hash.walk_and_edit(access, 0, own, visit, || false, garbage);
        }
    });
}
/// Has the parts of an ordered set changed that have objects in a range.
fn edit_tree(
    tree: &Ordered,
    access: Access<'_>,
    range: Range,
    mut f: impl FnMut(&mut Writing<'_>, Span<'_>),
) {
    match range {
        Range::Empty => {}
        Range::Key(key) => {
            let mut part = tree.write(access, key);
            f(&mut part, Span::Key(key));
            part.finish();
        }
        Range::Between(ends) => {
            let (from, to) = edges(ends);
            tree.edit(access, from, to, |part, from, to| f(part, Span::Between(from, to)));
        }
    }
}
/// What a range is in a part of an ordered set.
enum Span<'e> {
    Key(Term),
    Between(Option<&'e Edge>, Option<&'e Edge>),
}
impl Span<'_> {
    /// What `f` makes of the objects in it.
    fn results<R>(&self, part: &Writing<'_>, f: impl FnMut(&Head) -> Option<R>) -> Vec<R> {
        part.lend(|| match *self {
            Span::Key(key) => part.get(key).into_iter().filter_map(f).collect(),
            Span::Between(from, to) => part.between(from, to).filter_map(f).collect(),
        })
    }
}

pub fn select_replace_2(p: &mut Process, table: Term, source: Term) -> Result {
    let found = find(&table)?;
    let garbage = Chain::new();
    let hold = hold(p, &found, Want::WriteOne)?;
    let count = lend(&garbage, || lend(&hold, || replace(p, &hold, source, &garbage)));
    drop(hold);
    count
}
fn replace(p: &mut Process, hold: &Hold<'_>, source: Term, garbage: &Chain) -> Result {
    let (found, access) = (hold.table, hold.access());
    if found.options.sort == Sort::Bag {
        return Err(badarg_because(id::TABLE_TYPE));
    }
    let spec = compiled_for_table(source)?;
    let keypos = found.options.keypos;
    let keeps_key = |clause: Term| matches!(clause.as_tuple(), Some(&[head, _, body]) if spec::keeps_key(keypos, head, body));
    if !source.list().all(keeps_key) {
        return Err(badarg());
    }
    let mut work = Work::new(p, &spec, Copying::Nothing);
    let mut count = 0;
    match &found.store {
        Store::Hash(hash) => {
            let visit = |object: &Head| match work.result(object) {
                Some(new) => {
                    count += 1;
                    Edit::Replace(crate::ets::object::Object::copy_of(new, object.hash))
                }
                None => Edit::Keep,
            };
            edit_hash(hold, hash, source, visit, garbage);
        }
        Store::Ordered(tree) => {
            let mut made = Chain::new();
            edit_tree(tree, access, Range::of(source, keypos), |part, span| {
                let make = |object: &Head| {
                    let new = work.result(object)?;
                    made.push(found.object(new));
                    Some(())
                };
                lend(&made, || span.results(part, make));
                while let Some(object) = made.pop() {
                    count += 1;
                    part.insert(object, false, garbage);
                }
            });
        }
    }
    drop(work);
    Ok(Term::small(count))
}
