//! `coverage [PROGRAMS]`: fails if some opcode that compilers emit stands in no program of
//! `tests/programs`, as compiled by the releases that are on this machine.
//!
//! The beams are those that `tests/run` keeps; what is missing is compiled. Without OTP 25 or 29
//! nothing is asked of the opcodes that only they emit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use beamrc_beam::{Module, Op, Status};
use beamrc_harness::case::{self, Case};
use beamrc_harness::erlang::{self, Installation};

const LIMIT: Duration = Duration::from_secs(60);

/// The opcodes that appeared after OTP 27.
const FIRST_OF_29: Op = Op::DebugLine;

/// What the programs have only when OTP 25 compiles them.
const ONLY_25: &[Op] = &[
    Op::BsPutInteger,
    Op::BsPutBinary,
    Op::BsPutFloat,
    Op::BsPutString,
    Op::BsAdd,
    Op::BsTestUnit,
    Op::BsMatchString,
    Op::BsAppend,
    Op::BsPrivateAppend,
    Op::BsInitBits,
    Op::BsUtf8Size,
    Op::BsPutUtf8,
    Op::BsUtf16Size,
    Op::BsPutUtf16,
    Op::BsPutUtf32,
];

/// Opcodes that no program can have, with reasons.
const NEVER: &[(Op, &str)] = &[
    (Op::IntCodeEnd, "says where the code of a module ends, and belongs to no function"),
    (
        Op::BsInit2,
        "stands in assembler code only: compilers since OTP 25 emit bs_init_bits for all sizes",
    ),
];

/// For each opcode the first program and release that has it.
type Covered = BTreeMap<Op, String>;

fn main() -> ExitCode {
    let programs = std::env::args().nth(1).unwrap_or("tests/programs".into());
    match coverage(Path::new(&programs)) {
        Ok(missing) if missing.is_empty() => ExitCode::SUCCESS,
        Ok(missing) => {
            eprintln!("opcodes that no program has: {}", missing.join(" "));
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("coverage: {message}");
            ExitCode::from(2)
        }
    }
}

/// The names of opcodes that nothing covers.
fn coverage(programs: &Path) -> Result<Vec<String>, String> {
    let cases = case::read_all(programs)?;
    let mut covered = Covered::new();
    let mut present = Vec::new();
    for release in [27, 29, 25] {
        match Installation::find(release) {
            Ok(otp) => {
                present.push(release);
                cover(&cases, release, &otp, &mut covered)?;
            }
            Err(message) if release == 27 => return Err(message),
            Err(message) => println!("its own opcodes are left out: {message}"),
        }
    }
    let emitted = Op::ALL.iter().filter(|op| op.info().status == Status::Emitted);
    let asked = emitted.filter(|op| match op {
        op if **op >= FIRST_OF_29 => present.contains(&29),
        op if ONLY_25.contains(op) => present.contains(&25),
        op => NEVER.iter().all(|(never, _)| never != *op),
    });
    let asked: Vec<Op> = asked.copied().collect();
    let found = asked.iter().filter(|op| covered.contains_key(op)).count();
    println!("{found} of {} opcodes, compiled by OTP {present:?}", asked.len());
    let missing = asked.iter().filter(|op| !covered.contains_key(op));
    Ok(missing.map(|op| op.info().name.to_string()).collect())
}

/// Adds what the programs have when this release compiles them.
fn cover(
    cases: &[Case],
    release: u32,
    otp: &Installation,
    covered: &mut Covered,
) -> Result<(), String> {
    let cases: Vec<&Case> = cases.iter().filter(|case| case.runs_on(release)).collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let ops = beam(case, otp).and_then(|path| opcodes(&path));
            let mut results = results.lock().expect("no thread panics while it holds the list");
            results.push((&case.name, ops));
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let mut results = results.into_inner().expect("every thread has ended");
    results.sort_by_key(|(name, _)| *name);
    for (name, ops) in results {
        for op in ops.map_err(|message| format!("{name}: {message}"))? {
            covered.entry(op).or_insert_with(|| format!("{name}, OTP {release}"));
        }
    }
    Ok(())
}

/// The compiled program, from an earlier run or made now.
fn beam(case: &Case, otp: &Installation) -> Result<PathBuf, String> {
    let folder = Path::new("target/programs").join(otp.key()).join(case.key(&otp.version));
    erlang::compile(case, otp, &folder, LIMIT)?;
    Ok(folder.join(&case.name).with_extension("beam"))
}

fn opcodes(path: &Path) -> Result<Vec<Op>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let module =
        Module::read(&bytes, &path.display().to_string()).map_err(|error| error.to_string())?;
    let mut ops: Vec<Op> =
        module.functions.iter().flat_map(|f| f.instrs.iter().map(|instr| instr.op)).collect();
    ops.sort_unstable();
    ops.dedup();
    Ok(ops)
}
