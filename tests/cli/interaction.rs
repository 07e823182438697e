//! The page for a browser, in a browser: what a reader can do with it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::html::hostile;
use crate::repository;

/// The page of an audit of `folder`, which goes with the folder that is returned.
fn page_of(folder: &Path) -> (PathBuf, TempDir) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("page.html");
    let target = file.display().to_string();
    let arguments = ["audit", ".", "--format", "html", "--output", &target];
    let run = crate::run(folder, &arguments);
    assert!(run.code.is_some_and(|code| code < 2), "{}", run.stderr);
    (file, home)
}

/// The page of the fixtures at one of its sections, in a browser if there is one.
fn open(fragment: &str) -> Option<(Browser, TempDir)> {
    let (file, home) = page_of(&repository().join("fixtures"));
    Some((Browser::open(&file, fragment)?, home))
}

/// Panics unless the page has asked for nothing but itself and nothing went wrong.
fn assert_quiet(mut browser: Browser) {
    let (requests, complaints) = browser.requests_and_complaints();
    assert_eq!(complaints, [""; 0]);
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].starts_with("file://"), "{requests:?}");
}

/// How many elements a reader sees of those that a selector finds.
fn n_seen(browser: &mut Browser, selector: &str) -> u64 {
    let seen = browser.value(&format!(
        "[...document.querySelectorAll({selector:?})].filter((one) => one.checkVisibility() && one.getClientRects().length).length"
    ));
    seen.as_u64().unwrap()
}

#[test]
fn findings_are_searched_and_filtered() {
    let Some((mut browser, _home)) = open("findings") else {
        return;
    };
    let all = n_seen(&mut browser, "#findings .finding");
    assert!(all > 8);
    let search = "form[data-for=findings] input";
    browser.fill(search, "broken");
    let found = n_seen(&mut browser, "#findings .finding");
    assert!(0 < found && found < all, "{found} of {all}");
    let told = browser.text("document.querySelector('form[data-for=findings] output').textContent");
    assert_eq!(told, format!("{found} of {all} findings"));
    browser.fill(search, "");
    assert_eq!(n_seen(&mut browser, "#findings .finding"), all);

    browser.choose("form[data-for=findings] select", "error");
    let errors = n_seen(&mut browser, "#findings .finding");
    assert!(0 < errors && errors < all, "{errors} of {all}");
    assert_eq!(n_seen(&mut browser, "#findings .finding.error"), errors);
    assert_quiet(browser);
}

#[test]
fn agents_are_sorted_and_opened() {
    let Some((mut browser, _home)) = open("agents") else {
        return;
    };
    let first = "document.querySelector('table.sorted tbody th a').textContent";
    let before = browser.text(first);
    browser.click("table.sorted thead th:nth-child(4) button");
    assert_ne!(browser.text(first), before, "by tokens, the most first");
    let tokens = browser.value(
        "[...document.querySelectorAll('table.sorted tbody td:nth-child(4)')].map((cell) => Number(cell.textContent.replaceAll(',', '')))",
    );
    let tokens: Vec<u64> = serde_json::from_value(tokens).unwrap();
    assert!(tokens.is_sorted_by(|a, b| a >= b), "{tokens:?}");

    let name = browser.text(first);
    browser.click("table.sorted tbody th a");
    browser.wait_for("document.querySelector('dialog').open");
    assert_eq!(browser.text("document.activeElement.textContent"), name);
    browser.press("Escape");
    browser.wait_for("!document.querySelector('dialog').open");
    browser.address("#agents");
    assert_quiet(browser);
}

#[test]
fn a_group_leads_to_its_pairs() {
    let Some((mut browser, _home)) = open("groups") else {
        return;
    };
    // The page stays where it is behind what is opened.
    browser.click("#group-1 th a");
    let place = browser.value("scrollY");
    browser.click("dialog .close");
    assert_eq!(browser.value("scrollY"), place);
    browser.click("#group-1 a.open");
    browser.wait_for("document.querySelector('dialog').open");
    let pair = browser.address("#pair-");
    assert!(n_seen(&mut browser, "dialog .match mark") > 3);
    browser.click("dialog .match h3 a");
    browser.address("#agent-");
    browser.wait_for("document.querySelector('dialog tbody tr') !== null");
    browser.value("history.back()");
    browser.wait_for(&format!("location.hash === {pair:?}"));
    browser.wait_for("document.querySelector('dialog mark') !== null");
    browser.click("dialog .close");
    assert_eq!(browser.value("document.querySelector('dialog').open"), false);
    assert_quiet(browser);
}

#[test]
fn the_graph_is_moved_searched_and_filtered() {
    let Some((mut browser, _home)) = open("graph") else {
        return;
    };
    let extent = "document.querySelector('.graph > svg').getAttribute('viewBox')";
    let whole = browser.text(extent);
    browser.drag(".graph > svg", 60.0, 40.0);
    let moved = browser.text(extent);
    assert_ne!(moved, whole);
    assert_eq!(browser.value("location.hash"), "#graph", "no click");
    browser.click("form[data-for=graph] button[aria-label=Enlarge]");
    assert_ne!(browser.text(extent), moved);
    browser.click("form[data-for=graph] button[aria-label='Fit the whole picture']");
    assert_eq!(browser.text(extent), whole);

    let name = browser.text("document.querySelector('.graph .node text').textContent");
    browser.fill("form[data-for=graph] input", &name);
    assert!(n_seen(&mut browser, ".graph .node.on") > 0);
    browser.fill("form[data-for=graph] input", "");
    assert_eq!(n_seen(&mut browser, ".graph .node.on"), 0);

    let edges = n_seen(&mut browser, ".graph .edge line");
    browser.choose("form[data-for=graph] select", "conflict");
    let conflicts = n_seen(&mut browser, ".graph .edge line");
    assert!(0 < conflicts && conflicts < edges, "{conflicts} of {edges}");
    assert_eq!(n_seen(&mut browser, ".graph .edge.conflict line"), conflicts);
    browser.choose("form[data-for=graph] select", "");

    let circles = n_seen(&mut browser, ".graph .node");
    let rules = "form[data-for=graph] label:nth-of-type(3) select";
    browser.choose(rules, "name-collision");
    let concerned = n_seen(&mut browser, ".graph .node");
    assert!(0 < concerned && concerned < circles, "{concerned} of {circles}");
    browser.choose(rules, "");
    let folders = "form[data-for=graph] label:nth-of-type(4) select";
    browser.choose(folders, "backend-team/");
    let inside = n_seen(&mut browser, ".graph .node");
    assert!(0 < inside && inside < circles, "{inside} of {circles}");
    browser.choose(folders, "");
    assert_eq!(n_seen(&mut browser, ".graph .node"), circles);

    browser.point_at(".graph .node circle");
    let told = browser.text("document.querySelector('.graph .status').textContent");
    assert!(told.contains("tied to"), "{told}");
    browser.click(".graph .node circle");
    browser.wait_for("document.querySelector('dialog').open");
    assert_quiet(browser);
}

#[test]
fn a_line_of_the_graph_opens_its_pair() {
    let Some((mut browser, _home)) = open("graph") else {
        return;
    };
    browser.click(".graph .edge.conflict[data-pair] line");
    browser.address("#pair-");
    browser.wait_for("document.querySelector('dialog').open");
    // Both sides of the conflict, beside each other.
    assert!(n_seen(&mut browser, "dialog .match > div:first-child blockquote") > 0);
    assert!(n_seen(&mut browser, "dialog .match > div:last-child blockquote") > 0);
    assert_quiet(browser);
}

#[test]
fn the_picture_of_similarity_is_read_by_mouse_and_by_keys() {
    let Some((mut browser, _home)) = open("similarity") else {
        return;
    };
    let status = "document.querySelector('.matrix .status').textContent";
    let is_drawn = "(() => { const canvas = document.querySelector('.matrix canvas'); \
         const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; \
         return new Set(new Uint32Array(pixels.buffer)).size; })()";
    let n_colours = browser.value(is_drawn).as_u64().unwrap();
    assert!(n_colours > 5, "{n_colours}");

    browser.value("document.querySelector('.matrix canvas').focus()");
    browser.press("ArrowRight");
    let first = browser.text(status);
    assert!(first.contains(", redundancy "), "{first}");
    browser.press("ArrowDown");
    assert_ne!(browser.text(status), first);
    browser.click("form[data-for=similarity] button[aria-label=Enlarge]");
    browser.value("document.querySelector('.matrix canvas').focus()");
    browser.press("Enter");
    browser.address("#pair-");
    browser.click("dialog .close");

    // On the diagonal an agent meets itself; the cell beside it is of a group.
    browser.click("form[data-for=similarity] button[aria-label^=Fit]");
    let (left, top) = browser.corner(".matrix canvas");
    let room = browser.value("[document.querySelector('.matrix canvas').clientWidth, JSON.parse(document.getElementById('data').textContent).order.length]");
    let (width, n_rows) = (room[0].as_f64().unwrap(), room[1].as_f64().unwrap());
    // Names have room where rows are high enough for them.
    let gutter = if (width - 150.0) / n_rows >= 10.0 { 150.0 } else { 0.0 };
    let unit = (width - gutter) / n_rows;
    browser.move_to(left + gutter + 1.5 * unit, top + gutter + 0.5 * unit);
    let told = browser.text(status);
    assert!(told.contains(", redundancy "), "{told}");
    assert_quiet(browser);
}

#[test]
fn a_decision_in_conflict_leads_to_the_finding() {
    let Some((mut browser, _home)) = open("decisions") else {
        return;
    };
    assert_eq!(n_seen(&mut browser, "#decisions .figures dd"), 0);
    browser.click("#decisions .block summary");
    assert!(n_seen(&mut browser, "#decisions .figures dd a") > 1);
    browser.click("#decisions .disputed a");
    let finding = browser.address("#finding-");
    assert!(n_seen(&mut browser, &format!("{finding} blockquote")) > 1);
    assert_quiet(browser);
}

#[test]
fn hostile_agents_are_text_in_a_browser() {
    let folder = hostile();
    let (file, _home) = page_of(folder.path());
    for (fragment, place, shown) in [
        ("pair-0-1", "dialog", "Check alert(0) of the"),
        ("agent-2", "dialog", "javascript:alert(3)"),
        ("findings", "body", "<b onclick='x()'>"),
    ] {
        let Some(mut browser) = Browser::open(&file, fragment) else {
            return;
        };
        let text = browser.text(&format!("document.querySelector({place:?}).innerText"));
        assert!(text.contains(shown), "{fragment}: {text}");
        let foreign =
            "document.querySelectorAll('img, b[onclick], a[href^=javascript], main script').length";
        assert_eq!(browser.value(foreign), 0, "{fragment}");
        assert_quiet(browser);
    }
}

#[test]
fn a_picture_of_hostile_agents_is_sound() {
    let folder = hostile();
    let arguments = ["audit", ".", "--format", "svg", "--output", "graph.svg"];
    crate::run(folder.path(), &arguments);
    let Some(mut browser) = Browser::open(&folder.path().join("graph.svg"), "") else {
        return;
    };
    assert_eq!(browser.value("document.documentElement.nodeName"), "svg");
    // Three agents, and the circle that explains them.
    assert_eq!(n_seen(&mut browser, ".node circle"), 4);
    assert_eq!(browser.value("document.querySelectorAll('script, img, a').length"), 0);
    assert_quiet(browser);
}

/// Nothing is wider than a telephone.
#[test]
fn a_narrow_page_does_not_scroll_sideways() {
    let Some((mut browser, _home)) = open("overview") else {
        return;
    };
    browser.size(400, 800);
    let page = "document.documentElement";
    let width = browser.value(&format!("{page}.scrollWidth"));
    assert_eq!(width, browser.value(&format!("{page}.clientWidth")));
    assert_quiet(browser);
}

/// What the accessibility checker [axe](https://github.com/dequelabs/axe-core)
/// calls serious or worse, in both colour schemes, in the page and in a dialog.
#[test]
#[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn the_page_is_accessible() {
    let axe = repository().join("tests/browser/node_modules/axe-core/axe.min.js");
    let Ok(axe) = std::fs::read_to_string(axe) else {
        eprintln!("skipped: no axe-core; `npm ci --prefix tests/browser` brings it");
        return;
    };
    for fragment in ["overview", "pair-0-1", "agent-0"] {
        let Some((mut browser, _home)) = open(fragment) else {
            return;
        };
        for scheme in ["light", "dark"] {
            let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            browser.ask("Emulation.setEmulatedMedia", json!({ "features": feature }));
            browser.value(&format!("{axe}; 0"));
            let found = browser.value(
                "axe.run().then((found) => found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').map((one) => [one.id, one.nodes.map((node) => node.html).slice(0, 3)]))",
            );
            assert_eq!(found, Value::Array(Vec::new()), "{fragment}, {scheme}");
        }
    }
}
