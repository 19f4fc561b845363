//! Writes a workload and says its last session: `cargo bench --bench store -- DIR SYMBOLS SESSIONS`. Without a folder it
//! does nothing.

mod workload;

use std::path::Path;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [folder, symbols, sessions] = &words[..] {
        let number = |word: &str| word.parse().expect("a number");
        let days = workload::days(number(sessions));
        workload::write(Path::new(folder), workload::market(number(symbols), &days));
        println!("{}", days[days.len() - 1]);
    }
}
