//! What only the page teaches with: it predicts, compares and explains, and the server needs none of it.

pub mod copies;
pub mod curl;
pub mod experiment;
pub mod flow;
pub mod measured;
pub mod press;
pub mod question;
pub mod report;
pub mod said;
pub mod standing;
pub mod tally;
