//! The verdict as a text that outlives the page: Markdown, CSV or JSON.

use serde::Serialize;
use std::collections::BTreeMap;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for people.
    Markdown,
    /// A table for spreadsheets.
    Csv,
    /// Everything, for programs.
    Json,
}

impl Format {
    /// The file's name ends so.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
        }
    }
}

/// What was measured, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// When it was written, as ISO 8601.
    pub time: String,
    /// The browser's own name for itself.
    pub user_agent: String,
    /// The version of Login Lab.
    pub version: &'static str,
    /// The page's origin.
    pub origin: String,
    /// What the visitor has chosen: cookie options, defences, servers.
    pub settings: serde_json::Value,
    /// The table: a row an experiment.
    pub verdict: Vec<Row>,
    /// What stands behind it.
    pub trials: Vec<Line>,
}

/// An experiment's row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The experiment's name.
    pub experiment: &'static str,
    /// Its question in words.
    pub words: &'static str,
    /// By scheme: what was measured of its first comparison, and how many of all are as predicted.
    pub cells: BTreeMap<&'static str, String>,
}

/// One trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The experiment's name.
    pub experiment: &'static str,
    /// The scheme's name.
    pub scheme: &'static str,
    /// The question's name.
    pub question: String,
    /// The question in words.
    pub words: &'static str,
    /// Where its setting is not the usual one.
    pub setting: String,
    /// What the rules say.
    pub predicted: String,
    /// Why.
    pub because: String,
    /// What was found; empty where nothing was run.
    pub measured: String,
    /// `as predicted`, `not as predicted`, `measured only`, or nothing, in the page's language.
    pub verdict: String,
    /// The same in every language; `None` where nothing was predicted or nothing measured.
    pub as_predicted: Option<bool>,
    /// The scheme with which it was measured: of what is about the browser alone, it may be another one.
    pub measured_with: &'static str,
    /// Figures beside it.
    pub figures: String,
}

impl Line {
    fn cells(&self) -> [&str; COLUMNS.len()] {
        [
            self.experiment,
            self.scheme,
            &self.question,
            self.words,
            &self.setting,
            &self.predicted,
            &self.because,
            &self.measured,
            &self.verdict,
            self.measured_with,
            &self.figures,
        ]
    }
}

const COLUMNS: [&str; 11] = [
    "experiment",
    "scheme",
    "question",
    "words",
    "setting",
    "predicted",
    "because",
    "measured",
    "verdict",
    "measured with",
    "figures",
];

impl Report {
    /// Writes it.
    #[must_use]
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Markdown => self.markdown(),
            Format::Csv => self.csv(),
            Format::Json => serde_json::to_string_pretty(self).unwrap_or_default(),
        }
    }

    fn about(&self) -> [(&'static str, String); 5] {
        [
            ("time", self.time.clone()),
            ("user agent", self.user_agent.clone()),
            ("Login Lab", self.version.to_owned()),
            ("origin", self.origin.clone()),
            ("settings", self.settings.to_string()),
        ]
    }

    fn markdown(&self) -> String {
        let mut text = "# Login Lab: verdict\n\n".to_owned();
        for (name, value) in self.about() {
            text.extend(["- ", name, ": ", &markdown_cell(&value), "\n"]);
        }
        text.push_str("\n## Every experiment\n\n");
        let schemes = || self.verdict.first().into_iter().flat_map(|first| first.cells.keys().copied());
        table(&mut text, ["experiment"].into_iter().chain(schemes()));
        for Row { words, cells, .. } in &self.verdict {
            text.push_str(&row([*words].into_iter().chain(cells.values().map(String::as_str))));
        }
        text.push_str("\n## Every comparison\n\n");
        table(&mut text, COLUMNS.into_iter());
        for line in self.trials.iter().filter(|line| !line.measured.is_empty()) {
            text.push_str(&row(line.cells().into_iter()));
        }
        text
    }

    /// RFC 4180. What the report is about stands in every line, so that lines of several reports can lie together.
    fn csv(&self) -> String {
        let about = self.about();
        let names = about.iter().map(|(name, _)| *name).chain(COLUMNS);
        let mut text = csv_row(names);
        for line in &self.trials {
            text.push_str(&csv_row(about.iter().map(|(_, value)| value.as_str()).chain(line.cells())));
        }
        text
    }
}

/// The head of a Markdown table.
fn table<'a>(text: &mut String, names: impl Iterator<Item = &'a str> + Clone) {
    text.push_str(&row(names.clone()));
    text.extend(["|", &"---|".repeat(names.count()), "\n"]);
}

fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells.map(markdown_cell).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A cell of a Markdown table: one line, and nothing that ends it or becomes markup.
fn markdown_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' => cell.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' => {
                cell.push('\\');
                cell.push(character);
            }
            _ => cell.push(character),
        }
    }
    cell
}

fn csv_row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells.map(csv_cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// A field of a CSV file. What a spreadsheet would take for a formula is made a text (OWASP, CSV injection).
fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// A question's name: its own, and what it is asked of.
pub fn question(what: impl Serialize) -> String {
    fn flat(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(fields) => {
                fields.iter().map(|(name, value)| format!("{name}:{}", flat(value))).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        }
    }
    serde_json::to_value(what).map(|value| flat(&value)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::Attack,
        lesson::experiment::{Repeated, What},
    };

    fn report(measured: &str) -> Report {
        let line = Line {
            experiment: "script-reads",
            scheme: "session-cookie",
            question: "script-reads".to_owned(),
            words: "A script, or two",
            setting: String::new(),
            predicted: "no".to_owned(),
            because: "HttpOnly".to_owned(),
            measured: measured.to_owned(),
            verdict: "as predicted".to_owned(),
            as_predicted: Some(true),
            measured_with: "session-cookie",
            figures: String::new(),
        };
        Report {
            time: "2025-01-02T03:04:05.000Z".to_owned(),
            user_agent: "Mozilla/5.0 (X11; Linux) \"quoted\"".to_owned(),
            version: "1.2.3",
            origin: "http://localhost:3000".to_owned(),
            settings: serde_json::json!({ "options": { "http_only": true } }),
            verdict: vec![Row {
                experiment: "script-reads",
                words: "Can a script read it?",
                cells: [
                    ("session-cookie", "no (1 of 1 as predicted)".to_owned()),
                    ("token-cookie", "not run".to_owned()),
                ]
                .into(),
            }],
            trials: vec![line],
        }
    }

    #[test]
    fn a_cell_of_markdown_neither_ends_its_row_nor_becomes_markup() {
        assert_eq!(markdown_cell("a|b\nc <b> `d` \\"), r"a\|b c \<b\> \`d\` \\");
        let text = report("a|b\nc").write(Format::Markdown);
        let last = text.lines().last().unwrap();
        assert_eq!(last.matches('|').count() - last.matches("\\|").count(), COLUMNS.len() + 1, "{last}");
    }

    #[test]
    fn markdown_shows_the_table_first_and_every_comparison_after_it() {
        let text = report("no").write(Format::Markdown);
        let table: Vec<_> = text.lines().skip_while(|line| *line != "## Every experiment").skip(2).take(3).collect();
        let expected = [
            "| experiment | session-cookie | token-cookie |",
            "|---|---|---|",
            "| Can a script read it? | no (1 of 1 as predicted) | not run |",
        ];
        assert_eq!(table, expected);
        assert!(text.split_once("## Every comparison").unwrap().1.contains("| script-reads | session-cookie |"));
    }

    #[test]
    fn a_field_of_csv_keeps_commas_quotes_and_line_ends_inside() {
        assert_eq!(csv_cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        let text = report("x").write(Format::Csv);
        assert_eq!(text.matches("\r\n").count(), 2);
        assert!(text.contains("\"Mozilla/5.0 (X11; Linux) \"\"quoted\"\"\""));
    }

    #[test]
    fn no_field_of_csv_begins_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "\n=1"] {
            assert!(csv_cell(bad).starts_with("\"'"), "{bad:?}");
        }
        assert_eq!(csv_cell("1-1"), "\"1-1\"");
    }

    #[test]
    fn json_holds_everything_and_reads_back() {
        let json: serde_json::Value = serde_json::from_str(&report("yes").write(Format::Json)).unwrap();
        assert_eq!(json["trials"][0]["measured"], "yes");
        assert_eq!(json["settings"]["options"]["http_only"], true);
        assert_eq!(json["version"], "1.2.3");
        assert_eq!(json["trials"][0]["as_predicted"], true);
        assert_eq!(json["trials"][0]["measured_with"], "session-cookie");
    }

    #[test]
    fn a_question_has_one_name_whatever_it_is_asked_of() {
        assert_eq!(question(What::ScriptReads), "script-reads");
        assert_eq!(question(What::OtherSite(Attack::FormPost)), "other-site:form-post");
        assert_eq!(question(What::Done(Repeated::PostWithKey)), "done:post-with-key");
        assert_eq!(question(What::RotationLogsOut { retire: true }), "rotation-logs-out:retire:true");
    }
}
