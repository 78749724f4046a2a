//! Users and what they may do.

use serde::{Deserialize, Serialize};

/// What a user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// May shop.
    #[default]
    User,
    /// May also see `api/admin`.
    Admin,
}

impl Role {
    /// Its name in the API: `user` or `admin`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

/// Who somebody is, as the lesson's answers say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The name that they log in with.
    pub name: String,
    /// What they may do, as the credential's state has it (which may be stale: that is a lesson).
    pub role: Role,
}

/// The users of every new lab. The password is the name and `-password`, and stands on the page.
pub const DEMO_USERS: [(&str, Role); 3] = [("alice", Role::User), ("bob", Role::User), ("carol", Role::Admin)];

/// The password of a demo user.
#[must_use]
pub fn demo_password(name: &str) -> String {
    format!("{name}{PASSWORD_ENDING}")
}

/// What the password of every demo user ends with.
pub const PASSWORD_ENDING: &str = "-password";

/// The most items that a cart holds.
pub const CART_ITEMS: usize = 200;
/// The most bytes that an item's name has.
pub const ITEM_BYTES: usize = 64;

/// Why an item does not go into a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CartError {
    /// There is no room left.
    #[error("the cart is full: 200 items is the most; empty it first")]
    Full,
    /// The item's name is empty, too long or has control characters.
    #[error("an item is 1 to 64 bytes of text without control characters")]
    Item,
}

/// Puts an item into a cart.
///
/// # Errors
/// [`CartError`], and the cart is as it was.
pub fn add_to_cart(cart: &mut Vec<String>, item: &str) -> Result<(), CartError> {
    check_item(item)?;
    if cart.len() >= CART_ITEMS {
        return Err(CartError::Full);
    }
    cart.push(item.to_owned());
    Ok(())
}

/// Whether this can be the name of an item: 1 to [`ITEM_BYTES`] bytes, no control characters.
///
/// # Errors
/// [`CartError::Item`].
pub fn check_item(item: &str) -> Result<(), CartError> {
    if item.is_empty() || item.len() > ITEM_BYTES || item.chars().any(char::is_control) {
        return Err(CartError::Item);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cart_takes_two_hundred_items_and_then_says_so() {
        let mut cart = Vec::new();
        for _ in 0..CART_ITEMS {
            assert_eq!(add_to_cart(&mut cart, "pen"), Ok(()));
        }
        assert_eq!(add_to_cart(&mut cart, "pen"), Err(CartError::Full));
        assert_eq!(cart.len(), CART_ITEMS);
    }

    #[test]
    fn an_item_is_measured_in_bytes_and_may_be_korean() {
        let mut cart = Vec::new();
        assert_eq!(add_to_cart(&mut cart, "연필"), Ok(()));
        assert_eq!(add_to_cart(&mut cart, &"가".repeat(22)), Err(CartError::Item));
        assert_eq!(add_to_cart(&mut cart, ""), Err(CartError::Item));
        assert_eq!(add_to_cart(&mut cart, "a\nb"), Err(CartError::Item));
        assert_eq!(cart, ["연필"]);
    }
}
