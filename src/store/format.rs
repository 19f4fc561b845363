//! One series as the bytes of a Parquet file, and back.
//!
//! Plain encoding, no compression, one row group: pandas, polars, `DuckDB` and Spark open it as it is.

use std::ops::Range;
use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::footer::{self, Footer};
use crate::bars::{Bars, Column, Columns, Kind, POSITIONS, Points, Series, SeriesId};
use crate::day::Day;

/// Why the bytes of a file are not used.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A later version of this program wrote it.
    Newer {
        /// The version of its format.
        version: u32,
    },
    /// It is not what was written.
    Damaged {
        /// In what respect.
        reason: String,
    },
}

impl Refusal {
    pub(super) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged { reason: reason.into() }
    }
}

impl From<ParquetError> for Refusal {
    fn from(error: ParquetError) -> Self {
        Self::damaged(error.to_string().escape_debug().to_string())
    }
}

/// How a column stands in the file.
#[derive(Clone, Copy)]
enum Field {
    /// A date in every row.
    Date,
    /// A number in every row.
    Number,
    /// A number, or null.
    Optional,
}

#[rustfmt::skip]
const BARS: &[(&str, Field)] = &[
    ("date", Field::Date), ("open", Field::Optional), ("high", Field::Optional), ("low", Field::Optional),
    ("close", Field::Optional), ("volume", Field::Optional), ("dividend", Field::Number), ("split", Field::Number),
];

const POINTS: &[(&str, Field)] = &[("date", Field::Date), ("known_from", Field::Date), ("value", Field::Number)];

#[rustfmt::skip]
const REPORTS: &[(&str, Field)] = &[
    ("date", Field::Date), ("known_from", Field::Date), (POSITIONS[0], Field::Number), (POSITIONS[1], Field::Number),
    (POSITIONS[2], Field::Number), (POSITIONS[3], Field::Number), (POSITIONS[4], Field::Number),
];

/// The columns of a file of this kind.
const fn fields(kind: Kind) -> &'static [(&'static str, Field)] {
    match kind {
        Kind::Bars => BARS,
        Kind::Rates | Kind::Valuation => POINTS,
        Kind::Positioning => REPORTS,
    }
}

fn schema(kind: Kind) -> Result<Arc<Type>, ParquetError> {
    let mut columns = Vec::new();
    for &(name, field) in fields(kind) {
        let (physical, repetition, logical) = match field {
            Field::Date => (Physical::INT32, Repetition::REQUIRED, Some(LogicalType::Date)),
            Field::Number => (Physical::DOUBLE, Repetition::REQUIRED, None),
            Field::Optional => (Physical::DOUBLE, Repetition::OPTIONAL, None),
        };
        let column = Type::primitive_type_builder(name, physical);
        columns.push(Arc::new(column.with_repetition(repetition).with_logical_type(logical).build()?));
    }
    Ok(Arc::new(Type::group_type_builder(kind.folder()).with_fields(columns).build()?))
}

/// Refuses columns that are not what the types promise: equal lengths, at least one row, days
/// ascending and distinct, figures that every row must have.
pub(super) fn check(columns: &Columns) -> Result<()> {
    let days = columns.days();
    let (Some(&first), Some(&last)) = (days.first(), days.last()) else { bail!("it has no rows") };
    ensure!(days.is_sorted_by(|a, b| a < b), "its days do not ascend");
    ensure!(first >= DAYS.0 && last <= DAYS.1, "its days lie outside 1800 to 2200");
    for (name, column) in columns.named() {
        let rows = match column {
            Column::Days(days) => days.len(),
            Column::Numbers(numbers) => numbers.len(),
        };
        ensure!(rows == days.len(), "column `{name}` has {rows} rows of {}", days.len());
    }
    let finite = |column: &[f64]| column.iter().all(|x| x.is_finite());
    match columns {
        Columns::Bars(bars) => ensure!(finite(&bars.dividend) && finite(&bars.split), "an event has no amount"),
        Columns::Points(points) => {
            ensure!(points.figures().all(|(_, figure)| finite(figure)), "a value is not a number");
            ensure!(points.known_from.is_sorted(), "a value is known before an earlier one");
            let known = points.known_from[points.len() - 1];
            ensure!(points.known_from[0] >= DAYS.0 && known <= DAYS.1, "its days lie outside 1800 to 2200");
        }
    }
    Ok(())
}

/// The days a file may hold: 1800-01-01 to 2200-12-31.
const DAYS: (Day, Day) = (Day::from_number(-62_091), Day::from_number(84_370));

/// The file of a series.
pub(super) fn encode(id: &SeriesId, series: &Series) -> Result<Vec<u8>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_encoding(Encoding::PLAIN)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema(id.kind)?, Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    let (columns, fields) = (series.columns.named(), fields(id.kind));
    ensure!(
        columns.iter().map(|(name, _)| name).eq(fields.iter().map(|(name, _)| name)),
        "its columns are of another kind"
    );
    for ((_, column), (_, field)) in columns.into_iter().zip(fields) {
        match (column, field) {
            (Column::Days(days), _) => {
                let numbers: Vec<i32> = days.iter().map(|day| day.number()).collect();
                write_column::<Int32Type>(&mut group, &numbers, None)?;
            }
            (Column::Numbers(numbers), Field::Optional) => {
                let present: Vec<f64> = numbers.iter().copied().filter(|x| !x.is_nan()).collect();
                let levels: Vec<i16> = numbers.iter().map(|x| i16::from(!x.is_nan())).collect();
                write_column::<DoubleType>(&mut group, &present, Some(&levels))?;
            }
            (Column::Numbers(numbers), _) => write_column::<DoubleType>(&mut group, numbers, None)?,
        }
    }
    let group = group.close()?;
    file.flush()?;
    let chunks = group.columns().iter().map(|column| Some(&file.inner()[extent(column, usize::MAX)?]));
    let Some(chunks) = chunks.collect::<Option<Vec<_>>>() else { bail!("a column lies outside the file") };
    for pair in footer::describe(id, series, &chunks) {
        file.append_key_value_metadata(pair);
    }
    file.close()?;
    Ok(bytes)
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<()> {
    let Some(mut column) = group.next_column()? else { bail!("the file has fewer columns than the series") };
    column.typed::<T>().write_batch(values, levels, None)?;
    Ok(column.close()?)
}

/// The series that the bytes of a file hold.
///
/// The reader takes a well-formed file for granted: each column is verified before it sees it.
pub(super) fn decode(id: &SeriesId, bytes: &Bytes) -> Result<Series, Refusal> {
    let file = SerializedFileReader::new(bytes.clone())?;
    let metadata = file.metadata();
    let none: Vec<KeyValue> = Vec::new();
    let footer = Footer::read(id, metadata.file_metadata().key_value_metadata().unwrap_or(&none))?;
    if metadata.file_metadata().schema() != schema(id.kind)?.as_ref() {
        return Err(Refusal::damaged("its columns are not those of its kind"));
    }
    let [group] = metadata.row_groups() else { return Err(Refusal::damaged("it is not of one piece")) };
    let rows = footer.rows()?;
    for ((name, _), column) in fields(id.kind).iter().zip(group.columns()) {
        let Some(extent) = extent(column, bytes.len()) else {
            return Err(Refusal::damaged(format!("column `{name}` lies outside the file")));
        };
        footer.verify(name, &bytes[extent])?;
    }
    let mut columns = Columnar { group: file.get_row_group(0)?, rows: rows.min(bytes.len()), next: 0 };
    let columns = match id.kind {
        Kind::Bars => Columns::Bars(Bars {
            day: columns.days()?,
            open: columns.optional()?,
            high: columns.optional()?,
            low: columns.optional()?,
            close: columns.optional()?,
            volume: columns.optional()?,
            dividend: columns.numbers()?,
            split: columns.numbers()?,
        }),
        kind => Columns::Points(Points {
            day: columns.days()?,
            known_from: columns.days()?,
            value: columns.numbers()?,
            beside: (3..fields(kind).len()).map(|_| columns.numbers()).collect::<Result<_, _>>()?,
        }),
    };
    check(&columns).map_err(|error| Refusal::damaged(error.to_string()))?;
    footer.series(columns)
}

/// The bytes of a column in a file of `size` bytes, `None` unless they lie in it as written here:
/// plain and uncompressed.
fn extent(column: &ColumnChunkMetaData, size: usize) -> Option<Range<usize>> {
    let start = usize::try_from(column.data_page_offset()).ok()?;
    let end = start.checked_add(usize::try_from(column.compressed_size()).ok()?)?;
    let plain = column.compression() == Compression::UNCOMPRESSED && column.dictionary_page_offset().is_none();
    (plain && end <= size).then_some(start..end)
}

/// Reads the columns of a file one after the other.
struct Columnar<'a> {
    group: Box<dyn RowGroupReader + 'a>,
    rows: usize,
    next: usize,
}

impl Columnar<'_> {
    fn reader<T: DataType>(&mut self) -> Result<ColumnReaderImpl<T>, Refusal> {
        let reader = self.group.get_column_reader(self.next)?;
        self.next += 1;
        Ok(get_typed_column_reader(reader))
    }

    fn days(&mut self) -> Result<Vec<Day>, Refusal> {
        let mut values = Vec::with_capacity(self.rows);
        self.reader::<Int32Type>()?.read_records(self.rows, None, None, &mut values)?;
        Ok(values.into_iter().map(Day::from_number).collect())
    }

    fn numbers(&mut self) -> Result<Vec<f64>, Refusal> {
        let mut values = Vec::with_capacity(self.rows);
        self.reader::<DoubleType>()?.read_records(self.rows, None, None, &mut values)?;
        Ok(values)
    }

    /// A column in which null stands for `NaN`.
    fn optional(&mut self) -> Result<Vec<f64>, Refusal> {
        let (mut values, mut levels) = (Vec::with_capacity(self.rows), Vec::with_capacity(self.rows));
        self.reader::<DoubleType>()?.read_records(self.rows, Some(&mut levels), None, &mut values)?;
        if values.len() == self.rows {
            return Ok(values);
        }
        let mut values = values.into_iter();
        Ok(levels.iter().map(|&level| if level > 0 { values.next().unwrap_or(f64::NAN) } else { f64::NAN }).collect())
    }
}
