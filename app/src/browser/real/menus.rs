//! What lies over the page or is out of sight, and how it comes into sight.

use super::{all, document, element, listen, values::after, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

/// Puts the focus on an element without scrolling to it, and returns where it was.
pub(crate) fn move_focus(id: &str) -> Option<Focus> {
    let document = document()?;
    let before = document.active_element()?.dyn_into().ok()?;
    let to: web_sys::HtmlElement = document.get_element_by_id(id)?.dyn_into().ok()?;
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    to.focus_with_options(&options).ok()?;
    Some(Focus(before))
}

/// Where the focus was.
pub(crate) struct Focus(web_sys::HtmlElement);

impl Focus {
    /// Puts it back, if it is nowhere now.
    pub(crate) fn put_back(&self) {
        let is_nowhere = document()
            .and_then(|document| document.active_element())
            .is_none_or(|active| active.tag_name().eq_ignore_ascii_case("body"));
        if is_nowhere {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = self.0.focus_with_options(&options);
        }
    }
}

/// Scrolls to an element and puts the focus there.
pub(crate) fn go_to(id: &str) {
    if let Some(element) = element(id) {
        element.scroll_into_view();
        let _ = element.focus();
    }
}

/// Opens a dialog before everything else.
pub(crate) fn open_dialog(id: &str) {
    if let Some(dialog) = element(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok()) {
        let _ = dialog.show_modal();
    }
}

/// Brings a button into sight and marks it as pressed for a moment. What it is folded into opens meanwhile; everything
/// else that lies over the page closes.
pub(crate) fn point_at(id: &str) {
    close_menus();
    let Some(element) = element(id) else { return };
    open_around(&element);
    // Once what opened is laid out.
    after(0, move || {
        into_sight(&element);
        let _ = element.class_list().add_1("pressed");
        after(900, move || {
            let _ = element.class_list().remove_1("pressed");
        });
    });
}

/// Opens what an element is folded into. In a narrow window that may be a sheet, or a place behind its cell.
fn open_around(element: &Element) {
    let around = || std::iter::successors(element.parent_element(), |outer| outer.parent_element());
    for outer in around().filter(|outer| outer.tag_name().eq_ignore_ascii_case("details")) {
        let _ = outer.set_attribute("open", "");
    }
    let is_shown = element.dyn_ref::<HtmlElement>().is_some_and(|element| element.offset_parent().is_some());
    for id in around().map(|outer| outer.id()).filter(|id| !is_shown && !id.is_empty()) {
        let opens = format!(".opens[popovertarget='{id}'],[aria-controls='{id}'][aria-expanded='false']");
        let opener = document().and_then(|document| document.query_selector(&opens).ok()).flatten();
        if let Some(opener) = opener.and_then(|opener| opener.dyn_into::<HtmlElement>().ok()) {
            opener.click();
        }
    }
}

/// Brings an element into sight.
pub(crate) fn show(id: &str) {
    if let Some(element) = element(id) {
        into_sight(&element);
    }
}

fn into_sight(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Closes what lies over the page.
pub(crate) fn close_menus() {
    for menu in all("details.menu[open]") {
        // What had the focus in it is out of reach then.
        if let Ok(Some(_)) = menu.query_selector(":focus")
            && let Ok(Some(opener)) = menu.query_selector("summary")
            && let Ok(opener) = opener.dyn_into::<HtmlElement>()
        {
            let _ = opener.focus();
        }
        let _ = menu.remove_attribute("open");
    }
    for sheet in all("[popover]:popover-open") {
        let _ = sheet.hide_popover();
    }
}

/// Lets a click beside it, and Escape, close what lies over the page.
pub(crate) fn on_leaving_menus() {
    let Some(window) = window() else { return };
    listen(&window, "pointerdown", |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_none_or(|target| target.closest("details.menu[open],[popover]").is_ok_and(|found| found.is_none()))
        {
            close_menus();
        }
    });
    listen(&window, "keydown", |event| {
        if event.dyn_into::<KeyboardEvent>().is_ok_and(|event| event.key() == "Escape") {
            close_menus();
        }
    });
}
