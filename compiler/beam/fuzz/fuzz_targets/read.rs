//! Any input gives a module, which prints and whose literals encode, or an error that names the file.
#![no_main]

use beamrc_beam::Module;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match Module::read(data, "input") {
        Ok(module) => {
            assert!(module.text().to_string().contains("{module,"));
            for literal in &module.literals {
                assert!(literal.to_external().len() > 1);
            }
        }
        Err(error) => assert!(error.to_string().starts_with("input: ")),
    }
});
