//! The parts of the page that are not in its first file: each is fetched when it is needed first.

use domain::{balance::NodeId, exchange::Exchange};
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use std::sync::Arc;

/// A part of the page that comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lazy {
    /// What it all comes to.
    Results,
    /// One claim at a time.
    Slides,
    /// How far a run is.
    Strip,
    /// What was measured of the claim that is open.
    Behind,
    /// What the lab keeps of what was measured and seen.
    Saved,
    /// The fourth place.
    Attacker,
    /// Many visitors at once.
    Crowd,
    /// What copying the sessions costs.
    Replication,
    /// The field in which a credential is changed.
    Tamper,
    /// Every screw of the servers.
    Adjust,
    /// What a cookie is sent with.
    CookieOptions,
    /// What is in a token.
    Token(StoredValue<String>),
    /// All of an exchange.
    Exchange(StoredValue<Arc<Exchange>>),
    /// How much one of several servers does, and the button that stops it.
    Load(NodeId),
    /// What one of several servers has in its memory.
    Rows(NodeId),
    /// The store that all servers share.
    Store,
    /// What it literally holds.
    Held,
    /// What it was asked.
    Operations,
    /// The keys of tokens.
    Keys,
    /// The tokens that were ended.
    Denylist,
}

impl Lazy {
    /// The file in which it lies.
    pub(crate) const fn file(self) -> File {
        match self {
            Self::Results | Self::Slides => File::Rooms,
            Self::Strip | Self::Behind | Self::Saved => File::Measure,
            _ => File::More,
        }
    }
}

/// A file with parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    /// Results and slides.
    Rooms,
    /// What stands around measuring.
    Measure,
    /// What the desk shows to who looks for it.
    More,
}

/// Makes the view of a part, from the state of the page.
pub(crate) type Maker<S> = fn(S, Lazy) -> AnyView;

/// How far a file is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fetched<S: 'static> {
    NotYet,
    Coming,
    Here(Maker<S>),
    Failed,
}

/// A file did not come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// How far each file is, and what brings one. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Files<S: 'static> {
    all: [(File, RwSignal<Fetched<S>>); 3],
    bring: fn(RwSignal<Fetched<S>>, File),
}

impl<S: Copy> Files<S> {
    /// As they are at first: where the whole page is at hand, as on the server, all of them are here.
    pub(crate) fn new(at_first: fn(File) -> Fetched<S>, bring: fn(RwSignal<Fetched<S>>, File)) -> Self {
        Self { all: [File::Rooms, File::Measure, File::More].map(|file| (file, RwSignal::new(at_first(file)))), bring }
    }

    /// How far the file of this part is.
    pub(crate) fn of(self, lazy: Lazy) -> RwSignal<Fetched<S>> {
        self.all[lazy.file() as usize].1
    }

    /// Sees to it that it comes, also where it did not before.
    pub(crate) fn need(self, lazy: Lazy) {
        let fetched = self.of(lazy);
        if matches!(fetched.get_untracked(), Fetched::NotYet | Fetched::Failed) {
            fetched.set(Fetched::Coming);
            (self.bring)(fetched, lazy.file());
        }
    }
}
