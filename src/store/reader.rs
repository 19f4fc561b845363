//! Reading a series file: its description, then of its columns those that are asked for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::buf::Reader;
use bytes::{Buf, Bytes};
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::{DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, FooterTail, KeyValue, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::reader::{ChunkReader, Length, SerializedPageReader};

use super::footer::Footer;
use super::format::{self, Refusal};
use crate::bars::{Bars, Columns, Kind, Points, Series, SeriesId};
use crate::day::Day;

/// Why a file gave no series.
#[derive(Debug)]
pub(super) enum Unread {
    /// The system would not read it.
    Unreadable(io::Error),
    /// What was read is not used.
    Refused(Refusal),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Refusal> for Unread {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ParquetError> for Unread {
    fn from(error: ParquetError) -> Self {
        Self::Refused(error.into())
    }
}

/// Memory for the bytes of one column, used again from column to column and from file to file.
#[derive(Debug, Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    numbers: Vec<i32>,
    levels: Vec<i16>,
    /// The hash of the days decoded last, and they: many files hold the same.
    days: (String, Vec<Day>),
}

/// Bytes at the end of a file that are read at once: most descriptions are shorter.
const TAIL: u64 = 4 << 10;
/// Bytes that end a file: the length of its description, and a mark.
const ENDING: usize = 8;

/// The series in a file; `None` when there is no file. Of daily bars the columns in `wanted` alone are
/// read, the others stay empty; all are where the file does not say that its figures are sound.
pub(super) fn read(
    id: &SeriesId,
    path: &Path,
    wanted: Option<&[&str]>,
    scratch: &mut Scratch,
) -> Result<Option<Series>, Unread> {
    match File::open(path) {
        Ok(file) => Opened::open(id, file, scratch)?.series(id, wanted, scratch).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A file whose description is verified.
struct Opened {
    file: File,
    size: u64,
    metadata: ParquetMetaData,
}

impl Opened {
    fn open(id: &SeriesId, mut file: File, scratch: &mut Scratch) -> Result<Self, Unread> {
        let size = file.metadata()?.len();
        let bytes = &mut scratch.bytes;
        let mut tail = fill(&mut file, size.saturating_sub(TAIL), size.min(TAIL), bytes)?;
        let Some(ending) = tail.last_chunk::<ENDING>() else { return Err(Refusal::damaged("it is cut short").into()) };
        let length = FooterTail::try_new(ending)?.metadata_length() + ENDING;
        if length as u64 > size {
            return Err(Refusal::damaged("its description is longer than it").into());
        }
        if length > tail.len() {
            tail = fill(&mut file, size - length as u64, length as u64, bytes)?;
        }
        let description = &tail[tail.len() - length..tail.len() - ENDING];
        let metadata = ParquetMetaDataReader::decode_metadata(description)?;
        Footer::read(id, said(&metadata))?;
        if metadata.file_metadata().schema() != format::schema(id)?.as_ref() {
            return Err(Refusal::damaged("its columns are not those of its kind").into());
        }
        Ok(Self { file, size, metadata })
    }

    fn series(mut self, id: &SeriesId, wanted: Option<&[&str]>, scratch: &mut Scratch) -> Result<Series, Unread> {
        let [group] = self.metadata.row_groups() else { return Err(Refusal::damaged("it is not of one piece").into()) };
        let footer = Footer::verified(said(&self.metadata));
        let wanted = wanted.filter(|_| id.kind == Kind::Bars && footer.is_sound());
        let wants = |name: &str| name == "date" || wanted.is_none_or(|wanted| wanted.contains(&name));
        // a file has at least a bit for every row of its column of days
        let rows = footer.rows()?.min(usize::try_from(self.size).unwrap_or(usize::MAX));
        let file = &mut self.file;
        let mut columns = Columnar { id, file, size: self.size, group, footer, rows, scratch };
        let columns = match id.kind {
            Kind::Bars => {
                let mut prices = |name| if wants(name) { columns.optional(name) } else { Ok(Vec::new()) };
                let [open, high, low] = [prices("open")?, prices("high")?, prices("low")?];
                let [close, volume] = [prices("close")?, prices("volume")?];
                let mut events = |name| if wants(name) { columns.numbers(name) } else { Ok(Vec::new()) };
                let [dividend, split] = [events("dividend")?, events("split")?];
                Columns::Bars(Bars { day: columns.days("date")?, open, high, low, close, volume, dividend, split })
            }
            Kind::Rates | Kind::Valuation | Kind::Positioning => {
                let mut figures =
                    format::figures(id).map(|name| columns.numbers(name)).collect::<Result<Vec<_>, _>>()?;
                let value = figures.remove(0);
                let (day, known_from) = (columns.days("date")?, columns.days("known_from")?);
                Columns::Points(Points { day, known_from, value, beside: figures })
            }
        };
        format::check(&columns, wants).map_err(|error| Refusal::damaged(error.to_string()))?;
        Ok(footer.series(columns)?)
    }
}

/// What a file says of itself.
fn said(metadata: &ParquetMetaData) -> &[KeyValue] {
    metadata.file_metadata().key_value_metadata().map_or(&[], Vec::as_slice)
}

/// Reads `length` bytes of a file from `start` on into `bytes`, which may have room for more.
fn fill<'a>(file: &mut File, start: u64, length: u64, bytes: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
    let length = length as usize;
    if bytes.len() < length {
        bytes.resize(length, 0);
    }
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes[..length])?;
    Ok(&bytes[..length])
}

/// Reads and verifies the columns of a file.
struct Columnar<'a> {
    id: &'a SeriesId,
    file: &'a mut File,
    size: u64,
    group: &'a RowGroupMetaData,
    footer: Footer<'a>,
    rows: usize,
    scratch: &'a mut Scratch,
}

impl<'a> Columnar<'a> {
    /// Reads the bytes of the column called `name` and verifies them; gives where they stand in the file.
    fn fetch(&mut self, name: &str) -> Result<(&'a ColumnChunkMetaData, Range<u64>), Unread> {
        let column = format::position(self.id, name).and_then(|at| self.group.columns().get(at));
        let extent = column.and_then(|column| format::extent(column, self.size));
        let (Some(column), Some(extent)) = (column, extent) else {
            return Err(Refusal::damaged(format!("column `{name}` lies outside the file")).into());
        };
        let filled = fill(self.file, extent.start, extent.end - extent.start, &mut self.scratch.bytes)?;
        self.footer.verify(name, filled)?;
        Ok((column, extent))
    }

    /// Hands the column called `name` to `read`. The reader takes a well-formed file for granted: the
    /// bytes are verified before it sees them.
    fn column<T: DataType, R>(
        &mut self,
        name: &str,
        read: impl FnOnce(ColumnReaderImpl<T>, &mut Scratch) -> Result<R, ParquetError>,
    ) -> Result<R, Unread> {
        let (column, extent) = self.fetch(name)?;
        self.decode(column, &extent, read)
    }

    /// Hands a column whose bytes were just verified to `read`.
    fn decode<T: DataType, R>(
        &mut self,
        column: &ColumnChunkMetaData,
        extent: &Range<u64>,
        read: impl FnOnce(ColumnReaderImpl<T>, &mut Scratch) -> Result<R, ParquetError>,
    ) -> Result<R, Unread> {
        let bytes = Bytes::from(std::mem::take(&mut self.scratch.bytes));
        let filled = bytes.slice(..(extent.end - extent.start) as usize);
        let chunk = Arc::new(Chunk { start: extent.start, bytes: filled });
        let pages = SerializedPageReader::new(chunk, column, self.rows, None)?;
        let reader = get_typed_column_reader(get_column_reader(column.column_descr_ptr(), Box::new(pages)));
        let values = read(reader, self.scratch)?;
        self.scratch.bytes = bytes.into();
        Ok(values)
    }

    fn days(&mut self, name: &str) -> Result<Vec<Day>, Unread> {
        let (column, extent) = self.fetch(name)?;
        let (rows, hash) = (self.rows, self.footer.hash_of(name)?);
        let (seen, days) = &self.scratch.days;
        if seen == hash && days.len() == rows {
            return Ok(days.clone());
        }
        let days: Vec<Day> = self.decode::<Int32Type, _>(column, &extent, |mut reader, scratch| {
            scratch.numbers.clear();
            reader.read_records(rows, None, None, &mut scratch.numbers)?;
            Ok(scratch.numbers.iter().copied().map(Day::from_number).collect())
        })?;
        self.scratch.days.0.replace_range(.., hash);
        self.scratch.days.1.clone_from(&days);
        Ok(days)
    }

    fn numbers(&mut self, name: &str) -> Result<Vec<f64>, Unread> {
        let rows = self.rows;
        self.column::<DoubleType, _>(name, |mut reader, _| {
            let mut values = Vec::with_capacity(rows);
            reader.read_records(rows, None, None, &mut values)?;
            Ok(values)
        })
    }

    /// A column in which null stands for `NaN`.
    fn optional(&mut self, name: &str) -> Result<Vec<f64>, Unread> {
        let rows = self.rows;
        self.column::<DoubleType, _>(name, |mut reader, scratch| {
            let (mut values, levels) = (Vec::with_capacity(rows), &mut scratch.levels);
            levels.clear();
            reader.read_records(rows, Some(levels), None, &mut values)?;
            if values.len() < levels.len() {
                spread(&mut values, levels);
            }
            Ok(values)
        })
    }
}

/// Puts values that stand close together where their levels say that there is one, `NaN` elsewhere.
fn spread(values: &mut Vec<f64>, levels: &[i16]) {
    let mut from = values.len();
    values.resize(levels.len(), f64::NAN);
    for to in (0..levels.len()).rev() {
        values[to] = if levels[to] > 0 && from > 0 {
            from -= 1;
            values[from]
        } else {
            f64::NAN
        };
    }
}

/// The bytes of one column, where they stand in the file.
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl Chunk {
    fn slice(&self, start: u64, length: Option<usize>) -> Result<Bytes, ParquetError> {
        let from = start.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        let from = from.filter(|&from| from <= self.bytes.len());
        let to = from.and_then(|from| length.map_or(Some(self.bytes.len()), |length| from.checked_add(length)));
        match (from, to) {
            (Some(from), Some(to)) if to <= self.bytes.len() => Ok(self.bytes.slice(from..to)),
            _ => Err(ParquetError::EOF("a page lies outside its column".into())),
        }
    }
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Chunk {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.slice(start, None)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.slice(start, Some(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spread_over_the_rows_that_have_one() {
        let mut values = vec![1.0, 2.0, 3.0];
        spread(&mut values, &[0, 1, 1, 0, 1, 0]);
        assert!(values[0].is_nan() && values[3].is_nan() && values[5].is_nan());
        assert_eq!([values[1], values[2], values[4]], [1.0, 2.0, 3.0]);
    }
}
