//! Parts of the page that are filled, framed, searched and exchanged.

use super::{all, document, element, values::timer};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlIFrameElement};

/// A frame on the page; dropping it removes it.
pub(crate) struct Frame(HtmlIFrameElement);

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}

impl Frame {
    /// Loads a page of this origin into a frame within the element with this id, and waits until it has loaded;
    /// `None` when it has not after ten seconds.
    pub(crate) async fn load(within: &str, title: &str, url: &str) -> Option<Self> {
        let document = document()?;
        let frame: HtmlIFrameElement = document.create_element("iframe").ok()?.dyn_into().ok()?;
        frame.set_title(title);
        frame.set_src(url);
        let of = frame.clone();
        let loaded = js_sys::Promise::new(&mut |resolve, _| of.set_onload(Some(&resolve)));
        document.get_element_by_id(within)?.append_child(&frame).ok()?;
        let frame = Self(frame);
        let first = js_sys::Promise::race(&js_sys::Array::of2(&loaded, &timer(10_000)));
        let event = JsFuture::from(first).await.ok()?;
        (!event.is_undefined()).then_some(frame)
    }

    /// An attribute of the framed page's root element.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.0.content_document()?.document_element()?.get_attribute(name)
    }
}

/// Sets or removes an attribute of `<html>`.
pub(crate) fn root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// The texts of all elements that this selector names within an element.
pub(crate) fn texts(within: &str, selector: &str) -> Vec<String> {
    let found = element(within).and_then(|within| within.query_selector_all(selector).ok());
    let Some(found) = found else { return Vec::new() };
    let text = |at| found.item(at)?.text_content();
    (0..found.length()).filter_map(text).map(|text| text.trim().to_owned()).collect()
}

/// The ids of all elements that this selector names.
pub(crate) fn ids(selector: &str) -> Vec<String> {
    all(selector).map(|element| element.id()).collect()
}

/// Whether there is an element with this id.
pub(crate) fn is_there(id: &str) -> bool {
    element(id).is_some()
}

/// Puts each piece of HTML that the server wrote where it says: into the element whose id its `data-of` has. Whether there
/// was one.
pub(crate) fn put(html: &str) -> bool {
    let Some(holder) = document().and_then(|document| document.create_element("div").ok()) else { return false };
    holder.set_inner_html(html);
    let mut is_put = false;
    while let Some(piece) = holder.first_element_child() {
        piece.remove();
        if let Some(of) = piece.get_attribute("data-of").and_then(|of| element(&of)) {
            is_put |= of.append_child(&piece).is_ok();
        }
    }
    is_put
}

/// An attribute of the nearest element around this one that has it.
pub(crate) fn around(id: &str, attribute: &str) -> Option<String> {
    element(id)?.closest(&format!("[{attribute}]")).ok()??.get_attribute(attribute)
}

/// Gives an element this class and this text.
pub(crate) fn fill(id: &str, class: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_class_name(class);
        element.set_text_content(Some(text));
    }
}

/// Shows only those claims within an element in which all these words are.
pub(crate) fn only_with(within: &str, words: &str) {
    let Some(claims) = element(within).and_then(|within| within.query_selector_all(".claim").ok()) else { return };
    // The browser has the tables of all alphabets; ours would be a part of the page.
    let lower = |text: &str| String::from(js_sys::JsString::from(text).to_lower_case());
    let words = lower(words);
    for at in 0..claims.length() {
        let Some(claim) = claims.item(at).and_then(|claim| claim.dyn_into::<HtmlElement>().ok()) else { continue };
        let text = lower(&claim.text_content().unwrap_or_default());
        let joined = text.split_whitespace().collect::<String>();
        // Longer words, and all in Korean, are written together or apart, as one likes: logout, log out.
        let has = |word: &str| text.contains(word) || (word.len() > 5 && joined.contains(word));
        claim.set_hidden(!words.split_whitespace().all(has));
    }
}

/// An element in the place of another one, once it is filled.
pub(crate) struct Place {
    old: HtmlElement,
    new: HtmlElement,
}

impl Place {
    /// One that is to stand where the element with this id stands, and like it; `None` where there is none.
    pub(crate) fn new(id: &str) -> Option<Self> {
        let old = element(id)?;
        let new = old.clone_node().ok()?.dyn_into().ok()?;
        Some(Self { old, new })
    }

    /// The new one, to be filled.
    pub(crate) fn element(&self) -> HtmlElement {
        self.new.clone()
    }

    /// Puts it there. What stands in the old one's element with the id `kept` goes along as it is, and what had the
    /// focus has it again.
    pub(crate) fn take(self, kept: &str) {
        // What the server wrote goes where its place is kept.
        let places = self.new.query_selector_all(".kept").ok();
        for at in 0..places.as_ref().map_or(0, web_sys::NodeList::length) {
            let place = places.as_ref().and_then(|places| places.item(at)?.dyn_into::<Element>().ok());
            if let Some(place) = place
                && let Ok(Some(written)) = self.old.query_selector(&format!("#{}", place.id()))
            {
                let _ = place.replace_with_with_node_1(&written);
            }
        }

        let focused = document().and_then(|document| document.active_element()).map(|element| element.id());
        let of_id = |place: &HtmlElement| place.query_selector(&format!("#{kept}")).ok().flatten();
        if let (Some(old), Some(new)) = (of_id(&self.old), of_id(&self.new)) {
            while let Some(child) = old.first_child() {
                if new.append_child(&child).is_err() {
                    break;
                }
            }
        }
        let _ = self.old.replace_with_with_node_1(&self.new);
        if let Some(element) = focused.filter(|id| !id.is_empty()).and_then(|id| element(&id)) {
            let _ = element.focus();
        }
    }
}
