//! What every route of a kind takes and answers. A route's own description says only what is particular to it.

use http::StatusCode;
use serde_json::{Value, json};

/// Adds what a route belongs to, the lab of its address and the answers that come of what it is, and gives every error
/// its body.
pub(super) fn complete(document: &mut Value) {
    for (path, method, operation) in operations(document) {
        let is_bench = path.contains("/control/");
        let tag = if is_bench {
            "bench"
        } else if path.contains("{lab}") {
            "lesson"
        } else {
            "server"
        };
        operation["tags"] = json!([tag]);
        if is_bench && operation["responses"].get("200").is_none() {
            let view = json!({ "schema": { "$ref": "#/components/schemas/ServerView" } });
            operation["responses"]["200"] = json!({ "description": "", "content": { "application/json": view } });
        }
        if path.contains("{lab}") {
            add_lab(&mut operation["parameters"]);
        }
        let errors = errors(&path, &method, operation);
        let Some(responses) = operation["responses"].as_object_mut() else { continue };
        for (status, description) in errors {
            responses.entry(status).or_insert_with(|| json!({ "description": description }));
        }
        for (status, response) in responses {
            if response.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
                let status = status.parse::<StatusCode>().ok();
                response["description"] =
                    json!(status.and_then(|status| status.canonical_reason()).unwrap_or_default());
            }
            // A server that is not ready says which of its stores answer.
            if status.starts_with(['4', '5']) && response.get("content").is_none() {
                let problem = json!({ "$ref": "#/components/schemas/Problem" });
                response["content"] = json!({ "application/problem+json": { "schema": problem } });
            }
        }
    }
}

fn add_lab(parameters: &mut Value) {
    let schema = json!({ "type": "string" });
    let lab = json!({ "name": "lab", "in": "path", "required": true, "description": "the lab's id", "schema": schema });
    match parameters {
        Value::Array(parameters) => parameters.insert(0, lab),
        none => *none = json!([lab]),
    }
}

/// Each with its path and method.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = (String, String, &mut Value)> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object_mut().into_iter().flatten();
        methods.map(move |(method, operation)| (path.clone(), method.clone(), operation))
    })
}

fn errors(path: &str, method: &str, operation: &Value) -> Vec<(&'static str, &'static str)> {
    let is = |tag: &str| operation["tags"][0] == tag;
    let (lesson, bench) = (is("lesson"), is("bench"));
    let has_body = operation["requestBody"].is_object();
    // Where no body is wanted, one that is no empty object is refused; the probe takes whatever comes.
    let judges_body = has_body || (path.contains("{lab}") && method != "get" && !path.ends_with("/probe"));
    // The lesson's bodies are read for the record, also where nobody wants one.
    let reads_body = judges_body || lesson;
    let is_braked = path != "/healthz";
    let leads = method == "get" && ["/", "/lab/{lab}"].contains(&path);
    let is_secured = operation["security"].is_array();
    let shows_view = operation["responses"]["200"].to_string().contains("/ServerView");
    let rules = [
        (judges_body, "400", "a body that cannot be read, or that has other fields"),
        (is_secured, "400", "more than one credential"),
        (lesson, "400", "more than eight credentials"),
        (path.contains("{lab}"), "429", "too many new labs from one address"),
        (is_secured, "401", "no credential, or one that does not hold"),
        (bench, "403", "from another origin"),
        (lesson && method != "get" && !path.ends_with("/probe"), "403", "from another origin, and the lab checks it"),
        (path.contains("{lab}"), "404", "no such lab"),
        (reads_body, "408", "the body did not come in time"),
        (reads_body, "413", "a body over 16 KiB"),
        (judges_body, "415", "a body of another type"),
        (lesson, "502", "the node stopped before it answered"),
        (lesson, "503", "no node is up, the session store does not answer, or too much is under way"),
        (bench && shows_view, "503", "the session store does not answer, or too much is under way"),
        (leads, "307", "to the address by which browsers know this server, where they came by another one"),
        (is_braked, "400", "not one Host, or one that is none"),
        (is_braked, "503", "too much is under way"),
    ];
    rules.into_iter().filter(|(applies, ..)| *applies).map(|(_, status, words)| (status, words)).collect()
}
