//! Who decided about which value.

use std::path::PathBuf;

/// Who decided about a value, the weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: it is built in.
    #[default]
    Default,
    /// The configuration file.
    File,
    /// A variable of the environment.
    Environment,
    /// A flag of the command line.
    Flag,
}

/// What was said where.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The configuration file that was read, if any.
    pub file: Option<PathBuf>,
    /// Who named that file.
    pub file_from: Origin,
    /// Who named the store.
    pub store_from: Origin,
    /// What the file says.
    pub(super) written: toml::Table,
}

impl Given {
    /// Who decided about `key` of the table at `section` (`sources.yahoo`); a table of groups is one value.
    pub(super) fn origin(&self, section: &str, key: &str) -> Origin {
        let table = section.split('.').try_fold(&self.written, |table, part| table.get(part)?.as_table());
        let said = table.is_some_and(|table| section == "groups" || table.contains_key(key));
        if said { Origin::File } else { Origin::Default }
    }
}
