//! The contract of [`SessionStore`](super::SessionStore), run over every implementation.
