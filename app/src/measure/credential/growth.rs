//! What grows with the cart: what travels with each request, or what the server stores.

use crate::measure::{
    asking::{me, rows_of},
    rig::Rig,
};
use domain::{
    cookie::pairs,
    exchange::{Exchange, header},
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Growth, Measured},
    },
    scheme::{Carrier, Credential},
};

/// The sizes of the cart. With thirty items a token is still below what a cookie may hold.
const SIZES: [u64; 5] = [0, 5, 10, 20, 30];

/// Whether a request grows.
pub(super) async fn request_grows(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let growth = measure(rig, setting).await?;
    Ok(found(growth, |growth| growth.request_bytes))
}

/// Whether the server's rows grow.
pub(super) async fn row_grows(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let growth = measure(rig, setting).await?;
    Ok(found(growth, |growth| growth.row_bytes))
}

fn found(growth: Vec<Growth>, bytes: impl Fn(&Growth) -> u64) -> Measured {
    let [empty, full] = [growth.first(), growth.last()].map(|one| one.map_or(0, &bytes));
    let measured = Measured::new(full > empty).with(Figure::BytesEmpty, empty).with(Figure::BytesFull, full);
    Measured { growth, ..measured }
}

async fn measure(rig: &Rig, setting: &Setting) -> Result<Vec<Growth>, Failure> {
    rig.set_up(setting).await?;
    let keys = rig.log_in_for_rows(Rig::login(setting, "alice")).await?;
    let mut growth = Vec::with_capacity(SIZES.len());
    let mut items = 0;
    for size in SIZES {
        while items < size {
            items += 1;
            let answer = rig.add_to_cart(&format!("item-{items:07}")).await?;
            if !answer.ok() {
                return Err(Failure::Refused { status: answer.status, detail: answer.body });
            }
        }
        let (answer, exchange) = rig.ask_recorded().await?;
        me(&answer)?.ok_or(Failure::TimedOut)?;
        let rows = rows_of(&rig.refresh_view().await?, &keys);
        growth.push(Growth {
            items: size,
            request_bytes: bytes(credential_bytes(&exchange, setting.scheme.carrier)),
            row_bytes: bytes(rows.iter().map(|row| row.bytes).sum()),
        });
    }
    Ok(growth)
}

/// What the credential adds to a request: `name=value` in the `Cookie` header, or an `Authorization` header.
fn credential_bytes(exchange: &Exchange, carrier: Carrier) -> usize {
    let headers = &exchange.request.headers;
    match carrier {
        Carrier::Cookie => header(headers, "cookie")
            .flat_map(pairs)
            .filter(|(name, _)| Credential::of_cookie(name).is_some())
            .map(|(name, value)| name.len() + "=".len() + value.len())
            .sum(),
        Carrier::LocalStorage => {
            header(headers, "authorization").map(|value| "Authorization: ".len() + value.len()).sum()
        }
    }
}

fn bytes(bytes: usize) -> u64 {
    bytes.try_into().unwrap_or(u64::MAX)
}
