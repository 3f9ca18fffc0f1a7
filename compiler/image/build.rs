//! Builds the runtime that beamrc carries inside.
//!
//! 1. `cargo` compiles the runtime crate into an archive with all of the standard library.
//! 2. `cc -r` makes one relocatable object, `runtime.o`, of what compiled code can reach. Programs
//!    get of it what they reach; `--linker=cc` links with it.
//! 3. `cc -static` links images: complete executables but for the program, with those sections of
//!    the object that start-up reaches and the functions of the C library that any other may call.
//!    Beside each image stands where in it the object's sections lie. The first image leaves out the
//!    C library's mathematics, which is large, the second has it. In a build for development each
//!    image holds the whole object.
//!
//! Nothing of this is needed on the machine of a user of beamrc.

use std::collections::{HashMap, HashSet};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

use object::LittleEndian as LE;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader as _, SectionHeader as _, Sym as _};

/// What the names of symbols start with that compiled code refers to.
const ENTRY_PREFIXES: [&str; 2] = ["beamrc_", "bif:"];

fn main() {
    println!("cargo::rerun-if-env-changed=BEAMRC_SKIP_IMAGE");
    println!("cargo::rerun-if-env-changed=BEAMRC_IMAGE_PROFILE");
    println!("cargo::rerun-if-env-changed=CC");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for input in ["runtime", "abi", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    let out = PathBuf::from(variable("OUT_DIR"));
    let object = out.join("runtime.o");
    if env::var_os("BEAMRC_SKIP_IMAGE").is_some() {
        let names = IMAGES.iter().map(|image| (*image).to_owned());
        let sections = IMAGES.iter().map(|image| sections_name(image));
        for name in names.chain(sections).chain(["runtime.o".to_owned()]) {
            write(&out.join(name), b"");
        }
        return;
    }
    let archive = compile_runtime(&root, &out);
    extract_object(&archive, &object, &out);
    if profile() != "image" {
        // Without optimisation of the whole, only the system's linker can link all of the code.
        for name in IMAGES {
            link_image(&object, &out, name, &[]);
            write(&out.join(sections_name(name)), b"");
        }
        return;
    }
    let runtime = Runtime::prepare(&object);
    let [small, full] = IMAGES;
    let map = runtime.link_image(&object, &out, full, |_| true);
    let mathematics = symbols_from(&map, "libm");
    runtime.link_image(&object, &out, small, |name| !mathematics.contains(name));
}

/// The images' names, the smaller one first.
const IMAGES: [&str; 2] = ["image", "image-math"];

fn sections_name(image: &str) -> String {
    format!("{image}.sections")
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| fail(&format!("cargo does not set {name}")))
}

/// How the runtime is compiled.
fn profile() -> String {
    env::var("BEAMRC_IMAGE_PROFILE").unwrap_or_else(|_| {
        let own = variable("PROFILE");
        if own == "release" { "image" } else { "image-dev" }.to_owned()
    })
}

fn compile_runtime(root: &Path, out: &Path) -> PathBuf {
    let profile = profile();
    let target = variable("TARGET");
    let target_folder = target_folder(out).join("runtime-image");
    let mut cargo = Command::new(variable("CARGO"));
    // Wrappers such as clippy's driver and the flags of the outer build are not for the runtime.
    for name in ["RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET", "RUSTFLAGS"] {
        cargo.env_remove(name);
    }
    // The system's library may be a shared one only.
    cargo.env("PCRE2_SYS_STATIC", "1");
    cargo.env("CARGO_ENCODED_RUSTFLAGS", runtime_flags(root).join("\x1f"));
    cargo.arg("rustc").arg("--manifest-path").arg(root.join("Cargo.toml"));
    cargo.args(["--package", "beamrc-runtime", "--lib", "--crate-type", "staticlib"]);
    cargo.args(["--profile", &profile, "--target", &target, "--target-dir"]).arg(&target_folder);
    run(&mut cargo, "compile the runtime");
    target_folder.join(target).join(profile).join("libbeamrc_runtime.a")
}

/// The outer build's target folder: `OUT_DIR` is `<target>/<profile>/build/<package>/out`.
fn target_folder(out: &Path) -> &Path {
    out.ancestors().nth(4).unwrap_or_else(|| fail("OUT_DIR is not in a target folder"))
}

fn runtime_flags(root: &Path) -> Vec<String> {
    let mut flags = vec![
        "-Ctarget-feature=+crt-static".to_owned(),
        "-Crelocation-model=static".to_owned(),
        // The stack can be walked from compiled code through the runtime, by perf above all.
        "-Cforce-frame-pointers=yes".to_owned(),
        "--cfg=beamrc_image".to_owned(),
    ];
    // Executables do not tell where beamrc was built.
    if let Some(root) = fs::canonicalize(root).ok().as_deref().and_then(Path::to_str) {
        flags.push(format!("--remap-path-prefix={root}=beamrc"));
    }
    let home = env::var("CARGO_HOME").or_else(|_| env::var("HOME").map(|home| home + "/.cargo"));
    if let Ok(home) = home {
        flags.push(format!("--remap-path-prefix={home}=cargo"));
    }
    flags
}

/// Reduces the archive to what the entry points reach.
fn extract_object(archive: &Path, object: &Path, out: &Path) {
    let mut nm = Command::new("nm");
    nm.args(["--extern-only", "--defined-only", "--format=posix"]).arg(archive);
    // Members without symbols make nm complain, which is of no interest.
    let listed = nm.output().unwrap_or_else(|error| fail(&format!("cannot run nm: {error}")));
    let listed = String::from_utf8_lossy(&listed.stdout);
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    let entries = names.filter(|name| ENTRY_PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
    let mut roots: Vec<String> = entries.map(|name| format!("-Wl,--undefined={name}\n")).collect();
    roots.sort_unstable();
    let list = out.join("entries");
    write(&list, roots.concat().as_bytes());

    let reduce = |input: &Path, output: &Path| {
        let mut cc = cc();
        cc.args(["-r", "-nostdlib", "-Wl,--gc-sections", "-Wl,--strip-debug"]);
        cc.args(["-Wl,--entry=main", "-Wl,--undefined=main"]);
        cc.arg("-o").arg(output);
        cc.arg(format!("@{}", list.display())).arg(input);
        run(&mut cc, "make an object of the runtime");
    };
    let first = out.join("first.o");
    reduce(archive, &first);
    let mut bytes = read(&first);
    empty_functions(&mut bytes, PRINTS_FRAMES).unwrap_or_else(|error| fail(&error.to_string()));
    write(&first, &bytes);
    reduce(&first, object);
    // Nothing is unwound: a panic aborts, and exceptions of programs have tables of their own.
    let mut objcopy = Command::new("objcopy");
    objcopy.args(["-R", ".eh_frame", "-R", ".gcc_except_table*"]);
    run(objcopy.arg(object), "remove the tables for unwinding");
}

/// Part of the names of the functions that print the frames of a panic's backtrace. There are no
/// frames without tables for unwinding, but their printing is 200 kB of code: it reads debug
/// information and decompresses it.
const PRINTS_FRAMES: &str = "3std3sys9backtrace10__print_fmts";

/// Makes functions, each in its section, do nothing and return false or nothing.
fn empty_functions(bytes: &mut [u8], name: &str) -> object::Result<()> {
    const XOR_EAX_EAX_RET: [u8; 3] = [0x31, 0xc0, 0xc3];
    const SIZE_IN_HEADER: usize = 32;
    let header = FileHeader64::<LE>::parse(&*bytes)?;
    let table = header.sections(LE, &*bytes)?;
    let mut changes: Vec<(usize, &[u8])> = Vec::new();
    for (index, section) in table.enumerate() {
        let target = match section.sh_type(LE) {
            elf::SHT_PROGBITS => section,
            elf::SHT_RELA => table.section(object::SectionIndex(section.sh_info(LE) as usize))?,
            _ => continue,
        };
        let executable = target.sh_flags(LE) & u64::from(elf::SHF_EXECINSTR) != 0;
        let named = String::from_utf8_lossy(table.section_name(LE, target)?).contains(name);
        if !executable || !named || target.sh_size(LE) < 3 {
            continue;
        }
        changes.push(match section.sh_type(LE) {
            elf::SHT_PROGBITS => (section.sh_offset(LE) as usize, &XOR_EAX_EAX_RET),
            // It loses its relocations.
            _ => {
                let header = header.e_shoff(LE) as usize + index.0 * size_of_val(section);
                (header + SIZE_IN_HEADER, &[0; 8])
            }
        });
    }
    for (start, new) in changes {
        bytes[start..start + new.len()].copy_from_slice(new);
    }
    Ok(())
}

/// What the images need to know of the runtime's object.
struct Runtime {
    sections: Vec<Section>,
    /// What it wants of the C library; whether it can do without.
    wanted: Vec<(String, bool)>,
}

struct Section {
    name: String,
    loaded: bool,
    /// Equal contents become one in an image, so there is no telling where these lie.
    mergeable: bool,
}

impl Runtime {
    /// Reads the object, and keeps its thread-local variables in every image: the size of their
    /// block is fixed there.
    fn prepare(path: &Path) -> Runtime {
        let bytes = read(path);
        let (runtime, retained) = Runtime::read(&bytes).unwrap_or_else(|e| fail(&e.to_string()));
        let mut bytes = bytes;
        // The flag is an extension of GNU's.
        bytes[7] = elf::ELFOSABI_GNU;
        for (offset, flags) in retained {
            bytes[offset..offset + 8].copy_from_slice(&flags.to_le_bytes());
        }
        write(path, &bytes);
        runtime
    }

    /// Also gives the new flags of sections, and where in the file they stand.
    fn read(bytes: &[u8]) -> object::Result<(Runtime, Vec<(usize, u64)>)> {
        let header = FileHeader64::<LE>::parse(bytes)?;
        let table = header.sections(LE, bytes)?;
        let has = |flags: u64, flag: u32| flags & u64::from(flag) != 0;
        let mut retained = Vec::new();
        let mut sections = Vec::new();
        for (index, section) in table.enumerate() {
            let flags = section.sh_flags(LE);
            if has(flags, elf::SHF_TLS) {
                let start = header.e_shoff(LE) as usize + index.0 * size_of_val(section);
                retained.push((start + 8, flags | u64::from(elf::SHF_GNU_RETAIN)));
            }
            sections.push(Section {
                name: String::from_utf8_lossy(table.section_name(LE, section)?).into_owned(),
                loaded: has(flags, elf::SHF_ALLOC) && section.sh_size(LE) != 0,
                mergeable: has(flags, elf::SHF_MERGE),
            });
        }
        let symbols = table.symbols(LE, bytes, elf::SHT_SYMTAB)?;
        let mut used = vec![false; symbols.len()];
        for section in table.iter() {
            let relocations = section.rela(LE, bytes)?;
            for relocation in relocations.into_iter().flat_map(|(list, _)| list) {
                used[relocation.r_sym(LE, false) as usize] = true;
            }
        }
        let mut wanted = Vec::new();
        for (index, symbol) in symbols.enumerate() {
            let name = String::from_utf8_lossy(symbols.symbol_name(LE, symbol)?);
            if used[index.0] && symbol.is_undefined(LE) && !name.is_empty() {
                wanted.push((name.into_owned(), symbol.st_bind() == elf::STB_WEAK));
            }
        }
        Ok((Runtime { sections, wanted }, retained))
    }

    /// Links an image with those symbols that `has` says; returns the linker's map.
    fn link_image(
        &self,
        object: &Path,
        out: &Path,
        name: &str,
        has: impl Fn(&str) -> bool,
    ) -> String {
        let source = out.join("wanted.s");
        write(&source, self.table_of_wanted(has).as_bytes());
        let roots = ["-Wl,--gc-sections", "-Wl,--undefined=beamrc_wanted"].map(OsStr::new);
        let map = link_image(object, out, name, &[&roots[..], &[source.as_os_str()]].concat());
        let map =
            fs::read_to_string(&map).unwrap_or_else(|e| fail(&format!("cannot read a map: {e}")));
        let addresses = self.addresses(&map, object);
        let addresses: Vec<u8> = addresses.iter().flat_map(|a| a.to_le_bytes()).collect();
        write(&out.join(sections_name(name)), &addresses);
        map
    }

    /// Refers to what the object wants, so that it is in an image; functions that the C library
    /// chooses at start get their addresses here.
    fn table_of_wanted(&self, has: impl Fn(&str) -> bool) -> String {
        let mut source = ".section .data.rel.beamrc_wanted, \"aw\"\n\
            .globl beamrc_wanted\nbeamrc_wanted:\n"
            .to_owned();
        for (name, weak) in self.wanted.iter().filter(|(name, _)| has(name)) {
            if *weak {
                source += &format!(".weak {name}\n");
            }
            source += &format!(".quad {name}\n");
        }
        source + ".section .note.GNU-stack, \"\", @progbits\n"
    }

    /// By section, the address that it has in an image; 0 if it is not there.
    fn addresses(&self, map: &str, object: &Path) -> Vec<u64> {
        let mut count_of: HashMap<&str, usize> = HashMap::new();
        for section in &self.sections {
            *count_of.entry(&section.name).or_default() += 1;
        }
        let mut placed: HashMap<&str, u64> = HashMap::new();
        for (name, address) in placed_sections(map, object) {
            if count_of.get(name) != Some(&1) || placed.insert(name, address).is_some() {
                fail(&format!("there are several sections {name}"));
            }
        }
        let address_of = |section: &Section| match placed.get(&*section.name) {
            Some(address) if section.loaded && !section.mergeable => *address,
            _ => 0,
        };
        self.sections.iter().map(address_of).collect()
    }
}

/// Links the object and these further inputs; returns where the linker's map is.
fn link_image(object: &Path, out: &Path, name: &str, further: &[&OsStr]) -> PathBuf {
    let map = out.join("map");
    let mut cc = cc();
    cc.args(["-static", "-no-pie", "-Wl,--build-id=sha1", "-Wl,-z,noexecstack", "-Wl,--cref"]);
    cc.arg(format!("-Wl,-Map={}", map.display()));
    // The compiler's own start files only register the tables for unwinding.
    let script = out.join("without-unwinding.ld");
    write(&script, WITHOUT_UNWINDING.as_bytes());
    cc.args(["-nostartfiles", "-Wl,--defsym=__dso_handle=0"]);
    cc.arg(format!("-Wl,-T,{}", script.display()));
    cc.arg("-o").arg(out.join(name));
    cc.args(["crt1.o", "crti.o"].map(start_file)).arg(object).args(further);
    cc.args(["-lm", "-lpthread", "-ldl"]).arg(start_file("crtn.o"));
    run(&mut cc, "link the runtime image");
    map
}

/// Adds to the linker's own script.
const WITHOUT_UNWINDING: &str = "SECTIONS {
  /DISCARD/ : { *(.eh_frame .gcc_except_table .gcc_except_table.*) }
} INSERT BEFORE .text;
";

/// Where a start file of the C library is.
fn start_file(name: &str) -> String {
    let found = cc().arg(format!("-print-file-name={name}")).output();
    match found {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => fail(&format!("cannot run cc: {error}")),
    }
}

/// Name and address of the sections of an object that the linker's map says are in an image.
fn placed_sections<'map>(map: &'map str, object: &Path) -> Vec<(&'map str, u64)> {
    let object = object.to_string_lossy();
    let (_, map) = map
        .split_once("Linker script and memory map")
        .unwrap_or_else(|| fail("the linker's map has no known form"));
    let mut placed = Vec::new();
    let mut name = "";
    for line in map.lines() {
        // ` NAME ADDRESS SIZE FILE`; what follows a long name is on the next line.
        let mut words = line.split_whitespace();
        if line.starts_with(" .") {
            name = words.next().unwrap_or_default();
        }
        let (address, size) = (words.next(), words.next());
        if let (Some(address), Some(size)) =
            (address.and_then(hexadecimal), size.and_then(hexadecimal))
            && address != 0
            && size != 0
            && words.collect::<Vec<_>>().join(" ") == object
        {
            placed.push((name, address));
        }
    }
    placed
}

fn hexadecimal(word: &str) -> Option<u64> {
    u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()
}

/// The symbols that an archive defines: the map's last part says ` SYMBOL FILE`, and on further
/// lines which files use it.
fn symbols_from<'map>(map: &'map str, archive: &str) -> HashSet<&'map str> {
    let (_, references) = map
        .split_once("Cross Reference Table")
        .unwrap_or_else(|| fail("the linker's map lacks the cross references"));
    let definitions = references.lines().filter(|line| !line.starts_with(' '));
    let definitions = definitions.filter_map(|line| line.split_once(' '));
    let from_archive = definitions.filter(|(_, file)| {
        let file = file.trim_start().rsplit('/').next();
        file.is_some_and(|file| file.starts_with(archive))
    });
    from_archive.map(|(symbol, _)| symbol).collect()
}

fn cc() -> Command {
    Command::new(env::var_os("CC").as_deref().unwrap_or(OsStr::new("cc")))
}

fn run(command: &mut Command, task: &str) {
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => fail(&format!("cannot {task}: {command:?} ended with {status}")),
        Err(error) => fail(&format!("cannot {task}: {command:?}: {error}")),
    }
}

fn read(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path);
    bytes.unwrap_or_else(|error| fail(&format!("cannot read {}: {error}", path.display())))
}

fn write(path: &Path, bytes: &[u8]) {
    if let Err(error) = fs::write(path, bytes) {
        fail(&format!("cannot write {}: {error}", path.display()));
    }
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1);
}
