//! One series as the bytes of a Parquet file.
//!
//! Plain encoding, no compression, one row group: pandas, polars, `DuckDB` and Spark open it as it is.

use std::ops::Range;
use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::footer;
use crate::bars::{Column, Columns, Kind, POSITIONS, Series, SeriesId, WORKED_OUT};
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

#[rustfmt::skip]
const WORKED: &[(&str, Field)] = &[
    ("date", Field::Date), ("known_from", Field::Date), (WORKED_OUT[0], Field::Number), (WORKED_OUT[1], Field::Number),
    (WORKED_OUT[2], Field::Number),
];

/// The columns of the file of a series.
fn fields(id: &SeriesId) -> &'static [(&'static str, Field)] {
    match id.kind {
        _ if id.is_worked_out() => WORKED,
        Kind::Bars => BARS,
        Kind::Rates | Kind::Valuation => POINTS,
        Kind::Positioning => REPORTS,
    }
}

/// The place of the column `name` in the file of a series.
pub(super) fn position(id: &SeriesId, name: &str) -> Option<usize> {
    fields(id).iter().position(|(field, _)| *field == name)
}

/// The columns of numbers in the file of dated values.
pub(super) fn figures(id: &SeriesId) -> impl Iterator<Item = &'static str> {
    fields(id).iter().filter(|(_, field)| matches!(field, Field::Number)).map(|(name, _)| *name)
}

pub(super) fn schema(id: &SeriesId) -> Result<Arc<Type>, ParquetError> {
    let mut columns = Vec::new();
    for &(name, field) in fields(id) {
        let (physical, repetition, logical) = match field {
            Field::Date => (Physical::INT32, Repetition::REQUIRED, Some(LogicalType::Date)),
            Field::Number => (Physical::DOUBLE, Repetition::REQUIRED, None),
            Field::Optional => (Physical::DOUBLE, Repetition::OPTIONAL, None),
        };
        let column = Type::primitive_type_builder(name, physical);
        columns.push(Arc::new(column.with_repetition(repetition).with_logical_type(logical).build()?));
    }
    Ok(Arc::new(Type::group_type_builder(id.kind.folder()).with_fields(columns).build()?))
}

/// Refuses columns that are not what the types promise: equal lengths of those that `are_there`, at
/// least one row, days ascending and distinct, figures that every row must have.
pub(super) fn check(columns: &Columns, are_there: impl Fn(&str) -> bool) -> Result<()> {
    let days = columns.days();
    let (Some(&first), Some(&last)) = (days.first(), days.last()) else { bail!("it has no rows") };
    ensure!(Day::ascend(days), "its days do not ascend");
    ensure!(first >= DAYS.0 && last <= DAYS.1, "its days lie outside 1800 to 2200");
    for (name, column) in columns.named().into_iter().filter(|(name, _)| are_there(name)) {
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
    let mut file = SerializedFileWriter::new(&mut bytes, schema(id)?, Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    let (columns, fields) = (series.columns.named(), fields(id));
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
    let place = |column| extent(column, u64::MAX).map(|place| place.start as usize..place.end as usize);
    let chunks = group.columns().iter().map(|column| file.inner().get(place(column)?));
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

/// The bytes of a column in a file of `size` bytes, `None` unless they lie in it as written here:
/// plain and uncompressed.
pub(super) fn extent(column: &ColumnChunkMetaData, size: u64) -> Option<Range<u64>> {
    let start = u64::try_from(column.data_page_offset()).ok()?;
    let end = start.checked_add(u64::try_from(column.compressed_size()).ok()?)?;
    let plain = column.compression() == Compression::UNCOMPRESSED && column.dictionary_page_offset().is_none();
    (plain && end <= size).then_some(start..end)
}
