//! What the types do not say of themselves: the bounds of numbers and texts, and where `null` stands.

use crate::http::{docs::answers::operations, lesson::KEY_BYTES};
use app::text::Lang;
use domain::{
    api::{LONGEST, LONGEST_FAULT, NAME_BYTES},
    cookie::{MAX_AGE, Probe, SameSite},
    crowd::{RATES, REQUESTS, VISITORS},
    scheme::Scheme,
    topology::{LONGEST_DELAY, NODES},
    user::{CART_ITEMS, DEMO_USERS, ITEM_BYTES},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Fields that are always there, be it as `null`. Every other one that has nothing to say is left away.
const ALWAYS: [(&str, &str); 4] =
    [("Exchange", "node"), ("CrowdView", "running"), ("CrowdRequest", "rate"), ("KeptResults", "results")];

/// What `char::is_control` does not take (Unicode's category Cc).
const NO_CONTROL_CHARACTERS: &str = r"^[^\u0000-\u001f\u007f-\u009f]+$";

/// Completes the schemas, and those of bodies and parameters.
pub(super) fn complete(document: &mut Value) {
    inline_numbers(document);
    each(document, &mut bound_number);
    let taken = taken(document);
    for (name, schema) in members(&mut document["components"], "schemas") {
        for (field, schema) in members(schema, "properties") {
            // What a request may leave away it may also say as `null`.
            if !taken.contains(name) && !ALWAYS.contains(&(name, field)) {
                refuse_null(schema);
            }
        }
    }
    for (_, _, operation) in operations(document) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            refuse_null(&mut parameter["schema"]);
            let bounds = of_parameter(parameter["name"].as_str().unwrap_or_default());
            extend(&mut parameter["schema"], bounds);
        }
        // A body may be missing; it is never `null` as a whole.
        let body = operation.get_mut("requestBody");
        for (_, content) in body.into_iter().flat_map(|body| members(body, "content")) {
            refuse_null(&mut content["schema"]);
        }
    }
    for (schema, field, bounds) in of_fields() {
        extend(&mut document["components"]["schemas"][schema]["properties"][field], bounds);
    }
}

fn of_fields() -> Vec<(&'static str, &'static str, Value)> {
    let text = |bytes| json!({ "minLength": 1, "maxLength": bytes });
    let item = json!({ "minLength": 1, "maxLength": ITEM_BYTES, "pattern": NO_CONTROL_CHARACTERS });
    let from_to = |least: u64, most: u64| json!({ "minimum": least, "maximum": most });
    let share = json!({ "minimum": 0, "maximum": 1 });
    let cart = json!({ "maxItems": CART_ITEMS });
    vec![
        ("Login", "username", text(NAME_BYTES)),
        ("Login", "password", text(NAME_BYTES)),
        ("Login", "lifetime", from_to(1, LONGEST)),
        ("Login", "idle", from_to(1, LONGEST)),
        ("Login", "token_lifetime", from_to(1, LONGEST)),
        ("CookieOptions", "max_age", from_to(0, MAX_AGE)),
        ("AddItem", "item", item.clone()),
        ("PlaceOrder", "item", item),
        ("Cart", "cart", cart.clone()),
        ("Me", "cart", cart.clone()),
        ("Row", "cart", cart),
        ("Advance", "advance", from_to(1, LONGEST)),
        ("SetFaults", "store_delay_ms", from_to(0, LONGEST_FAULT)),
        ("ChangeTopology", "nodes", from_to(1, NODES.into())),
        ("Link", "delay_ms", from_to(0, LONGEST_DELAY)),
        ("Link", "loss", share.clone()),
        ("CrowdRequest", "visitors", from_to(1, VISITORS.into())),
        ("CrowdRequest", "requests", from_to(1, REQUESTS.into())),
        ("CrowdRequest", "write_fraction", share),
        ("CrowdRequest", "rate", from_to((*RATES.start()).into(), (*RATES.end()).into())),
    ]
}

fn of_parameter(name: &str) -> Value {
    let probes = Probe::all().count();
    match name {
        "lab" => json!({ "pattern": "^[A-Za-z0-9_-]{22}$" }),
        "node" => json!({ "minimum": 1, "maximum": NODES }),
        "name" => json!({ "enum": DEMO_USERS.map(|(name, _)| name) }),
        "from" => json!({ "maximum": probes.saturating_sub(1) }),
        "to" => json!({ "minimum": 1, "maximum": probes }),
        "lang" => json!({ "enum": Lang::ALL.map(Lang::tag) }),
        "scheme" => json!({ "enum": Scheme::ALL.map(Scheme::name) }),
        "same-site" => json!({ "enum": SameSite::ALL.map(SameSite::name) }),
        "Idempotency-Key" => json!({ "minLength": 1, "maxLength": KEY_BYTES, "pattern": "^[!-~]+$" }),
        _ => Value::Null,
    }
}

/// Not by index, which puts `null` where there is nothing.
fn members<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> + use<'a> {
    value.get_mut(name).and_then(Value::as_object_mut).into_iter().flatten()
}

fn extend(schema: &mut Value, more: Value) {
    if let (Some(schema), Value::Object(more)) = (schema.as_object_mut(), more) {
        schema.extend(more);
    }
}

/// Takes `null` out of the types of a schema.
fn refuse_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|kind| kind != "null");
        if let [kind] = types.as_slice() {
            schema["type"] = kind.clone();
        }
    }
    if let Some(one_of) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
        one_of.retain(|schema| schema["type"] != "null");
        if let [only] = one_of.as_mut_slice() {
            *schema = only.take();
        }
    }
}

/// A type that is a number under another name has become a schema of its own, which has no room for bounds.
fn inline_numbers(document: &mut Value) {
    for name in ["u8", "u64"] {
        let schemas = document["components"]["schemas"].as_object_mut();
        let Some(number) = schemas.and_then(|schemas| schemas.remove(name)) else { continue };
        let reference = format!("#/components/schemas/{name}");
        each(document, &mut |value: &mut Value| {
            if value["$ref"] == *reference {
                extend(value, number.clone());
                if let Some(fields) = value.as_object_mut() {
                    fields.remove("$ref");
                }
            }
        });
    }
}

/// Says of every number how large it may be: not every reader knows that of its format, which utoipa misspells besides.
fn bound_number(value: &mut Value) {
    let (format, most) = match value["format"].as_str() {
        Some("u-int8") => ("uint8", u8::MAX.into()),
        Some("u-int16") => ("uint16", u16::MAX.into()),
        Some("u-int32") => ("uint32", u32::MAX.into()),
        Some("u-int64") => ("uint64", u64::MAX),
        _ => return,
    };
    extend(value, json!({ "format": format, "maximum": most }));
}

/// Changes a value and all that is in it.
fn each(value: &mut Value, change: &mut impl FnMut(&mut Value)) {
    change(value);
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|value| each(value, change)),
        Value::Array(items) => items.iter_mut().for_each(|value| each(value, change)),
        _ => {}
    }
}

/// The schemas of what requests bring, and of what is in them.
fn taken(document: &Value) -> BTreeSet<String> {
    let operations = document["paths"].as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
    let mut rest: Vec<_> = operations.flat_map(Map::values).map(|operation| &operation["requestBody"]).collect();
    let mut taken = BTreeSet::new();
    while let Some(value) = rest.pop() {
        if let Some(name) = value["$ref"].as_str().and_then(|link| link.rsplit('/').next())
            && taken.insert(name.to_owned())
        {
            rest.push(&document["components"]["schemas"][name]);
        }
        rest.extend(value.as_object().into_iter().flat_map(Map::values));
        rest.extend(value.as_array().into_iter().flatten());
    }
    taken
}
