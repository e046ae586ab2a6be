#![no_main]

use applink_fuzz::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| run("saved_plan", bytes));
