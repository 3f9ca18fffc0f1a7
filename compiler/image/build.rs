//! Builds the runtime that beamrc carries inside, in three steps.
//!
//! 1. `cargo` compiles the runtime crate into an archive with all of the standard library.
//! 2. `cc -r` makes one relocatable object of what the entry points for compiled code reach. This
//!    is what `--linker=cc` links with.
//! 3. `cc -static` links that object into the image, a complete executable but for the program.
//!
//! Nothing of this is needed on the machine of a user of beamrc.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

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
    let image = out.join("image");
    if env::var_os("BEAMRC_SKIP_IMAGE").is_some() {
        write(&object, "");
        write(&image, "");
        return;
    }
    let archive = compile_runtime(&root, &out);
    extract_object(&archive, &object, &out);
    link_image(&object, &image);
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| fail(&format!("cargo does not set {name}")))
}

fn compile_runtime(root: &Path, out: &Path) -> PathBuf {
    let profile = env::var("BEAMRC_IMAGE_PROFILE").unwrap_or_else(|_| {
        let own = variable("PROFILE");
        if own == "release" {
            "image"
        } else {
            "image-dev"
        }
        .to_owned()
    });
    let target = variable("TARGET");
    let target_folder = target_folder(out).join("runtime-image");
    let mut cargo = Command::new(variable("CARGO"));
    // Wrappers such as clippy's driver and the flags of the outer build are not for the runtime.
    for name in ["RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET", "RUSTFLAGS"] {
        cargo.env_remove(name);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", runtime_flags(root).join("\x1f"));
    cargo
        .arg("rustc")
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"));
    cargo.args([
        "--package",
        "beamrc-runtime",
        "--lib",
        "--crate-type",
        "staticlib",
    ]);
    cargo
        .args(["--profile", &profile, "--target", &target, "--target-dir"])
        .arg(&target_folder);
    run(&mut cargo, "compile the runtime");
    target_folder
        .join(target)
        .join(profile)
        .join("libbeamrc_runtime.a")
}

/// The outer build's target folder: `OUT_DIR` is `<target>/<profile>/build/<package>/out`.
fn target_folder(out: &Path) -> &Path {
    out.ancestors()
        .nth(4)
        .unwrap_or_else(|| fail("OUT_DIR is not in a target folder"))
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
    if let Some(root) = fs::canonicalize(root)
        .ok()
        .as_deref()
        .and_then(Path::to_str)
    {
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
    nm.args(["--extern-only", "--defined-only", "--format=posix"])
        .arg(archive);
    // Members without symbols make nm complain, which is of no interest.
    let listed = nm
        .output()
        .unwrap_or_else(|error| fail(&format!("cannot run nm: {error}")));
    let listed = String::from_utf8_lossy(&listed.stdout);
    let names = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let entries = names.filter(|name| ENTRY_PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
    let mut roots: Vec<String> = entries
        .map(|name| format!("-Wl,--undefined={name}\n"))
        .collect();
    roots.sort_unstable();
    let list = out.join("entries");
    write(&list, &roots.concat());

    let mut cc = cc();
    cc.args(["-r", "-nostdlib", "-Wl,--gc-sections", "-Wl,--strip-debug"]);
    cc.args(["-Wl,--entry=main", "-Wl,--undefined=main"]);
    cc.arg("-o")
        .arg(object)
        .arg(format!("@{}", list.display()))
        .arg(archive);
    run(&mut cc, "make an object of the runtime");
}

fn link_image(object: &Path, image: &Path) {
    let mut cc = cc();
    cc.args([
        "-static",
        "-no-pie",
        "-Wl,--build-id=sha1",
        "-Wl,-z,noexecstack",
    ]);
    cc.arg("-o")
        .arg(image)
        .arg(object)
        .args(["-lm", "-lpthread", "-ldl"]);
    run(&mut cc, "link the runtime image");
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

fn write(path: &Path, text: &str) {
    if let Err(error) = fs::write(path, text) {
        fail(&format!("cannot write {}: {error}", path.display()));
    }
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1);
}
