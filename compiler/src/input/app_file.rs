//! Application specifications: `.app` files.

use std::path::{Path, PathBuf};

use beamrc_beam::{Atom, Literal};

use super::{sorted_entries, term};
use crate::{Error, Result};

/// An application of the program.
#[derive(Clone, Debug)]
pub struct Application {
    pub name: Atom,
    /// `{application, Name, Keys}`.
    pub specification: Literal,
    /// The folder of its file and its modules.
    pub ebin: PathBuf,
}

impl Application {
    pub fn read(path: &Path) -> Result<Application> {
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        let bad = |why: String| Error::new(format!("{}: {why}", path.display()));
        let specification = term::parse(&text).map_err(bad)?;
        let Literal::Tuple(parts) = &specification else {
            return Err(bad("not an application specification".into()));
        };
        let [Literal::Atom(tag), Literal::Atom(name), keys] = &parts[..] else {
            return Err(bad("not an application specification".into()));
        };
        if &**tag != "application" || keys.as_proper_list().is_none() {
            return Err(bad("not an application specification".into()));
        }
        let name = name.clone();
        Ok(Application {
            name,
            specification,
            ebin: path.parent().unwrap_or(Path::new("")).to_owned(),
        })
    }

    /// Its private files, by the names that they have in the executable.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        let folder = self.ebin.parent().map(|folder| folder.join("priv"));
        if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
            collect(&folder, &format!("lib/{}/priv", self.name), &mut files)?;
        }
        Ok(files)
    }

    /// The value of a key.
    pub fn key(&self, key: &str) -> Option<&Literal> {
        let Literal::Tuple(parts) = &self.specification else {
            return None;
        };
        let keys = parts.get(2)?.as_proper_list()?;
        keys.iter().find_map(|pair| match pair {
            Literal::Tuple(pair) => match &pair[..] {
                [Literal::Atom(name), value] if &**name == key => Some(value),
                _ => None,
            },
            _ => None,
        })
    }

    /// Whether it is nothing but code: there is no start module and nothing that it includes.
    pub fn is_code_only(&self) -> bool {
        let empty = |key| self.key(key).is_none_or(|value| matches!(value, Literal::Nil));
        empty("mod") && empty("included_applications")
    }

    /// The applications that must run before it.
    pub fn needs(&self) -> Vec<Atom> {
        let lists = ["applications", "included_applications"];
        let lists = lists.iter().filter_map(|key| self.key(key)?.as_proper_list());
        let names = lists.flatten().filter_map(|term| match term {
            Literal::Atom(name) => Some(name.clone()),
            _ => None,
        });
        names.collect()
    }
}

fn collect(folder: &Path, name: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for path in sorted_entries(folder)? {
        let last = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
            Error::new(format!("the name of {} is no UTF-8", path.display()))
                .help("files in a folder priv become part of the executable; rename this one")
        })?;
        let name = format!("{name}/{last}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else {
            let data = std::fs::read(&path).map_err(Error::io("read", &path))?;
            files.push((name, data));
        }
    }
    Ok(())
}
