//! Every input that is kept holds, and there are some for each target.

use super::TARGETS;
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz").join(kind)
}

/// The files of a folder, if there is one.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn names(folders: &[PathBuf]) -> Vec<String> {
    folders.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_input_that_is_kept_holds() {
    let mut broken = Vec::new();
    for (name, target) in TARGETS {
        let corpus = files(&folder("corpus").join(name));
        assert!(corpus.len() >= 12, "{name} has {} inputs", corpus.len());
        for path in corpus.into_iter().chain(files(&folder("regressions").join(name))) {
            let data = fs::read(&path).unwrap();
            if catch_unwind(AssertUnwindSafe(|| target(&data))).is_err() {
                broken.push(format!("{}: {}", path.display(), data.escape_ascii()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_target_has_its_program_and_every_folder_its_target() {
    let targets = TARGETS.map(|(name, _)| name.to_owned());
    assert_eq!(names(&files(&folder("fuzz_targets"))), targets);
    assert_eq!(names(&files(&folder("corpus"))), targets);
    assert!(names(&files(&folder("regressions"))).iter().all(|name| targets.contains(name)));
}
