//! A browser for tests: Chromium without a window, driven by the messages of
//! its [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/),
//! which go through two pipes.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A browser that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What Chromium and its kin are called.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A page in a browser of its own.
pub(crate) struct Browser {
    program: Child,
    requests: ChildStdin,
    messages: Receiver<Value>,
    n_sent: u64,
    session: Value,
    /// What happened while an answer was awaited.
    events: Vec<Value>,
    /// Removed at the end.
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Browser {
    /// Opens a file at a place in it; `None`, with a word that says so, where no
    /// Chromium is installed.
    #[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
    pub(crate) fn open(file: &Path, fragment: &str) -> Option<Self> {
        let Some(program) = PROGRAMS.into_iter().find(|program| is_installed(program)) else {
            eprintln!("skipped: no `chromium` in PATH");
            return None;
        };
        let mut browser = Self::start(program);
        let target = browser.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.ask("Target.attachToTarget", attach)["sessionId"].take();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        browser.size(1400, 900);
        let url = format!("file://{}#{fragment}", file.display());
        browser.ask("Page.navigate", json!({ "url": url }));
        browser.wait_for("document.readyState === 'complete'");
        Some(browser)
    }

    fn start(program: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The protocol's pipes are those with the numbers 3 and 4.
        let mut program = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(program)
            .args([
                "--headless",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let requests = program.stdin.take().unwrap();
        let answers = BufReader::new(program.stdout.take().unwrap());
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("a message is JSON");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            program,
            requests,
            messages,
            n_sent: 0,
            session: Value::Null,
            events: Vec::new(),
            _profile: profile,
        }
    }

    /// Sends a request and waits for its result.
    pub(crate) fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.n_sent += 1;
        let mut request = json!({ "id": self.n_sent, "method": method, "params": parameters });
        if self.session.is_string() {
            request["sessionId"] = self.session.clone();
        }
        write!(self.requests, "{request}\0").unwrap();
        self.requests.flush().unwrap();
        loop {
            let mut message = self
                .messages
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|error| panic!("no answer to {method}: {error}"));
            if message["id"] == self.n_sent {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    /// The value of an expression in the page, which may be a promise.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let question = json!({
            "expression": expression,
            "awaitPromise": true,
            "returnByValue": true,
            "userGesture": true,
        });
        let mut answer = self.ask("Runtime.evaluate", question);
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{expression}: {thrown}");
        answer["result"]["value"].take()
    }

    /// The value of an expression that is a text.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        let value = self.value(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression}: {value}")).to_owned()
    }

    /// Waits until an expression is true.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != true {
            assert!(start.elapsed() < PATIENCE, "never true: {expression}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The place in the page that the address names, once it begins so.
    pub(crate) fn address(&mut self, start: &str) -> String {
        self.wait_for(&format!("location.hash.startsWith({start:?})"));
        self.text("location.hash")
    }

    /// Clicks what a selector finds, which must be seen.
    pub(crate) fn click(&mut self, selector: &str) {
        self.scroll_to(selector);
        let (x, y) = self.middle(selector);
        self.mouse("mousePressed", true, x, y);
        self.mouse("mouseReleased", false, x, y);
        self.value("new Promise((done) => setTimeout(done, 50))");
    }

    /// Drags what a selector finds from its middle.
    pub(crate) fn drag(&mut self, selector: &str, dx: f64, dy: f64) {
        self.scroll_to(selector);
        let (x, y) = self.middle(selector);
        self.mouse("mousePressed", true, x, y);
        self.mouse("mouseMoved", true, x + dx / 2.0, y + dy / 2.0);
        self.mouse("mouseMoved", true, x + dx, y + dy);
        self.mouse("mouseReleased", false, x + dx, y + dy);
    }

    /// Moves the mouse over what a selector finds.
    pub(crate) fn point_at(&mut self, selector: &str) {
        self.scroll_to(selector);
        let (x, y) = self.middle(selector);
        self.move_to(x, y);
    }

    /// Moves the mouse to a place in the window.
    pub(crate) fn move_to(&mut self, x: f64, y: f64) {
        self.mouse("mouseMoved", false, x, y);
    }

    /// Where in the window what a selector finds begins.
    pub(crate) fn corner(&mut self, selector: &str) -> (f64, f64) {
        self.scroll_to(selector);
        let place = self.value(&format!(
            "(() => {{ const at = document.querySelector({selector:?}).getBoundingClientRect(); \
             return [at.x, at.y]; }})()"
        ));
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    fn mouse(&mut self, kind: &str, is_down: bool, x: f64, y: f64) {
        self.ask(
            "Input.dispatchMouseEvent",
            json!({
                "type": kind, "x": x, "y": y, "button": if is_down || kind == "mouseReleased" { "left" } else { "none" },
                "clickCount": 1, "buttons": u8::from(is_down),
            }),
        );
    }

    /// Waits until a selector finds something, and shows it.
    fn scroll_to(&mut self, selector: &str) {
        self.wait_for(&format!("document.querySelector({selector:?}) !== null"));
        self.value(&format!(
            "document.querySelector({selector:?}).scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        ));
    }

    fn middle(&mut self, selector: &str) -> (f64, f64) {
        let place = self.value(&format!(
            "(() => {{ const at = document.querySelector({selector:?}).getBoundingClientRect(); \
             return [at.x + at.width / 2, at.y + at.height / 2]; }})()"
        ));
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    /// Types into what a selector finds, in place of what stands there.
    pub(crate) fn fill(&mut self, selector: &str, text: &str) {
        self.value(&format!("document.querySelector({selector:?}).select()"));
        match text {
            "" => self.press("Backspace"),
            text => {
                self.ask("Input.insertText", json!({ "text": text }));
            }
        }
    }

    /// Chooses in a list what has the value.
    pub(crate) fn choose(&mut self, selector: &str, value: &str) {
        self.value(&format!(
            "(() => {{ const list = document.querySelector({selector:?}); list.value = {value:?}; \
             list.dispatchEvent(new Event('change')); }})()"
        ));
    }

    /// Presses a key that stands for no text.
    pub(crate) fn press(&mut self, key: &str) {
        let code = match key {
            "Backspace" => 8,
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => panic!("no code for {key}"),
        };
        for kind in ["rawKeyDown", "keyUp"] {
            let mut event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if key == "Enter" && kind == "rawKeyDown" {
                event["type"] = "keyDown".into();
                event["text"] = "\r".into();
            }
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Makes the window as large as that, in CSS pixels.
    pub(crate) fn size(&mut self, width: u32, height: u32) {
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// What the page asked for, by address, and what went wrong in it: on the
    /// console, by an exception or against the page's policy.
    pub(crate) fn requests_and_complaints(&mut self) -> (Vec<String>, Vec<String>) {
        // What happened before this answer has been told by then.
        self.value("0");
        let mut requests = Vec::new();
        let mut complaints = Vec::new();
        for event in &self.events {
            let told = &event["params"];
            match event["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    requests.push(told["request"]["url"].as_str().unwrap().to_owned());
                }
                Some("Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded") => {
                    complaints.push(told.to_string());
                }
                _ => {}
            }
        }
        (requests, complaints)
    }
}

/// Whether a program lies in one of the folders of the `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
