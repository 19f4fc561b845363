//! A store for one run, where nothing may be written to the one that is held.

use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, Result};

use super::{ASKED, LAYOUT_FILE, Store, path};
use crate::bars::{Kind, SeriesId};

impl Store {
    /// A store at `root` with some series of this one, and with what was asked when. Its files are lent: read where
    /// they are, and replaced, never written to.
    pub fn lend(&self, ids: &[SeriesId], root: PathBuf) -> Result<Self> {
        for kind in Kind::ALL {
            let folder = root.join(kind.folder());
            fs::create_dir_all(&folder).with_context(|| super::cannot("make", &folder))?;
        }
        let series = ids.iter().map(|id| path(Path::new(""), id));
        for place in series.chain([LAYOUT_FILE, ASKED].map(PathBuf::from)) {
            let file = self.root.join(&place);
            let lent = absolute(&file).and_then(|file| lend(&file, &root.join(&place)));
            lent.with_context(|| super::cannot("lend", &file))?;
        }
        Self::at(root)
    }
}

/// A file that is not there is not there in the other place either.
#[cfg(unix)]
fn lend(file: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(file, place)
}

#[cfg(not(unix))]
fn lend(file: &Path, place: &Path) -> io::Result<()> {
    match fs::copy(file, place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        copied => copied.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::bars::{Columns, Origin, Points, Series};
    use crate::day::Day;

    fn values(count: i32) -> Series {
        let mut points = Points::default();
        (0..count).map(Day::from_number).for_each(|day| points.push(day, day, 1.0));
        let columns = Columns::Points(points);
        Series { origin: Origin::default(), hash: columns.hash(), columns }
    }

    #[test]
    fn what_is_lent_is_read_and_what_is_written_stays_with_the_borrower() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::at(folder.path().join("held")).expect("a store");
        let ids = ["A", "B", "C"].map(SeriesId::rates);
        let put = |store: &Store, id: &SeriesId, count| {
            let mut writer = store.lock(Duration::from_secs(10)).expect("the lock");
            assert!(writer.put(id, &values(count)).expect("stored"));
            assert_eq!(writer.finish().expect("synced"), []);
        };
        put(&store, &ids[0], 3);
        put(&store, &ids[1], 3);
        let lent = store.lend(&ids[..1], folder.path().join("lent")).expect("lent");
        assert_eq!(lent.series().expect("names").held, ids[..1]);
        put(&lent, &ids[0], 4);
        put(&lent, &ids[2], 4);
        let rows = |store: &Store| {
            store
                .load()
                .expect("loaded")
                .shelf
                .into_iter()
                .map(|(id, series)| (id.name, series.columns.days().len()))
                .collect::<Vec<_>>()
        };
        assert_eq!(rows(&lent), [("A".into(), 4), ("C".into(), 4)]);
        assert_eq!(rows(&store), [("A".into(), 3), ("B".into(), 3)]);
    }
}
