//! The HTML report in a real browser, where there is one: no error, no request, nothing beyond the edge.
//! Its pictures are left in the folder of the tests, to be looked at.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Names under which the browser is installed.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What keeps it to itself.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// Widths of a phone, a tablet and a desk.
const WIDTHS: [u32; 3] = [390, 768, 1280];

/// A browser with a profile of its own.
struct Browser {
    program: &'static str,
    folder: tempfile::TempDir,
}

impl Browser {
    /// The browser of this machine, if it has one.
    fn find() -> Option<Self> {
        let runs =
            |program: &&str| Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success());
        let program = BROWSERS.iter().find(|program| runs(program)).copied();
        if program.is_none() {
            let _ = writeln!(std::io::stderr(), "skipped: there is no Chromium here");
        }
        Some(Self { program: program?, folder: tempfile::tempdir().expect("a folder") })
    }

    fn run(&self, arguments: &[String]) -> Output {
        let mut command = Command::new(self.program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", self.folder.path().join("profile").display()));
        command.args(arguments).output().expect("a run")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The report of the demo.
fn report(path: &Path) {
    let mut command = assert_cmd::Command::cargo_bin("rotation").expect("the program");
    command.env_clear().args(["check", "--demo", "--now", "2026-06-30T18:00:00-04:00", "--format", "html", "--output"]);
    command.arg(path).assert().success();
}

fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// A page with the report in a frame of each width, which writes down what it finds in them.
fn probe() -> String {
    let frames: String =
        WIDTHS.map(|width| format!("<iframe src=report.html width={width} height=900></iframe>")).concat();
    format!(
        "<body>{frames}<script>
        console.log('the probe speaks');
        onload = () => {{
            const found = [...document.querySelectorAll('iframe')].map(frame => ({{
                asked: frame.width,
                width: frame.contentDocument.documentElement.scrollWidth,
                requests: frame.contentWindow.performance.getEntriesByType('resource').map(entry => entry.name),
                pictures: frame.contentDocument.querySelectorAll('figure svg[role=img]').length,
                unnamed: [...frame.contentDocument.querySelectorAll('figure svg')].filter(svg =>
                    svg.getAttribute('aria-labelledby').split(' ').some(id => !frame.contentDocument.getElementById(id))).length,
            }}));
            document.body.innerHTML = '<pre>' + JSON.stringify(found) + '</pre>';
        }};
        </script></body>"
    )
}

#[test]
fn the_page_needs_nothing_and_fits() {
    let Some(browser) = Browser::find() else { return };
    report(&browser.file("report.html"));
    let size = fs::metadata(browser.file("report.html")).expect("a file").len();
    assert!(size < 400_000, "{size} bytes");
    fs::write(browser.file("probe.html"), probe()).expect("written");
    let open =
        ["--allow-file-access-from-files", "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"];
    let seen = browser.run(&[&open.map(String::from)[..], &[url(&browser.file("probe.html"))]].concat());
    let said = String::from_utf8_lossy(&seen.stderr);
    assert!(seen.status.success(), "{said}");
    let console: Vec<&str> = said.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(console.len() == 1 && console[0].contains("the probe speaks"), "{said}");
    let dom = String::from_utf8_lossy(&seen.stdout);
    let found = dom.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>")).expect("what was found").0;
    let frames: Vec<Value> = serde_json::from_str(found).expect("JSON");
    assert_eq!(frames.len(), WIDTHS.len());
    for frame in frames {
        assert_eq!(frame["width"].to_string(), frame["asked"].as_str().expect("a width"), "{frame}");
        assert_eq!(frame["requests"], Value::Array(Vec::new()));
        assert!(frame["pictures"].as_u64() >= Some(8) && frame["unnamed"] == 0, "{frame}");
    }
}

#[test]
fn the_page_is_drawn_light_dark_small_and_on_paper() {
    let Some(browser) = Browser::find() else { return };
    let page = browser.file("report.html");
    report(&page);
    let frame = browser.file("phone.html");
    let small = "<body style='margin:0'><iframe src=report.html style='border:0;width:390px;height:6000px'></iframe>";
    fs::write(&frame, small).expect("written");
    let views: [(&str, &[&str], &Path); 4] = [
        ("light.png", &["--window-size=1280,3600"], &page),
        ("dark.png", &["--window-size=1280,3600", "--blink-settings=preferredColorScheme=0"], &page),
        ("phone.png", &["--window-size=500,6000"], &frame),
        ("print.pdf", &["--no-pdf-header-footer"], &page),
    ];
    let mut bytes = Vec::new();
    for (name, flags, page) in views {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // a picture of an earlier run proves nothing
        let _ = fs::remove_file(&path);
        let kind = if name.ends_with("pdf") { "--print-to-pdf" } else { "--screenshot" };
        let flags = flags.iter().map(|flag| (*flag).to_owned());
        let drawn = browser.run(&flags.chain([format!("{kind}={}", path.display()), url(page)]).collect::<Vec<_>>());
        assert!(drawn.status.success(), "{name}: {}", String::from_utf8_lossy(&drawn.stderr));
        bytes.push(fs::read(&path).expect("a picture"));
    }
    assert!(bytes.iter().all(|picture| picture.len() > 20_000));
    assert_ne!(bytes[0], bytes[1], "dark is not light");
    assert!(bytes[3].starts_with(b"%PDF"));
}
