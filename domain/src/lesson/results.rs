//! What it all comes to: a small table for each of the independent questions, from what was measured and nothing else.

use super::{
    experiment::{Axis, Difference, Experiment, Finding, Trial, Verdict, What},
    measured::{Entry, Failure, entry},
    tally::Chosen,
};
use crate::{
    scheme::{Carrier, Credential, Scheme},
    topology::Strategy,
};

pub use advice::{Advice, Given, advice};
pub use decides::deciding;

mod advice;
mod decides;

/// The tables, in the page's order.
pub const TABLES: [Axis; 4] = [Axis::Carrier, Axis::Credential, Axis::Servers, Axis::Http];

/// What a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Who attaches it.
    Carrier(Carrier),
    /// Who remembers.
    Credential(Credential),
    /// What is done when one server is no longer enough.
    Strategy(Strategy),
    /// There is nothing to choose.
    Http,
}

impl Column {
    /// Whether a run with this scheme is about it, too.
    #[must_use]
    pub fn has(self, scheme: Scheme) -> bool {
        match self {
            Self::Carrier(carrier) => scheme.carrier == carrier,
            Self::Credential(credential) => scheme.credential == credential,
            Self::Strategy(strategy) => (strategy == Strategy::Token) == (scheme.credential == Credential::Jwt),
            Self::Http => true,
        }
    }
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An experiment.
    Experiment(Experiment),
    /// One question of several experiments.
    What(What),
}

/// What was found in one column of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Where to look for what stands behind it.
    pub experiment: Experiment,
    /// With which scheme its headline was measured, or will be.
    pub scheme: Scheme,
    /// The comparison that decides.
    pub trial: Trial,
    /// What was asked in it, where that is not what the row asks.
    pub question: Option<What>,
    /// What came of it.
    pub outcome: Option<Result<Finding, Failure>>,
    /// Whether it is as predicted.
    pub verdict: Option<Verdict>,
    /// Of all comparisons behind it, those that are unlike their prediction.
    pub unlike: usize,
    /// Other settings in which the same question was answered otherwise.
    pub otherwise: Vec<(Vec<Difference>, Finding)>,
    /// Whether the other axis makes a difference; `None` until both were measured.
    pub other_matters: Option<bool>,
}

/// A row. A cell is `None` where the question cannot be asked of the column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is about.
    pub subject: Subject,
    /// As many as there are columns.
    pub cells: Vec<Option<Cell>>,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its question.
    pub axis: Axis,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, those first in which the columns differ.
    pub rows: Vec<Row>,
}

impl Cell {
    /// What was found.
    #[must_use]
    pub const fn finding(&self) -> Option<&Finding> {
        match &self.outcome {
            Some(Ok(finding)) => Some(finding),
            _ => None,
        }
    }
}

impl Row {
    /// Whether everything in it is measured and the columns do not differ, so that it helps nobody to choose.
    #[must_use]
    pub fn is_the_same(&self) -> bool {
        let mut cells = self.cells.iter();
        let Some(Some(first)) = cells.next() else { return false };
        let found = first.finding();
        found.is_some() && cells.all(|cell| cell.as_ref().and_then(Cell::finding) == found) && self.cells.len() > 1
    }

    /// Whether the other axis makes a difference anywhere in it; `None` until all of it was measured.
    #[must_use]
    pub fn other_matters(&self) -> Option<bool> {
        let mut said = self.cells.iter().flatten().map(|cell| cell.other_matters);
        let first = said.next()??;
        said.try_fold(first, |any, one| Some(any || one?))
    }
}

impl Table {
    /// One of the tables.
    #[must_use]
    pub fn of(axis: Axis, entries: &[Entry], chosen: &Chosen) -> Self {
        let columns = columns(axis);
        let subjects: Vec<_> = match axis {
            Axis::Servers => QUESTIONS.map(Subject::What).into(),
            _ => Experiment::ALL.into_iter().filter(|one| one.axis() == axis).map(Subject::Experiment).collect(),
        };
        let row = |subject| {
            let cells = columns.iter().map(|column| cell(*column, subject, entries, chosen)).collect();
            Row { subject, cells }
        };
        let mut rows: Vec<_> = subjects.into_iter().map(row).collect();
        rows.sort_by_key(Row::is_the_same);
        Self { axis, columns, rows }
    }

    /// All of them.
    #[must_use]
    pub fn all(entries: &[Entry], chosen: &Chosen) -> Vec<Self> {
        TABLES.into_iter().map(|axis| Self::of(axis, entries, chosen)).collect()
    }

    /// Its row about this, and there the cell of this column.
    #[must_use]
    pub fn cell(&self, subject: Subject, column: Column) -> Option<&Cell> {
        let at = self.columns.iter().position(|one| *one == column)?;
        self.rows.iter().find(|row| row.subject == subject)?.cells.get(at)?.as_ref()
    }

    /// Rows in which the other axis makes no difference, and those in which it does; the others are not measured.
    #[must_use]
    pub fn other_axis(&self) -> (Vec<Subject>, Vec<Subject>) {
        let said = |matters| {
            let rows = self.rows.iter().filter(move |row| row.other_matters() == Some(matters));
            rows.map(|row| row.subject).collect()
        };
        (said(false), said(true))
    }
}

/// The rows of the table about several servers.
const QUESTIONS: [What; 5] =
    [What::KnownRequests, What::LostWithNode, What::Messages, What::StoreOperations, What::CrowdUnlikeTheory];

/// The columns of a table.
fn columns(axis: Axis) -> Vec<Column> {
    match axis {
        Axis::Carrier => Carrier::ALL.into_iter().map(Column::Carrier).collect(),
        Axis::Credential => Credential::ALL.into_iter().map(Column::Credential).collect(),
        Axis::Servers => {
            Strategy::ALL.into_iter().filter(|one| *one != Strategy::Single).map(Column::Strategy).collect()
        }
        Axis::Http => vec![Column::Http],
    }
}

/// The schemes that can speak for a column, the one first that does so where all were measured.
fn schemes(column: Column, experiment: Experiment) -> Vec<Scheme> {
    match column {
        Column::Carrier(carrier) => {
            decides::first_credential(experiment).into_iter().map(|one| Scheme::new(one, carrier)).collect()
        }
        Column::Credential(credential) => {
            Carrier::ALL.into_iter().map(|carrier| Scheme::new(credential, carrier)).collect()
        }
        Column::Strategy(strategy) => {
            let credential = if strategy == Strategy::Token { Credential::Jwt } else { Credential::SessionId };
            Carrier::ALL.into_iter().map(|carrier| Scheme::new(credential, carrier)).collect()
        }
        Column::Http => Scheme::ALL.into(),
    }
}

/// The experiment in which a question about several servers is asked of a strategy.
const fn experiment_of(strategy: Strategy, what: What) -> Option<Experiment> {
    Some(match (strategy, what) {
        (Strategy::Sticky, _) => Experiment::Sticky,
        // With a JWT there is no store, so it does not matter under which arrangement of them it is asked.
        (Strategy::Clustering, _) | (Strategy::Token, What::Messages) => Experiment::Clustering,
        (Strategy::Separate, _) | (Strategy::Token, What::StoreOperations) => Experiment::Separate,
        (Strategy::Problem | Strategy::Token, _) => Experiment::Problem,
        (Strategy::Single, _) => return None,
    })
}

fn cell(column: Column, subject: Subject, entries: &[Entry], chosen: &Chosen) -> Option<Cell> {
    let experiment = match (subject, column) {
        (Subject::Experiment(experiment), _) => experiment,
        (Subject::What(what), Column::Strategy(strategy)) => experiment_of(strategy, what)?,
        (Subject::What(_), _) => return None,
    };
    let found: Vec<_> = schemes(column, experiment)
        .into_iter()
        .filter_map(|scheme| {
            let trials = chosen.trials(experiment, scheme);
            let trial = match subject {
                Subject::Experiment(_) => deciding(experiment, &trials)?.clone(),
                Subject::What(what) => trials.iter().find(|trial| trial.what == what)?.clone(),
            };
            Some((entry(entries, &trial), trial, trials))
        })
        .collect();
    let is_measured = |entry: Option<&Entry>| entry.is_some_and(|entry| entry.outcome.is_ok());
    let at = (found.iter().position(|(entry, ..)| is_measured(*entry)))
        .or_else(|| found.iter().position(|(entry, ..)| entry.is_some()))
        .unwrap_or(0);
    let answers: Vec<_> = found
        .iter()
        .map(|(entry, ..)| entry.and_then(|entry| entry.outcome.as_ref().ok()).map(|measured| &measured.finding))
        .collect();
    // What is about the browser alone is measured with one scheme for all.
    let is_shared = found.first().is_some_and(|(_, trial, _)| trial.what.is_about_the_carrier_alone());
    let other_matters = match answers.as_slice() {
        [Some(first), rest @ ..] if !rest.is_empty() && !is_shared => {
            rest.iter().try_fold(false, |any, one| one.map(|one| any || one != *first))
        }
        _ => None,
    };
    let (decided, trial, trials) = found.get(at)?;
    let behind = |of: &Trial| match subject {
        Subject::Experiment(_) => true,
        Subject::What(what) => of.what == what,
    };
    let mut cell = Cell {
        experiment,
        scheme: trial.setting.scheme,
        trial: trial.clone(),
        question: Some(trial.what).filter(|what| match subject {
            Subject::Experiment(_) => trials.first().is_some_and(|first| first.what != *what),
            Subject::What(_) => false,
        }),
        outcome: decided.map(|entry| entry.outcome.as_ref().map(|one| one.finding.clone()).map_err(Clone::clone)),
        verdict: decided.and_then(Entry::verdict),
        unlike: 0,
        otherwise: Vec::new(),
        other_matters,
    };
    for other in found.iter().flat_map(|(.., trials)| trials).filter(|trial| behind(trial)) {
        let verdict = entry(entries, other).and_then(Entry::verdict);
        cell.unlike += usize::from(matches!(verdict, Some(Verdict::NotAsPredicted { .. })));
    }
    if let Some(Ok(headline)) = &cell.outcome
        && matches!(subject, Subject::Experiment(_))
    {
        // A cookie that the browser does not keep is no setting to choose.
        let is_other =
            |other: &&Trial| other.what == trial.what && *other != trial && other.setting.not_kept().is_none();
        let asked_otherwise = trials.iter().filter(is_other);
        let found = asked_otherwise.filter_map(|other| {
            let finding = &entry(entries, other)?.outcome.as_ref().ok()?.finding;
            (finding != headline).then(|| (other.setting.differences(), finding.clone()))
        });
        cell.otherwise = found.collect();
    }
    Some(cell)
}

#[cfg(test)]
mod tests;
