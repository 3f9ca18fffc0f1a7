//! The test modules of a Gleam project, as gleeunit finds them: every `.gleam` and `.erl` file
//! below its folder `test`.

use std::path::Path;

use super::sorted_entries;
use crate::{Error, Result};

/// What to build so that the executable runs a project's tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tests {
    /// The module with the `main` that `gleam test` runs.
    pub entry: String,
    /// The modules that are looked for by name.
    pub modules: Vec<String>,
}

impl Tests {
    /// Those of the project in this folder.
    pub fn of_project(project: &Path) -> Result<Tests> {
        let package = super::project::package_name(&project.join(super::project::GLEAM_TOML))?;
        let folder = project.join("test");
        if !folder.is_dir() {
            return Err(Error::new(format!(
                "the project has no tests: there is no folder {}",
                folder.display()
            ))
            .help("gleam new makes one, with a first test in it"));
        }
        let mut modules = Vec::new();
        collect(&folder, &folder, &mut modules)?;
        Ok(Tests { entry: format!("{package}_test"), modules })
    }
}

fn collect(root: &Path, folder: &Path, modules: &mut Vec<String>) -> Result<()> {
    for path in sorted_entries(folder)? {
        if path.is_dir() {
            collect(root, &path, modules)?;
        }
        let stem = path.with_extension("");
        match path.extension().and_then(|extension| extension.to_str()) {
            // Gleam's module a/b is Erlang's a@b.
            Some("gleam") => {
                let module = stem.strip_prefix(root).ok().and_then(Path::to_str);
                modules.extend(module.map(|module| module.replace('/', "@")));
            }
            Some("erl") => {
                let module = stem.file_name().and_then(|name| name.to_str());
                modules.extend(module.map(str::to_owned));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_as_erlang_names_them() {
        let project = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = project.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        write("gleam.toml", "name = \"p\"\n");
        assert!(Tests::of_project(project.path()).is_err());
        write("test/p_test.gleam", "");
        write("test/a/b_test.gleam", "");
        write("test/a/c_ffi.erl", "");
        write("test/a/c_ffi.mjs", "");
        let tests = Tests::of_project(project.path()).expect("tests");
        assert_eq!(tests.entry, "p_test");
        assert_eq!(tests.modules, ["a@b_test", "c_ffi", "p_test"]);
    }
}
