//! The words about the experiments.

use super::T;

pub(crate) struct Experiments {
    pub(crate) title: T,
    /// The title of the frame in which the guestbook is shown.
    pub(crate) guestbook: T,
}
