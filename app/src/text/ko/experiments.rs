//! The experiments, in Korean.

use crate::text::Experiments;

pub(super) const EXPERIMENTS: Experiments = Experiments { title: "실험", guestbook: "방명록" };
