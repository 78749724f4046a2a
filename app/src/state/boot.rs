//! What the page starts from, on the server and again in the browser.

use crate::text::Lang;
use domain::{
    cookie::{CookieOptions, Engine},
    exchange::Exchange,
    lesson::said::Outcome,
    scheme::Scheme,
    view::{Arrived, RenderedFor, ServerView},
};
use serde::{Deserialize, Serialize};

/// Everything that the first render depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// The lab's id.
    pub lab: String,
    /// The page's language.
    pub lang: Lang,
    /// Light or dark where the visitor chose; else the system's choice.
    pub theme: Option<Theme>,
    /// The scheme that the switch stands on.
    pub scheme: Scheme,
    /// For whom the server rendered the page.
    pub rendered_for: RenderedFor,
    /// The cookies that came along with the page request.
    pub arrived: Vec<Arrived>,
    /// What the server holds.
    pub view: ServerView,
    /// The wire log, oldest first, without the page request itself: that one is still under way.
    pub exchanges: Vec<Exchange>,
    /// What a form did, when one brought the visitor here.
    pub outcome: Option<Outcome>,
    /// Of which build the page is: where its code lies.
    pub build: String,
    /// The page's own origin, such as `http://localhost:3000`.
    pub origin: String,
    /// The visitor's browser.
    pub engine: Engine,
    /// The cookie options that the switch begins with.
    #[serde(default)]
    pub options: CookieOptions,
    /// The claim that the address names.
    #[serde(default)]
    pub claim: Option<String>,
    /// Whether the address names one that there is not, so that it is the first.
    #[serde(default)]
    pub no_such_claim: bool,
    /// Whether the lab keeps results.
    #[serde(default)]
    pub has_results: bool,
    /// The room that the address asks for.
    #[serde(default)]
    pub room: Room,
    /// Whether the page tells what each claim says. Else that comes later.
    pub tells: bool,
}

/// Which room of the page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Room {
    /// Where one chooses, presses and looks.
    #[default]
    Desk,
    /// What it all comes to.
    Results,
    /// One claim at a time, for a room full of people.
    Slides,
}

impl Room {
    /// All that the page's address can ask for.
    pub const ASKED: [Self; 2] = [Self::Results, Self::Slides];

    /// What it is called in the page's address; the desk is what nothing else was asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desk => "",
            Self::Results => "results",
            Self::Slides => "slides",
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Reads a cookie's value.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// As the cookie and the page's `data-theme` spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Where the built files are, as paths of this origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The script that starts the page.
    pub js: String,
    /// The page's own code.
    pub wasm: String,
    /// How it looks.
    pub css: String,
    /// The port on which `cargo leptos watch` says that the page was built anew; absent outside development.
    pub reload: Option<u16>,
}
