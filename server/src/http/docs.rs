//! The API's description: OpenAPI 3.1 for programs, and the same document as a page for people.

use app::boot::Assets;
use axum::{Router, body::Bytes, response::Html, routing::get};
use domain::api::Problem;
use http::header;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, Paths,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

mod answers;
mod page;
mod schemas;

/// Completes what was collected from the routes themselves, and gives it in both forms.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(mut collected: OpenApi, assets: &Assets) -> Router<S> {
    let components = ComponentsBuilder::new()
        .schema_from::<Problem>()
        .security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("sid"))))
        .security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let info = InfoBuilder::new()
        .title("Login Lab")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Everything that the page does, curl can do. Errors are problem details (RFC 9457)."));
    collected.merge(OpenApi::builder().components(Some(components.build())).paths(Paths::new()).build());
    collected.info = info.build();
    let mut document = serde_json::to_value(&collected).unwrap_or_default();
    answers::complete(&mut document);
    schemas::complete(&mut document);
    let Html(page) = page::html(&document, assets);
    Router::new()
        .route("/openapi.json", get(([(header::CONTENT_TYPE, "application/json")], Bytes::from(document.to_string()))))
        .route("/api-docs", get(Html(Bytes::from(page))))
}
