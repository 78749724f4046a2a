//! The wall of 4096 bytes: the cart grows until the browser drops the cookie, without a word.

use crate::measure::rig::{Rig, good, json};
use domain::{
    api::{AddItem, Cart},
    cookie::{SetCookie, pairs},
    exchange::{Exchange, Sender, header},
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
    scheme::Credential,
};

/// The most items that are put in. A token that carries them has about 7000 bytes: far over what a browser must
/// keep, far below what a server takes.
const ITEMS: usize = 75;
/// The bytes of each, as many as the cart allows.
const ITEM_BYTES: usize = 64;

/// Puts items in, until fewer are in the cart than were put in.
pub(super) async fn grows(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let mut sent: usize = 0;
    let mut is_lost = false;
    while sent < ITEMS && !is_lost {
        rig.check_stop()?;
        sent = sent.saturating_add(1);
        is_lost = add(rig, sent).await? < sent;
    }
    // What the last answer gave has to come along once more to be known as kept.
    rig.lesson("GET", "api/me", None).await?;
    let of_page = |all: &[Exchange]| all.iter().filter(|exchange| is_of_page(exchange)).count();
    // The login, each item, and the last look.
    let all = rig.recorded_when(|all| of_page(all) >= sent.saturating_add(2)).await?;
    let wall = Wall::seen_in(all.iter().filter(|exchange| is_of_page(exchange)));
    match wall.dropped {
        Some((items, bytes)) => Ok(Measured::new(true)
            .with(Figure::Items, number(items))
            .with(Figure::Dropped, number(bytes))
            .with(Figure::LargestKept, number(wall.largest_kept))),
        // Items went, but no cookie did: then something else is wrong.
        None if is_lost => Err(Failure::TimedOut),
        // No cookie was ever seen to be kept: then there was nothing to drop.
        None if wall.largest_kept == 0 => Err(Failure::TimedOut),
        None => Ok(Measured::new(false)
            .with(Figure::Items, number(sent))
            .with(Figure::LargestKept, number(wall.largest_kept))),
    }
}

/// Puts the item of this number in, and returns how many the server then says are there.
async fn add(rig: &Rig, nth: usize) -> Result<usize, Failure> {
    let item = format!("{nth:x<ITEM_BYTES$}");
    let answer = rig.bare("POST", "api/cart", json(&AddItem { item })).await?;
    // A browser that throws the old cookie away as well is nobody now.
    if answer.status == 401 {
        return Ok(0);
    }
    let cart: Cart = good(&answer)?;
    Ok(cart.cart.len())
}

fn is_of_page(exchange: &Exchange) -> bool {
    exchange.from == Sender::Page && exchange.request.route().starts_with("api/")
}

/// What became of the credential's cookies.
#[derive(Debug, Default)]
struct Wall {
    /// The bytes of the largest that the browser sent after it was given it.
    largest_kept: usize,
    /// With how many items one was dropped, and its bytes.
    dropped: Option<(usize, usize)>,
}

impl Wall {
    /// Compares what each answer gave with what the next request brought.
    fn seen_in<'a>(all: impl Iterator<Item = &'a Exchange>) -> Self {
        let mut wall = Self::default();
        let mut given: Option<(usize, String)> = None;
        let mut items: usize = 0;
        for exchange in all {
            if let Some((items, cookie)) = given.take() {
                // The `=` between name and value does not count.
                let bytes = cookie.len().saturating_sub(1);
                if brought(exchange).any(|came| came == cookie) {
                    wall.largest_kept = wall.largest_kept.max(bytes);
                } else if wall.dropped.is_none() {
                    wall.dropped = Some((items, bytes));
                }
            }
            if exchange.request.route() == "api/cart" {
                items = items.saturating_add(1);
            }
            given = set(exchange).map(|cookie| (items, cookie));
        }
        wall
    }
}

/// The credential's cookies that came along, as `name=value`.
fn brought(exchange: &Exchange) -> impl Iterator<Item = String> {
    let cookies = header(&exchange.request.headers, "cookie").flat_map(pairs);
    cookies.filter(|(name, _)| Credential::of_cookie(name).is_some()).map(|(name, value)| format!("{name}={value}"))
}

/// The credential's cookie that the answer sets, as `name=value`.
fn set(exchange: &Exchange) -> Option<String> {
    header(&exchange.response.headers, "set-cookie").filter_map(SetCookie::parse).find_map(|cookie| {
        Credential::of_cookie(cookie.name)?;
        Some(format!("{}={}", cookie.name, cookie.value))
    })
}

fn number(number: usize) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exchange::{Request, Response};

    /// A request with this cookie, answered with that one.
    fn exchange(route: &str, brought: &str, set: Option<&str>) -> Exchange {
        let request = Request {
            method: "POST".to_owned(),
            path: format!("/lab/x/{route}"),
            headers: vec![("cookie".to_owned(), brought.to_owned())],
            body: None,
            body_base64: None,
        };
        let set = set.map(|cookie| ("set-cookie".to_owned(), format!("{cookie}; Path=/lab/x; HttpOnly")));
        let response = Response { status: 200, headers: set.into_iter().collect(), body: None };
        Exchange { id: 0, at: 0, from: Sender::Page, node: None, request, response, steps: Vec::new() }
    }

    fn seen(all: &[(&str, &str, Option<&str>)]) -> (usize, Option<(usize, usize)>) {
        let all: Vec<_> = all.iter().map(|(route, brought, set)| exchange(route, brought, *set)).collect();
        let wall = Wall::seen_in(all.iter());
        (wall.largest_kept, wall.dropped)
    }

    const LOGIN: (&str, &str, Option<&str>) = ("api/login", "lang=en", Some("token=1"));

    #[test]
    fn a_cookie_is_kept_when_it_comes_along_with_the_next_request() {
        let all = [
            LOGIN,
            ("api/cart", "lang=en; token=1", Some("token=22")),
            ("api/cart", "token=22; lang=en", Some("token=333")),
            ("api/me", "token=333", None),
        ];
        assert_eq!(seen(&all), (8, None));
    }

    #[test]
    fn a_cookie_is_dropped_when_the_one_before_comes_instead_or_none() {
        for next in ["token=22", "lang=en"] {
            let all = [
                LOGIN,
                ("api/cart", "token=1", Some("token=22")),
                ("api/cart", "token=22", Some("token=333")),
                ("api/cart", next, Some("token=444")),
                ("api/me", next, None),
            ];
            assert_eq!(seen(&all), (7, Some((2, 8))), "with two items, and name and value have 8 bytes");
        }
    }

    #[test]
    fn a_cookie_that_is_set_once_is_kept_once() {
        let all = [("api/login", "", Some("sid=1")), ("api/cart", "sid=1", None), ("api/me", "sid=1", None)];
        assert_eq!(seen(&all), (4, None));
    }
}
