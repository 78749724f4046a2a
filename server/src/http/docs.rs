//! The API's description: OpenAPI 3.1 for programs, and the same document as a page for people.

use app::boot::Assets;
use axum::{
    Extension, Json,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::Value;
use std::{fmt::Write as _, sync::Arc};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, Paths,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

/// The description, in both forms.
#[derive(Debug)]
pub(crate) struct Docs {
    json: Value,
    html: String,
}

impl Docs {
    /// Completes what was collected from the routes themselves.
    pub(crate) fn new(mut collected: OpenApi, assets: &Assets) -> Self {
        let schemes = ComponentsBuilder::new()
            .security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("sid"))))
            .security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let info = InfoBuilder::new()
            .title("Login Lab")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some("Everything that the page does, curl can do. Errors are problem details (RFC 9457)."));
        collected.merge(OpenApi::builder().components(Some(schemes.build())).paths(Paths::new()).build());
        collected.info = info.build();
        let json = serde_json::to_value(&collected).unwrap_or_default();
        let html = html(&json, assets);
        Self { json, html }
    }
}

/// `GET /openapi.json`.
pub(crate) async fn json(Extension(docs): Extension<Arc<Docs>>) -> Response {
    uncached(Json(docs.json.clone()).into_response())
}

/// `GET /api-docs`.
pub(crate) async fn page(Extension(docs): Extension<Arc<Docs>>) -> Response {
    uncached(Html(docs.html.clone()).into_response())
}

fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn members(value: &Value, name: &str) -> impl Iterator<Item = (String, Value)> {
    value.get(name).and_then(Value::as_object).cloned().unwrap_or_default().into_iter()
}

/// The document as plain HTML: no script, and the page's own style.
fn html(document: &Value, assets: &Assets) -> String {
    let mut body = String::new();
    for (path, item) in members(document, "paths") {
        for (method, operation) in item.as_object().into_iter().flatten() {
            operation_html(&mut body, method, &path, operation);
        }
    }
    body.push_str("<h2 id=\"bodies\">Bodies</h2>\n");
    for (name, schema) in document.get("components").into_iter().flat_map(|c| members(c, "schemas")) {
        let pretty = serde_json::to_string_pretty(&schema).unwrap_or_default();
        let (name, pretty) = (escape(&name), escape(&pretty));
        let _ = writeln!(body, "<section><h3 id=\"{name}\">{name}</h3><pre><code>{pretty}</code></pre></section>");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Login Lab: the API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{}\"></head>\n<body class=\"api-docs\"><main><h1>Login Lab: the API</h1>\n\
         <p>{} As a document for programs: <a href=\"/openapi.json\">OpenAPI 3.1</a>. Back to <a href=\"/\">a lab</a>.</p>\n{body}</main></body></html>\n",
        escape(&assets.css),
        escape(document.get("info").map_or("", |info| text(info, "description"))),
    )
}

/// Writing into a `String` does not fail, hence the ignored results.
fn operation_html(body: &mut String, method: &str, path: &str, operation: &Value) {
    let (method, path) = (escape(&method.to_uppercase()), escape(path));
    let words = [text(operation, "summary"), text(operation, "description")].join(" ");
    let _ = writeln!(body, "<section><h2><code>{method} {path}</code></h2><p>{}</p>", escape(words.trim()));
    let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for parameter in parameters.iter().filter(|parameter| text(parameter, "name") != "lab") {
        let (name, place) = (escape(text(parameter, "name")), escape(text(parameter, "in")));
        let _ = writeln!(body, "<p><code>{name}</code> ({place}): {}</p>", escape(text(parameter, "description")));
    }
    for (kind, content) in operation.get("requestBody").into_iter().flat_map(|b| members(b, "content")) {
        let _ = writeln!(body, "<p>takes <code>{}</code>{}</p>", escape(&kind), schema_link(&content));
    }
    body.push_str("<ul>\n");
    for (status, response) in members(operation, "responses") {
        let links: String = members(&response, "content").map(|(_, content)| schema_link(&content)).collect();
        let words = escape(text(&response, "description"));
        let _ = writeln!(body, "<li><code>{}</code>{links} {words}</li>", escape(&status));
    }
    body.push_str("</ul></section>\n");
}

/// The first schema that a content names, as a link to it.
fn schema_link(content: &Value) -> String {
    fn reference(value: &Value) -> Option<&str> {
        match value {
            Value::Object(fields) => {
                fields.get("$ref").and_then(Value::as_str).or_else(|| fields.values().find_map(reference))
            }
            Value::Array(items) => items.iter().find_map(reference),
            _ => None,
        }
    }
    let name = reference(content).and_then(|link| link.rsplit('/').next()).map(escape);
    name.map(|name| format!(": <a href=\"#{name}\">{name}</a>")).unwrap_or_default()
}
