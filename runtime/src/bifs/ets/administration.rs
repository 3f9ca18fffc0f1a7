//! Tables as wholes: made, named, owned, kept fixed, deleted.

use super::{find, hold, own_number};
use crate::ets::{
    self, Heir, Options, Protection, Sort, Table, Want, WriteConcurrency, hooks, registry,
};
use crate::heap::Fragment;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because, system_limit};
use crate::sys::unique;
use crate::term::{Kind, Term, build};
use beamrc_abi::atom::id;

/// Most locks that the debugging option for their number may ask for.
const MAX_LOCKS: i64 = 32768;

/// `{heir, Pid, Data}`, or `{heir, none}` as nothing.
type HeirOption = Option<(u64, Term)>;

/// The options as they are read.
struct Reading {
    options: Options,
    heir: HeirOption,
    decentralized_counters: Option<bool>,
}

pub fn new_2(p: &mut Process, name: Term, options: Term) -> Result {
    let name = name.as_atom().ok_or_else(badarg)?;
    let mut reading = Reading {
        options: Options {
            name,
            sort: Sort::Set,
            protection: Protection::Protected,
            keypos: 1,
            is_named: false,
            is_compressed: false,
            read_concurrency: false,
            write_concurrency: WriteConcurrency::Off,
            decentralized_counters: false,
        },
        heir: None,
        decentralized_counters: None,
    };
    let mut rest = options.list();
    for option in rest.by_ref() {
        reading.option(option).ok_or_else(badarg)?;
    }
    if !rest.tail().is_nil() {
        return Err(badarg());
    }
    let options = reading.finish().ok_or_else(badarg)?;
    let table = registry::create(options, own_number(p))
        .map_err(|registry::NameTaken| badarg_because(id::ALREADY_EXISTS))?;
    set_heir(p, &table, reading.heir)?;
    Ok(table.identifier(p))
}

impl Reading {
    /// Takes in one option; nothing if there is no such option.
    fn option(&mut self, option: Term) -> Option<()> {
        let options = &mut self.options;
        if let Some(name) = option.as_atom() {
            match name {
                id::ORDERED_SET => {
                    options.sort = Sort::OrderedSet;
                    options.decentralized_counters = true;
                }
                id::BAG => options.sort = Sort::Bag,
                id::DUPLICATE_BAG => options.sort = Sort::DuplicateBag,
                id::PUBLIC => options.protection = Protection::Public,
                id::PRIVATE => options.protection = Protection::Private,
                // OTP lets these stand for what is not said, whatever stands before them.
                id::SET | id::PROTECTED => {}
                id::NAMED_TABLE => options.is_named = true,
                id::COMPRESSED => options.is_compressed = true,
                _ => return None,
            }
            return Some(());
        }
        match *option.as_tuple()? {
            [name, value] => match name.as_atom()? {
                id::KEYPOS => {
                    options.keypos = value.as_small().filter(|keypos| *keypos > 0)? as usize;
                }
                id::WRITE_CONCURRENCY => self.write_concurrency(value)?,
                id::READ_CONCURRENCY => options.read_concurrency = boolean(value)?,
                id::HEIR if value == Term::atom(id::NONE) => self.heir = None,
                id::DECENTRALIZED_COUNTERS => self.decentralized_counters = Some(boolean(value)?),
                _ => return None,
            },
            [name, heir, data] if name == Term::atom(id::HEIR) => {
                self.heir = Some((heir.as_pid()?, data));
            }
            _ => return None,
        }
        Some(())
    }

    fn write_concurrency(&mut self, value: Term) -> Option<()> {
        let options = &mut self.options;
        options.write_concurrency = match value {
            Term::TRUE => {
                if options.sort != Sort::OrderedSet {
                    options.decentralized_counters = false;
                }
                WriteConcurrency::On
            }
            Term::FALSE => WriteConcurrency::Off,
            value if value == Term::atom(id::AUTO) => {
                options.decentralized_counters = true;
                WriteConcurrency::Auto
            }
            value => {
                let &[name, count] = value.as_tuple()? else {
                    return None;
                };
                let count = count.as_small().filter(|count| (1..=MAX_LOCKS).contains(count))?;
                if name != Term::atom(id::DEBUG_LOCKS) {
                    return None;
                }
                options.decentralized_counters = true;
                WriteConcurrency::Locks(count as usize)
            }
        };
        Some(())
    }

    fn finish(&self) -> Option<Options> {
        let mut options = self.options;
        if let Some(asked) = self.decentralized_counters {
            options.decentralized_counters = asked;
        }
        let is_private = options.protection == Protection::Private;
        if options.sort == Sort::OrderedSet
            && matches!(options.write_concurrency, WriteConcurrency::Locks(_))
        {
            return None;
        }
        if is_private {
            options.write_concurrency = WriteConcurrency::Off;
            options.read_concurrency = false;
        }
        options.decentralized_counters &= options.write_concurrency.is_on();
        Some(options)
    }
}
fn boolean(term: Term) -> Option<bool> {
    match term {
        Term::TRUE => Some(true),
        Term::FALSE => Some(false),
        _ => None,
    }
}

/// A process may name itself its heir.
fn living(p: &Process, heir: u64) -> bool {
    heir == own_number(p) || hooks::is_alive(heir)
}

pub fn rename_2(p: &mut Process, table: Term, name: Term) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::Write)?;
    let name = name.as_atom().ok_or_else(badarg)?;
    registry::rename(&found, name).map_err(|registry::NameTaken| badarg())?;
    drop(hold);
    Ok(if found.options.is_named { Term::atom(name) } else { table })
}

pub fn delete_1(p: &mut Process, table: Term) -> Result {
    let found = find(&table)?;
    drop(hold(p, &found, Want::Write)?);
    found.delete();
    Ok(Term::TRUE)
}

pub fn whereis_1(p: &mut Process, name: Term) -> Result {
    name.as_atom().ok_or_else(badarg)?;
    match find(&name) {
        Ok(found) if found.is_alive() => Ok(found.reference(p)),
        _ => Ok(Term::UNDEFINED),
    }
}

pub fn give_away_3(p: &mut Process, table: Term, to: Term, data: Term) -> Result {
    let found = find(&table)?;
    drop(hold(p, &found, Want::Write)?);
    let to = to.as_pid().filter(|to| living(p, *to)).ok_or_else(badarg)?;
    let me = own_number(p);
    if found.owner() != me {
        return Err(badarg_because(id::NOT_OWNER));
    }
    if to == me {
        return Err(badarg_because(id::OWNER));
    }
    ets::ownership::give_away(&found, me, to, data);
    Ok(Term::TRUE)
}

pub fn setopts_2(p: &mut Process, table: Term, options: Term) -> Result {
    let found = find(&table)?;
    let _hold = hold(p, &found, Want::Write)?;
    let mut heir: Option<HeirOption> = None;
    let mut protection = None;
    let mut set = |option: Term| -> Option<()> {
        let elements = option.as_tuple()?;
        match *elements {
            [name, value] if name == Term::atom(id::PROTECTION) && protection.is_none() => {
                protection = Some(match value.as_atom()? {
                    id::PRIVATE => Protection::Private,
                    id::PROTECTED => Protection::Protected,
                    id::PUBLIC => Protection::Public,
                    _ => return None,
                });
            }
            [name, none] if name == Term::atom(id::HEIR) && heir.is_none() => {
                heir = (none == Term::atom(id::NONE)).then_some(None);
                heir.as_ref()?;
            }
            [name, pid, data] if name == Term::atom(id::HEIR) && heir.is_none() => {
                heir = Some(Some((pid.as_pid()?, data)));
            }
            _ => return None,
        }
        Some(())
    };
    if options.is_kind(Kind::Tuple) {
        set(options).ok_or_else(badarg)?;
    } else {
        let mut rest = options.list();
        for option in rest.by_ref() {
            set(option).ok_or_else(badarg)?;
        }
        if !rest.tail().is_nil() {
            return Err(badarg());
        }
    }
    if found.owner() != own_number(p) {
        return Err(badarg());
    }
    if let Some(heir) = heir {
        set_heir(p, &found, heir)?;
    }
    if let Some(protection) = protection {
        found.set_protection(protection);
    }
    Ok(Term::TRUE)
}

/// A heir that is not alive is none.
fn set_heir(p: &Process, table: &Table, heir: HeirOption) -> Result<()> {
    let heir = heir.filter(|(process, _)| living(p, *process));
    let with_copy = |(process, data)| -> Result<Heir> {
        let data = Fragment::copy_of(data).map_err(|_| system_limit())?;
        Ok(Heir { process, data })
    };
    *table.heir() = heir.map(with_copy).transpose()?;
    Ok(())
}

pub fn safe_fixtable_2(p: &mut Process, table: Term, fix: Term) -> Result {
    let found = find(&table)?;
    drop(hold(p, &found, Want::Read)?);
    match fix {
        Term::TRUE => found.fix(own_number(p)),
        Term::FALSE => found.unfix(own_number(p), false),
        _ => return Err(badarg()),
    }
    Ok(Term::TRUE)
}

/// Tables are not kept scheduler by scheduler here; but whoever asks waits for an answer of each.
pub fn internal_request_all_0(p: &mut Process) -> Result {
    let reference = build::object(p, Kind::Ref, 0, &[unique::number(), 0]);
    let mut all = Term::NIL;
    for table in registry::all() {
        let table = table.identifier(p);
        all = build::cons(p, table, all);
    }
    let me = own_number(p);
    for nth in 0..crate::process::figures::schedulers() {
        let tables = if nth == 0 { all } else { Term::NIL };
        let answer = build::tuple(p, &[reference, tables]);
        hooks::send(me, answer);
    }
    Ok(reference)
}
