//! The document as plain HTML: no script, and the page's own style.

use crate::http::html;
use app::boot::Assets;
use axum::response::Html;
use maud::{Markup, html};
use serde_json::{Map, Value};

pub(super) fn html(document: &Value, assets: &Assets) -> Html<String> {
    let operations = members(&document["paths"])
        .flat_map(|(path, item)| members(item).map(move |(method, operation)| (path, method, operation)));
    html::document(&html! {
        html lang="en" {
            (html::styled("Login Lab: the API", &assets.css))
            body.api-docs {
                main {
                    h1 { "Login Lab: the API" }
                    p {
                        (text(&document["info"]["description"])) " As a document for programs: "
                        a href="/openapi.json" { "OpenAPI 3.1" } ". Back to " a href="/" { "a lab" } "."
                    }
                    @for (path, method, operation) in operations { (described(path, method, operation)) }
                    h2 id="bodies" { "Bodies" }
                    @for (name, schema) in members(&document["components"]["schemas"]) {
                        section {
                            h3 id=(name) { (name) }
                            pre { code { (serde_json::to_string_pretty(schema).unwrap_or_default()) } }
                        }
                    }
                }
            }
        }
    })
}

fn described(path: &str, method: &str, operation: &Value) -> Markup {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        section {
            h2 { code { (method.to_uppercase()) " " (path) } }
            p { (text(&operation["summary"])) " " (text(&operation["description"])) }
            @for parameter in parameters.iter().filter(|parameter| parameter["name"] != "lab") {
                p {
                    code { (text(&parameter["name"])) } " (" (text(&parameter["in"])) "): "
                    (text(&parameter["description"]))
                }
            }
            @for (kind, content) in members(&operation["requestBody"]["content"]) {
                p { "takes " code { (kind) } (link(content)) }
            }
            ul {
                @for (status, response) in members(&operation["responses"]) {
                    li {
                        code { (status) }
                        @for (_, content) in members(&response["content"]) { (link(content)) }
                        " " (text(&response["description"]))
                    }
                }
            }
        }
    }
}

/// A link to the first schema that a content names.
fn link(content: &Value) -> Markup {
    fn reference(value: &Value) -> Option<&str> {
        match value {
            Value::Object(fields) => {
                fields.get("$ref").and_then(Value::as_str).or_else(|| fields.values().find_map(reference))
            }
            Value::Array(items) => items.iter().find_map(reference),
            _ => None,
        }
    }
    let name = reference(content).and_then(|link| link.rsplit('/').next());
    html! { @if let Some(name) = name { ": " a href={ "#" (name) } { (name) } } }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}
