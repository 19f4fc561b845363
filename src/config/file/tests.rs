//! What the file may say, and what it is told when it says something else.

use super::*;

fn load(text: &str) -> Result<Config> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text)?;
    Config::load(Some(&path), None, &Environment::default())
}

fn problem(text: &str) -> String {
    let error = load(text).expect_err("refused");
    assert!(error.downcast_ref::<ConfigError>().is_some(), "typed: {error:#}");
    format!("{error:#}")
}

#[test]
fn what_the_file_does_not_name_keeps_its_default() {
    let config = load("[bands]\nrelative_strength = 0.02\n[sources.yahoo]\nbase_url = \"http://127.0.0.1:81/\"\n");
    let settings = config.expect("understood").settings;
    assert_eq!(settings.bands, Bands { relative_strength: 0.02, ..Bands::default() });
    assert_eq!(settings.sources["yahoo"].base_url, "http://127.0.0.1:81");
    assert_eq!(settings.sources["fredgraph"], Settings::default().sources["fredgraph"]);
}

#[test]
fn groups_are_replaced_as_a_whole() {
    let settings = load("[groups]\nxlf = \"financials\"\nXLI = \"industrials\"\n").expect("understood").settings;
    let symbols: Vec<_> = settings.groups.iter().map(|group| group.symbol.as_str()).collect();
    assert_eq!(symbols, ["XLF", "XLI"]);
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (text, line, word) in [
        ("[bands]\nrelative_strenght = 0.02\n", 2, "relative_strenght"),
        ("\n\n[weights]\nfuel = \"much\"\n", 4, "invalid type"),
        ("[sources.bloomberg]\nenabled = true\n", 1, "bloomberg"),
        ("[sources.yahoo]\nbase_url = \"http://example.com\"\n", 2, "https"),
        ("[calendar]\nextra_closures = [\"2027-13-01\"]\n", 2, "2027-13-01"),
        ("weights = {\n", 1, ""),
    ] {
        let told = problem(text);
        assert!(told.contains(&format!("line {line}: ")) && told.contains(word), "{text:?} → {told}");
    }
}

#[test]
fn a_number_out_of_its_range_is_named_with_the_range_and_its_line() {
    for (text, words) in [
        ("[bands]\ncurve = 0.1\nvolume = 10\n", "line 3: [bands] `volume` is 10: it must be at least 0 and below 1"),
        ("bands.monthly_streak = 0\n", "line 1: [bands] `monthly_streak` is 0: it must lie between 1 and 60"),
        (
            "[bands]\n\nin_sync_low_percentile = 60\n",
            "line 3: [bands] `in_sync_low_percentile` is 60: it may not lie above `in_sync_high_percentile`, which is 50",
        ),
        (
            "[bands]\n\nvaluation_release = 10\n",
            "line 3: [bands] `valuation_release` is 10: it may not lie below `valuation_extreme`, which is 20",
        ),
        (
            "[bands]\ncredit_high_percentile = 30\ncredit_low_percentile = 40\n",
            "line 3: [bands] `credit_low_percentile` is 40: it may not lie above `credit_high_percentile`, which is 30",
        ),
        (
            "[bands]\ncredit_low_percentile = 40\ncredit_high_percentile = 30.5\n",
            "line 3: [bands] `credit_high_percentile` is 30.5: it may not lie below `credit_low_percentile`, which is 40",
        ),
        ("bands.volume = 1e300\n", "line 1: [bands] `volume` is 1e300: it must be at least 0 and below 1"),
        ("[weights]\n# more\nfuel = 2\n", "line 3: [weights] `fuel` is 2: it must lie between 0 and 1"),
        (
            "[weights]\nleadership = 0\nparticipation = 0\npressure = 0\nfuel = 0\n",
            "line 2: [weights] the weights are all 0: one of them must be above",
        ),
    ] {
        let told = problem(text);
        assert!(told.ends_with(words), "{told}");
    }
}

#[test]
fn an_order_names_sources_of_its_kind() {
    for kind in ["bars", "rates"] {
        let told = problem(&format!("[order]\n{kind} = []\n"));
        assert!(told.contains(&format!("line 2: the order of {kind} must have one or more of `")), "{told}");
    }
    let told = problem("[order]\nrates = [\"nyfed\"]\nbars = [\"nasdaq\", \"fredgraph\"]\n");
    let words =
        "line 3: the order of bars must have one or more of `yahoo`, `yahoo_2`, `tiingo`, `nasdaq`, and no other";
    assert!(told.ends_with(words), "{told}");
    let order = load("[order]\nbars = [\"nasdaq\"]\n").expect("understood").settings.order;
    assert_eq!((order.bars, order.rates), (vec!["nasdaq".to_owned()], Settings::default().order.rates));
}

#[test]
fn a_path_begins_in_the_folder_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "store = \"data/s\"\n[universe]\nfile = \"../mine.csv\"\n").expect("a file");
    let environment = Environment { config: Some(path), ..Environment::default() };
    let config = Config::load(None, None, &environment).expect("understood");
    assert_eq!(config.store, Some(folder.path().join("data/s")));
    assert_eq!(config.settings.universe, Some(folder.path().join("../mine.csv")));
    // what a flag says stays where the process stands, and a whole path is what it is
    let flag = Config::load(None, Some(Path::new("here")), &environment).expect("understood");
    assert_eq!(flag.store, Some("here".into()));
    assert_eq!(load("store = \"/whole\"\n").expect("understood").store, Some("/whole".into()));
}

#[test]
fn a_path_that_is_empty_or_left_to_a_shell_is_refused() {
    for key in ["store", "universe.file"] {
        assert!(
            problem(&format!("{key} = \"\"\n")).ends_with("line 1: a path is empty: write one, or leave the key out")
        );
        let told = problem(&format!("{key} = \"~/data\"\n"));
        assert!(told.ends_with("line 1: a path begins with `~`, which only a shell replaces: write the whole path"));
    }
}

#[test]
fn values_out_of_range_are_refused() {
    for text in [
        "[weights]\nfuel = -0.1\n",
        "[weights]\nleadership = 0\nparticipation = 0.0\npressure = 0.0\nfuel = 0.0\n",
        "[bands]\ngroup_breadth_low = 0.7\n",
        "[bands]\nlending_standards = 101.0\n",
        "[bands]\npositioning_extreme = 51.0\n",
        "[bands]\nfinancial_conditions = -0.1\n",
        "[bands]\nrelative_strength = nan\n",
        "[bands]\nequal_weight = -0.005\n",
        "[bands]\nrotation_quadrant = 2\n",
        "[bands]\nmonthly_streak = 0\n",
        "[bands]\nvolume = 1.0\n",
        "[bands]\nsector_leadership_breadth = 1.1\n",
        "[bands]\nin_sync_low_percentile = 60\n",
        "[sources.yahoo]\nrequests_per_second = 0.0\n",
        "[sources.yahoo]\nmax_in_flight = 0\n",
        "[sources.yahoo]\nuser_agent = \"a\\nb\"\n",
        "[groups]\n\"../x\" = \"financials\"\n",
    ] {
        problem(text);
    }
}

#[test]
fn plain_http_goes_to_this_machine_alone() {
    let base = |url: &str| load(&format!("[sources.yahoo]\nbase_url = \"{url}\"\n")).is_ok();
    for url in ["http://localhost", "http://127.0.0.1:8080", "http://[::1]", "http://[::1]:80", "https://example.com"] {
        assert!(base(url), "{url}");
    }
    for url in
        ["http://127.0.0.1.example.com", "http://localhost@example.com", "https://", "ftp://localhost", "http://"]
    {
        assert!(!base(url), "{url}");
    }
}

#[test]
fn an_empty_file_is_a_damaged_one() {
    assert!(problem("").contains("is empty"));
}

#[test]
fn a_named_file_must_exist() {
    let missing = Config::load(Some(Path::new("/nonexistent/rotation.toml")), None, &Environment::default());
    assert!(missing.expect_err("refused").to_string().contains("/nonexistent/rotation.toml"));
}

#[test]
fn the_flag_goes_before_the_variable_before_the_home() {
    let environment = Environment {
        store: Some("/from/variable".into()),
        data_home: Some("/home/data".into()),
        ..Environment::default()
    };
    let store = |flag: Option<&str>, environment: &Environment| {
        Config::load(None, flag.map(Path::new), environment).expect("understood").store
    };
    assert_eq!(store(Some("/from/flag"), &environment), Some("/from/flag".into()));
    assert_eq!(store(None, &environment), Some("/from/variable".into()));
    let home = Environment { store: None, ..environment };
    assert_eq!(store(None, &home), Some("/home/data/rotation".into()));
    assert_eq!(store(None, &Environment::default()), None);
}
