//! The guide's claims, in Korean, chapter by chapter.

use crate::text::claims::Told;

mod attacks;
mod choice;
mod cookie;
mod servers;
mod session;
mod stateless;
mod token;

pub(in crate::text) const CLAIMS: [&[Told]; 7] = [
    cookie::CLAIMS,
    session::CLAIMS,
    token::CLAIMS,
    stateless::CLAIMS,
    servers::CLAIMS,
    attacks::CLAIMS,
    choice::CLAIMS,
];
