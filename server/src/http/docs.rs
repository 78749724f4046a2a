//! The API's description: OpenAPI 3.1 for programs, and the same document as a page for people.

use app::boot::Assets;
use axum::{
    Extension,
    body::Bytes,
    http::header,
    response::{Html, IntoResponse},
};
use domain::api::Problem;
use std::sync::Arc;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, Paths,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

mod answers;
mod page;
mod schemas;

/// The description, in both forms.
#[derive(Debug)]
pub(crate) struct Docs {
    json: Bytes,
    html: Bytes,
}

impl Docs {
    /// Completes what was collected from the routes themselves.
    pub(crate) fn new(mut collected: OpenApi, assets: &Assets) -> Self {
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
        let Html(html) = page::html(&document, assets);
        Self { json: document.to_string().into(), html: html.into() }
    }
}

/// `GET /openapi.json`.
pub(crate) async fn json(Extension(docs): Extension<Arc<Docs>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], docs.json.clone())
}

/// `GET /api-docs`.
pub(crate) async fn page(Extension(docs): Extension<Arc<Docs>>) -> Html<Bytes> {
    Html(docs.html.clone())
}
