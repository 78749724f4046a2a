//! What only the page teaches with: it predicts, compares and explains, and the server needs none of it.

pub mod claim;
pub mod copies;
pub mod curl;
pub mod experiment;
pub mod flow;
pub mod measured;
pub mod part;
pub mod press;
pub mod report;
pub mod results;
pub mod said;
pub mod saved;
pub mod standing;
pub mod tally;
