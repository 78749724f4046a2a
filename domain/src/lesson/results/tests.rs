use super::*;
use crate::{
    attack::Attack,
    cookie::{Engine, Origin, SameSite},
    lesson::{
        experiment::{Setting, predict, trials},
        measured::Measured,
    },
    topology::StoreKind,
};

fn chosen() -> Chosen {
    let origin = Origin::parse("http://localhost:3000").unwrap();
    Chosen { set: Setting::usual(Scheme::default(), Engine::Blink, origin), stores: vec![StoreKind::Sqlite] }
}

/// Everything, as it is predicted.
fn everything() -> Vec<Entry> {
    let mut all = Vec::new();
    for experiment in Experiment::ALL {
        for trial in Scheme::ALL.into_iter().flat_map(|scheme| chosen().trials(experiment, scheme)) {
            let finding = predict(trial.what, &trial.setting).map_or(Finding::Micros(7), |p| p.finding);
            if entry(&all, &trial).is_none() {
                all.push(Entry { experiment, trial, outcome: Ok(Measured::new(finding)), at: 0.0 });
            }
        }
    }
    all
}

fn change(all: &mut [Entry], finding: &Finding, which: impl Fn(&Trial) -> bool) {
    let mut changed = 0;
    for entry in all.iter_mut().filter(|entry| which(&entry.trial)) {
        entry.outcome = Ok(Measured::new(finding.clone()));
        changed += 1;
    }
    assert!(changed > 0);
}

fn rows(axis: Axis, entries: &[Entry], same: bool) -> Vec<Subject> {
    let table = Table::of(axis, entries, &chosen());
    table.rows.iter().filter(|row| row.is_the_same() == same).map(|row| row.subject).collect()
}

#[test]
fn every_cell_of_an_experiment_has_one_comparison_that_decides() {
    for experiment in Experiment::ALL.into_iter().filter(|one| one.axis() != Axis::Servers) {
        for scheme in Scheme::ALL {
            let trials = trials(experiment, &Setting { scheme, ..chosen().set }, &[]);
            assert_eq!(deciding(experiment, &trials).is_none(), trials.is_empty(), "{experiment:?} {scheme}");
        }
    }
}

#[test]
fn what_the_visitor_has_set_changes_no_headline() {
    let mut set = chosen();
    set.set.options.http_only = false;
    set.set.defences.denylist = true;
    let trial = |of: &Chosen, column, experiment| {
        let table = Table::of(Experiment::axis(experiment), &[], of);
        table.cell(Subject::Experiment(experiment), column).unwrap().trial.clone()
    };
    for (column, experiment) in [
        (Column::Carrier(Carrier::Cookie), Experiment::ScriptReads),
        (Column::Credential(Credential::Jwt), Experiment::CopyAfterLogout),
    ] {
        assert_eq!(trial(&set, column, experiment), trial(&chosen(), column, experiment));
    }
}

#[test]
fn until_something_is_measured_every_row_stands_open_in_its_order_and_advises_nothing() {
    let tables = Table::all(&[], &chosen());
    assert!(advice(&tables).is_empty());
    for table in tables {
        assert!(table.rows.iter().all(|row| !row.is_the_same() && row.other_matters().is_none()), "{:?}", table.axis);
        assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
        let cells = table.rows.iter().flat_map(|row| row.cells.iter().flatten());
        assert!(cells.into_iter().all(|cell| cell.outcome.is_none() && cell.unlike == 0));
    }
}

#[test]
fn rows_in_which_the_columns_differ_come_first() {
    let all = everything();
    let same = rows(Axis::Carrier, &all, true);
    assert_eq!(same, [Subject::Experiment(Experiment::ScriptActs)]);
    let table = Table::of(Axis::Carrier, &all, &chosen());
    assert_eq!(table.rows.last().unwrap().subject, same[0]);
    let same = rows(Axis::Credential, &all, true);
    let expected = [Experiment::Tampered, Experiment::StoreCopied, Experiment::Fixation].map(Subject::Experiment);
    assert_eq!(same, expected);
    assert!(rows(Axis::Http, &all, true).is_empty(), "one column has nothing to differ from");
}

#[test]
fn a_headline_says_beside_it_where_the_answer_is_another() {
    let table = Table::of(Axis::Carrier, &everything(), &chosen());
    let cookie = |experiment| table.cell(Subject::Experiment(experiment), Column::Carrier(Carrier::Cookie)).unwrap();
    let reads = cookie(Experiment::ScriptReads);
    assert_eq!(reads.finding(), Some(&Finding::No));
    assert_eq!(reads.otherwise, [(vec![Difference::NoHttpOnly], Finding::Yes)]);
    let form = cookie(Experiment::OtherSite);
    assert_eq!(form.trial.setting.differences(), [Difference::SameSite(SameSite::Unset)]);
    assert_eq!(form.finding(), Some(&Finding::Yes));
    assert!(form.otherwise.contains(&(vec![], Finding::No)), "{:?}", form.otherwise);
}

#[test]
fn the_other_axis_matters_where_measured_answers_differ_and_nowhere_else() {
    let mut all = everything();
    let (same, differ) = Table::of(Axis::Carrier, &all, &chosen()).other_axis();
    assert_eq!(differ, [Subject::Experiment(Experiment::CookieWall)]);
    assert_eq!(same.len(), 5, "{same:?}: all but the wall, and what is measured once for both");
    let (same, differ) = Table::of(Axis::Credential, &all, &chosen()).other_axis();
    assert_eq!((same.len(), differ.len()), (11, 0));
    let jwt_in_a_cookie = Scheme::new(Credential::Jwt, Carrier::Cookie);
    change(&mut all, &Finding::No, |trial| trial.what == What::RequestGrows && trial.setting.scheme == jwt_in_a_cookie);
    let (_, differ) = Table::of(Axis::Credential, &all, &chosen()).other_axis();
    assert_eq!(differ, [Subject::Experiment(Experiment::Growth)]);
}

#[test]
fn the_servers_table_has_what_was_asked_of_each_strategy_and_nothing_more() {
    let table = Table::of(Axis::Servers, &everything(), &chosen());
    assert_eq!(table.columns.len(), 5);
    let found = |what, strategy| {
        let cell = table.cell(Subject::What(what), Column::Strategy(strategy))?;
        cell.finding().cloned()
    };
    let known = [4, 12, 12, 12, 12].map(|n| Some(Finding::Count(n)));
    let strategies = [Strategy::Problem, Strategy::Sticky, Strategy::Clustering, Strategy::Separate, Strategy::Token];
    assert_eq!(strategies.map(|one| found(What::KnownRequests, one)), known);
    assert_eq!(found(What::Messages, Strategy::Sticky), None);
    assert_eq!(found(What::Messages, Strategy::Token), Some(Finding::Count(0)));
    assert_eq!(found(What::StoreOperations, Strategy::Separate), Some(Finding::Count(12)));
}

#[test]
fn what_is_unlike_its_prediction_marks_its_cell_even_where_it_does_not_decide() {
    let mut all = everything();
    change(&mut all, &Finding::No, |trial| trial.what == What::LootWorks);
    let table = Table::of(Axis::Carrier, &all, &chosen());
    let cell = table.cell(Subject::Experiment(Experiment::ScriptReads), Column::Carrier(Carrier::Cookie)).unwrap();
    assert_eq!((cell.unlike, cell.verdict), (2, Some(Verdict::AsPredicted)), "with either credential");
}

#[test]
fn each_line_of_advice_rests_on_measured_cells() {
    let all = everything();
    let given = |entries: &[Entry]| -> Vec<Advice> {
        advice(&Table::all(entries, &chosen())).iter().map(|given| given.advice).collect()
    };
    assert_eq!(given(&all), Advice::ALL);
    for one in Advice::ALL {
        for subject in one.rests_on() {
            let less: Vec<_> = all
                .iter()
                .filter(|entry| match subject {
                    Subject::Experiment(experiment) => entry.experiment != *experiment,
                    Subject::What(what) => entry.trial.what != *what,
                })
                .cloned()
                .collect();
            assert!(!given(&less).contains(&one), "{one:?} without {subject:?}");
        }
    }
    let mut otherwise = all;
    change(&mut otherwise, &Finding::No, |trial| {
        trial.what == What::OtherSite(Attack::FormPost) && trial.setting.options.same_site == SameSite::Unset
    });
    assert!(!given(&otherwise).contains(&Advice::SameSite), "what was measured speaks against it");
}
