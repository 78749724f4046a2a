//! The words of the results.

use super::{T, Text};
use domain::{
    lesson::{
        experiment::Axis,
        results::{Advice, Column, Subject},
    },
    scheme::{Carrier, Credential},
    topology::Strategy,
};

pub(crate) struct Results {
    /// How long it still waits.
    pub(crate) seconds_left: fn(u32) -> String,
    /// The question of a table.
    pub(crate) table: fn(Axis) -> T,
    /// Over the rows.
    pub(crate) question: T,
    pub(crate) carrier: fn(Carrier) -> T,
    pub(crate) credential: fn(Credential) -> T,
    /// Over the one column of HTTP.
    pub(crate) any: T,
    pub(crate) not_measured: T,
    /// So many rows in which the columns do not differ.
    pub(crate) folded: fn(usize) -> String,
    /// In so many rows the other axis makes no difference; it does in these.
    pub(crate) other_axis: fn(Axis, usize, &[T]) -> String,
    pub(crate) other_axis_open: T,
    pub(crate) advice_title: T,
    pub(crate) advice: fn(Advice) -> T,
    pub(crate) rests_on: T,
    pub(crate) no_advice: T,
    /// The names of a report's summary: when, browser, settings, measured.
    pub(crate) summary: [T; 4],
    pub(crate) settings: fn(&str, &str, &str) -> String,
    /// How many comparisons are measured, and how many of them are unlike their prediction.
    pub(crate) measured: fn(usize, usize) -> String,
    pub(crate) report_title: T,
    /// Question, with, setting, predicted, measured, as predicted, why, figures.
    pub(crate) columns: [T; 8],
}

impl Text {
    /// What stands over a column.
    pub(crate) fn column(&self, column: Column) -> T {
        match column {
            Column::Carrier(carrier) => (self.results().carrier)(carrier),
            Column::Credential(credential) => (self.results().credential)(credential),
            Column::Strategy(strategy) => {
                let at = Strategy::ALL.iter().position(|one| *one == strategy).unwrap_or_default();
                self.servers.names[at]
            }
            Column::Http => self.results().any,
        }
    }

    /// The question of a row.
    pub(crate) fn subject(&self, subject: Subject) -> T {
        match subject {
            Subject::Experiment(experiment) => (self.experiments().about.title)(experiment),
            Subject::What(what) => (self.experiments().what)(what),
        }
    }
}
