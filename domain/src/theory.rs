//! What each scaling strategy should cost.
