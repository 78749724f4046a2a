//! The results as a text that outlives the page: Markdown, CSV or JSON.

use serde::Serialize;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: to be pasted into a decision record.
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

    /// The file's name, with the day of an ISO 8601 time.
    #[must_use]
    pub fn file_name(self, time: &str) -> String {
        let day = time.split('T').next().unwrap_or_default();
        format!("login-lab-results-{day}.{}", self.extension())
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
    /// The same in words, and how much is measured: each with its name, in the page's language.
    pub summary: Vec<(&'static str, String)>,
    /// Each line of advice, with the rows that it rests on.
    pub advice: Vec<String>,
    /// The tables.
    pub tables: Vec<Sheet>,
    /// What stands behind them.
    pub trials: Vec<Line>,
    /// The headings, in the page's language.
    #[serde(skip)]
    pub headings: Headings,
}

/// The headings of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    /// Of the whole.
    pub title: &'static str,
    /// Of the advice.
    pub advice: &'static str,
    /// What is said where there is none.
    pub no_advice: &'static str,
    /// Of the list of comparisons.
    pub comparisons: &'static str,
    /// Question, with, setting, predicted, measured, whether it is as predicted, why, figures.
    pub columns: [&'static str; 8],
}

/// A table in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Its question.
    pub title: String,
    /// Of its columns; the first one is over the rows' questions.
    pub columns: Vec<String>,
    /// Each begins with its question.
    pub rows: Vec<Vec<String>>,
}

/// One trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The experiment's name.
    pub experiment: &'static str,
    /// The scheme's name.
    pub scheme: &'static str,
    /// The scheme in words.
    #[serde(skip)]
    pub with: &'static str,
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

    /// For people, who know no names of programs.
    fn in_words(&self) -> [&str; 8] {
        [
            self.words,
            self.with,
            &self.setting,
            &self.predicted,
            &self.measured,
            &self.verdict,
            &self.because,
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

/// By this a spreadsheet knows that the file is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

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
        let Headings { title, advice, no_advice, comparisons, columns } = self.headings;
        let mut text = format!("# Login Lab: {title}\n\n");
        for (name, value) in &self.summary {
            text.extend(["- ", *name, ": ", &markdown_cell(value), "\n"]);
        }
        text.extend(["\n## ", advice, "\n\n"]);
        if self.advice.is_empty() {
            text.extend([&markdown_cell(no_advice), "\n"]);
        }
        for line in &self.advice {
            text.extend(["- ", &markdown_cell(line), "\n"]);
        }
        for Sheet { title, columns, rows } in &self.tables {
            text.extend(["\n## ", title, "\n\n"]);
            table(&mut text, columns.iter().map(String::as_str));
            for cells in rows {
                text.push_str(&row(cells.iter().map(String::as_str)));
            }
        }
        let mut measured = self.trials.iter().filter(|line| !line.measured.is_empty()).peekable();
        if measured.peek().is_some() {
            text.extend(["\n## ", comparisons, "\n\n"]);
            table(&mut text, columns.into_iter());
        }
        for line in measured {
            text.push_str(&row(line.in_words().into_iter()));
        }
        text
    }

    /// RFC 4180. What the report is about stands at the end of every line, so that lines of several reports can lie
    /// together.
    fn csv(&self) -> String {
        let about = self.about();
        let mut text = BYTE_ORDER_MARK.to_string();
        text.push_str(&csv_row(COLUMNS.into_iter().chain(about.iter().map(|(name, _)| *name))));
        for line in &self.trials {
            text.push_str(&csv_row(line.cells().into_iter().chain(about.iter().map(|(_, value)| value.as_str()))));
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
            with: "Session cookie",
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
        let words = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        Report {
            time: "2025-01-02T03:04:05.000Z".to_owned(),
            user_agent: "Mozilla/5.0 (X11; Linux) \"quoted\"".to_owned(),
            version: "1.2.3",
            origin: "http://localhost:3000".to_owned(),
            settings: serde_json::json!({ "options": { "http_only": true } }),
            summary: vec![("Settings", "HttpOnly, one server".to_owned())],
            advice: vec!["Keep it in a cookie (Can a script read it?)".to_owned()],
            tables: vec![Sheet {
                title: "Who attaches it?".to_owned(),
                columns: words(&["question", "cookie", "localStorage"]),
                rows: vec![words(&["Can a script read it?", "no", "not measured"])],
            }],
            trials: vec![line],
            headings: Headings {
                title: "results",
                advice: "Advice",
                no_advice: "None yet.",
                comparisons: "Every comparison",
                columns: ["question", "with", "setting", "predicted", "measured", "verdict", "why", "figures"],
            },
        }
    }

    #[test]
    fn a_cell_of_markdown_neither_ends_its_row_nor_becomes_markup() {
        assert_eq!(markdown_cell("a|b\nc <b> `d` \\"), r"a\|b c \<b\> \`d\` \\");
        let text = report("a|b\nc").write(Format::Markdown);
        let last = text.lines().last().unwrap();
        assert_eq!(last.matches('|').count() - last.matches("\\|").count(), 8 + 1, "{last}");
    }

    #[test]
    fn markdown_begins_with_a_summary_and_has_no_names_of_programs_in_it() {
        let text = report("no").write(Format::Markdown);
        let expected = "# Login Lab: results\n\n- Settings: HttpOnly, one server\n\n## Advice\n\n\
            - Keep it in a cookie (Can a script read it?)\n\n## Who attaches it?\n\n\
            | question | cookie | localStorage |\n|---|---|---|\n\
            | Can a script read it? | no | not measured |\n\n## Every comparison\n\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(
            text.contains("| A script, or two | Session cookie |  | no | no | as predicted | HttpOnly |"),
            "{text}"
        );
        assert!(!text.contains("script-reads") && !text.contains("session-cookie") && !text.contains('{'));
    }

    #[test]
    fn where_nothing_is_measured_markdown_says_so_and_lists_nothing() {
        let text = Report { advice: vec![], ..report("") }.write(Format::Markdown);
        assert!(text.contains("## Advice\n\nNone yet.\n") && !text.contains("Every comparison"), "{text}");
    }

    #[test]
    fn a_file_is_named_after_its_day() {
        assert_eq!(Format::Markdown.file_name("2026-11-27T23:59:59.000Z"), "login-lab-results-2026-11-27.md");
    }

    #[test]
    fn csv_is_known_as_utf8_and_ends_each_line_with_what_is_the_same_in_all() {
        let text = report("x").write(Format::Csv);
        assert!(text.starts_with("\u{feff}\"experiment\",\"scheme\","));
        assert!(text.lines().all(|line| line.matches("\",\"").count() == COLUMNS.len() + 4), "{text}");
        assert!(text.lines().next().unwrap().ends_with("\"origin\",\"settings\""));
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
