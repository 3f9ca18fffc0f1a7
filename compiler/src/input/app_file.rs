//! Application specifications: `.app` files.

use std::path::{Path, PathBuf};

use beamrc_beam::{Atom, Literal};

use super::term;
use crate::{Error, Result};

/// An application of the program.
#[derive(Clone, Debug)]
pub struct Application {
    pub name: Atom,
    /// `{application, Name, Keys}`.
    pub specification: Literal,
    /// The folder of its private files, if there is one.
    pub priv_dir: Option<PathBuf>,
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
        let priv_dir = path
            .parent()
            .and_then(Path::parent)
            .map(|folder| folder.join("priv"));
        let priv_dir = priv_dir.filter(|dir| dir.is_dir());
        let priv_dir = priv_dir.and_then(|dir| std::fs::canonicalize(dir).ok());
        Ok(Application {
            name,
            specification,
            priv_dir,
        })
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

    /// The applications that must run before it.
    pub fn needs(&self) -> Vec<Atom> {
        let lists = ["applications", "included_applications"];
        let lists = lists
            .iter()
            .filter_map(|key| self.key(key)?.as_proper_list());
        let names = lists.flatten().filter_map(|term| match term {
            Literal::Atom(name) => Some(name.clone()),
            _ => None,
        });
        names.collect()
    }
}
