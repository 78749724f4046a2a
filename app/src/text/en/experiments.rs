//! The experiments, in English.

use crate::text::Experiments;

pub(super) const EXPERIMENTS: Experiments = Experiments { title: "Experiments", guestbook: "The guestbook" };
