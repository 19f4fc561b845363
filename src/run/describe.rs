//! `rotation schema`, `completions` and `man`: the program described for other programs. None of it reads
//! a configuration or a store.

use anyhow::{Context as _, Result};
use clap::CommandFactory;
use clap_complete::Shell;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::{Outcome, breadth, journal, store};
use crate::cli::{self, Cli};
use crate::evidence::Record;
use crate::evidence::audit::Audit;
use crate::evidence::claims::Answers;
use crate::evidence::events::Study;
use crate::journal::Entry;
use crate::report::{Line, Report, Session, Told};

/// An output of the program that is JSON.
pub struct Output {
    /// Name on the command line.
    pub name: &'static str,
    /// Its schema.
    schema: fn(SchemaGenerator) -> Schema,
}

/// Every output that is JSON, the first the default. Of those with a line a record it is the schema of a line.
pub const OUTPUTS: &[Output] = &[
    Output { name: "check", schema: SchemaGenerator::into_root_schema_for::<Report> },
    Output { name: "history", schema: SchemaGenerator::into_root_schema_for::<Session<'static>> },
    Output { name: "history-spells", schema: SchemaGenerator::into_root_schema_for::<Line> },
    Output { name: "breadth", schema: SchemaGenerator::into_root_schema_for::<breadth::Row> },
    Output { name: "evidence", schema: SchemaGenerator::into_root_schema_for::<Told<'static, Record>> },
    Output { name: "evidence-events", schema: SchemaGenerator::into_root_schema_for::<Told<'static, Study>> },
    Output { name: "evidence-claims", schema: SchemaGenerator::into_root_schema_for::<Told<'static, Answers>> },
    Output { name: "evidence-audit", schema: SchemaGenerator::into_root_schema_for::<Told<'static, Audit>> },
    Output { name: "journal", schema: SchemaGenerator::into_root_schema_for::<Entry> },
    Output { name: "journal-diff", schema: SchemaGenerator::into_root_schema_for::<journal::Comparison> },
    Output { name: "store-status", schema: SchemaGenerator::into_root_schema_for::<Vec<store::Row>> },
];

/// Runs one of the commands.
pub fn command(what: &cli::Describe) -> Result<Outcome> {
    let result = match what {
        cli::Describe::Schema(flags) => schema(&flags.output),
        cli::Describe::Completions(flags) => completions(flags.shell),
        cli::Describe::Man => manual(),
    }?;
    Ok(Outcome { result, ..Outcome::default() })
}

/// The schema of an output, made from the types that are written.
fn schema(name: &str) -> Result<String> {
    let output = OUTPUTS.iter().find(|output| output.name == name).context("a known output")?;
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = (output.schema)(generator).to_value();
    allow_null(&mut schema);
    let text = serde_json::to_string_pretty(&schema).context("the schema cannot be written")?;
    Ok(text + "\n")
}

/// Lets every number be null, as it is written where there is none.
fn allow_null(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("type").is_some_and(|kind| kind == "number") {
                fields.insert("type".into(), json!(["number", "null"]));
            }
            fields.values_mut().for_each(allow_null);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        _ => {}
    }
}

/// The completions of a shell.
fn completions(shell: Shell) -> Result<String> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rotation", &mut text);
    Ok(String::from_utf8(text)?)
}

/// The manual: one page, a part for each command.
fn manual() -> Result<String> {
    let mut program = Cli::command();
    program.build();
    let mut page = rendered(&program)?;
    for command in program.get_subcommands() {
        page += &part(command, "rotation")?;
    }
    Ok(page)
}

/// A command and those below it, as parts of the page: its headings go one step down.
fn part(command: &clap::Command, above: &str) -> Result<String> {
    let name = format!("{above} {}", command.get_name());
    let body = rendered(command)?;
    let lines =
        body.lines().filter(|line| !line.starts_with(".TH ") && !line.starts_with(".ie") && !line.starts_with(".el"));
    let mut text = format!(".SH \"{}\"\n", name.to_uppercase());
    for line in lines {
        text += &line.replacen(".SH ", ".SS ", 1);
        text.push('\n');
    }
    for below in command.get_subcommands() {
        text += &part(below, &name)?;
    }
    Ok(text)
}

/// One command as a page. Commands go by what is typed, not as pages of their own: `rotation check`, for
/// `rotation-check(1)`.
fn rendered(command: &clap::Command) -> Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let named = |line: &str| {
        let end = line.find([' ', '(']).filter(|_| line.starts_with("rotation\\-"));
        let (name, rest) = line.split_at(end.unwrap_or(0));
        name.replace("\\-", " ") + rest.strip_prefix("(1)").unwrap_or(rest) + "\n"
    };
    Ok(String::from_utf8(page)?.lines().map(named).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_of_reports_are_what_they_were() {
        for output in OUTPUTS {
            insta::assert_snapshot!(output.name, schema(output.name).expect("a schema"));
        }
    }
}
