//! What is pressed, chosen and entered, in HTML that the server wrote.

use super::{all, element, listen, menus::close_menus, window};
use crate::browser::{Clicked, Key, Used};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

/// Calls for each control that the server wrote, when it is pressed, chosen in or sent.
pub(crate) fn on_use(f: impl Fn(Used) + Clone + 'static) {
    let Some(window) = window() else { return };
    for (kind, attribute) in [("click", "data-press"), ("change", "data-set"), ("submit", "data-send")] {
        let f = f.clone();
        listen(&window, kind, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let control = target.and_then(|target| target.closest(&format!("[{attribute}]")).ok()).flatten();
            let Some(control) = control else { return };
            if kind == "submit" {
                event.prevent_default();
            }
            let name = control.get_attribute(attribute).unwrap_or_default();
            let in_window = control.has_attribute("data-window");
            f(Used { name, value: chosen_in(&control), in_window });
            // A menu of buttons closes with a press.
            if kind == "click" && control.closest("details.menu.list").is_ok_and(|menu| menu.is_some()) {
                close_menus();
            }
        });
    }
}

fn chosen_in(control: &Element) -> String {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        return if input.type_() == "checkbox" { input.checked().to_string() } else { input.value() };
    }
    control.dyn_ref::<HtmlSelectElement>().map_or_else(String::new, HtmlSelectElement::value)
}

/// What is chosen or entered in the control with this id.
pub(crate) fn value_of(id: &str) -> String {
    element(id).map_or_else(String::new, |element| chosen_in(&element))
}

/// Chooses or enters it in each control that this selector names.
pub(crate) fn choose(selector: &str, value: &str) {
    for element in all(selector) {
        if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
            select.set_value(value);
        } else if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.set_value(value);
        }
    }
}

/// Ticks or chooses each box that this selector names, or unticks it.
pub(crate) fn check(selector: &str, on: bool) {
    for input in all(selector).filter_map(|element| element.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(on);
    }
}

/// Sets or removes an attribute of each element that this selector names.
pub(crate) fn attribute(selector: &str, name: &str, value: Option<&str>) {
    for element in all(selector) {
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }
}

/// Gives each element that this selector names this text.
pub(crate) fn say(selector: &str, text: &str) {
    for element in all(selector) {
        if element.text_content().as_deref() != Some(text) {
            element.set_text_content(Some(text));
        }
    }
}

/// Calls for each of the slides' keys that no field or button needs itself; `true` says that it was meant.
pub(crate) fn on_key(f: impl Fn(Key) -> bool + 'static) {
    let Some(window) = window() else { return };
    listen(&window, "keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let (key, not_within) = match event.key().as_str() {
            // A presenter's remote control sends the page keys.
            "ArrowLeft" | "PageUp" => (Key::Left, "input,select,textarea,dialog,[tabindex='0']"),
            "ArrowRight" | "PageDown" => (Key::Right, "input,select,textarea,dialog,[tabindex='0']"),
            " " => (Key::Space, "input,select,textarea,button,a,summary,dialog"),
            "Escape" => (Key::Escape, "input,select,textarea,dialog"),
            _ => return,
        };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_taken = target.is_some_and(|target| target.closest(not_within).is_ok_and(|found| found.is_some()));
        if !is_taken && f(key) {
            event.prevent_default();
        }
    });
}

/// What was clicked within HTML that the server wrote.
pub(crate) fn clicked(event: &Event) -> Option<Clicked> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if let Some(button) = target.closest("button[value]").ok()? {
        let of = |name: &str| button.get_attribute(name).unwrap_or_default();
        let in_window = button.has_attribute("data-window");
        return Some(Clicked::Button { name: of("name"), value: of("value"), in_window });
    }
    let details = target.closest("summary").ok()??.parent_element()?;
    Some(Clicked::Summary { of: details.id(), will_open: !details.has_attribute("open") })
}

/// Clicks on what this selector names.
pub(crate) fn click(selector: &str) {
    for element in all(selector) {
        element.click();
    }
}

/// What a button, or what opens a menu, is called.
pub(crate) fn name_of(id: &str) -> Option<String> {
    let element = element(id)?;
    let inside = || element.query_selector("summary,h3,legend").ok().flatten();
    let around = || element.closest("label").ok().flatten();
    // What stands in a menu is called by the menu.
    let menu = || element.closest("details.menu").ok().flatten()?.query_selector("summary").ok().flatten();
    let named = if element.tag_name().eq_ignore_ascii_case("button") {
        Some(Element::clone(&element))
    } else {
        inside().or_else(around).or_else(menu)
    };
    let said = element.get_attribute("aria-label").or_else(|| named?.text_content());
    said.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Whether a button was clicked.
pub(crate) fn is_button(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("button").is_ok_and(|button| button.is_some()))
}

/// What is chosen and entered in a form at this moment, each by its name.
pub(crate) fn chosen(form: &str) -> Vec<(String, String)> {
    let Some(form) = element(form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return Vec::new() };
    let Ok(data) = web_sys::FormData::new_with_form(&form) else { return Vec::new() };
    let pair = |entry: JsValue| {
        let entry: js_sys::Array = entry.dyn_into().ok()?;
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    js_sys::try_iter(&data.entries())
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .filter_map(|entry| pair(entry.ok()?))
        .collect()
}
