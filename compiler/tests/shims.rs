//! Shims against what they stand in for: the same Erlang program uses OTP's module and the shim,
//! both run by `erl`, and must print the same.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The `bin` folders of the installations to compare with.
fn installations() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").expect("PATH is set");
    let first = std::env::split_paths(&path).find(|folder| folder.join("erl").is_file());
    let first = first.expect("erl is needed for these tests");
    let named = ["BEAMRC_OTP27", "BEAMRC_OTP29"].into_iter().filter_map(std::env::var_os);
    let named = named.map(|root| PathBuf::from(root).join("bin"));
    std::iter::once(first).chain(named.filter(|bin| bin.join("erl").is_file())).collect()
}

struct Erlang {
    bin: PathBuf,
    folder: tempfile::TempDir,
}

impl Erlang {
    /// Compiles sources; `renamed` is replaced in them, so that a shim can run beside what it
    /// stands in for.
    fn new(bin: &Path, sources: &[&str], renamed: &[(&str, &str)]) -> Erlang {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut copies = Vec::new();
        for source in sources {
            let path = [root.join("tests/shims"), root.join("../stdlib-shims")]
                .map(|folder| folder.join(format!("{source}.erl")));
            let path = path.iter().find(|path| path.is_file()).expect("a source");
            let mut text = std::fs::read_to_string(path).unwrap();
            for (old, new) in renamed {
                text = text.replace(old, new);
            }
            let name = text.split_once("-module(").unwrap().1.split_once(')').unwrap().0;
            let copy = folder.path().join(format!("{name}.erl"));
            std::fs::write(&copy, text).unwrap();
            copies.push(copy);
        }
        let made = Command::new(bin.join("erlc"))
            .arg("-o")
            .arg(folder.path())
            .args(copies)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        Erlang { bin: bin.to_owned(), folder }
    }

    /// What an expression prints, to standard output and to standard error.
    fn prints(&self, expression: &str, input: &str, locale: &str) -> (String, String) {
        let given = self.folder.path().join("input");
        std::fs::write(&given, input).unwrap();
        let out = self.folder.path().join("out");
        let err = self.folder.path().join("err");
        let status = Command::new(self.bin.join("erl"))
            .args(["-noshell", "-eval", expression])
            .env("LC_ALL", locale)
            .current_dir(self.folder.path())
            .stdin(std::fs::File::open(&given).unwrap())
            .stdout(Stdio::from(std::fs::File::create(&out).unwrap()))
            .stderr(Stdio::from(std::fs::File::create(&err).unwrap()))
            .status()
            .unwrap();
        let text =
            |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        assert!(status.success(), "{expression}: {}{}", text(&out), text(&err));
        (text(&out), text(&err))
    }
}

#[test]
fn devices_answer_as_in_otp() {
    let input = "a line\n12 34\nabc{foo,\n bar}. rest \n";
    for bin in installations() {
        let erlang = Erlang::new(&bin, &["devices", "beamrc_native", "beamrc_user"], &[]);
        // OTP reads ahead, so in C it may have read before the program asks for another encoding.
        for (locale, last) in [("C", "last line"), ("C.UTF-8", "last \u{e9}\u{20ac} line")] {
            let input = &format!("{input}{last}");
            for options in ["[]", "[binary, {encoding, utf8}]"] {
                let otp = format!("devices:main({options}), halt().");
                let otp = erlang.prints(&otp, input, locale);
                assert!(otp.0.contains("12 34\\n"), "{}", otp.0);
                let shim = erlang.prints(&format!("devices:shim({options})."), input, locale);
                assert_eq!(shim, otp, "{} {locale} {options}", bin.display());
            }
        }
    }
}
