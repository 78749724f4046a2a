//! What the API's description says, for tests that go through all of it.

use crate::callers::*;
use axum::http::Method;
use serde_json::{Value, json};

/// A route with a method, as it is described.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) says: Value,
}

impl Operation {
    /// What comes after the lab in its address, filled in.
    pub(crate) fn below(&self) -> Option<String> {
        let below = self.path.strip_prefix("/lab/{lab}")?.trim_start_matches('/');
        Some(below.replace("{name}", "alice").replace("{node}", "1").replace("{id}", "1"))
    }

    pub(crate) fn is(&self, tag: &str) -> bool {
        self.says["tags"][0] == tag
    }

    /// The schema of its JSON body.
    pub(crate) fn body(&self) -> Option<&Value> {
        self.says["requestBody"]["content"].get("application/json").map(|content| &content["schema"])
    }

    pub(crate) fn answers(&self, status: u16) -> &Value {
        &self.says["responses"][status.to_string()]
    }

    /// An event stream has no end to wait for.
    pub(crate) fn ends(&self) -> bool {
        !self.path.ends_with("/events")
    }
}

pub(crate) async fn document(lab: &Lab) -> Value {
    lab.get("/openapi.json", &[]).await.ok()
}

pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            all.push(Operation { method, path: path.clone(), says: operation.clone() });
        }
    }
    all
}

/// The schema itself, where there is only its name.
pub(crate) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => &document["components"]["schemas"][name.rsplit('/').next().unwrap()],
        None => schema,
    }
}

/// The smallest value that a schema takes.
pub(crate) fn smallest(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default();
    match kind {
        "object" => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let mut value = json!({});
            for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                if required.contains(&json!(name)) || field["minimum"].as_u64().is_some_and(|least| least > 0) {
                    value[name] = smallest(document, field);
                }
            }
            value
        }
        "integer" | "number" => json!(schema["minimum"].as_u64().unwrap_or(0)),
        "string" => json!("x".repeat(schema["minLength"].as_u64().unwrap_or(0).try_into().unwrap())),
        other => panic!("{other}: {schema}"),
    }
}

/// Each field of a body, as a JSON pointer, with its schema.
pub(crate) fn fields(document: &Value, schema: &Value, above: &str) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, field) in resolved(document, schema)["properties"].as_object().into_iter().flatten() {
        let pointer = format!("{above}/{name}");
        let of = field["oneOf"].as_array().map_or(field, |one_of| &one_of[0]);
        all.extend(fields(document, of, &pointer));
        all.push((pointer, field.clone()));
    }
    all
}

pub(crate) fn takes_null(field: &Value) -> bool {
    let is_null = |schema: &Value| schema["type"] == "null";
    field["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
        || field["oneOf"].as_array().is_some_and(|one_of| one_of.iter().any(is_null))
}

pub(crate) fn is_integer(field: &Value) -> bool {
    field["type"] == "integer" || field["type"].as_array().is_some_and(|types| types.contains(&json!("integer")))
}

/// What is wrong with a value, if anything is.
pub(crate) fn misfit(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let schema = resolved(document, schema);
    if let Some(one_of) = schema["oneOf"].as_array() {
        let fits = one_of.iter().any(|schema| misfit(document, schema, value).is_none());
        return (!fits).then(|| format!("{value} is none of {one_of:?}"));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return Some(format!("{value} is not in {schema}"));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let is_of = |allowed: &&str| *allowed == kind || (*allowed == "number" && kind == "integer");
    if !types.is_empty() && !types.iter().any(is_of) {
        return Some(format!("{value} is no {types:?}"));
    }
    let most = schema["maximum"].as_f64().zip(value.as_f64());
    if most.is_some_and(|(most, value)| value > most) {
        return Some(format!("{value} is over {schema}"));
    }
    if let Some(items) = value.as_array() {
        // Pairs say what each of the two is; the others say what all of them are.
        return items
            .iter()
            .find_map(|item| misfit(document, &schema["items"], item))
            .filter(|_| schema["items"].is_object());
    }
    let fields = value.as_object()?;
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            return Some(format!("{name} is missing in {value}"));
        }
    }
    fields.iter().find_map(|(name, value)| match schema["properties"].get(name) {
        Some(field) => misfit(document, field, value).map(|why| format!("{name}: {why}")),
        None => Some(format!("{name} is not described")),
    })
}
